"""The rule engine: what the answers add up to, and who says so; no clinical content.

A rule is a plain function from answers to a sentence, or to None. It does not deal with missing answers:
`evaluate` records every answer the rule reads, so a rule that stays silent after meeting a blank or an
"unsure" is reported as not assessed, never as absent.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any

from intake_app import dates, flow
from intake_app.case import Case
from intake_app.questions import NONE, Answer, Question

GROUPS = {
    "red_flags": "Red flags",
    "conservative_care": "Conservative care",
    "indication": "Conditions and context",
    "neurology": "Neurology",
    "concordance": "Agreement of sides and levels",
    "complexity": "Complexity",
    "health": "Overall health",
    "scores": "Scores",
    "completeness": "Referral completeness",
}
LEVELS = {
    "R0": "Emergency now",
    "R1": "Same-day clinician call",
    "R2": "See within 30 days",
    "R3": "See within 90 days",
    "R4": "Routine",
}


class Status(Enum):
    """What a rule could tell from the answers."""

    PRESENT = "present"
    ABSENT = "absent"
    NOT_ASSESSED = "not assessed"


class Absent(str):
    """A sentence that explains why something is not there; the rule is silent otherwise."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One factor. `needs_sign_off` ships off until a clinician signs it; `level` is a red flag's urgency.

    `tag` is the evidence of the rule itself where that of its sources says too much: a combination of our own.
    """

    id: str
    group: str
    label: str
    cites: tuple[str, ...]
    level: str
    needs_sign_off: bool
    says: Callable[["Reader"], str | None]
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule found. `read` and `missing` are paths such as `leg_pain` or `treatments[0].end_date`."""

    rule: Rule
    status: Status
    sentence: str
    read: tuple[str, ...]
    missing: tuple[str, ...]


RULES: dict[str, Rule] = {}


def rule(
    group: str, *cites: str, level: str = "", needs_sign_off: bool = False, tag: str = ""
) -> Callable[[Callable[["Reader"], str | None]], Callable[["Reader"], str | None]]:
    """Register a function as a rule: its name is the permanent id, its docstring the label."""

    def register(says: Callable[["Reader"], str | None]) -> Callable[["Reader"], str | None]:
        name, label = says.__name__, (says.__doc__ or "").strip().rstrip(".")
        if name in RULES or group not in GROUPS or not label:
            message = f"Rule {name}: the name must be new, the group known and the docstring there"
            raise ValueError(message)
        RULES[name] = Rule(name, group, label, cites, level, needs_sign_off, says, tag)
        return says

    return register


@dataclass(frozen=True, slots=True)
class Known:
    """What one evaluation has worked out already: the fields of lists by id, and what rules found."""

    fields: dict[str, Mapping[str, Question]] = field(default_factory=dict)
    findings: dict[str, Finding] = field(default_factory=dict)


class Reader:
    """Answers that remember which of them were looked at, and which of those told nothing."""

    def __init__(self, case: Case, known: Known | None = None) -> None:
        self._case, self._known = case, known or Known()
        self.read: dict[str, bool] = {}  # path -> whether it told something

    @property
    def as_of(self) -> date:
        """The day on which ages and running treatments are counted."""
        return self._case.as_of

    @property
    def profile(self) -> str:
        """The benchmark profile that applies."""
        return self._case.profile

    def patient(self, name: str) -> Answer:
        """Return what the patient is known by, such as `birth_date`, or None."""
        value = self._case.patient.get(name)
        self.read[f"patient.{name}"] = value is not None
        return value

    def __getitem__(self, question_id: str) -> Answer:
        """Return an answer, or None when it is blank or "unsure"; KeyError for an unknown question."""
        question = self._case.questionnaire.by_id[question_id]
        return self.note(question_id, question, self._case.answers.get(question_id))

    def peek(self, question_id: str) -> Answer:
        """Return an answer whose absence changes nothing; None when it is blank or "unsure"."""
        return self[question_id] if _tells(self._case, question_id) else None

    def words(self, question_id: str) -> str:
        """Return the words of an answer for a sentence, "" when it tells nothing; its absence changes nothing."""
        return _words(self._case.questionnaire.by_id[question_id], self.peek(question_id))

    def is_blank(self, question_id: str) -> bool:
        """Tell whether nobody has answered a question, not even with "unsure"."""
        return self._case.answers.get(question_id) is None

    def asked_on(self, page_id: str, types: tuple[str, ...]) -> tuple[str, ...]:
        """Return the questions of some types that the answers so far call for on a page."""
        pages = (page for page in self._case.questionnaire.pages if page.id == page_id)
        shown = (flow.shown_on(page, self._case.answers) for page in pages)
        return tuple(question.id for asked in shown for question in asked if question.type in types)

    def label(self, question_id: str) -> str:
        """Return the short name of a question."""
        return self._case.questionnaire.by_id[question_id].label

    def option_text(self, question_id: str, option: str) -> str:
        """Return the words of one option of a question."""
        return self._case.questionnaire.by_id[question_id].option_text(option)

    def ask(self, rule_: Rule, *, with_blanks: bool = False) -> str | None:
        """Return what another rule finds present: what told it something is remembered here, its blanks on request.

        A rule that waits for a signature says nothing.
        """
        if not _is_on(rule_, self._case):
            return None
        found = self._known.findings.get(rule_.id) or evaluate(rule_, self._case, self._known)
        blanks = set(found.missing)
        for path in found.read:
            if path not in blanks:
                self.read.setdefault(path, True)
            elif with_blanks:
                self.read[path] = False
        return found.sentence if found.status is Status.PRESENT else None

    def leave_open(self, path: str) -> None:
        """Mark an answer that is there but too vague to tell: a silent rule is then not assessed."""
        self.read[path] = False

    def entries(self, question_id: str) -> tuple["Entry", ...] | None:
        """Return the entries of a list, () when it is said to be empty, None when nobody has asked."""
        question = self._case.questionnaire.by_id[question_id]
        value = self._case.answers.get(question_id)
        self.read[question_id] = bool(value)
        if not value or value == NONE:
            return () if value else None
        fields = self._known.fields.get(question_id)
        if fields is None:
            fields = self._known.fields[question_id] = {f.id: f for f in question.fields}
        return tuple(Entry(self, f"{question_id}[{n}]", fields, entry) for n, entry in enumerate(value))

    def note(self, path: str, question: Question, value: Answer) -> Answer:
        """Remember that an answer was read; return it, or None when it tells nothing."""
        told = _told(question, value)
        if told is None:
            self.read[path] = False
        else:
            self.read.setdefault(path, True)  # what is left open stays open
        return told


