"""What was tried so far: courses, weeks, gaps, overlaps, what was not tolerated. The benchmarks are in benchmarks."""

from collections.abc import Callable
from datetime import timedelta
from itertools import islice

from intake_app import dates
from intake_app.factors import RULES, Absent, Reader, Rule, rule
from intake_app.rules import documented, spans
from intake_app.rules.ledger import (
    EPIDURALS,
    HALF_YEAR,
    MODALITIES,
    YEAR,
    Course,
    Modality,
    Tally,
    by_modality,
    categories_of,
    is_as_needed,
    overlaps,
    read_ledger,
    say_weeks,
    weeks,
)
from intake_app.rules.phrases import list_words, quote, uncapital

SPECIFIC_MEASURES = ("cms_l33382", "cam_161")  # both ask for measures, durations and outcomes
MANY = 5  # entries named one by one in a sentence; the letter's table holds them all
EPIDURAL_LIMITS = ((3, HALF_YEAR, "6 months"), (4, YEAR, "12 months"))  # [P] eviCore CMM-200
REGIONS = {"cervical": "neck", "thoracic": "chest spine", "lumbar": "low back", "sacroiliac": "sacroiliac joint"}
EXAMINED_BY_IMAGE = ("mri", "ct", "ct_myelogram")
LACKING = {
    "category": "no kind",
    "start": "no start date",
    "end": "no end date",
    "exact start": "no exact day of the start",
    "exact end": "no exact day of the end",
    "exact dose": "no consecutive weeks (taken as needed)",
    "response": "no result",
    "provider": "no prescriber",
}


def _register_tried(key: str, label: str) -> None:
    def says(a: Reader) -> str | None:
        tried = by_modality(read_ledger(a, kinds) or (), a.as_of)
        return next(map(_say_modality, tried), None)

    kinds = categories_of(key)

    says.__name__, says.__doc__ = f"{key}_tried", f"{label} tried"
    rule("conservative_care", *SPECIFIC_MEASURES)(says)


for _key, _label in MODALITIES.items():
    _register_tried(_key, _label)


@rule("conservative_care", *SPECIFIC_MEASURES)
def treatments_at_the_same_time(a: Reader) -> str | None:
    """Treatments given at the same time."""
    found = overlaps(read_ledger(a) or ())
    pairs = [
        f"{MODALITIES[one].lower()} and {MODALITIES[two].lower()} for {weeks(days)} weeks" for one, two, days in found
    ]
    return f"At the same time: {'; '.join(pairs)}." if pairs else None


@rule("conservative_care", *SPECIFIC_MEASURES)
def gaps_in_treatment(a: Reader) -> str | None:
    """Gaps between courses of one treatment."""
    found = [
        f"{m.label.lower()}, {dates.say_day(start)} to {dates.say_day(end)} ({weeks((end - start).days)} weeks)"
        for m in by_modality(read_ledger(a) or (), a.as_of)
        for start, end in m.gaps
    ]
    return f"Gaps: {'; '.join(found)}." if found else None


@rule("conservative_care", *SPECIFIC_MEASURES)
def treatment_not_tolerated(a: Reader) -> str | None:
    """Treatment not tolerated or not possible."""
    found = [c for c in read_ledger(a) or () if c.intolerance]
    said = [
        list_words((c.what, c.entry.words("stopped_because").lower(), quote(c.entry.words("stopped_note"))))
        for c in found
    ]
    return f"Documented intolerance, weeks not counted: {'; '.join(said)}." if said else None


@rule("conservative_care", *SPECIFIC_MEASURES)
def treatment_details_missing(a: Reader) -> str | None:
    """Treatment details still to obtain."""
    found = [(course, name) for course in read_ledger(a) or () for name in course.missing]
    for course, name in found:
        if name == "response":
            course.entry.leave_open(name)  # the ledger has read the others
    wanted = [say_missing(course, name) for course, name in found]
    return f"Still to obtain: {'; '.join(wanted)}." if wanted else None


