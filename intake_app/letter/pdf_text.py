"""Text as it will stand on the page: faces, widths and lines.

Lines are broken here and not by reportlab's Paragraph: there is no markup to parse, hence none to inject, every
character finds a face that has it, and right-to-left text is turned line by line.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

import uharfbuzz
from bidi import algorithm
from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfbase.ttfonts import ShapeData, ShapedStr, TTFont

from intake_app.letter import fonts
from intake_app.letter.blocks import Logo, Run, Text
from intake_app.letter.pdf_tags import Tag
from intake_app.letter.pictures import Picture

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
# Spaces, and what follows them. A line may end at a space, and after any ideograph that no closing mark follows.
_TOKENS = re.compile(f"( *)([{_IDEOGRAPHS}][{_CLOSING}]*|[^ {_IDEOGRAPHS}]+|$)")
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
    """One line, its width in points.

    `tag` is what it belongs to, `says` what it reads where its glyphs stand in another order or for more than
    themselves. A picture is a line of its own, as high as its leading. The space at which a line was broken ends it,
    so that words stay apart for whoever reads on; the width is without it.
    """

    pieces: tuple[Piece, ...]
    width: float
    style: Style
    tag: Tag | None = None
    says: str = ""
    picture: Picture | Logo | None = None


class _Word(NamedTuple):
    """Stretches that no line break may part, each (face, text), and whether a space parts them from the last word."""

    parts: tuple[tuple[str, str], ...]
    width: float  # at size 1
    spaced: bool


SISTERS = {"sans", "sans-bold", "sans-italic"}  # their spaces are equally wide: one need not change for a space
AT_ONCE = 100
_map_bmp = ttfonts.makeToUnicodeCMap


def _map_to_unicode(name: str, subset: list[int]) -> str:
    """Return reportlab's map from codes to characters, put right.

    It maps code 0, which draws nothing, and characters beyond U+FFFF to five digits, which are read as others; and
    it lists 256 codes at once, where 100 are allowed.
    """
    written: str = _map_bmp(name, subset)
    head, _, rest = written.partition(f"{len(subset)} beginbfchar")
    pairs = [f"<{code:02X}> <{_as_utf16(char)}>\n" for code, char in enumerate(subset) if char]
    blocks = [pairs[at : at + AT_ONCE] for at in range(0, len(pairs), AT_ONCE)]
    listed = "endbfchar\n".join(f"{len(block)} beginbfchar\n{''.join(block)}" for block in blocks)
    return head + listed + rest[rest.index("endbfchar") :]


def _as_utf16(char: int) -> str:
    return chr(char).encode("utf-16-be").hex().upper()


ttfonts.makeToUnicodeCMap = _map_to_unicode


def load(face: str) -> TTFont:
    """Return a face, known to reportlab from then on."""
    return _loaded(face)[0]


def break_lines(text: Text, style: Style, width: float, tag: Tag | None = None) -> tuple[Line, ...]:
    """Return the lines of a text that are at most `width` points wide; MissingGlyphError if no font has a character.

    `tag` is what the lines belong to; without one they can be measured, not drawn.
    """
    lines: list[Line] = []
    *earlier, last = _paragraphs(text)
    for paragraph in (*earlier, last):
        direction = _direction(paragraph, alone=isinstance(text, str))
        filled = _fill(_words(paragraph, style), style, width, spaced=paragraph is not last)
        lines += (_set(parts, style, direction, tag, spaced=spaced) for parts, spaced in filled)
    return tuple(lines)


def measure(face: str, text: str) -> float:
    """Return the width of a text at size 1."""
    if not text.isascii() and _NEEDS_SHAPING.search(text):
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
        paragraph.append(run if first == run.text else Run(first, run.bold, run.italic))
        for more in rest:
            yield paragraph
            paragraph = [Run(more, run.bold, run.italic)]
    yield paragraph


def _direction(paragraph: list[Run], *, alone: bool) -> str:
    """Return "" where nothing runs to the left; "R" for a text of its own that begins so and mostly does; else "L"."""
    text = "".join(run.text for run in paragraph)
    if text.isascii():
        return ""
    leftward = len(_RIGHT_TO_LEFT.findall(text))
    if not leftward:
        return ""
    mostly = leftward > sum(char.isalpha() for char in text) / 2
    return "R" if alone and mostly and algorithm.get_base_level(text) else "L"


def _words(paragraph: Iterable[Run], style: Style) -> list[_Word]:
    words: list[_Word] = []
    gap = False  # whether spaces came last
    open_end = False  # whether the next stretch continues the last word
    for run in paragraph:
        for face, text in fonts.split_by_face(run.text, bold=run.bold or style.bold, italic=run.italic or style.italic):
            for spaces, token in _TOKENS.findall(text):
                gap = gap or spaces != ""
                if not token:
                    continue
                word = _word(face, token, gap)
                solid = token[0] < _FIRST_IDEOGRAPH or not _IDEOGRAPH.match(token)
                if open_end and solid and not gap:
                    last = words.pop()
                    word = _Word(last.parts + word.parts, last.width + word.width, last.spaced)
                words.append(word)
                open_end, gap = solid, False
    return words


@lru_cache(maxsize=4096)  # most words of a letter come again
def _word(face: str, text: str, spaced: bool) -> _Word:  # noqa: FBT001  it is part of the word
    return _Word(((face, text),), measure(face, text), spaced)


def _fill(words: list[_Word], style: Style, width: float, *, spaced: bool) -> list[tuple[list[tuple[str, str]], bool]]:
    """Put words on lines, as many as fit; a word wider than a line is broken where it must be.

    Return the stretches of every line, and whether a space parts it from the next; `spaced` answers for the last.
    """
    room = width / style.size + 1e-6
    space_face, space = _space(style)
    line: list[tuple[str, str]] = []
    lines, ends = [line], []
    used = 0.0
    for word in words:
        for part in (word,) if word.width <= room else _broken(word, room):
            needed = part.width + space if part.spaced else part.width
            if not line:
                used = part.width
            elif used + needed > room:
                line = []
                lines.append(line)
                ends.append(part.spaced)
                used = part.width
            else:
                used += needed
                if part.spaced:
                    line.append((line[-1][0] if line[-1][0] in SISTERS else space_face, " "))
            line.extend(part.parts)
    return list(zip(lines, (*ends, spaced), strict=True))


def _space(style: Style) -> tuple[str, float]:
    """Return the face of a style's spaces, and the width of one at size 1."""
    [(face, _)] = fonts.split_by_face(" ", bold=style.bold, italic=style.italic)
    return face, _word(face, " ", False).width  # noqa: FBT003


