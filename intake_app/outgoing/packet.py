"""The packet for print and fax: a cover page, the letter and its enclosures in one file, every page stamped.

It is never the archive copy, and says so: it has neither the letter's signature nor its data nor its tags.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import pikepdf
from pikepdf import Dictionary, Name, OutlineItem, Pdf, Rectangle, String

from intake_app import dates
from intake_app.errors import UserError
from intake_app.letter import render
from intake_app.letter.blocks import (
    Addressee,
    Block,
    Bullets,
    Column,
    Letter,
    Letterhead,
    Paragraph,
    Run,
    Table,
    Text,
    Zone,
)
from intake_app.letter.fonts import missing
from intake_app.outgoing.enclosures import Enclosure, limits, list_enclosures, say_pages

TITLE = "Referral packet"
A4_WIDTH = 600.0  # points: narrower paper than this is A4
STRIP = 37.0  # points at the top that the stamp takes
MARGIN = 22.0  # points around an enclosure: no printer and no fax cuts it off
KEPT = {"/Type", "/MediaBox", "/CropBox", "/Resources", "/Contents", "/Parent"}  # of the letter's pages
ARCHIVE = (
    "This packet was put together for print and fax. The letter's own PDF file is the archive copy: only that file"
    " holds the letter as it was issued, with its data, its signature if it has one, and its tags for screen readers."
)
MISSENT = (
    "This packet holds health information and is meant for the addressee only. If it reached you by mistake, tell {}"
    " at once and destroy it."
)


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of the packet: what it is, and which pages of the packet it takes, from 1."""

    name: str
    first: int
    pages: int

    @property
    def span(self) -> str:
        return str(self.first) if self.pages == 1 else f"{self.first} to {self.first + self.pages - 1}"


def make_packet(
    letter_pdf: bytes,
    enclosures: Sequence[Enclosure],
    *,
    identity: str,
    clinic: Mapping[str, str],
    recipient: Mapping[str, str],
    issued: datetime,
) -> bytes:
    """Return the packet's PDF.

    `identity` stands on every page but the cover, which names no patient: it lies open in the fax machine. `clinic`
    and `recipient` are as for the letter. UserError if there are too many enclosures, or the letter cannot be read.
    """
    if len(enclosures) > limits()["files"]:
        raise UserError(
            f"A packet holds at most {limits()['files']} enclosures.", "Put several scans into one PDF and add that."
        )
    _refuse_unprintable(identity, clinic, recipient, enclosures)
    with _open_letter(letter_pdf) as letter, pikepdf.new() as packet:
        cover, parts = _fit_cover(letter, enclosures, clinic, recipient, issued)
        with Pdf.open(io.BytesIO(cover)) as opened:
            packet.pages.extend(opened.pages)
        packet.pages.extend(letter.pages)
        for page in packet.pages:
            for key in set(page.obj.keys()) - KEPT:
                del page.obj[key]
        _, _, width, height = (float(side) for side in letter.pages[0].mediabox)
        for enclosure in enclosures:
            _place(packet, enclosure, width, height)
        _stamp(packet, parts, identity, width, height)
        return _finish(packet, parts)


def _refuse_unprintable(
    identity: str, clinic: Mapping[str, str], recipient: Mapping[str, str], enclosures: Sequence[Enclosure]
) -> None:
    titles = {f"title of enclosure {number}": one.title for number, one in enumerate(enclosures, 1)}
    texts = {"clinic": " ".join(clinic.values()), "recipient": " ".join(recipient.values()), "patient": identity}
    found = [f"{where} ({characters})" for where, text in (texts | titles).items() if (characters := missing(text))]
    if found:
        raise UserError(f"Our fonts lack characters of: {', '.join(found)}.", "Write them with letters instead.")


def _open_letter(letter_pdf: bytes) -> Pdf:
    try:
        return Pdf.open(io.BytesIO(letter_pdf))
    except pikepdf.PdfError as error:
        raise UserError("The letter's file is damaged.", "Take the letter from the records again.") from error


def _fit_cover(
    letter: Pdf,
    enclosures: Sequence[Enclosure],
    clinic: Mapping[str, str],
    recipient: Mapping[str, str],
    issued: datetime,
) -> tuple[bytes, list[_Part]]:
    """Return the cover, and the parts it names; a cover that runs over moves all that follow it."""
    paper = "a4" if float(letter.pages[0].mediabox[2]) < A4_WIDTH else "letter"
    taken = 1
    while True:
        parts = list(_list_parts(taken, len(letter.pages), enclosures))
        blocks = tuple(_compose_cover(parts, enclosures, clinic, recipient, issued))
        cover = render(Letter(TITLE, clinic.get("name", ""), "cover", issued, blocks, paper=paper))
        with Pdf.open(io.BytesIO(cover)) as opened:
            pages = len(opened.pages)
        if pages <= taken:
            return cover, parts
        taken = pages