@rule("conservative_care", "cam_161", "aetna_0743", "evicore_608")
def time_benchmarks_not_applied(a: Reader) -> str | None:
    """Time-based benchmarks not applied."""
    found = exceptions(a)
    if found:
        return f"Time-based benchmarks not applied: {found}."
    for one in _exception_rules():
        a.ask(one, with_blanks=True)  # remembers what nobody has asked
    return None


@rule("conservative_care", "evicore_200")
def epidurals_over_common_limits(a: Reader) -> str | None:
    """Epidural injections over common policy limits."""
    given = [c for c in read_ledger(a, EPIDURALS) or () if c.category and not _could_not_be_had(c)]
    unplaced = [c for c in given if not _region(c)]
    regions = sorted({_region(c) for c in given} - {""})
    for region in regions or [""]:
        placed = [c for c in given if _region(c) == region != ""]
        for limit, days, words in EPIDURAL_LIMITS:
            least, _ = _count_within(a, placed, days)
            if least > limit:
                said = f"{least} epidural steroid injections, {REGIONS[region]}, dated within the last {words}"
                return f"{said}: over the common policy limit of {limit} for each region (eviCore CMM-200)."
            _, most = _count_within(a, [*placed, *unplaced], days)
            if most > limit:
                _leave_open(placed, unplaced)
    return _say_unplaced(a, unplaced)


@rule("conservative_care", "evicore_609")
def imaging_older_than_6_months(a: Reader) -> str | None:
    """Imaging older than 6 months."""
    studies = [entry for entry in a.entries("imaging") or () if entry["modality"] in EXAMINED_BY_IMAGE]
    ages = [(spans.days_since(given, a.as_of), entry) for entry in studies if (given := entry["date"])]
    if len(ages) < len(studies) or not ages:
        return None
    if min(fewest for (fewest, _), _ in ages) > HALF_YEAR:
        newest = min(ages, key=lambda one: one[0])[1]
        return f"Newest MRI or CT is older than 6 months: {newest.words('modality')}, {newest.words('date')}."
    if all(most > HALF_YEAR for (_, most), _ in ages):
        for (fewest, _), entry in ages:
            if fewest <= HALF_YEAR:
                entry.leave_open("date")
    return None


def exceptions(a: Reader) -> str:
    """Return what waives a time benchmark: red flags and progressive weakness; "" if nothing."""
    return "; ".join(uncapital(r.label) for r in _exception_rules() if a.ask(r) is not None)


def say_missing(course: Course, field_id: str) -> str:
    """Return what is missing of a course: no end date for physical therapy (Supervised ..., 2nd entry)."""
    return f"{LACKING[field_id]} for {say_place(course)}"


def say_place(course: Course) -> str:
    """Return a course with its place in the list: physical therapy (Supervised physical therapy, 2nd entry)."""
    kind = MODALITIES.get(course.modality, "a treatment").lower()
    place = f"{ordinal(course.number)} entry"
    return f"{kind} ({list_words((course.entry.words('category'), place))})"


def ordinal(number: int) -> str:
    """Return 1st, 2nd, 3rd, 11th."""
    teen = number // 10 % 10 == 1
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _exception_rules() -> list[Rule]:
    waiving, keeping = ("progressive_weakness_graded",), ("emergency_told_as_history",)
    return [r for r in RULES.values() if r.id not in keeping and (r.group == "red_flags" or r.id in waiving)]


def _say_modality(m: Modality) -> str:
    first, *others = m.courses
    if not others:
        return f"{_say_course(first)}."
    named = [c.entry.words("agent") or c.entry.words("category") for c in islice(m.courses, MANY)]
    names = f"{'; '.join(filter(None, named))}{'; …' if len(m.courses) > MANY else ''}"
    parts = [f"{m.label}: {len(m.courses)} entries ({names})"]
    if m.sessions is not None:
        parts.append(f"{m.sessions:g} {'injections' if m.id == 'injections' else 'sessions'}")
    if m.id != "injections":
        parts.append(_say_tally(m))
    results = dict.fromkeys(c.result.lower() for c in m.courses if c.result)
    return f"{', '.join(parts)}{'; ' if results else ''}{' / '.join(results)}."


