"""The pen: draws lines, rules and pictures on a canvas, each inside the mark that says what it is.

The text operators are written here and not by reportlab's text object, which takes twice the time; the fonts, their
subsets and all shaped text stay reportlab's.
"""

import io
from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter

from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.ttfonts import ShapedStr
from reportlab.pdfgen.canvas import Canvas

from intake_app.letter.blocks import Logo
from intake_app.letter.pdf_faces import load
from intake_app.letter.pdf_layout import Rule
from intake_app.letter.pdf_pictures import draw_picture
from intake_app.letter.pdf_tags import DECORATION, Artifact, Box, Element, Structure, Tag
from intake_app.letter.pdf_text import Line
from intake_app.letter.pictures import Picture

BASELINE = 0.76  # of the leading, below a line's top
INK = (0, 0, 0)
GREY = (0.45, 0.45, 0.45)  # of hairlines, which carry no meaning
RED = (0.72, 0, 0)
HAIR = 0.4  # points: rules up to this weight are grey


class Pen:
    """Draws on a canvas, everything `scale` times as large as it is laid out.

    `x` is from `left`, and `top` down from `head`; these two are in points of the paper.
    """

    def __init__(self, canvas: Canvas, left: float, head: float, scale: float = 1.0) -> None:
        self.canvas = canvas
        self.scale = scale
        self.structure = Structure()
        self._left = left
        self._head = head
        self._font = ""  # as the page knows it, with its size
        self._write = canvas.addLiteral
        self._codes: dict[str, _Codes] = {}  # of every face

    def start_page(self) -> None:
        """Begin a page, on which nothing is set yet."""
        self.structure.start_page()
        self.forget_font()

    def end_page(self) -> None:
        """End a page. Its content is ASCII, which reportlab would not know: it would encode it sign by sign."""
        self.canvas.showPage()
        page = self.canvas._doc.Pages.pages[-1]  # noqa: SLF001
        page.stream = page.stream.encode("ascii")

    def forget_font(self) -> None:
        """Set the font anew with the next words, where the canvas may have another."""
        self._font = ""

    def open_mark(self, tag: Tag | None, top: float) -> None:
        """Let what follows be a part of the letter, or none, until `close_mark`; `top` is on the paper."""
        if isinstance(tag, Element):
            number = self.structure.mark(tag, top)
            self._write(f"/{tag.role}<</MCID {number}>>BDC")
        elif isinstance(tag, Artifact):
            self._write(f"/Artifact<<{tag.kind}>>BDC")
        else:
            raise TypeError(tag)

    def close_mark(self) -> None:
        """End what `open_mark` began."""
        self._write("EMC")

    def draw_rule(self, rule: Rule, top: float) -> None:
        """Draw a horizontal line."""
        red, green, blue = RED if rule.red else GREY if rule.weight <= HAIR else INK
        x, y = self._left + rule.x * self.scale, self._head - top * self.scale
        end = x + rule.width * self.scale
        self.open_mark(DECORATION, y)
        self._write(f"{red} {green} {blue} RG {rule.weight:g} w {x:.2f} {y:.2f} m {end:.2f} {y:.2f} l S")
        self.close_mark()

    def draw_lines(self, lines: Sequence[Line], x: float, top: float) -> None:
        """Draw lines one below the other, those of one part of the letter inside one mark."""
        y = self._head - top * self.scale
        for tag, group in groupby(lines, key=attrgetter("tag")):
            same = tuple(group)
            if any(line.pieces or line.picture for line in same):
                self.open_mark(tag, y)
                for line in same:
                    self._draw_line(line, self._left + x * self.scale, y)
                    y -= line.style.leading * self.scale
                self.close_mark()
            elif isinstance(tag, Element) and tag.parent:
                self.structure.place(tag)  # an empty cell is a cell
                y -= sum(line.style.leading for line in same) * self.scale

    def draw_words(self, line: Line, x: float, y: float) -> None:
        """Draw the pieces of a line with its baseline at y, without a mark, where the canvas is just now."""
        if line.says:
            self._write(f"/Span<</ActualText<{_as_hex(line.says)}>>>BDC")
        for piece in line.pieces:
            draw = self._draw_shaped if isinstance(piece.text, ShapedStr) else self._draw_plain
            draw(piece.face, piece.text, line.style.size * self.scale, x + piece.x * self.scale, y)
        if line.says:
            self._write("EMC")

    def _draw_line(self, line: Line, x: float, top: float) -> None:
        if line.picture:
            self._draw_picture(line.picture, line, x, top)
        elif line.pieces:
            self.draw_words(line, x, top - BASELINE * line.style.leading * self.scale)

    def _draw_picture(self, picture: Picture | Logo, line: Line, x: float, top: float) -> None:
        width, height = line.width * self.scale, line.style.leading * self.scale
        if isinstance(line.tag, Element):
            line.tag.box = Box(x, top - height, x + width, top)
        if isinstance(picture, Logo):
            self.canvas.drawImage(ImageReader(io.BytesIO(picture.content)), x, top - height, width, height)
            return
        self.canvas.saveState()
        self.canvas.translate(x, top)
        self.canvas.scale(width / picture.width, height / picture.height)
        draw_picture(self.canvas, picture, 0, 0)
        self.canvas.restoreState()

    def _draw_plain(self, face: str, text: str, size: float, x: float, y: float) -> None:
        shown = [f"BT 1 0 0 1 {x:.2f} {y:.2f} Tm"]
        if face not in self._codes:
            self._codes[face] = _Codes(face, self.canvas)
        for name, codes in self._codes[face].encode(text):
            font = f"{name} {size:g} Tf"
            if font != self._font:
                self._font = font
                shown.append(font)
            shown.append(f"<{codes}>Tj")
        self._write(" ".join((*shown, "ET")))

    def _draw_shaped(self, face: str, text: ShapedStr, size: float, x: float, y: float) -> None:
        shaped = self.canvas.beginText(x, y)
        shaped.setFont(face, size)
        shaped.textOut(text)
        self.canvas.drawText(shaped)
        self.forget_font()


class _Codes(dict[str, str]):
    """The codes of a face's characters, in hexadecimal: those of its first subset, given out as the characters come."""

    def __init__(self, face: str, canvas: Canvas) -> None:
        super().__init__()
        self._font = load(face)
        self._document = canvas._doc  # noqa: SLF001  as reportlab's own text object does

    def encode(self, text: str) -> list[tuple[str, str]]:
        """Return the text in stretches, each the name of a subset and the codes in it."""
        name = self._font.getSubsetInternalName
        try:
            codes = "".join(map(self.__getitem__, text))  # most texts need the first subset only
        except KeyError:
            split = self._font.splitString(text, self._document)
            return [(name(subset, self._document), coded.hex()) for subset, coded in split]
        return [(name(0, self._document), codes)]

    def __missing__(self, char: str) -> str:
        [(subset, code)] = self._font.splitString(char, self._document)
        if subset:
            raise KeyError(char)
        self[char] = code.hex()
        return self[char]


def _as_hex(text: str) -> str:
    return "feff" + text.encode("utf-16-be").hex()
