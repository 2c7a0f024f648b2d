"""The eight items of a complete referral, each stated as present, absent or not asked: Ross et al. 2018.

Ross et al. 2018: specialists call the first six essential in every referral and the other two useful [C].
"""

from intake_app import dates
from intake_app.factors import Absent, Reader, rule
from intake_app.questions import NO, NONE, YES
from intake_app.rules import spans
from intake_app.rules.operations import say_operations
from intake_app.rules.phrases import (
    after,
    capital,
    changed_sensation,
    join_facts,
    list_words,
    say_study,
    uncapital,
    weak_muscles,
)

YARDSTICK = "ross_2018"
NOT_SPINAL = ("dxa", "ultrasound")  # studies that are no picture of the spine


@rule("completeness", YARDSTICK)
def pain_location(a: Reader) -> str | None:
    """Pain location."""
    sites = a.peek("spine_sites")
    limbs = _limb_pain(a, peek=sites != (NONE,))
    if sites == (NONE,) and not limbs:
        return Absent(f"{a.words('spine_sites')} reported.")
    if sites or limbs:
        return f"{join_facts((a.words('spine_sites'), *limbs))}, reported by the patient."
    a.leave_open("spine_sites")
    return None


@rule("completeness", YARDSTICK)
def referred_limb_pain(a: Reader) -> str | None:
    """Referred limb pain."""  # noqa: D401  a label
    limbs = _limb_pain(a, peek=False)
    if limbs:
        return f"{join_facts(limbs)}, reported by the patient."
    if a["leg_pain"] == NO and a["arm_pain"] == NO:
        return Absent("No leg pain and no arm pain reported.")
    return None


@rule("completeness", YARDSTICK)
def limb_weakness(a: Reader) -> str | None:
    """Limb weakness."""
    found = [f"{weak} (clinician)" for weak in weak_muscles(a)]
    if not found and a.peek("strength") in ("full_except", "reduced"):
        found.append(f"strength {a.words('strength').lower()} (clinician)")
    found += ["weakness felt by the patient" + after(a.words("weakness_where"))] * (a.peek("weakness") == YES)
    safety = ("weakness_72h", "weakness_4_weeks", "new_both_legs_weakness")
    found += [uncapital(a.label(name)) + ", reported" for name in safety if a.peek(name) == YES]
    if found:
        return f"{capital(join_facts(found))}."
    none = _not_found(a, "weakness", "strength", "full")
    return Absent(none) if none else None


@rule("completeness", YARDSTICK, "nice_ng59")
def red_flag_assessment(a: Reader) -> str | None:
    """Red-flag assessment."""
    # The item is the asking: it is present when every question shown has an answer, whatever the answers are.
    asked = {question: a.peek(question) for question in a.asked_on("safety", ("yes_no", "choices"))}
    yes = [name for name, answer in asked.items() if answer not in (None, NO, (NONE,))]
    blank = [name for name in asked if a.is_blank(name)]
    unsure = [name for name, answer in asked.items() if answer is None and name not in blank]
    for name in (*unsure, *blank):
        a.leave_open(name)
    if len(blank) == len(asked):
        return None
    count = f"{len(asked) - len(blank)} of {len(asked)}"
    said = _listed(a, " Yes to: ", yes) + _listed(a, " Unsure about: ", unsure) + _listed(a, " Not asked: ", blank)
    if blank:
        return Absent(f"Asked in part: {count}.{said}")
    return f"Asked: {count}.{said}" if said else f"Asked: {count}, all answered no."


@rule("completeness", YARDSTICK)
def prior_spine_surgery(a: Reader) -> str | None:
    """Prior spinal surgery."""
    operations = a.entries("operations")
    if operations:
        return f"{capital(say_operations(operations))}."
    return None if operations is None else Absent("No earlier spine operation reported.")


@rule("completeness", YARDSTICK)
def spinal_imaging(a: Reader) -> str | None:
    """Spinal imaging."""
    studies = a.entries("imaging")
    spinal = [entry for entry in studies or () if entry["modality"] not in NOT_SPINAL]
    for entry in spinal:
        _ = entry["date"]  # where it is blank, it is still to obtain
    if spinal:
        return f"{capital('; '.join(map(say_study, spinal)))}."
    return None if studies is None else Absent("No spinal imaging recorded.")


@rule("completeness", YARDSTICK)
def symptom_duration(a: Reader) -> str | None:
    """Symptom duration."""
    given, length = a.peek("onset"), a.peek("duration")
    if given:
        fewest, most = spans.days_since(given, a.as_of)
        return f"Since {dates.say(given)} ({spans.say_length(fewest, most)}), reported by the patient."
    if length is not None and a["duration_unit"]:
        return f"For {a.words('duration')} {a.words('duration_unit')}, reported by the patient."
    a.leave_open("onset")
    return None


@rule("completeness", YARDSTICK)
def altered_limb_sensation(a: Reader) -> str | None:
    """Altered limb sensation."""
    found = [f"{changed} (clinician)" for changed in changed_sensation(a)]
    if a.peek("numbness") == YES:
        where = list_words((a.words("numbness_side").lower(), a.words("numbness_areas").lower()))
        found.append(f"numb, tingling or changed feeling{after(where)}, reported by the patient")
    if found:
        return f"{capital(join_facts(found))}."
    none = _not_found(a, "numbness", "sensation", NONE)
    return Absent(none) if none else None


def _limb_pain(a: Reader, *, peek: bool) -> list[str]:
    found = []
    for limb in ("leg", "arm"):
        answer = a.peek(f"{limb}_pain") if peek else a[f"{limb}_pain"]
        if answer == YES:
            where = list_words((a.words(f"{limb}_side").lower(), a.words(f"{limb}_areas").lower()))
            found.append(f"{limb.capitalize()} pain{after(where)}")
    return found


def _not_found(a: Reader, reported: str, examined: str, normal: str) -> str:
    """Return the words for what patient or clinician say is not there; a blank is remembered as missing."""
    words = []
    if a.peek(examined) == normal:
        words.append(
            f"{a.label(examined)} {a.words(examined).lower()}"
            if examined == "strength"
            else "Sensation normal where tested"
        )
    if a.peek(reported) == NO:
        words.append(f"{a.label(reported)}: no, reported by the patient")
    if not words:
        a.leave_open(reported)
    return "; ".join(words) + "." if words else ""


def _listed(a: Reader, head: str, questions: list[str]) -> str:
    return f"{head}{'; '.join(uncapital(a.label(name)) for name in questions)}." if questions else ""
