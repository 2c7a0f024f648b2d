"""Behind the first page: every answer given, what was not asked, and where the sentences come from."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from intake_app import flow
from intake_app.case import Case
from intake_app.factors import GROUPS, Finding
from intake_app.letter import figures
from intake_app.letter.blocks import Answers, Block, Bullets, Heading, PageBreak, Paragraph, Run, Subheading, Text, Zone
from intake_app.letter.left_out import say_left_out
from intake_app.letter.planning import list_missing
from intake_app.letter.sources import LEGEND, References
from intake_app.letter.trace import list_told, say_trace, trace
from intake_app.letter.words import answer_words, end_sentence, join_listed, lower_first
from intake_app.questions import Page, Question

LONG = 90  # characters
SHOWN, WHOLE = 3, 150  # changes that the first page always holds, and how many characters of each
LINE = "\n"
UNITS = {"duration": "duration_unit"}  # questions whose answer is told with that of another
TRACED = "By the numbers under “What the answers add up to”: the rule, its sources, and the answers that it has read."
PREGNANCY = "pregnant"  # a question that is not missing where the patient is a man
INTRODUCTION = (
    "Every answer given, in the order of the questions. Numbers in square brackets are sources. At the end stand the"
    " sources, and for every numbered sentence the rule and the answers that it comes from."
)
STATEMENT = (
    "This document organises information supplied by the patient and existing records. It does not diagnose, recommend"
    " or rule out any treatment. Criteria shown are published references with their sources so the surgeon can review"
    " them. Absence of an item does not mean absence of disease. Decisions rest with the treating clinician after"
    " specialist evaluation."
)


@dataclass(frozen=True, slots=True)
class Edition:
    """What the details say of the letter itself: what it was made with, what is new in it, which pages are left out."""

    made_with: str
    changes: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def compose_details(
    case: Case, findings: tuple[Finding, ...], references: References, edition: Edition
) -> tuple[Block, ...]:
    """Return everything behind the first page."""
    return (
        PageBreak(),
        Heading("Details"),
        Paragraph(INTRODUCTION),
        *_list_changes(edition.changes),
        *_list_patient(case),
        *_list_answers(case),
        *_list_not_asked(case, edition.left_out),
        *_list_missing(case, findings, edition.left_out),
        *say_left_out(case, edition.left_out),
        *_list_findings(findings, references),
        Zone("Statement", (Paragraph(STATEMENT), Paragraph(edition.made_with, small=True))),
        *_list_sources(references),
        *_list_traces(case, findings, references),
    )


def _list_changes(changes: tuple[str, ...]) -> Iterator[Block]:
    if len(changes) > SHOWN or any(len(change) > WHOLE for change in changes):
        yield Zone("Changed", (Bullets(changes, small=True),))


def _list_patient(case: Case) -> Iterator[Block]:
    page = case.questionnaire.patient
    given = {name: value for name, value in case.patient.items() if value not in (None, "")}
    pairs = tuple((q.label, answer_words(q, given[q.id])) for q in page.questions if q.id in given)
    if pairs:
        yield Zone(page.title, (Answers(pairs),))


def _list_answers(case: Case) -> Iterator[Block]:
    for page in case.questionnaire.pages:
        blocks = (*_list_page(case, page), *figures.draw_for_page(case, page.id))
        if blocks:
            yield Zone(page.title, blocks)


def _list_page(case: Case, page: Page) -> Iterator[Block]:
    """Yield a page's sections with their answers; entries of lists follow their question."""
    section = ""
    pairs: list[tuple[str, Text]] = []
    for question in page.questions:
        if question.id not in case.answers:
            continue
        entries = case.entries(question.id) if question.type == "entries" else ()
        if pairs and (entries or question.section != section):
            yield Answers(tuple(pairs))
            pairs = []
        if question.section not in (section, question.label):
            yield Subheading(question.section)
        section = question.section
        if entries:
            yield Answers(((question.label, answer_words(question, entries)),), leads_on=True)
            yield Bullets(tuple(_say_entry(question, entry) for entry in entries), numbered=True, small=True)
        elif question.id not in UNITS.values():
            pairs.append((question.label, _say_answer(case, question)))
    if pairs:
        yield Answers(tuple(pairs))


