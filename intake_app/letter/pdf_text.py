"""Text as it will stand on the page: faces, widths and lines.

Lines are broken here and not by reportlab's Paragraph: there is no markup to parse, hence none to inject, every
character finds a face that has it, and right-to-left text is turned line by line.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

import uharfbuzz
from bidi import algorithm
from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfbase.ttfonts import ShapeData, ShapedStr, TTFont

from intake_app.letter import fonts
from intake_app.letter.blocks import Run, Text

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LETTERS_LEFTWARD = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
# Words that run to the left, with what stands between them; what follows is kept on their right.
_LEFTWARD_WORDS = re.compile(f"[{_LETTERS_LEFTWARD}](?:[^A-Za-z0-9{_LETTERS_LEFTWARD}]*[{_LETTERS_LEFTWARD}])*")
_STAY_RIGHT = "\u200f\u200e"  # the first keeps a closing bracket with the words, the second ends them
_NEEDS_SHAPING = re.compile("[\u0300-\u036f\u0590-\u08ff\u1ab0-\u1aff\u20d0-\u20ff\ufb1d-\ufdff\ufe70-\ufefc]")
_IDEOGRAPHS = "\u2e80-\u312f\u3190-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0002ffff"
_FIRST_IDEOGRAPH = "\u2e80"
_IDEOGRAPH = re.compile(f"[{_IDEOGRAPHS}]")
_CLOSING = "\u3001\u3002\u3009\u300b\u300d\u300f\u3011\u3015\uff01\uff09\uff0c\uff0e\uff1a\uff1b\uff1f\u30fc"
# A line may end at a space, and after any ideograph that no closing mark follows.
_TOKENS = re.compile(f" +|[{_IDEOGRAPHS}][{_CLOSING}]*|[^ {_IDEOGRAPHS}]+")
_PLAIN = re.compile("[ -\u00ff]*")


class Style(NamedTuple):
    """A size of type and its leading, in points."""

    size: float
    leading: float
    bold: bool = False
    italic: bool = False


class Piece(NamedTuple):
    """What is drawn in one face, and how far from the line's start, in points."""

    x: float
    face: str
    text: str


class Line(NamedTuple):
    """One line, its width in points."""

    pieces: tuple[Piece, ...]
    width: float
    style: Style


class _Word(NamedTuple):
    """Stretches that no line break may part, each (face, text); a space has none."""

    parts: tuple[tuple[str, str], ...]
    width: float  # at size 1


_map_bmp = ttfonts.makeToUnicodeCMap


def _map_to_unicode(name: str, subset: list[int]) -> str:
    """Return what reportlab writes, with characters beyond U+FFFF as UTF-16: it writes five digits, read as others."""
    written: str = _map_bmp(name, subset)
    return re.sub("<([0-9A-F]{5,6})>", lambda m: f"<{chr(int(m[1], 16)).encode('utf-16-be').hex().upper()}>", written)


ttfonts.makeToUnicodeCMap = _map_to_unicode


def load(face: str) -> TTFont:
    """Return a face, known to reportlab from then on."""
    return _loaded(face)[0]


def break_lines(text: Text, style: Style, width: float) -> tuple[Line, ...]:
    """Return the lines of a text that are at most `width` points wide; MissingGlyphError if no font has a character."""
    lines: list[Line] = []
    for paragraph in _paragraphs(text):
        lines += _fill(_words(paragraph, style), style, width, _direction(paragraph, alone=isinstance(text, str)))
    return tuple(lines)


def measure(face: str, text: str) -> float:
    """Return the width of a text at size 1."""
    if _NEEDS_SHAPING.search(text):
        shaped: list[Any] = _shape(face, text).__shapeData__
        return float(sum(data.x_advance for data in shaped)) / 1000
    widths = _loaded(face)[1]
    try:
        return sum(map(widths.__getitem__, text)) / 1000
    except KeyError as error:
        message = f"{face} does not draw {error.args[0]!a}"
        raise fonts.MissingGlyphError(message) from error


def _paragraphs(text: Text) -> Iterator[list[Run]]:
    parts = (text,) if isinstance(text, str) else text
    paragraph: list[Run] = []
    for part in parts:
        run = Run(part) if isinstance(part, str) else part
        first, *rest = fonts.normalise(run.text).split("\n")
        paragraph.append(Run(first, run.bold, run.italic))
        for more in rest:
            yield paragraph
            paragraph = [Run(more, run.bold, run.italic)]
    yield paragraph


