"""Text as it will stand on the page: broken into lines, each cut into pieces of one face.

Lines are broken here and not by reportlab's Paragraph: there is no markup to parse, hence none to inject, every
character finds a face that has it, and right-to-left text is turned line by line.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import accumulate, groupby, pairwise
from operator import itemgetter
from typing import NamedTuple

from reportlab.pdfbase.ttfonts import ShapedStr

from intake_app.letter import fonts
from intake_app.letter.blocks import Logo, Run, Text
from intake_app.letter.pdf_bidi import find_levels, order_line
from intake_app.letter.pdf_faces import NEEDS_SHAPING, measure, shape
from intake_app.letter.pdf_tags import Tag
from intake_app.letter.pictures import Picture

_IDEOGRAPHS = "\u2e80-\u312f\u3190-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0002ffff"
_FIRST_IDEOGRAPH = "\u2e80"
_IDEOGRAPH = re.compile(f"[{_IDEOGRAPHS}]")
_CLOSING = "\u3001\u3002\u3009\u300b\u300d\u300f\u3011\u3015\uff01\uff09\uff0c\uff0e\uff1a\uff1b\uff1f\u30fc"
# Spaces, and what follows them. A line may end at a space, and after any ideograph that no closing mark follows.
_TOKENS = re.compile(f"( *)([{_IDEOGRAPHS}][{_CLOSING}]*|[^ {_IDEOGRAPHS}]+|$)")
# No ideograph among them, no mark that is set over its letter, and nothing that runs to the left.
_LETTERS = "!-\u02ff\u0370-\u058f\u1e00-\u20cf\u2100-\u2e7f"
_PLAIN = re.compile(f"[ {_LETTERS}]*")
_TIDY = re.compile(f"[{_LETTERS}]+(?: [{_LETTERS}]+)*")  # one space between words, none around them


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
Stretch = tuple[str, str]  # what is drawn in one face: the face, and the text
_Filled = tuple[list[Stretch], bool]  # a line, and whether a space parts it from the next


def break_lines(text: Text, style: Style, width: float, tag: Tag | None = None) -> tuple[Line, ...]:
    """Return the lines of a text that are at most `width` points wide; MissingGlyphError if no font has a character.

    `tag` is what the lines belong to; without one they can be measured, not drawn.
    """
    room = width / style.size + 1e-6
    if isinstance(text, str) and (line := _set_whole(text, style, room, tag)):
        return (line,)
    lines: list[Line] = []
    *earlier, last = _paragraphs(text)
    for paragraph in (*earlier, last):
        spaced = paragraph is not last
        stretches = _split(paragraph, style)
        plain = all(face in SISTERS and _PLAIN.fullmatch(words) for face, words in stretches)
        levels = () if plain else _find_levels(stretches, alone=isinstance(text, str))
        filled = _fill_plain(stretches, style, room, spaced=spaced) if plain else ()
        filled = filled or _fill(_words(stretches), style, room, spaced=spaced)
        lines += _set_lines(filled, levels, style, tag)
    return tuple(lines)


def _set_whole(text: str, style: Style, room: float, tag: Tag | None) -> Line | None:
    """Return a plain text that fits on one line, as most cells do; None for any other."""
    text = fonts.normalise(text)
    if not _TIDY.fullmatch(text):
        return None
    (face, _), *more = fonts.split_by_face(text, bold=style.bold, italic=style.italic)
    if more or face not in SISTERS or (width := measure(face, text)) > room:
        return None
    return Line((Piece(0.0, face, text),), width * style.size, style, tag)


def _split(paragraph: list[Run], style: Style) -> list[Stretch]:
    """Return the stretches of a paragraph, no two in a row in the same face."""
    found = [
        stretch
        for run in paragraph
        for stretch in fonts.split_by_face(run.text, bold=run.bold or style.bold, italic=run.italic or style.italic)
    ]
    return _join(found) if len(found) > 1 else found


def _join(stretches: Iterable[Stretch]) -> list[Stretch]:
    return [(face, "".join(text for _, text in same)) for face, same in groupby(stretches, itemgetter(0))]


def _paragraphs(text: Text) -> Iterator[list[Run]]:
    parts = (text,) if isinstance(text, str) else text
    paragraph: list[Run] = []
    for weight, same in groupby(parts, _weight):
        words = "".join(part if isinstance(part, str) else part.text for part in same)
        first, *rest = fonts.normalise(words).split("\n")
        paragraph.append(Run(first, *weight))
        for more in rest:
            yield paragraph
            paragraph = [Run(more, *weight)]
    yield paragraph


def _weight(part: str | Run) -> tuple[bool, bool]:
    return (False, False) if isinstance(part, str) else (part.bold, part.italic)


def _find_levels(stretches: list[Stretch], *, alone: bool) -> tuple[int, ...]:
    """Return which way each character of a paragraph runs, as it is filled into lines: one space between words."""
    text = "".join(words for _, words in stretches)
    return find_levels(" ".join(filter(None, text.split(" "))), alone=alone)


def _fill_plain(stretches: list[Stretch], style: Style, room: float, *, spaced: bool) -> list[_Filled]:
    """Return what `_fill` does, much faster, of words that only spaces part; nothing if one is wider than a line."""
    tidy = _tidy(stretches)
    widths = _measure_words(tidy)
    if not widths or max(widths) > room:
        return []
    _, space = _space(style.bold, style.italic)
    starts, used = [0], widths[0]
    for number, wide in enumerate(widths[1:], 1):
        needed = wide + space
        if used + needed > room:
            starts.append(number)
            used = wide
        else:
            used += needed
    words = "".join(text for _, text in tidy).split(" ")
    lines = [" ".join(words[start:end]) for start, end in pairwise((*starts, len(words)))]
    ends = [*[True] * (len(lines) - 1), spaced]
    return list(zip(_cut(tidy, lines), ends, strict=True))


def _tidy(stretches: list[Stretch]) -> list[Stretch]:
    """Return stretches with one space between words, none before the first and none behind the last.

    A space between two stretches ends the first of them.
    """
    tidy: list[Stretch] = []
    for face, text in stretches:
        if tidy and text.startswith(" ") and not tidy[-1][1].endswith(" "):
            tidy[-1] = (tidy[-1][0], tidy[-1][1] + " ")
        if words := " ".join(filter(None, text.split(" "))):
            tidy.append((face, words + " " if text.endswith(" ") else words))
    if tidy and tidy[-1][1].endswith(" "):
        tidy[-1] = (tidy[-1][0], tidy[-1][1][:-1])
    return tidy


def _measure_words(tidy: list[Stretch]) -> list[float]:
    widths: list[float] = []
    open_end = False  # whether the next stretch continues the last word
    for face, text in tidy:
        first, *more = [_width(face, word) for word in text.split(" ") if word]
        if open_end:
            widths[-1] += first
        else:
            widths.append(first)
        widths += more
        open_end = not text.endswith(" ")
    return widths


def _cut(tidy: list[Stretch], lines: list[str]) -> Iterator[list[Stretch]]:
    """Yield each line in its stretches; a space parts it from the next."""
    if len(tidy) == 1:
        yield from ([(tidy[0][0], line)] for line in lines)
        return
    ends = list(accumulate(len(text) for _, text in tidy))
    start = 0
    for line in lines:
        end = start + len(line)
        spans = zip(tidy, (0, *ends), ends, strict=False)
        yield [
            (face, text[max(start - opens, 0) : end - opens])
            for (face, text), opens, closes in spans
            if opens < end and start < closes
        ]
        start = end + 1


@lru_cache(maxsize=4096)  # most words of a letter come again
def _width(face: str, word: str) -> float:
    return measure(face, word)


@cache
def _space(bold: bool, italic: bool) -> tuple[str, float]:  # noqa: FBT001  of a style
    """Return the face of a style's spaces, and the width of one at size 1."""
    [(face, space)] = fonts.split_by_face(" ", bold=bold, italic=italic)
    return face, measure(face, space)


