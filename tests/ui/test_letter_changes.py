from datetime import date

import pytest

from intake_app.case import make_case, write_case_file
from intake_app.ui.letter_changes import MOST, list_changes

TODAY = date(2026, 11, 22)


@pytest.fixture
def changes(questionnaire):
    def compare(before, after, patient=None):
        old = make_case(questionnaire, {"family_name": "Example"}, before, TODAY)
        new = make_case(questionnaire, patient or {"family_name": "Example"}, after, TODAY)
        return list_changes(write_case_file(old), new)

    return compare


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ({}, {}, []),
        ({"leg_pain": "no"}, {"leg_pain": "yes"}, ["Leg pain: was no, now yes."]),
        ({}, {"back_pain_score": 4}, ["Back pain: now 4 out of 10."]),
        ({"trend": "worse"}, {}, ["Trend: no longer answered."]),
        ({"quality": ["dull"]}, {"quality": ["dull"]}, []),
        (
            {"treatments": [{"category": "nsaid"}]},
            {"treatments": [{"category": "nsaid", "start": "2026"}, {"category": "brace"}]},
            ["Treatment 1: changed start date.", "Treatment 2: added."],
        ),
        ({"treatments": [{"category": "nsaid"}]}, {"treatments": "none"}, ["Treatment 1: removed."]),
        ({}, {"treatments": "none"}, ["Treatments tried: now no treatment tried."]),
    ],
)
def test_every_change_is_told_once(changes, before, after, words):
    assert list(changes(before, after)) == words


def test_a_corrected_name_is_a_change(changes):
    assert changes({}, {}, {"family_name": "Sample"}) == ("Family name: was “Example”, now “Sample”.",)


def test_a_long_list_is_cut_and_says_so(changes, questionnaire):
    many = {q.id: "yes" if q.type == "yes_no" else 1 for q in questionnaire.questions if q.type in ("yes_no", "scale")}
    found = changes({}, many)
    assert len(found) == MOST + 1
    assert found[-1].startswith("and ")
