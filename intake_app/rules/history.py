"""What the history adds without asking for haste: age, course and safety answers that carry no level of their own."""

from intake_app.factors import Reader, rule
from intake_app.questions import YES
from intake_app.rules import spans
from intake_app.rules.phrases import chosen
from intake_app.rules.red_flags import LINE_OR_PROCEDURE

YOUNG, OLD = 16, 50  # years at onset [C]; some lists say 20 and 55
ONE_MONTH = 31  # days: one month [C], of the longest


@rule("indication", "glos_nhs")
def minor_fall_reported(a: Reader) -> str | None:
    """Sudden pain after a minor fall or lift."""
    if a["minor_trauma_sudden_pain"] == YES:
        return "Sudden pain after a minor fall or lift, reported by the patient."
    return None


@rule("indication", "vic_src")
def line_or_procedure_reported(a: Reader) -> str | None:
    """Dialysis, long-term line or recent spine procedure."""
    named = chosen(a, "infection_risks", LINE_OR_PROCEDURE)
    return f"Reported by the patient: {named}." if named else None


@rule("indication", "qld_cpc", "sa_health_cpc", "glos_nhs")
def age_at_onset_under_16_or_over_50(a: Reader) -> str | None:
    """Age when it began under 16 or over 50."""
    born, began = a.patient("birth_date"), spans.onset(a)
    if born is None or began is None:
        return None
    youngest, oldest = spans.ages(born, *began)
    if oldest < YOUNG or youngest > OLD:
        age = f"{youngest}" if youngest == oldest else f"{youngest} to {oldest}"
        return f"It began at the age of {age}."
    if youngest < YOUNG or oldest > OLD:
        a.leave_open("patient.birth_date")
    return None


@rule("indication", "glos_nhs")
def no_improvement_after_a_month(a: Reader) -> str | None:
    """No improvement after a month."""
    began, trend = spans.onset(a), a["trend"]
    if began is None or trend is None or trend == "better":
        return None
    fewest, most = spans.days_between(began, a.as_of)
    if fewest > ONE_MONTH:
        return f"Trend {a.words('trend').lower()} after {spans.say_length(fewest, most)}."
    if most > ONE_MONTH:
        a.leave_open("onset")
    return None


@rule("indication", "glos_nhs")
def inflammatory_disease_recorded(a: Reader) -> str | None:
    """Inflammatory disease."""
    if "rheumatoid" in (a["conditions"] or ()):
        return "Rheumatoid or other inflammatory disease recorded."
    return None


@rule("indication", "glos_nhs")
def worse_in_the_morning(a: Reader) -> str | None:
    """Worse in the morning."""
    return "Worse in the morning, reported by the patient." if "morning" in (a["worse_with"] or ()) else None


# What the rule book lists of each rule: its numbers in words.
NUMBERS = {
    "age_at_onset_under_16_or_over_50": (f"under {YOUNG} or over {OLD} years",),
    "no_improvement_after_a_month": (f"more than {ONE_MONTH} days (a month)",),
}
