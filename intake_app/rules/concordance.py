"""Sides and levels of symptom, examination, diagnosis and imaging beside each other: what agrees and what does not.

Only words are compared, and nothing is concluded: whether picture and patient belong together is for the surgeon.
"""

from collections.abc import Iterable, Iterator
from itertools import combinations

from intake_app.factors import Absent, Entry, Reader, rule
from intake_app.questions import YES
from intake_app.rules import documented
from intake_app.rules.documented import REGION_OF_VERTEBRA, Mention
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
LIMBS = {"leg": "lumbar", "arm": "cervical"}  # the part of the spine that a limb's symptoms are held against
ANYWHERE = ""  # the part of the spine of a source that names none: it is held against every part
# Roots that count as in common with a level although its name does not hold theirs: C8 leaves at C7-T1.
ROOTS = {"C8": ("C7-T1",)}
ARM_ROOTS = ("T1",)  # of the thoracic spine by name, of the arm by what it feeds
Sides = dict[str, set[str]]  # where it stands, in words -> the sides named there
Words = tuple[str, ...]
Levels = dict[str, Words]
REGIONS = ("cervical", "thoracic", "lumbar")


@rule("concordance", *ASKED_BY)
def sides_agree(a: Reader) -> str | None:
    """Sides that agree."""
    groups = [found for found in _sides(a) if len(found) > 1]
    if not groups or any(map(_differing, groups)):
        return None
    if all(sides == next(iter(found.values())) for found in groups for sides in found.values()):
        same = [f"{list_words(found)} ({_say_side(next(iter(found.values())))})" for found in groups]
        return f"The same side in: {'; '.join(same)}."
    each = [
        f"{where} {_say_side(sides)}{' only' if len(sides) == 1 else ''}"
        for found in groups
        for where, sides in found.items()
    ]
    return Absent(f"Sides named: {'; '.join(dict.fromkeys(each))}.")


@rule("concordance", *ASKED_BY)
def sides_differ(a: Reader) -> str | None:
    """Sides that do not agree."""
    said = [
        f"{side} in {list_words(where for where, sides in found.items() if sides == {side})}"
        for found in _sides(a)
        if _differing(found)
        for side in ("right", "left")
    ]
    return f"Sides do not agree: {'; '.join(dict.fromkeys(said))}." if said else None


@rule("concordance", *ASKED_BY)
def levels_agree(a: Reader) -> str | None:
    """Levels or roots that agree."""
    shared = [one for one in _compared(_levels(a)) if one[-1]]
    together: dict[str, list[str]] = {}
    for _, other, _, _, words in shared:
        together.setdefault(other, []).append(words)
    anchor = list_words({anchor for anchor, *_ in shared})  # imaging or diagnosis
    said = "; ".join(f"{other} ({', '.join(words)})" for other, words in together.items())
    return f"Level or root in common: {anchor} with {said}." if said else None


@rule("concordance", *ASKED_BY)
def levels_differ(a: Reader) -> str | None:
    """Levels or roots that do not agree."""
    found = _levels(a)
    pairs = [
        f"{one} ({', '.join(ours)}) and {other} ({', '.join(theirs)})"
        for one, other, ours, theirs, words in _compared(found)
        if not words
    ]
    return f"No level or root in common: {'; '.join(pairs)}." if pairs else None


def _sides(a: Reader) -> list[Sides]:
    """Return for each part of the spine the side that each source names; what names none is left out.

    Legs are held against the low back, arms against the neck. A source that tells no part is held against each.
    """
    told = [(region, where, sides) for region, where, sides in _told_sides(a) if sides]
    regions = list(dict.fromkeys(region for region, _, _ in told if region)) or [ANYWHERE]
    groups = []
    for region in regions:
        found: Sides = {}
        for where, sides in ((where, sides) for one, where, sides in told if one in (region, ANYWHERE)):
            name = f"{region} {where}" if len(regions) > 1 and where in ("diagnosis", "imaging") else where
            found[name] = found.get(name, set()) | sides
        groups.append(found)
    return groups


def _told_sides(a: Reader) -> Iterator[tuple[str, str, set[str]]]:
    """Yield part of the spine, source and the sides that it names, in the order of the letter."""
    dominant = a["dominant_pain"]
    yield LIMBS.get(str(dominant).partition("_")[0], ANYWHERE), "dominant pain", DOMINANT.get(dominant, set())
    for limb, region in LIMBS.items():
        if a[f"{limb}_pain"] == YES:
            yield region, f"{limb} pain", LEGS_AND_ARMS.get(a[f"{limb}_side"], set())
    raised = {side for side in ("left", "right") if a.peek(f"slr_{side}") in ("positive", "mildly_positive")}
    yield "lumbar", "straight-leg raise", raised
    for entry in _listed(a, "motor_grades"):
        if entry.peek("grade") != "5":
            yield _region_of_root(entry.peek("myotome")), "weakness on examination", _side_of(entry)
    for entry in _changed(a):
        regions = {_region_of_root(root) for root in entry.peek("dermatomes") or ("",)}
        yield from ((region, "sensation on examination", _side_of(entry)) for region in sorted(regions))
    for where, entries in _documents(a).items():
        for entry in entries:
            for region in sorted(_regions_of(entry)) or (ANYWHERE,):
                yield region, where, _side_of(entry)


