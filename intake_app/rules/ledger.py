"""The conservative-care ledger: what was tried from when to when, in days, with what partial dates leave open.

Pure date arithmetic. A course runs from its start to its end and lasts end minus start: 42 days are 6 weeks. Where a
date is partial or missing, `certain` is what it lasted at least (latest start to earliest end) and `possible` what
it can have lasted at most; a course that goes on is counted up to the day of the case. An injection is an event: it
has a day but no length. Courses of one modality that touch, overlap or follow within a day are one run.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import combinations, pairwise

from intake_app import dates
from intake_app.case import Case
from intake_app.factors import Entry, Reader
from intake_app.questions import YES, Answer

Span = tuple[date, date]

HALF_YEAR, YEAR = 182, 365  # days [C]
MODALITIES = {
    "medication": "Medication",
    "physical_therapy": "Physical therapy",
    "home_exercise": "Home exercise",
    "injections": "Injections",
    "manual_therapy": "Manual therapy",
    "brace": "Brace",
    "psychological": "Psychological therapy",
    "activity": "Rest or changed activity",
    "other": "Other treatment",
}
EPIDURALS = ("esi_interlaminar", "esi_transforaminal", "esi_unspecified")
INJECTIONS = (*EPIDURALS, "nerve_root_block", "facet")
_MODALITY_OF = {
    **dict.fromkeys(
        ("nsaid", "acetaminophen", "neuropathic", "muscle_relaxant", "oral_steroid", "opioid", "other_medicine"),
        "medication",
    ),
    **dict.fromkeys(INJECTIONS, "injections"),
    "activity_change": "activity",
    **{
        name: name
        for name in ("physical_therapy", "home_exercise", "manual_therapy", "brace", "psychological", "other")
    },
}
CATEGORIES = tuple(_MODALITY_OF)
AS_NEEDED = re.compile(
    r"\b(as|when|if|where)[ -](needed|required|necessary)\b|\bp\.?r\.?n\b|\boccasional|\bsometimes\b|\bnow and then\b",
    re.IGNORECASE,
)
INTOLERANCE = ("side_effects", "cannot_have")


@dataclass(frozen=True)
class Course:
    """One entry of the treatments list. Spans are None where nothing can be said.

    `missing` are fields that nobody filled in, `vague` those with a date that is no exact day, and the dose of what
    is taken as needed: that proves no run of days.
    """

    entry: Entry
    number: int  # its place in the list, from 1
    category: str
    certain: Span | None
    possible: Span | None
    sessions: int | None
    missing: tuple[str, ...]
    vague: tuple[str, ...]

    @property
    def modality(self) -> str:
        """The key of MODALITIES, "" when the kind of treatment is blank."""
        return _MODALITY_OF.get(self.category, "")

    @property
    def is_event(self) -> bool:
        """Whether it is an injection: counted, not measured in weeks."""
        return self.category in INJECTIONS

    @property
    def intolerance(self) -> bool:
        """Whether it stopped for side effects or could not be had: no weeks are counted."""
        return self.entry.peek("stopped_because") in INTOLERANCE

    @property
    def goes_on(self) -> bool:
        """Whether it is still going on."""
        return bool(self.entry.peek("ongoing") == YES)

    @property
    def days_certain(self) -> int:
        """How many days it lasted at least."""
        return (self.certain[1] - self.certain[0]).days if self.certain else 0

    @property
    def days_possible(self) -> int | None:
        """How many days it can have lasted, None when there is no limit to it."""
        return (self.possible[1] - self.possible[0]).days if self.possible else None

    @cached_property
    def what(self) -> str:
        """The kind of treatment and its name: "Opioid (tramadol)"."""
        kind = self.entry.words("category") or "Treatment, kind not stated"
        agent = self.entry.words("agent")
        return f"{kind} ({agent})" if agent else kind

    @property
    def result(self) -> str:
        """How much it helped, in the words of the answer; "" when unknown."""
        weeks = self.entry.words("temporary_weeks")
        return self.entry.words("response") + (f" ({weeks})" if weeks else "")

    @property
    def evidence(self) -> str:
        """How we know of it, in the words of the answer; "" when unknown."""
        return self.entry.words("evidence")


@dataclass(frozen=True, slots=True)
class Tally:
    """Days of several courses together, with no day counted twice."""

    total: int
    longest: int  # the longest consecutive run
    last_182: int
    last_365: int


@dataclass(frozen=True, slots=True)
class Modality:
    """All courses of one kind of treatment. `most` is None when a missing date leaves no upper limit."""

    id: str
    label: str
    courses: tuple[Course, ...]
    sessions: int | None  # of the courses that give a number
    least: Tally
    most: Tally | None
    gaps: tuple[Span, ...]  # days between two runs that certainly had none of it


def ledger(case: Case) -> tuple[Course, ...]:
    """Return one course for each entry of the treatments list, in its order; none when none were given."""
    return read_ledger(Reader(case)) or ()


def read_ledger(a: Reader, categories: Collection[str] = CATEGORIES) -> tuple[Course, ...] | None:
    """Return the courses of some kinds for a rule, which remembers every answer read; None when nobody has asked.

    The dates of other kinds are not read, so that what they lack leaves the rule alone; a blank kind counts as any.
    """
    entries = a.entries("treatments")
    if entries is None:
        return None
    numbered = enumerate(entries, 1)
    return tuple(_course(e, n, a.as_of) for n, e in numbered if (e["category"] or "") in ("", *categories))


def categories_of(modality: str) -> tuple[str, ...]:
    """Return the kinds of treatment that belong to a modality."""
    return tuple(category for category, one in _MODALITY_OF.items() if one == modality)


def by_modality(courses: Iterable[Course], as_of: date) -> tuple[Modality, ...]:
    """Return the modalities that were tried, in the order of MODALITIES."""
    courses = tuple(courses)
    grouped = ((key, tuple(c for c in courses if c.modality == key)) for key in MODALITIES)
    return tuple(_modality(key, group, as_of) for key, group in grouped if group)


def overlaps(courses: Iterable[Course]) -> tuple[tuple[str, str, int], ...]:
    """Return the modalities that were certainly given at the same time, and for how many days."""
    courses = tuple(courses)
    runs = {key: merge(c.certain for c in counted(courses) if c.modality == key) for key in MODALITIES}
    pairs = ((one, two, _shared(runs[one], runs[two])) for one, two in combinations(MODALITIES, 2))
    return tuple(pair for pair in pairs if pair[2])


def counted(courses: Iterable[Course]) -> tuple[Course, ...]:
    """Return the courses whose weeks count: no injections, and none that was not tolerated."""
    return tuple(c for c in courses if not c.is_event and not c.intolerance)


def tally(spans: Iterable[Span | None], as_of: date) -> Tally:
    """Return the days of several spans together; None among them is no time at all."""
    runs = merge(spans)
    return Tally(
        total=sum(map(_days, runs)),
        longest=max(map(_days, runs), default=0),
        last_182=sum(map(_days, clip(runs, as_of - timedelta(HALF_YEAR)))),
        last_365=sum(map(_days, clip(runs, as_of - timedelta(YEAR)))),
    )


def merge(spans: Iterable[Span | None]) -> tuple[Span, ...]:
    """Return spans as runs in order: those that overlap, touch or follow within a day become one."""
    runs: list[Span] = []
    for start, end in sorted(span for span in spans if span):
        if runs and start <= runs[-1][1] + timedelta(1):
            runs[-1] = (runs[-1][0], max(runs[-1][1], end))
        else:
            runs.append((start, end))
    return tuple(runs)


def clip(runs: Sequence[Span], since: date) -> tuple[Span, ...]:
    """Return what of the runs lies on or after a day."""
    return tuple((max(start, since), end) for start, end in runs if end > since)


def weeks(days: int) -> str:
    """Return days as weeks with one decimal: 53 days are 7.6 weeks."""
    return f"{days / 7:.1f}"


def say_weeks(least: int, most: int | None) -> str:
    """Return a length in weeks; bounds where dates are partial or missing."""
    if least == most:
        return f"{weeks(least)} weeks"
    if most is None:
        return f"at least {weeks(least)} weeks" if least else "length not known"
    return f"between {weeks(least)} and {weeks(most)} weeks"


def _course(entry: Entry, number: int, as_of: date) -> Course:
    category = entry["category"] or ""
    is_event = category in INJECTIONS
    had = entry.peek("stopped_because") != "cannot_have"
    start = entry["start"] if had else entry.peek("start")
    goes_on = bool(had and not is_event and entry.peek("ongoing") == YES)
    end = None if is_event or goes_on else _end(entry, had=had)
    sessions = entry.peek("sessions")
    missing = [name for name in ("category", "response") if entry.is_blank(name) and (had or name == "category")]
    if had:
        missing += ["start"] * (start is None) + ["end"] * (not is_event and end is None and not goes_on)
    given = {"start": start, "end": end}
    vague = tuple(name for name, day in given.items() if day and not dates.is_exact(day))
    certain, possible = (None, None) if is_event else _bounds(start, end, as_of, goes_on=goes_on)
    if is_as_needed(entry):
        certain, vague = None, (*vague, "dose")
    return Course(entry, number, category, certain, possible, sessions, tuple(missing), vague)


def is_as_needed(entry: Entry) -> bool:
    """Tell whether the words of the dose say that it is taken now and then only."""
    return bool(AS_NEEDED.search(entry.peek("dose") or ""))


def _end(entry: Entry, *, had: bool) -> Answer:
    """Return the end as given of a course that does not go on."""
    if not had:
        return entry.peek("end")
    if entry.is_blank("ongoing"):
        entry.leave_open("ongoing")  # the end is not asked for before it
        return None
    return entry["end"]


def _bounds(start: str | None, end: str | None, as_of: date, *, goes_on: bool) -> tuple[Span | None, Span | None]:
    """Return the certain and the possible span of a course."""
    if not start:
        return None, None
    earliest, latest = dates.span(start)
    first_end, last_end = dates.span(end) if end else (as_of, as_of)
    last_end = min(last_end, as_of)
    possible = (earliest, max(earliest, last_end))
    known = end or goes_on
    certain = (latest, min(first_end, as_of)) if known and latest <= min(first_end, as_of) else None
    return certain, possible


def _modality(key: str, courses: tuple[Course, ...], as_of: date) -> Modality:
    lasting = counted(courses)
    given = [c.sessions for c in courses if c.sessions is not None]
    open_ = any(c.possible is None for c in lasting)
    most = None if open_ else tally((c.possible for c in lasting), as_of)
    runs = () if open_ else merge(c.possible for c in lasting)
    gaps = tuple((one[1], two[0]) for one, two in pairwise(runs))
    least = tally((c.certain for c in lasting), as_of)
    return Modality(key, MODALITIES[key], courses, sum(given) if given else None, least, most, gaps)


def _shared(one: Sequence[Span], two: Sequence[Span]) -> int:
    return sum(max(0, (min(a[1], b[1]) - max(a[0], b[0])).days) for a in one for b in two)


def _days(run: Span) -> int:
    return (run[1] - run[0]).days
