"""The letter as data: a FHIR R4 document Bundle as plain dicts, the same for the same letter.

    bundle = make_bundle(case, findings, letter, clinic=..., recipient=..., ruleset="...", signed_by="")
    content = write_bundle(bundle)

It says what was answered and nothing else: blank is not no, and "unsure" is carried as such. The first entry is the
Composition; every other is reached from it, or, as a Provenance, points to it. Ids are UUIDs of version 5, made from
the content. What maps to what stands in resources/fhir.
"""

import json
from collections.abc import Mapping

from intake_app.case import Case
from intake_app.factors import Finding, urgency
from intake_app.fhir.answers import make_questionnaire, make_response
from intake_app.fhir.composition import make_composition, make_request, refer
from intake_app.fhir.copies import list_enclosures, make_copies
from intake_app.fhir.elements import Resource, Subject, fill, make_seed, moment
from intake_app.fhir.measures import Grouped, make_observations
from intake_app.fhir.people import (
    make_organization,
    make_patient,
    make_practitioner,
    make_recipient,
    make_referrer,
)
from intake_app.fhir.provenance import make_provenances
from intake_app.fhir.records import make_records
from intake_app.letter import Letter

__all__ = ["make_bundle", "write_bundle"]


def make_bundle(  # noqa: PLR0913  those that the letter was composed with
    case: Case,
    findings: tuple[Finding, ...],
    letter: Letter,
    *,
    clinic: Mapping[str, str],
    recipient: Mapping[str, str],
    ruleset: str = "",
    signed_by: str = "",
    left_out: tuple[str, ...] = (),
    copies: tuple[Mapping[str, str], ...] = (),
    enclosures: tuple[str, ...] = (),
) -> Resource:
    """Return the Bundle of a composed letter; the other arguments are those the letter was composed with."""
    subject = Subject(case, make_seed(case.patient, case.answers, letter.digest))
    people, roles = _make_people(subject, clinic, recipient, signed_by)
    grouped = _make_data(subject, findings, letter, roles)
    grouped += [*make_copies(subject, copies, roles.get("custodian")), *list_enclosures(subject, enclosures)]
    questionnaire = make_questionnaire(case.questionnaire)
    resources = [
        make_composition(subject, letter, grouped, roles, signed_by, left_out),
        make_patient(subject),
        *people,
        *(resource for _, resource in grouped),
        make_response(subject, questionnaire["version"], roles.get("prepared")),
        questionnaire,
        *make_provenances(subject, findings, letter.issued, ruleset),
    ]
    return _bind(subject, letter, resources)


def _bind(subject: Subject, letter: Letter, resources: list[Resource]) -> Resource:
    return subject.start("Bundle", "bundle") | {
        "identifier": {"system": "urn:ietf:rfc:3986", "value": subject.name("bundle")},
        "type": "document",
        "timestamp": moment(letter.issued),
        "entry": [{"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource} for resource in resources],
    }


def write_bundle(bundle: Resource) -> bytes:
    """Return a bundle as JSON in UTF-8."""
    return (json.dumps(bundle, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _make_data(
    subject: Subject, findings: tuple[Finding, ...], letter: Letter, roles: Mapping[str, Resource]
) -> list[Grouped]:
    """Return the request, whose reasons are the diagnoses on record, and what belongs into the letter's sections."""
    level = min(filter(None, (urgency(findings)[0], subject.case.answers.get("requested_urgency", ""))), default="")
    data = [*make_records(subject), *make_observations(subject)]
    reasons = [refer(resource) for group, resource in data if group == "condition"]
    request = make_request(subject, findings, letter.issued, level, roles)
    return [("service_request", fill(request, reasonReference=reasons)), *data]


def _make_people(
    subject: Subject, clinic: Mapping[str, str], recipient: Mapping[str, str], signed_by: str
) -> tuple[list[Resource], dict[str, Resource]]:
    """Return those named in the letter, and references to them by what they do."""
    people: list[Resource] = []
    roles: dict[str, Resource] = {"author": {"display": "Clinic name not entered"}}

    def add(resources: list[Resource], *does: str) -> None:
        people.extend(resources)
        roles.update(dict.fromkeys(does, refer(resources[-1]))) if resources else None

    if (clinic.get("name") or "").strip():
        add([make_organization(subject, "clinic", clinic)], "author", "custodian", "requester")
    add(list(make_referrer(subject)), "requester")
    add(list(make_recipient(subject, recipient)), "performer")
    if signed_by:
        add([make_practitioner(subject, "signed", signed_by)], "attester")
    if prepared := subject.case.answers.get("prepared_by"):
        add([make_practitioner(subject, "prepared", prepared)], "prepared")
    return people, roles
