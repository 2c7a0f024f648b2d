"""From a letter to a PDF: lays out its pages, draws them with what stands on every page, and has them archived."""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from reportlab import rl_config
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.pdfgen.canvas import Canvas

from intake_app.letter.blocks import Block, Letter, Letterhead, PageBreak, Run, Zone
from intake_app.letter.furniture import say_page
from intake_app.letter.page_names import find_pages, name_pages
from intake_app.letter.pdf_archive import Attachments, archive
from intake_app.letter.pdf_blocks import HAIRLINE, MM, SMALL, SMALL_STRONG, STRONG, Room, lay_out
from intake_app.letter.pdf_faces import load, measure
from intake_app.letter.pdf_layout import Cell, Placed, Row, Rule, fit_front, height_of, hold_on_front, paginate
from intake_app.letter.pdf_pen import Pen
from intake_app.letter.pdf_tags import FOOT, RUNNING_HEAD, WATERMARK
from intake_app.letter.pdf_text import Style, break_lines

PAPERS = {"letter": LETTER, "a4": A4}
SIDE = 15.5 * MM
TOP = 13 * MM
BOTTOM = 10 * MM
HEAD = 20.0  # the running head of later pages, with the space below it
IDENTITY = 0.55  # of the foot's width
ABOVE_FIGURE = 45.0  # points: for the heading that stays with it
KEPT = (99, 99, 99, 8, 6, 5, 5, 4, 3)  # items of a list that can be shortened, tried one after the other
_TRIES = tuple(enumerate(KEPT))
MANY = 888  # pages: the widest number that a foot makes room for
rl_config.useA85 = 0  # streams as they are: smaller, and drawn faster


class _Sheet(NamedTuple):
    """What a page has room for, in points before they are enlarged, and the edition that its foot tells.

    `start` is where the first page's text begins.
    """

    width: float
    height: float
    start: float
    edition: str


def render(letter: Letter, attachments: Attachments = ()) -> bytes:
    """Return the PDF of a letter: PDF/UA-1 and PDF/A-3a, the same bytes for the same letter and attachments.

    MissingGlyphError if no font has a character.
    """
    size = PAPERS[letter.paper]
    sheet = _measure(letter, size)
    head = _head(letter, sheet.width)
    pages = paginate(_lay_out(letter, sheet), sheet.height - sheet.start, sheet.height - HEAD)
    out = io.BytesIO()
    pen = _open(out, size, letter.scale)
    for number, placed in enumerate(pages, 1):
        pen.start_page()
        _draw_watermark(pen, letter.watermark, *size)
        _draw_page(pen, placed, sheet.start, head if number > 1 else None)
        page = say_page(letter.language, number, len(pages))
        foot = _foot(letter.identity, f"{sheet.edition} · {page}", sheet.width)
        _draw_row(pen, foot, sheet.height + 6)
        pen.end_page()
    pen.canvas.save()
    return archive(out.getvalue(), pen.structure, letter, attachments)


def _measure(letter: Letter, size: tuple[float, float]) -> _Sheet:
    width, height = (size[0] - 2 * SIDE) / letter.scale, (size[1] - TOP - BOTTOM) / letter.scale
    edition = f"{letter.edition} · {letter.digest[:8]}"
    foot = _foot(letter.identity, f"{edition} · {say_page(letter.language, MANY, MANY)}", width)
    start = max(letter.preprinted - TOP, 0.0) / letter.scale
    return _Sheet(width, height - foot.height - 6, start, edition)


def _lay_out(letter: Letter, sheet: _Sheet) -> list[Row]:
    """Return the rows, with lists of the first page shortened as far as it takes to keep that one page."""
    end = next((place for place, block in enumerate(letter.blocks) if isinstance(block, PageBreak)), None)
    front = tuple(_fit_head(block, letter) for block in letter.blocks[:end])
    room = Room(sheet.width, sheet.height - HEAD - ABOVE_FIGURE, language=letter.language)
    behind = lay_out(letter.blocks[len(front) :], room)
    pages = cache(lambda: find_pages(paginate(behind, sheet.height - HEAD, sheet.height - HEAD), first=2))
    rows = _shorten_front(front, room, sheet, pages, goes_on=bool(behind))
    if height_of(rows) > sheet.height - sheet.start:
        rows = _go_over(front, behind, room, sheet)
    return rows + behind


