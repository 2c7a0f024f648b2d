from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from intake_app import handoff, rules  # noqa: F401  registers the rules
from intake_app.case import make_case
from intake_app.factors import RULES, evaluate_all
from intake_app.letter.words import answer_words

EMERGENCY = {"saddle_numbness": "yes"}
TOLD = {"handoff_to": "Dr Vale", "handoff_at": "22 November 2026, 09:40", "handoff_by": "Kim"}
WAIVED = {
    "handoff_waived_by": "Dr Vale",
    "handoff_waived_role": "physician",
    "handoff_waived_reason": "Seen an hour ago.",
}
NINE = datetime(2026, 11, 22, 9, tzinfo=UTC)
SAID = "Handed to Dr Vale, 22 November 2026, 09:40, by Kim."


@pytest.fixture
def judge(questionnaire):
    """Return a function that gives the case of some answers, and what the rules find in it."""

    def make(answers, hours=None):
        times = {name: NINE + timedelta(hours=passed) for name, passed in (hours or {}).items()}
        case = make_case(questionnaire, {}, answers, date(2026, 11, 22), times)
        return case, evaluate_all(case)

    return make


@pytest.fixture
def record(judge):
    """Return a function that adds to answers what the program adds when they are given."""

    def add(answers):
        return {**answers, **handoff.follow_up(*judge(answers))}

    return add


@pytest.mark.parametrize(
    ("answers", "is_open", "gap", "words"),
    [
        ({}, False, "handoff_to", ""),
        ({"weakness_4_weeks": "yes"}, False, "handoff_to", ""),
        (EMERGENCY, True, "handoff_to", ""),
        ({"weakness_72h": "yes"}, True, "handoff_to", ""),
        (EMERGENCY | TOLD, False, "handoff_to", SAID),
        (
            EMERGENCY | {"handoff_to": "Dr Vale"},
            True,
            "handoff_at",
            "Handed to Dr Vale, time not recorded, by a person not recorded.",
        ),
        (EMERGENCY | WAIVED, False, "handoff_waived_by", "Hand-off waived by Dr Vale (Physician): Seen an hour ago."),
        (
            EMERGENCY | {"handoff_waived_by": "Dr Vale"},
            True,
            "handoff_waived_role",
            "Hand-off waived by Dr Vale: reason not recorded.",
        ),
        ({"infection_risks": ["tuberculosis"], "new_severe_pain": "yes"}, True, "handoff_to", ""),
    ],
)
def test_a_clinician_has_to_be_told_until_it_is_recorded_or_waived(judge, answers, is_open, gap, words):
    case, findings = judge(answers)
    assert not case.hidden
    assert handoff.is_open(case, findings) is is_open
    assert handoff.first_gap(case) == gap
    assert handoff.say(case) == words


@pytest.mark.parametrize("settled", [TOLD, WAIVED])
@pytest.mark.parametrize(
    "later",
    [
        {"bladder_leak": "yes"},
        {"weakness_72h": "yes"},
        {"weakness_72h": "yes", "weakness_rapid": "yes"},
        {"examined": "yes", "saddle_sensation": "reduced"},
        {"diagnoses": ({"code": "G83.4", "said_by": "imaging_report"},)},
    ],
)
def test_a_later_flag_reopens_what_was_settled(judge, record, settled, later):
    answers = record(EMERGENCY | settled)
    assert not handoff.is_open(*judge(answers))
    assert handoff.is_open(*judge(answers | later))
    assert handoff.is_outrun(*judge(answers | later))


def test_a_higher_level_reopens_it(judge, record):
    answers = record({"weakness_72h": "yes", **TOLD})
    assert handoff.is_open(*judge(answers | {"weakness_rapid": "yes"}))


def test_a_flag_told_before_and_answered_again_is_still_told(judge, record):
    answers = record(EMERGENCY | {"fever": "yes"} | TOLD)
    assert not handoff.is_open(*judge(answers | {"fever": "no"}))
    assert not handoff.is_open(*judge(answers))


def test_it_is_recorded_in_words_what_the_clinician_was_told_about(record, questionnaire):
    covers = record(EMERGENCY | {"weakness_72h": "yes"} | TOLD)["handoff_covers"]
    assert covers.splitlines() == [
        "Emergency now: New numbness between the legs (saddle area) (rule saddle_numbness_reported)",
        (
            "Same-day clinician call: Weakness new or worse within 72 hours, foot drop or knee giving way"
            " (rule weakness_72h_reported)"
        ),
    ]
    assert answer_words(questionnaire.by_id["handoff_covers"], covers)


