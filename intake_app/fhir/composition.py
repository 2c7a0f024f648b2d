"""The letter as a Composition: its sections with their words, and in each the resources that belong to it."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from intake_app.case import Case
from intake_app.factors import Finding
from intake_app.fhir.elements import (
    Resource,
    Subject,
    code,
    fill,
    moment,
    narrative,
    paragraph,
    read_mapping,
    tidy,
)
from intake_app.fhir.measures import Grouped
from intake_app.fhir.narratives import say_blocks
from intake_app.letter import Letter
from intake_app.letter.blocks import Urgency, Zone
from intake_app.questions import NONE


def make_composition(
    subject: Subject,
    letter: Letter,
    grouped: Iterable[Grouped],
    people: Mapping[str, Resource],
    signed_by: str,
    left_out: Collection[str] = (),
) -> Resource:
    """Return the Composition. `people` holds references: author, and attester and custodian where there are any.

    `left_out` names the pages that the sender left out.
    """
    document = read_mapping("sections")["document"]
    attester = {"mode": "professional", "party": people.get("attester")}
    return fill(
        subject.start("Composition", "letter"),
        language=letter.language,
        status="final" if signed_by else "preliminary",
        type={"coding": [code("loinc", document["loinc"], document["display"])]},
        subject=subject.patient,
        date=moment(letter.issued),
        author=[people["author"]],
        title=tidy(letter.title),
        attester=[attester] if "attester" in people else [],
        custodian=people.get("custodian"),
        section=_make_sections(subject, letter, list(grouped), left_out),
    )


def _make_sections(
    subject: Subject, letter: Letter, grouped: list[Grouped], left_out: Collection[str]
) -> list[Resource]:
    mapping = read_mapping("sections")
    zones = [block for block in letter.blocks if isinstance(block, Zone)]
    first = {zone.label: zone for zone in reversed(zones)}
    sections = [_say_urgency(block) for block in letter.blocks if isinstance(block, Urgency)]
    placed: set[str] = set()
    for zone in zones:
        groups = {group for group, label in mapping["zones"].items() if label == zone.label}
        mine = [resource for group, resource in grouped if group in groups and first[zone.label] is zone]
        placed |= {resource["id"] for resource in mine}
        sections.append(_make_section(subject.case, zone, mine, left_out))
    rest = [resource for _, resource in grouped if resource["id"] not in placed]
    references = [{"reference": subject.name("answers")}, *map(refer, rest)]
    notices = read_mapping("systems")["notices"]
    words = "".join(map(paragraph, (mapping["last"]["text"], *notices.values())))
    return [*sections, {"title": mapping["last"]["title"], "text": narrative(words), "entry": references}]


def _say_urgency(block: Urgency) -> Resource:
    return {"title": "Urgency", "text": narrative(say_blocks((block,)))}


def _make_section(case: Case, zone: Zone, resources: list[Resource], left_out: Collection[str]) -> Resource:
    mapping = read_mapping("sections")
    named = mapping["codes"].get(zone.label)
    return fill(
        {"title": tidy(zone.label)},
        code={"coding": [code("loinc", *named)]} if named else {},
        text=narrative(say_blocks(zone.blocks)),
        entry=[refer(resource) for resource in resources],
        emptyReason={} if resources else _say_empty(case, zone.label, left_out),
    )


def _say_empty(case: Case, label: str, left_out: Collection[str]) -> Resource:
    """Return why the section of a list is empty: said to be, left out, or not asked; {} where it is no list's."""
    lists = [name for name, zone in read_mapping("sections")["lists"].items() if zone == label]
    gone = {question.id for page in case.questionnaire.pages if page.id in left_out for question in page.questions}
    if gone & set(lists[:1]):
        return {"coding": [code("empty_list", "withheld")]}
    said = case.answers.get(lists[0]) if lists else ()
    if said is not None and said != NONE:
        return {}
    return {"coding": [code("empty_list", "notasked" if said is None else "nilknown")]}


def refer(resource: Resource) -> Resource:
    """Return a reference to a resource of the same bundle."""
    return {"reference": f"urn:uuid:{resource['id']}"}


def make_request(
    subject: Subject, findings: tuple[Finding, ...], issued: datetime, level: str, people: Mapping[str, Resource]
) -> Resource:
    """Return the ServiceRequest. Unsigned it is a proposal: only a signature makes it an order.

    `level` is the letter's urgency, "" when there is none; `people` holds references: requester, performer, attester.
    """
    answers = subject.case.answers
    because = answers.get("urgency_reason", "")
    flags = [finding.sentence for finding in findings if finding.rule.level == level and finding.sentence]
    notes = [answers.get("referral_question", ""), *([because] if because else []), *flags]
    return fill(
        subject.start("ServiceRequest", "request"),
        status="active",
        intent="order" if "attester" in people else "proposal",
        priority=read_mapping("statements")["priority"].get(level, ""),
        code={"text": "Referral to a spine surgeon"},
        subject=subject.patient,
        authoredOn=moment(issued),
        requester=people.get("requester"),
        performer=[people["performer"]] if "performer" in people else [],
        supportingInfo=[{"reference": subject.name("answers")}],
        note=[{"text": tidy(note)} for note in notes if note],
    )
