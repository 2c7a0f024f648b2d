"""Documentation benchmarks: what is written down beside what a policy asks to see; never a verdict.

A benchmark is met only where the dates prove it. Otherwise the sentence says exactly what is missing.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import chain
from typing import Any

from intake_app import dates, paths
from intake_app.factors import RULES, Absent, Reader, rule
from intake_app.rules import documented
from intake_app.rules.conservative_care import exceptions, say_missing
from intake_app.rules.documented import Condition, Mention
from intake_app.rules.ledger import Course, Span, clip, merge, read_ledger, say_weeks, weeks

CLAUDICATION = ("claudication_documented_words", "claudication_pattern_reported")
PROFILES = ("US-payer-generic", "AU-VIC", "UK-12wk", "own")


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One benchmark of a profile. `within` is 0 where the source sets no window; days are days."""

    profile: str
    name: str
    days: int
    words: str
    within: int
    within_words: str
    groups: Mapping[str, tuple[str, ...]]
    with_prescriber: tuple[str, ...]  # groups that count only where it is written who prescribed it
    groups_needed: int
    cites: tuple[str, ...]
    note: str
    with_claudication: bool  # whether it is about stenosis with claudication only
    slip_kind: str  # the one kind of slip that it is about, "" for any


@dataclass(frozen=True, slots=True)
class Shown:
    """What the dates prove of one group of treatments within the window, and what they leave possible, in days."""

    name: str
    courses: tuple[Course, ...]
    given: bool  # certainly within the window
    least: int  # the longest consecutive run
    most: int | None


@cache
def profile(name: str) -> Mapping[str, Any]:
    """Return the data of a profile as its file has it; FileNotFoundError for an unknown one."""
    return tomllib.loads((paths.resources() / "benchmarks" / f"{name}.toml").read_text("utf-8"))


@cache
def benchmark(profile_name: str, family: str) -> Benchmark | None:
    """Return the benchmark of a profile for a family of conditions, or None if it has none."""
    data = profile(profile_name)
    if family not in data:
        return None
    found = data[family]
    window = found.get("within", {"value": 0, "words": ""})
    numbers = [found[key] for key in ("days", "within", "groups_needed") if key in found]
    return Benchmark(
        profile=f"{data['id']} {data['version']}",
        name=found["name"],
        days=found["days"]["value"],
        words=found["days"]["words"],
        within=window["value"],
        within_words=window["words"],
        groups={name: tuple(categories) for name, categories in data["groups"].items()},
        with_prescriber=tuple(data.get("with_prescriber", ())),
        groups_needed=found["groups_needed"]["value"],
        cites=tuple(dict.fromkeys(number["cite"] for number in numbers)),
        note=found.get("note", ""),
        with_claudication=found.get("with_claudication", False),
        slip_kind=found.get("slip_kind", ""),
    )


@rule("conservative_care", "cam_161", "vic_src", "nhs_devon")
def herniated_disc_benchmark(a: Reader) -> str | None:
    """Documentation benchmark: lumbar disc herniation or radiculopathy."""
    found = _places(a, documented.HERNIATED_DISC, documented.RADICULOPATHY)
    return _compare_in(a, "herniated_disc", found, "lumbar")


@rule("conservative_care", "aetna_0743")
def cervical_radiculopathy_benchmark(a: Reader) -> str | None:
    """Documentation benchmark: cervical radiculopathy."""
    found = _places(a, documented.HERNIATED_DISC, documented.RADICULOPATHY)
    return _compare_in(a, "cervical_radiculopathy", found, "cervical")


@rule("conservative_care", "aetna_0743", "evicore_608", "vic_src", "nhs_devon")
def spinal_stenosis_benchmark(a: Reader) -> str | None:
    """Documentation benchmark: lumbar stenosis."""
    return _compare_in(a, "spinal_stenosis", _places(a, documented.STENOSIS), "lumbar")


@rule("conservative_care", "evicore_609", "nhs_devon")
def spondylolisthesis_benchmark(a: Reader) -> str | None:
    """Documentation benchmark: spondylolisthesis."""
    return _compare_in(a, "spondylolisthesis", _places(a, documented.SPONDYLOLISTHESIS), "lumbar")


@rule("conservative_care", "credence_mp517", "evicore_609", "bcbsil_sur712", "nhs_devon")
def degenerative_disc_benchmark(a: Reader) -> str | None:
    """Documentation benchmark: degenerative disc disease alone."""
    others = (
        documented.HERNIATED_DISC, documented.RADICULOPATHY, documented.STENOSIS, documented.SPONDYLOLISTHESIS,
        documented.SCOLIOSIS,
    )  # fmt: skip
    found = _places(a, documented.DEGENERATIVE_DISC)
    return None if not found or _places(a, *others) else _compare_in(a, "degenerative_disc", found, "lumbar")


def _places(a: Reader, *conditions: Condition) -> list[Mention]:
    return [mention for condition in conditions for mention in documented.mentions(a, condition)]