def _broken(word: _Word, room: float) -> Iterator[_Word]:
    """Yield the pieces of a word that is wider than a line, marks kept with their letters."""
    spaced = word.spaced
    for face, text in word.parts:
        piece, used = "", 0.0
        for cluster in _clusters(text):
            wide = measure(face, cluster)
            if piece and used + wide > room:
                yield _word(face, piece, spaced)
                piece, used, spaced = "", 0.0, False
            piece, used = piece + cluster, used + wide
        yield _word(face, piece, spaced)
        spaced = False


def _clusters(text: str) -> Iterator[str]:
    start = 0
    for at in range(1, len(text)):
        if not unicodedata.combining(text[at]):
            yield text[start:at]
            start = at
    yield text[start:]


def _set(parts: list[tuple[str, str]], style: Style, direction: str, tag: Tag | None, *, spaced: bool) -> Line:
    """Give every stretch of a line its place."""
    end = 0.0
    if parts and spaced and not direction:
        face, space = _space(style)
        parts, end = [*parts, (face, " ")], space * style.size
    joined = [(face, "".join(text for _, text in same)) for face, same in groupby(parts, itemgetter(0))]
    drawn = _turn(joined, direction) if direction else joined
    pieces, x = [], 0.0
    as_drawn = not direction
    for face, text in drawn:
        if not isinstance(text, ShapedStr) and not _PLAIN.fullmatch(text) and _NEEDS_SHAPING.search(text):
            text = _shape(face, text)  # noqa: PLW2901  marks find their place over their letters
            as_drawn = False
        pieces.append(Piece(x, face, text))
        x += _width_of(face, text) * style.size
    says = "" if as_drawn else "".join(text for _, text in joined) + " " * bool(spaced and direction)
    return Line(tuple(pieces), x - end, style, tag, says)


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
    _mend_widths(font.face)
    pdfmetrics.registerFont(font)
    width = font.face.getCharWidth
    return font, {chr(code): width(code) for code in font.face.charToGlyph}


def _mend_widths(face: Any) -> None:  # noqa: ANN401  reportlab has no types
    """Give the glyphs that share the last width of the table that width: reportlab embeds it in other units."""
    own = int.from_bytes(face.get_table("hhea")[34:36], "big")
    shared = face.hmetrics[own - 1][0]
    face.hmetrics[own:] = [(shared, bearing) for _, bearing in face.hmetrics[own:]]


@cache
def _shaper(face: str) -> Any:  # noqa: ANN401  uharfbuzz has no types
    return uharfbuzz.Font(load(face).hbFace)
