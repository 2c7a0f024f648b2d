from datetime import date

import pytest

from intake_app.questions import Question
from intake_app.ui.date_field import DateField, describe_distance

TODAY = date(2026, 11, 22)


@pytest.fixture
def field(qtbot):
    def make(name="onset", **more):
        widget = DateField(Question(id=name, type="date", text="When?", label="Began", **more), TODAY)
        qtbot.addWidget(widget)
        return widget

    return make


@pytest.mark.parametrize(
    ("typed", "value", "echo"),
    [
        ("3 May 2026", "2026-05-03", "3 May 2026, about 7 months ago"),
        ("may 2026", "2026-05", "May 2026, about 6 months ago"),
        ("5/2026", "2026-05", "May 2026, about 6 months ago"),
        ("2019", "2019", "2019"),
        ("2026-11-21", "2026-11-21", "21 November 2026, yesterday"),
        ("25.10.2026", "2026-10-25", "25 October 2026, about 4 weeks ago"),
    ],
)
def test_a_date_is_kept_as_given_and_told_back_in_words(field, typed, value, echo):
    widget = field()
    widget.take_text(typed)
    assert (widget.value(), widget.echo.text(), widget.problem()) == (value, echo, "")


def test_a_birth_date_is_told_back_with_the_age(field):
    widget = field("birth_date")
    widget.take_text("3 May 1956")
    assert widget.echo.text() == "3 May 1956, 70 years old"


@pytest.mark.parametrize("typed", ["tomorrow", "31 June 2026", "22 November 2027", "1856"])
def test_what_cannot_be_is_told_and_not_answered(field, typed):
    widget = field()
    widget.take_text(typed)
    assert widget.value() is None
    assert widget.problem()
    assert widget.echo.text() == ""


def test_a_date_ahead_is_taken_where_the_question_allows_it(field):
    widget = field(future=True)
    widget.take_text("22 November 2027")
    assert (widget.value(), widget.echo.text()) == ("2027-11-22", "22 November 2027")


def test_the_order_of_strokes_is_the_computers(field):
    widget = field()
    widget._month_first = True
    widget.take_text("5/3/2026")
    assert widget.value() == "2026-05-03"
    widget._month_first = False
    widget.take_text("5/3/2026")
    assert widget.value() == "2026-03-05"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("2026-11-22", "today"),
        ("2026-11-20", "2 days ago"),
        ("2026-11", ""),
        ("2026", ""),
        ("2024-11-22", "about 24 months ago"),
        ("2016-11-22", "about 10 years ago"),
        ("2027-01", ""),
    ],
)
def test_how_long_ago_is_told_roughly(given, words):
    assert describe_distance(given, TODAY) == words
