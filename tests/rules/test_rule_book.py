"""The rule book says of each rule what its table of cases says, and lists every number."""

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from intake_app import factors, rulebook
from intake_app.case import make_case
from intake_app.rules import scores
from intake_app.ui.safety_age import USUAL_HOURS

ROOT = Path(__file__).parents[2]
BOOK = {page.rule.id: page for page in rulebook.pages({})}
AS_OF = date(2026, 6, 30)


def test_every_example_is_a_sentence_of_its_rule(rule, sentences_of):
    assert BOOK[rule.id].example in sentences_of(rule.id), f"{rule.id}: run python -m tests.rules.make_examples"


def test_there_is_no_example_of_a_rule_that_is_gone():
    assert rulebook.examples().keys() == factors.RULES.keys()


def test_every_rule_names_the_file_of_its_cases(rule):
    data = tomllib.loads((ROOT / BOOK[rule.id].table).read_text("utf-8"))
    assert rule.id in data or rule.id in data.get("one_answer", {})


def test_numbers_belong_to_rules():
    modules = {rule.says.__module__ for rule in factors.RULES.values()}
    declared = {name for module in modules for name in getattr(rulebook.sys.modules[module], "NUMBERS", {})}
    assert declared <= factors.RULES.keys()


@pytest.mark.parametrize(
    ("rule_id", "number"),
    [
        ("alignment_at_misdef_cut_offs", "SVA 6 cm or more"),
        ("alignment_at_misdef_cut_offs", "pelvic tilt 25 degrees or more"),
        ("alignment_at_misdef_cut_offs", "PI-LL 10 degrees or more"),
        ("alignment_at_misdef_cut_offs", "Cobb angle 20 degrees or more"),
        ("srs_schwab_modifiers", "SVA: 0 below 4, + from 4 to 9.5, ++ above 9.5"),
        ("high_grade_slip", "II up to 50 %"),
        ("high_grade_slip", "V above 100 %"),
        ("epidurals_over_common_limits", "more than 3 for each region in 6 months (182 days)"),
        ("epidurals_over_common_limits", "more than 4 for each region in 12 months (365 days)"),
        ("hba1c_7_5_or_more", "7.5, 8.0 % or more"),
        ("nicotine_stopped_lately", "less than 6 weeks (Aetna)"),
        ("nicotine_stopped_lately", "less than 8 weeks (Credence)"),
        ("opioids_50_mme_or_more", "50 MME a day or more"),
        ("score_start_back", "distress up to 3 medium, above it high"),
        ("grade_lost", "3 thirds of a grade, with + and - as a third"),
        ("progressive_weakness_graded", "L4: 3/5 or less"),
        ("progressive_weakness_graded", "L5: 2/5 or less"),
    ],
)
def test_a_number_stands_beside_its_rule(rule_id, number):
    assert number in BOOK[rule_id].numbers


@pytest.mark.parametrize("name", scores.instruments())
def test_every_band_and_important_change_is_listed(name):
    of = scores.instruments()[name]
    numbers = BOOK[f"score_{name}"].numbers
    assert {words for _, words in of["bands"]} <= set(numbers)
    if "change_words" in of:
        assert f"important change: {of['change_words']}" in numbers


def test_the_book_as_markdown_has_example_numbers_profiles_and_tests():
    text = rulebook.as_markdown({})
    row = next(line for line in text.splitlines() if line.startswith("| spinal_stenosis_benchmark |"))
    assert "| US-payer-generic, AU-VIC, UK-12wk |" in row
    assert row.endswith("| on | tests/rules/tables/benchmarks.toml |")
    assert BOOK["spinal_stenosis_benchmark"].example in row
    assert "about 6 weeks" in text
    assert f"after {USUAL_HOURS} hours" in text
    for page in BOOK.values():
        assert all(number in text for number in page.numbers)


@pytest.mark.parametrize("rule_id", ["cancer_signs_together", "grade_lost", "spinal_tumour_documented"])
def test_a_design_choice_is_called_one(rule_id):
    assert BOOK[rule_id].tag == "D"
    assert "Evidence: design choice of this program" in "".join(BOOK[rule_id].details())


@pytest.mark.parametrize("rule_id", ["pregnancy_possible", "implants_recorded", "abdominal_surgery_recorded"])
def test_a_recorded_fact_claims_no_confirmed_source(rule_id):
    assert BOOK[rule_id].tag == "F"


def make(questionnaire, **answers):
    return make_case(questionnaire, {"birth_date": "1950-01-01"}, answers, AS_OF)


def test_a_finding_that_waits_for_a_signature_is_named(questionnaire):
    case = make(questionnaire, minor_trauma_sudden_pain="yes")
    label = "Sudden pain after a minor fall or lift, over the age of 65"
    assert rulebook.say_waiting(case) == f"1 rule waits for a signature: {label}."
    assert rulebook.say_waiting(replace(case, signed=frozenset({"minor_fall_over_65"}))) == ""


def test_several_findings_that_wait_are_counted(questionnaire):
    case = make(questionnaire, minor_trauma_sudden_pain="yes", neck_shocks="yes")
    assert rulebook.say_waiting(case).startswith("2 rules wait for a signature: ")


def test_nothing_waits_in_a_blank_intake(questionnaire):
    assert rulebook.say_waiting(make(questionnaire)) == ""
