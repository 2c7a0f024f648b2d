"""What is new since the last letter, in sentences for the next one: every answer, old and new, and nothing left out."""

from collections.abc import Collection, Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any

from intake_app.case import Case
from intake_app.letter.left_out import ALWAYS
from intake_app.letter.planning import name_entry
from intake_app.letter.words import answer_words, lower_first, shorten
from intake_app.questions import Answer, Question

LENGTH = 120  # characters of an answer that a line quotes; the details have it whole


def list_changes(before: Case, after: Case, left_out: Collection[str] = ()) -> tuple[str, ...]:
    """Return what changed between the case of the last letter and a case, in the order of the questions.

    Of pages that are left out of the new letter nothing is told, as if they had not changed.
    """
    changes: list[str] = []
    for question in after.questionnaire.patient.questions:
        changes += _compare(question, before.patient.get(question.id) or None, after.patient.get(question.id) or None)
    for page in after.questionnaire.pages:
        for question in page.questions:
            if page.id not in left_out or question.id in ALWAYS:
                changes += _compare_answers(question, before, after)
    return tuple(changes)


def _compare_answers(question: Question, before: Case, after: Case) -> Iterator[str]:
    old, new = before.answers.get(question.id), after.answers.get(question.id)
    if question.type == "entries" and (before.entries(question.id) or after.entries(question.id)):
        yield from _compare_lists(question, before.entries(question.id), after.entries(question.id))
    else:
        yield from _compare(question, old, new)


def _compare(question: Question, old: Answer, new: Answer) -> Iterator[str]:
    if old == new:
        return
    if old is None:
        yield f"{question.label}: now {_say(question, new)}."
    elif new is None:
        yield f"{question.label}: was {_say(question, old)}, no longer answered."
    else:
        yield f"{question.label}: was {_say(question, old)}, now {_say(question, new)}."


def _compare_lists(
    question: Question, old: tuple[Mapping[str, Any], ...], new: tuple[Mapping[str, Any], ...]
) -> Iterator[str]:
    """Yield entries added, removed and changed; one in the middle that went does not change those behind it."""
    names = [[_name(question, entry) for entry in entries] for entries in (old, new)]
    for kind, a, b, c, d in SequenceMatcher(None, names[0], names[1], autojunk=False).get_opcodes():
        pairs = min(b - a, d - c) if kind != "equal" else b - a
        for step in range(pairs):
            yield from _compare_entries(question, old[a + step], new[c + step], c + step + 1)
        for entry in old[a + pairs : b]:
            yield f"{question.label}: removed {_name(question, entry)}."
        for entry in new[c + pairs : d]:
            yield f"{question.label}: added {_name(question, entry)}."


def _compare_entries(question: Question, old: Mapping[str, Any], new: Mapping[str, Any], number: int) -> Iterator[str]:
    for field in question.fields:
        for change in _compare(field, old.get(field.id), new.get(field.id)):
            yield f"{question.item.capitalize()} {number} ({_name(question, new)}), {lower_first(change)}"


def _name(question: Question, entry: Mapping[str, Any]) -> str:
    return name_entry(question, {name: value for name, value in entry.items() if name != "id"})


def _say(question: Question, value: Answer) -> str:
    words = shorten(answer_words(question, value), LENGTH, " …")
    return f"“{words}”" if question.type in ("text", "long_text") else lower_first(words)
