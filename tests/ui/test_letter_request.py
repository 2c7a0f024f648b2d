from intake_app.ui.letter_request import (
    LetterRequest,
    end_request,
    read_request,
    remember_recipient,
    save_request,
)

SURGEON = {"name": "Dr Lindgren", "clinic": "Northgate"}


def test_what_was_typed_for_a_letter_is_kept(store, intake_id):
    request = LetterRequest(SURGEON, "New MRI")
    save_request(store, intake_id, request)
    assert read_request(store, intake_id) == request
    assert read_request(store, "another") == LetterRequest()


def test_the_next_letter_goes_to_the_same_recipient_and_asks_anew_for_the_rest(store, intake_id):
    end_request(store, intake_id, LetterRequest(SURGEON, "New MRI"))
    assert read_request(store, intake_id) == LetterRequest(SURGEON)


def test_a_recipient_is_remembered_once(store, now):
    remember_recipient(store, SURGEON, now())
    remember_recipient(store, SURGEON | {"phone": "555"}, now())
    remember_recipient(store, {}, now())
    [kept] = store.recipients()
    assert (kept["name"], kept["phone"]) == ("Dr Lindgren", "555")
