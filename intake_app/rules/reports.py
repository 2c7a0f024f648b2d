"""Fractures that an imaging report names. What a deficit makes of them is in deficits."""

from intake_app.factors import Reader, rule
from intake_app.rules import documented
from intake_app.rules.emergencies import FRACTURE


@rule("red_flags", "qld_cpc", "nsw_src", "sa_health_cpc", level="R2")
def fracture_on_report(a: Reader) -> str | None:
    """Fracture named in an imaging report."""
    named = say_fractures(a)
    return f"Per report: {named}." if named else None


def say_fractures(a: Reader) -> str:
    """Return where imaging reports name a fracture, in words; "" for nowhere."""
    return "; ".join(mention.words for mention in documented.in_imaging(a, FRACTURE))
