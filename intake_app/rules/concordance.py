"""Sides and levels of symptom, examination, diagnosis and imaging beside each other: what agrees and what does not.

Only words are compared, and nothing is concluded: whether picture and patient belong together is for the surgeon.
"""

from collections.abc import Iterable
from itertools import combinations

from intake_app.factors import Entry, Reader, rule
from intake_app.questions import YES
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
Sides = dict[str, set[str]]  # where it stands, in words -> the sides named there
Levels = dict[str, tuple[str, ...]]


@rule("concordance", *ASKED_BY)
def sides_agree(a: Reader) -> str | None:
    """Sides that agree."""
    found = _sides(a)
    if len(found) > 1 and _differing(found) == []:
        return f"The same side in: {list_words(found)} ({_say_side(set.union(*found.values()))})."
    return None


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
    found["sensation on examination"] = _named(e for e in _listed(a, "sensation") if e.peek("finding") != "normal")
    found["diagnosis"] = _named(a.entries("diagnoses") or ())
    found["imaging"] = _named(a.entries("imaging") or ())
    return {where: sides for where, sides in found.items() if sides}


def _listed(a: Reader, question_id: str) -> tuple[Entry, ...]:
    """Return the entries of a list of the examination, which may well not have taken place."""
    return () if a.peek(question_id) is None else a.entries(question_id) or ()


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
        "imaging": _all(a.entries("imaging") or (), "levels"),
        "dermatome named by a clinician": a.peek("dermatomes") or (),
        "sensation on examination": _all(
            (e for e in _listed(a, "sensation") if e.peek("finding") != "normal"), "dermatomes"
        ),
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
    """Return what is in common: equal levels, or a root that is one of the two names of a level (S1 in L5-S1)."""
    return ", ".join(other for other in others if any(other == one or other in one.split("-") for one in levels))
