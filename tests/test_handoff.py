from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sample_cases import NAMES, read_samples

from intake_app import handoff, rules  # noqa: F401  registers the rules
from intake_app.case import make_case
from intake_app.factors import RULES, evaluate_all
from intake_app.letter.words import answer_words
from tests.strategies import cases

EMERGENCY = {"saddle_numbness": "yes"}
TOLD = {"handoff_to": "Dr Vale", "handoff_at": "22 November 2026, 09:40", "handoff_by": "Kim"}
WAIVED = {
    "handoff_waived_by": "Dr Vale",
    "handoff_waived_role": "physician",
    "handoff_waived_reason": "Seen an hour ago.",
}
NINE = datetime(2026, 11, 22, 9, tzinfo=UTC)
SAID = "Handed to Dr Vale, 22 November 2026, 09:40, by Kim."
ONE_RULE = "Emergency now: New numbness between the legs (saddle area) (rule saddle_numbness_reported)"  # as of old
WEAK = {"myotome": "L5", "side": "left", "grade": "4-", "weak_since": "2026-11-21"}
WEAKER = {"myotome": "L4", "side": "right", "grade": "1", "weak_since": "2026-11-20"}
CAUDA = {"words": "Cauda equina syndrome", "said_by": "referrer"}
SCAN = {"modality": "mri", "date": "2026-11-22", "finding": "Large disc, cauda equina compression"}


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
        (
            "Emergency now (rule saddle_numbness_reported):"
            " New numbness or changed feeling between the legs, reported by the patient."
        ),
        (
            "Same-day clinician call (rule weakness_72h_reported):"
            " Weakness new or worse within 72 hours, foot drop or knee giving way, reported by the patient."
        ),
    ]
    assert answer_words(questionnaire.by_id["handoff_covers"], covers)


@pytest.mark.parametrize("settled", [TOLD, WAIVED])
@pytest.mark.parametrize(
    ("told", "later"),
    [
        ({"motor_grades": (WEAK,)}, {"motor_grades": (WEAK, WEAKER)}),
        ({"motor_grades": (WEAK,)}, {"motor_grades": (WEAK | {"grade": "1"},)}),
        ({"motor_grades": (WEAK,)}, {"motor_grades": (WEAK | {"side": "both"},)}),
        ({"motor_grades": ({"grade": "1", "weak_since": "2026-11-20"},)}, {"motor_grades": (WEAKER,)}),
        ({"saddle_sensation": "reduced"}, {"saddle_sensation": "absent"}),
        ({"diagnoses": (CAUDA,)}, {"diagnoses": (CAUDA,), "imaging": (SCAN,)}),
        ({"imaging": (SCAN,)}, {"imaging": (SCAN, SCAN | {"finding": "Cauda equina compression, now complete"})}),
        ({"imaging": (SCAN,)}, {"imaging": (SCAN | {"finding": "Cauda equina compression, now complete"},)}),
        ({"referral_question": "Rule out CES"}, {"referral_question": "Rule out CES", "diagnoses": (CAUDA,)}),
        (
            {"fever": "yes", "infection_risks": ["tuberculosis"]},
            {"fever": "yes", "infection_risks": ["tuberculosis", "injected_drugs"]},
        ),
        (
            {"fever": "yes", "infection_risks": ["tuberculosis"]},
            {"fever": "yes", "infection_risks": ["tuberculosis"], "new_severe_pain": "yes"},
        ),
    ],
)
def test_what_the_same_rule_finds_later_reopens_what_was_settled(judge, record, settled, told, later):
    examined = {"examined": "yes", "strength": "reduced"}
    answers = record(examined | told | settled)
    assert not handoff.is_open(*judge(answers))
    case, findings = judge(answers | later)
    assert handoff.is_open(case, findings)
    assert handoff.say(case, findings).endswith(" (changed since then).")


