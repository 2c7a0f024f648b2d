"""The words around the text of a page, in the letter's language: which page it is, and what goes on from the last."""

import tomllib
from collections.abc import Mapping
from functools import cache

from intake_app import paths

USUAL = "en"


def say_page(language: str, number: int, count: int) -> str:
    """Return which page it is of how many; `language` as PDF readers know it ("es-US"), English where it is unknown."""
    return _words(language)["page"].format(number=number, count=count)


def say_continued(language: str, name: str) -> str:
    """Return the name of a part that goes on from the page before."""
    return _words(language)["continued"].format(name=name)


def _words(language: str) -> Mapping[str, str]:
    known = _read()
    return known.get(language[:2], known[USUAL])


@cache
def _read() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((paths.resources() / "letter" / "furniture.toml").read_text("utf-8"))
