"""Spine operations in words, and whether one belongs to the present episode instead of to the time before it."""

import re
from collections import Counter
from collections.abc import Iterable

from intake_app import dates
from intake_app.factors import Entry, Reader
from intake_app.questions import NO
from intake_app.rules import spans
from intake_app.rules.phrases import list_words, quote

COUNTS = ("", "", "two", "three", "four", "five")
# How a record without a date says that the operation was for what the patient has come with.
OF_NOW = re.compile(r"\b(?:emergency|urgent\w*|presentation|this (?:admission|episode)|same day)\b", re.IGNORECASE)


def say_operation(entry: Entry) -> str:
    """Return an operation in words: fusion, L4-L5, no hardware, 2019; "date not stated" where that is so."""
    kind = " and ".join(filter(None, map(str.lower, entry.words("kind").split(", "))))
    kind = kind or quote(entry.words("procedure")) or "operation, kind not stated"
    bare = "no hardware" if entry.peek("hardware") == NO else ""
    date = entry.words("date") or "date not stated"
    return list_words((kind, entry.words("levels"), entry.words("side").lower(), bare, date))


def say_operations(entries: Iterable[Entry]) -> str:
    """Return operations in words; those that read the same stand once, with their number."""
    said = Counter(map(say_operation, entries))
    return "; ".join(words if n == 1 else f"{_say_count(n)} operations: {words}" for words, n in said.items())


def is_of_now(a: Reader, entry: Entry) -> bool:
    """Tell whether an operation is of this episode: on or after its first day, or by the words of the record.

    Without a date or without an onset only the words can tell; their absence changes nothing.
    """
    given = entry.peek("date")
    if not given:
        return bool(OF_NOW.search(entry.peek("procedure") or ""))
    if a.peek("onset") is None and (a.peek("duration") is None or a.peek("duration_unit") is None):
        return False
    began = spans.onset(a)
    return began is not None and dates.span(given)[0] >= began[1]


def _say_count(number: int) -> str:
    return COUNTS[number] if number < len(COUNTS) else str(number)
