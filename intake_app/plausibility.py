"""Answers that cannot all be true: told as faults of a case file, and before a letter is issued."""

from collections.abc import Iterator, Mapping
from typing import Any

from intake_app import dates
from intake_app.case import Case
from intake_app.questions import Question

BMI = (10, 100)  # kg/m²: what is possible
DAYS = {"days": 1, "weeks": 7, "months": 30, "years": 365}
CM_IN_A_METRE = 100


def contradictions(case: Case) -> dict[str, str]:
    """Return what cannot be, with what to do: path to sentence."""
    return dict([*_before_birth(case), *_longer_than_life(case), *_weak_after_examination(case), *_body(case)])


def doubts(case: Case) -> dict[str, str]:
    """Return dates that can be true and are seldom meant, with what to do: path to sentence.

    An examination, a picture or a treatment from before the complaint began may be of an earlier episode.
    """
    onset = case.answers.get("onset")
    if not onset:
        return {}
    began = dates.span(onset)[0]
    return {
        path: f"{what} on {dates.say(day)}, before the symptoms began ({dates.say(onset)}). Check both dates."
        for path, what, day in _dated(case)
        if dates.span(day)[1] < began
    }


def _dated(case: Case) -> Iterator[tuple[str, str, str]]:
    """Yield what belongs to the complaint and has a date: path, words, date."""
    if "examined_on" in case.answers:
        yield "examined_on", "Examined", case.answers["examined_on"]
    for name, field, what in (("treatments", "start", "Treatment begun"), ("imaging", "date", "Picture taken")):
        for at, entry in enumerate(case.entries(name)):
            if field in entry:
                yield f"{name}[{at}].{field}", what, entry[field]


def _weak_after_examination(case: Case) -> Iterator[tuple[str, str]]:
    """Yield muscle groups that are weak only since a day after the examination that found them weak."""
    for at, entry in enumerate(case.entries("motor_grades")):
        examined, since = entry.get("graded_on") or case.answers.get("examined_on"), entry.get("weak_since")
        if examined and since and dates.span(examined)[1] < dates.span(since)[0]:
            words = f"Weak since {dates.say(since)}, and examined before that ({dates.say(examined)})"
            yield f"motor_grades[{at}].weak_since", f"{words}. Correct one of them."


def _before_birth(case: Case) -> Iterator[tuple[str, str]]:
    born = case.patient.get("birth_date")
    if not born:
        return
    for path, question, value in _walk(case):
        if question.type == "date" and dates.span(value)[1] < dates.span(born)[0]:
            yield path, f"{dates.say(value)} is before the birth date ({dates.say(born)}). Correct one of them."


def _longer_than_life(case: Case) -> Iterator[tuple[str, str]]:
    born, unit = case.patient.get("birth_date"), case.answers.get("duration_unit")
    if not born or not unit or "duration" not in case.answers:
        return
    oldest = (case.as_of - dates.span(born)[0]).days
    if case.answers["duration"] * DAYS[unit] > oldest:
        words = f"{case.answers['duration']:g} {unit} is longer than the patient has lived"
        yield "duration", f"{words} (born {dates.say(born)}). Correct one of them."


def _body(case: Case) -> Iterator[tuple[str, str]]:
    height, weight = case.answers.get("height"), case.answers.get("weight")
    if height and weight:
        bmi = weight / (height / CM_IN_A_METRE) ** 2
        if not BMI[0] <= bmi <= BMI[1]:
            given = f"{height:g} cm and {weight:g} kg give a body mass index of {bmi:.1f}"
            yield "weight", f"{given}, which is outside what is possible ({BMI[0]} to {BMI[1]}). Correct one of them."


def _walk(case: Case) -> Iterator[tuple[str, Question, Any]]:
    for name, value in case.answers.items():
        question = case.questionnaire.by_id[name]
        yield name, question, value
        if question.type == "entries":
            for at, entry in enumerate(case.entries(name)):
                yield from _walk_entry(question, entry, f"{name}[{at}]")


def _walk_entry(question: Question, entry: Mapping[str, Any], path: str) -> Iterator[tuple[str, Question, Any]]:
    for field in question.fields:
        if field.id in entry:
            yield f"{path}.{field.id}", field, entry[field.id]
