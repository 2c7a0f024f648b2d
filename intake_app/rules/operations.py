"""Spine operations in words. All that are recorded were before this letter, whenever the pain began."""

from collections import Counter
from collections.abc import Iterable

from intake_app.factors import Entry
from intake_app.questions import NO
from intake_app.rules.phrases import list_words, quote

COUNTS = ("", "", "two", "three", "four", "five")


def say_operation(entry: Entry) -> str:
    """Return an operation in words: fusion, L4-L5, no hardware, 2019, “TLIF”; "date not stated" where so."""
    kind, own = _kind(entry), quote(entry.words("procedure"))
    named = kind or own or "operation, kind not stated"
    bare = "no hardware" if entry.peek("hardware") == NO else ""
    own = own if kind else ""
    return list_words((named, entry.words("levels"), entry.words("side").lower(), bare, _date(entry), own))


def place_operation(entry: Entry, levels: str = "") -> str:
    """Return where an operation was, of all its levels or of these, and which it is: L4-L5 (fusion, 2019)."""
    kind = _kind(entry) or "operation, kind not stated"
    return f"{levels or entry.words('levels') or 'level not stated'} ({kind}, {_date(entry)})"


def say_operations(entries: Iterable[Entry]) -> str:
    """Return operations in words; those that read the same stand once, with their number."""
    said = Counter(map(say_operation, entries))
    return "; ".join(words if n == 1 else f"{_say_count(n)} operations: {words}" for words, n in said.items())


def _kind(entry: Entry) -> str:
    return " and ".join(filter(None, map(str.lower, entry.words("kind").split(", "))))


def _date(entry: Entry) -> str:
    return entry.words("date") or "date not stated"


def _say_count(number: int) -> str:
    return COUNTS[number] if number < len(COUNTS) else str(number)
