"""Who the letter is about, who writes it and to whom: Patient, Practitioner, PractitionerRole, Organization."""

from collections.abc import Iterator, Mapping

from intake_app.fhir.elements import Resource, Subject, code, concept, fill, tidy
from intake_app.questions import YES

_INTERPRETER = "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired"
_GENDERS = ("female", "male", "other")


def make_patient(subject: Subject) -> Resource:
    """Return the Patient, with what is recorded and nothing else."""
    known = subject.case.patient
    family, given = tidy(known.get("family_name", "")), tidy(known.get("given_names", ""))
    name = fill({}, family=family, given=[given] if given else [])
    record = known.get("record_number", "")
    identifier = {"type": {"coding": [code("identifier", "MR")]}, "value": tidy(record)}
    needed = known.get("interpreter")
    interpreter = {"url": _INTERPRETER, "valueBoolean": needed == YES}
    language = tidy(known.get("language", ""))
    return fill(
        subject.start("Patient", "patient"),
        extension=[interpreter] if needed in (YES, "no") else [],
        identifier=[identifier] if record else [],
        name=[name] if name else [],
        telecom=_reach(known, ("phone",)),
        gender=known["sex"] if known.get("sex") in _GENDERS else "",
        birthDate=known.get("birth_date", ""),
        address=_live_at(known),
        communication=[{"language": {"text": language}, "preferred": True}] if language else [],
    )


def make_practitioner(subject: Subject, place: str, name: str) -> Resource:
    """Return a Practitioner of whom only the name is known."""
    return subject.start("Practitioner", place) | {"name": [{"text": tidy(name)}]}


def make_organization(subject: Subject, place: str, about: Mapping[str, str]) -> Resource:
    """Return an Organization with name, address, phone, fax and email as far as known."""
    return fill(
        subject.start("Organization", place),
        name=tidy(about["name"]),
        telecom=_reach(about, ("phone", "fax", "email")),
        address=_live_at(about),
    )


def make_recipient(subject: Subject, recipient: Mapping[str, str]) -> Iterator[Resource]:
    """Yield the PractitionerRole of a recipient, and before it the person and the place where they are named."""
    person, clinic = tidy(recipient.get("name") or ""), tidy(recipient.get("clinic") or "")
    if person:
        yield make_practitioner(subject, "recipient.person", person)
    if clinic:
        yield fill(
            subject.start("Organization", "recipient.clinic"),
            name=clinic,
            address=_live_at(recipient),
        )
    role = fill(
        {},
        practitioner={"reference": subject.name("recipient.person")} if person else {},
        organization={"reference": subject.name("recipient.clinic")} if clinic else {},
        code=[concept(recipient["role"])] if recipient.get("role") else [],
        telecom=_reach(recipient, ("phone", "fax")),
    )
    if role:
        yield subject.start("PractitionerRole", "recipient") | role


def make_referrer(subject: Subject) -> Iterator[Resource]:
    """Yield the referring clinician, and the role when it is recorded."""
    name, role = (tidy(subject.case.answers.get(key, "")) for key in ("referrer_name", "referrer_role"))
    if not name:
        return
    person = make_practitioner(subject, "referrer.person", name)
    yield person
    yield fill(
        subject.start("PractitionerRole", "referrer"),
        practitioner={"reference": subject.name("referrer.person")},
        code=[concept(role)] if role else [],
    )


def _live_at(known: Mapping[str, str]) -> list[Resource]:
    lines = [tidy(line) for line in (known.get("address") or "").splitlines() if tidy(line)]
    return [{"text": "\n".join(lines), "line": lines}] if lines else []


def _reach(known: Mapping[str, str], kinds: tuple[str, ...]) -> list[Resource]:
    return [{"system": kind, "value": tidy(known[kind])} for kind in kinds if known.get(kind)]
