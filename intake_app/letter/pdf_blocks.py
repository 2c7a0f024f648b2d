"""The typography: how each kind of block becomes rows. Every size, distance and weight of the letter is here.

One family, few sizes, a label column at the left, hairlines instead of boxes; nothing depends on colour. And what
each line is to someone who does not see it: a heading, a paragraph, a cell of a table.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import singledispatch
from typing import NamedTuple

from intake_app.letter import blocks
from intake_app.letter.blocks import Logo, Text
from intake_app.letter.furniture import say_continued
from intake_app.letter.pdf_layout import Cell, Row, Rule, height_of
from intake_app.letter.pdf_tags import DECORATION, REPEATED, Element
from intake_app.letter.pdf_text import Line, Style, break_lines

MM = 72 / 25.4
DASH = "\N{EN DASH}"
LABEL_COLUMN = 24 * MM
LABEL_GAP = 4.0
GAP = 9.0
COLUMN_GAP = 7.0
HAIRLINE = 0.5  # survives a fax, wherever it falls between the rows of dots
FINE = 0.25
HEAVY = 1.6
EMERGENCY = 4.5
ZONE_SPACE = 4.6  # above a zone's hairline, and between it and the text
BLOCK_SPACE = 2.2
BESIDE = 4  # lines of an answer that stand beside the question; a longer one stands below
INDENT = 14.0
LOGO_WIDTH, LOGO_HEIGHT = 120.0, 38.0  # points: as large as fits in
LABEL_LINES = 4  # of a zone's name that stand beside its text; a longer name stands above it
RE = 18.0  # points: the column of the label "Re"

BODY = Style(8.7, 12)
STRONG = Style(8.7, 12, bold=True)
LABEL = Style(8, 12, bold=True)
AGAIN = Style(7.2, 12, italic=True)
SMALL = Style(7.4, 10)
SMALL_STRONG = Style(7.4, 10, bold=True)
CELL = Style(8.1, 10.9)
COLUMN_TITLE = Style(7.2, 10.4, bold=True)
CLINIC = Style(12.5, 16, bold=True)
TITLE = Style(10.5, 16, bold=True)
NAME = Style(10.5, 14, bold=True)
URGENCY = Style(13.5, 17, bold=True)
PART = Style(14, 19, bold=True)

# Ranks of headings, the lower the higher.
OF_LETTER, OF_PART, OF_ZONE, INSIDE_ZONE = 1, 2, 3, 4


class Room(NamedTuple):
    """What a block may fill, in points: how wide, how high one thing in it, and where its left edge is."""

    width: float
    height: float
    left: float = 0
    language: str = "en-US"


def lay_out(letter_blocks: Sequence[blocks.Block], room: Room) -> list[Row]:
    """Return the rows of blocks set one below the other."""
    rows: list[Row] = []
    new_page = False
    for block in letter_blocks:
        if isinstance(block, blocks.PageBreak):
            new_page = True
            continue
        laid = _rows(block, room)
        if laid and new_page:
            laid[0].new_page = True
            new_page = False
        rows += laid
    return rows


@singledispatch
def _rows(block: blocks.Block, room: Room) -> list[Row]:
    """Return the rows of one block."""
    raise TypeError(type(block), room)


@_rows.register
def _(block: blocks.Paragraph, room: Room) -> list[Row]:
    style = SMALL if block.small else CELL if block.compact else BODY
    return [Row((Cell(room.left, _paragraph(block.text, style, room.width)),), before=BLOCK_SPACE)]


@_rows.register
def _(block: blocks.Heading, room: Room) -> list[Row]:
    return [Row((Cell(room.left, _heading(block.text, PART, room.width, OF_PART)),), before=24, after=2, keep=True)]


@_rows.register
def _(block: blocks.Subheading, room: Room) -> list[Row]:
    return [Row((Cell(room.left, _heading(block.text, STRONG, room.width, INSIDE_ZONE)),), before=3.5, keep=True)]


@_rows.register
def _(block: blocks.Letterhead, room: Room) -> list[Row]:
    if block.logo:
        return _letterhead_beside(block, block.logo, room)
    right = _right_column(block, room)
    left = room.width - right - GAP
    name = _paragraph(block.name, CLINIC, left)
    own = [line for text in block.lines for line in _paragraph(text, SMALL, left)]
    title = _heading(block.title, TITLE, right, OF_LETTER)
    facts = [line for text in block.facts for line in _paragraph(text, SMALL, right)]
    return [
        Row((Cell(room.left, name), _flush_right(title, room)), keep=True),
        Row((Cell(room.left, tuple(own)), _flush_right(tuple(facts), room)), after=5, below=_hairline(room)),
    ]


def _right_column(block: blocks.Letterhead, room: Room) -> float:
    """Return how wide the title's column is: wider than usual for a long title, up to half the page."""
    [*_, widest] = sorted(line.width for line in break_lines(block.title, TITLE, room.width / 2))
    return max(room.width * 0.36, widest + 1)


