"""Red flags as the patient reports them, and as documents name them.

Levels: R0 emergency now, R1 same-day clinician call, R2 within 30 days [C].
"""

from intake_app.factors import Reader, rule
from intake_app.questions import YES
from intake_app.rules import documented, emergencies, negation, spans, steroids
from intake_app.rules.documented import Condition
from intake_app.rules.phrases import chosen, join_facts, uncapital

CES = ("bass_2018", "cornwall_rms", "nhs_lothian", "qld_cpc")
CORD = ("nsw_src", "sa_health_cpc", "qld_cpc")
INFECTION = ("glos_nhs", "sa_health_cpc", "vic_src")

# Question, level, label and sources of the answers that are a flag on their own [C].
ONE_ANSWER = (
    ("saddle_numbness", "R0", "New numbness or changed feeling between the legs", CES),
    ("bladder_start", "R0", "New difficulty passing urine", CES),
    ("bladder_leak", "R0", "New leaking of urine or loss of the urge", CES),
    ("bowel_control", "R0", "New loss of bowel control or feeling", CES),
    ("sexual_function", "R0", "New change in sexual function", CES),
    ("new_both_legs_pain", "R0", "New, spreading or alternating pain in both legs", ("cornwall_rms", "qld_cpc")),
    ("new_both_legs_weakness", "R0", "New or worsening weakness of both legs", ("nhs_lothian", "cornwall_rms")),
    (
        "weakness_72h",
        "R1",
        "Weakness new or worse within 72 hours, foot drop or knee giving way",
        ("sa_health_cpc", "nsw_src"),
    ),
    ("weakness_4_weeks", "R2", "Weakness that began within 4 weeks", ("sa_health_cpc",)),
    ("fever", "R0", "Fever, chills or sweats with back pain", ("nsw_src", "qld_cpc", "sa_health_cpc")),
    ("major_trauma", "R0", "Major trauma", ("qld_cpc", "sa_health_cpc")),
    ("new_deformity", "R1", "New spinal deformity or step", ("glos_nhs",)),
    ("aneurysm", "R0", "Known aortic aneurysm or pulsating abdomen", ("nsw_src", "vic_src")),
)
# Signs of the cauda equina, of the cord and of weakness: with earlier cancer they are an emergency.
CES_ITEMS = (
    "saddle_numbness", "bladder_start", "bladder_leak", "bowel_control", "sexual_function",
    "new_both_legs_pain", "new_both_legs_weakness",
)  # fmt: skip
CORD_ITEMS = ("clumsy_hands", "unsteady_walking")
NEUROLOGICAL_ITEMS = (*CES_ITEMS, "weakness_72h", "weakness_4_weeks", *CORD_ITEMS)
CANCER_SIGNS = ("weight_loss", "night_pain", "band_pain", "multiple_sites")
INFECTION_RISKS = ("injected_drugs", "recent_infection", "immunosuppression", "tuberculosis")  # [C]
LINE_OR_PROCEDURE = ("dialysis_or_line", "recent_spine_procedure")  # [GK]
FRACTURE_RISKS = ("osteoporosis", "long_term_steroids")
SEVERAL_SIGNS = 2  # signs of cancer together: a design choice
AGE_OF_MINOR_FALL = 65  # years, more than [GK]


def _register_one_answer(question: str, level: str, label: str, cites: tuple[str, ...]) -> None:
    def says(a: Reader) -> str | None:
        return f"{label}, reported by the patient." if a[question] == YES else None

    says.__name__, says.__doc__ = f"{question}_reported", label
    rule("red_flags", *cites, level=level)(says)


for _row in ONE_ANSWER:
    _register_one_answer(*_row)


@rule("red_flags", "qld_cpc", "nsw_src", "sa_health_cpc", level="R0")
def weakness_rapid_reported(a: Reader) -> str | None:
    """Weakness quickly getting worse."""
    if a["weakness_72h"] == YES and a["weakness_rapid"] == YES:
        return "Weakness getting worse over hours or days, reported by the patient."
    return None


@rule("red_flags", *CORD, level="R1")
def hands_or_walking_worsening(a: Reader) -> str | None:
    """Hand or walking trouble, sudden or getting worse."""
    if _reported(a, CORD_ITEMS) and a["hands_walking_worsening"] == YES:
        return "Hand or walking trouble that came suddenly or is getting worse, reported by the patient."
    return None


@rule("red_flags", *CORD, level="R2")
def hands_or_walking_changed(a: Reader) -> str | None:
    """Clumsy hands or unsteady walking."""
    reported = _reported(a, CORD_ITEMS)
    return f"{_labels(a, reported)}, reported by the patient." if reported else None


