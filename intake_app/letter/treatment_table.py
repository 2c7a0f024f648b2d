"""What was tried, as a table for the first page: a line each, injections of one kind on one line."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from intake_app.case import Case
from intake_app.letter.blocks import Block, Column, Paragraph, Table, Text, say_rest
from intake_app.letter.history import is_before_onset
from intake_app.letter.timeline import KINDS
from intake_app.letter.words import field_words, join_listed, lower_first, say_short, shorten
from intake_app.questions import YES, Question
from intake_app.rules.ledger import Course, is_as_needed, ledger, weeks
from intake_app.rules.phrases import capital
from intake_app.validation import number_words

DASH = "\N{EN DASH}"
YEAR_LENGTH = 4  # characters
DAYS_IN_A_WEEK = 7
ROWS = 8  # of the table on the first page where there is room; the details hold them all
NAME_LENGTH = 110
FEW = 3  # injections of one kind that are told one by one
STEM = 4  # letters by which two words are the same: brace and bracing, injection and injections
LEVEL = re.compile(r"\b[CTLS]\d")
ZONE = "Treatments tried so far"
_EVIDENCE = {"patient_report": "patient", "record_seen": "record", "note_attached": "note"}
_WHAT, _WHEN, _WEEKS, _SESSIONS, _RESULT = range(5)
_COLUMNS = (
    Column("What", 15.8),
    Column(f"From {DASH} to", 9.2),
    Column("Weeks", 3.2),
    Column("Sessions", 3.6),
    Column("Result", 9.2),
    Column("Evidence", 4.4),
)


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the table, what kind of treatment it is, and of how many entries it tells."""

    kind: str
    count: int
    cells: tuple[str, ...]


def list_treatments(case: Case, rows: int = ROWS, *, as_table: bool = True) -> tuple[Block, ...]:
    """Return what was tried as a table, at most so many lines, and which kinds the others are; else in sentences."""
    question = case.questionnaire.by_id["treatments"]
    entries = case.entries("treatments")
    if not entries:
        said = question.none_text if question.id in case.answers else "Treatments tried: not asked"
        return (Paragraph(f"{said}."),)
    lines = [_say_line(case, question, group) for group in _group(case)]
    shown = _choose(lines, rows)
    left = [line for line in lines if line not in shown]
    rows_of = [line.cells for line in shown]
    return (_make_table(rows_of) if as_table else _tell(rows_of), *_say_left(left))


def _group(case: Case) -> list[list[tuple[Course, Mapping[str, Any]]]]:
    """Return the treatments with injections of one kind together, those in the order of their dates."""
    groups: dict[str, list[tuple[Course, Mapping[str, Any]]]] = {}
    for course, entry in zip(ledger(case), case.entries("treatments"), strict=True):
        groups.setdefault(course.category if course.is_event else str(course.number), []).append((course, entry))
    for group in groups.values():
        group.sort(key=lambda one: one[1].get("start", ""))
    return list(groups.values())


def _choose(lines: list[_Line], rows: int) -> list[_Line]:
    """Return so many lines in their order: of every kind the first, then the others."""
    first = {line.kind: line for line in reversed(lines)}
    ranked = sorted(lines, key=lambda line: first[line.kind] is not line)[:rows]
    return [line for line in lines if any(line is one for one in ranked)]


def _say_left(left: list[_Line]) -> tuple[Block, ...]:
    if not left:
        return ()
    kinds = join_listed(dict.fromkeys(lower_first(line.kind) for line in left))
    return (Paragraph(say_rest(sum(line.count for line in left), ZONE, kinds), small=True),)


def _make_table(rows: Sequence[tuple[str, ...]]) -> Table:
    """Return the table without the columns of numbers that are empty; what they leave is for the names."""
    empty = [place for place in (_WEEKS, _SESSIONS) if all(row[place] == DASH for row in rows)]
    columns = [column for place, column in enumerate(_COLUMNS) if place not in empty]
    columns[0] = Column("What", _COLUMNS[0].share + sum(_COLUMNS[place].share for place in empty))
    kept: Iterable[tuple[Text, ...]] = (
        tuple(cell for place, cell in enumerate(row) if place not in empty) for row in rows
    )
    return Table(tuple(columns), tuple(kept))


def _tell(rows: Sequence[tuple[str, ...]]) -> Paragraph:
    """Return lines of the table as running text: "NSAID: Naproxen, since Mar 2026 (33-38 weeks), no benefit; ..."."""
    said = []
    for row in rows:
        weeks_of = f" ({row[_WEEKS]} weeks)" if row[_WEEKS] != DASH else ""
        said.append(f"{row[_WHAT]}, {row[_WHEN]}{weeks_of}, {row[_RESULT]}")
    return Paragraph(f"{'; '.join(said)}.")


