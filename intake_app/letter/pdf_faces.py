"""The faces of the letter: how wide their characters are, their glyphs, and what reportlab gets wrong about them."""

import re
import unicodedata
from functools import cache
from typing import Any

import uharfbuzz
from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfbase.ttfonts import ShapeData, ShapedStr, TTFont

from intake_app.letter import fonts

NEEDS_SHAPING = re.compile("[\u0300-\u036f\u0590-\u08ff\u1ab0-\u1aff\u20d0-\u20ff\ufb1d-\ufdff\ufe70-\ufefc]")
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


def measure(face: str, text: str) -> float:
    """Return the width of a text at size 1; a text that is not shaped yet is measured as if it were."""
    if isinstance(text, ShapedStr) or (not text.isascii() and NEEDS_SHAPING.search(text)):
        shaped = text if isinstance(text, ShapedStr) else shape(face, text)
        return float(sum(data.x_advance for data in shaped.__shapeData__)) / 1000
    widths = _loaded(face)[1]
    try:
        return sum(map(widths.__getitem__, text)) / 1000
    except KeyError as error:
        message = f"{face} does not draw {error.args[0]!a}"
        raise fonts.MissingGlyphError(message) from error


def shape(face: str, text: str, *, leftwards: bool | None = None) -> ShapedStr:
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
