"""The safety card: one page in plain words that says when to seek help at once, in the patient's language."""

import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from intake_app import paths
from intake_app.errors import UserError
from intake_app.letter import render
from intake_app.letter.blocks import Block, Bullets, Heading, Letter, Letterhead, Paragraph, Run, Urgency
from intake_app.letter.fonts import missing
from intake_app.letter.sources import citations

USUAL = "English"
LINE = 30  # characters to write on
LARGE = 1.207  # times the letter's type: 10.5 points and more for what a patient reads


@dataclass(frozen=True, slots=True)
class Card:
    """What the card says in one language: the fields of a file of resources/safety_net."""

    language: str
    code: str  # as PDF readers know it: en-US
    names: tuple[str, ...]  # what people call the language, without capitals and accents
    words: Mapping[str, Any]


def choose_card(language: str) -> Card:
    """Return the card for a language as people write it ("Español", "Spanish, some English"), or the English one."""
    said = _fold(language).split()
    known = [card for card in cards() if set(card.names) & set(said)]
    other = [card for card in known if card.language != USUAL]
    return next(iter(other or known or [card for card in cards() if card.language == USUAL]))


def say_language(language: str) -> str:
    """Return in which language the card is and, when it is not the patient's, that it is not."""
    card = choose_card(language)
    if not language.strip():
        return f"In {card.language}: the patient's language is not recorded."
    if set(card.names) & set(_fold(language).split()):
        return f"In {card.language}."
    return f"In {card.language}: there is no card in the patient's language ({language.strip()})."


def name_card(language: str) -> str:
    """Return a file name for the card that says nothing about the patient."""
    return f"safety-card-{choose_card(language).code[:2]}.pdf"


def make_card(
    language: str, *, clinic: Mapping[str, str], issued: datetime, paper: str = "letter", watermark: str = ""
) -> bytes:
    """Return the card as a PDF; arguments as for a letter. UserError if the letterhead cannot be printed."""
    if characters := missing(" ".join(map(str, clinic.values()))):
        raise UserError(f"Our fonts lack characters of the letterhead: {characters}.", "Write it without them.")
    return render(compose_card(choose_card(language), clinic=clinic, issued=issued, paper=paper, watermark=watermark))


def compose_card(
    card: Card, *, clinic: Mapping[str, str], issued: datetime, paper: str = "letter", watermark: str = ""
) -> Letter:
    """Return the card as a letter of one page; it names nobody but the clinic."""
    say = card.words
    blocks: tuple[Block, ...] = (
        Letterhead(clinic.get("name", ""), _say_reach(clinic), say["title"], (_say_day(say, issued),)),
        Paragraph(say["intro"]),
        Urgency(say["now_title"], (say["now"],), emergency=True, signs=tuple(say["now_signs"])),
        Heading(say["same_day"]),
        *_leave_a_line(say, clinic),
        Bullets(tuple(say["same_day_signs"])),
        Paragraph((Run(say["unreached"], bold=True),)),
        Heading(say["advice_title"]),
        Bullets(tuple(say["advice"])),
        Paragraph((Run(say["more"], bold=True),)),
        Heading(say["sources_title"]),
        Paragraph(f"{say['own_words']} {'; '.join(map(_say_source, say['sources']))}.", small=True),
    )
    return Letter(say["title"], say["foot"], card.language, issued, blocks, card.code, paper, watermark, LARGE)


@cache
def cards() -> tuple[Card, ...]:
    """Return the card in every language we have."""
    files = sorted((paths.resources() / "safety_net").glob("*.toml"))
    read = (tomllib.loads(file.read_text("utf-8")) for file in files)
    return tuple(Card(words["language"], words["code"], tuple(words["names"]), words) for words in read)


def _say_reach(clinic: Mapping[str, str]) -> tuple[str, ...]:
    """Return how the clinic can be reached, a line each."""
    lines = [line.strip(" ,") for line in clinic.get("address", "").splitlines()]
    return tuple(filter(None, (", ".join(filter(None, lines)), clinic.get("phone", ""))))


def _leave_a_line(say: Mapping[str, Any], clinic: Mapping[str, str]) -> tuple[Block, ...]:
    """Return a line to write a telephone number on, where the letterhead has none."""
    return () if clinic.get("phone") else (Paragraph(f"{say['phone']}: {'_' * LINE}"),)


def _say_day(say: Mapping[str, Any], issued: datetime) -> str:
    month = say["months"][issued.month - 1]
    return str(say["date"].format(day=issued.day, month=month, year=issued.year))


def _say_source(name: str) -> str:
    source = citations()[name]
    year = f" ({source['year']})" if isinstance(source["year"], int) else ""
    return f"{source['by']}: {source['title']}{year}"


def _fold(text: str) -> str:
    """Return a text as words without capitals, accents and marks."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return "".join(c if c.isalnum() else " " for c in plain)
