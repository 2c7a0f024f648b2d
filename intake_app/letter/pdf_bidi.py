"""Text that runs to the left: which way each character runs, and the order in which a line is drawn.

By the Unicode bidirectional algorithm. Somebody's words inside a sentence of ours are isolated, as between U+2068 and
U+2069: they run the way their first letter does, and move nothing around them. They are what stands between quotation
marks; without marks, words that run to the left, with the numbers and brackets among them.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby, takewhile

from bidi import algorithm
from bidi.mirror import MIRRORED

_LEFT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
_LEFTWARD = re.compile(f"[{_LEFT}]")
# Between two words of the same person: no letter, and nothing with which our sentences part two facts.
_BETWEEN = f"(?:(?![;·“”{_LEFT}])[\\W\\d_])"
_WORDS = re.compile(f"[{_LEFT}]+(?:{_BETWEEN}+[{_LEFT}]+)*")
# A number right behind them is theirs, unless it begins something in other letters, such as a date. The whole of it:
# looked for ahead and then taken, for what gives nothing back (*+) does not work in the first releases of Python 3.11.
_NUMBER = re.compile(" (?=([0-9]+(?:[/.,:\u00d7\u2013-][0-9]+)*%?))\\1(?![^\\W_]| *[^\\W\\d_])")
_CLOSING = {")": "(", "]": "[", "}": "{"}
_NUMBERS = ("EN", "AN")
_DEEPEST = 63  # brackets in brackets, as the algorithm has it


def find_levels(text: str, *, alone: bool) -> tuple[int, ...]:
    """Return the level of each character of a paragraph, odd where it runs to the left; () if nothing does.

    A paragraph of ours runs to the right. One that is somebody's `alone` runs to the left where it begins so and
    mostly does.
    """
    if text.isascii():
        return ()
    leftward = len(_LEFTWARD.findall(text))
    if not leftward:
        return ()
    mostly = leftward > sum(char.isalpha() for char in text) / 2
    if alone and mostly and algorithm.get_base_level(text):
        return tuple(_resolve(text, 1))
    levels = [0] * len(text)
    for start, end in _isolates(text):
        levels[start:end] = _resolve(text[start:end], algorithm.get_base_level(text[start:end]))
    return tuple(levels)


def order_line(levels: Sequence[int]) -> list[int]:
    """Return the places of a line's characters from left to right."""
    order = list(range(len(levels)))
    for level in range(max(levels), 0, -1):
        turned: list[int] = []
        for leftward, same in groupby(order, lambda place: levels[place] >= level):  # noqa: B023  used at once
            places = list(same)
            turned += places[::-1] if leftward else places
        order = turned
    return order


def _isolates(text: str) -> Iterator[tuple[int, int]]:
    """Yield where somebody's words with something leftward in them begin and end."""
    at = 0
    for start, end in (*_quotations(text), (len(text), len(text))):
        yield from _unquoted(text, at, start)
        if _LEFTWARD.search(text, start, end):
            yield start, end
        at = end


def _quotations(text: str) -> Iterator[tuple[int, int]]:
    """Yield what stands between quotation marks, with the quotations inside it."""
    opened: list[int] = []
    found: list[tuple[int, int]] = []
    for at, char in enumerate(text):
        if char == "“":
            opened.append(at + 1)
        elif char == "”" and opened:
            start = opened.pop()
            found = [*(one for one in found if one[1] < start), (start, at)]
    yield from found


def _unquoted(text: str, at: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield words that run to the left, with the bracket that closes what was opened in them and a number behind."""
    for match in _WORDS.finditer(text, at, end):
        start, last = match.start(), _close(text, match.start(), match.end())
        number = _NUMBER.match(text, last, end)
        yield start, _close(text, start, number.end()) if number else last


def _close(text: str, start: int, end: int) -> int:
    """Return the end of words, moved behind a bracket that closes what was opened in them."""
    closing = text[end : end + 1]
    opener = _CLOSING.get(closing, "")
    return end + 1 if opener and text.count(opener, start, end) > text.count(closing, start, end) else end


def _resolve(text: str, base: int) -> list[int]:
    """Return the level of each character of a text whose own direction is `base`, 0 to the right, 1 to the left."""
    storage = algorithm.get_empty_storage()
    storage["base_level"], storage["base_dir"] = base, "LR"[base]
    algorithm.get_embedding_levels(text, storage)
    every = storage["chars"]
    algorithm.explicit_embed_and_overrides(storage)
    algorithm.resolve_weak_types(storage)
    _pair_brackets(storage["chars"], "LR"[base])
    algorithm.resolve_neutral_types(storage, False)  # noqa: FBT003  its own signature
    algorithm.resolve_implicit_levels(storage, False)  # noqa: FBT003
    return [char["level"] for char in every]


def _pair_brackets(chars: list[dict[str, str]], base: str) -> None:
    """Let both brackets of a pair run the same way: rule N0, which the library leaves out."""
    for opens, closes in sorted(_find_pairs(chars)):
        inside = {_strong(char) for char in chars[opens + 1 : closes]} - {""}
        if not inside:
            continue
        before = next(filter(None, map(_strong, reversed(chars[:opens]))), base)
        for at in (opens, closes):
            marks = takewhile(lambda char: char["orig"] == "NSM", chars[at + 1 :])
            for char in (chars[at], *marks):
                char["type"] = base if base in inside else before


def _find_pairs(chars: list[dict[str, str]]) -> Iterator[tuple[int, int]]:
    opened: list[tuple[str, int]] = []
    for at, char in enumerate(chars):
        other = MIRRORED.get(char["ch"])
        if char["type"] != "ON" or not other:
            continue
        kind = unicodedata.category(char["ch"])
        if kind == "Ps":
            if len(opened) == _DEEPEST:
                return
            opened.append((other, at))
        elif kind == "Pe" and any(awaited == char["ch"] for awaited, _ in opened):
            while opened[-1][0] != char["ch"]:
                opened.pop()
            yield opened.pop()[1], at


def _strong(char: dict[str, str]) -> str:
    """Return which way a character draws what stands beside it, "" if it does not."""
    return "R" if char["type"] in _NUMBERS else char["type"] if char["type"] in ("L", "R") else ""