@rule("red_flags", "davies_2018", level="R2", needs_sign_off=True)
def neck_shocks_reported(a: Reader) -> str | None:
    """Electric shocks on bending the neck."""
    return "Electric shocks on bending the neck, reported by the patient." if a["neck_shocks"] == YES else None


@rule("red_flags", *INFECTION, level="R2")
def infection_risk_reported(a: Reader) -> str | None:
    """Infection risk."""
    risks = chosen(a, "infection_risks", INFECTION_RISKS)
    return f"Infection risk reported by the patient: {risks}." if risks else None


@rule("red_flags", *INFECTION, level="R0")
def infection_risk_with_fever_or_severe_pain(a: Reader) -> str | None:
    """Infection risk with fever or new severe pain."""
    return _with_fever_or_severe_pain(a, INFECTION_RISKS)


@rule("red_flags", "idsa_2015", level="R2", needs_sign_off=True)
def line_or_procedure_as_infection_risk(a: Reader) -> str | None:
    """Dialysis, long-term line or recent spine procedure as an infection risk."""
    named = chosen(a, "infection_risks", LINE_OR_PROCEDURE)
    return f"Reported by the patient: {named}." if named else None


@rule("red_flags", "idsa_2015", level="R0", needs_sign_off=True)
def line_or_procedure_with_fever_or_severe_pain(a: Reader) -> str | None:
    """Dialysis, long-term line or recent spine procedure, with fever or new severe pain."""
    return _with_fever_or_severe_pain(a, LINE_OR_PROCEDURE)


@rule("red_flags", "glos_nhs", "qld_cpc", "nice_ng234", level="R2")
def cancer_with_changed_pain(a: Reader) -> str | None:
    """Cancer at any time, with new or changed spinal pain."""
    if a["cancer_history"] == YES and a["changed_spinal_pain"] == YES:
        return "Cancer at any time, and spinal pain that is new or has changed, reported by the patient."
    return None


@rule("red_flags", "glos_nhs", "sa_health_cpc", level="R2")
def cancer_sign_reported(a: Reader) -> str | None:
    """Weight loss, night pain, band-like pain or pain at several sites."""
    reported = _reported(a, CANCER_SIGNS)
    return f"{_labels(a, reported)}, reported by the patient." if reported else None


@rule("red_flags", "glos_nhs", "sa_health_cpc", level="R1", tag="D")
def cancer_signs_together(a: Reader) -> str | None:
    """Two such signs, or one with earlier cancer and changed pain."""
    reported = _reported(a, CANCER_SIGNS)
    if len(reported) >= SEVERAL_SIGNS or (reported and cancer_with_changed_pain(a)):
        earlier = " with cancer at any time and changed spinal pain" if len(reported) == 1 else ""
        return f"Together{earlier}: {uncapital(_labels(a, reported))}; reported by the patient."
    return None


@rule("red_flags", "glos_nhs", level="R1")
def minor_fall_with_thin_bones_or_steroids(a: Reader) -> str | None:
    """Sudden pain after a minor fall or lift, with osteoporosis or long-term steroids."""
    if a["minor_trauma_sudden_pain"] != YES:
        return None
    risks = chosen(a, "fracture_risks", FRACTURE_RISKS)
    if "osteoporosis" in (a.peek("conditions") or ()) and not risks:
        risks = "osteoporosis"
    if risks:
        return f"Sudden pain after a minor fall or lift, with: {risks}; reported by the patient."
    listed = steroids.find_long_term(a)
    return (
        f"Sudden pain after a minor fall or lift, with a steroid in the list of medicines: {listed}."
        if listed
        else None
    )


@rule("red_flags", "downie_2013", level="R1", needs_sign_off=True)
def minor_fall_over_65(a: Reader) -> str | None:
    """Sudden pain after a minor fall or lift, over the age of 65."""
    if a["minor_trauma_sudden_pain"] != YES or (born := a.patient("birth_date")) is None:
        return None
    youngest, oldest = spans.ages(born, a.as_of, a.as_of)
    if youngest > AGE_OF_MINOR_FALL:
        return f"Sudden pain after a minor fall or lift, over the age of {AGE_OF_MINOR_FALL}."
    if oldest > AGE_OF_MINOR_FALL:
        a.leave_open("patient.birth_date")
    return None


@rule("red_flags", "qld_cpc", "nsw_src", level="R0")
def cauda_equina_documented(a: Reader) -> str | None:
    """Cauda equina syndrome or compression named in a document."""
    return _documented(a, emergencies.CAUDA_EQUINA)


