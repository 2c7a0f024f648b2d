"""Spine operations in words. All that are recorded were before this letter, whenever the pain began."""

from collections import Counter
from collections.abc import Iterable

from intake_app.factors import Entry
from intake_app.questions import NO
from intake_app.rules.phrases import list_words, quote

COUNTS = ("", "", "two", "three", "four", "five")


def say_operation(entry: Entry) -> str:
    """Return an operation in words: fusion, L4-L5, no hardware, 2019, “TLIF”; "date not stated" where so."""
    kind = " and ".join(filter(None, map(str.lower, entry.words("kind").split(", "))))
    own = quote(entry.words("procedure"))
    named = kind or own or "operation, kind not stated"
    bare = "no hardware" if entry.peek("hardware") == NO else ""
    date = entry.words("date") or "date not stated"
    return list_words((named, entry.words("levels"), entry.words("side").lower(), bare, date, own if kind else ""))


def say_operations(entries: Iterable[Entry]) -> str:
    """Return operations in words; those that read the same stand once, with their number."""
    said = Counter(map(say_operation, entries))
    return "; ".join(words if n == 1 else f"{_say_count(n)} operations: {words}" for words, n in said.items())


def _say_count(number: int) -> str:
    return COUNTS[number] if number < len(COUNTS) else str(number)
