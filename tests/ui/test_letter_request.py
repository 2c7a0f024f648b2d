from dataclasses import replace

from intake_app.ui.letter_request import (
    LetterRequest,
    Listed,
    end_request,
    is_remembered,
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
    request = LetterRequest(SURGEON, "New MRI", ("Dr Abe",), (Listed("1", "MRI", "PDF", 2, ("A note.",)),), ("goals",))
    end_request(store, intake_id, "a letter", request)
    assert read_request(store, "a letter") == request
    assert read_request(store, intake_id) == replace(request, why_again="")


def test_a_request_of_an_earlier_release_is_read(store, intake_id):
    store.save_setting(f"letter:{intake_id}", {"recipient": SURGEON, "why_again": "New MRI"})
    assert read_request(store, intake_id) == LetterRequest(SURGEON, "New MRI")


def test_a_recipient_is_remembered_once(store, now):
    remember_recipient(store, SURGEON, now())
    remember_recipient(store, SURGEON | {"phone": "555"}, now())
    remember_recipient(store, {}, now())
    [kept] = store.recipients()
    assert (kept["name"], kept["phone"]) == ("Dr Lindgren", "555")
    assert is_remembered(store, SURGEON | {"phone": "555"})
    assert not is_remembered(store, SURGEON)
