"""What holds for all rules together, whatever the answers are."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake_app import factors
from intake_app.case import make_case
from intake_app.factors import Status
from intake_app.letter import planning
from intake_app.rules.conservative_care import ordinal
from tests.strategies import cases

AS_OF = date(2026, 6, 30)
EVERY = frozenset(factors.RULES)
UNREAD = ("complaint", "concerns", "occupation", "goals", "support_at_home", "symptoms_note")
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def evaluate(case):
    return factors.evaluate_all(replace(case, signed=EVERY))


def case_with(questionnaire, answers):
    return make_case(questionnaire, {}, answers, AS_OF)


def test_a_blank_intake_finds_nothing(questionnaire):
    for found in evaluate(case_with(questionnaire, {})):
        assert found.status is Status.NOT_ASSESSED, found.rule.id
        assert found.sentence == "", found.rule.id
        assert found.missing, found.rule.id


@QUICK
@given(data=st.data())
def test_the_order_of_answering_changes_nothing(questionnaire, data):
    case = data.draw(cases(questionnaire))
    order = list(case.answers)
    data.draw(st.randoms(use_true_random=False)).shuffle(order)
    turned = {name: case.answers[name] for name in order}
    assert evaluate(replace(case, answers=turned)) == evaluate(case)


@QUICK
@given(data=st.data())
def test_an_unrelated_answer_changes_no_finding(questionnaire, data):
    case = data.draw(cases(questionnaire))
    without = {name: value for name, value in case.answers.items() if name not in UNREAD}
    more = without | dict.fromkeys(UNREAD, "Something else entirely")
    assert evaluate(replace(case, answers=more)) == evaluate(replace(case, answers=without))


@QUICK
@given(data=st.data())
def test_statuses_and_traces_fit_whatever_is_answered(questionnaire, data):
    for found in evaluate(data.draw(cases(questionnaire))):
        assert set(found.missing) <= set(found.read)
        assert bool(found.sentence) or found.status is not Status.PRESENT
        assert bool(found.missing) == (found.status is Status.NOT_ASSESSED) or found.status is Status.PRESENT
        for path in found.read:
            if not path.startswith("patient."):
                questionnaire.find(path)


@QUICK
@given(data=st.data())
def test_taking_safety_answers_back_never_makes_a_red_flag_absent(questionnaire, data):
    case = data.draw(cases(questionnaire))
    choose = data.draw(st.randoms(use_true_random=False))
    safety = {question.id for question in questionnaire.pages[0].questions}
    kept = {n: answer for n, answer in case.answers.items() if n not in safety or choose.random() < 0.7}
    less = make_case(questionnaire, case.patient, kept, case.as_of, signed=EVERY)
    after = {f.rule.id: f.status for f in factors.evaluate_all(less)}
    for found in evaluate(case):
        if found.rule.group == "red_flags" and found.status is not Status.ABSENT:
            assert after[found.rule.id] is not Status.ABSENT, found.rule.id


def test_long_standing_pain_in_both_legs_is_no_flag(questionnaire):
    answers = {
        "leg_pain": "yes",
        "leg_side": "both_equal",
        "dominant_pain": "both_legs",
        "duration": 8,
        "duration_unit": "years",
    }
    found = evaluate(case_with(questionnaire, answers))
    assert factors.urgency(found) == ("", ())


def test_unsigned_rules_stay_off_until_they_are_signed(questionnaire):
    case = case_with(questionnaire, {"infection_risks": ("dialysis_or_line",), "fever": "yes"})
    shipped = {f.rule.id for f in factors.evaluate_all(case)}
    unsigned = {r.id for r in factors.RULES.values() if r.needs_sign_off}
    assert len(unsigned) == 7
    assert not shipped & unsigned
    signed = factors.evaluate_all(replace(case, signed=frozenset(unsigned)))
    assert "line_or_procedure_with_fever_or_severe_pain" in {f.rule.id for f in factors.present(signed, "red_flags")}


def test_what_is_hidden_by_another_answer_is_not_read(questionnaire):
    case = case_with(questionnaire, {"weakness_72h": "no", "weakness_rapid": "yes"})
    assert factors.evaluate(factors.RULES["weakness_rapid_reported"], case).status is Status.ABSENT


def test_findings_come_group_by_group(questionnaire):
    groups = list(dict.fromkeys(f.rule.group for f in evaluate(case_with(questionnaire, {}))))
    order = list(factors.GROUPS)
    assert set(groups) == set(order)
    assert groups[0] == "red_flags"
    assert groups[-1] == "completeness"


def test_findings_are_plain_enough_to_write_down(questionnaire):
    found = evaluate(case_with(questionnaire, {"saddle_numbness": "yes"}))
    assert json.dumps([(f.rule.id, f.status.value, f.sentence, f.read, f.missing) for f in found])


def test_abdominal_surgery_is_told_and_never_asked_for(questionnaire):
    case = case_with(questionnaire, {"operations": "none"})
    assert "abdominal_surgery" not in planning.missing_paths(case, evaluate(case))


@pytest.mark.parametrize(
    ("rule_id", "row", "missing"),
    [
        ("bmi_recorded", {"height": "180"}, ("bmi", "weight")),
        ("bmi_recorded", {"weight": "80"}, ("bmi", "height")),
        ("referred_limb_pain", {"leg_pain": "yes"}, ("arm_pain",)),
    ],
)
def test_what_is_still_missing_is_named(find, rule_id, row, missing):
    assert find(rule_id, row).missing == missing


@pytest.mark.parametrize(
    ("rule_id", "row", "missing"),
    [
        ("treatment_details_missing", {"treatments": "category=brace start=D-9 ongoing=yes"}, "treatments[0].response"),
        (
            "treatment_details_missing",
            {"treatments": "category=brace response=none ongoing=no start=D-9"},
            "treatments[0].end",
        ),
        (
            "treatment_details_missing",
            {"treatments": "category=brace response=none start=D-9"},
            "treatments[0].ongoing",
        ),
        ("spinal_imaging", {"imaging": "modality=xray"}, "imaging[0].date"),
        ("spinal_imaging", {"imaging": "region=lumbar"}, "imaging[0].date"),
        ("muscle_weakness_found", {"examined": "yes", "motor_grades": "myotome=L5 grade=3"}, "motor_grades[0].side"),
    ],
)
def test_a_detail_that_is_missing_is_still_to_obtain_whatever_else_is_there(case_of, rule_id, row, missing):
    case = case_of(row)
    found = factors.evaluate(factors.RULES[rule_id], case)
    assert found.status is Status.PRESENT
    assert missing in found.missing
    assert missing in planning.missing_paths(case, (found,))


def test_the_side_of_full_strength_is_not_asked_for(find):
    assert find("muscle_weakness_found", {"examined": "yes", "motor_grades": "myotome=L5 grade=5"}).missing == ()


def test_only_vague_injections_are_asked_for_again(find):
    one = "category=esi_interlaminar region=lumbar sessions=1 start=D-30"
    given = f"{one};category=esi_interlaminar region=lumbar sessions=4 start=2025"
    found = find("epidurals_over_common_limits", {"treatments": given})
    assert found.missing == ("treatments[1].start",)


def test_only_injections_without_a_region_are_asked_for_it(find):
    given = [f"category=esi_interlaminar region=lumbar start=D-{days}" for days in (30, 60, 90)]
    found = find(
        "epidurals_over_common_limits",
        {"treatments": ";".join([*given, "category=facet", "category=esi_interlaminar start=D-9"])},
    )
    assert found.missing == ("treatments[4].region",)


@pytest.mark.parametrize(
    "words",
    ["1st", "2nd", "3rd", "4th", "10th", "11th", "12th", "13th", "20th", "21st", "92nd", "101st", "111th", "123rd"],
)
def test_entries_are_counted_in_words(words):
    assert ordinal(int(words[:-2])) == words
