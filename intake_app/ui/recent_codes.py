"""The diagnosis codes that this clinic used lately, read from the answers in its records."""

from collections.abc import Iterator, Mapping
from typing import Any

from db import Store
from intake_app.questions import Questionnaire

INTAKES = 20  # as many as were changed last are looked through: about 5 ms


def list_recent_codes(store: Store, questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return the codes of the intakes changed last, each once, those used last first."""
    rows = store.worklist("", INTAKES)
    latest = sorted(rows, key=lambda row: str(row["changed_at"]), reverse=True)
    found = (code for row in latest for code in _find_codes(store.answers(row["intake_id"]), questionnaire))
    return tuple(dict.fromkeys(found))


def _find_codes(answers: Mapping[str, Any], questionnaire: Questionnaire) -> Iterator[str]:
    for question in questionnaire.questions:
        value = answers.get(question.id)
        if question.type == "code" and value:
            yield str(value)
        coded = [field.id for field in question.fields if field.type == "code"]
        for entry in value if coded and isinstance(value, list) else ():
            yield from (str(entry[name]) for name in coded if name in entry)
