"""One intake, frozen: what rules, letters, exports and threads are given; reads and writes case files."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from intake_app import flow, validation
from intake_app.errors import UserError
from intake_app.questions import NONE, Answer, Page, Question, Questionnaire

DEFAULT_PROFILE = "US-payer-generic"
_PARTS = ("patient", "answers")
Entries = tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Case:
    """One intake on one day.

    `answers` holds what is shown: question id to value, a list to "none" or to a tuple of mappings.
    What a later answer has hidden is in `hidden`; it is kept, and neither rule nor letter sees it. An entry with
    nothing in it is no answer.
    `as_of` is the day on which ages are told and treatments still going on are counted. `profile` names the
    documentation benchmarks that apply.
    """

    questionnaire: Questionnaire = field(repr=False)
    patient: Mapping[str, Any] = field(repr=False)
    answers: Mapping[str, Any] = field(repr=False)
    as_of: date
    hidden: Mapping[str, Any] = field(default_factory=dict, repr=False)
    answered_at: Mapping[str, datetime] = field(default_factory=dict, repr=False)
    profile: str = DEFAULT_PROFILE
    signed: frozenset[str] = frozenset()  # the rules that a clinician has signed

    def entries(self, question_id: str) -> Entries:
        """Return the entries of a list; empty when there are none or nobody has asked."""
        value = self.answers.get(question_id, ())
        return () if value == NONE else value


@dataclass(frozen=True)
class Fault:
    """What is wrong at one place of a case file."""

    path: str
    what: str

    def __str__(self) -> str:
        return f"{self.path}: {self.what}"


class CaseFileError(UserError):
    """Every fault of a case file in one go."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, faults)))


def make_case(
    questionnaire: Questionnaire,
    patient: Mapping[str, Any],
    given: Mapping[str, Any],
    as_of: date,
    answered_at: Mapping[str, datetime] | None = None,
    *,
    profile: str = DEFAULT_PROFILE,
    signed: frozenset[str] = frozenset(),
) -> Case:
    """Return the case for answers as the store or a case file holds them; hidden ones are set apart."""
    known = {q.id: given[q.id] for q in questionnaire.questions if q.id in given}
    visible = {question.id for question in flow.shown(questionnaire.questions, known)}
    frozen = {name: _frozen(questionnaire.by_id[name], known[name]) for name in known if name in visible}
    answers = {name: value for name, value in frozen.items() if value != ()}  # entries begun, and nothing in them
    hidden = {name: value for name, value in given.items() if name not in visible}
    for question in questionnaire.questions:
        if question.type == "entries" and question.id in visible and isinstance(given.get(question.id), list | tuple):
            lost = _hidden_in_entries(question, given[question.id])
            hidden.update(lost)
    known_of = {name: value for name, value in patient.items() if value not in ("", None)}  # the store keeps blanks
    return Case(questionnaire, known_of, answers, as_of, hidden, dict(answered_at or {}), profile, signed)


def read_case_file(text: str, questionnaire: Questionnaire, today: date) -> Case:
    """Return the case of a case file's text; CaseFileError names every fault, its path and what is allowed."""
    try:
        data = json.loads(text, parse_constant=str, object_pairs_hook=_refuse_twice)
    except _TwiceError as error:
        raise CaseFileError([Fault(str(error), "stands twice in one object. Give it once.")]) from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise CaseFileError([Fault(where, "this is not JSON. Write the file as JSON text.")]) from error
    except (RecursionError, ValueError) as error:  # a number of thousands of digits is a ValueError
        fault = Fault("the file", "is nested too deeply, or holds a number that is too long. Write it as plain JSON.")
        raise CaseFileError([fault]) from error
    faults = _faults(data, questionnaire, today)
    if faults:
        raise CaseFileError(faults)
    return make_case(questionnaire, data["patient"], data.get("answers", {}), today)


