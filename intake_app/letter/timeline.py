"""The timeline: what was tried against time, below the symptoms, imaging and operations with a date.

Every row has a name, its place in time and words of its own, so that nothing can run into anything. What a date leaves
open is drawn open: a month or a year ends a bar with a dashed box, and what has no date is said to have none.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from math import ceil
from typing import Any

from intake_app import dates
from intake_app.case import Case
from intake_app.letter.pictures import Picture
from intake_app.letter.time_rows import Look, Moment, Row, lay_out, make_scale
from intake_app.letter.words import field_words, join_listed, say_short
from intake_app.rules.ledger import INJECTIONS, Course, is_as_needed, ledger
from intake_app.rules.phrases import capital
from intake_app.validation import number_words

STOPPED = "stopped"
MOST = 12  # treatments drawn
FEW = 5  # on a small picture
RECENT = 0.5  # of those drawn are chosen for their end, the others for their length
KINDS = {  # as short as a narrow column needs them; the details have them in full
    "nsaid": "NSAID",
    "acetaminophen": "Acetaminophen",
    "physical_therapy": "Physical therapy",
    "home_exercise": "Home exercise",
    "manual_therapy": "Manual therapy",
    "esi_interlaminar": "Epidural, interlaminar",
    "esi_transforaminal": "Epidural, transforaminal",
    "esi_unspecified": "Epidural, kind not stated",
    "nerve_root_block": "Nerve root block",
    "facet": "Facet procedure",
    "psychological": "Psychological therapy",
}
PAINS = ("back", "leg", "neck", "arm")


def draw_timeline(case: Case, width: float = 480.0, *, small: bool = False) -> Picture | None:
    """Return the timeline of a case, so many points wide; None where no treatment has a date.

    A small one is about 60 points high and has the names only.
    """
    courses = ledger(case)
    if not any({"start", "end"} & entry.keys() for entry in case.entries("treatments")):
        return None
    chosen = _choose(courses, case.as_of, FEW if small else MOST)
    context = [] if small else list(_context(case))
    rows = [*context, *(_treatment(course, case) for course in chosen)]
    look = Look(width, 7.6, 5.9, width * 0.3, 0) if small else Look(width, 12.4, 7.2, width * 0.27, width * 0.27)
    scale = make_scale(rows, case.as_of, look)
    left_out = len(courses) - len(chosen)
    shapes, height = lay_out(rows, len(context), scale, look, left_out)
    return Picture(width, height, tuple(shapes), _say(rows, case.as_of, left_out))


def _treatment(course: Course, case: Case) -> Row:
    question, entry = case.questionnaire.by_id["treatments"], case.entries("treatments")[course.number - 1]
    kind = KINDS.get(course.category) or capital(", ".join(field_words(question, entry, "category")))
    agent = ", ".join(field_words(question, entry, "agent"))
    kind = kind or "Kind not recorded"
    name = f"{kind}: {agent}" if agent and agent.lower() != kind.lower() else kind
    results = tuple(_result(course, question, entry))
    result = join_listed(results)
    shown = join_listed(STOPPED if said.startswith(STOPPED) else said for said in results)  # there is little room
    when = _say_when(entry, course)
    mark = "event" if course.category in INJECTIONS else "as needed" if is_as_needed(course.entry) else "bar"
    moment = _moment(entry, case.as_of, ends=course.category not in INJECTIONS, goes_on=course.goes_on)
    note = "" if when.startswith("no date") or entry.get("start") else "start not recorded, "
    note += "end not recorded, " if _is_open(entry, course) else ""
    return Row(name, mark, (moment,), note + shown, f"{name}, {when}, {result}", course.goes_on)


def _result(course: Course, question: Any, entry: Mapping[str, Any]) -> Iterator[str]:  # noqa: ANN401
    if course.category in INJECTIONS and entry.get("sessions", 1) != 1:
        yield f"{number_words(entry['sessions'])} given"
    if "temporary_weeks" in entry:
        yield f"better for {number_words(entry['temporary_weeks'])} weeks only"
    else:
        yield ", ".join(field_words(question, entry, "response")) or "result not recorded"
    if course.intolerance:
        yield f"{STOPPED}: " + ", ".join(field_words(question, entry, "stopped_because"))


def _is_open(entry: Mapping[str, Any], course: Course) -> bool:
    """Tell whether a treatment that began has no end, and nobody says that it goes on."""
    return "start" in entry and "end" not in entry and not course.goes_on and course.category not in INJECTIONS


def _say_when(entry: Mapping[str, Any], course: Course) -> str:
    start, end = entry.get("start"), entry.get("end")
    if course.category in INJECTIONS:
        return say_short(start) if start else "no date"
    if course.goes_on:
        return f"since {say_short(start)}" if start else "still going on, start not recorded"
    if not start and not end:
        return "no dates"
    first, last = (say_short(day) if day else "not recorded" for day in (start, end))
    needed = " as needed" if is_as_needed(course.entry) else ""
    return f"{first} to {last}{needed}"


def _moment(entry: Mapping[str, Any], as_of: date, *, ends: bool, goes_on: bool) -> Moment:
    start, end = entry.get("start"), entry.get("end")
    first, latest = dates.span(start) if start else (None, None)
    if not ends:
        return Moment(first, latest, first, latest)
    if goes_on:
        return Moment(first, latest, as_of, as_of)
    earliest, last = dates.span(end) if end else (None, None)
    return Moment(first, latest, earliest, last)


def _context(case: Case) -> Iterator[Row]:
    """Yield what stands above the treatments: symptoms, pain, imaging, operations, as far as they have dates."""
    onset = case.answers.get("onset")
    if onset:
        first, latest = dates.span(onset)
        words = f"since {say_short(onset)}"
        moment = Moment(first, latest, case.as_of, case.as_of)
        yield Row("Symptoms", "symptoms", (moment,), words, f"symptoms {words}", goes_on=True)
    yield from _pain(case)
    for name, label, mark, field in (
        ("imaging", "Imaging", "imaging", "modality"),
        ("operations", "Operations", "operation", "kind"),
    ):
        question = case.questionnaire.by_id[name]
        dated = sorted((e for e in case.entries(name) if "date" in e), key=lambda e: str(e["date"]))
        if dated:
            said = [capital(" ".join([*field_words(question, e, field), say_short(e["date"])])) for e in dated]
            moments = tuple(_moment({"start": e["date"]}, case.as_of, ends=False, goes_on=False) for e in dated)
            words = join_listed(reversed(said))
            yield Row(label, mark, moments, words, f"{label.lower()}: {join_listed(said)}")


def _pain(case: Case) -> Iterator[Row]:
    """Yield the pain scores on the day they were given, where that day is known."""
    days: dict[str, list[str]] = {}
    for entry in case.entries("scores"):
        if entry.get("instrument") == "nrs" and {"date", "nrs_value"} <= entry.keys():
            days.setdefault(entry["date"], []).append(f"{entry.get('nrs_site', '')} {entry['nrs_value']}".strip())
    for place in PAINS:
        name = f"{place}_pain_score"
        if name in case.answers and name in case.answered_at:
            day = min(case.answered_at[name].date(), case.as_of)
            days.setdefault(day.isoformat(), []).append(f"{place} {number_words(case.answers[name])}")
    if days:
        latest_first = sorted(days.items(), reverse=True)
        words = "; ".join(f"{', '.join(said)} ({say_short(day)})" for day, said in latest_first)
        moments = tuple(_moment({"start": day}, case.as_of, ends=False, goes_on=False) for day in sorted(days))
        yield Row("Pain, 0 to 10", "pain", moments, words, f"pain from 0 to 10: {words}")


def _choose(courses: Sequence[Course], as_of: date, most: int) -> list[Course]:
    """Return the courses that are drawn, the earliest first: the most recent and, of the others, the longest."""
    if len(courses) > most:
        recent = sorted(courses, key=lambda c: (_end_of(c, as_of), c.number), reverse=True)[: ceil(most * RECENT)]
        others = [course for course in courses if course not in recent]
        others.sort(key=lambda c: (c.days_certain, c.days_possible or 0), reverse=True)
        courses = [*recent, *others[: most - len(recent)]]
    return sorted(courses, key=lambda c: (_start_of(c), c.number))


def _end_of(course: Course, as_of: date) -> date:
    given = course.entry.peek("end") or course.entry.peek("start")
    return as_of if course.goes_on else dates.span(given)[1] if given else date.min


def _start_of(course: Course) -> date:
    given = course.entry.peek("start") or course.entry.peek("end")
    return dates.span(given)[0] if given else date.max


def _say(rows: Sequence[Row], as_of: date, left_out: int) -> str:
    """Return everything that the rows show, in one sentence each."""
    more = f" {left_out} more in the table." if left_out else ""
    said = "; ".join(row.says for row in rows)
    return f"Timeline up to {dates.say_day(as_of)}: {said}.{more}"
