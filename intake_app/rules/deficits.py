"""Emergencies of two parts: a fracture, a tumour or earlier cancer, together with a neurological deficit.

A deficit is what the patient reports as such, a grade below 4/5, and what the examination or a document names.
"""

from intake_app.factors import RULES, Reader, rule
from intake_app.questions import YES
from intake_app.rules import documented
from intake_app.rules.emergencies import PATHOLOGICAL_FRACTURE
from intake_app.rules.motor_grades import BELOW_4, graded
from intake_app.rules.phrases import join_facts, say_grade, uncapital
from intake_app.rules.red_flags import NEUROLOGICAL_ITEMS
from intake_app.rules.reports import say_fractures

# What a clinician found or a document names, as the rules on it tell.
DOCUMENTED = (
    "grade_lost",
    "perianal_sensation_changed",
    "cord_signs_documented",
    "cauda_equina_documented",
    "cord_compression_documented",
)


@rule("red_flags", "qld_cpc", "nsw_src", "sa_health_cpc", "vic_src", level="R0")
def fracture_with_deficit(a: Reader) -> str | None:
    """Fracture named in an imaging report, with a neurological deficit."""
    named = say_fractures(a)
    return _together(f"Per report: {named}", find_deficits(a)) if named else None


@rule("red_flags", "qld_cpc", "nsw_src", "sa_health_cpc", "vic_src", level="R0")
def pathological_fracture_with_deficit(a: Reader) -> str | None:
    """Pathological fracture named in a document, with a neurological deficit."""
    named = "; ".join(mention.words for mention in documented.mentions(a, PATHOLOGICAL_FRACTURE))
    return _together(f"Documented: {named}", find_deficits(a)) if named else None


@rule("red_flags", "qld_cpc", "glos_nhs", "sa_health_cpc", "nice_ng234", level="R0", tag="D")
def tumour_with_deficit(a: Reader) -> str | None:
    """Tumour or metastasis of the spine named in a document, with a neurological deficit."""
    named = a.ask(RULES["spinal_tumour_documented"], with_blanks=True)
    return _together(named.rstrip("."), find_deficits(a)) if named else None


@rule("red_flags", "glos_nhs", "qld_cpc", "nice_ng234", level="R0")
def cancer_with_neurological_change(a: Reader) -> str | None:
    """Cancer at any time, with a neurological change that is reported, examined or documented."""
    # The change itself is new, so the answer about changed pain is not asked for: the more urgent reading.
    if a["cancer_history"] != YES:
        return None
    return _together("Cancer at any time, reported by the patient", find_deficits(a))


def find_deficits(a: Reader) -> list[str]:
    """Return every neurological deficit with who says so; what nobody has asked or examined is remembered."""
    found = [f"{say_grade(entry)}, documented" for entry in graded(a) if entry["grade"] in BELOW_4]
    told = [RULES[name] for name in DOCUMENTED if a.ask(RULES[name], with_blanks=True) is not None]
    answers = [(name, a[name]) for name in NEUROLOGICAL_ITEMS]
    reported = [f"{a.label(name)}, reported by the patient" for name, answer in answers if answer == YES]
    return [*found, *(one.label for one in told), *reported]


def _together(named: str, deficits: list[str]) -> str | None:
    return f"{named}; together with: {join_facts(map(uncapital, deficits))}." if deficits else None


# What the rule book lists of each rule: its numbers in words.
NUMBERS = dict.fromkeys(
    (
        "fracture_with_deficit",
        "pathological_fracture_with_deficit",
        "tumour_with_deficit",
        "cancer_with_neurological_change",
    ),
    ("muscle grade below 4/5",),
)