@pytest.mark.parametrize(
    ("told", "later"),
    [
        ({"motor_grades": (WEAK, WEAKER)}, {"motor_grades": (WEAKER, WEAK)}),
        ({"motor_grades": (WEAK, WEAKER)}, {"motor_grades": (WEAK,)}),
        ({"motor_grades": (WEAK, WEAKER)}, {"motor_grades": (WEAKER,)}),
        ({"motor_grades": (WEAK, WEAKER)}, {"motor_grades": (WEAK, WEAKER | {"grade": "4"})}),
        ({"motor_grades": (WEAK,)}, {"motor_grades": (WEAK, {"myotome": "L2", "side": "left", "grade": "5"})}),
        ({"motor_grades": (WEAK,)}, {"motor_grades": (WEAK | {"graded_on": "2026-11-22"},)}),
        ({"diagnoses": (CAUDA,), "imaging": (SCAN,)}, {"imaging": (SCAN,)}),
        ({"diagnoses": (CAUDA,)}, {"diagnoses": (CAUDA | {"levels": ("L4-L5",), "date": "2026-11-21"},)}),
        ({"diagnoses": (CAUDA,)}, {"diagnoses": ({"words": "Sciatica", "said_by": "referrer"}, CAUDA)}),
        ({"imaging": (SCAN,)}, {"imaging": (SCAN | {"levels": ("L4-L5",), "side": "both"},)}),
        ({"referral_question": "Please rule out CES."}, {"referral_question": "Please rule out CES. Thank you."}),
        (
            {"fever": "yes", "new_severe_pain": "yes", "infection_risks": ["tuberculosis", "injected_drugs"]},
            {"fever": "yes", "new_severe_pain": "no", "infection_risks": ["injected_drugs"]},
        ),
    ],
)
def test_less_or_the_same_more_exactly_reopens_nothing(judge, record, told, later):
    examined = {"examined": "yes", "strength": "reduced"}
    answers = record(examined | told | TOLD)
    assert handoff.is_called_for(judge(answers)[1])
    assert not handoff.is_open(*judge({name: answers[name] for name in answers if name not in told} | later))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("days", [1, 3, 4, 28, 100])
def test_waiting_alone_reopens_nothing(questionnaire, name, days):
    case = read_samples(questionnaire)[name]
    case = replace(case, answers=case.answers | TOLD, answered_at={})
    told = replace(case, answers=case.answers | handoff.follow_up(case, evaluate_all(case)))
    later = replace(told, as_of=told.as_of + timedelta(days))
    assert not handoff.is_open(later, evaluate_all(later))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_was_told_is_told_whatever_it_says_and_in_any_order(questionnaire, data):
    case = data.draw(cases(questionnaire, printable=False))
    case = replace(case, answers={n: a for n, a in case.answers.items() if n not in handoff.WRITTEN} | TOLD)
    told = replace(case, answers=case.answers | handoff.follow_up(case, evaluate_all(case)))
    assert not handoff.is_open(told, evaluate_all(told))
    turned = {
        name: answer[::-1] if questionnaire.by_id[name].type == "entries" and answer != "none" else answer
        for name, answer in told.answers.items()
    }
    turned = replace(told, answers=turned)
    assert not handoff.is_open(turned, evaluate_all(turned))


def test_what_an_earlier_version_kept_by_its_rule_alone_counts_as_before(judge):
    answers = EMERGENCY | TOLD | {"handoff_covers": ONE_RULE}
    assert not handoff.is_open(*judge(answers))
    assert handoff.is_open(*judge(answers | {"fever": "yes"}))


