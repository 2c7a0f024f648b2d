"""Invented patients, for trying the program and for its pictures. Their dates move along with the calendar.

Each is a case file in resources/demo, written as if the day were WRITTEN_FOR.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from intake_app import dates, paths
from intake_app.case import Case, read_case_file
from intake_app.questions import Question, Questionnaire

WRITTEN_FOR = date(2026, 11, 22)
ASKED_AT = time(9, 30)  # on the clinic's wall
CLINIC = {
    "name": "Harbour Spine Clinic (demo)",
    "address": "1 Quayside\nMillbrook\nPhone 555-0199, fax 555-0198",
}
RECIPIENT = {
    "name": "Dr Amara Lindgren",
    "role": "Spine surgeon",
    "clinic": "Northgate Hospital (demo)",
    "address": "200 Northgate Road\nMillbrook",
    "phone": "555-0170",
    "fax": "555-0171",
}


def cases(questionnaire: Questionnaire, today: date) -> Mapping[str, Case]:
    """Return the invented patients by name, each as far from today as it was written from WRITTEN_FOR."""
    found = {}
    for path in sorted((paths.resources() / "demo").glob("*.json")):
        data = json.loads(path.read_text("utf-8"))
        _shift(questionnaire.patient.questions, data["patient"], today - WRITTEN_FOR)
        _shift(questionnaire.questions, data["answers"], today - WRITTEN_FOR)
        case = read_case_file(json.dumps(data), questionnaire, today)
        asked = datetime.combine(today, ASKED_AT).astimezone()
        found[path.stem.partition("_")[2]] = replace(case, answered_at=dict.fromkeys(case.answers, asked))
    return found


def _shift(questions: Iterable[Question], answers: dict[str, Any], by: timedelta) -> None:
    for question in questions:
        value = answers.get(question.id)
        if question.type == "date" and value:
            answers[question.id] = _shift_date(value, by)
        elif question.type == "entries" and isinstance(value, list):
            for entry in value:
                _shift(question.fields, entry, by)


def _shift_date(given: str, by: timedelta) -> str:
    """Move a date and keep it as precise as it was."""
    first, last = dates.span(given)
    middle = first + (last - first) / 2
    return (middle + by).isoformat()[: len(given)]
