"""One letter of many, as the worker makes it: the same as on its own page, refused for the same reasons."""

import hashlib

import pytest
from batch import SURGEON, fill

from intake_app.ui.draft import Draft
from intake_app.ui.letter_batch import CHANGED, DISCARDED, Desk, Issued, find_gap, issue
from intake_app.ui.letter_issue import IS_ISSUED, NO_REASON
from intake_app.ui.letter_request import LetterRequest, save_request


def test_each_is_the_letter_that_its_own_page_would_issue(store, open_letter, questionnaire, now):
    intake_id = fill(store, questionnaire, now, ("chronic_back_pain",))["chronic_back_pain"]
    page = open_letter(draft=Draft(store, questionnaire, intake_id, now), request=SURGEON)
    issued = issue(Desk(store.open_twin, questionnaire, now), intake_id)
    [row] = store.letters(intake_id)
    assert (row["id"], row["version"]) == (issued.letter_id, issued.version)
    assert row["sha256"] == hashlib.sha256(page.shown.pdf).hexdigest()


def test_nothing_is_issued_twice_and_another_version_needs_its_reason(store, qapp, questionnaire, now):
    assert qapp
    intake_id = fill(store, questionnaire, now, ("chronic_back_pain",))["chronic_back_pain"]
    desk = Desk(store.open_twin, questionnaire, now)
    assert issue(desk, intake_id).version == 1
    assert issue(desk, intake_id) == IS_ISSUED
    store.save_answer(intake_id, "occupation", "Foreman", now())
    assert issue(desk, intake_id) == NO_REASON
    save_request(store, intake_id, LetterRequest(SURGEON.recipient, "New work"))
    assert issue(desk, intake_id).version == 2
    store.save_answer(intake_id, "occupation", "Mason", now())
    store.discard_intake(intake_id, now())
    assert issue(desk, intake_id) == DISCARDED


@pytest.mark.parametrize("where", ["answer", "patient", "letterhead", "list"])
def test_what_changes_while_the_letter_is_made_keeps_it_from_being_issued(
    store, qapp, questionnaire, now, where, monkeypatch
):
    from intake_app.outgoing import document

    assert qapp
    intake_id = fill(store, questionnaire, now, ("chronic_back_pain",))["chronic_back_pain"]
    patient_id, make = store.intake(intake_id)["patient_id"], document.make_document
    changes = {
        "answer": lambda: store.save_answer(intake_id, "occupation", "Foreman", now()),
        "patient": lambda: store.change_patient(patient_id, {"record_number": "99"}, now()),
        "letterhead": lambda: store.save_clinic({"name": "Another Clinic"}, now()),
        "list": lambda: store.discard_intake(intake_id, now()),
    }

    def make_slowly(*given, **more):
        changes[where]()
        return make(*given, **more)

    with monkeypatch.context() as patch:
        patch.setattr(document, "make_document", make_slowly)
        assert issue(Desk(store.open_twin, questionnaire, now), intake_id) == CHANGED
    assert store.letters(intake_id) == []
    assert store.intake(intake_id)["closed_at"] is None
    again = issue(Desk(store.open_twin, questionnaire, now), intake_id)
    assert again == DISCARDED if where == "list" else isinstance(again, Issued)


def test_where_safety_questions_were_not_asked_a_person_has_to_look(store, qapp, questionnaire, now):
    assert qapp
    intake_id = fill(store, questionnaire, now, ("chronic_back_pain",))["chronic_back_pain"]
    desk = Desk(store.open_twin, questionnaire, now)
    assert find_gap(desk, intake_id) == ""
    store.save_answer(intake_id, "fever", None, now())
    assert find_gap(desk, intake_id).startswith("1 of the safety questions was not asked yet.")
    assert issue(desk, intake_id) == find_gap(desk, intake_id)
    assert store.letters(intake_id) == []
