from intake_app.ui.letter_request import (
    LetterRequest,
    end_request,
    read_request,
    remember_recipient,
    save_request,
)

SURGEON = {"name": "Dr Lindgren", "clinic": "Northgate"}


def test_what_was_typed_for_a_letter_is_kept(store, intake_id):
    request = LetterRequest(SURGEON, "Dr Vale", "Seen already", "New MRI")
    save_request(store, intake_id, request)
    assert read_request(store, intake_id) == request
    assert read_request(store, "another") == LetterRequest()


def test_the_next_letter_goes_to_the_same_recipient_and_asks_anew_for_the_rest(store, intake_id):
    end_request(store, intake_id, LetterRequest(SURGEON, "Dr Vale", "Seen already", "New MRI"))
    assert read_request(store, intake_id) == LetterRequest(SURGEON)


def test_a_hand_off_is_excused_by_a_name_and_a_reason():
    assert LetterRequest({}, "Dr Vale", "Seen already").excuses_handoff
    assert not LetterRequest({}, "Dr Vale").excuses_handoff
    assert not LetterRequest({}, "", "Seen already").excuses_handoff


def test_a_recipient_is_remembered_once(store, now):
    remember_recipient(store, SURGEON, now())
    remember_recipient(store, SURGEON | {"phone": "555"}, now())
    remember_recipient(store, {}, now())
    [kept] = store.recipients()
    assert (kept["name"], kept["phone"]) == ("Dr Lindgren", "555")
