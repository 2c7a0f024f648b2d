"""What a letter is made of: plain values, no layout and no PDF.

A text is a string, or a tuple of strings and runs where a part is set apart. Nothing in it is markup.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from intake_app.letter.pictures import Picture


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one weight.

    `page_of` names the zone that the text refers to: on paper the zone's page stands in place of the text.
    """

    text: str
    bold: bool = False
    italic: bool = False
    page_of: str = ""


Text = str | tuple[str | Run, ...]


def say_rest(count: int, zone: str, kinds: str = "") -> tuple[Run, ...]:
    """Return that there are so many more of something, of which kinds, and where: "And 3 more (MRI, CT), page 4."."""
    return (Run(f"And {count} more{f' ({kinds})' if kinds else ''}, "), Run("in the details", page_of=zone), Run(". "))


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture of the clinic's: a PNG without transparency, its size in dots, and the words that stand for it."""

    content: bytes
    width: int
    height: int
    says: str


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes (name, then lines of the address) and what this is (title, then lines such as the date)."""

    name: str
    lines: tuple[str, ...]
    title: str
    facts: tuple[str, ...]
    logo: Logo | None = None


@dataclass(frozen=True, slots=True)
class Addressee:
    """To whom, and about whom."""

    to: tuple[Text, ...]
    about: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Urgency:
    """How urgent, in a few large words, why, and a list of signs. An emergency gets a heavy red rule."""

    words: str
    reasons: tuple[Text, ...]
    emergency: bool = False
    signs: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text of its own; small is for remarks and the small print, compact for a full page: as large as a table's."""

    text: Text
    small: bool = False
    compact: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; numbered when its order is referred to, `first` being its first number.

    It is small for the details, and fine for what few will read.

    `whole_in` is for a list that the details hold whole: the zone there; on a full first page its end gives way.
    """

    items: tuple[Text, ...]
    numbered: bool = False
    small: bool = False
    whole_in: str = ""
    first: int = 1
    fine: bool = False

    def shorten(self, kept: int) -> "Bullets":
        """Return the list with so many items and how many more there are; as it is where that saves nothing."""
        left = len(self.items) - kept
        if not self.whole_in or left <= 1:
            return self
        return replace(self, items=(*self.items[:kept], say_rest(left, self.whole_in)))


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
class Figure:
    """A picture on a line of its own; what it says in words is read in its place by those who do not see it.

    One that can go is left out of a full first page: it repeats what stands there or in the details.
    """

    picture: Picture
    can_go: bool = False


@dataclass(frozen=True, slots=True)
class Zone:
    """A label at the left edge, and beside it what belongs to it; a rule above parts it from the last zone.

    `shorter` says the same in less room the higher the number it is given: what stands on a full first page in place
    of `blocks`. It is only asked when it is needed. One that `stays` goes up before what the first page has no room
    for, rather than over the page.
    """

    label: str
    blocks: tuple["Block", ...]
    ruled: bool = True
    shorter: Callable[[int], tuple["Block", ...]] | None = field(default=None, repr=False, compare=False)
    stays: bool = False

    def shorten(self, kept: int, attempt: int = 0) -> "Zone":
        """Return the zone as it is when the page was too full so many times, its lists cut to so many items."""
        shown = self.shorter(attempt) if self.shorter and attempt else self.blocks
        return replace(self, blocks=tuple(b.shorten(kept) if isinstance(b, Bullets) else b for b in shown))


Block = (
    Letterhead
    | Addressee
    | Urgency
    | Paragraph
    | Bullets
    | Table
    | Answers
    | Figure
    | Signature
    | Heading
    | Subheading
    | PageBreak
    | Zone
)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that travels inside the PDF: its name, content and type, and in a sentence what it is.

    `relationship` is what it is to the letter: "Data", "Source", "Alternative", "Supplement" or "Unspecified".
    """

    name: str
    content: bytes
    mime: str
    description: str
    relationship: str = "Data"


@dataclass(frozen=True)
class Letter:
    """A whole letter.

    `title` becomes the PDF's title and names nobody. `identity` (name, birth date, record number) stands at the
    foot of every page, `edition` (version, ruleset) beside the page number. `paper` is "letter" or "a4".
    `watermark` is drawn under the text of every page and written out at its head. `scale` enlarges all type.
    `preprinted` is for print only: so many points at the head of the first page stay free for the paper's own
    letterhead, and ours is not drawn.
    """

    title: str
    identity: str
    edition: str
    issued: datetime
    blocks: tuple[Block, ...]
    language: str = "en-US"
    paper: str = "letter"
    watermark: str = ""
    scale: float = 1.0
    preprinted: float = 0.0

    @cached_property
    def digest(self) -> str:
        """Return the SHA-256 of everything the letter says, in hexadecimal; on any paper the same."""
        return hashlib.sha256(repr(replace(self, preprinted=0.0)).encode()).hexdigest()