def write_case_file(case: Case) -> str:
    """Return the text of a case file that reads back as the same case, without what is hidden."""
    data = {"patient": dict(case.patient), "answers": dict(case.answers)}
    return json.dumps(data, ensure_ascii=False, indent=2, default=list) + "\n"


class _TwiceError(ValueError):
    """A key stands twice in one object: one of its values would be lost silently."""


def _refuse_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    for key in keys:
        if keys.count(key) > 1:
            raise _TwiceError(key)
    return dict(pairs)


def _frozen(question: Question, value: Answer) -> Answer:
    if question.type == "entries" and value != NONE:
        shown = (_shown_fields(question, entry) for entry in value)
        return tuple(entry for entry in shown if entry)
    return tuple(value) if isinstance(value, list) else value


def _shown_fields(question: Question, entry: Mapping[str, Any]) -> dict[str, Any]:
    return {f.id: _frozen(f, entry[f.id]) for f in flow.shown(question.fields, entry) if f.id in entry}


def _hidden_in_entries(question: Question, entries: list[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        f"{question.id}[{n}].{name}": value
        for n, entry in enumerate(entries)
        for name, value in entry.items()
        if name != "id" and name not in _shown_fields(question, entry)
    }


def _faults(data: Answer, questionnaire: Questionnaire, today: date) -> list[Fault]:
    if not isinstance(data, dict):
        return [Fault("the file", 'must hold one object: {"patient": {...}, "answers": {...}}.')]
    parts = {"patient": None, "answers": {}, **data}
    found = [Fault(key, "is unknown here. Allowed: patient, answers.") for key in data if key not in _PARTS]
    found += [Fault(part, "must be an object.") for part in _PARTS if not isinstance(parts[part], dict)]
    if found:
        return found
    found = _faults_of_patient(questionnaire.patient, parts["patient"], today)
    return found + _faults_of_answers(tuple(questionnaire.questions), parts["answers"], today, "answers.")


def _faults_of_patient(page: Page, given: Mapping[str, Any], today: date) -> list[Fault]:
    found = _faults_of_answers(page.questions, given, today, "patient.")
    if not given.get("family_name"):
        found.append(Fault("patient.family_name", "is missing. A letter needs the patient's name."))
    return found


def _faults_of_answers(asked: tuple[Question, ...], given: Mapping[str, Any], today: date, prefix: str) -> list[Fault]:
    questions = {question.id: question for question in asked}
    labels = {question.id: question.label for question in asked}
    visible = {question.id for question in flow.shown(asked, given)}
    found = []
    for name, value in given.items():
        path = prefix + name
        if name not in questions:
            found.append(Fault(path, _unknown(name, questions)))
        elif what := validation.problem(questions[name], value, today):
            found.append(Fault(path, what))
        elif name not in visible:
            why = flow.why_hidden(questions[name], labels)
            found.append(Fault(path, f"{why}. Give that answer too, or leave this one out."))
        elif questions[name].type == "entries" and value != NONE:
            for n, entry in enumerate(value):
                found += _faults_of_entry(questions[name], entry, today, f"{path}[{n}]")
    pairs = validation.problem_between(asked, given)
    return found + [Fault(prefix + name, what) for name, what in pairs.items()]


def _faults_of_entry(question: Question, entry: Mapping[str, Any], today: date, path: str) -> list[Fault]:
    if not entry:
        return [Fault(path, f"says nothing. Fill in the {question.item}, or leave it out.")]
    return _faults_of_answers(question.fields, entry, today, f"{path}.")


def _unknown(name: str, questions: Mapping[str, Question]) -> str:
    """Say that there is no such question, and which one may be meant."""
    from difflib import get_close_matches  # noqa: PLC0415  only a file with a fault needs it

    near = get_close_matches(name, questions, n=1)
    meant = f"Did you mean {near[0]}?" if near else "`intake-app questions` lists every id."
    return f"is not a question. {meant}"
