"""Issued letters: whole, numbered, and never changed."""

import hashlib
import json

import pytest

from db import Store, StoreError, open_store

PDF = b"%PDF-1.7\x00\xff invented"
CASE = json.dumps({"patient": {"family_name": "Łukasz"}}, ensure_ascii=False)


@pytest.fixture
def issue(store, intake_id, now):
    return lambda pdf=PDF, reason="": store.issue_letter(
        intake_id, pdf, CASE, "2026.1", {"name": "Dr A", "clinic": "Spine"}, "Ann", now(), reason
    )


def test_a_letter_comes_back_to_the_byte(store, intake_id, issue):
    letter = issue()
    assert letter["version"] == 1
    assert letter["recipient"] == {"name": "Dr A", "clinic": "Spine"}
    assert letter["sha256"] == hashlib.sha256(PDF).hexdigest()
    assert (letter["issued_by"], letter["ruleset_version"], letter["reason"]) == ("Ann", "2026.1", "")
    assert store.letters(intake_id) == [letter]
    assert not {"pdf", "case_json"} & set(letter)
    assert store.letter_pdf(letter["id"]) == PDF
    assert store.letter_case(letter["id"]) == CASE


def test_each_letter_is_a_version_with_its_reason(store, intake_id, issue):
    letters = [issue(), issue(b"second", "imaging came"), issue(b"third", "  a level was wrong ")]
    assert [letter["version"] for letter in letters] == [1, 2, 3]
    assert [letter["reason"] for letter in store.letters(intake_id)] == ["", "imaging came", "a level was wrong"]
    assert store.letter_pdf(letters[0]["id"]) == PDF


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_second_letter_needs_a_reason(store, intake_id, issue, reason):
    issue()
    with pytest.raises(StoreError, match="already issued") as caught:
        issue(reason=reason)
    assert "Say why" in caught.value.hint
    assert len(store.letters(intake_id)) == 1


def test_versions_are_counted_for_each_intake(store, intake_id, issue, now):
    issue()
    other = store.start_intake(store.intake(intake_id)["patient_id"], now())
    assert store.issue_letter(other, PDF, CASE, "1", {}, "Ann", now())["version"] == 1


def test_half_a_character_in_a_letter_is_told(store, intake_id, now):
    with pytest.raises(StoreError, match="half of a character"):
        store.issue_letter(intake_id, PDF, "\ud800", "1", {}, "Ann", now())
    assert store.letters(intake_id) == []


def test_an_unknown_letter_is_told(store):
    for reach in (store.letter_pdf, store.letter_case):
        with pytest.raises(StoreError, match="This letter is not in the records"):
            reach("nothing")


@pytest.mark.parametrize("column", ["pdf", "sha256", "case_json", "case_sha256"])
def test_a_letter_that_was_tampered_with_is_refused(path, store, issue, column):
    letter = issue()
    changed = b"%PDF-1.7\x00\xfe invented" if column == "pdf" else "{}"
    store._db.execute(f"update letters set {column} = ?", [changed])  # noqa: S608 a name of the test's own
    store.close()
    with open_store(path) as again:
        touched, sound = (again.letter_pdf, again.letter_case)[:: 1 if column in {"pdf", "sha256"} else -1]
        with pytest.raises(StoreError, match="not as it was issued"):
            touched(letter["id"])
        assert sound(letter["id"])


def test_answers_given_later_leave_the_letter_alone(store, intake_id, issue, now):
    store.save_answer(intake_id, "fever", "no", now())
    letter = issue()
    store.save_answer(intake_id, "fever", "yes", now())
    store.undo_last(intake_id, now())
    store.discard_intake(intake_id, now())
    assert store.letters(intake_id) == [letter]
    assert store.letter_pdf(letter["id"]) == PDF


def test_the_store_has_no_verb_that_changes_a_letter():
    assert {name for name in dir(Store) if "letter" in name} == {
        *("issue_letter", "letters", "letter_pdf", "letter_case", "letter_choices", "save_letter_choices"),
        "choices_of_letter",
    }
