"""The small parts that FHIR resources are built from: codes, references, dates, quantities, narrative."""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from hashlib import sha256
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5
from xml.sax.saxutils import escape

from intake_app import paths
from intake_app.case import Case
from intake_app.letter.words import answer_words
from intake_app.questions import Answer, Question

Resource = dict[str, Any]
XHTML = "http://www.w3.org/1999/xhtml"
_OTHER_SPACE = re.compile(r"[^\S \n\r\t]")  # FHIR takes a no-break space for none
_NOT_XML = re.compile("[\ufffe\uffff\ud800-\udfff]")
_NAMESPACE = uuid5(NAMESPACE_URL, "urn:x-spine-intake")


@cache
def read_mapping(name: str) -> Mapping[str, Any]:
    """Return one of the tables in resources/fhir."""
    return tomllib.loads((paths.resources() / "fhir" / f"{name}.toml").read_text("utf-8"))


def system(name: str) -> str:
    """Return the address of a code system that resources/fhir/systems.toml names."""
    return str(read_mapping("systems")[name])


@dataclass(frozen=True)
class Subject:
    """Whom the resources are about: the case, and the seed from which their ids follow."""

    case: Case
    seed: str

    def name(self, place: str) -> str:
        """Return the address of the resource at a place such as `treatments[0]`: the same for the same content."""
        return f"urn:uuid:{uuid5(_uuid(self.seed), place)}"

    def start(self, kind: str, place: str) -> Resource:
        """Return a resource that has its kind and its id."""
        return {"resourceType": kind, "id": self.name(place).removeprefix("urn:uuid:")}

    @property
    def patient(self) -> Resource:
        """A reference to the patient."""
        return {"reference": self.name("patient")}


@lru_cache(maxsize=8)
def _uuid(seed: str) -> UUID:
    return UUID(seed)


def make_seed(*content: object) -> str:
    """Return the UUID of a content that JSON can hold."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, default=list)
    return str(uuid5(_NAMESPACE, sha256(text.encode()).hexdigest()))


def fill(resource: Resource, **parts: object) -> Resource:
    """Return a resource with those parts that hold something: FHIR knows no empty element."""
    kept = {name: part for name, part in parts.items() if part or isinstance(part, int | float)}
    return resource | kept


def code(system_name: str, value: str, display: str = "") -> Resource:
    """Return a Coding."""
    return fill({"system": system(system_name), "code": value}, display=tidy(display))


def concept(text: str, *codings: Resource) -> Resource:
    """Return a CodeableConcept; {} when it says nothing."""
    return fill({}, coding=list(codings), text=tidy(text))


def quantity(value: float, unit: str) -> Resource:
    """Return a Quantity, with UCUM's code where the unit has one."""
    ucum = read_mapping("systems")["ucum_units"].get(unit, "")
    return fill({"value": value}, unit=unit, system=system("ucum") if ucum else "", code=ucum)


def moment(when: datetime) -> str:
    """Return an instant in ISO 8601; one without a time zone is told as UTC."""
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).isoformat(timespec="milliseconds")


def tidy(text: str) -> str:
    """Return a text as a FHIR string and XML can hold it: plain spaces, none at the ends, no non-characters."""
    return _NOT_XML.sub("\ufffd", _OTHER_SPACE.sub(" ", text)).strip()


def narrative(body: str) -> Resource:
    """Return a Narrative around XHTML that is escaped already."""
    return {"status": "generated", "div": f'<div xmlns="{XHTML}">{body or "<p>Nothing recorded.</p>"}</div>'}


def paragraph(text: str) -> str:
    """Return a text as an XHTML paragraph."""
    return f"<p>{say_xhtml(text)}</p>"


def say_xhtml(text: str) -> str:
    """Return a text escaped for XHTML; a blank one as a dash, since an element must not be empty."""
    return escape(tidy(text)) or "\N{EN DASH}"


def say(question: Question, value: Answer) -> str:
    """Return an answer in words; of a type that has no words of its own yet, as JSON."""
    try:
        return answer_words(question, value)
    except (KeyError, TypeError, ValueError):
        return json.dumps(value, ensure_ascii=False, default=list)


def say_fields(question: Question, entry: Mapping[str, Any], names: Iterable[str]) -> str:
    """Return the answers of an entry's fields in words, joined by commas, in the order of `names`."""
    fields = {field.id: field for field in question.fields}
    return ", ".join(say(fields[name], entry[name]) for name in names if name in fields and name in entry)


def say_rest(question: Question, entry: Mapping[str, Any], used: Iterable[str]) -> list[Resource]:
    """Return an Annotation that holds every field which no element has taken; [] when there is none."""
    taken = set(used)
    words = [f"{f.label}: {say(f, entry[f.id])}" for f in question.fields if f.id in entry and f.id not in taken]
    return [{"text": tidy(". ".join(words))}] if words else []