def _go_over(front: Sequence[Block], behind: list[Row], room: Room, sheet: _Sheet) -> list[Row]:
    """Return the rows of a first page that is more than one, with the pages referred to where these can be told."""

    def lay_out_with(known: dict[str, int]) -> list[Row]:
        rows = _shorten_front(front, room, sheet, lambda: known, goes_on=bool(behind), tries=_TRIES[-1:])
        return hold_on_front(rows, sheet.height - sheet.start)

    rows = lay_out_with({})
    known = find_pages(paginate(rows + behind, sheet.height - sheet.start, sheet.height - HEAD), first=1)
    named = lay_out_with(known)
    found = find_pages(paginate(named + behind, sheet.height - sheet.start, sheet.height - HEAD), first=1)
    return named if found == known else rows


def _shorten_front(
    front: Sequence[Block],
    room: Room,
    sheet: _Sheet,
    pages: Callable[[], Mapping[str, int]],
    *,
    goes_on: bool,
    tries: Sequence[tuple[int, int]] = _TRIES,
) -> list[Row]:
    """Return the rows of the first page's blocks, said as shortly as it takes to keep them on it."""
    laid: dict[int, list[Row]] = {}
    before: dict[int, Block] = {}
    for attempt, kept in tries:
        for place, block in enumerate(front):
            shown = name_pages(block.shorten(kept, attempt) if isinstance(block, Zone) else block, pages)
            if before.get(place) != shown:
                laid[place], before[place] = lay_out((shown,), room), shown
        full = goes_on and kept == KEPT[-1]
        rows = fit_front([row for part in laid.values() for row in part], sheet.height - sheet.start, full=full)
        if height_of(rows) <= sheet.height - sheet.start:
            break
    return rows


def _fit_head(block: Block, letter: Letter) -> Block:
    """Return a letterhead without the clinic where the paper names it, and with the words of a watermark.

    A fax loses the grey outlines, and who hears the letter never has them.
    """
    if not isinstance(block, Letterhead):
        return block
    head = replace(block, name="", lines=(), logo=None) if letter.preprinted else block
    return replace(head, title=_mark(letter, head.title))


def _mark(letter: Letter, title: str) -> str:
    return f"{letter.watermark} · {title}" if letter.watermark else title


def _open(out: io.BytesIO, size: tuple[float, float], scale: float) -> Pen:
    """Start a file in which no font is used that it does not hold."""
    load("sans")
    canvas = Canvas(out, pagesize=size, invariant=1, initialFontName="sans", pageCompression=0)  # `archive` packs it
    return Pen(canvas, SIDE, size[1] - TOP, scale)


def _draw_page(pen: Pen, placed: Sequence[Placed], start: float, head: Row | None) -> None:
    if head:
        _draw_row(pen, head, 0)
    for item in placed:
        _draw_row(pen, item.row, (HEAD if head else start) + item.top)


def _head(letter: Letter, width: float) -> Row:
    """Return the running head of later pages."""
    style = STRONG if letter.watermark else SMALL
    words = break_lines(_mark(letter, letter.title), style, width, RUNNING_HEAD)
    return Row((Cell(0, words[:1]),), after=3, below=Rule(0, width, HAIRLINE))


def _foot(about: str, ending: str, width: float) -> Row:
    """Return the foot of a page: who the letter is about, and at the right the edition and the page number."""
    identity = break_lines((Run(about, bold=True),), SMALL_STRONG, width * IDENTITY, FOOT)
    lines = break_lines(ending, SMALL, width * (0.98 - IDENTITY), FOOT)
    right = tuple(
        line._replace(pieces=tuple(p._replace(x=p.x + width - line.width) for p in line.pieces)) for line in lines
    )
    return Row((Cell(0, identity), Cell(0, right)), above=Rule(0, width, HAIRLINE), pad=4)


def _draw_row(pen: Pen, row: Row, top: float) -> None:
    if row.above:
        pen.draw_rule(row.above, top)
    for cell in (row.side, *row.cells) if row.side else row.cells:
        pen.draw_lines(cell.lines, cell.x, top + row.pad)
    if row.below:
        pen.draw_rule(row.below, top + row.height)


def _draw_watermark(pen: Pen, words: str, width: float, height: float) -> None:
    """Draw the outlines of large letters: seen on any copy, and read through."""
    if not words:
        return
    size = min(110.0, 0.85 * (width**2 + height**2) ** 0.5 / measure("sans-bold", words))
    line = break_lines(words, Style(size / pen.scale, size, bold=True), 10_000)[0]
    canvas = pen.canvas
    pen.open_mark(WATERMARK, height)
    canvas.saveState()
    canvas.translate(width / 2, height / 2)
    canvas.rotate(52)
    canvas.setStrokeColorRGB(0.7, 0.7, 0.7)
    canvas.setLineWidth(0.6)
    canvas.addLiteral("1 Tr")  # outlines only, until the state is restored
    pen.draw_words(line, -line.width * pen.scale / 2, -size * 0.35)
    canvas.restoreState()
    pen.close_mark()
    pen.forget_font()