@rule("red_flags", "qld_cpc", "vic_src", "sa_health_cpc", level="R0")
def spinal_infection_documented(a: Reader) -> str | None:
    """Spinal infection named in a document."""
    return _documented(a, emergencies.SPINAL_INFECTION)


@rule("red_flags", *CORD, level="R2")
def cord_compression_documented(a: Reader) -> str | None:
    """Spinal cord compression or myelopathy named in a document."""
    return _documented(a, emergencies.CORD_COMPRESSION)


@rule("red_flags", "qld_cpc", "glos_nhs", "nice_ng234", level="R2", tag="D")
def spinal_tumour_documented(a: Reader) -> str | None:
    """Tumour or metastasis of the spine named in a document."""
    return _documented(a, emergencies.SPINAL_TUMOUR)


@rule("red_flags", "glos_nhs", "qld_cpc", "sa_health_cpc", "nice_ng234", level="R0", tag="D")
def metastatic_cord_compression_documented(a: Reader) -> str | None:
    """Cord compression and a tumour named in documents."""
    together = _documented(a, emergencies.METASTATIC_CORD_COMPRESSION)
    pressed = [] if together else documented.places(a, emergencies.PRESSED_CORD)
    tumours = documented.places(a, emergencies.TUMOUR, documented.REMARKS) if pressed else []
    apart = f"Cord compression documented: {'; '.join(pressed)}. Tumour or cancer named: {'; '.join(tumours)}."
    return together or (apart if tumours else None)


@rule("red_flags", "epstein_2023", level="R0", tag="D")
def spinal_haematoma_documented(a: Reader) -> str | None:
    """Haematoma inside the spine named in a document."""
    return _documented(a, emergencies.SPINAL_HAEMATOMA)


@rule("red_flags", "qld_cpc", "nsw_src", "sa_health_cpc", "vic_src", level="R0")
def unstable_fracture_documented(a: Reader) -> str | None:
    """Unstable fracture named in a document."""
    return _documented(a, emergencies.UNSTABLE_FRACTURE)


@rule("red_flags", "glos_nhs", level="R1", tag="D")
def pathological_fracture_documented(a: Reader) -> str | None:
    """Pathological fracture named in a document."""
    return _documented(a, emergencies.PATHOLOGICAL_FRACTURE)


@rule("red_flags", "qld_cpc", "nsw_src", "vic_src", level="R1", tag="D")
def emergency_told_as_history(a: Reader) -> str | None:
    """Emergency told as history in a document, for a clinician to look at."""
    told = [(one.label, list(documented.in_history(a, one))) for one in emergencies.HISTORY_APART]
    said = [f"{label}: {'; '.join(places)}" for label, places in told if places]
    return f"Told as history, for a clinician to look at: {join_facts(said)}." if said else None


def _reported(a: Reader, questions: tuple[str, ...]) -> list[str]:
    """Return the questions answered yes; every one of them is read."""
    return [name for name, answer in [(name, a[name]) for name in questions] if answer == YES]


def _labels(a: Reader, questions: list[str]) -> str:
    return join_facts(map(a.label, questions))


def _with_fever_or_severe_pain(a: Reader, options: tuple[str, ...]) -> str | None:
    risks = chosen(a, "infection_risks", options)
    if not risks:
        return None
    signs = _reported(a, ("fever", "new_severe_pain"))
    return f"{_labels(a, signs)}, together with: {risks}; reported by the patient." if signs else None


def _documented(a: Reader, condition: Condition) -> str | None:
    found = [*(mention.words for mention in documented.mentions(a, condition)), *documented.in_notes(a, condition)]
    if found:
        return f"{condition.label} documented: {'; '.join(found)}."
    tellers = documented.named_by(a, condition)
    if None in tellers:
        return f"{condition.label} named among the diagnoses, source not stated."
    if "patient" in tellers:
        return f"{condition.label}, in the patient's own words."
    return None


# What the rule book lists of each rule: its numbers in words.
NUMBERS = {
    "weakness_72h_reported": ("72 hours",),
    "weakness_4_weeks_reported": ("4 weeks",),
    "cancer_signs_together": (f"{SEVERAL_SIGNS} signs or more",),
    "minor_fall_with_thin_bones_or_steroids": (f"steroids for more than {steroids.LONG_TERM} days",),
    "minor_fall_over_65": (f"over {AGE_OF_MINOR_FALL} years",),
    "emergency_told_as_history": (f"a year at least {negation.YEARS_AGO} calendar years before",),
}
