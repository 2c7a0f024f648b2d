"""Why a value cannot be an answer, in a sentence that stands at the field and in a list of faults alike."""

import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from intake_app import codes, dates
from intake_app.questions import Answer, Question

READABLE = 1e12  # numbers from here on are not repeated


def problem(question: Question, value: Answer, today: date) -> str | None:
    """Return why `value` cannot answer `question`, and what can, or None if it can."""
    return _CHECKS[question.type](question, value, today)


def problem_between(fields: tuple[Question, ...], values: Mapping[str, Any]) -> dict[str, str]:
    """Return the dates that precede the date they cannot precede: question id to sentence."""
    found = {}
    labels = {question.id: question.label for question in fields}
    for question in fields:
        start, end = values.get(question.not_before), values.get(question.id)
        if not (question.not_before and dates.is_date(start) and dates.is_date(end)):
            continue
        if dates.span(str(end))[1] < dates.span(str(start))[0]:
            earlier = f"{labels[question.not_before]} ({dates.say(str(start))})"
            found[question.id] = f"{dates.say(str(end))} is before {earlier}. Give the same day or a later one."
    return found


def number_words(number: float) -> str:
    """Return a number as people write it: 12 for 12.0, and 37.5; to twelve figures."""
    return f"{number:.12g}"


def _check_option(question: Question, value: Answer, _today: date) -> str | None:
    allowed = [key for key, _ in question.options]
    if value in allowed and isinstance(value, str):
        return None
    return f"Choose one of: {', '.join(allowed)}."


def _check_options(question: Question, value: Answer, _today: date) -> str | None:
    allowed = [key for key, _ in question.options]
    if not isinstance(value, list | tuple) or not value or any(v not in allowed for v in value):
        return f"Choose one or more of: {', '.join(allowed)}."
    if len(set(value)) < len(value):
        return "Each answer can be given once."
    alone = [v for v in value if v in question.alone]
    if alone and len(value) > 1:
        return f"“{question.option_text(alone[0])}” cannot stand beside another answer."
    return None


def _check_marks(question: Question, value: Answer, _today: date) -> str | None:
    allowed = [key for key, _ in question.options]
    if not isinstance(value, list | tuple) or not value or any(mark not in allowed for mark in value):
        return f"Mark parts of the body with what is felt there, such as {', '.join(allowed[:1])}."
    return "Each mark can be made once." if len(set(value)) < len(value) else None


def _check_number(question: Question, value: Answer, _today: date) -> str | None:
    unit = f" {question.unit}" if question.unit else ""
    low, high = question.min, question.max
    within = low is not None and high is not None
    hint = f"Give a number from {low:g} to {high:g}{unit}." if within else f"Give a number{unit}."
    if not isinstance(value, int | float) or isinstance(value, bool):
        return hint
    if value != value or (low is not None and value < low) or (high is not None and value > high):  # noqa: PLR0124
        words = number_words(value) if abs(value) < READABLE else "This number"
        return f"{words} is outside what is possible. {hint}"
    if round(value, question.decimals) != value:
        places = "1 decimal" if question.decimals == 1 else f"{question.decimals} decimals"
        return f"Give at most {places}." if question.decimals else "Give a whole number."
    return None


def _check_text(question: Question, value: Answer, _today: date) -> str | None:
    if not isinstance(value, str) or not any(_is_seen(c) for c in value):
        return "Give a text."
    if len(value) > question.max_length:
        return (
            f"This text has {len(value):,} characters; {question.max_length:,} fit here."
            " Shorten it, or put the rest into a field for remarks."
        )
    allowed = "\n\t" if question.type == "long_text" else ""
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in allowed for c in value):
        return "This text holds characters that cannot be printed. Type it again."
    return None


def _is_seen(character: str) -> bool:
    return not character.isspace() and unicodedata.category(character) not in ("Cf", "Cc", "Cs")


def _check_date(question: Question, value: Answer, today: date) -> str | None:
    if not isinstance(value, str) or not dates.is_date(value):
        return "Give a date as 2026-05-03, 2026-05 or 2026."
    first, last = dates.span(value)
    if first > today and not question.future:
        return f"{dates.say(value)} is in the future. Give a date up to today, {dates.say_day(today)}."
    if last < dates.EARLIEST:
        return f"{dates.say(value)} is too long ago. Give a year from {dates.EARLIEST.year} on."
    return None


def _check_code(_question: Question, value: Answer, _today: date) -> str | None:
    if isinstance(value, str) and codes.is_listed(value):
        return None
    return (
        f"This is not an ICD-10-CM code of the spine list ({codes.release()}). Write it like M51.26,"
        " or leave the code out and give the diagnosis in words."
    )


def _check_entries(question: Question, value: Answer, _today: date) -> str | None:
    if value == "none" or (isinstance(value, list | tuple) and value and all(isinstance(v, Mapping) for v in value)):
        return None
    return f'Give a list with one object for each {question.item}, or "none" for: {question.none_text}.'


_CHECKS: dict[str, Callable[[Question, Any, date], str | None]] = {
    "yes_no": _check_option,
    "choice": _check_option,
    "choices": _check_options,
    "number": _check_number,
    "scale": _check_number,
    "text": _check_text,
    "long_text": _check_text,
    "date": _check_date,
    "code": _check_code,
    "body_map": _check_marks,
    "entries": _check_entries,
}
