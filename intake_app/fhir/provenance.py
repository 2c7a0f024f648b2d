"""The proof: which program and which rules made the letter, and for each sentence the rule, sources and answers."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache

from intake_app import __version__
from intake_app.factors import Finding
from intake_app.fhir.answers import answered_paths
from intake_app.fhir.elements import Resource, Subject, code, concept, fill, moment, system, tidy
from intake_app.rulebook import say_source

PROGRAM = "Spine intake"
ANSWER = system("answer")


def make_provenances(
    subject: Subject, findings: tuple[Finding, ...], issued: datetime, ruleset: str
) -> Iterator[Resource]:
    """Yield the Provenance of the whole letter, then one for each sentence of its summary."""
    yield _prove_letter(subject, issued, ruleset)
    answered = answered_paths(subject.case)
    for finding in findings:
        if finding.sentence:
            yield _prove_sentence(subject, finding, issued, [path for path in finding.read if path in answered])


def _prove_letter(subject: Subject, issued: datetime, ruleset: str) -> Resource:
    return fill(
        subject.start("Provenance", "provenance"),
        target=[{"reference": subject.name("letter")}],
        recorded=moment(issued),
        policy=[f"{system('ruleset')}:{ruleset}"] if ruleset else [],
        agent=[_program()],
        entity=[{"role": "source", "what": {"reference": subject.name("answers")}}],
    )


def _prove_sentence(subject: Subject, finding: Finding, issued: datetime, read: list[str]) -> Resource:
    rule = finding.rule
    sources = [_refer_source(name) for name in rule.cites]
    answers = [{"role": "derivation", "what": {"identifier": {"system": ANSWER, "value": path}}} for path in read]
    return fill(
        subject.start("Provenance", f"provenance.{rule.id}"),
        target=[{"reference": subject.name("letter"), "display": tidy(finding.sentence)}],
        recorded=moment(issued),
        activity=concept(rule.label, code("rule", rule.id)),
        agent=[_program()],
        entity=[*answers, *sources],
    )


@cache
def _refer_source(name: str) -> Resource:
    """Return a source as an entity; the same one each time, so it must not be changed."""
    return {"role": "source", "what": _refer("source", name, say_source(name))}


def _program() -> Resource:
    return {
        "type": {"coding": [code("provenance_agent", "assembler")]},
        "who": _refer("program", __version__, f"{PROGRAM} {__version__}"),
    }


def _refer(system_name: str, value: str, display: str = "") -> Resource:
    """Return a reference by what a thing is called, to what is no resource of its own."""
    return fill({"identifier": {"system": system(system_name), "value": tidy(value)}}, display=tidy(display))
