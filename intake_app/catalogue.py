"""The list of every question id, as text for a terminal and as the README's table."""

import re
from collections.abc import Collection, Iterator
from typing import TypedDict

from intake_app import flow
from intake_app.questions import Question, Questionnaire

# What the database calls its own tables.
TABLES = {
    *("answers", "audit", "audit_head", "clinic", "enclosure_pieces", "enclosures", "entries", "intakes", "journal"),
    *("letter_choices", "letters", "listed_enclosures", "patients", "recipients", "settings", "users"),
}
_FORMS = {
    "text": "text",
    "long_text": "text, several lines",
    "date": "date: 2026-05-03, 2026-05 or 2026",
    "code": "ICD-10-CM code of the spine list",
    "scale": "whole number 0 to 10",
    "body_map": "list of region:quality, such as right_calf:numbness; resources/body/body.toml names both",
}


def as_markdown(questionnaire: Questionnaire) -> str:
    """Return one table for each page, every id with what it holds and when it is asked."""
    parts = []
    pages = [("patient", questionnaire.patient), *((f"answers: {p.title}", p) for p in questionnaire.pages)]
    for title, page in pages:
        rows = ["| id | what | allowed | asked when |", "|---|---|---|---|"]
        for path, question in _walk(page.questions):
            cells = (f"`{path}`", question.label, allowed(question), _when(question))
            rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
        parts.append(f"**{title}**\n\n" + "\n".join(rows) + "\n")
    return "\n".join(parts)


def as_text(questionnaire: Questionnaire) -> str:
    """Return one line for each id."""
    pages = [questionnaire.patient, *questionnaire.pages]
    lines = [f"{path}: {allowed(q)}" for page in pages for path, q in _walk(page.questions)]
    return "\n".join(lines) + "\n"


def allowed(question: Question) -> str:
    """Return what a case file may hold for a question."""
    if question.type in ("yes_no", "choice"):
        return ", ".join(key for key, _ in question.options)
    if question.type == "choices":
        return "list of: " + ", ".join(key for key, _ in question.options)
    if question.type == "number":
        unit = f" {question.unit}" if question.unit else ""
        return f"number {question.min:g} to {question.max:g}{unit}"
    if question.type == "entries":
        return f'list of objects, one for each {question.item}; or "none"'
    limit = f", at most {question.max_length:,} characters" if question.type in ("text", "long_text") else ""
    return _FORMS[question.type] + limit


def _walk(questions: tuple[Question, ...], prefix: str = "") -> Iterator[tuple[str, Question]]:
    for question in questions:
        yield prefix + question.id, question
        yield from _walk(question.fields, f"{question.id}[].")


def _when(question: Question) -> str:
    conditions = [
        f"{name} is {'answered' if flow.ANY in want else ' or '.join(want)}"
        for name, want in question.shown_when.items()
    ]
    few = 3
    if len(conditions) > few:
        return f"any of {len(conditions)} answers is yes, such as {next(iter(question.shown_when))}"
    return " or ".join(conditions) or "always"


class ViewShape(TypedDict):
    """One view of the database: a row for each entry of the list `question`, or for each intake if it is ""."""

    entries: bool
    question: str
    columns: list[str]


def view_shape(questionnaire: Questionnaire) -> dict[str, ViewShape]:
    """Return what the database shows as ordinary tables: one for each list, and one for the rest of each page."""
    lists = {q.id: _shape(q.fields, q.id) for q in questionnaire.questions if q.type == "entries"}
    pages = {
        _view_name(page.id, taken=lists): _shape(page.questions, "")
        for page in questionnaire.pages
        if any(q.type != "entries" for q in page.questions)
    }
    return pages | {_view_name(name): shape for name, shape in lists.items()}


def _view_name(name: str, taken: Collection[str] = ()) -> str:
    """Return a name that no table and no list has: a clinic calls its own pages as it likes."""
    plain = re.sub(r"[^a-z0-9_]", "_", name.lower())
    return plain if plain[:1].isalpha() and plain not in TABLES and plain not in taken else f"page_{plain}"


def _shape(questions: tuple[Question, ...], list_id: str) -> ViewShape:
    columns = [q.id for q in questions if q.type != "entries"]
    return {"entries": bool(list_id), "question": list_id, "columns": columns}
