"""Reads what the clinic wants to enclose (PDF, JPEG, PNG) and its logo: checked, or refused with a sentence."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from intake_app import paths
from intake_app.errors import UserError
from intake_app.letter import Logo
from intake_app.outgoing.quarantine import MEGABYTE, Opened, RefusedError, open_apart

__all__ = ["Enclosure", "Logo", "limits", "list_enclosures", "read_enclosure", "read_logo", "say_pages"]

START = 1024  # bytes in which a PDF has to say that it is one
KINDS = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG"}
ANEW = "Open it, print it to a new PDF and add that."
REFUSALS = {  # why, in a word of the quarantine: what happened, and what to do
    "locked": ("is locked by a password or must not be printed.", "Ask for it without a lock, or scan a print of it."),
    "damaged": ("is damaged and cannot be read whole.", "Ask for it again, or scan a print of it."),
    "empty": ("holds no page.", "Choose another file."),
    "pages": ("has more than {pages} pages.", "Choose the pages that matter and add them as a PDF of their own."),
    "pixels": ("holds a picture of more than {pixels:,} dots.", "Save the picture smaller, then add it again."),
    "bomb": ("unpacks to far more than a document needs and was not opened.", ANEW),
    "slow": ("takes too long to open and was given up.", ANEW),
    "crash": ("could not be opened: it is damaged, or was made to do harm.", ANEW),
    "portfolio": ("is a folder of several files.", "Open it and add the files in it one by one."),
    "form": ("is a form that only its own program can show.", ANEW),
    "layers": ("has layers that are switched off and would be printed.", ANEW),
    "elsewhere": ("takes a part of its pages from another file.", ANEW),
}
NOTES = {  # what was left out, in a word of the quarantine
    "script": "A script in it is left out.",
    "launch": "A command in it that starts a program is left out.",
    "files": "Files attached inside it are left out; add them on their own if they are wanted.",
    "media": "Sound or film in it is left out.",
    "moving": "Only its first picture is shown.",
    "signature": "Its electronic signature does not carry over; the signed file is the original.",
}


@dataclass(frozen=True, slots=True)
class Enclosure:
    """One file to enclose: `content` is a PDF of its pages, cleaned, `notes` says what was left out.

    `title` is what the desk calls it ("MRI report, 3 May 2026"); the file's own name is printed nowhere, since it may
    name somebody.
    """

    title: str
    kind: str
    pages: int
    content: bytes
    notes: tuple[str, ...] = ()


@cache
def limits() -> Mapping[str, int]:
    """Return the limits of resources/enclosures.toml."""
    found: Mapping[str, int] = tomllib.loads((paths.resources() / "enclosures.toml").read_text("utf-8"))
    return found


def read_enclosure(name: str, content: bytes, *, within: Mapping[str, int] | None = None) -> Enclosure:
    """Return a file as it can be enclosed, without a title yet; takes a tenth of a second and more.

    `name` is the file's name, only used in a UserError, which says why the file is refused and what to do. `within`
    replaces the limits.
    """
    allowed = within or limits()
    kind = _find_kind(name, content, allowed)
    opened = _open(name, "pdf" if kind == "PDF" else "picture", content, allowed)
    notes = tuple(NOTES[note] for note in opened.notes)
    return Enclosure("", kind, opened.pages, opened.content, notes)


def read_logo(name: str, content: bytes, says: str) -> Logo:
    """Return a logo that can be drawn, `says` being the words for who cannot see it; UserError as above."""
    if _find_kind(name, content, limits()) == "PDF":
        raise UserError(f"“{name}” is a PDF; a logo is a picture.", "Save the logo as a PNG or JPEG and choose that.")
    if not says.strip():
        raise UserError("The logo has no words for who cannot see it.", "Write the clinic's name as it stands there.")
    opened = _open(name, "logo", content, limits())
    return Logo(opened.content, round(opened.width), round(opened.height), says.strip())


def list_enclosures(enclosures: tuple[Enclosure, ...]) -> tuple[str, ...]:
    """Return one line for each enclosure, as the letter and the packet list them."""
    return tuple(
        f"{enclosure.title or f'Enclosure {number}'} ({enclosure.kind}, {say_pages(enclosure.pages)})"
        for number, enclosure in enumerate(enclosures, 1)
    )


def say_pages(count: int) -> str:
    """Return a number of pages in words."""
    return "1 page" if count == 1 else f"{count} pages"


def _find_kind(name: str, content: bytes, allowed: Mapping[str, int]) -> str:
    """Return PDF, JPEG or PNG by what a file begins with, whatever it is called."""
    if len(content) > allowed["megabytes"] * MEGABYTE:
        raise UserError(f"“{name}” is larger than {allowed['megabytes']} MB.", "Save it smaller, then add it again.")
    if not content:
        raise UserError(f"“{name}” is empty.", "Choose another file.")
    found = next((kind for start, kind in KINDS.items() if content.startswith(start)), "")
    if not found and b"%PDF-" in content[:START]:
        found = "PDF"
    if not found:
        raise UserError(
            f"“{name}” is neither a PDF nor a JPEG or PNG picture.", "Save or print it as a PDF, then add that."
        )
    return found


def _open(name: str, kind: str, content: bytes, allowed: Mapping[str, int]) -> Opened:
    try:
        return open_apart(kind, content, allowed)
    except RefusedError as error:
        what, hint = REFUSALS[str(error)]
        raise UserError(f"“{name}” {what.format(**allowed)}", hint) from error