def _compare_in(a: Reader, family: str, mentions: list[Mention], region: str) -> str | None:
    """Compare where a mention is about a region; one whose region nobody has recorded stays open."""
    told = [documented.regions(mention) for mention in mentions]
    here = any(region in regions for regions in told)
    if not here and all(told):
        return None
    found = benchmark(a.profile, family)
    if found is None:
        return Absent(f"The profile {a.profile} has no benchmark for this condition.")
    waived = exceptions(a)
    if waived:
        return Absent(f"Time-based benchmarks not applied: {waived}.")
    if here:
        return _say_other_kind(a, found) or _compare(a, found)
    for mention in (m for m, regions in zip(mentions, told, strict=True) if not regions):
        mention.entry.leave_open("levels")
    return Absent("Level not recorded: no benchmark compared.")


def _say_other_kind(a: Reader, of: Benchmark) -> Absent | None:
    """Return why a benchmark that is about one kind of a condition is not compared, None where it is."""
    kind = a.peek("slip_kind")
    if of.slip_kind and kind not in (of.slip_kind, None):
        return Absent(f"Slip recorded as {a.words('slip_kind').lower()}: “{of.name}” not compared.")
    if of.with_claudication and not any(a.ask(RULES[name]) for name in CLAUDICATION):
        for name in CLAUDICATION:
            RULES[name].says(a)  # remembers what nobody has asked
        return Absent(f"Neurogenic claudication neither documented nor reported: “{of.name}” not compared.")
    return None


def _compare(a: Reader, found: Benchmark) -> str | None:
    courses = read_ledger(a, tuple(chain.from_iterable(found.groups.values())))
    if courses is None:
        return None
    shown = [_show(name, courses, found, a.as_of) for name in found.groups]
    head = f"“{found.name}: {_say_wanted(found)}” (profile {found.profile})"
    note = f" {found.note}" if found.note else ""
    given = [group.name for group in shown if group.given]
    longest = max(shown, key=lambda group: group.least)
    if longest.least >= found.days and len(given) >= found.groups_needed:
        run = f"{longest.name}, {say_weeks(longest.least, longest.least)} in a row"
        return f"Documented care meets the documentation benchmark {head}: {run}; given: {', '.join(given)}.{note}"
    _leave_open(found, shown)
    return Absent(f"Documentation benchmark {head}: {_say_lacking(found, shown, given)}.{note}")


def _show(name: str, courses: tuple[Course, ...], of: Benchmark, as_of: date) -> Shown:
    since = as_of - timedelta(of.within) if of.within else date.min
    chosen = tuple(c for c in courses if c.category in of.groups[name] and not c.intolerance)
    proved = [c for c in chosen if name not in of.with_prescriber or c.entry.peek("provider")]
    lasting = [c for c in chosen if not c.is_event]
    certain = clip(merge(c.certain for c in proved), since)
    open_ = any(c.possible is None for c in lasting)
    return Shown(
        name=name,
        courses=chosen,
        given=bool(certain) or any(c.is_event and _is_dated_since(c, since) for c in proved),
        least=_find_longest(certain),
        most=None if open_ else _find_longest(clip(merge(c.possible for c in lasting), since)),
    )


def _is_dated_since(course: Course, since: date) -> bool:
    start = course.entry.peek("start")
    return bool(start) and dates.span(start)[0] >= since


def _find_longest(runs: tuple[Span, ...]) -> int:
    return max(((end - start).days for start, end in runs), default=0)


def _say_wanted(of: Benchmark) -> str:
    window = f" within {of.within_words}" if of.within else ""
    return f"{of.words}{window}, {of.groups_needed} of: {', '.join(of.groups)}"


def _say_lacking(of: Benchmark, shown: list[Shown], given: list[str]) -> str:
    """Return exactly what the dates do not show."""
    if not any(group.courses for group in shown):
        return "none of these treatments recorded"
    longest = max(shown, key=lambda group: group.least)
    parts = []
    if longest.least < of.days:
        run = f"{weeks(longest.least)} weeks of {longest.name}" if longest.least else "none"
        parts.append(f"longest run that the dates show: {run}")
    if len(given) < of.groups_needed:
        parts.append(f"{len(given)} of {of.groups_needed} kinds of treatment dated")
    return "; ".join(parts + [words for group in shown for words in _say_wanting(of, group)])


def _say_wanting(of: Benchmark, group: Shown) -> list[str]:
    """Return what each course lacks: dates, exact days, a prescriber."""
    wanting = []
    for course in group.courses:
        wanting += [say_missing(course, name) for name in course.missing if name in ("start", "end")]
        if course.days_certain != course.days_possible or course.is_event:
            wanting += [say_missing(course, f"exact {name}") for name in course.vague]
        if group.name in of.with_prescriber and course.entry.peek("provider") is None:
            wanting.append(say_missing(course, "provider"))
    return wanting


def _leave_open(of: Benchmark, shown: list[Shown]) -> None:
    """Mark what is too vague to tell, unless the benchmark is out of reach however it is read."""
    if all(group.most is not None and group.most < of.days for group in shown):
        return
    for group in shown:
        for course in group.courses:
            for name in course.vague:
                course.entry.leave_open(name)
            if group.name in of.with_prescriber and course.entry.peek("provider") is None:
                course.entry.leave_open("provider")