def _words(stretches: list[Stretch]) -> list[_Word]:
    words: list[_Word] = []
    gap = False  # whether spaces came last
    open_end = False  # whether the next stretch continues the last word
    for face, text in stretches:
        for spaces, token in _TOKENS.findall(text):
            gap = gap or spaces != ""
            if not token:
                continue
            word = _Word(((face, token),), _width(face, token), gap)
            solid = token[0] < _FIRST_IDEOGRAPH or not _IDEOGRAPH.match(token)
            if open_end and solid and not gap:
                last = words.pop()
                word = _Word(last.parts + word.parts, last.width + word.width, last.spaced)
            words.append(word)
            open_end, gap = solid, False
    return words


def _fill(words: list[_Word], style: Style, room: float, *, spaced: bool) -> list[_Filled]:
    """Put words on lines, as many as fit; a word wider than a line is broken where it must be.

    Return the stretches of every line, and whether a space parts it from the next; `spaced` answers for the last.
    """
    space_face, space = _space(style.bold, style.italic)
    line: list[Stretch] = []
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


def _broken(word: _Word, room: float) -> Iterator[_Word]:
    """Yield the pieces of a word that is wider than a line, marks kept with their letters."""
    spaced = word.spaced
    for face, text in word.parts:
        piece, used = "", 0.0
        for cluster in _clusters(text):
            wide = measure(face, cluster)
            if piece and used + wide > room:
                yield _Word(((face, piece),), measure(face, piece), spaced)
                piece, used, spaced = "", 0.0, False
            piece, used = piece + cluster, used + wide
        yield _Word(((face, piece),), measure(face, piece), spaced)
        spaced = False


