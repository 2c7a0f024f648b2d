"""What the parts of a letter are to someone who does not see it: the tags of PDF/UA, and the tree they grow into.

Every line knows its tag before it is drawn, and the tree grows as the lines are drawn: what is read aloud comes in
the order of the page, and nothing can be drawn and left out of it.
"""

from dataclasses import dataclass, field
from typing import NamedTuple


class Artifact(NamedTuple):
    """What is no part of what the letter says, such as a hairline or a page number; `kind` in PDF's own words."""

    kind: str


DECORATION = Artifact("/Type/Layout")
REPEATED = Artifact("/Type/Pagination")  # said once already, on the page before
RUNNING_HEAD = Artifact("/Type/Pagination/Subtype/Header")
FOOT = Artifact("/Type/Pagination/Subtype/Footer")
WATERMARK = Artifact("/Type/Pagination/Subtype/Watermark")


class Mark(NamedTuple):
    """A stretch of a page's content: the page, from 0, its number there, and its top in points from the page's foot."""

    page: int
    number: int
    top: float


class Box(NamedTuple):
    """A rectangle on a page, in points from the lower left corner of the paper."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(slots=True, eq=False)
class Element:
    """A part of the letter, by its structure type in PDF; its kids come as they are drawn.

    No parent stands for the whole letter. `scope` is a header cell's ("Column", "Row"), `numbering` a list's,
    `says` the sentence in place of a figure. A heading has a `title` and a `rank`, the lower the higher.
    """

    role: str
    parent: "Element | None" = None
    scope: str = ""
    numbering: str = ""
    says: str = ""
    title: str = ""
    rank: int = 0
    box: Box | None = None
    placed: bool = False
    kids: list["Element | Mark"] = field(default_factory=list)


Tag = Element | Artifact


class Structure:
    """The tree so far. `pages` holds, for every page, the element of each mark by its number."""

    def __init__(self) -> None:
        self.root = Element("Document", placed=True)
        self.pages: list[list[Element]] = []
        self.headings: list[tuple[int, Element]] = []  # with their level, from 1
        self._open: list[int] = []

    def start_page(self) -> None:
        """Let the marks that follow stand on a new page, numbered from 0 again."""
        self.pages.append([])

    def place(self, element: Element) -> None:
        """Put an element into the tree below its parents, unless it stands there already."""
        if element.placed:
            return
        element.placed = True
        if element.parent:
            self.place(element.parent)
        (element.parent or self.root).kids.append(element)
        if element.rank:
            self._rank(element)

    def mark(self, element: Element, top: float) -> int:
        """Return the number of a new mark on the page, which belongs to the element."""
        self.place(element)
        page = self.pages[-1]
        number = len(page)
        page.append(element)
        element.kids.append(Mark(len(self.pages) - 1, number, top))
        return number

    def _rank(self, heading: Element) -> None:
        """Give a heading its level: one below the nearest heading of a higher rank, so that none is ever skipped."""
        while self._open and self._open[-1] >= heading.rank:
            self._open.pop()
        self._open.append(heading.rank)
        heading.role = f"H{len(self._open)}"
        self.headings.append((len(self._open), heading))
