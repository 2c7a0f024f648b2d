from dataclasses import replace

from intake_app.ui.letter_request import (
    LetterRequest,
    Listed,
    is_remembered,
    list_choices,
    read_issued,
    read_request,
    remember_recipient,
    save_request,
)

SURGEON = {"name": "Dr Lindgren", "clinic": "Northgate"}


def test_what_was_typed_for_a_letter_is_kept(store, intake_id):
    request = LetterRequest(SURGEON, "New MRI")
    save_request(store, intake_id, request)
    assert read_request(store, intake_id) == request
    assert read_request(store, "another") == read_issued(store, "another") == LetterRequest()


def test_the_next_letter_goes_to_the_same_recipient_and_asks_anew_for_the_reason(store, intake_id, now):
    about = {"kind": "PDF", "pages": 2, "notes": ["A note."], "size": 0, "sha256": ""}
    listed = Listed(store.add_enclosure(intake_id, about, now()), "MRI", "PDF", 2, ("A note.",))
    request = LetterRequest(SURGEON, "New MRI", ("Dr Abe",), (listed,), ("goals",))
    letter = store.issue_letter(intake_id, b"%PDF", "{}", "1", SURGEON, "", now(), choices=list_choices(request))
    assert read_issued(store, letter["id"]) == request
    assert read_request(store, intake_id) == replace(request, why_again="")


def test_a_recipient_is_remembered_once(store, now):
    remember_recipient(store, SURGEON, now())
    remember_recipient(store, SURGEON | {"phone": "555"}, now())
    remember_recipient(store, {}, now())
    [kept] = store.recipients()
    assert (kept["name"], kept["phone"]) == ("Dr Lindgren", "555")
    assert is_remembered(store, SURGEON | {"phone": "555"})
    assert not is_remembered(store, SURGEON)
