"""What makes an operation harder, as documents and reports have it. No procedure is chosen."""

from collections.abc import Iterable

from intake_app.factors import Absent, Entry, Reader, rule
from intake_app.questions import YES
from intake_app.rules import documented
from intake_app.rules.documented import Levels
from intake_app.rules.operations import place_operation, say_operations
from intake_app.rules.phrases import list_words, quote, uncapital
from intake_app.rules.slips import MEYERDING, ROMAN, meyerding, say_grade_of

MANY_LEVELS = 3
HIGH_GRADE = 3  # Meyerding III and above [C]
# Values at or above the cut-offs of the MISDEF algorithm [P]. The class is never computed.
MISDEF = (
    ("sva", 6, "SVA", "cm"),
    ("pelvic_tilt", 25, "pelvic tilt", "degrees"),
    ("pi_minus_ll", 10, "PI-LL", "degrees"),
    ("cobb", 20, "Cobb angle", "degrees"),
)
# SRS-Schwab modifiers: below the first 0, up to the second +, above it ++ [C].
SCHWAB = (("pi_minus_ll", 10, 20, "PI-LL"), ("sva", 4, 9.5, "SVA"), ("pelvic_tilt", 20, 30, "pelvic tilt"))
MEASURES = (
    "cobb", "sva", "pelvic_tilt", "pelvic_incidence", "lumbar_lordosis", "thoracic_kyphosis", "lateral_listhesis",
)  # fmt: skip
DEFORMITY = ("scoliosis", "sagittal_deformity")


@rule("complexity", "min_yoo_2013")
def three_or_more_levels(a: Reader) -> str | None:
    """Three or more levels listed."""
    levels = in_order(level for levels in _listed(a).values() for level in levels)
    if len(levels) < MANY_LEVELS:
        return Absent(f"Levels listed: {', '.join(levels)}.") if levels else None
    places = [f"{name}: {', '.join(in_order(found))}" for name, found in _listed(a).items() if found]
    return f"{len(levels)} levels listed ({'; '.join(places)})."


@rule("complexity", "min_yoo_2013")
def several_levels_in_words(a: Reader) -> str | None:
    """Several levels named in words, without a list."""
    if any(_listed(a).values()):
        return None
    quoted = [
        quote(text)
        for entries, names in ((a.entries("imaging"), ("finding", "severity")), (a.entries("diagnoses"), ("words",)))
        for entry in entries or ()
        for name in names
        if (text := entry.peek(name)) and _says_multilevel(text)
    ]
    return f"Several levels per report, not listed: {'; '.join(dict.fromkeys(quoted))}." if quoted else None


@rule("complexity", "ross_2018", "cms_l33382")
def earlier_spine_surgery(a: Reader) -> str | None:
    """Earlier spine surgery."""
    operations = a.entries("operations")
    return f"Earlier spine surgery: {say_operations(operations)}." if operations else None


@rule("complexity", "evicore_608")
def same_level_surgery(a: Reader) -> str | None:
    """Earlier surgery at a level named now."""
    operations = a.entries("operations")
    if not operations:
        return None
    named = {level for levels in _listed(a).values() for level in levels}
    found = [(entry, in_order(named & set(entry["levels"] or ()))) for entry in operations]
    said = [
        f"{place_operation(entry, ', '.join(levels))}, operation report {entry.words('report').lower() or 'not stated'}"
        for entry, levels in found
        if levels
    ]
    return f"Earlier surgery at a level named now: {'; '.join(said)}." if said else None


@rule("complexity", "common_practice", tag="F")
def next_to_earlier_fusion(a: Reader) -> str | None:
    """Level next to an earlier fusion."""
    fusions = [entry for entry in a.entries("operations") or () if "fusion" in (entry["kind"] or ())]
    if not fusions:
        return None
    named = {level for levels in _listed(a).values() for level in levels}
    said = []
    for entry in fusions:
        fused = entry["levels"] or ()
        near = [level for level in named - set(fused) if any(touch(level, one) for one in fused)]
        if near:
            said.append(f"{', '.join(in_order(near))} (fusion of {entry.words('levels')})")
    return f"Level next to an earlier fusion: {'; '.join(said)}." if said else None


@rule("complexity", "cms_l33382")
def hardware_in_place(a: Reader) -> str | None:
    """Hardware in the spine."""
    said = [place_operation(entry) for entry in a.entries("operations") or () if entry["hardware"] == YES]
    said += [
        f"{list_words((entry.words('modality'), entry.words('date')))} names hardware"
        for entry in a.entries("imaging") or ()
        if "hardware" in documented.read_shown(entry)
    ]
    return f"Hardware: {'; '.join(said)}." if said else None


@rule("complexity", "koslosky_2020")
def high_grade_slip(a: Reader) -> str | None:
    """Slip of Meyerding grade III or more."""
    percent, grade = a.peek("slip_percent"), a.peek("slip_grade")
    if percent is None and grade is None:
        a.leave_open("slip_percent")
        return None
    grades = {int(grade)} if grade else set()
    grades |= {meyerding(percent)} if percent is not None else set()
    high = max(grades) >= HIGH_GRADE
    if len(grades) > 1:
        said = _say_disagreement(a, int(grade), percent)
    elif max(grades):
        said = f"{'High-grade slip' if high else 'Slip'} per report: Meyerding {ROMAN[max(grades)]}{_say_slip(a)}."
    else:
        return None
    return said if high else Absent(said)


