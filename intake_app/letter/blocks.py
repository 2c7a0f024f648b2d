"""What a letter is made of: plain values, no layout and no PDF.

A text is a string, or a tuple of strings and runs where a part is set apart. Nothing in it is markup.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one weight."""

    text: str
    bold: bool = False
    italic: bool = False


Text = str | tuple[str | Run, ...]


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes (name, then lines of the address) and what this is (title, then lines such as the date)."""

    name: str
    lines: tuple[str, ...]
    title: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Addressee:
    """To whom, and about whom."""

    to: tuple[Text, ...]
    about: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Urgency:
    """How urgent, in a few large words, and why. An emergency gets a heavy red rule."""

    words: str
    reasons: tuple[Text, ...]
    emergency: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text of its own; small is for remarks and the small print."""

    text: Text
    small: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; numbered from 1 when its order is referred to, small for the details.

    `can_shorten` is for a list that the details hold whole: on a full first page its end gives way.
    """

    items: tuple[Text, ...]
    numbered: bool = False
    small: bool = False
    can_shorten: bool = False

    def shorten(self, kept: int) -> "Bullets":
        """Return the list with so many items and how many more there are; as it is where that saves nothing."""
        left = len(self.items) - kept
        if not self.can_shorten or left <= 1:
            return self
        return replace(self, items=(*self.items[:kept], f"… ({left} more in the details)"))


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `share` is its part of the width, against the other columns'."""

    title: str
    share: float


@dataclass(frozen=True, slots=True)
class Table:
    """Short facts in columns; the header is repeated on every page, long texts break like any other."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Text, ...], ...]


@dataclass(frozen=True, slots=True)
class Answers:
    """Questions at the left, answers at the right; `leads_on` keeps the last with what follows."""

    pairs: tuple[tuple[str, Text], ...]
    leads_on: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """Who stands behind the letter, or that nobody has signed it."""

    lines: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """What opens a part of the letter."""

    text: str


@dataclass(frozen=True, slots=True)
class Subheading:
    """A heading inside a zone."""

    text: str


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows leaves the first page; when that has overflowed already, it goes on below."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A label at the left edge, and beside it what belongs to it; a rule above parts it from the last zone."""

    label: str
    blocks: tuple["Block", ...]
    ruled: bool = True

    def shorten(self, kept: int) -> "Zone":
        """Return the zone with the lists in it shortened to so many items where they can be."""
        return replace(self, blocks=tuple(b.shorten(kept) if isinstance(b, Bullets) else b for b in self.blocks))


Block = (
    Letterhead
    | Addressee
    | Urgency
    | Paragraph
    | Bullets
    | Table
    | Answers
    | Signature
    | Heading
    | Subheading
    | PageBreak
    | Zone
)


@dataclass(frozen=True, slots=True)
class Letter:
    """A whole letter.

    `title` becomes the PDF's title and names nobody. `identity` (name, birth date, record number) stands at the
    foot of every page, `edition` (version, ruleset) beside the page number. `paper` is "letter" or "a4".
    `watermark` is drawn under the text of every page and written out at its head.
    """

    title: str
    identity: str
    edition: str
    issued: datetime
    blocks: tuple[Block, ...]
    language: str = "en-US"
    paper: str = "letter"
    watermark: str = ""

    @property
    def digest(self) -> str:
        """Return the SHA-256 of everything the letter says, in hexadecimal."""
        return hashlib.sha256(repr(self).encode()).hexdigest()
