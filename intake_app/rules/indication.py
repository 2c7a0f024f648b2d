"""The conditions that documents and reports name, and what surgeons ask about decompression and stabilisation.

Facts with their place, never derived from symptoms: a pattern that the patient reports is told as reported.
"""

from intake_app.factors import Absent, Reader, rule
from intake_app.questions import YES
from intake_app.rules import documented, relevance, spans
from intake_app.rules.documented import Condition
from intake_app.rules.phrases import list_words, quote, uncapital
from intake_app.rules.slips import meyerding, say_grade_of

DOCUMENTED = (  # id, condition, sources that ask for a documented diagnosis
    ("chronic_back_pain", documented.BACK_PAIN, ("nsw_src", "css_survey")),
    ("herniated_disc", documented.HERNIATED_DISC, ("nsw_src", "cam_161")),
    ("radiculopathy", documented.RADICULOPATHY, ("nsw_src", "cam_161")),
    ("spinal_stenosis", documented.STENOSIS, ("nsw_src", "aetna_0743")),
    ("spondylolisthesis", documented.SPONDYLOLISTHESIS, ("nsw_src", "evicore_609")),
    ("scoliosis", documented.SCOLIOSIS, ("nsw_src", "aetna_0743")),
    ("degenerative_disc", documented.DEGENERATIVE_DISC, ("nsw_src", "credence_mp517")),
)
LIMBS = {
    "leg_left": "Leg-dominant pain, left",
    "leg_right": "Leg-dominant pain, right",
    "both_legs": "Leg-dominant pain, both legs",
    "arm_left": "Arm-dominant pain, left",
    "arm_right": "Arm-dominant pain, right",
}
COMPRESSION = (
    "root_compression", "central_stenosis", "lateral_stenosis", "foraminal_stenosis", "cord_compression",
    "cauda_equina_compression",
)  # fmt: skip
NOT_ASKED_FOR = "Walking not asked for with what is recorded of legs and low back."
HALF_YEAR = 182  # days: symptoms beyond about 6 months [P] NASS 2012, told as information


def _register_documented(key: str, condition: Condition, cites: tuple[str, ...]) -> None:
    def says(a: Reader) -> str | None:
        found = documented.mentions(a, condition)
        if found:
            return f"{condition.label} documented: {'; '.join(m.words for m in found)}."
        tellers = documented.named_by(a, condition)
        if None in tellers:
            return Absent(f"{condition.label} named without its source, not counted as documented.")
        if "patient" in tellers:
            return Absent(f"{condition.label} in the patient's own words only, not documented.")
        return None

    says.__name__, says.__doc__ = f"{key}_documented", f"{condition.label} documented"
    rule("indication", *cites)(says)


for _row in DOCUMENTED:
    _register_documented(*_row)


@rule("indication", "css_survey")
def limb_dominant_pain(a: Reader) -> str | None:
    """Leg- or arm-dominant pain."""
    dominant = a["dominant_pain"]
    if dominant in LIMBS:
        return f"{LIMBS[dominant]}, reported by the patient."
    return Absent(f"Dominant pain: {a.words('dominant_pain').lower()}, reported by the patient.") if dominant else None


@rule("indication", "vic_src", "icd10cm_2025")
def claudication_documented_words(a: Reader) -> str | None:
    """Neurogenic claudication documented."""
    coded = [m.words for m in documented.in_diagnoses(a, Condition("", ("M48.062",)))]
    if not coded and a.peek("claudication_documented") is None and not relevance.matters_for_claudication(a):
        return Absent(NOT_ASKED_FOR)
    if a["claudication_documented"] == YES:
        coded = ["a document speaks of it", *coded]
    return f"Neurogenic claudication documented: {'; '.join(coded)}." if coded else None


