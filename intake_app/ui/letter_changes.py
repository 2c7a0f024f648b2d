"""What is new since the last letter, in sentences for the next one."""

import json
from collections.abc import Iterator
from typing import Any

from intake_app.case import Case, make_case
from intake_app.letter.words import answer_words, lower_first, shorten
from intake_app.questions import Answer, Question

LENGTH = 120  # characters of an answer that a line quotes
MOST = 40


def list_changes(earlier: str, case: Case) -> tuple[str, ...]:
    """Return what changed between the case file text of the last letter and a case, in the order of the questions."""
    given = json.loads(earlier)
    before = make_case(case.questionnaire, given["patient"], given.get("answers", {}), case.as_of)
    changes = [*_compare_patient(before, case), *_compare_answers(before, case)]
    rest = len(changes) - MOST
    return (*changes[:MOST], f"and {rest} more changes.") if rest > 0 else tuple(changes)


def _compare_patient(before: Case, after: Case) -> Iterator[str]:
    for question in after.questionnaire.patient.questions:
        yield from _compare(question, before.patient.get(question.id) or None, after.patient.get(question.id) or None)


def _compare_answers(before: Case, after: Case) -> Iterator[str]:
    for question in after.questionnaire.questions:
        old, new = before.answers.get(question.id), after.answers.get(question.id)
        if question.type == "entries" and old != new:
            yield from _compare_lists(question, before, after)
        else:
            yield from _compare(question, old, new)


def _compare(question: Question, old: Answer, new: Answer) -> Iterator[str]:
    if old == new:
        return
    if old is None:
        yield f"{question.label}: now {_say(question, new)}."
    elif new is None:
        yield f"{question.label}: no longer answered."
    else:
        yield f"{question.label}: was {_say(question, old)}, now {_say(question, new)}."


def _compare_lists(question: Question, before: Case, after: Case) -> Iterator[str]:
    old, new = before.entries(question.id), after.entries(question.id)
    if not old and not new:
        yield from _compare(question, before.answers.get(question.id), after.answers.get(question.id))
    for number in range(max(len(old), len(new))):
        name = f"{question.item.capitalize()} {number + 1}"
        if number >= len(old):
            yield f"{name}: added."
        elif number >= len(new):
            yield f"{name}: removed."
        elif old[number] != new[number]:
            labels = [lower_first(f.label) for f in question.fields if _differs(f.id, old[number], new[number])]
            yield f"{name}: changed {', '.join(labels)}."


def _differs(name: str, old: Any, new: Any) -> bool:  # noqa: ANN401 entries
    return bool(old.get(name) != new.get(name))


def _say(question: Question, value: Answer) -> str:
    words = shorten(answer_words(question, value), LENGTH)
    return f"“{words}”" if question.type in ("text", "long_text") else lower_first(words)
