from datetime import date

import pytest

from intake_app import handoff, rules  # noqa: F401  registers the rules
from intake_app.case import make_case
from intake_app.factors import evaluate_all

EMERGENCY = {"saddle_numbness": "yes"}
TOLD = {"handoff_to": "Dr Vale", "handoff_at": "22 November 2026, 09:40", "handoff_by": "Kim"}
WAIVED = {"handoff_waived_by": "Dr Vale", "handoff_waived_reason": "seen an hour ago"}


@pytest.mark.parametrize(
    ("answers", "is_open", "gap", "words"),
    [
        ({}, False, "handoff_to", ""),
        ({"weakness_4_weeks": "yes"}, False, "handoff_to", ""),
        (EMERGENCY, True, "handoff_to", ""),
        ({"weakness_72h": "yes"}, True, "handoff_to", ""),
        (EMERGENCY | TOLD, False, "handoff_to", "Handed to Dr Vale, 22 November 2026, 09:40, by Kim."),
        (
            EMERGENCY | {"handoff_to": "Dr Vale"},
            True,
            "handoff_at",
            "Handed to Dr Vale, time not recorded, by a person not recorded.",
        ),
        (EMERGENCY | WAIVED, False, "handoff_waived_by", "Hand-off waived by Dr Vale: seen an hour ago."),
        (
            EMERGENCY | {"handoff_waived_by": "Dr Vale"},
            True,
            "handoff_waived_reason",
            "Hand-off waived by Dr Vale: reason not recorded.",
        ),
        ({"infection_risks": ["tuberculosis"], "new_severe_pain": "yes"}, True, "handoff_to", ""),
    ],
)
def test_a_clinician_has_to_be_told_until_it_is_recorded_or_waived(questionnaire, answers, is_open, gap, words):
    case = make_case(questionnaire, {}, answers, date(2026, 11, 22))
    assert not case.hidden
    assert handoff.is_open(case, evaluate_all(case)) is is_open
    assert handoff.first_gap(case) == gap
    assert handoff.say(case) == words
