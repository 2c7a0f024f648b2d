"""A day and a time as people give them: 14:05 for today, 21 Nov 14:05, now."""

import re
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from intake_app import dates
from intake_app.questions import Answer, Question
from intake_app.ui.date_field import is_month_first
from intake_app.ui.typed_field import TypedField

if TYPE_CHECKING:
    from collections.abc import Callable

NOT_UNDERSTOOD = "Give a time, such as 14:05 for today, or a day and a time, such as 21 Nov 14:05."
AHEAD = "{} is in the future. Give the time at which it happened."
LINE = 280  # pixels
NOON = 12
_TIME = re.compile(r"(?<![\d:])([0-9]{1,2})(?:[:h]([0-5][0-9]))?\s*(am|pm|a\.m\.|p\.m\.)?(?![\d:])")
_FILLING = re.compile(r"\bat\b|\bon\b|,")
_DAYS_AGO = {"": 0, "today": 0, "yesterday": 1}


class MomentField(TypedField):
    """One line for a moment that has passed. `now` tells the time; it can be set to another clock."""

    def __init__(self, question: Question, _today: date) -> None:
        super().__init__(question, question.max_length, width=LINE)
        self.now: Callable[[], datetime] = lambda: datetime.now().astimezone()
        self._month_first = is_month_first()
        self.row.addStretch()

    def read_text(self, text: str) -> tuple[Answer, str]:
        """Return the moment in words, unless it is none or has not come yet."""
        now = self.now()
        moment = read_moment(text, now, month_first=self._month_first)
        if not moment:
            return None, NOT_UNDERSTOOD
        return (None, AHEAD.format(say_moment(moment))) if moment > now else (say_moment(moment), "")

    def describe(self, value: Answer) -> str:
        """Return the moment in words where it was typed in short."""
        return "" if value == self.line.text().strip() else str(value)


def read_moment(text: str, now: datetime, *, month_first: bool) -> datetime | None:
    """Return the moment that a person typed, None if it is not one; without a day it is today, without a year this."""
    typed = " ".join(text.lower().split())
    if typed == "now":
        return now
    for hit in _TIME.finditer(typed):
        clock = _read_time(hit)
        rest = " ".join(_FILLING.sub(" ", typed[: hit.start()] + " " + typed[hit.end() :]).split())
        day = _read_day(rest, now.date(), month_first=month_first) if clock else None
        if clock and day:
            return datetime.combine(day, clock, now.tzinfo)
    return None


def say_moment(moment: datetime) -> str:
    """Return a day and a time in words: 3 May 2026, 09:40."""
    return f"{dates.say_day(moment.date())}, {moment:%H:%M}"


def _read_time(hit: re.Match[str]) -> time | None:
    """Return the time of day; a number alone is none, but 2 pm is."""
    hour, minute, half = int(hit[1]), int(hit[2] or 0), (hit[3] or "")[:1]
    if not (hit[2] or half) or hour > (NOON if half else 23) or (half and not hour):
        return None
    return time(hour % NOON + (NOON if half == "p" else 0) if half else hour, minute)


def _read_day(text: str, today: date, *, month_first: bool) -> date | None:
    if text in _DAYS_AGO:
        return today - timedelta(days=_DAYS_AGO[text])
    for typed in (text, f"{text} {today.year}", f"{text}/{today.year}"):
        given = dates.read_typed(typed, month_first=month_first)
        if given and dates.is_exact(given):
            return dates.span(given)[0]
    return None
