"""Neurology as a clinician found it: facts for the letter; the grades that ask for haste are in motor_grades."""

from intake_app.factors import Absent, Reader, rule
from intake_app.questions import NONE
from intake_app.rules import relevance
from intake_app.rules.phrases import changed_sensation, list_words, weak_muscles

AUDIT = "ross_2018"  # reports how rarely letters say anything of this
NORMAL_REFLEXES = ("normal", "negative")


@rule("neurology", AUDIT)
def muscle_weakness_found(a: Reader) -> str | None:
    """Muscle weakness on examination."""
    if a.peek("strength") == "full" and a.peek("motor_grades") in (None, NONE):
        return Absent("Strength full in all limbs tested, documented by a clinician.")
    for entry in a.entries("motor_grades") or ():
        if entry.peek("grade") != "5":
            _ = entry["side"]  # where it is blank, it is still to obtain
    weak = weak_muscles(a)
    return f"Weak on examination: {'; '.join(weak)}." if weak else None


@rule("neurology", AUDIT)
def sensation_change_found(a: Reader) -> str | None:
    """Change of sensation on examination."""
    if a.entries("sensation") == ():
        return Absent("Sensation normal where tested, documented by a clinician.")
    changed = changed_sensation(a)
    return f"On examination: {'; '.join(changed)}." if changed else None


@rule("neurology", AUDIT)
def reflex_change_found(a: Reader) -> str | None:
    """Change of reflexes on examination."""
    found = [
        list_words((entry.words("reflex"), entry.words("side").lower(), entry.words("finding").lower()))
        for entry in a.entries("reflexes") or ()
        if entry["finding"] not in (*NORMAL_REFLEXES, None)
    ]
    return f"Reflexes on examination: {'; '.join(found)}." if found else None


@rule("neurology", AUDIT)
def straight_leg_raise_positive(a: Reader) -> str | None:
    """Straight-leg raise positive."""
    if a.peek("slr_left") is None and a.peek("slr_right") is None and not relevance.matters_for_legs(a):
        return Absent("Straight-leg raise not asked for: neither leg symptoms nor a lumbar diagnosis recorded.")
    found = []
    for side in ("right", "left"):
        finding = a[f"slr_{side}"]
        if finding == "not_tested":
            a.leave_open(f"slr_{side}")
        if finding in ("positive", "mildly_positive"):
            degrees = a.words(f"slr_{side}_degrees")
            found.append(f"{side} {a.words(f'slr_{side}').lower()}" + (f" at {degrees}" if degrees else ""))
    return f"Straight-leg raise {'; '.join(found)}; documented by a clinician." if found else None


@rule("neurology", AUDIT)
def heel_or_toe_walk_changed(a: Reader) -> str | None:
    """Heel or toe walk not possible."""
    finding = a["heel_toe_walk"]
    if finding == "not_tested":
        a.leave_open("heel_toe_walk")
    if finding in ("heels_weak", "toes_weak"):
        return f"{a.words('heel_toe_walk')}, documented by a clinician."
    return None


@rule("neurology", AUDIT)
def not_examined_by_this_clinic(a: Reader) -> str | None:
    """Not examined by this clinic."""
    return "Not examined by this clinic." if a["examined"] == "not_examined" else None