def _documents(a: Reader) -> dict[str, list[Entry]]:
    """Return diagnoses and imaging; a diagnosis that only restates the imaging report cannot agree with it."""
    diagnoses = a.entries("diagnoses") or ()
    restated = [entry for entry in diagnoses if entry.peek("said_by") == "imaging_report"]
    stated = [entry for entry in diagnoses if entry not in restated]
    return {"diagnosis": stated, "imaging": [*documented.telling_studies(a), *restated]}


def _regions_of(entry: Entry) -> frozenset[str]:
    code = "" if entry.path.startswith("imaging") else entry.peek("code") or ""
    return documented.regions(Mention(entry, "", entry.peek("levels") or (), code))


def _region_of_root(root: str | None) -> str:
    """Return the part of the spine that a root belongs to, T1 to the arm; ANYWHERE for none."""
    return "cervical" if root in ARM_ROOTS else REGION_OF_VERTEBRA[root[0]] if root else ANYWHERE


def _side_of(entry: Entry) -> set[str]:
    return LEGS_AND_ARMS.get(entry.peek("side") or "", set())


def _listed(a: Reader, question_id: str) -> tuple[Entry, ...]:
    """Return the entries of a list of the examination, which may well not have taken place."""
    return () if a.peek(question_id) is None else a.entries(question_id) or ()


def _changed(a: Reader) -> list[Entry]:
    """Return where sensation was found changed; an entry without a finding tells nothing."""
    return [entry for entry in _listed(a, "sensation") if entry.peek("finding") not in ("normal", None)]


def _differing(found: Sides) -> list[tuple[str, str]]:
    """Return the sources that name no side in common."""
    return [(one, two) for one, two in combinations(found, 2) if not found[one] & found[two]]


def _say_side(sides: set[str]) -> str:
    return "both sides" if len(sides) > 1 else next(iter(sides), "")


def _levels(a: Reader) -> Levels:
    """Return the levels, or for symptom and examination the roots, that each source names."""
    found: Levels = {
        **{where: _all(entries, "levels") for where, entries in _documents(a).items()},
        "dermatome named by a clinician": a.peek("dermatomes") or (),
        "sensation on examination": _all(_changed(a), "dermatomes"),
        "weakness on examination": tuple(
            e.peek("myotome") for e in _listed(a, "motor_grades") if e.peek("grade") != "5" and e.peek("myotome")
        ),
    }
    return {where: tuple(dict.fromkeys(levels)) for where, levels in found.items() if levels}


def _all(entries: Iterable[Entry], field_id: str) -> tuple[str, ...]:
    return tuple(level for entry in entries for level in entry.peek(field_id) or ())


def _compared(found: Levels) -> list[tuple[str, str, Words, Words, str]]:
    """Compare every source with imaging, else with the diagnosis, part of the spine by part; return what they share.

    Where the two have no part in common they are compared as a whole.
    """
    anchor = next((name for name in ("imaging", "diagnosis") if name in found), "")
    compared = []
    for name in (name for name in found if anchor and name != anchor):
        parts = [(_within(found[anchor], region), _within(found[name], region)) for region in REGIONS]
        pairs = [(ours, theirs) for ours, theirs in parts if ours and theirs] or [(found[anchor], found[name])]
        compared += [(anchor, name, ours, theirs, _shared(ours, theirs)) for ours, theirs in pairs]
    return list(dict.fromkeys(compared))


def _within(levels: Words, region: str) -> Words:
    """Return the levels and roots of a part of the spine; T12-L1 belongs to two."""
    return tuple(level for level in levels if region in {_region_of_root(end) for end in level.split("-")})


def _shared(levels: tuple[str, ...], others: tuple[str, ...]) -> str:
    """Return what is in common: equal levels, or a root that belongs to a level."""
    return ", ".join(other for other in others if any(_belongs(other, level) for level in levels))


def _belongs(other: str, level: str) -> bool:
    """Tell whether a level or root is a level, one of its two names (S1 in L5-S1), or leaves there."""
    return other == level or other in level.split("-") or level in ROOTS.get(other, ())