@rule("complexity", "misdef_2014", "coluna_2020")
def alignment_at_misdef_cut_offs(a: Reader) -> str | None:
    """Alignment values at or above cut-offs of a published selection algorithm."""
    values = _alignment(a)
    found = [
        f"{label} {value:g} {unit}"
        for name, limit, label, unit in MISDEF
        if (value := values[name]) is not None and value >= limit
    ]
    said = ", ".join(found)
    return (
        f"At or above cut-offs of a published algorithm for deformity (MISDEF): {said}; per report." if said else None
    )


@rule("complexity", "terran_2013")
def srs_schwab_modifiers(a: Reader) -> str | None:
    """SRS-Schwab modifiers above 0."""
    values = _alignment(a, cobb=False)
    graded = {
        label: 0 if value < low else 1 if value <= high else 2
        for name, low, high, label in SCHWAB
        if (value := values[name]) is not None
    }
    said = ", ".join(f"{label} {('0', '+', '++')[grade]}" for label, grade in graded.items())
    if any(graded.values()):
        return f"SRS-Schwab modifiers from the values of the report: {said}."
    return Absent(f"SRS-Schwab modifiers from the values of the report: {said}.") if graded else None


@rule("complexity", "terran_2013", "nsw_src")
def deformity_without_values(a: Reader) -> str | None:
    """Deformity in words, without measured values."""
    if any(a.peek(name) is not None for name in MEASURES):
        return None
    words = a.peek("deformity_words")
    studies: dict[str, list[str]] = {}  # by what they show: two that show the same stand together
    for entry in a.entries("imaging") or ():
        shown = [entry.option_text("shows", one).lower() for one in documented.read_shown(entry) if one in DEFORMITY]
        if shown:
            study = list_words((entry.words("modality") or "study, kind not stated", entry.words("date")))
            studies.setdefault(list_words(shown), []).append(uncapital(study))
    said = [quote(words)] if words else []
    said += [f"{shown} ({'; '.join(named)})" for shown, named in studies.items()]
    if said:
        a.leave_open("alignment_reported")  # the values are still to obtain, also where the report gives none
    return f"Deformity in words, no measured values: {'; '.join(said)}." if said else None


def _say_slip(a: Reader) -> str:
    said = list_words((a.words("slip_percent"), a.words("slip_level")))
    return f" ({said})" if said else ""


def _say_disagreement(a: Reader, grade: int, percent: float) -> str:
    level = a.words("slip_level")
    return (
        f"Slip{f' of {level}' if level else ''}: the report says grade {ROMAN[grade]}; {a.words('slip_percent')}"
        f" corresponds to {say_grade_of(percent)}; these do not agree."
    )


def touch(one: str, other: str) -> bool:
    """Tell whether two levels share a vertebra: L3-L4 and L4-L5."""
    return not set(one.split("-")).isdisjoint(other.split("-"))


def in_order(levels: Iterable[str]) -> list[str]:
    """Return spinal levels once each, from the head down."""
    return sorted(set(levels), key=lambda level: ("CTLS".index(level[0]), int(level[1:].partition("-")[0])))


def _listed(a: Reader) -> dict[str, Levels]:
    """Return the levels that diagnoses and the findings of imaging reports name."""
    places: dict[str, Iterable[Entry]] = {
        "diagnoses": a.entries("diagnoses") or (),
        "imaging": documented.telling_studies(a),
    }
    return {name: tuple(level for e in entries for level in e["levels"] or ()) for name, entries in places.items()}


def _says_multilevel(text: str) -> bool:
    words = text.lower().replace("-", "")
    return "multilevel" in words or "multiple level" in words or "several level" in words


def _alignment(a: Reader, *, cobb: bool = True) -> dict[str, float | None]:
    names = ("sva", "pelvic_tilt", "pelvic_incidence", "lumbar_lordosis", *(("cobb",) if cobb else ()))
    values: dict[str, float | None] = {name: a[name] for name in names}
    incidence, lordosis = values["pelvic_incidence"], values["lumbar_lordosis"]
    both = incidence is not None and lordosis is not None
    values["pi_minus_ll"] = round(incidence - lordosis, 1) if both else None  # type: ignore[operator]
    return values


# What the rule book lists of each rule: its numbers in words.
NUMBERS = {
    "three_or_more_levels": (f"{MANY_LEVELS} levels or more",),
    "high_grade_slip": (
        f"Meyerding {ROMAN[HIGH_GRADE]} and above",
        *(f"{ROMAN[grade]} up to {limit} %" for limit, grade in MEYERDING),
        f"{ROMAN[-1]} above {MEYERDING[-1][0]} %",
    ),
    "alignment_at_misdef_cut_offs": tuple(f"{label} {limit} {unit} or more" for _, limit, label, unit in MISDEF),
    "srs_schwab_modifiers": tuple(
        f"{label}: 0 below {low}, + from {low} to {high}, ++ above {high}" for _, low, high, label in SCHWAB
    ),
}
