"""From a letter to a PDF: draws the laid-out rows, and what stands on every page."""

import io
from collections.abc import Sequence

from reportlab import rl_config
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.pdfgen.canvas import Canvas

from intake_app.letter.blocks import Letter, PageBreak, Run, Zone
from intake_app.letter.pdf_blocks import HAIRLINE, MM, SMALL, SMALL_STRONG, lay_out
from intake_app.letter.pdf_layout import Cell, Placed, Row, Rule, fit_front, paginate
from intake_app.letter.pdf_text import Line, Style, break_lines, load, measure

PAPERS = {"letter": LETTER, "a4": A4}
SIDE = 15.5 * MM
TOP = 13 * MM
BOTTOM = 10 * MM
HEAD = 20.0  # the running head of later pages, with the space below it
IDENTITY = 0.55  # of the foot's width
KEPT = (99, 6, 5, 4, 3)  # items of a list that can be shortened, tried one after the other
MANY = 888  # pages: the widest number that a foot makes room for
INK = (0, 0, 0)
GREY = (0.45, 0.45, 0.45)  # of hairlines, which carry no meaning
RED = (0.72, 0, 0)
BASELINE = 0.76  # of the leading, below a line's top
PRODUCER = "Spine intake"
rl_config.useA85 = 0  # streams as they are: smaller, and drawn faster


def render(letter: Letter) -> bytes:
    """Return the PDF of a letter, the same bytes for the same letter; MissingGlyphError if no font has a character."""
    page_width, page_height = PAPERS[letter.paper]
    width = page_width - 2 * SIDE
    edition = f"{letter.edition} · {letter.digest[:8]}"
    foot = _foot(letter, f"{edition} · page {MANY} of {MANY}", width)
    height = page_height - TOP - BOTTOM - foot.height - 6
    rows = _lay_out(letter, width, height)
    pages = paginate(rows, height, height - HEAD)
    out = io.BytesIO()
    canvas = _open(out, letter, (page_width, page_height))
    for number, placed in enumerate(pages, 1):
        ending = _foot(letter, f"{edition} · page {number} of {len(pages)}", width)
        _draw_page(canvas, letter, placed, first=number == 1)
        _draw_row(canvas, ending, page_height - TOP - BOTTOM - foot.height)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _lay_out(letter: Letter, width: float, height: float) -> list[Row]:
    """Return the rows, with lists of the first page shortened as far as it takes to keep that one page."""
    end = next((place for place, block in enumerate(letter.blocks) if isinstance(block, PageBreak)), None)
    front = letter.blocks[:end]
    behind = lay_out(letter.blocks[len(front) :], width)
    for kept in KEPT:
        shortened = tuple(block.shorten(kept) if isinstance(block, Zone) else block for block in front)
        rows = fit_front(lay_out(shortened, width), height)
        if sum(row.before + row.height for row in rows) <= height:
            break
    return rows + behind


def _open(out: io.BytesIO, letter: Letter, size: tuple[float, float]) -> Canvas:
    """Start a file that says nothing about the patient outside its pages, nor anything of its own accord."""
    load("sans")
    canvas = Canvas(out, pagesize=size, invariant=1, lang=letter.language, initialFontName="sans", pageCompression=1)
    canvas.setTitle(letter.title)
    canvas.setAuthor("")
    canvas.setSubject("")
    canvas.setCreator(PRODUCER)
    canvas.setProducer(PRODUCER)
    canvas.setDateFormatter(lambda *_: letter.issued.strftime("D:%Y%m%d%H%M%S"))
    canvas.setViewerPreference("DisplayDocTitle", "true")
    return canvas


def _draw_page(canvas: Canvas, letter: Letter, placed: Sequence[Placed], *, first: bool) -> None:
    page_width, page_height = PAPERS[letter.paper]
    width = page_width - 2 * SIDE
    if letter.watermark:
        _draw_watermark(canvas, letter.watermark, page_width, page_height)
    canvas.translate(SIDE, page_height - TOP)
    top = 0.0
    if not first:
        _draw_row(canvas, _head(letter, width), 0)
        top = HEAD
    for item in placed:
        _draw_row(canvas, item.row, top + item.top)


def _head(letter: Letter, width: float) -> Row:
    """Return the running head of later pages."""
    words = f"{letter.watermark} · {letter.title}" if letter.watermark else letter.title
    return Row((Cell(0, break_lines(words, SMALL, width)[:1]),), after=3, below=Rule(0, width, HAIRLINE))


def _foot(letter: Letter, ending: str, width: float) -> Row:
    """Return the foot of a page: who the letter is about, and at the right the edition and the page number."""
    identity = break_lines((Run(letter.identity, bold=True),), SMALL_STRONG, width * IDENTITY)
    lines = break_lines(ending, SMALL, width * (0.98 - IDENTITY))
    right = tuple(
        line._replace(pieces=tuple(p._replace(x=p.x + width - line.width) for p in line.pieces)) for line in lines
    )
    return Row((Cell(0, identity), Cell(0, right)), above=Rule(0, width, HAIRLINE), pad=4)


def _draw_row(canvas: Canvas, row: Row, top: float) -> None:
    if row.above:
        _draw_rule(canvas, row.above, -top)
    for cell in (row.side, *row.cells) if row.side else row.cells:
        _draw_lines(canvas, cell.lines, cell.x, top + row.pad)
    if row.below:
        _draw_rule(canvas, row.below, -(top + row.height))


def _draw_rule(canvas: Canvas, rule: Rule, y: float) -> None:
    canvas.setStrokeColorRGB(*(RED if rule.red else GREY if rule.weight <= HAIRLINE else INK))
    canvas.setLineWidth(rule.weight)
    canvas.line(rule.x, y, rule.x + rule.width, y)


def _draw_lines(canvas: Canvas, lines: Sequence[Line], x: float, top: float) -> None:
    if not any(line.pieces for line in lines):
        return
    text = canvas.beginText()
    font: tuple[str, float] | None = None
    for line in lines:
        y = -(top + BASELINE * line.style.leading)
        for piece in line.pieces:
            if font != (piece.face, line.style.size):
                font = (piece.face, line.style.size)
                text.setFont(*font)
            text.setTextOrigin(x + piece.x, y)
            text.textLine(piece.text)
        top += line.style.leading
    canvas.drawText(text)


def _draw_watermark(canvas: Canvas, words: str, width: float, height: float) -> None:
    """Draw the outlines of large letters: seen on any copy, and read through."""
    size = min(110.0, 0.85 * (width**2 + height**2) ** 0.5 / measure("sans-bold", words))
    canvas.saveState()
    canvas.translate(width / 2, height / 2)
    canvas.rotate(52)
    canvas.setStrokeColorRGB(0.7, 0.7, 0.7)
    canvas.setLineWidth(0.6)
    style = Style(size, size, bold=True)
    line = break_lines(words, style, 10_000)[0]
    text = canvas.beginText()
    text.setTextRenderMode(1)
    for piece in line.pieces:
        text.setFont(piece.face, size)
        text.setTextOrigin(piece.x - line.width / 2, -size * 0.35)
        text.textOut(piece.text)
    text.setTextRenderMode(0)
    canvas.drawText(text)
    canvas.restoreState()
