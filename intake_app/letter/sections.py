"""The letter from beginning to end: what it consists of, and in which order."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from intake_app import __version__, dates
from intake_app.case import Case
from intake_app.factors import Finding
from intake_app.letter import front_page
from intake_app.letter.blocks import Addressee, Block, Bullets, Letter, Letterhead, Logo, Paragraph, Text, Zone
from intake_app.letter.details import WHOLE, Edition, compose_details
from intake_app.letter.problem import find_ages
from intake_app.letter.sources import number_sources
from intake_app.letter.words import answer_words, end_sentence, lower_first, say_moment, shorten

TITLE = "Referral letter"
COPIED = ("name", "role", "clinic", "fax")
ONE_LINE = 88  # characters of address and phone that fit below the clinic's name


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a letter is composed with besides the case; the package says what each is."""

    clinic: Mapping[str, str]
    recipient: Mapping[str, str]
    issued: datetime
    version: int = 1
    ruleset: str = ""
    rules_signed: tuple[str, ...] = ()
    signed_by: str = ""
    watermark: str = ""
    reason: str = ""
    changes: tuple[str, ...] = ()
    copies: tuple[Mapping[str, str], ...] = ()
    enclosures: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    logo: Logo | None = None
    preprinted: float = 0.0
    paper: str = "letter"


def compose(case: Case, findings: tuple[Finding, ...], **about: Any) -> Letter:  # noqa: ANN401  the fields of About
    """Return the letter of a case; the arguments are the fields of `About`."""
    of = About(**about)
    references = number_sources(findings)
    edition = Edition(_say_made(of.issued, of.ruleset, of.rules_signed), of.changes, of.left_out)
    blocks: tuple[Block, ...] = (
        replace(_letterhead(of.clinic, of.issued, of.version), logo=of.logo),
        Addressee(tuple(_address(of.recipient)), tuple(_identify(case))),
        *_say_changes(of.version, of.reason, of.changes),
        *front_page.compose_front(case, findings, references, of.left_out),
        Zone("Signature", (front_page.sign(case, of.signed_by, of.issued),)),
        *_list_enclosed(of.enclosures),
        *_list_copies(of.copies),
        *compose_details(case, findings, references, edition),
    )
    made = " · ".join(filter(None, (f"version {of.version}", f"rules {of.ruleset}" if of.ruleset else "")))
    title = " · ".join(filter(None, (TITLE, of.clinic.get("name", ""))))
    letter = Letter(title, say_identity(case), made, of.issued, blocks, paper=of.paper, watermark=of.watermark)
    return replace(letter, preprinted=of.preprinted)


def _say_made(issued: datetime, ruleset: str, rules_signed: tuple[str, ...]) -> str:
    rules = f", rules {'; '.join((ruleset, *rules_signed))}" if ruleset else ""
    return f"Prepared with Spine intake {__version__} on {say_moment(issued)}{rules}."


def say_identity(case: Case) -> str:
    """Return who the letter is about, as it stands on every page."""
    born, record = case.patient.get("birth_date"), case.patient.get("record_number")
    return " · ".join(
        (
            say_name(case),
            f"born {dates.say(born)}" if born else "birth date not recorded",
            f"record {record}" if record else "no record number",
        )
    )


def say_name(case: Case) -> str:
    """Return the patient's name, family name first."""
    names = (case.patient.get("family_name"), case.patient.get("given_names"))
    return ", ".join(filter(None, names)) or "name not recorded"


def _letterhead(clinic: Mapping[str, str], issued: datetime, version: int) -> Letterhead:
    reach = [f"{word} {clinic[key]}" for key, word in (("phone", "Phone"), ("fax", "Fax")) if clinic.get(key)]
    reach += [clinic["email"]] if clinic.get("email") else []
    address = _one_line(clinic.get("address", ""))
    lines: tuple[str, ...] = (address, " · ".join(reach))
    if len(" · ".join(lines)) <= ONE_LINE:
        lines = (" · ".join(filter(None, lines)),)
    return Letterhead(
        clinic.get("name") or "Clinic name not entered",
        tuple(filter(None, lines)),
        TITLE,
        (f"{dates.say_day(issued.date())} · version {version}",),
    )


def _one_line(address: str) -> str:
    return ", ".join(filter(None, (line.strip(" ,") for line in address.splitlines())))


def _address(recipient: Mapping[str, str]) -> Iterator[Text]:
    name, *rest = [recipient[key] for key in ("name", "role", "clinic") if recipient.get(key)] or ["Not chosen yet"]
    yield name
    yield from filter(None, (", ".join(rest), _one_line(recipient.get("address", ""))))
    reach = [f"{word} {recipient[key]}" for key, word in (("phone", "phone"), ("fax", "fax")) if recipient.get(key)]
    if reach:
        yield " · ".join(reach)


def _identify(case: Case) -> Iterator[Text]:
    patient = {name: value for name, value in case.patient.items() if value not in (None, "")}
    questions = {question.id: question for question in case.questionnaire.patient.questions}
    yield say_name(case)
    age = " or ".join(map(str, find_ages(case)))
    born = f"born {dates.say(patient['birth_date'])}" if "birth_date" in patient else "birth date not recorded"
    sex = lower_first(answer_words(questions["sex"], patient["sex"])) if "sex" in patient else "sex not recorded"
    yield f"{born}{f' ({age})' if age else ''} · {sex}"
    record = f"record {patient['record_number']}" if "record_number" in patient else "no record number"
    yield record + (f" · phone {patient['phone']}" if "phone" in patient else "")
    if patient.get("interpreter") == "yes":
        yield f"interpreter needed: {patient.get('language', 'language not recorded')}"


def say_copy(copy: Mapping[str, str]) -> str:
    """Return who gets a copy in a line, with what tells them apart from others of the name."""
    return ", ".join(filter(None, (copy.get(key, "").strip() for key in COPIED)))


def _say_changes(version: int, reason: str, changes: tuple[str, ...]) -> Iterator[Block]:
    if version > 1 or reason or changes:
        why = end_sentence(f"Version {version}: {reason or 'reason not recorded'}")
        said = tuple(shorten(change, WHOLE, " …") for change in changes)
        listed: tuple[Block, ...] = (Bullets(said, small=True, whole_in="Changed"),) if said else ()
        yield Zone("Changed", (Paragraph(why), *listed))


def _list_enclosed(enclosures: tuple[str, ...]) -> Iterator[Block]:
    if enclosures:
        yield Zone("Enclosed", (Bullets(enclosures, small=True, numbered=True),))


def _list_copies(copies: tuple[Mapping[str, str], ...]) -> Iterator[Block]:
    """Yield who else gets the letter."""
    said = tuple(map(say_copy, copies))
    if any(said):
        yield Zone("Copies to", (Paragraph("; ".join(filter(None, said)), small=True),))