def _clusters(text: str) -> Iterator[str]:
    start = 0
    for at in range(1, len(text)):
        if not unicodedata.combining(text[at]):
            yield text[start:at]
            start = at
    yield text[start:]


def _set_lines(filled: list[_Filled], levels: tuple[int, ...], style: Style, tag: Tag | None) -> Iterator[Line]:
    """Give every line of a paragraph its place in it, where something in it runs to the left."""
    if not levels:
        yield from (_set(parts, style, (), tag, spaced=spaced) for parts, spaced in filled)
        return
    start = 0
    for parts, spaced in filled:
        end = start + sum(len(text) for _, text in parts)
        yield _set(parts, style, levels[start:end], tag, spaced=spaced)
        start = end + spaced


def _set(parts: list[Stretch], style: Style, levels: tuple[int, ...], tag: Tag | None, *, spaced: bool) -> Line:
    """Give every stretch of a line its place."""
    end = 0.0
    turned = any(levels)
    if parts and spaced and not turned:
        face, space = _space(style.bold, style.italic)
        parts, end = [*parts, (face, " ")], space * style.size
    joined = _join(parts) if len(parts) > 1 else parts
    drawn = _turn(joined, levels) if turned else joined
    pieces, x = [], 0.0
    as_drawn = not turned
    for face, text in drawn:
        if not isinstance(text, ShapedStr) and not _PLAIN.fullmatch(text) and NEEDS_SHAPING.search(text):
            text = shape(face, text)  # noqa: PLW2901  marks find their place over their letters
            as_drawn = False
        pieces.append(Piece(x, face, text))
        x += measure(face, text) * style.size
    says = "" if as_drawn else "".join(text for _, text in joined) + " " * bool(spaced and turned)
    return Line(tuple(pieces), x - end, style, tag, says)


def _turn(parts: list[Stretch], levels: tuple[int, ...]) -> Iterator[Stretch]:
    """Yield the stretches of a line from left to right, shaped where they run to the left."""
    text = "".join(part for _, part in parts)
    faces = [face for face, part in parts for _ in part]
    kinds = [(face, level % 2 == 1) for face, level in zip(faces, levels, strict=True)]
    order = order_line(levels)
    at = 0
    while at < len(order):
        face, leftwards = kinds[order[at]]
        step = -1 if leftwards else 1
        end = at + 1
        while end < len(order) and order[end] == order[end - 1] + step and kinds[order[end]] == (face, leftwards):
            end += 1
        logical = "".join(text[place] for place in sorted(order[at:end]))
        yield face, shape(face, logical, leftwards=True) if leftwards else logical
        at = end
