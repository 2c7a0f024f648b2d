from datetime import UTC, datetime

import pytest
from PySide6.QtTest import QTest
from receptionist import type_text

from intake_app.questions import Question
from intake_app.ui.moment_field import NOT_UNDERSTOOD, MomentField, read_moment, say_moment

NOW = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)
QUESTION = Question("handoff_at", "text", "When was the clinician told?", "Handed over at", max_length=40, now=True)


@pytest.fixture
def field(qtbot):
    field = MomentField(QUESTION, NOW.date())
    field.now = lambda: NOW
    qtbot.addWidget(field)
    field.show()
    return field


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("14:05", "22 November 2026, 14:05"),
        ("9:05", "22 November 2026, 09:05"),
        ("2:05 pm", "22 November 2026, 14:05"),
        ("2 PM", "22 November 2026, 14:00"),
        ("12 am", "22 November 2026, 00:00"),
        ("now", "22 November 2026, 14:30"),
        ("today 14:05", "22 November 2026, 14:05"),
        ("yesterday at 23:59", "21 November 2026, 23:59"),
        ("22 Nov 14:05", "22 November 2026, 14:05"),
        ("Nov 22, 2:05 pm", "22 November 2026, 14:05"),
        ("21 November 2026, 14:05", "21 November 2026, 14:05"),
        ("21 November 2026 at 14:05", "21 November 2026, 14:05"),
        ("14:05 on 21 Nov 2026", "21 November 2026, 14:05"),
        ("2026-11-21 14:05", "21 November 2026, 14:05"),
        ("21/11 14:05", "21 November 2026, 14:05"),
    ],
)
def test_a_moment_is_understood_as_people_give_it(field, typed, said):
    type_text(field.line, typed)
    field.flush()
    assert (field.value(), field.problem()) == (said, "")


@pytest.mark.parametrize(
    "typed", ["zzz", "22 Nov", "25:00", "14:61", "13 pm", "31 Feb 14:05", "14", "soon 14:05", "Nov 14:05"]
)
def test_what_is_no_moment_is_refused_and_stays_in_the_line(field, typed):
    type_text(field.line, typed)
    field.flush()
    assert (field.value(), field.problem(), field.line.text()) == (None, NOT_UNDERSTOOD, typed)


@pytest.mark.parametrize(("typed", "is_refused"), [("14:30", False), ("14:31", True), ("23 Nov 9:00", True)])
def test_what_has_not_come_yet_is_refused(field, typed, is_refused):
    type_text(field.line, typed)
    assert ("is in the future" in field.problem()) is is_refused


def test_what_was_recorded_in_other_words_is_shown_as_it_stands(field):
    field.set_value("at once, in the next room")
    assert (field.line.text(), field.problem()) == ("at once, in the next room", "")
    field.flush()
    assert field.value() == "at once, in the next room"


def test_short_typing_is_told_in_full_beneath(field):
    QTest.keyClicks(field.line, "14:05")
    assert field.echo.text() == "22 November 2026, 14:05"


def test_what_is_said_is_understood_again():
    assert read_moment(say_moment(NOW), NOW, month_first=True) == NOW
