from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake_app import dates

EXACT = st.dates(date(1900, 1, 1), date(2100, 12, 31)).map(date.isoformat)
PARTIAL = EXACT | EXACT.map(lambda d: d[:7]) | EXACT.map(lambda d: d[:4])


@pytest.mark.parametrize(
    ("given_date", "first", "last", "words"),
    [
        ("2026-05-03", date(2026, 5, 3), date(2026, 5, 3), "3 May 2026"),
        ("2026-05", date(2026, 5, 1), date(2026, 5, 31), "May 2026"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "February 2024"),
        ("2026", date(2026, 1, 1), date(2026, 12, 31), "2026"),
    ],
)
def test_a_partial_date_keeps_its_precision(given_date, first, last, words):
    assert dates.span(given_date) == (first, last)
    assert dates.say(given_date) == words
    assert dates.is_exact(given_date) == (first == last)


@pytest.mark.parametrize(
    "wrong", ["", "May", "2026-13", "2026-02-30", "26-05-03", "2026-5-3", "2026-05-03T10:00", None, 5, "٢٠٢٦"]
)
def test_what_is_not_a_date_is_not_taken_for_one(wrong):
    assert not dates.is_date(wrong)


@pytest.mark.parametrize(
    ("typed", "month_first", "expected"),
    [
        ("3 May 1956", True, "1956-05-03"),
        ("3rd of", True, None),
        ("May 3, 1956", False, "1956-05-03"),
        ("may 1956", True, "1956-05"),
        ("1956", True, "1956"),
        ("1956-05-03", True, "1956-05-03"),
        ("1956-5-3", True, "1956-05-03"),
        ("5/1956", True, "1956-05"),
        ("05/03/1956", True, "1956-05-03"),
        ("05/03/1956", False, "1956-03-05"),
        ("25/03/1956", True, "1956-03-25"),
        ("03/25/1956", False, "1956-03-25"),
        ("3.5.1956", False, "1956-05-03"),
        ("30 feb 2020", True, None),
        ("ma 1956", True, None),
        ("ju 3 1956", True, None),
        ("  3   sept  2020 ", True, "2020-09-03"),
        ("56", True, None),
        ("", True, None),
    ],
)
def test_typed_dates(typed, month_first, expected):
    assert dates.read_typed(typed, month_first=month_first) == expected


@given(PARTIAL, st.booleans())
def test_what_we_say_can_be_typed_back(given_date, month_first):
    assert dates.read_typed(dates.say(given_date), month_first=month_first) == given_date


def test_an_age_is_told_only_when_the_birth_date_is_exact_enough():
    on = date(2026, 11, 22)
    assert dates.age("1956-11-22", on) == 70
    assert dates.age("1956-11-23", on) == 69
    assert dates.age("1956-05", on) == 70
    assert dates.age("1956-11", on) is None
    assert dates.age("1956", on) is None


def test_a_day_in_words():
    assert dates.say_day(date(2026, 11, 2)) == "2 November 2026"