def _say_answer(case: Case, question: Question) -> str:
    """Return an answer in words, a length with its unit."""
    said = answer_words(question, case.answers[question.id])
    unit = UNITS.get(question.id, "")
    if unit not in case.answers:
        return said
    words = answer_words(case.questionnaire.by_id[unit], case.answers[unit])
    return f"{said} {words}" if said != "1" else f"{said} ({words})"


def _say_entry(question: Question, entry: Mapping[str, Any]) -> Text:
    """Return an entry as running text, its first answer set apart; long answers start a line of their own."""
    parts: list[str | Run] = []
    for field in question.fields:
        if field.id not in entry:
            continue
        words = answer_words(field, entry[field.id])
        if not parts:
            parts.append(Run(words, bold=True))
        else:
            parts.append(f"{LINE if len(words) > LONG else ' · '}{field.label}: {words}")
    left = [
        lower_first(field.label)
        for field in flow.shown(question.fields, entry)
        if field.id not in entry and not field.optional
    ]
    if left:
        gap = LINE if any(LINE in str(part) for part in parts) else " · "
        parts.append(Run(f"{gap if parts else ''}Not recorded: {join_listed(left)}", italic=True))
    return tuple(parts)


def _list_not_asked(case: Case, left_out: Collection[str]) -> Iterator[Block]:
    """Yield the labels of what was shown and not answered, in one paragraph."""
    parts: list[str | Run] = []
    for page in (page for page in case.questionnaire.pages if page.id not in left_out):
        open_ones = [q for q in flow.shown_on(page, case.answers) if q.id not in case.answers and not q.optional]
        left = [question.label for question in open_ones if not _is_beside_the_point(case, question)]
        if left:
            parts += [Run(f"{page.title}: ", bold=True), end_sentence(join_listed(map(lower_first, left))), " "]
    if parts:
        yield Zone("Not asked", (Paragraph(tuple(parts), small=True),))


def _is_beside_the_point(case: Case, question: Question) -> bool:
    return question.id == PREGNANCY and case.patient.get("sex") == "male"


def _list_missing(case: Case, findings: tuple[Finding, ...], left_out: Collection[str]) -> Iterator[Block]:
    if items := list_missing(case, findings, left_out):
        yield Zone("To obtain", (Bullets(tuple(items), small=True),))


def _list_findings(findings: tuple[Finding, ...], references: References) -> Iterator[Block]:
    blocks: list[Block] = []
    numbers: dict[str, int] = {}
    first = 1
    for group, found in groupby(list_told(findings), lambda finding: finding.rule.group):
        said = tuple(_say_finding(f, numbers, number, references) for number, f in enumerate(found, first))
        blocks += [Subheading(GROUPS[group]), Bullets(said, small=True, numbered=True, first=first)]
        first += len(said)
    if blocks:
        yield Zone("What the answers add up to", tuple(blocks))


def _say_finding(finding: Finding, numbers: dict[str, int], number: int, references: References) -> str:
    """Return a sentence with its sources; what an earlier number has said is not said again."""
    earlier = numbers.setdefault(finding.sentence, number)
    said = end_sentence(finding.sentence) if earlier == number else f"{finding.rule.label}: as {earlier}."
    return said + references.mark(finding.rule)


def _list_sources(references: References) -> Iterator[Block]:
    if sources := references.list_sources():
        yield Zone("Sources", (Paragraph(LEGEND, small=True), Bullets(sources, numbered=True, small=True)))


def _list_traces(case: Case, findings: tuple[Finding, ...], references: References) -> Iterator[Block]:
    """Yield for each sentence above, by its number, the rule that says it and the answers that the rule has read."""
    rules = [finding.rule for finding in list_told(findings)]
    traced = trace(findings, case)
    said = tuple(say_trace(one, references.mark(rule)) for one, rule in zip(traced, rules, strict=True))
    if said:
        yield Zone(
            "Where each sentence comes from", (Paragraph(TRACED, small=True), Bullets(said, numbered=True, fine=True))
        )
