"""Answers in words: the one place that turns a value into what a person reads."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from intake_app import codes, dates
from intake_app.questions import NONE, Answer, Question
from intake_app.rules.phrases import uncapital
from intake_app.validation import number_words

LITTLE = 100  # characters: of a shorter piece it is not said where the rest is, for that takes as much room


def answer_words(question: Question, value: Answer) -> str:
    """Return an answer as a person reads it: with its unit, its date in words, its code explained."""
    return _SAID[question.type](question, value)


def _say_option(question: Question, value: Answer) -> str:
    return question.option_text(value)


def _say_options(question: Question, value: Answer) -> str:
    return join_listed([question.option_text(one) for one in value])


def _say_number(question: Question, value: Answer) -> str:
    return f"{number_words(value)} {question.unit}".strip()


def _say_scale(question: Question, value: Answer) -> str:
    return f"{number_words(value)} out of {number_words(question.max or 0)}"


def _say_text(_question: Question, value: Answer) -> str:
    return str(value)


def _say_date(_question: Question, value: Answer) -> str:
    return dates.say(value) if dates.is_date(value) else str(value)


def _say_code(_question: Question, value: Answer) -> str:
    return f"{value} ({codes.words(value)})" if codes.is_known(value) else str(value)


def _say_marks(question: Question, value: Answer) -> str:
    """Return the marks on a body chart by region: "right calf: numbness, burning; left buttock: pain"."""
    found: dict[str, list[str]] = {}
    for mark in value:
        region, _, quality = question.option_text(mark).partition(": ")
        found.setdefault(region, []).append(quality)
    return "; ".join(f"{region}: {', '.join(filter(None, felt))}".rstrip(": ") for region, felt in found.items())


def _say_entries(question: Question, value: Answer) -> str:
    return question.none_text if value == NONE else f"{len(value)} recorded"


_SAID: dict[str, Callable[[Question, Answer], str]] = {
    "yes_no": _say_option,
    "choice": _say_option,
    "choices": _say_options,
    "number": _say_number,
    "scale": _say_scale,
    "text": _say_text,
    "long_text": _say_text,
    "date": _say_date,
    "code": _say_code,
    "body_map": _say_marks,
    "entries": _say_entries,
}


def inline_words(question: Question, value: Answer) -> str:
    """Return an answer as it stands inside a sentence: our own words begin small, a person's words stay as typed."""
    if question.type == "choices":
        return join_listed([lower_first(question.option_text(one)) for one in value])
    words = answer_words(question, value)
    return words if question.type in ("text", "long_text", "date", "code") else lower_first(words)


def field_words(question: Question, entry: Mapping[str, Any], *names: str) -> list[str]:
    """Return the answers of an entry's fields as they stand in a sentence, in the order of `names`."""
    fields = {field.id: field for field in question.fields}
    return [inline_words(fields[name], entry[name]) for name in names if name in fields and name in entry]


def join_listed(items: Iterable[str]) -> str:
    """Join with commas, or with semicolons where an item has a comma of its own."""
    listed = list(items)
    return ("; " if any("," in item for item in listed) else ", ").join(listed)


def join_and(items: Iterable[str]) -> str:
    """Join as in a sentence: a, b and c."""
    listed = list(items)
    if len(listed) < 2:  # noqa: PLR2004  one needs no joining
        return "".join(listed)
    return f"{', '.join(listed[:-1])} and {listed[-1]}"


def lower_first(text: str) -> str:
    """Begin a text small inside a sentence, unless its first word is a name or an abbreviation such as HbA1c."""
    first = text.split(" ", 1)[0]
    return text if any(char.isdigit() or char.isupper() for char in first[1:]) else uncapital(text)


def end_sentence(text: str) -> str:
    """Return a text with a full stop, unless it ends a sentence already."""
    text = text.rstrip()
    return text if not text or text[-1] in ".?!…" or text.endswith((".”", "?”", "!”")) else f"{text}."


def shorten(text: str, length: int, more: str = "") -> str:
    """Return at most `length` characters, ended at a word and marked; a long piece also says where the rest is."""
    text = " ".join(text.split())
    if len(text) <= length:
        return text
    more = more or (" …" if length < LITTLE else " … (in full in the details)")
    return text[:length].rsplit(" ", 1)[0].rstrip(",;:. ") + more


def quote_whole(text: str, length: int) -> str:
    """Return somebody's own words as a sentence of their own, with the full stop that they have or else ours."""
    return end_sentence(f"“{shorten(text, length)}”")


def say_short(day: str) -> str:
    """Return a partial date with its month cut to three letters: 3 May 2026, 22 Nov 2026."""
    return " ".join(word[:3] if word.isalpha() else word for word in dates.say(day).split())


def say_moment(moment: datetime) -> str:
    """Return a moment in words: 22 November 2026 at 09:40."""
    return f"{dates.say_day(moment.date())} at {moment:%H:%M}"