def _list_parts(cover: int, letter: int, enclosures: Sequence[Enclosure]) -> Iterator[_Part]:
    yield _Part("Cover", 1, cover)
    yield _Part("Referral letter", cover + 1, letter)
    first = cover + letter + 1
    for number, enclosure in enumerate(enclosures, 1):
        yield _Part(f"Enclosure {number}", first, enclosure.pages)
        first += enclosure.pages


def _compose_cover(
    parts: Sequence[_Part],
    enclosures: Sequence[Enclosure],
    clinic: Mapping[str, str],
    recipient: Mapping[str, str],
    issued: datetime,
) -> Iterator[Block]:
    total = parts[-1].first + parts[-1].pages - 1
    reach = " · ".join(f"{word} {clinic[key]}" for key, word in (("phone", "Phone"), ("fax", "Fax")) if clinic.get(key))
    name = clinic.get("name") or "the clinic"
    to: tuple[Text, ...] = tuple(recipient[key] for key in ("name", "role", "clinic", "fax") if recipient.get(key))
    facts = (dates.say_day(issued.date()), f"{say_pages(total)} with this one")
    yield Letterhead(name, tuple(filter(None, (reach,))), TITLE, facts)
    yield Addressee(to or ("Not chosen yet",), ("A referral letter and its enclosures", "The patient is named inside"))
    names = ("", f"As issued by {name} ({say_pages(parts[1].pages)})", *list_enclosures(tuple(enclosures)))
    rows = tuple((part.name, named, part.span) for part, named in zip(parts, names, strict=True) if named)
    yield Zone("Inside", (Table((Column("Part", 22), Column("What", 60), Column("Packet pages", 18)), rows),))
    left_out = tuple(
        (Run(f"Enclosure {number}: ", bold=True), " ".join(enclosure.notes))
        for number, enclosure in enumerate(enclosures, 1)
        if enclosure.notes
    )
    if left_out:
        yield Zone("Left out", (Bullets(left_out),))
    yield Zone("Archive", (Paragraph(ARCHIVE),))
    yield Zone("Private", (Paragraph(MISSENT.format(", ".join(filter(None, (name, clinic.get("phone")))))),))


def _place(packet: Pdf, enclosure: Enclosure, width: float, height: float) -> None:
    """Add an enclosure's pages on the letter's paper: whole, as large as they fit below the stamp."""
    room = Rectangle(MARGIN, MARGIN, width - MARGIN, height - STRIP)
    with Pdf.open(io.BytesIO(enclosure.content)) as opened:
        for page in opened.pages:
            packet.add_blank_page(page_size=(width, height)).add_overlay(page, room)


def _stamp(packet: Pdf, parts: Sequence[_Part], identity: str, width: float, height: float) -> None:
    from intake_app.letter import pdf_stamps  # noqa: PLC0415  reportlab is only loaded where something is drawn

    total = len(packet.pages)
    stamps = []
    for part in parts:
        for number in range(part.pages):
            where = f"packet page {part.first + number} of {total}"
            if part is parts[0]:
                stamps.append(pdf_stamps.Stamp("", where))
                continue
            own = f"{part.name}, page {number + 1} of {part.pages}"
            stamps.append(pdf_stamps.Stamp(identity, f"{own} · {where}"))
    with Pdf.open(io.BytesIO(pdf_stamps.draw_stamps(stamps, width, height))) as sheets:
        for page, sheet in zip(packet.pages, sheets.pages, strict=True):
            page.add_overlay(sheet, Rectangle(0, 0, width, height))


def _finish(packet: Pdf, parts: Sequence[_Part]) -> bytes:
    """Name the file and its parts, for who reads it on a screen after all."""
    packet.docinfo[Name.Title] = String(f"{TITLE}, for print and fax: not the archive copy")
    packet.Root.Lang = String("en-US")
    packet.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    with packet.open_outline() as outline:
        outline.root += [OutlineItem(part.name, part.first - 1) for part in parts]
    out = io.BytesIO()
    packet.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return out.getvalue()
