"""The cases that whole documents are made from: the invented patients, the published cases, a full one, an empty one."""

from datetime import UTC, date, datetime
from pathlib import Path

from intake_app import demo, fhir, letter, rulebook
from intake_app.case import make_case, read_case_file
from intake_app.factors import evaluate_all

HERE = Path(__file__).parent
TODAY = date(2026, 11, 22)
FILES = [*sorted((HERE / "cases").glob("*.json")), HERE / "letter" / "full_case.json"]
NAMES = (
    "herniated_disc", "stenosis", "cauda_equina_questions", "scoliosis_revision", "chronic_back_pain",
    "myelopathy_questions", "just_begun", *(path.stem for path in FILES), "empty",
)  # fmt: skip

GOING_ALONG = {
    "copies": ({"name": "Dr Abe", "role": "family doctor"}, {"name": "Physiotherapy <Quay>"}),
    "enclosures": ("MRI report (PDF, 2 pages)", "Photo of the wound & notes (JPEG, 1 page)"),
}
TOLD = ("clinic", "recipient", "ruleset", "signed_by", "copies", "enclosures")  # to the Bundle


def read_samples(questionnaire):
    """Return every sample case by name."""
    found = dict(demo.cases(questionnaire, TODAY))
    found |= {path.stem: read_case_file(path.read_text("utf-8"), questionnaire, TODAY) for path in FILES}
    return found | {"empty": make_case(questionnaire, {}, {}, TODAY)}


def say_about(**more):
    """Return what a letter is composed with."""
    return {
        "clinic": demo.CLINIC,
        "recipient": demo.RECIPIENT,
        "issued": datetime(2026, 11, 22, 9, 40, tzinfo=UTC),
        "ruleset": rulebook.edition(),
    } | more


def bundle_of(case, **more):
    """Return the Bundle of a case."""
    about = say_about(**more)
    findings = evaluate_all(case)
    composed = letter.compose(case, findings, **about)
    kept = {name: about[name] for name in TOLD if name in about}
    return fhir.make_bundle(case, findings, composed, **kept)
