"""Sides and levels of symptom, examination, diagnosis and imaging beside each other: what agrees and what does not.

Only words are compared, and nothing is concluded: whether picture and patient belong together is for the surgeon.
"""

from collections.abc import Iterable
from itertools import combinations

from intake_app.factors import Absent, Entry, Reader, rule
from intake_app.questions import YES
from intake_app.rules import documented
from intake_app.rules.phrases import list_words

ASKED_BY = ("cam_161", "evicore_608")  # both want imaging that fits symptoms and signs
LEGS_AND_ARMS = {
    "left": {"left"},
    "right": {"right"},
    "both": {"left", "right"},
    "both_equal": {"left", "right"},
    "both_left_worse": {"left", "right"},
    "both_right_worse": {"left", "right"},
}
DOMINANT = {"leg_left": {"left"}, "leg_right": {"right"}, "arm_left": {"left"}, "arm_right": {"right"}}
# Roots that count as in common with a level although its name does not hold theirs: C8 leaves at C7-T1.
ROOTS = {"C8": ("C7-T1",)}
Sides = dict[str, set[str]]  # where it stands, in words -> the sides named there
Levels = dict[str, tuple[str, ...]]


@rule("concordance", *ASKED_BY)
def sides_agree(a: Reader) -> str | None:
    """Sides that agree."""
    found = _sides(a)
    if len(found) < 2 or _differing(found):
        return None
    first, *others = found.values()
    if all(sides == first for sides in others):
        return f"The same side in: {list_words(found)} ({_say_side(first)})."
    each = [f"{where} {_say_side(sides)}{' only' if len(sides) == 1 else ''}" for where, sides in found.items()]
    return Absent(f"Sides named: {'; '.join(each)}.")


@rule("concordance", *ASKED_BY)
def sides_differ(a: Reader) -> str | None:
    """Sides that do not agree."""
    found = _sides(a)
    pairs = [f"{one} {_say_side(found[one])} and {two} {_say_side(found[two])}" for one, two in _differing(found)]
    return f"Sides do not agree: {'; '.join(pairs)}." if pairs else None


@rule("concordance", *ASKED_BY)
def levels_agree(a: Reader) -> str | None:
    """Levels or roots that agree."""
    found = _levels(a)
    pairs = [f"{one} and {other} ({words})" for one, other, words in _compared(found) if words]
    return f"Level or root in common: {'; '.join(pairs)}." if pairs else None


@rule("concordance", *ASKED_BY)
def levels_differ(a: Reader) -> str | None:
    """Levels or roots that do not agree."""
    found = _levels(a)
    pairs = [
        f"{one} ({', '.join(found[one])}) and {other} ({', '.join(found[other])})"
        for one, other, words in _compared(found)
        if not words
    ]
    return f"No level or root in common: {'; '.join(pairs)}." if pairs else None


def _sides(a: Reader) -> Sides:
    """Return the side that each source names; what names none, or only the middle, is left out."""
    found: Sides = {"dominant pain": set(DOMINANT.get(a["dominant_pain"], ()))}
    for limb in ("leg", "arm"):
        if a[f"{limb}_pain"] == YES:
            found[f"{limb} pain"] = set(LEGS_AND_ARMS.get(a[f"{limb}_side"], ()))
    found["straight-leg raise"] = {
        side for side in ("left", "right") if a.peek(f"slr_{side}") in ("positive", "mildly_positive")
    }
    found["weakness on examination"] = _named(e for e in _listed(a, "motor_grades") if e.peek("grade") != "5")
    found["sensation on examination"] = _named(_changed(a))
    found["diagnosis"] = _named(a.entries("diagnoses") or ())
    found["imaging"] = _named(documented.telling_studies(a))
    return {where: sides for where, sides in found.items() if sides}


def _listed(a: Reader, question_id: str) -> tuple[Entry, ...]:
    """Return the entries of a list of the examination, which may well not have taken place."""
    return () if a.peek(question_id) is None else a.entries(question_id) or ()


def _changed(a: Reader) -> list[Entry]:
    """Return where sensation was found changed; an entry without a finding tells nothing."""
    return [entry for entry in _listed(a, "sensation") if entry.peek("finding") not in ("normal", None)]


def _named(entries: Iterable[Entry]) -> set[str]:
    return {side for entry in entries for side in LEGS_AND_ARMS.get(entry.peek("side") or "", ())}


def _differing(found: Sides) -> list[tuple[str, str]]:
    """Return the sources that name no side in common; a leg and an arm are two complaints and are not compared."""
    pairs = (pair for pair in combinations(found, 2) if pair != ("leg pain", "arm pain"))
    return [(one, two) for one, two in pairs if not found[one] & found[two]]


def _say_side(sides: set[str]) -> str:
    return "both sides" if len(sides) > 1 else next(iter(sides), "")


def _levels(a: Reader) -> Levels:
    """Return the levels, or for symptom and examination the roots, that each source names."""
    found: Levels = {
        "diagnosis": _all(a.entries("diagnoses") or (), "levels"),
        "imaging": _all(documented.telling_studies(a), "levels"),
        "dermatome named by a clinician": a.peek("dermatomes") or (),
        "sensation on examination": _all(_changed(a), "dermatomes"),
        "weakness on examination": tuple(
            e.peek("myotome") for e in _listed(a, "motor_grades") if e.peek("grade") != "5" and e.peek("myotome")
        ),
    }
    return {where: tuple(dict.fromkeys(levels)) for where, levels in found.items() if levels}


def _all(entries: Iterable[Entry], field_id: str) -> tuple[str, ...]:
    return tuple(level for entry in entries for level in entry.peek(field_id) or ())


def _compared(found: Levels) -> list[tuple[str, str, str]]:
    """Compare every source with imaging, else with the diagnosis; return the words that they share."""
    anchor = next((name for name in ("imaging", "diagnosis") if name in found), "")
    return [(anchor, name, _shared(found[anchor], found[name])) for name in found if anchor and name != anchor]


def _shared(levels: tuple[str, ...], others: tuple[str, ...]) -> str:
    """Return what is in common: equal levels, or a root that belongs to a level."""
    return ", ".join(other for other in others if any(_belongs(other, level) for level in levels))


def _belongs(other: str, level: str) -> bool:
    """Tell whether a level or root is a level, one of its two names (S1 in L5-S1), or leaves there."""
    return other == level or other in level.split("-") or level in ROOTS.get(other, ())
