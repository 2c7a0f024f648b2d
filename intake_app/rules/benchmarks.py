"""Documentation benchmarks: what is written down beside what a policy asks to see; never a verdict.

A benchmark is met only where the dates prove it. Otherwise the sentence says exactly what is missing.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import chain
from typing import Any

from intake_app import dates, paths
from intake_app.factors import RULES, Absent, Reader, rule
from intake_app.rules import documented
from intake_app.rules.conservative_care import exceptions, say_missing, say_place
from intake_app.rules.documented import Condition, Mention
from intake_app.rules.ledger import Course, Span, clip, merge, read_ledger, say_weeks, weeks
from intake_app.rules.phrases import quote, uncapital

CLAUDICATION = ("claudication_documented_words", "claudication_pattern_reported")
PROFILES = ("US-payer-generic", "AU-VIC", "UK-12wk", "own")
NUMBERED = ("days", "within", "groups_needed", "days_each")  # of a benchmark, each with its source and tag
# What people write where nobody has prescribed an exercise; "own physiotherapist" is somebody.
NOBODY = re.compile(
    r"\W*(?:self\b.*|(?:the )?patient|own|(?:him|her|my)self|me|none|nobody|no one|not prescribed|internet|online"
    r"|youtube|an? app|app|video|friend|n/a|unknown)?\W*",
    re.IGNORECASE,
)


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
    days_each: int  # how long each of these groups must have lasted; 0 where having been given is enough
    each_words: str
    cites: tuple[str, ...]
    note: str
    with_claudication: bool  # whether it is about stenosis with claudication only
    slip_kind: str  # the one kind of slip that it is about, "" for any


@dataclass(frozen=True, slots=True)
class Shown:
    """What the dates prove of one group of treatments within the window, and what they leave possible, in days."""

    name: str
    courses: tuple[Course, ...]
    given: bool  # certainly within the window, for as long as each group must have lasted
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
    each = found.get("days_each", {"value": 0, "words": ""})
    numbers = [found[key] for key in NUMBERED if key in found]
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
        days_each=each["value"],
        each_words=each["words"],
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
            a.ask(RULES[name], with_blanks=True)  # remembers what nobody has asked
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
    lacking = "; ".join([*_say_lacking(found, shown, given, a.as_of), *_say_others(a, found)])
    return Absent(f"Documentation benchmark {head}: {lacking}.{note}")


def _show(name: str, courses: tuple[Course, ...], of: Benchmark, as_of: date) -> Shown:
    since = _find_since(of, as_of)
    chosen = tuple(c for c in courses if c.category in of.groups[name])
    able = [c for c in chosen if not c.intolerance and not _is_by_nobody(c, of, name)]
    proved = [c for c in able if not _lacks_prescriber(c, of, name)]
    lasting = [c for c in able if not c.is_event]
    least = _find_longest(clip(merge(c.certain for c in proved), since))
    given = any(_is_given_since(c, since) for c in proved)
    open_ = any(c.possible is None for c in lasting)
    return Shown(
        name=name,
        courses=chosen,
        given=given and least >= of.days_each,
        least=least,
        most=None if open_ else _find_longest(clip(merge(c.possible for c in lasting), since)),
    )


def _find_since(of: Benchmark, as_of: date) -> date:
    return as_of - timedelta(of.within) if of.within else date.min


def _is_given_since(course: Course, since: date) -> bool:
    """Tell whether a treatment was certainly given on or after a day, also where nobody knows for how long."""
    told = [dates.span(day)[0] for name in ("start", "end") if (day := course.entry.peek(name))]
    return course.goes_on or any(day >= since for day in told)


def _lacks_prescriber(course: Course, of: Benchmark, group: str) -> bool:
    return group in of.with_prescriber and course.entry.peek("provider") is None


def _is_by_nobody(course: Course, of: Benchmark, group: str) -> bool:
    """Tell whether it is written down that nobody has prescribed what counts only if prescribed."""
    provider = course.entry.peek("provider")
    return group in of.with_prescriber and provider is not None and bool(NOBODY.fullmatch(provider))


def _find_longest(runs: tuple[Span, ...]) -> int:
    return max(((end - start).days for start, end in runs), default=0)


def _say_wanted(of: Benchmark) -> str:
    window = f" within {of.within_words}" if of.within else ""
    each = f", {of.each_words} each" if of.each_words else ""
    return f"{of.words}{window}, {of.groups_needed} of: {', '.join(of.groups)}{each}"


def _say_lacking(of: Benchmark, shown: list[Shown], given: list[str], as_of: date) -> Iterator[str]:
    """Yield exactly what the dates do not show, and why what was tried does not count."""
    if not any(group.courses for group in shown):
        yield "none of these treatments recorded"
        return
    longest = max(shown, key=lambda group: group.least)
    too_short = longest.least < of.days
    if too_short:
        run = f"{weeks(longest.least)} weeks of {longest.name}" if longest.least else "none"
        yield f"longest run that the dates show: {run}"
    if len(given) < of.groups_needed:
        yield _say_count(of, given)
    since = _find_since(of, as_of)
    for group in (group for group in shown if too_short or not group.given):
        if of.days_each and group.least and not group.given and group is not longest:
            yield f"{group.name}: {weeks(group.least)} weeks"
        for course in group.courses:
            yield from _say_wanting(of, group, course, since)


def _say_count(of: Benchmark, given: list[str]) -> str:
    window = f" within {of.within_words}" if of.within else ""
    each = f" for {of.each_words}" if of.each_words else ""
    named = f" ({', '.join(given)})" if given else ""
    return f"{len(given)} of {of.groups_needed} kinds of treatment shown{each}{window}{named}"


def _say_wanting(of: Benchmark, group: Shown, course: Course, since: date) -> list[str]:
    """Return why a course does not count: not tolerated, too long ago, nobody's, no dates, no exact days."""
    if course.intolerance:
        reason = course.entry.words("stopped_because").lower()
        return [f"documented intolerance ({reason}), weeks not counted: {say_place(course)}"]
    if _is_before(course, since):
        return [f"outside {of.within_words}: {say_place(course)}"]
    if _is_by_nobody(course, of, group.name):
        return [f"provider written down as {quote(course.entry.peek('provider'))}: {say_place(course)}"]
    wanting = [say_missing(course, name) for name in course.missing if name in ("start", "end")]
    if course.is_event and course.entry.peek("start") and of.days_each:
        wanting.append(f"an injection has no weeks: {say_place(course)}")
    else:
        wanting += [say_missing(course, f"exact {name}") for name in course.vague]
    if _lacks_prescriber(course, of, group.name):
        wanting.append(say_missing(course, "provider"))
    return wanting


def _is_before(course: Course, since: date) -> bool:
    """Tell whether a treatment certainly ended before a day."""
    last = course.entry.peek("start" if course.is_event else "end")
    return last is not None and dates.span(last)[1] < since


def _say_others(a: Reader, of: Benchmark) -> list[str]:
    """Return which of the treatments recorded stand in none of the groups."""
    counted = set(chain.from_iterable(of.groups.values()))
    others = [e for e in a.entries("treatments") or () if (e.peek("category") or "") not in ("", *counted)]
    named = dict.fromkeys(uncapital(entry.words("category")) for entry in others)
    return [f"not in the groups counted: {', '.join(named)}"] if named else []


def _leave_open(of: Benchmark, shown: list[Shown]) -> None:
    """Mark what is too vague to tell, unless the benchmark is out of reach however it is read."""
    if all(group.most is not None and group.most < of.days for group in shown):
        return
    for group in shown:
        for course in (c for c in group.courses if not c.intolerance):
            for name in course.vague:
                course.entry.leave_open(name)
            if _lacks_prescriber(course, of, group.name):
                course.entry.leave_open("provider")
