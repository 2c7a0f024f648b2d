"""Red flags that an imaging report names: fracture and tumour; infection stands with what documents name."""

from intake_app.factors import Reader, rule
from intake_app.questions import YES
from intake_app.rules import documented
from intake_app.rules.documented import Condition
from intake_app.rules.motor_grades import BELOW_4, graded
from intake_app.rules.phrases import join_facts, say_grade, uncapital
from intake_app.rules.red_flags import NEUROLOGICAL_ITEMS

FRACTURE = Condition("Fracture", shows=("fracture",))
TUMOUR = Condition("Tumour", shows=("tumour",))


@rule("red_flags", "qld_cpc", "nsw_src", "sa_health_cpc", level="R2")
def fracture_on_report(a: Reader) -> str | None:
    """Fracture named in an imaging report."""
    named = _say_named(a, FRACTURE)
    return f"Per report: {named}." if named else None


@rule("red_flags", "qld_cpc", "nsw_src", "sa_health_cpc", "vic_src", level="R0")
def fracture_with_deficit(a: Reader) -> str | None:
    """Fracture named in an imaging report, with a neurological deficit."""
    named = _say_named(a, FRACTURE)
    if not named:
        return None
    deficits = [f"{say_grade(entry)}, documented" for entry in graded(a) if entry["grade"] in BELOW_4]
    answers = [(name, a[name]) for name in NEUROLOGICAL_ITEMS]
    deficits += [f"{a.label(name)}, reported by the patient" for name, answer in answers if answer == YES]
    return f"Per report: {named}; together with: {join_facts(map(uncapital, deficits))}." if deficits else None


@rule("red_flags", "qld_cpc", "glos_nhs", "nice_ng234", level="R2")
def tumour_on_report(a: Reader) -> str | None:
    """Tumour or metastasis named in an imaging report."""
    named = _say_named(a, TUMOUR)
    return f"Per report: {named}." if named else None


def _say_named(a: Reader, condition: Condition) -> str:
    return "; ".join(mention.words for mention in documented.in_imaging(a, condition))
