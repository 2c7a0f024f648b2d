"""The patient's sheet: one page in plain words on minimally invasive spine surgery, the same for every patient."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from intake_app import paths
from intake_app.errors import UserError
from intake_app.letter import render
from intake_app.letter.blocks import Block, Bullets, Letter, Letterhead, Paragraph, Subheading, Urgency
from intake_app.letter.fonts import missing
from intake_app.letter.safety_net import LARGE, Card, cards, choose_card

USUAL = "en-US"
SOURCES = "sources.toml"


def compose_sheet(
    language: str, clinic: Mapping[str, str], issued: datetime, *, paper: str = "letter", watermark: str = ""
) -> Letter:
    """Return the sheet in a language as people write it ("Español"), in English where we have no other.

    It fits one page and names nobody but the clinic; the arguments are those of a letter.
    """
    card = _choose(language)
    sheet = sheets()[card.code]
    name = clinic.get("name") or ""
    reach = tuple(filter(None, (clinic.get("phone", ""),)))
    blocks: tuple[Block, ...] = (
        Letterhead(name, reach, sheet["heading"], (_say_day(card, issued),)),
        *(block for part in sheet["part"] for block in _say_part(part)),
        Urgency(card.words["now_title"], (card.words["now"],), emergency=True, signs=tuple(card.words["now_signs"])),
        Paragraph(f"{sheet['sources']} {' · '.join(_list_sources())}", small=True),
    )
    return Letter(sheet["title"], sheet["foot"], sheet["edition"], issued, blocks, card.code, paper, watermark, LARGE)


def make_sheet(
    language: str, clinic: Mapping[str, str], issued: datetime, *, paper: str = "letter", watermark: str = ""
) -> bytes:
    """Return the sheet as a PDF, to be saved as `name_sheet` says; UserError if the letterhead cannot be printed."""
    if characters := missing(" ".join(clinic.get(key) or "" for key in ("name", "phone"))):
        raise UserError(f"Our fonts lack characters of the letterhead: {characters}.", "Write it without them.")
    return render(compose_sheet(language, clinic, issued, paper=paper, watermark=watermark))


def name_sheet(language: str) -> str:
    """Return a file name for the sheet that says nothing about the patient."""
    return f"patient-information-{_choose(language).code[:2]}.pdf"


@cache
def sheets() -> Mapping[str, Mapping[str, Any]]:
    """Return the words of the sheet by language code: the files of resources/patient_sheet."""
    folder = paths.resources() / "patient_sheet"
    read = (tomllib.loads(file.read_text("utf-8")) for file in sorted(folder.glob("*.toml")) if file.name != SOURCES)
    return {words["code"]: words for words in read}


@cache
def sources() -> Mapping[str, Mapping[str, Any]]:
    """Return what the sheet leans on, by id, in the order of the numbers."""
    found: Mapping[str, Mapping[str, Any]] = tomllib.loads(
        (paths.resources() / "patient_sheet" / SOURCES).read_text("utf-8")
    )
    return found


def _choose(language: str) -> Card:
    """Return the safety card whose language the sheet has too, or the English one."""
    card = choose_card(language)
    return card if card.code in sheets() else next(card for card in cards() if card.code == USUAL)


def _say_part(part: Mapping[str, Any]) -> Iterator[Block]:
    if "title" in part:
        yield Subheading(part["title"])
    points = tuple(map(_say, part.get("points", ())))
    if part.get("in_line"):
        yield Paragraph(f"{part['text']} {'; '.join(points)}.")
        return
    if "text" in part:
        yield Paragraph(_say(part))
    if points:
        yield Bullets(points)


def _say(said: Mapping[str, Any]) -> str:
    """Return a text with the numbers of its sources behind it."""
    return f"{said['text']}{_mark(said.get('cites', ()))}"


def _mark(cites: Sequence[str]) -> str:
    numbers = sorted(list(sources()).index(name) + 1 for name in cites)
    return f" [{', '.join(map(str, numbers))}]" if numbers else ""


def _list_sources() -> Iterator[str]:
    """Yield each source in a few words with where it is found; its title stands in the file."""
    for number, source in enumerate(sources().values(), 1):
        year = f" ({source['year']})" if isinstance(source["year"], int) else ""
        yield f"[{number}] {source['by']}{year}, {source['link'].removeprefix('https://')}"


def _say_day(card: Card, issued: datetime) -> str:
    month = card.words["months"][issued.month - 1]
    return str(card.words["date"].format(day=issued.day, month=month, year=issued.year))
