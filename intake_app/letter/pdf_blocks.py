"""The typography: how each kind of block becomes rows. Every size, distance and weight of the letter is here.

One family, few sizes, a label column at the left, hairlines instead of boxes; nothing depends on colour.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import singledispatch

from intake_app.letter import blocks
from intake_app.letter.blocks import Text
from intake_app.letter.pdf_layout import Cell, Row, Rule, shift
from intake_app.letter.pdf_text import Line, Style, break_lines

MM = 72 / 25.4
DASH = "\N{EN DASH}"
LABEL_COLUMN = 24 * MM
LABEL_GAP = 4.0
GAP = 9.0
COLUMN_GAP = 7.0
HAIRLINE = 0.4
FINE = 0.25
HEAVY = 1.6
EMERGENCY = 4.5
ZONE_SPACE = 4.6  # above a zone's hairline, and between it and the text
BLOCK_SPACE = 2.2
BESIDE = 4  # lines of an answer that stand beside the question; a longer one stands below
INDENT = 14.0

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


def lay_out(letter_blocks: Sequence[blocks.Block], width: float) -> list[Row]:
    """Return the rows of blocks set one below the other in `width` points."""
    rows: list[Row] = []
    new_page = False
    for block in letter_blocks:
        if isinstance(block, blocks.PageBreak):
            new_page = True
            continue
        laid = _rows(block, width)
        if laid and new_page:
            laid[0] = replace(laid[0], new_page=True)
            new_page = False
        rows += laid
    return rows


@singledispatch
def _rows(block: blocks.Block, width: float) -> list[Row]:
    """Return the rows of one block."""
    raise TypeError(type(block), width)


@_rows.register
def _(block: blocks.Paragraph, width: float) -> list[Row]:
    lines = break_lines(block.text, SMALL if block.small else BODY, width)
    return [Row((Cell(0, lines),), before=BLOCK_SPACE)]


@_rows.register
def _(block: blocks.Heading, width: float) -> list[Row]:
    return [Row((Cell(0, break_lines(block.text, PART, width)),), before=24, after=2, keep=True)]


@_rows.register
def _(block: blocks.Subheading, width: float) -> list[Row]:
    return [Row((Cell(0, break_lines(block.text, STRONG, width)),), before=3.5, keep=True)]


@_rows.register
def _(block: blocks.Letterhead, width: float) -> list[Row]:
    right = width * 0.36
    left = width - right - GAP
    name = break_lines(block.name, CLINIC, left)
    own = [line for text in block.lines for line in break_lines(text, SMALL, left)]
    title = break_lines(block.title, TITLE, right)
    facts = [line for text in block.facts for line in break_lines(text, SMALL, right)]
    return [
        Row((Cell(0, name), _flush_right(title, width)), keep=True),
        Row((Cell(0, tuple(own)), _flush_right(tuple(facts), width)), after=5, below=Rule(0, width, HAIRLINE)),
    ]


@_rows.register
def _(block: blocks.Addressee, width: float) -> list[Row]:
    half = LABEL_COLUMN + (width - LABEL_COLUMN) * 0.40
    to = _stacked(block.to, half - LABEL_COLUMN - GAP)
    about = _stacked(block.about, width - half - 18)
    cells = (
        Cell(0, break_lines("To", replace_leading(LABEL, 14), LABEL_COLUMN)),
        Cell(LABEL_COLUMN, to),
        Cell(half, break_lines("Re", replace_leading(LABEL, 14), 18)),
        Cell(half + 18, about),
    )
    return [Row(cells, before=6, after=5)]


@_rows.register
def _(block: blocks.Urgency, width: float) -> list[Row]:
    weight = EMERGENCY if block.emergency else HEAVY
    words = break_lines(block.words, URGENCY, width)
    rule = Rule(0, width, weight, block.emergency)
    rows = [Row((Cell(0, words),), before=3, above=rule, pad=4 + weight * 0.8, keep=True)]
    rows += [Row((Cell(0, break_lines(reason, BODY, width)),), keep=True) for reason in block.reasons]
    rows[-1] = replace(
        rows[-1], after=4 + weight * 0.6, keep=False, below=rule if block.emergency else Rule(0, width, HAIRLINE)
    )
    return rows


@_rows.register
def _(block: blocks.Bullets, width: float) -> list[Row]:
    style = CELL if block.small else BODY
    indent = (9.0 + 5.0 * len(str(len(block.items)))) if block.numbered else 8.0
    rows = []
    for number, item in enumerate(block.items, 1):
        mark = break_lines(f"{number}." if block.numbered else DASH, style, indent)
        cells = (Cell(0, mark), Cell(indent, break_lines(item, style, width - indent)))
        rows.append(Row(cells, before=1.5 if block.numbered else 0))
    return _spaced(rows)


@_rows.register
def _(block: blocks.Table, width: float) -> list[Row]:
    places = _columns([column.share for column in block.columns], width)
    titles = tuple(
        Cell(x, break_lines(column.title, COLUMN_TITLE, w))
        for column, (x, w) in zip(block.columns, places, strict=True)
    )
    header = Row(titles, before=BLOCK_SPACE, after=1.4, below=Rule(0, width, HAIRLINE), keep=True)
    rows = [
        Row(
            tuple(Cell(x, break_lines(text, CELL, w)) for text, (x, w) in zip(texts, places, strict=True)),
            above=Rule(0, width, FINE) if number else None,
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
def _(block: blocks.Answers, width: float) -> list[Row]:
    split = width * 0.44
    rows: list[Row] = []
    for question, answer in block.pairs:
        asked = Cell(0, break_lines(question, CELL, split - GAP))
        said = break_lines(answer, CELL, width - split)
        if len(said) <= BESIDE:
            rows.append(Row((asked, Cell(split, said))))
        else:
            below = Cell(INDENT, break_lines(answer, CELL, width - INDENT))
            rows += [Row((asked,), keep=True), Row((below,), after=BLOCK_SPACE)]
    if block.leads_on:
        rows[-1] = replace(rows[-1], keep=True)
    return _spaced(rows)


@_rows.register
def _(block: blocks.Signature, width: float) -> list[Row]:
    rows = [
        Row((Cell(0, break_lines(text, BODY, width)),), keep=number < len(block.lines) - 1)
        for number, text in enumerate(block.lines)
    ]
    return _spaced(rows)


@_rows.register
def _(block: blocks.Zone, width: float) -> list[Row]:
    rows = shift(lay_out(block.blocks, width - LABEL_COLUMN), LABEL_COLUMN)
    if not rows:
        return []
    label = break_lines(block.label, LABEL, LABEL_COLUMN - LABEL_GAP)
    again = Cell(0, break_lines(f"{block.label}, continued", AGAIN, LABEL_COLUMN - LABEL_GAP))
    rows = [rows[0], *(_continued(row, again) for row in rows[1:])]
    rule = Rule(0, width, HAIRLINE) if block.ruled else None
    pad, before = (ZONE_SPACE, ZONE_SPACE) if rule else (0.0, ZONE_SPACE * 1.6)
    rows[0] = replace(rows[0], side=Cell(0, label), before=before, above=rule, pad=pad)
    short = sum(line.style.leading for line in label) - sum(row.height + row.before for row in rows) + rows[0].before
    if len(label) > 1:  # a label of several lines reaches down beside the rows that follow
        rows[:-1] = [replace(row, keep=row.keep or at < len(label) - 1) for at, row in enumerate(rows[:-1])]
        rows[-1] = replace(rows[-1], after=rows[-1].after + max(short + rows[0].pad, 0))
    return rows


def _continued(row: Row, again: Cell) -> Row:
    header = tuple(replace(one, again=again) for one in row.header)
    return replace(row, again=again, header=header)


def replace_leading(style: Style, leading: float) -> Style:
    """Return a style with another leading, so that it shares its neighbour's baseline."""
    return style._replace(leading=leading)


def _spaced(rows: list[Row]) -> list[Row]:
    return [replace(rows[0], before=BLOCK_SPACE), *rows[1:]] if rows else []


def _stacked(texts: Iterable[Text], width: float) -> tuple[Line, ...]:
    """Set the first text as a name and the others below it."""
    lines: list[Line] = []
    for number, text in enumerate(texts):
        lines += break_lines(text, NAME if number == 0 else BODY, width)
    return tuple(lines)


def _flush_right(lines: tuple[Line, ...], edge: float) -> Cell:
    """Return a cell whose lines end at `edge`."""
    moved = tuple(
        line._replace(pieces=tuple(p._replace(x=p.x + edge - line.width) for p in line.pieces)) for line in lines
    )
    return Cell(0, moved)


def _columns(shares: list[float], width: float) -> list[tuple[float, float]]:
    """Return where each column starts and how wide it is."""
    free = width - COLUMN_GAP * (len(shares) - 1)
    places, x = [], 0.0
    for share in shares:
        wide = free * share / sum(shares)
        places.append((x, wide))
        x += wide + COLUMN_GAP
    return places
