"""What is settled about a letter: kept until it is issued, then with it, and offered for the next one."""

import json
from hashlib import sha256

import pytest

from db import open_store

NOTHING = {"recipient": {}, "why_again": "", "copies": [], "left_out": [], "enclosures": []}
SURGEON = {"name": "Dr A", "clinic": "Spine"}


@pytest.fixture
def enclosed(store, intake_id, now):
    """Return two enclosures as choices list them."""
    return [
        {"id": store.add_enclosure(intake_id, say(number), now()), "title": f"MRI {number}"} | say(number)
        for number in range(2)
    ]


def say(number):
    return {"kind": "PDF", "pages": number, "notes": ["A note."], "size": 0, "sha256": sha256().hexdigest()}


def choose(enclosed=(), **more):
    listed = [{name: each[name] for name in ("id", "title", "kind", "pages", "notes")} for each in enclosed]
    return NOTHING | {"recipient": SURGEON, "copies": ["Dr B", "山田"], "enclosures": listed} | more


def issue(store, intake_id, now, **more):
    return store.issue_letter(intake_id, b"%PDF", "{}", "1", SURGEON, "Ann", now(), "again", **more)["id"]


def test_what_is_chosen_comes_back_also_tomorrow(path, store, intake_id, enclosed, now):
    assert store.letter_choices(intake_id) == NOTHING
    first = choose(enclosed, why_again="A new MRI", left_out=["goals"])
    for choices in (first, choose(reversed(enclosed), recipient={"name": "Dr C"}), choose()):
        store.save_letter_choices(intake_id, choices, now())
        assert store.letter_choices(intake_id) == choices
    store.save_letter_choices(intake_id, first, now())
    store.close()
    with open_store(path) as again:
        assert again.letter_choices(intake_id) == first


def test_an_issued_letter_keeps_its_choices_whatever_is_chosen_later(store, intake_id, enclosed, now):
    choices = choose(enclosed, why_again="A new MRI")
    letter_id = issue(store, intake_id, now, choices=choices)
    assert store.choices_of_letter(letter_id) == choices
    assert store.letter_choices(intake_id) == choices | {"why_again": ""}, "the next one asks anew for the reason"
    store.save_letter_choices(intake_id, choose(), now())
    again = issue(store, intake_id, now)
    assert store.choices_of_letter(letter_id) == choices
    assert store.choices_of_letter(again) == choose(), "without any it is those that were saved"


def test_a_letter_without_choices_has_its_recipient_and_reason(store, intake_id, now):
    letter_id = issue(store, intake_id, now)
    assert store.choices_of_letter(letter_id) == NOTHING | {"recipient": SURGEON, "why_again": "again"}
    assert store.letter_choices(intake_id) == NOTHING | {"recipient": SURGEON}
    assert store.choices_of_letter("nowhere") == NOTHING


def test_what_is_chosen_again_is_not_written_again_and_a_change_is_in_the_trail(store, intake_id, enclosed, now):
    before = len(store.audit())
    for choices in (choose(), choose(), choose(enclosed), choose(enclosed)):
        store.save_letter_choices(intake_id, choices, now())
    rows = store.audit()[: len(store.audit()) - before]
    assert [(row["action"], row["record"]) for row in rows] == [("changed", f"intake/{intake_id}/letter")] * 2
    assert rows[0]["old_hash"] == rows[1]["new_hash"] != ""
    assert "Dr B" not in json.dumps(store.audit())


def test_another_intakes_enclosure_is_a_bug_and_nothing_is_kept(store, intake_id, enclosed, now):
    other = store.start_intake(store.intake(intake_id)["patient_id"], now())
    with pytest.raises(ValueError, match="not of this intake"):
        issue(store, other, now, choices=choose(enclosed))
    assert store.letters(other) == []
    assert store.letter_choices(other) == NOTHING


def test_a_letter_that_cannot_be_issued_leaves_the_choices_as_they_were(store, intake_id, now):
    store.save_letter_choices(intake_id, choose(), now())
    with pytest.raises(Exception, match="half of a character"):
        store.issue_letter(intake_id, b"%PDF", "\ud800", "1", {}, "Ann", now(), choices=choose(copies=["Dr D"]))
    assert store.letter_choices(intake_id) == choose()