def _letterhead_beside(block: blocks.Letterhead, logo: Logo, room: Room) -> list[Row]:
    """Return the letterhead beside a logo: one row, for the logo reaches down beside all of it."""
    scale = min(LOGO_WIDTH / logo.width, LOGO_HEIGHT / logo.height)
    style = BODY._replace(leading=logo.height * scale)
    drawn = Line((), logo.width * scale, style, Element("Figure", says=logo.says), picture=logo)
    start = drawn.width + GAP
    right = _right_column(block, room)
    left = room.width - right - GAP - start
    own = [_paragraph(block.name, CLINIC, left), *(_paragraph(text, SMALL, left) for text in block.lines)]
    facts = [_heading(block.title, TITLE, right, OF_LETTER), *(_paragraph(text, SMALL, right) for text in block.facts)]
    cells = (
        Cell(room.left, (drawn,)),
        Cell(room.left + start, tuple(line for lines in own for line in lines)),
        _flush_right(tuple(line for lines in facts for line in lines), room),
    )
    return [Row(cells, after=5, below=_hairline(room))]


@_rows.register
def _(block: blocks.Addressee, room: Room) -> list[Row]:
    left, width, label = room.left, room.width, LABEL._replace(leading=NAME.leading)  # one baseline
    half = LABEL_COLUMN + (width - LABEL_COLUMN) * 0.40
    cells = (
        Cell(left, _heading("To", label, LABEL_COLUMN, OF_ZONE)),
        Cell(left + LABEL_COLUMN, _stacked(block.to, half - LABEL_COLUMN - GAP)),
        Cell(left + half, _heading("Re", label, RE, OF_ZONE)),
        Cell(left + half + RE, _stacked(block.about, width - half - RE)),
    )
    return [Row(cells, before=6, after=5)]


@_rows.register
def _(block: blocks.Urgency, room: Room) -> list[Row]:
    weight = EMERGENCY if block.emergency else HEAVY
    words = _heading(block.words, URGENCY, room.width, OF_ZONE)
    rule = Rule(room.left, room.width, weight, block.emergency)
    before = 9 if block.signs else 3  # what stands above is a list or a text then
    rows = [Row((Cell(room.left, words),), before=before, above=rule, pad=4 + weight * 0.8, keep=True)]
    rows += [Row((Cell(room.left, _paragraph(reason, BODY, room.width)),), keep=True) for reason in block.reasons]
    for row in lay_out((blocks.Bullets(block.signs),), room):
        row.keep = True
        rows.append(row)
    below = rule if block.emergency else _hairline(room)
    rows[-1].after, rows[-1].keep, rows[-1].below = 4 + weight * 0.6, False, below
    return [*rows, Row((), after=8)] if block.signs else rows


@_rows.register
def _(block: blocks.Bullets, room: Room) -> list[Row]:
    style = SMALL if block.fine else CELL if block.small else BODY
    last = block.first + len(block.items) - 1
    indent = (9.0 + 5.0 * len(str(last))) if block.numbered else 8.0
    listed = Element("L", numbering="Decimal" if block.numbered else "None")
    rows = []
    for number, item in enumerate(block.items, block.first):
        one = Element("LI", listed)
        sign, role = (f"{number}.", Element("Lbl", one)) if block.numbered else (DASH, DECORATION)
        said = break_lines(item, style, room.width - indent, Element("LBody", one))
        cells = (Cell(room.left, break_lines(sign, style, indent, role)), Cell(room.left + indent, said))
        rows.append(Row(cells, before=0.5 if block.fine else 1.5 if block.numbered else 0))
    return _spaced(rows)


@_rows.register
def _(block: blocks.Table, room: Room) -> list[Row]:
    rule = _hairline(room)
    places = _columns([column.share for column in block.columns], room)
    table = Element("Table")
    titles = _cells([column.title for column in block.columns], COLUMN_TITLE, places, table, scope="Column")
    header = Row(titles, before=BLOCK_SPACE, after=1.4, below=rule, keep=True)
    rows = [
        Row(
            _cells(texts, CELL, places, table),
            above=replace(rule, weight=FINE) if number else None,
            pad=1.2,
            after=1.0,
            # the first two and the last two stay together: no row stands alone under a header
            keep=number in (0, len(block.rows) - 2) and number < len(block.rows) - 1,
            header=(header,),
        )
        for number, texts in enumerate(block.rows)
    ]
    return [header, *rows] if rows else []