def test_a_hand_off_before_any_flag_covers_none_of_them(judge, record):
    answers = record({"weakness_4_weeks": "yes", **TOLD})
    assert answers["handoff_covers"] == handoff.NOTHING
    assert handoff.is_open(*judge(answers | EMERGENCY))


def test_mending_a_name_afterwards_covers_no_later_flag(judge, record):
    later = record(EMERGENCY | TOLD) | {"fever": "yes"}
    mended = record(later | {"handoff_to": "Dr Vail"})
    assert handoff.is_open(*judge(mended))
    emptied = record({name: value for name, value in later.items() if name != "handoff_to"})
    assert handoff.is_open(*judge(record(emptied | {"handoff_to": "Dr Vail"})))


def test_another_hand_off_keeps_the_text_of_the_one_before(judge, record):
    later = record(EMERGENCY | TOLD | {"handoff_note": "Sending an ambulance."}) | {"fever": "yes"}
    put_aside = handoff.start_over(judge(later)[0])
    assert set(put_aside) == {"handoff_earlier", *TOLD, "handoff_note"}
    cleared = {name: value for name, value in (later | put_aside).items() if value is not None}
    assert cleared["handoff_earlier"] == (
        f"{SAID} Clinician's answer: Sending an ambulance. About: Emergency now: New numbness between the legs"
        " (saddle area) (rule saddle_numbness_reported)"
    )
    cleared |= handoff.follow_up(*judge(cleared))
    assert cleared.pop("handoff_covers") is None
    again = record(cleared | TOLD)
    assert not handoff.is_open(*judge(again))
    twice = handoff.start_over(judge(again)[0])["handoff_earlier"]
    assert [line.startswith(SAID) for line in twice.splitlines()] == [True, True]


def test_later_flags_are_not_said_to_be_handed_over(judge, record):
    case, findings = judge(record(EMERGENCY | TOLD) | {"fever": "yes"})
    assert handoff.say(case, findings) == (
        f"{SAID} A clinician is not recorded to have been told about: Fever, chills or sweats with back pain."
    )


@pytest.mark.parametrize(("hours", "is_open"), [({}, False), ({"saddle_numbness": 0}, False), ({"fever": 3}, True)])
def test_a_hand_off_without_its_flags_is_about_what_was_answered_before(judge, hours, is_open):
    times = dict.fromkeys(TOLD, 1) | hours if hours else {}
    assert handoff.is_open(*judge(EMERGENCY | {"fever": "yes"} | TOLD, times)) is is_open


@pytest.mark.parametrize(
    ("changed", "question", "sentence"),
    [
        ({"handoff_waived_by": "Kim, front desk"}, "handoff_waived_by", handoff.NO_CLINICIAN),
        ({"handoff_waived_by": "x1"}, "handoff_waived_by", handoff.NO_NAME),
        ({"handoff_waived_role": "other"}, "handoff_waived_role", handoff.NO_CLINICIAN),
        ({"handoff_waived_reason": "n"}, "handoff_waived_reason", handoff.NO_REASON),
        ({"handoff_waived_reason": "1234567890"}, "handoff_waived_reason", handoff.NO_REASON),
        ({"handoff_waived_reason": "seen today"}, "", ""),
        ({"handoff_waived_by": "Lee"}, "", ""),
        ({"handoff_waived_role": "nurse_practitioner"}, "", ""),
    ],
)
def test_only_a_named_clinician_with_a_reason_waives_it(judge, changed, question, sentence):
    answers = EMERGENCY | WAIVED | changed
    assert handoff.list_faults(answers) == ({question: sentence} if question else {})
    case, findings = judge(answers)
    assert handoff.is_open(case, findings) is bool(question)
    assert handoff.first_gap(case) == (question or "handoff_waived_by")
    assert handoff.say(case).endswith(f"This does not hold: {sentence}") is bool(question)


def test_every_urgent_rule_can_be_told_apart_in_what_a_hand_off_is_about(judge):
    case, findings = judge(EMERGENCY)
    [flag] = [finding for finding in findings if finding.rule.id == "saddle_numbness_reported"]
    for rule in RULES.values():
        if rule.level in handoff.URGENT:
            named = handoff._name_flag(case, replace(flag, rule=rule))
            assert handoff._RULE.findall(named) == [rule.id]