def _say_line(case: Case, question: Question, group: list[tuple[Course, Mapping[str, Any]]]) -> _Line:
    courses, entries = [course for course, _ in group], [entry for _, entry in group]
    kind = _say_kind(question, courses[0], entries[0])
    names = dict.fromkeys(filter(None, (_say_name(question, kind, entry) for entry in entries)))
    given = [entry["sessions"] for entry in entries if "sessions" in entry]
    cells = (
        shorten(capital(f"{kind}: {'; '.join(names)}" if names else kind), NAME_LENGTH, " …"),
        _say_span(courses[0], entries[0]) if len(group) == 1 else _say_days([e.get("start", "") for e in entries]),
        _say_weeks(courses[0]),
        number_words(sum(given)) if len(given) == len(entries) else DASH,
        _say_results([_say_result(case, question, one) for one in group]),
        "; ".join(dict.fromkeys(_EVIDENCE.get(entry.get("evidence", ""), "not given") for entry in entries)),
    )
    return _Line(kind, len(group), cells)


def _say_kind(question: Question, course: Course, entry: Mapping[str, Any]) -> str:
    return KINDS.get(course.category) or ", ".join(field_words(question, entry, "category")) or "kind not recorded"


def _say_name(question: Question, kind: str, entry: Mapping[str, Any]) -> str:
    """Return what tells a treatment from others of its kind: no word that only says the kind again."""
    agent = str(entry.get("agent", ""))
    category = " ".join(field_words(question, entry, "category"))
    name = "" if _stems(agent) <= _stems(f"{kind} {category}") else agent
    where = ("side",) if LEVEL.search(name) else ("region", "side")
    facts = [name, *field_words(question, entry, *where), *map(lower_first, field_words(question, entry, "dose"))]
    return ", ".join(filter(None, facts))


def _stems(words: str) -> set[str]:
    return {word[:STEM] for word in re.findall(r"\w+", words.lower())}


def _say_result(case: Case, question: Question, one: tuple[Course, Mapping[str, Any]]) -> str:
    course, entry = one
    result = ", ".join(field_words(question, entry, "response"))
    if "temporary_weeks" in entry:
        result = f"better for {number_words(entry['temporary_weeks'])} weeks"
    told = entry.get("stopped_because") in ("ineffective", "completed") and result
    stopped = () if told else field_words(question, entry, "stopped_because")
    words = (result or "not recorded", *(f"stopped: {word}" for word in stopped), _say_too_early(case, course, entry))
    return "; ".join(filter(None, words))


def _say_too_early(case: Case, course: Course, entry: Mapping[str, Any]) -> str:
    """Return that a treatment ended or began before the symptoms did."""
    start = entry.get("start")
    end = start if course.is_event else entry.get("end")
    if end and is_before_onset(case, end):
        return "before onset"
    return "begun before onset" if start and is_before_onset(case, start) else ""


def _say_results(results: list[str]) -> str:
    """Return the results in the order of the dates; of many how often each."""
    if len(set(results)) == 1:
        return f"{results[0]}{' (each)' if len(results) > 1 else ''}"
    if len(results) <= FEW:
        return "; then ".join(results)
    return "; ".join(f"{count} × {result}" for result, count in Counter(results).items())  # noqa: RUF001


def _say_days(days: list[str]) -> str:
    """Return the days of injections: each of a few, else the first and the last."""
    known = [day for day in days if day]
    if not known:
        return "no dates"
    if len(known) > FEW:
        return f" {DASH} ".join(dict.fromkeys(map(say_short, (known[0], known[-1]))))
    words = [
        say_short(day).removesuffix(f" {later[:YEAR_LENGTH]}") if len(day) > YEAR_LENGTH else say_short(day)
        for day, later in zip(known, [*known[1:], "----"], strict=True)
    ]
    return ", ".join((*words, *("no date" for _ in range(len(days) - len(known)))))


def _say_span(course: Course, entry: Mapping[str, Any]) -> str:
    start, end = entry.get("start"), entry.get("end")
    if course.is_event:
        return say_short(start) if start else "no date"
    if entry.get("ongoing") == YES:
        return f"since {say_short(start)}" if start else "still going on, start not recorded"
    if not start and not end:
        return "no dates"
    first, last = (say_short(day) if day else "not recorded" for day in (start, end))
    if start and end and start != end and len(start) == len(end) and len(start) > YEAR_LENGTH:
        first = first.removesuffix(f" {end[:YEAR_LENGTH]}")  # 1 Jun to 24 Jul 2026
    return f"{first} {DASH} {last}"


def _say_weeks(course: Course) -> str:
    """Return the weeks of a course to a tenth, two bounds for partial dates, a dash where nothing can be counted."""
    least, most = course.days_certain, course.days_possible
    if course.is_event or most is None or is_as_needed(course.entry):
        return DASH
    return weeks(most) if least == most else f"{least // DAYS_IN_A_WEEK}{DASH}{-(-most // DAYS_IN_A_WEEK)}"
