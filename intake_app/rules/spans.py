"""What partial dates can mean: the fewest and the most days or years between two of them."""

from datetime import date, timedelta

from intake_app import dates
from intake_app.factors import Entry, Reader

Days = tuple[date, date]  # the first and the last day that something can have been
MONTH = 365.25 / 12  # days, when a patient gives a length in months
_UNITS = {"days": 1.0, "weeks": 7.0, "months": MONTH, "years": 365.25}


def days_between(earlier: Days, day: date) -> tuple[int, int]:
    """Return the fewest and the most days from a partial date to a day; what lies after the day counts as 0."""
    return max(0, (day - earlier[1]).days), max(0, (day - earlier[0]).days)


def days_since(given: str, day: date) -> tuple[int, int]:
    """Return the fewest and the most days since a date as people give it."""
    return days_between(dates.span(given), day)


def ages(born: str, first: date, last: date) -> tuple[int, int]:
    """Return the youngest and the oldest age in whole years between two days, for a partial birth date."""
    earliest, latest = dates.span(born)
    return _age(latest, first), _age(earliest, last)


def onset(a: Reader) -> Days | None:
    """Return when the complaint began, from its date or else from its length, or None if neither is known."""
    given = a.peek("onset")
    if given:
        first, last = dates.span(given)
        return first, min(last, a.as_of)
    length, unit = a.peek("duration"), a.peek("duration_unit")
    if length is None or unit is None:
        a.leave_open("onset")
        return None
    # "8 weeks" is read as it stands; "3 months" is not taken for a day.
    began = a.as_of - timedelta(days=round(length * _UNITS[unit]))
    return began, began


def within(a: Reader, entry: Entry, field_id: str, days: int) -> bool:
    """Tell whether a date of an entry certainly lies within so many days before today.

    A day is not a time: 72 hours are read as 3 days, today included as day 0, so that a weakness of the third day
    before still counts, which is the more urgent reading. A month that may or may not lie within is left open.
    """
    given = entry[field_id]
    if given is None:
        return False
    fewest, most = days_since(given, a.as_of)
    if most > days >= fewest:
        entry.leave_open(field_id)
    return most <= days


def say_length(fewest: int, most: int) -> str:
    """Return a length in words: 12 days, 8 weeks, 9 months, 8 years; between two where a date is partial."""
    low, high = _length(fewest), _length(most)
    return low if low == high else f"{low} to {high}"


def _length(days: int) -> str:
    for size, unit, least in ((365.25, "year", 2 * 365), (MONTH, "month", 182), (7.0, "week", 14)):
        if days >= least:
            return f"{int(days / size + 0.05)} {unit}s"  # full units; 182 days are 6 months
    return f"{days} day{'' if days == 1 else 's'}"


def _age(born: date, on: date) -> int:
    return max(0, on.year - born.year - ((on.month, on.day) < (born.month, born.day)))
