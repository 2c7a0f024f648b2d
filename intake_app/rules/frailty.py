"""The items of the frailty index mFI-5, each as there, not there or not known."""

from intake_app.factors import Absent, Reader, rule
from intake_app.questions import NO, YES
from intake_app.rules.health import DIABETES

HELP_NEEDED = ("partly", "fully")


@rule("health", "weaver_2019")
def frailty_index_items(a: Reader) -> str | None:
    """mFI-5 items."""
    items = _frailty_items(a)
    there = [name for name, told in items.items() if told]
    unknown = [name for name, told in items.items() if told is None]
    if len(unknown) == len(items):
        return None
    open_ = f" Not known: {'; '.join(unknown)}." if unknown else ""
    named = f" ({', '.join(there)})" if there else ""
    said = f"Index mFI-5: {len(there)} of {len(items)} items recorded as present{named}.{open_}"
    return said if there else Absent(said)


def _frailty_items(a: Reader) -> dict[str, bool | None]:
    """Return the five items of the index, each as there, not there, or None where nobody knows."""
    conditions, diabetes, independence = a["conditions"], a["diabetes"], a["independence"]
    named = conditions or ()
    recent = a["heart_failure_30_days"] if "heart_failure" in named else NO
    asked = conditions is not None
    return {
        "heart failure within 30 days": (None if recent is None else recent == YES) if asked else None,
        "diabetes": diabetes in DIABETES if diabetes else None,
        "lung disease or pneumonia": "copd" in named or "pneumonia" in named if asked else None,
        "help needed in daily life": independence in HELP_NEEDED if independence else None,
        "treated high blood pressure": "hypertension" in named if asked else None,
    }
