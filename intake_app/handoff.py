"""The hand-off: answers that a clinician has to see now, who was told, and when that is settled."""

from intake_app.case import Case
from intake_app.factors import Finding, urgency

URGENT = ("R0", "R1")  # levels at which a clinician is told before anything else
TOLD = ("handoff_to", "handoff_at", "handoff_by")  # to whom, when, by whom
WAIVED = ("handoff_waived_by", "handoff_waived_reason")
QUESTION = TOLD[0]


def is_called_for(findings: tuple[Finding, ...]) -> bool:
    """Tell whether a red flag is there that a clinician has to see now."""
    return urgency(findings)[0] in URGENT


def is_settled(case: Case) -> bool:
    """Tell whether it is recorded to whom, when and by whom; or which clinician waived it, and why."""
    return any(all(case.answers.get(name) for name in names) for names in (TOLD, WAIVED))


def is_open(case: Case, findings: tuple[Finding, ...]) -> bool:
    """Tell whether a clinician has still to be told."""
    return is_called_for(findings) and not is_settled(case)


def first_gap(case: Case) -> str:
    """Return the question at which the hand-off goes on: the first one open of what was begun."""
    begun = next((names for names in (TOLD, WAIVED) if case.answers.get(names[0])), TOLD)
    return next((name for name in begun if not case.answers.get(name)), begun[0])


def say(case: Case) -> str:
    """Return who was told, when and by whom, or who waived it and why; "" while nothing is recorded."""
    told, when, teller = (case.answers.get(name, "") for name in TOLD)
    if told:
        return f"Handed to {told}, {when or 'time not recorded'}, by {teller or 'a person not recorded'}."
    waived, reason = (case.answers.get(name, "") for name in WAIVED)
    return f"Hand-off waived by {waived}: {reason or 'reason not recorded'}." if waived else ""
