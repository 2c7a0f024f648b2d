"""Lengths and ages say no more than partial dates allow."""

from datetime import date

import pytest

from intake_app.factors import Reader
from intake_app.rules import spans
from intake_app.rules.complexity import in_order, touch
from intake_app.rules.conservative_care import ordinal
from intake_app.rules.phrases import uncapital

TODAY = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("fewest", "most", "words"),
    [
        (0, 0, "0 days"),
        (1, 1, "1 day"),
        (13, 13, "13 days"),
        (14, 14, "2 weeks"),
        (56, 56, "8 weeks"),
        (181, 181, "25 weeks"),
        (182, 182, "6 months"),
        (274, 274, "9 months"),
        (728, 728, "23 months"),
        (730, 730, "2 years"),
        (2922, 2922, "8 years"),
        (36506, 36506, "99 years"),
        (36510, 36510, "100 years"),
        (3, 40, "3 days to 5 weeks"),
    ],
)
def test_a_length_in_words(fewest, most, words):
    assert spans.say_length(fewest, most) == words


@pytest.mark.parametrize(
    ("born", "ages"),
    [("1956-06-30", (70, 70)), ("1956-07-01", (69, 69)), ("1956-06", (70, 70)), ("1956", (69, 70)), ("2026", (0, 0))],
)
def test_ages_from_partial_birth_dates(born, ages):
    assert spans.ages(born, TODAY, TODAY) == ages


@pytest.mark.parametrize(
    ("given", "days"), [("2026-06-30", (0, 0)), ("2026-06", (0, 29)), ("2026", (0, 180)), ("2027", (0, 0))]
)
def test_days_since_a_partial_date(given, days):
    assert spans.days_since(given, TODAY) == days


def test_levels_stand_in_order_and_touch_where_they_share_a_vertebra():
    assert in_order(["L5-S1", "C5-C6", "T12-L1", "S1-S2", "L1-L2", "C5-C6", "T9-T10", "T10-T11"]) == [
        "C5-C6", "T9-T10", "T10-T11", "T12-L1", "L1-L2", "L5-S1", "S1-S2",
    ]  # fmt: skip
    assert touch("L3-L4", "L4-L5")
    assert not touch("L2-L3", "L4-L5")


def test_ordinals():
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 22, 101, 111, 211)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "101st", "111th", "211th",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Low back", "low back"),
        ("MRI", "MRI"),
        ("L4-L5", "L4-L5"),
        ("A note", "a note"),
        ("A", "a"),
        ("CT", "CT"),
        ("No reflex", "no reflex"),
        ("", ""),
        ("Hoffmann, left", "Hoffmann, left"),
    ],
)
def test_names_keep_their_capital(words, said):
    assert uncapital(words) == said


@pytest.mark.parametrize(
    ("length", "unit", "days"),
    [(10, "days", 10), (8, "weeks", 56), (3, "months", 91), (400, "months", 12175), (100, "years", 36525)],
)
def test_the_onset_of_a_length_that_a_patient_gives(case_of, length, unit, days):
    case = case_of({"duration": str(length), "duration_unit": unit})
    assert spans.days_between(spans.onset(Reader(case)), TODAY) == (days, days)


def test_a_month_that_lies_wholly_within_is_not_asked_for_again(find):
    row = {"as_of": "2026-06-29", "examined": "yes", "motor_grades": "myotome=S1 grade=2 weak_since=2026-06"}
    found = find("weak_grade_within_4_weeks", row)
    assert (found.status.value, found.missing) == ("present", ())
