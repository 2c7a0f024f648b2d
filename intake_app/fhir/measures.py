"""Answers that are measurements, findings and totals of questionnaires: Observations."""

from collections.abc import Iterator, Mapping
from typing import Any

from intake_app.fhir.elements import (
    Resource,
    Subject,
    code,
    concept,
    fill,
    quantity,
    read_mapping,
    say,
    say_fields,
    say_rest,
    tidy,
)
from intake_app.questions import NONE, Answer, Question

VITAL_SIGNS = "vital-signs"  # the category whose profile FHIR itself prescribes
Grouped = tuple[str, Resource]  # the group of resources/fhir/sections.toml, and the resource


def make_observations(subject: Subject) -> Iterator[Grouped]:
    """Yield what was measured, found and scored; nothing that was not answered."""
    mapping = read_mapping("observations")
    for row in mapping["answer"]:
        if _tells(subject, row["question"]):
            yield row["group"], _observe_answer(subject, row)
    yield from _derive_bmi(subject, next(row for row in mapping["answer"] if row["question"] == "bmi"))
    for row in mapping["entry"]:
        for number, entry in enumerate(subject.case.entries(row["list"])):
            if entry.get(row["value"]) is not None:
                yield row["group"], _observe_entry(subject, row, number, entry)
    for number, entry in enumerate(subject.case.entries("scores")):
        for row in mapping["score"]:
            total = _total(row, entry) if row["instrument"] == entry.get("instrument") else None
            if total is not None:
                yield "score", _observe_score(subject, row, number, entry, total)


def _tells(subject: Subject, name: str) -> bool:
    question = subject.case.questionnaire.by_id.get(name)
    return question is not None and subject.case.answers.get(name) not in (None, *question.unsure)


def _observe_answer(subject: Subject, row: Mapping[str, Any]) -> Resource:
    case, name = subject.case, row["question"]
    question = case.questionnaire.by_id[name]
    noted = row.get("note", "")
    note = [{"text": tidy(case.answers[noted])}] if noted in case.answers else []
    site = ", ".join(filter(None, (row.get("site"), _words(subject, row.get("side", "")))))
    return fill(
        subject.start("Observation", name),
        status="final",
        category=[{"coding": [code("observation_category", row["category"])]}],
        code=_code(row, name, question.label),
        subject=subject.patient,
        effectiveDateTime=case.answers.get(row.get("date", "")) or _say_told(subject, row, name),
        performer=_performer(subject, row),
        **_value(question, case.answers[name]),
        bodySite=concept(site),
        note=note,
    )


def _derive_bmi(subject: Subject, row: Mapping[str, Any]) -> Iterator[Grouped]:
    """Yield the body mass index that height and weight make, where nobody gave it as such."""
    case = subject.case
    if not {"height", "weight"} <= case.answers.keys() or "bmi" in case.answers:
        return
    question = case.questionnaire.by_id["bmi"]
    value = round(case.answers["weight"] / (case.answers["height"] / 100) ** 2, 1)
    yield (
        row["group"],
        subject.start("Observation", "bmi")
        | {
            "status": "final",
            "category": [{"coding": [code("observation_category", row["category"])]}],
            "code": _code(row, "bmi", question.label),
            "subject": subject.patient,
            "effectiveDateTime": _say_told(subject, row, "height", "weight"),
            "valueQuantity": quantity(value, question.unit),
            "derivedFrom": [{"reference": subject.name(name)} for name in ("height", "weight")],
        },
    )


def _say_told(subject: Subject, row: Mapping[str, Any], *names: str) -> str:
    """Return of a vital sign the day it was told: its profile wants the time at which it is asserted as being true."""
    if row["category"] != VITAL_SIGNS:
        return ""
    told = [subject.case.answered_at[name].date() for name in names if name in subject.case.answered_at]
    return max(told, default=subject.case.as_of).isoformat()


def _observe_entry(subject: Subject, row: Mapping[str, Any], number: int, entry: Mapping[str, Any]) -> Resource:
    question = subject.case.questionnaire.by_id[row["list"]]
    used = (row["value"], *row["site"], row.get("date", ""))
    examined = {"date": "examined_on", "by": "examined_by"}
    return fill(
        subject.start("Observation", f"{question.id}[{number}]"),
        status="final",
        category=[{"coding": [code("observation_category", row["category"])]}],
        code=concept(question.label, code("own", question.id, question.label)),
        subject=subject.patient,
        effectiveDateTime=entry.get(row.get("date", "")) or subject.case.answers.get("examined_on", ""),
        performer=_performer(subject, examined),
        **_value(_field(question, row["value"]), entry[row["value"]]),
        bodySite=concept(say_fields(question, entry, row["site"])),
        note=say_rest(question, entry, used),
    )


def _observe_score(
    subject: Subject, row: Mapping[str, Any], number: int, entry: Mapping[str, Any], total: float
) -> Resource:
    question = subject.case.questionnaire.by_id["scores"]
    name = row.get("field", row["instrument"])
    field = _field(question, name) if "field" in row else None
    label = field.label if field else say_fields(question, entry, ("instrument",))  # an instrument may have two totals
    site = row.get("site", "")
    used = (name, "instrument", "date", site, *row.get("sum", ()), row.get("count", ""))
    return fill(
        subject.start("Observation", f"scores[{number}].{name}"),
        status="final",
        category=[{"coding": [code("observation_category", "survey")]}],
        code=_code(row, name, label),
        subject=subject.patient,
        effectiveDateTime=entry.get("date", ""),
        valueQuantity=quantity(total, field.unit if field else ""),
        bodySite=concept(say_fields(question, entry, (site,))),
        note=say_rest(question, entry, used),
    )


def _total(row: Mapping[str, Any], entry: Mapping[str, Any]) -> float | None:
    """Return the total as entered, counted or added up; None when an answer for it is missing."""
    if "field" in row:
        return entry.get(row["field"])
    if "count" in row:
        ticked = entry.get(row["count"])
        return None if ticked is None else sum(one != NONE for one in ticked)
    items = [entry.get(name) for name in row["sum"]]
    return None if None in items else sum(int(item) for item in items if item is not None)


def _value(question: Question, value: Answer) -> Resource:
    if question.type == "scale":
        return {"valueInteger": int(value)}
    if question.type == "number":
        return {"valueQuantity": quantity(value, question.unit)}
    return {"valueCodeableConcept": concept(say(question, value), *_options(question, value))}


def _options(question: Question, value: Answer) -> list[Resource]:
    chosen = value if isinstance(value, list | tuple) else (value,)
    options = dict(question.options)
    return [code("answer", one, options[one]) for one in chosen if isinstance(one, str) and one in options]


def _code(row: Mapping[str, Any], name: str, label: str) -> Resource:
    own = code("own", name, label)
    return concept(label, *([code("loinc", *row["loinc"])] if "loinc" in row else []), own)


def _performer(subject: Subject, row: Mapping[str, Any]) -> list[Resource]:
    words = _words(subject, row.get("by", ""))
    return [{"display": words}] if words else []


def _words(subject: Subject, name: str) -> str:
    answers = subject.case.answers
    return tidy(say(subject.case.questionnaire.by_id[name], answers[name])) if name in answers else ""


def _field(question: Question, name: str) -> Question:
    return next(field for field in question.fields if field.id == name)