def _say_tally(m: Modality) -> str:
    def say(days: Callable[[Tally], int]) -> str:
        return say_weeks(days(m.least), days(m.most) if m.most else None)

    total = say(lambda tally: tally.total)
    if total == "length not known":
        return total
    run, half, year = say(lambda t: t.longest), say(lambda t: t.last_182), say(lambda t: t.last_365)
    return f"{total} in all, longest run {run}, {half} in the last 182 days, {year} in the last 365 days"


def _say_course(c: Course) -> str:
    unit = "injections" if c.is_event else "sessions"
    sessions = f"{c.sessions:g} {unit if c.sessions != 1 else unit[:-1]}" if c.sessions is not None else ""
    head = list_words((sessions, _say_dates(c), c.entry.words("setting").lower(), c.result.lower()))
    return f"{c.what}, {head}" + (f"; {c.evidence.lower()}" if c.evidence else "")


def _say_dates(c: Course) -> str:
    start, end = c.entry.words("start"), c.entry.words("end")
    if c.is_event:
        return start or "date not stated"
    if c.entry.peek("stopped_because") == "cannot_have" and not start:
        return "not used"
    if not start:
        known = "still going on" if c.goes_on else f"ended {end}" if end else ""
        return f"{known}, start not stated" if known else "dates not stated"
    length = "taken as needed" if is_as_needed(c.entry) else say_weeks(c.days_certain, c.days_possible)
    if c.goes_on:
        return f"since {start}, still going on ({length})"
    return f"{start} to {end} ({length})" if end else f"begun {start}, end not stated"


def _count_within(a: Reader, given: list[Course], days: int) -> tuple[int, int]:
    """Return how many injections were certainly and possibly given in the last days; one entry can hold several."""
    since = a.as_of - timedelta(days)
    least = most = 0
    for course in given:
        number = int(course.sessions or 1)
        first, last = dates.span(start) if (start := course.entry["start"]) else (since, a.as_of)
        if start and first >= since:
            least += number
        # only the first of several is dated: the others may have followed at any time
        most += number if last >= since else number - 1
    return least, most


def _leave_open(placed: list[Course], unplaced: list[Course]) -> None:
    """Mark what keeps injections from being counted: regions, and dates that are vague or stand for several."""
    for course in unplaced:
        course.entry.leave_open("region")
    for course in (*placed, *unplaced):
        if course.vague or (course.sessions is not None and course.sessions > 1):
            course.entry.leave_open("start")


def _region(course: Course) -> str:
    """Return the region of an injection as recorded, or as the words of its target name it; "" where neither tells."""
    return course.entry.peek("region") or documented.region_in(course.entry.peek("agent") or "")


def _say_unplaced(a: Reader, unplaced: list[Course]) -> str | None:
    """Return that injections would be over a limit if they were all in one region, which nobody has recorded."""
    for limit, days, words in EPIDURAL_LIMITS:
        least, _ = _count_within(a, unplaced, days)
        if least > limit:
            return Absent(
                f"{least} epidural steroid injections dated within the last {words}, region not recorded: the common"
                f" policy limit is {limit} for each region (eviCore CMM-200)."
            )
    return None


def _could_not_be_had(course: Course) -> bool:
    return bool(course.entry.peek("stopped_because") == "cannot_have")


# What the rule book lists of each rule: its numbers in words.
NUMBERS = {
    "epidurals_over_common_limits": tuple(
        f"more than {limit} for each region in {words} ({days} days)" for limit, days, words in EPIDURAL_LIMITS
    ),
    "imaging_older_than_6_months": (f"more than {HALF_YEAR} days (6 months)",),
}
