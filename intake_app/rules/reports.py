"""Red flags that an imaging report names: fracture and tumour. What a deficit makes of them is in deficits."""

from intake_app.factors import Reader, rule
from intake_app.rules import documented
from intake_app.rules.documented import Condition

FRACTURE = Condition("Fracture", shows=("fracture",))
TUMOUR = Condition("Tumour", shows=("tumour",))


@rule("red_flags", "qld_cpc", "nsw_src", "sa_health_cpc", level="R2")
def fracture_on_report(a: Reader) -> str | None:
    """Fracture named in an imaging report."""
    named = say_named(a, FRACTURE)
    return f"Per report: {named}." if named else None


@rule("red_flags", "qld_cpc", "glos_nhs", "nice_ng234", level="R2", tag="D")
def tumour_on_report(a: Reader) -> str | None:
    """Tumour or metastasis named in an imaging report."""
    named = say_named(a, TUMOUR)
    return f"Per report: {named}." if named else None


def say_named(a: Reader, condition: Condition) -> str:
    """Return where imaging reports name a condition, in words; "" for nowhere."""
    return "; ".join(mention.words for mention in documented.in_imaging(a, condition))
