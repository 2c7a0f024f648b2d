"""Version 2 says everything that changed, old and new, and nothing that is left out of it."""

import pytest

from intake_app.case import make_case
from intake_app.letter.changes import list_changes
from tests.letter.conftest import TODAY

NSAID = {"category": "nsaid", "agent": "Naproxen", "start": "2026-08"}
THERAPY = {"category": "physical_therapy", "sessions": 6}
FLAGS = {"safety_asked_by": "Ann Reed"}


@pytest.fixture
def compare(questionnaire):
    def compare(old, new, *left_out, patients=({}, {})):
        before, after = (
            make_case(questionnaire, patient, FLAGS | given, TODAY)
            for patient, given in zip(patients, (old, new), strict=True)
        )
        return list_changes(before, after, left_out)

    return compare


def test_nothing_changed_is_nothing_said(compare):
    assert compare({"treatments": [NSAID]}, {"treatments": [NSAID]}) == ()


def test_an_answer_is_told_old_and_new(compare):
    assert compare({"trend": "better"}, {"trend": "worse"}) == ("Trend: was better, now worse.",)
    assert compare({}, {"walking_minutes": 10}) == ("Walks before stopping: now 10 minutes.",)
    assert compare({"walking_minutes": 10}, {}) == ("Walks before stopping: was 10 minutes, no longer answered.",)


def test_the_patient_is_compared_too(compare):
    patients = ({"phone": "1"}, {"phone": "2"})
    assert compare({}, {}, patients=patients) == ("Phone: was “1”, now “2”.",)


def test_entries_are_told_with_their_fields(compare):
    changed = compare({"treatments": [NSAID, THERAPY]}, {"treatments": [NSAID, THERAPY | {"sessions": 14}]})
    assert len(changed) == 1
    assert changed[0].startswith("Treatment 2 (supervised physical therapy), ")
    assert "was 6" in changed[0]
    assert "now 14" in changed[0]


def test_an_entry_that_went_does_not_change_those_behind_it(compare):
    (removed,) = compare({"treatments": [NSAID, THERAPY]}, {"treatments": [THERAPY]})
    assert removed.startswith("Treatments tried: removed anti-inflammatory medicine")
    (added,) = compare({"treatments": [THERAPY]}, {"treatments": [NSAID, THERAPY]})
    assert added.startswith("Treatments tried: added anti-inflammatory medicine")


def test_a_list_that_was_empty_is_told(compare):
    assert len(compare({"treatments": "none"}, {"treatments": [NSAID, THERAPY]})) == 2
    assert compare({}, {"treatments": "none"}) == ("Treatments tried: now no treatment tried.",)


def test_many_changes_are_all_told(compare):
    many = [NSAID | {"category": "other", "agent": f"Agent {n}"} for n in range(60)]
    assert len(compare({"treatments": "none"}, {"treatments": many})) == 60


def test_what_is_left_out_does_not_come_back_as_a_change(compare):
    old, new = {"medicines": [{"name": "SECRET"}]}, {"medicines": [{"name": "OTHER"}], "trend": "worse"}
    assert len(compare(old, new)) == 2
    assert compare(old, new, "medicines") == ("Trend: now worse.",)
    asked = {"referral_question": "Why?"}
    assert compare({}, asked, "goals") == ("Question to the surgeon: now “Why?”.",)