@rule("indication", "vic_src", "nice_ng59")
def claudication_pattern_reported(a: Reader) -> str | None:
    """Leg symptoms on standing or walking, eased by sitting or leaning forward."""
    if a.peek("walking_brings_leg_symptoms") is None and not relevance.matters_for_claudication(a):
        return Absent(NOT_ASKED_FOR)
    if a["walking_brings_leg_symptoms"] == YES and a["eased_by_sitting"] == YES:
        return "Leg symptoms on standing or walking, eased by sitting or leaning forward, reported by the patient."
    return None


@rule("indication", "vic_src")
def walking_limit_reported(a: Reader) -> str | None:
    """Limit of walking."""
    limits = [words for name in ("walking_minutes", "walking_distance") if (words := a.words(name))]
    if not limits and not relevance.matters_for_claudication(a):
        return Absent(NOT_ASKED_FOR)
    if not limits:
        a.leave_open("walking_minutes")
        return None
    return f"Walks before stopping: {'; '.join(limits)}; reported by the patient."


@rule("indication", "cam_161", "nice_ng59")
def compression_on_report(a: Reader) -> str | None:
    """Compression named in an imaging report."""
    found = list(documented.in_imaging(a, Condition("", shows=COMPRESSION)))
    return f"Per report: {'; '.join(m.words for m in found)}." if found else None


@rule("indication", "evicore_609")
def slip_recorded(a: Reader) -> str | None:
    """Slip measured in a report."""
    percent, grade = a.peek("slip_percent"), a.peek("slip_grade")
    if percent is None and grade is None:
        a.leave_open("slip_percent")
        return None
    differ = percent is not None and grade and meyerding(percent) != int(grade)
    tail = f"; these do not agree, {a.words('slip_percent')} corresponds to {say_grade_of(percent)}" if differ else ""
    graded = f"Meyerding {uncapital(a.words('slip_grade'))}" if grade else ""
    where = (a.words("slip_level"), a.words("slip_kind").lower())
    said = f"Slip per report: {list_words((a.words('slip_percent'), graded, *where))}{tail}."
    return Absent(said) if percent == 0 else said


@rule("indication", "evicore_609")
def instability_documented(a: Reader) -> str | None:
    """Words about instability or slipping."""
    found = [m.words for m in documented.in_diagnoses(a, documented.INSTABILITY)]
    named, words = a.peek("instability_named"), a.peek("instability_words")
    if words:
        found = [quote(words), *found]
    elif named == YES:
        found = ["a document speaks of it, words not copied", *found]
    elif named is None and not found and relevance.matters_for_films(a):
        a.leave_open("instability_named")  # blank words are not none where a slip or a curve is named
    return f"Documented: {'; '.join(found)}." if found else None


@rule("indication", "evicore_609")
def motion_on_films(a: Reader) -> str | None:
    """Motion on flexion-extension films."""
    if a.peek("dynamic_films") is None and not relevance.matters_for_films(a):
        known = not a.is_blank("diagnoses") and not a.is_blank("imaging")
        return Absent("Flexion-extension films not asked for: no slip, instability or curve named.") if known else None
    if a["dynamic_films"] != YES:
        return None
    values = [f"{a.label(name).lower()} {words}" for name in ("translation", "angulation") if (words := a.words(name))]
    return f"Flexion-extension films per report: {', '.join(values) or 'no values given'}."


@rule("indication", "nass_ldh_2012")
def limb_symptoms_over_6_months(a: Reader) -> str | None:
    """Leg or arm symptoms for more than 6 months."""
    limb = a["leg_pain"] == YES or a["arm_pain"] == YES
    if not limb or (began := spans.onset(a)) is None:
        return None
    fewest, most = spans.days_between(began, a.as_of)
    if fewest > HALF_YEAR:
        return f"Symptom duration {spans.say_length(fewest, most)}, with leg or arm pain, reported by the patient."
    if most > HALF_YEAR:
        a.leave_open("onset")
    return None


# What the rule book lists of each rule: its numbers in words.
NUMBERS = {"limb_symptoms_over_6_months": (f"more than {HALF_YEAR} days (6 months)",)}
