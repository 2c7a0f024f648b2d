"""What the panel beside the questions says, without a screen: sections of lines, some of which lead to a question."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from intake_app import flow, handoff
from intake_app.case import Case
from intake_app.factors import GROUPS, LEVELS, Finding, Status, present, urgency
from intake_app.flow import Progress
from intake_app.letter.front_page import list_asked, say_span
from intake_app.letter.planning import head_of, missing_paths, name_entry
from intake_app.letter.words import shorten
from intake_app.questions import Answer, Question

MOST_OPEN = 6  # lines of "still to obtain": what is next, not everything
MOST_FOUND = 12  # lines of a group: the letter has them all
MOST_LETTERS = 400  # of a line
MOST_URGENT_WORDS = 4  # answers named in the banner: the panel has them all
APART = ("red_flags", "completeness")  # groups that have a place of their own
SAFETY = "safety"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the panel; `path` is the question it leads to, `look` how it is marked."""

    text: str
    path: str = ""
    look: str = "summary-text"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its lines; one without lines is not shown."""

    id: str
    title: str
    lines: tuple[Line, ...]


def list_sections(case: Case, findings: tuple[Finding, ...]) -> tuple[Section, ...]:
    """Return everything the panel shows below the urgency, in order."""
    groups = [
        Section(group, title, _list_first(list(present(findings, group)), MOST_FOUND, lambda f: Line(_cut(f.sentence))))
        for group, title in GROUPS.items()
        if group not in APART
    ]
    return (
        Section("red_flags", "Safety questions", tuple(_list_safety(case, findings))),
        Section("completeness", _count_items(findings), tuple(_list_items(findings))),
        Section("open", "Still to obtain", _list_open(case, findings)),
        *groups,
    )


def say_urgency(findings: tuple[Finding, ...]) -> tuple[str, str]:
    """Return the level of the most urgent red flag and its words; "" and what is recorded when there is none."""
    level, _ = urgency(findings)
    return level, LEVELS.get(level, "Urgency: nothing recorded yet")


def find_flagged(case: Case, findings: tuple[Finding, ...], levels: tuple[str, ...] = tuple(LEVELS)) -> tuple[str, ...]:
    """Return the questions whose answers are part of a red flag of these levels, in the order they are asked."""
    flagged = {
        name
        for finding in present(findings, "red_flags")
        if finding.rule.level in levels
        for name in handoff.find_reasons(case, finding)
    }
    return tuple(question.id for question in case.questionnaire.questions if question.id in flagged)


def say_urgent(case: Case, findings: tuple[Finding, ...]) -> str:
    """Return the answers that a clinician is to see now, in the words of the questions; "" if there are none."""
    labels = [case.questionnaire.by_id[name].label for name in find_flagged(case, findings, handoff.URGENT)]
    rest = len(labels) - MOST_URGENT_WORDS
    words = "; ".join([*labels[:MOST_URGENT_WORDS], *([f"and {rest} more"] if rest > 0 else [])])
    return f"{words}." if words else ""


def count_complete(findings: tuple[Finding, ...]) -> tuple[int, int]:
    """Return how many items of a complete referral are known, one way or the other, and of how many."""
    items = [finding for finding in findings if finding.rule.group == "completeness"]
    return sum(item.status is not Status.NOT_ASSESSED for item in items), len(items)


def _list_safety(case: Case, findings: tuple[Finding, ...]) -> Iterator[Line]:
    """Yield what was asked and what was answered yes or unsure, in the words of the questions only."""
    page = next((page for page in case.questionnaire.pages if page.id == SAFETY), None)
    asked = [q for q in flow.shown_on(page, case.answers) if q.type in ("yes_no", "choices")] if page else []
    answered = [q for q in asked if q.id in case.answers]
    if asked:
        left = next((q.id for q in asked if q.id not in case.answers), "")
        yield Line(f"{len(answered)} of {len(asked)} answered", left)
    if asked and len(answered) == len(asked) and not any(_is_telling(q, case.answers[q.id]) for q in asked):
        when = say_span(list_asked(case).values(), "at ")
        yield Line(f"No red-flag answers recorded{f' {when}' if when else '; time not recorded'}")
    flagged = find_flagged(case, findings)
    for name in flagged:
        yield Line(case.questionnaire.by_id[name].label, name, "summary-flag")
    for question in answered:
        if question.id not in flagged and handoff.is_positive(question, case.answers[question.id]):
            yield Line(f"Yes: {question.label}", question.id)
        elif _is_unsure(question, case.answers[question.id]):
            yield Line(f"Unsure: {question.label}", question.id)


def _is_telling(question: Question, value: Answer) -> bool:
    return handoff.is_positive(question, value) or _is_unsure(question, value)


def _is_unsure(question: Question, value: Answer) -> bool:
    return bool(set(_as_texts(value)) & set(question.unsure))


def _as_texts(value: Answer) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, tuple | list) else (str(value),)


def _count_items(findings: tuple[Finding, ...]) -> str:
    known, total = count_complete(findings)
    return f"Complete referral: {known} of {total}"


def _list_items(findings: tuple[Finding, ...]) -> Iterator[Line]:
    for finding in findings:
        if finding.rule.group == "completeness":
            is_known = finding.status is not Status.NOT_ASSESSED
            path = "" if is_known else next(iter(finding.missing), "")
            yield Line(finding.rule.label, path, "item-known" if is_known else "item-open")


def _list_open(case: Case, findings: tuple[Finding, ...]) -> tuple[Line, ...]:
    """Return what rules looked for and did not find, on pages already begun."""
    begun = {
        question.id
        for page in case.questionnaire.pages
        if flow.progress(page, case.answers) is not Progress.UNTOUCHED
        for question in flow.shown_on(page, case.answers)
    }
    wanted = [path for path in missing_paths(case, findings) if head_of(path) in begun]
    return _list_first(wanted, MOST_OPEN, lambda path: Line(_name_path(case, path), path))


def _cut(sentence: str) -> str:
    """Return a sentence that the panel can hold: one about hundreds of entries takes a long time to draw."""
    return shorten(sentence, MOST_LETTERS, " … (in full in the letter)")


def _list_first(found: list[T], most: int, say: Callable[[T], Line]) -> tuple[Line, ...]:
    """Return lines for the first of what was found, and how many there are besides: those need no words."""
    rest = len(found) - most
    return (*map(say, found[:most]), *([Line(f"and {rest} more")] if rest > 0 else []))


def _name_path(case: Case, path: str) -> str:
    """Return a path in words: End date of ibuprofen."""
    label = case.questionnaire.find(path).label
    head, bracket, rest = path.partition("[")
    if not bracket:
        return label
    question = case.questionnaire.by_id[head]
    entry = case.entries(head)[int(rest.partition("]")[0])]
    return f"{label} of {name_entry(question, entry)}"
