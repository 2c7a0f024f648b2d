"""Reads a PDF back as a screen reader does: the structure tree, and under each element the text drawn inside it."""

import io
import re
from dataclasses import dataclass, field
from typing import NamedTuple

import pikepdf


class Stretch(NamedTuple):
    """Text shown at once: where it starts, how wide it is and its size, in points of the page."""

    text: str
    x: float
    y: float
    width: float
    size: float
    mark: int | None  # the number of its mark; None for an artifact
    kind: str  # of the artifact


@dataclass
class Node:
    """An element of the tree; `marks` are (page, number) in order, `text` what it says by itself."""

    role: str
    source: pikepdf.Object
    kids: list["Node"] = field(default_factory=list)
    marks: list[tuple[int, int]] = field(default_factory=list)
    text: str = ""

    def walk(self):
        yield self
        for kid in self.kids:
            yield from kid.walk()

    def all(self, *roles):
        return [node for node in self.walk() if node.role in roles]

    @property
    def words(self):
        return "".join(node.text for node in self.walk())


class Reading:
    """A whole PDF: `pages` are lists of stretches, `root` is the Document element."""

    def __init__(self, pdf: bytes) -> None:
        self.pdf = pikepdf.open(io.BytesIO(pdf))
        self.pages = [list(read_page(page)) for page in self.pdf.pages]
        self._said = [{} for _ in self.pages]
        for said, page in zip(self._said, self.pages, strict=True):
            for stretch in page:
                said[stretch.mark] = said.get(stretch.mark, "") + stretch.text
        self._numbers = {page.obj.objgen: number for number, page in enumerate(self.pdf.pages)}
        (root,) = self.pdf.Root.StructTreeRoot.K
        self.root = self._read(root)

    def furniture(self, number, kind):
        return "".join(stretch.text for stretch in self.pages[number] if kind in stretch.kind)

    def headings(self):
        return [(int(node.role[1]), node.text) for node in self.root.walk() if re.fullmatch("H[1-6]", node.role)]

    def _read(self, source):
        node = Node(str(source.S)[1:], source)
        kids = source.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                assert source == kid.P
                node.kids.append(self._read(kid))
            else:
                page, number = (kid.Pg, kid.MCID) if isinstance(kid, pikepdf.Dictionary) else (source.Pg, kid)
                mark = (self._numbers[page.objgen], int(number))
                node.marks.append(mark)
                node.text += self._said[mark[0]].get(mark[1], "")
        return node


def read_page(page, *, glyphs=False):  # noqa: C901  one case for every operator
    """Yield the stretches of a page in the order they are drawn.

    An ActualText stands for what it encloses; `glyphs` are what is seen instead.
    """
    fonts = {name: _Font(font) for name, font in page.Resources.get("/Font", {}).items()}
    marks, states = [], []
    font, size, x, y = None, 0.0, 0.0, 0.0
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator), list(operands):
            case "BDC", (tag, about):
                marks.append((str(tag), about))
                if "/ActualText" in about and not glyphs:
                    yield _stretch(str(about["/ActualText"]), x, y, 0.0, size, marks)
            case "EMC", _:
                marks.pop()
            case "q", _:
                states.append((font, size))
            case "Q", _:
                font, size = states.pop()
            case "Tf", (name, points):
                font, size = fonts[str(name)], float(points)
            case "Tm", (*_, x, y):
                x, y = float(x), float(y)
            case (("Tj" | "TJ"), (shown,)):
                codes = b"".join(bytes(one) for one in _strings(shown))
                width = font.width(codes) * size
                if glyphs or not any("/ActualText" in about for _, about in marks):
                    yield _stretch(font.read(codes), x, y, width, size, marks)
                x += width
    assert not marks


def _strings(shown):
    return [one for one in shown if isinstance(one, pikepdf.String)] if isinstance(shown, pikepdf.Array) else [shown]


def _stretch(text, x, y, width, size, marks):
    kind = next((str(about.get("/Subtype", about.get("/Type", ""))) for tag, about in marks if tag == "/Artifact"), "")
    number = next((int(about["/MCID"]) for _, about in marks if "/MCID" in about), None)
    assert kind or number is not None, text
    assert not (kind and number is not None), text
    return Stretch(text, x, y, width, size, number, kind)


class _Font:
    """What the codes of a font mean and how wide they are, at size 1."""

    def __init__(self, font):
        written = font.ToUnicode.read_bytes().decode()
        pairs = re.findall("<([0-9A-F]{2})> <([0-9A-F]{4,8})>\n", written)
        self._chars = {int(code, 16): bytes.fromhex(text).decode("utf-16-be") for code, text in pairs}
        self._widths = [float(width) for width in font.Widths]

    def read(self, codes):
        return "".join(self._chars[code] for code in codes)

    def width(self, codes):
        return sum(self._widths[code] for code in codes) / 1000
