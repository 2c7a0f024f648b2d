"""Which of our fonts draws a character: the first that has it, and none is drawn by luck.

coverage.json, written along with the fonts, says what each face can draw, so that a text is checked without
opening a font.
"""

import json
import re
import unicodedata
from functools import cache
from pathlib import Path

from intake_app import paths

# Invisible by nature: joiners, direction marks, variation selectors. They steer, they are not drawn.
STEERING = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
)
_STEERING = re.compile(f"[{STEERING}]")
_BREAKS = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_BLANKS = re.compile(r"[\t\x1f\u1680\u2000-\u2006\u2008-\u200a\u205f\u3000]")
_HARD_BLANKS = re.compile("[\u2007\u202f]")
# Latin letters and the usual punctuation are drawn as they are.
_AS_IT_IS = re.compile("[ -~\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e]*")
NO_BREAK_SPACE = "\u00a0"
# In the order in which a character looks for a face; a bold face first where the text is bold.
_REGULAR = ("sans", "others", "hangul", "han", "pictures")
_BOLD = ("sans-bold", "others-bold", "others", "hangul", "han", "pictures")
_ITALIC = ("sans-italic", "others", "hangul", "han", "pictures")


class MissingGlyphError(Exception):
    """A text reached the page with characters that no font of ours can draw."""


def folder() -> Path:
    """Return where the fonts are."""
    return paths.resources() / "fonts"


def file_of(face: str) -> Path:
    """Return the file of a face."""
    return folder() / f"{face}.ttf"


@cache
def coverage() -> dict[str, str]:
    """Map every face to the characters it draws, as ranges for a regular expression."""
    book: dict[str, str] = json.loads((folder() / "coverage.json").read_text("utf-8"))
    return {face: _as_class(ranges) for face, ranges in book.items()}


def normalise(text: str) -> str:
    """Return the text as it is drawn: composed, one kind of space and line break, nothing that only steers."""
    if _AS_IT_IS.fullmatch(text):
        return text
    text = _BREAKS.sub("\n", unicodedata.normalize("NFC", text))
    text = _HARD_BLANKS.sub(NO_BREAK_SPACE, _BLANKS.sub(" ", text))
    return _STEERING.sub("", text)


def missing(text: str) -> str:
    """Return the characters that no font of ours can draw, each once, in the order they come."""
    return "".join(dict.fromkeys(_no_face().findall(normalise(text).replace("\n", ""))))


def split_by_face(text: str, *, bold: bool = False, italic: bool = False) -> list[tuple[str, str]]:
    """Return the text cut into stretches, each with the face that draws it; MissingGlyphError if none can."""
    chain = _BOLD if bold else _ITALIC if italic else _REGULAR
    if _stretch(chain[0]).fullmatch(text):
        return [(chain[0], text)]
    parts: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        found = next(((face, m) for face in chain if (m := _stretch(face).match(text, at))), None)
        if found is None:
            message = f"no font draws U+{ord(text[at]):04X}"
            raise MissingGlyphError(message)
        face, match = found
        end = match.end() if face == chain[0] else _until_earlier_face(chain, face, text, at, match.end())
        parts.append((face, text[at:end]))
        at = end
    return parts


def _until_earlier_face(chain: tuple[str, ...], face: str, text: str, start: int, end: int) -> int:
    """Cut a stretch short where a face earlier in the chain takes over; spaces and marks stay with their word."""
    for at in range(start + 1, end):
        char = text[at]
        if char == " " or unicodedata.combining(char):
            continue
        for earlier in chain[: chain.index(face)]:
            if _stretch(earlier).match(text, at):
                return at
    return end


def _as_class(ranges: str) -> str:
    return "".join("-".join(re.escape(chr(int(point, 16))) for point in part.split("-")) for part in ranges.split())


@cache
def _stretch(face: str) -> re.Pattern[str]:
    return re.compile(f"[{coverage()[face]}]+")


@cache
def _no_face() -> re.Pattern[str]:
    return re.compile(f"[^{''.join(coverage()[face] for face in _REGULAR)}]")