@_rows.register
def _(block: blocks.Answers, room: Room) -> list[Row]:
    split = room.width * 0.44
    table = Element("Table")
    rows: list[Row] = []
    for question, answer in block.pairs:
        pair = Element("TR", table)
        cell = Element("TD", pair)
        asked = Cell(room.left, break_lines(question, CELL, split - GAP, Element("TH", pair, scope="Row")))
        said = break_lines(answer, CELL, room.width - split, cell)
        if len(said) <= BESIDE:
            rows.append(Row((asked, Cell(room.left + split, said))))
        else:
            below = Cell(room.left + INDENT, break_lines(answer, CELL, room.width - INDENT, cell))
            rows += [Row((asked,), keep=True), Row((below,), after=BLOCK_SPACE)]
    if block.leads_on:
        rows[-1].keep = True
    return _spaced(rows)


@_rows.register
def _(block: blocks.Figure, room: Room) -> list[Row]:
    picture = block.picture
    scale = min(1.0, room.width / picture.width, room.height / picture.height)
    style = BODY._replace(leading=picture.height * scale)
    drawn = Line((), picture.width * scale, style, Element("Figure", says=picture.says), picture=picture)
    return [Row((Cell(room.left, (drawn,)),), before=BLOCK_SPACE, can_go=block.can_go)]


@_rows.register
def _(block: blocks.Signature, room: Room) -> list[Row]:
    rows = [
        Row((Cell(room.left, _paragraph(text, BODY, room.width)),), keep=number < len(block.lines) - 1)
        for number, text in enumerate(block.lines)
    ]
    return _spaced(rows)


@_rows.register
def _(block: blocks.Zone, room: Room) -> list[Row]:
    beside = room._replace(width=room.width - LABEL_COLUMN, left=room.left + LABEL_COLUMN)
    rows = lay_out(block.blocks, beside)
    if not rows:
        return []
    label = _heading(block.label, LABEL, LABEL_COLUMN - LABEL_GAP, OF_ZONE)
    words = say_continued(room.language, block.label)
    again = Cell(room.left, break_lines(words, AGAIN, LABEL_COLUMN - LABEL_GAP, REPEATED)[:LABEL_LINES])
    for row in rows:
        row.again, row.stays = again, block.stays
    rule = _hairline(room) if block.ruled else None
    pad, before = (ZONE_SPACE, ZONE_SPACE) if rule else (0.0, ZONE_SPACE * 1.6)
    if len(label) > LABEL_LINES:
        above = Cell(room.left, _heading(block.label, LABEL, room.width, OF_ZONE))
        head = Row((above,), before=before, above=rule, pad=pad, keep=True)
        return [head, *rows]
    rows[0].side, rows[0].before, rows[0].above, rows[0].pad = Cell(room.left, label), before, rule, pad
    _reach_down(rows, label)
    return rows


def _reach_down(rows: list[Row], label: Sequence[Line]) -> None:
    """Make room for a zone's name of several lines, which reaches down beside the rows that follow its first."""
    if len(label) > 1:
        short = sum(line.style.leading for line in label) - height_of(rows) + rows[0].before
        for row in rows[: min(len(rows), len(label)) - 1]:
            row.keep = True
        rows[-1].after += max(short + rows[0].pad, 0)


def _spaced(rows: list[Row]) -> list[Row]:
    for row in rows[:1]:
        row.before = BLOCK_SPACE
    return rows


def _heading(title: str, style: Style, width: float, rank: int) -> tuple[Line, ...]:
    return break_lines(title, style, width, Element("H", title=title, rank=rank))


def _paragraph(text: Text, style: Style, width: float) -> tuple[Line, ...]:
    return break_lines(text, style, width, Element("P"))


def _cells(
    texts: Iterable[Text], style: Style, places: list[tuple[float, float]], table: Element, scope: str = ""
) -> tuple[Cell, ...]:
    """Return a table's row; its cells are headers where a scope says of what."""
    row = Element("TR", table)
    role = "TH" if scope else "TD"
    return tuple(
        Cell(x, break_lines(text, style, width, Element(role, row, scope=scope)))
        for text, (x, width) in zip(texts, places, strict=True)
    )


def _stacked(texts: Iterable[Text], width: float) -> tuple[Line, ...]:
    """Set the first text as a name and the others below it."""
    lines: list[Line] = []
    for number, text in enumerate(texts):
        lines += _paragraph(text, NAME if number == 0 else BODY, width)
    return tuple(lines)


def _hairline(room: Room) -> Rule:
    return Rule(room.left, room.width, HAIRLINE)


def _flush_right(lines: tuple[Line, ...], room: Room) -> Cell:
    """Return a cell whose lines end at the right edge."""
    edge = room.left + room.width
    moved = tuple(
        line._replace(pieces=tuple(p._replace(x=p.x + edge - line.width) for p in line.pieces)) for line in lines
    )
    return Cell(0, moved)


def _columns(shares: list[float], room: Room) -> list[tuple[float, float]]:
    """Return where each column starts and how wide it is."""
    free = room.width - COLUMN_GAP * (len(shares) - 1)
    places, x = [], room.left
    for share in shares:
        wide = free * share / sum(shares)
        places.append((x, wide))
        x += wide + COLUMN_GAP
    return places
