"""Where everything goes: rows of cells of lines, and the pages they fall on.

A letter is laid out as a flat list of rows. A row is cells side by side, a cell is lines, and any row can be parted
between two lines, so nothing a person types is too long for a page. The number of pages is known before drawing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from intake_app.letter.pdf_tags import REPEATED
from intake_app.letter.pdf_text import Line

# A row of up to this many lines stays whole; of a longer one at least two lines stand on either page.
WHOLE = 3
ALONE = 2
CLOSER = (1.0, 0.97, 0.94, 0.91, 0.88, 0.85)  # how much closer lines of the first page may be set to stay one page
WITH_ALL = 0.91  # and to keep what could go
CLOSEST = 0.82  # where the first page holds more than can be kept on it
SPACE_FIRST = 4  # the power to which the space between rows goes closer than lines do


class Cell(NamedTuple):
    """Lines, and how far their left edge is from the margin, in points."""

    x: float
    lines: tuple[Line, ...]

    @property
    def height(self) -> float:
        """The height of the lines in points."""
        return sum(line.style.leading for line in self.lines)


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal line: where it starts, how long and how heavy it is, in points; red for an emergency."""

    x: float
    width: float
    weight: float
    red: bool = False


@dataclass(slots=True)
class Row:
    """Cells side by side, with what is around them, in points; its zone sets `again`.

    `side` stands at the left and may reach down beside the next rows. `keep` ties a row to the next. When the row
    starts a page, the space before is dropped, `header` is repeated and `again` (the zone's name) stands beside it.
    """

    cells: tuple[Cell, ...]
    before: float = 0
    above: Rule | None = None
    pad: float = 0  # between the rule above and the text
    after: float = 0
    below: Rule | None = None
    keep: bool = False
    header: tuple["Row", ...] = ()
    side: Cell | None = None
    again: Cell | None = None
    new_page: bool = False
    can_go: bool = False  # left out of a full first page
    stays: bool = False  # on the first page, however full
    text_height: float = field(init=False)

    def __post_init__(self) -> None:
        self.text_height = max((cell.height for cell in self.cells), default=0.0)

    @property
    def height(self) -> float:
        """The height without the space before."""
        return self.pad + self.text_height + self.after

    @property
    def line_count(self) -> int:
        """The number of lines of the longest cell."""
        return max((len(cell.lines) for cell in self.cells), default=0)


@dataclass(frozen=True, slots=True)
class Placed:
    """A row on a page, and how far below the top of the page's text it starts, in points."""

    top: float
    row: Row


def fit_front(rows: list[Row], room: float, *, full: bool = False) -> list[Row]:
    """Return rows with the first page's set a little closer where that keeps them on it; `room` is in points.

    What can go does so before anything is set much closer. With `full` they are set closer also where that is not
    enough, so that as much as can be stands on the first page.
    """
    end = next((place for place, row in enumerate(rows) if row.new_page), len(rows))
    front, rest = rows[:end], rows[end:]
    if all(_height_set(front, factor) > room for factor in CLOSER if factor >= WITH_ALL):
        front = [row for row in front if not row.can_go]
    factor = next((factor for factor in CLOSER if _height_set(front, factor) <= room), CLOSEST if full else 1.0)
    return [_tighten(row, factor) for row in front] + rest


def hold_on_front(rows: list[Row], room: float) -> list[Row]:
    """Return the first page's rows with those that stay moved up to the last zone before which they find room."""
    staying = [row for row in rows if row.stays]
    if not staying or height_of(rows) <= room:
        return rows
    others, last = [row for row in rows if not row.stays], [row.stays for row in rows].index(True)
    free = room - height_of(staying)
    fit = (place for place in range(last, 0, -1) if others[place : place + 1] and others[place].side)
    place = next((place for place in fit if height_of(others[:place]) <= free), last)
    return [*others[:place], *staying, *others[place:]]


def height_of(rows: Sequence[Row]) -> float:
    """Return the height of rows set one below the other, in points."""
    return sum(row.before + row.height for row in rows)


def _height_set(rows: Sequence[Row], factor: float) -> float:
    """Return the height that rows would have, set closer: they are only made anew when it is known how close."""
    space = factor**SPACE_FIRST
    return sum(
        (row.before + row.pad + row.after) * space + row.text_height * (1 if _has_picture(row) else factor)
        for row in rows
    )


def _has_picture(row: Row) -> bool:
    return any(cell.lines and cell.lines[0].picture for cell in row.cells)


