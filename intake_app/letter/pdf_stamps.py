"""Stamps for the top margin of finished pages: what a packet or a copy says on each of its pages."""

import io
from collections.abc import Sequence
from typing import NamedTuple

from reportlab.pdfgen.canvas import Canvas

from intake_app.letter.blocks import Run
from intake_app.letter.pdf_blocks import MM
from intake_app.letter.pdf_faces import load
from intake_app.letter.pdf_layout import Cell
from intake_app.letter.pdf_pen import Pen
from intake_app.letter.pdf_tags import FOOT
from intake_app.letter.pdf_text import Line, Style, break_lines

SIDE = 15.5 * MM  # as the letter's
TOP = 5 * MM
STRIP = 13 * MM  # from the paper's edge: the letter leaves it free, and no enclosure reaches into it
SIZES = (8.6, 7.4, 6.4, 5.4, 4.8)  # the largest that fits is taken
LEADING = 1.15
SHARE = 0.6  # of the width, for who it is about


class Stamp(NamedTuple):
    """Who a page is about, at the left, and which page of what it is, at the right."""

    identity: str
    place: str


def draw_stamps(stamps: Sequence[Stamp], width: float, height: float) -> bytes:
    """Return a PDF with a page for each stamp, of the given size in points, empty but for the stamp."""
    load("sans")
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(width, height), invariant=1, initialFontName="sans", pageCompression=1)
    pen = Pen(canvas, SIDE, height)
    for stamp in stamps:
        pen.start_page()
        for cell in _fit(stamp, width - 2 * SIDE):
            pen.draw_lines(cell.lines, cell.x, TOP)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _fit(stamp: Stamp, width: float) -> tuple[Cell, Cell]:
    """Return the two texts in the largest size in which they stay above the page's own content."""
    for size in SIZES:
        style = Style(size, size * LEADING)
        left = break_lines((Run(stamp.identity, bold=True),), style, width * SHARE, FOOT)
        right = break_lines(stamp.place, style, width * (0.97 - SHARE), FOOT)
        if TOP + max(len(left), len(right)) * style.leading <= STRIP:
            break
    return Cell(0, left), Cell(0, tuple(_flush_right(line, width) for line in right))


def _flush_right(line: Line, edge: float) -> Line:
    return line._replace(pieces=tuple(piece._replace(x=piece.x + edge - line.width) for piece in line.pieces))