def _direction(paragraph: list[Run], *, alone: bool) -> str:
    """Return "" where nothing runs to the left; "R" for a text of its own that begins so and mostly does; else "L"."""
    text = "".join(run.text for run in paragraph)
    leftward = len(_RIGHT_TO_LEFT.findall(text))
    if not leftward:
        return ""
    mostly = leftward > sum(char.isalpha() for char in text) / 2
    return "R" if alone and mostly and algorithm.get_base_level(text) else "L"


def _words(paragraph: Iterable[Run], style: Style) -> list[_Word]:
    """Return words and, between them, spaces (words without parts)."""
    words: list[_Word] = []
    open_end = False  # whether the next stretch continues the last word
    for run in paragraph:
        for face, text in fonts.split_by_face(run.text, bold=run.bold or style.bold, italic=run.italic or style.italic):
            for token in _TOKENS.findall(text):
                if token[0] == " ":
                    words.append(_Word((), 0))
                    open_end = False
                    continue
                word = _Word(((face, token),), measure(face, token))
                solid = not _is_ideograph(token[0])
                if open_end and solid:
                    last = words.pop()
                    word = _Word(last.parts + word.parts, last.width + word.width)
                words.append(word)
                open_end = solid
    return words


def _is_ideograph(char: str) -> bool:
    return char >= _FIRST_IDEOGRAPH and bool(_IDEOGRAPH.match(char))


def _fill(words: list[_Word], style: Style, width: float, direction: str) -> list[Line]:
    """Put words on lines, as many as fit; a word wider than a line is broken where it must be."""
    room = width / style.size + 1e-6
    space_face = fonts.split_by_face(" ", bold=style.bold, italic=style.italic)[0][0]
    space = measure(space_face, " ")
    lines: list[list[tuple[str, str]]] = [[]]
    used, gap = 0.0, False
    for word in words:
        if not word.parts:
            gap = bool(lines[-1])
            continue
        for part in (word,) if word.width <= room else _broken(word, room):
            needed = part.width + (space if gap else 0)
            if lines[-1] and used + needed > room:
                lines.append([])
                used, gap, needed = 0.0, False, part.width
            if gap:
                lines[-1].append((space_face, " "))
            lines[-1].extend(part.parts)
            used, gap = used + needed, False
    return [_set(line, style, direction) for line in lines]


def _broken(word: _Word, room: float) -> Iterator[_Word]:
    """Yield the pieces of a word that is wider than a line, marks kept with their letters."""
    for face, text in word.parts:
        piece, used = "", 0.0
        for cluster in _clusters(text):
            wide = measure(face, cluster)
            if piece and used + wide > room:
                yield _Word(((face, piece),), measure(face, piece))
                piece, used = "", 0.0
            piece, used = piece + cluster, used + wide
        yield _Word(((face, piece),), measure(face, piece))


def _clusters(text: str) -> Iterator[str]:
    start = 0
    for at in range(1, len(text)):
        if not unicodedata.combining(text[at]):
            yield text[start:at]
            start = at
    yield text[start:]


def _set(parts: list[tuple[str, str]], style: Style, direction: str) -> Line:
    """Give every stretch of a line its place."""
    if direction:
        parts = _turn(parts, direction)
    joined: list[tuple[str, str]] = []
    for face, text in parts:
        if joined and joined[-1][0] == face and type(text) is str and type(joined[-1][1]) is str:
            joined[-1] = (face, joined[-1][1] + text)
        else:
            joined.append((face, text))
    pieces, x = [], 0.0
    for face, text in joined:
        if not isinstance(text, ShapedStr) and not _PLAIN.fullmatch(text) and _NEEDS_SHAPING.search(text):
            text = _shape(face, text)  # noqa: PLW2901  marks find their place over their letters
        pieces.append(Piece(x, face, text))
        x += _width_of(face, text) * style.size
    return Line(tuple(pieces), x, style)


def _width_of(face: str, text: str) -> float:
    if isinstance(text, ShapedStr):
        shaped: list[Any] = text.__shapeData__
        return float(sum(data.x_advance for data in shaped)) / 1000
    return measure(face, text)


