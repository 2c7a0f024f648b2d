from datetime import date

import pytest

from intake_app import validation

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("path", "value", "part_of_sentence"),
    [
        ("leg_pain", "yes", None),
        ("leg_pain", "Yes", "Choose one of: yes, no, unsure"),
        ("leg_pain", True, "Choose one of"),
        ("dominant_pain", "nose", "Choose one of: back, leg_left"),
        ("quality", ["aching", "burning"], None),
        ("quality", [], "one or more of"),
        ("quality", "aching", "one or more of"),
        ("quality", ["aching", "aching"], "once"),
        ("conditions", ["none", "copd"], "“None of these” cannot stand beside another answer."),
        ("bmi", 900, "900 is outside what is possible. Give a number from 10 to 100 kg/m²."),
        ("bmi", 9.99, "outside"),
        ("bmi", 10, None),
        ("bmi", 100, None),
        ("bmi", 100.1, "outside"),
        ("bmi", 27.35, "Give at most 1 decimal."),
        ("bmi", 1234567.8, "1234567.8 is outside what is possible."),
        ("bmi", True, "Give a number from 10 to 100 kg/m²."),
        ("bmi", "27", "Give a number"),
        ("bmi", float("nan"), "outside"),
        ("bmi", float("inf"), "outside"),
        ("back_pain_score", 0, None),
        ("back_pain_score", 10, None),
        ("back_pain_score", 11, "0 to 10"),
        ("back_pain_score", 7.5, "whole number"),
        ("complaint", "L4<L5 & <b>", None),
        ("complaint", "two\nlines", None),
        ("complaint", "  ", "Give a text"),
        ("complaint", "x" * 4001, "This text has 4,001 characters; 4,000 fit here."),
        ("complaint", "a\x00b", "cannot be printed"),
        ("complaint", "a\ud800b", "cannot be printed"),
        ("weakness_where", "two\nlines", "cannot be printed"),
        ("onset", "2026-11-22", None),
        ("onset", "2026", None),
        ("onset", "2026-11-23", "23 November 2026 is in the future. Give a date up to today, 22 November 2026."),
        ("onset", "2027", "in the future"),
        ("onset", "1899", "too long ago"),
        ("onset", "3 May", "Give a date as 2026-05-03, 2026-05 or 2026."),
        ("onset", 2026, "Give a date"),
        ("diagnoses[0].code", "M51.26", None),
        ("diagnoses[0].code", "M51.36", None),  # a group, still to be narrowed
        ("diagnoses[0].code", "M51.99", "not an ICD-10-CM code of the spine list"),
        ("diagnoses[0].code", "m51.26", "not an ICD-10-CM code"),
        ("treatments", "none", None),
        ("treatments", [{}], None),
        ("treatments", [], '"none" for: No treatment tried'),
        ("treatments", ["nsaid"], "Give a list"),
    ],
)
def test_a_value_is_taken_or_refused_with_a_sentence(questionnaire, path, value, part_of_sentence):
    problem = validation.problem(questionnaire.find(path), value, TODAY)
    assert problem is None if part_of_sentence is None else part_of_sentence in problem


@pytest.mark.parametrize(
    ("start", "end", "wrong"),
    [
        ("2026-05-03", "2026-05-03", False),
        ("2026-05-03", "2026-05-02", True),
        ("2026-05-03", "2026-05", False),
        ("2026-05-03", "2026-04", True),
        ("2026", "2025-12-31", True),
        ("2026", "2026-01-01", False),
        ("nonsense", "2020", False),
    ],
)
def test_an_end_cannot_come_before_its_start(questionnaire, start, end, wrong):
    fields = questionnaire.by_id["treatments"].fields
    assert bool(validation.problem_between(fields, {"start": start, "end": end})) is wrong