@pytest.mark.parametrize(("hours", "is_open"), [(1, False), (23, False), (7 * 24, True)])
@pytest.mark.parametrize("earlier", [True, False])
def test_a_yes_taken_back_and_given_again_days_later_is_another_event(judge, record, hours, is_open, earlier):
    answers = record(EMERGENCY | TOLD) | ({"handoff_covers": ONE_RULE} if earlier else {})
    times = dict.fromkeys(answers, 1) | {"saddle_numbness": 1 + hours}
    assert handoff.is_open(*judge(answers, times)) is is_open


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"handoff_to": "nobody"}, handoff.NO_ONE_TOLD),
        ({"handoff_to": "not yet"}, handoff.NO_ONE_TOLD),
        ({"handoff_to": "No one so far"}, handoff.NO_ONE_TOLD),
        ({"handoff_to": "-"}, handoff.NO_ONE_TOLD),
        ({"handoff_to": "???"}, handoff.NO_ONE_TOLD),
        ({"handoff_to": "n/a"}, handoff.NO_ONE_TOLD),
        ({"handoff_by": "-"}, handoff.NO_TELLER),
        ({"handoff_by": "X2"}, handoff.NO_TELLER),
        ({"handoff_to": "Dr Nott"}, ""),
        ({"handoff_to": "Nonette Li, ED"}, ""),
        ({"handoff_to": "Łęcka", "handoff_by": "王小明"}, ""),
    ],
)
def test_a_hand_off_has_the_names_of_two_people(judge, changed, sentence):
    case, findings = judge(EMERGENCY | TOLD | changed)
    assert handoff.list_faults(case, findings) == (dict.fromkeys(changed, sentence) if sentence else {})
    assert handoff.is_open(case, findings) is bool(sentence)
    assert handoff.first_gap(case, findings) == (next(iter(changed)) if sentence else "handoff_to")
    assert handoff.say(case, findings).endswith(f"This does not hold: {sentence}") is bool(sentence)
    assert bool(handoff.follow_up(case, findings)) is not bool(sentence)


@pytest.mark.parametrize(
    ("told", "is_fault"),
    [
        ("22 November 2026, 09:40", False),
        ("21 November 2026, 09:00", False),  # first the patient, then the typing
        ("21 November 2026 at 08:59", True),
        ("22 November 2025, 09:40", True),
        ("1 Jan 2020 09:40", True),
        ("31 December 9999, 23:59", False),
        ("22 November 2025, 24:61", False),
        ("at once, in the next room", False),
    ],
)
def test_a_clinician_was_not_told_before_there_was_anything_to_tell(judge, told, is_fault):
    answers = EMERGENCY | {"fever": "yes"} | TOLD | {"handoff_at": told}
    case, findings = judge(answers, {"saddle_numbness": 0, "fever": 48} | dict.fromkeys(TOLD, 49))
    sentence = handoff.TOO_EARLY.format("22 November 2026, 09:00")
    assert handoff.list_faults(case, findings) == ({"handoff_at": sentence} if is_fault else {})
    assert handoff.is_open(case, findings) is is_fault
    assert handoff.first_gap(case, findings) == ("handoff_at" if is_fault else "handoff_to")


def test_what_is_answered_or_put_right_later_makes_no_earlier_hand_off_wrong(judge, record):
    answers = record(EMERGENCY | TOLD)
    times = dict.fromkeys(answers, 1)
    for later in ({"saddle_numbness": 20}, {"saddle_numbness": 200}, {"saddle_numbness": 200, "handoff_to": 200}):
        assert handoff.list_faults(*judge(answers, times | later)) == {}
    other = answers | {"saddle_numbness": "no", "fever": "yes"}
    assert handoff.list_faults(*judge(other, times | {"fever": 200})) == {}


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
        f"{SAID} Clinician's answer: Sending an ambulance. About: Emergency now (rule saddle_numbness_reported):"
        " New numbness or changed feeling between the legs, reported by the patient."
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
    case, findings = judge(answers)
    assert handoff.list_faults(case, findings) == ({question: sentence} if question else {})
    assert handoff.is_open(case, findings) is bool(question)
    assert handoff.first_gap(case) == (question or "handoff_waived_by")
    assert handoff.say(case).endswith(f"This does not hold: {sentence}") is bool(question)


def test_every_urgent_rule_can_be_told_apart_in_what_a_hand_off_is_about(judge):
    case, findings = judge(EMERGENCY)
    [flag] = [finding for finding in findings if finding.rule.id == "saddle_numbness_reported"]
    flags = [replace(flag, rule=rule) for rule in RULES.values() if rule.level in handoff.URGENT]
    for one in flags:
        told = replace(case, answers=case.answers | {"handoff_covers": handoff._name_flag(one)})
        assert handoff.list_new(told, tuple(flags)) == tuple(other for other in flags if other is not one)
