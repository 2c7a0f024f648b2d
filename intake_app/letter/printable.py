"""Whether every text of a case can be drawn, asked before anything is drawn."""

from collections.abc import Iterator, Mapping
from typing import Any

from intake_app.case import Case
from intake_app.errors import UserError
from intake_app.letter import fonts
from intake_app.questions import Question

Unprintable = tuple[str, str]  # the field in words, and the characters that no font of ours draws


def unprintable(case: Case, **others: Mapping[str, Any]) -> list[Unprintable]:
    """Return the fields of a case, and of mappings such as clinic=..., that hold what no font of ours can draw."""
    texts = [*_patient_texts(case), *_answer_texts(case)]
    for name, fields in others.items():
        texts += [(f"{name.capitalize()}, {key.replace('_', ' ')}", str(value or "")) for key, value in fields.items()]
    return [(where, characters) for where, text in texts if (characters := fonts.missing(text))]


def name_texts(about: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the texts that a letter is composed with besides the case, by what they are called."""
    copies = enumerate(about.get("copies", ()), 1)
    listed = {f"copy {number}": " ".join(map(str, one.values())) for number, one in copies}
    for name, called in (("enclosures", "enclosure"), ("changes", "change")):
        listed |= {f"{called} {number}": text for number, text in enumerate(about.get(name, ()), 1)}
    named = {name: about.get(name) for name in ("signed_by", "reason")}
    return {"clinic": about["clinic"], "recipient": about["recipient"], "letter": named | listed}


def refuse_unprintable(case: Case, **others: Mapping[str, Any]) -> None:
    """Raise a UserError that names every field which cannot be printed."""
    found = unprintable(case, **others)
    if found:
        where = "; ".join(f"“{field}” ({', '.join(f'U+{ord(c):04X}' for c in chars)})" for field, chars in found)
        raise UserError(
            f"{where} cannot be printed: our fonts lack these characters.",
            "Write these fields with letters instead of the characters named, then make the letter again.",
        )


def _patient_texts(case: Case) -> Iterator[tuple[str, str]]:
    for question in case.questionnaire.patient.questions:
        yield question.label, str(case.patient.get(question.id) or "")


def _answer_texts(case: Case) -> Iterator[tuple[str, str]]:
    for name, value in case.answers.items():
        question = case.questionnaire.by_id[name]
        if question.type != "entries":
            yield from _texts(question, value, "")
        for number, entry in enumerate(case.entries(name) if question.type == "entries" else (), 1):
            for field in question.fields:
                yield from _texts(field, entry.get(field.id), f"{question.label} {number}, ")


def _texts(question: Question, value: Any, where: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401  any answer
    if isinstance(value, str):
        yield where + question.label, value
