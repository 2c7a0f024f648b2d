"""Dates as people give them: a day, a month or only a year, kept exactly as given.

A partial date is text: "2026", "2026-05" or "2026-05-03". Nothing is ever filled in.
"""

import re
from calendar import monthrange
from datetime import date

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
EARLIEST = date(1900, 1, 1)  # what lies before is a slip of the keys
_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?")
_YEAR_FIRST = re.compile(r"([0-9]{4})[-./ ]([0-9]{1,2})(?:[-./ ]([0-9]{1,2}))?")
_NUMBERS = re.compile(r"([0-9]{1,2})[-./ ]([0-9]{1,2})[-./ ]([0-9]{4})")
_MONTH_YEAR = re.compile(r"([0-9]{1,2})[-./ ]([0-9]{4})")
_DAY_NAME_YEAR = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?[-. ]*([a-z]{3,9})\.?,?[-. ]*([0-9]{4})")
_NAME_DAY_YEAR = re.compile(r"([a-z]{3,9})\.? *([0-9]{1,2})(?:st|nd|rd|th)?,? +([0-9]{4})")
_NAME_YEAR = re.compile(r"([a-z]{3,9})\.?,?[-. ]*([0-9]{4})")


def span(given: str) -> tuple[date, date]:
    """Return the first and the last day that a partial date can mean; ValueError if it is not one."""
    match = _ISO.fullmatch(given)
    if not match:
        message = f"not a date: {len(given)} characters"
        raise ValueError(message)
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None  # noqa: S101  the pattern demands a year
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    if day is None:
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    return date(year, month, day), date(year, month, day)


def is_exact(given: str) -> bool:
    """Tell whether a partial date names one day."""
    first, last = span(given)
    return first == last


def is_date(given: object) -> bool:
    """Tell whether a value is a partial date of a real calendar."""
    try:
        span(given)  # type: ignore[arg-type]
    except (ValueError, TypeError):
        return False
    return True


def say(given: str) -> str:
    """Return a partial date in words: 3 May 2026, May 2026 or 2026."""
    first, _ = span(given)
    parts = given.split("-")
    words = [str(first.year)]
    if len(parts) > 1:
        words.insert(0, MONTHS[first.month - 1])
    if len(parts) > 2:  # noqa: PLR2004  year, month, day
        words.insert(0, str(first.day))
    return " ".join(words)


def say_day(day: date) -> str:
    """Return a day in words: 3 May 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def age(birth_date: str, on: date) -> int | None:
    """Return the age in whole years on a day, or None if the birth date is not exact enough to tell."""
    ages = {on.year - born.year - ((on.month, on.day) < (born.month, born.day)) for born in span(birth_date)}
    return ages.pop() if len(ages) == 1 else None


def read_typed(text: str, *, month_first: bool) -> str | None:
    """Return what a person typed as a partial date, or None if it is not one.

    Understands 3 May 2026, May 2026, 2026, 2026-05-03, 5/2026 and numbers with strokes, whose order
    `month_first` decides unless only one order gives a real date.
    """
    typed = " ".join(text.strip().lower().split())
    for read in (_read_year_first, _read_words):
        given = read(typed)
        if given:
            return given
    match = _NUMBERS.fullmatch(typed)
    if not match:
        return None
    one, two, year = match.groups()
    orders = [(two, one), (one, two)]  # (month, day): day first, then month first
    for month, day in reversed(orders) if month_first else orders:
        if given := _checked(year, month, day):
            return given
    return None


def _read_year_first(typed: str) -> str | None:
    if re.fullmatch(r"[0-9]{4}", typed):
        return _checked(typed)
    if match := _YEAR_FIRST.fullmatch(typed):
        return _checked(*match.groups())
    if match := _MONTH_YEAR.fullmatch(typed):
        return _checked(match[2], match[1])
    return None


def _read_words(typed: str) -> str | None:
    if match := _DAY_NAME_YEAR.fullmatch(typed):
        return _checked(match[3], _month(match[2]), match[1])
    if match := _NAME_DAY_YEAR.fullmatch(typed):
        return _checked(match[3], _month(match[1]), match[2])
    if match := _NAME_YEAR.fullmatch(typed):
        return _checked(match[2], _month(match[1]))
    return None


def _month(name: str) -> str:
    numbers = [str(n) for n, month in enumerate(MONTHS, 1) if month.lower().startswith(name)]
    return numbers[0] if len(numbers) == 1 else "0"


def _checked(year: str, month: str | None = None, day: str | None = None) -> str | None:
    given = "-".join(part.zfill(2) for part in (year, month, day) if part)
    return given if is_date(given) else None
