"""Which questions are asked, and how far a page has come; no screen needed."""

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any

from intake_app.questions import Answer, Page, Question

ANY = "*"  # in shown_when: whatever the answer is


class Progress(Enum):
    """How far a page has come."""

    UNTOUCHED = "not started"
    STARTED = "started"
    DONE = "done"


def shown(questions: Iterable[Question], answers: Mapping[str, Any]) -> list[Question]:
    """Return the questions that the answers so far call for.

    A question under a hidden question is hidden too; one under itself is shown as soon as the program has answered
    it. `answers` may hold more than what is shown.
    """
    visible: dict[str, Question] = {}
    asked = list(questions)
    ids = {question.id for question in asked}
    for question in asked:
        conditions = {name: want for name, want in question.shown_when.items() if name in ids or name in answers}
        if not question.shown_when or any(
            (name in visible or name == question.id or name not in ids) and _holds(answers.get(name), want)
            for name, want in conditions.items()
        ):
            visible[question.id] = question
    return list(visible.values())


def why_hidden(question: Question, labels: Mapping[str, str]) -> str:
    """Say which answers would show a hidden question."""
    ways = [
        f"“{labels.get(name, name)}” is {'answered' if ANY in want else ' or '.join(want)}"
        for name, want in question.shown_when.items()
    ]
    return f"is only asked when {' or '.join(ways)}"


def progress(page: Page, answers: Mapping[str, Any]) -> Progress:
    """Tell how far a page has come: done means that no question shown is open."""
    answered, asked = count(page, answers)
    if not answered:
        return Progress.UNTOUCHED
    return Progress.DONE if answered == asked else Progress.STARTED


def count(page: Page, answers: Mapping[str, Any]) -> tuple[int, int]:
    """Return how many questions of a page are answered, and how many of those shown count."""
    counted = [q.id in answers for q in shown_on(page, answers) if q.id in answers or not q.optional]
    return sum(counted), len(counted)


def shown_on(page: Page, answers: Mapping[str, Any]) -> list[Question]:
    """Return the questions of a page that the answers so far call for."""
    return shown(page.questions, answers)


def _holds(answer: Answer, want: tuple[str, ...]) -> bool:
    if ANY in want:
        return answer is not None
    if isinstance(answer, tuple | list):
        return any(isinstance(one, str) and one in want for one in answer)
    return answer in want if isinstance(answer, str) else False