def _tighten(row: Row, factor: float) -> Row:
    def tighten(cell: Cell) -> Cell:
        return Cell(cell.x, tuple(_tighten_line(line, factor) for line in cell.lines))

    if factor == 1:
        return row
    return replace(
        row,
        cells=tuple(map(tighten, row.cells)),
        side=tighten(row.side) if row.side else None,
        before=row.before * factor**SPACE_FIRST,
        pad=row.pad * factor**SPACE_FIRST,
        after=row.after * factor**SPACE_FIRST,
    )


def _tighten_line(line: Line, factor: float) -> Line:
    if line.picture:
        return line
    return line._replace(style=line.style._replace(leading=line.style.leading * factor))


def paginate(rows: Sequence[Row], first: float, later: float) -> list[list[Placed]]:
    """Return the rows of every page; `first` and `later` are the heights for text on pages, in points."""
    pages = _Pages(first, later)
    for place, row in enumerate(rows):
        if row.new_page and len(pages.all) == 1 and pages.current:
            pages.turn()
        if pages.current and _needed(rows, place, later) > pages.room(row) + 1e-6:
            pages.turn()
        pages.put(row)
    return pages.all


class _Pages:
    """The pages so far, and the one being filled."""

    def __init__(self, first: float, later: float) -> None:
        self.all: list[list[Placed]] = [[]]
        self.heights = (first, later)
        self.used = 0.0
        self.named: tuple[float, Cell | None] = (0.0, None)  # how far down the name reaches that the page opens with

    @property
    def current(self) -> list[Placed]:
        return self.all[-1]

    @property
    def height(self) -> float:
        return self.heights[0 if len(self.all) == 1 else 1]

    def room(self, row: Row) -> float:
        return self.height - self._start(row)

    def turn(self) -> None:
        self.all.append([])
        self.used = 0.0

    def put(self, row: Row) -> None:
        rest: Row | None = row
        while rest is not None:
            for header in () if self.current else rest.header:
                self._place(_repeat(header, rest.again))
            head, rest = split(rest, self.room(rest))
            self._place(head)
            if rest is not None:
                self.turn()

    def _start(self, row: Row) -> float:
        """Return how far down a row starts: below all of the name that its page opens with, if it is not its zone's."""
        if not self.current:
            return 0.0
        reach, zone = self.named
        return max(self.used, 0.0 if row.again is zone else reach) + row.before

    def _place(self, row: Row) -> None:
        self.used = self._start(row)
        if not self.current and len(self.all) > 1:  # below the running head, which has a rule of its own
            row = replace(row, side=row.side or row.again, above=None, pad=0)
            self.named = (row.side.height if row.side else 0.0, row.again)
        self.current.append(Placed(self.used, row))
        self.used += row.height


def _repeat(row: Row, again: Cell | None) -> Row:
    """Return a row that only says again what stands on an earlier page, with the name of its zone."""
    cells = (Cell(cell.x, tuple(line._replace(tag=REPEATED) for line in cell.lines)) for cell in row.cells)
    return replace(row, cells=tuple(cells), again=again, side=None)


def split(row: Row, room: float) -> tuple[Row, Row | None]:
    """Part a row where the room ends, after one line at least; None when nothing is left."""
    if row.height <= room + 1e-6:
        return row, None
    heads = [max(_lines_within(cell, room - row.pad), 1) for cell in row.cells]
    heads = [
        count - 1 if len(cell.lines) - count == 1 and count > ALONE else count
        for count, cell in zip(heads, row.cells, strict=True)
    ]
    cells = list(zip(row.cells, heads, strict=True))
    first = replace(row, cells=tuple(Cell(c.x, c.lines[:n]) for c, n in cells), after=0, below=None, keep=False)
    last = tuple(Cell(c.x, c.lines[n:]) for c, n in cells)
    if not any(cell.lines for cell in last):
        return row, None
    return first, replace(row, cells=last, above=None, pad=0, before=0, new_page=False, side=None)


def _lines_within(cell: Cell, room: float) -> int:
    used = 0.0
    for count, line in enumerate(cell.lines):
        used += line.style.leading
        if used > room + 1e-6:
            return count
    return len(cell.lines)


def _needed(rows: Sequence[Row], place: int, page: float) -> float:
    """Return the height that must be free for a row to start here, with what it is tied to; at most that of a page."""
    height = 0.0
    for at in range(place, len(rows)):
        row = rows[at]
        height += row.before if at > place else 0
        if not row.keep or height + row.height > page:
            return height + _smallest(row)
        height += row.height
    return height


def _smallest(row: Row) -> float:
    """Return the height of the least of a row that may stand at the foot of a page."""
    if row.line_count <= WHOLE:
        return row.height
    tallest = max(row.cells, key=lambda cell: len(cell.lines))
    return row.pad + sum(line.style.leading for line in tallest.lines[:ALONE])