def _turn(parts: list[tuple[str, str]], direction: str) -> list[tuple[str, str]]:
    """Return the stretches of a line from left to right, by the Unicode bidirectional algorithm."""
    text = "".join(part for _, part in parts)
    faces = [face for face, part in parts for _ in part]
    if direction == "L":
        for match in reversed(list(_LEFTWARD_WORDS.finditer(text))):
            end = _closed_at(text, match)
            text = text[:end] + _STAY_RIGHT + text[end:]
            faces[end:end] = [""] * len(_STAY_RIGHT)
    storage = algorithm.get_empty_storage()
    storage["base_level"], storage["base_dir"] = (1, "R") if direction == "R" else (0, "L")
    algorithm.get_embedding_levels(text, storage)
    for place, char in enumerate(storage["chars"]):
        char["place"] = place
    algorithm.explicit_embed_and_overrides(storage)
    algorithm.resolve_weak_types(storage)
    algorithm.resolve_neutral_types(storage, False)  # noqa: FBT003  its own signature
    algorithm.resolve_implicit_levels(storage, False)  # noqa: FBT003
    levels = {char["place"]: char["level"] for char in storage["chars"]}
    algorithm.reorder_resolved_levels(storage, False)  # noqa: FBT003
    order = [char["place"] for char in storage["chars"] if faces[char["place"]]]
    return list(_stretches(text, faces, levels, order))


def _closed_at(text: str, match: re.Match[str]) -> int:
    """Return where a match ends, with the bracket that closes what was opened in it."""
    opener = {")": "(", "]": "[", "}": "{"}.get(text[match.end() : match.end() + 1], "")
    return match.end() + 1 if opener and match[0].count(opener) > match[0].count(text[match.end()]) else match.end()


def _stretches(text: str, faces: list[str], levels: dict[int, int], order: list[int]) -> Iterator[tuple[str, str]]:
    """Yield runs of one face and one direction in visual order, shaped where they run to the left."""
    at = 0
    while at < len(order):
        end = at + 1
        step = -1 if levels[order[at]] % 2 else 1
        while (
            end < len(order)
            and order[end] == order[end - 1] + step
            and (faces[order[end]] == faces[order[at]] and levels[order[end]] == levels[order[at]])
        ):
            end += 1
        face = faces[order[at]]
        logical = "".join(text[place] for place in sorted(order[at:end]))
        yield face, _shape(face, logical, leftwards=True) if step < 0 else logical
        at = end


def _shape(face: str, text: str, *, leftwards: bool | None = None) -> ShapedStr:
    """Return the glyphs of a text in visual order: letters joined, marks in place."""
    font = load(face)
    buffer = uharfbuzz.Buffer()
    buffer.cluster_level = uharfbuzz.BufferClusterLevel.MONOTONE_CHARACTERS
    buffer.add_str(text)
    buffer.guess_segment_properties()
    if leftwards is not None:
        buffer.direction = "rtl" if leftwards else "ltr"
    buffer.flags = uharfbuzz.BufferFlags.REMOVE_DEFAULT_IGNORABLES
    # Lam and alef join, as they must; joined marks would have no character to be read back by.
    marks = [(at, at + 1, 0) for at, char in enumerate(text) if unicodedata.combining(char)]
    uharfbuzz.shape(
        _shaper(face), buffer, {"kern": False, "liga": False, "calt": False, "rlig": [(0, len(text), 1), *marks]}
    )
    scale = 1000 / font.face.unitsPerEm
    chars, data = [], []
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        char = _char_of(font, info.codepoint, text[info.cluster])
        chars.append(char)
        moves = (position.x_advance, position.y_advance, position.x_offset, position.y_offset)
        data.append(ShapeData(info.cluster, *(scale * move for move in moves), _loaded(face)[1][char]))
    return ShapedStr("".join(chars), data)


def _char_of(font: TTFont, glyph: int, meant: str) -> str:
    """Return a character that stands for a glyph, so that the page's text can be read back."""
    if font.face.charToGlyph.get(ord(meant)) == glyph:
        return meant
    found: list[int] = font.face.glyphToChar.get(glyph, [])
    if not glyph or not found:
        message = f"{font.fontName} has no glyph for U+{ord(meant):04X} in its place"
        raise fonts.MissingGlyphError(message)
    return chr(found[0])


@cache
def _loaded(face: str) -> tuple[TTFont, dict[str, float]]:
    font = TTFont(face, str(fonts.file_of(face)), asciiReadable=False)
    pdfmetrics.registerFont(font)
    width = font.face.getCharWidth
    return font, {chr(code): width(code) for code in font.face.charToGlyph}


@cache
def _shaper(face: str) -> Any:  # noqa: ANN401  uharfbuzz has no types
    return uharfbuzz.Font(load(face).hbFace)
