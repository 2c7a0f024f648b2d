"""The whole document: the letter as a PDF, and inside it the FHIR Bundle, the case file and a manifest that binds them.

    pdf = make_document(case, findings, about)
    pdf = make_document(case, findings, about | {"signed_by": name}, sign=partial(signing.sign, ...))

`about` is what `letter.compose` takes. A letter that says it is signed is given out only with its signature. The same
case and the same `about` give the same bytes with the same version of the program. `case.json` holds all that it takes
to make the same letter again; `manifest.json` the SHA-256 of every page and of both files.
`intake_app.outgoing.proof` reads them back and compares.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from intake_app import __version__, fhir, letter
from intake_app.case import Case, make_case
from intake_app.errors import UserError
from intake_app.factors import Finding
from intake_app.letter import Attachment, Letter, Logo
from intake_app.letter.left_out import leave_out
from intake_app.letter.printable import name_texts, refuse_unprintable
from intake_app.questions import Questionnaire

BUNDLE, CASE_FILE, MANIFEST = "referral.fhir.json", "case.json", "manifest.json"
FORMAT = 1  # of case.json and manifest.json
_TOLD_TO_BUNDLE = ("clinic", "recipient", "ruleset", "signed_by", "left_out", "copies", "enclosures")
_PRINT_ONLY = ("preprinted",)  # never of the archive copy
_UNTRUE = (
    "The letter would say that it is signed without being signed, or be signed without saying so.",
    "Choose the certificate of the clinician who signs, or leave the signature out.",
)
_SHOWN_TO = {
    BUNDLE: ("application/fhir+json", "This referral as a FHIR R4 document Bundle"),
    CASE_FILE: ("application/json", "The answers and all else that it takes to make this letter again"),
    MANIFEST: ("application/json", "SHA-256 of every page and of both files, and the versions they were made with"),
}


def make_document(
    case: Case, findings: tuple[Finding, ...], about: Mapping[str, Any], *, sign: Callable[[bytes], bytes] | None = None
) -> bytes:
    """Return the PDF with its files inside, signed by `sign` if there is one.

    UserError names every field that cannot be printed, and refuses a letter that would say it is signed and is not.
    """
    if bool(about.get("signed_by")) != bool(sign):
        raise UserError(*_UNTRUE)
    pdf = make_unsigned(case, findings, about)
    if sign is None:
        return pdf
    from intake_app.outgoing import signing  # noqa: PLC0415  only a signed letter needs it

    signed = sign(pdf)
    if not signing.check_signature(signed).intact:
        raise UserError(*_UNTRUE)
    return signed


def make_unsigned(case: Case, findings: tuple[Finding, ...], about: Mapping[str, Any]) -> bytes:
    """Return the PDF before it is signed, to compare with; it may say that it is signed, so never give it out."""
    refuse_unprintable(case, **name_texts(about))
    case, findings = leave_out(case, findings, about.get("left_out", ()))
    case_file = write_letter_case(case, about)
    again = read_about(json.loads(case_file)["letter"])  # as whoever makes it again will have it
    composed = letter.compose(case, findings, **again)
    bundle = fhir.write_bundle(compose_bundle(case, findings, composed, again))
    files = {BUNDLE: bundle, CASE_FILE: case_file}

    def attach(pages: tuple[str, ...]) -> tuple[Attachment, ...]:
        manifest = write_manifest(composed, pages, files, about, case.questionnaire)
        return tuple(_attach(name, content) for name, content in (files | {MANIFEST: manifest}).items())

    return letter.render(composed, attach)


def compose_bundle(
    case: Case, findings: tuple[Finding, ...], composed: Letter, about: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the FHIR Bundle of a composed letter."""
    named = {name: about[name] for name in _TOLD_TO_BUNDLE if name in about}
    return fhir.make_bundle(case, findings, composed, **named)


def write_letter_case(case: Case, about: Mapping[str, Any]) -> bytes:
    """Return case.json: the case, and what the letter was composed with."""
    content = {
        "format": FORMAT,
        "program": __version__,
        "patient": dict(case.patient),
        "answers": dict(case.answers),
        "answered_at": {name: moment.isoformat() for name, moment in case.answered_at.items()},
        "as_of": case.as_of.isoformat(),
        "profile": case.profile,
        "signed": sorted(case.signed),
        "letter": {name: value for name, value in about.items() if name not in _PRINT_ONLY}
        | {"issued": about["issued"].isoformat()},
    }
    lines = (json.dumps({name: part}, ensure_ascii=False, default=_as_plain)[1:-1] for name, part in content.items())
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def read_letter_case(content: bytes, questionnaire: Questionnaire) -> tuple[Case, dict[str, Any]]:
    """Return the case of a case.json and what its letter was composed with; ValueError or the like if it is none."""
    data = json.loads(content)
    answered_at = {name: datetime.fromisoformat(moment) for name, moment in data["answered_at"].items()}
    case = make_case(
        questionnaire,
        data["patient"],
        data["answers"],
        date.fromisoformat(data["as_of"]),
        answered_at,
        profile=data["profile"],
        signed=frozenset(data["signed"]),
    )
    return case, read_about(data["letter"])


def read_case_part(text: str) -> str:
    """Return the case file that a case.json holds, as the other commands take it; any other text as it stands."""
    try:
        data = json.loads(text)
        part = {name: data[name] for name in ("patient", "answers")}
        return json.dumps(part) if data["format"] == FORMAT and "letter" in data else text
    except (ValueError, TypeError, KeyError, RecursionError):
        return text


def read_about(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `letter.compose` takes, from JSON: its lists are tuples, its moment has lost its zone's name."""
    about = {name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()}
    if logo := kept.get("logo"):
        about["logo"] = Logo(**(logo | {"content": base64.b64decode(logo["content"], validate=True)}))
    return about | {"issued": datetime.fromisoformat(kept["issued"])}


def write_manifest(
    composed: Letter,
    pages: tuple[str, ...],
    files: Mapping[str, bytes],
    about: Mapping[str, Any],
    questionnaire: Questionnaire,
) -> bytes:
    """Return manifest.json; its own sum stands in it too, so that a slip of a byte is told from a changed letter."""
    content = {
        "format": FORMAT,
        "program": __version__,
        "ruleset": about.get("ruleset", ""),
        "questionnaire": questionnaire.version,
        "letter": composed.digest,
        "pages": list(pages),
        "files": {name: hash_bytes(content) for name, content in files.items()},
    }
    return (json.dumps(content | {"sum": sum_manifest(content)}, indent=1) + "\n").encode()


def sum_manifest(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of what a manifest says, but for its own sum."""
    said = {name: value for name, value in content.items() if name != "sum"}
    return hash_bytes(json.dumps(said, sort_keys=True).encode())


def hash_bytes(content: bytes) -> str:
    """Return a SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _attach(name: str, content: bytes) -> Attachment:
    mime, description = _SHOWN_TO[name]
    return Attachment(name, content, mime, description, "Source" if name == CASE_FILE else "Data")


def _as_plain(value: object) -> object:
    """Return a mapping as JSON can hold it; UserError for what no case file can keep."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Logo):
        return asdict(value) | {"content": base64.b64encode(value.content).decode()}
    raise UserError(f"A {type(value).__name__} cannot be kept in a case file.", "Leave it out of the letter.")