class Entry:
    """One entry of a list, read with the same care."""

    def __init__(self, reader: Reader, path: str, fields: Mapping[str, Question], given: Mapping[str, Any]) -> None:
        self._reader, self.path, self._fields, self._given = reader, path, fields, given

    @property
    def as_of(self) -> date:
        """The day of the case, as the reader has it."""
        return self._reader.as_of

    def __getitem__(self, field_id: str) -> Answer:
        """Return an answer, or None when it is blank or "unsure"; KeyError for an unknown field."""
        return self._reader.note(f"{self.path}.{field_id}", self._fields[field_id], self._given.get(field_id))

    def peek(self, field_id: str) -> Answer:
        """Return an answer whose absence changes nothing; None when it is blank or "unsure"."""
        told = _told(self._fields[field_id], self._given.get(field_id))
        if told is not None:
            self._reader.read.setdefault(f"{self.path}.{field_id}", True)
        return told

    def words(self, field_id: str) -> str:
        """Return the words of an answer for a sentence, "" when it tells nothing; its absence changes nothing."""
        return _words(self._fields[field_id], self.peek(field_id))

    def option_text(self, field_id: str, option: str) -> str:
        """Return the words of one option of a field."""
        return self._fields[field_id].option_text(option)

    def is_blank(self, field_id: str) -> bool:
        """Tell whether nobody has answered a field, not even with "unsure"."""
        return self._given.get(field_id) is None

    def leave_open(self, field_id: str) -> None:
        """Mark an answer that is there but too vague to tell: a silent rule is then not assessed."""
        self._reader.leave_open(f"{self.path}.{field_id}")


def _told(question: Question, value: Answer) -> Answer:
    """Return an answer, or None when it tells a rule as little as a blank."""
    if isinstance(value, tuple):
        return value if any(one not in question.unsure for one in value) else None
    return None if value in question.unsure else value


def _is_on(rule_: Rule, case: Case) -> bool:
    return not rule_.needs_sign_off or rule_.id in case.signed


def _tells(case: Case, question_id: str) -> bool:
    question = case.questionnaire.by_id[question_id]
    return _told(question, case.answers.get(question_id)) is not None


def _words(question: Question, value: Answer) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ", ".join(map(question.option_text, value))
    if isinstance(value, int | float):
        return f"{value:g} {question.unit}".strip()
    if question.type == "date":
        return dates.say(value)
    return question.option_text(value)


def evaluate(rule_: Rule, case: Case, known: Known | None = None) -> Finding:
    """Return what one rule finds in a case; `known` is shared by the rules of one evaluation."""
    known = known or Known()
    reader = Reader(case, known)
    sentence = rule_.says(reader)
    missing = tuple(path for path, told in reader.read.items() if not told)
    if sentence is not None and not isinstance(sentence, Absent):
        status = Status.PRESENT
    else:
        status = Status.NOT_ASSESSED if missing else Status.ABSENT
    found = Finding(rule_, status, str(sentence or ""), tuple(reader.read), missing)
    known.findings[rule_.id] = found
    return found


def evaluate_all(case: Case) -> tuple[Finding, ...]:
    """Return what every rule finds, in the order of registration; rules that wait for a signature stay off."""
    known = Known()
    return tuple(known.findings.get(r.id) or evaluate(r, case, known) for r in RULES.values() if _is_on(r, case))


def present(findings: tuple[Finding, ...], group: str) -> Iterator[Finding]:
    """Yield the findings of a group that are there."""
    return (f for f in findings if f.rule.group == group and f.status is Status.PRESENT)


def urgency(findings: tuple[Finding, ...]) -> tuple[str, tuple[Finding, ...]]:
    """Return the most urgent level among the red flags found, and the findings at that level; "" if none."""
    flags = [f for f in present(findings, "red_flags") if f.rule.level]
    level = min((f.rule.level for f in flags), default="")
    return level, tuple(f for f in flags if f.rule.level == level)
