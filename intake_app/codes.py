"""The diagnosis codes we know: the spine subset of ICD-10-CM in resources/codes, and how to find one."""

import json
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from rapidfuzz import fuzz, process

from intake_app import paths

LIKE = 78  # per cent of likeness from which a word counts as a typing mistake for another
ENOUGH = 0.6  # of the best score, or of a word's letters, to be worth showing
HABIT = 0.5  # what a code used lately is ahead by
SHORTEST_MISTYPED = 3  # letters: shorter words are too like each other
_WORD = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*")
_IDLE = frozenset({"of", "the", "and", "in", "a", "to", "for", "disease", "pain", "from"})


@dataclass(frozen=True, slots=True)
class Match:
    """A code found. One that is not `billable` is a group: `narrower` lists what it can be narrowed to."""

    code: str
    words: str
    billable: bool = True


@cache
def _book() -> Mapping[str, Any]:
    book: Mapping[str, Any] = json.loads((paths.resources() / "codes" / "icd10cm_spine.json").read_text("utf-8"))
    return book


def release() -> str:
    """Return the name of the release the codes were taken from."""
    return str(_book()["release"])


def all_codes() -> Mapping[str, str]:
    """Map every billable code to its official words."""
    words: Mapping[str, str] = _book()["codes"]
    return words


def is_known(code: str) -> bool:
    """Tell whether a code is billable in the release we ship."""
    return code in all_codes()


def words(code: str) -> str:
    """Return the official words of a code or of a group of codes; KeyError if it is not in the list."""
    return all_codes()[code] if code in all_codes() else str(_book()["groups"][code])


def narrower(code: str) -> list[Match]:
    """Return what a group divides into, one step down; empty for a billable code."""
    below = [c for c in (*_book()["groups"], *all_codes()) if c.startswith(code) and c != code]
    steps = [c for c in below if not any(other != c and c.startswith(other) for other in below)]
    return [Match(c, words(c), is_known(c)) for c in sorted(steps)]


def conflicts(codes: Iterable[str]) -> list[tuple[str, str, str]]:
    """Return the pairs that the tabular list says should not stand together, each with the note that says so."""
    given = list(dict.fromkeys(codes))
    found = {
        frozenset((one, other)): (one, other, pair["note"])
        for pair in _pairs()
        for one in given
        if one.startswith(pair["one"])
        for other in given
        if other != one and other.startswith(tuple(pair["other"]))
    }
    return list(found.values())


def search(text: str, limit: int = 12, recent: Iterable[str] = ()) -> list[Match]:
    """Return the codes that a text can mean, best first: a code, words in any order, everyday words, mistyped ones.

    `recent` codes come first among those that match, and alone when nothing is typed.
    """
    typed = text.strip()
    latest = list(recent)
    if not typed:
        return [Match(code, words(code)) for code in latest if is_known(code)][:limit]
    if by_code := _search_by_code(typed.upper()):
        return by_code[:limit]
    said = _WORD.findall(typed.lower().replace("/", "-"))
    scores = _scores([word for word in said if len(word) > 1] or said)  # a lone letter is a word just begun
    best = max(scores.values(), default=0)
    found = [code for code, score in scores.items() if score >= best * ENOUGH]
    found.sort(key=lambda code: (-scores[code] - (HABIT if code in latest else 0), *_standing(code)))
    return [Match(code, words(code)) for code in found[:limit]]


def warm() -> None:
    """Read the lists ahead of the first search: about 30 ms."""
    search("slipped disc left")
    for code in all_codes():
        _standing(code)


def _search_by_code(typed: str) -> list[Match]:
    dotless = typed.replace(".", "")
    min_length = 2
    if len(dotless) < min_length or not dotless[1:2].isdigit():
        return []
    every = (*_book()["groups"], *all_codes())
    found = sorted(code for code in every if code.replace(".", "").startswith(dotless))
    return [Match(code, words(code), is_known(code)) for code in found]


def _placed(typed: list[str]) -> list[str]:
    """Return the words with the desk's names of places turned into the list's."""
    text = " ".join(typed)
    for said, official in _synonyms()["place"].items():
        text = re.sub(rf"(?<![a-z0-9]){re.escape(said)}(?![a-z0-9])", official, text)
    return text.split()


def _scores(typed: list[str]) -> dict[str, float]:
    """Return code to score: each word counts by how well it fits, an everyday term by its order of codes."""
    scores: dict[str, float] = defaultdict(float)
    used: set[str] = set()
    for hits, codes in _concepts(_placed_discs(typed)):
        used.update(hits)
        for code, rank in codes.items():
            scores[code] = max(scores[code], len(hits) * (1.3 - 0.1 * rank))
    for word in _placed([word for word in _placed_discs(typed) if word not in used]):
        if word not in _IDLE:
            for code, score in _fits(word).items():
                scores[code] += score
    return scores


def _placed_discs(typed: list[str]) -> list[str]:
    return ["disc" if word == "disk" else word for word in typed]


def _concepts(typed: list[str]) -> list[tuple[list[str], dict[str, int]]]:
    """Return the everyday terms that were typed, or begun: the words typed, and each code with its rank."""
    found = []
    for term, prefixes in _terms():
        hits = [hit for part in term if (hit := _nearest(part, typed))]
        still_typing = bool(hits) and set(hits) == set(typed)
        if len(hits) == len(term) or still_typing:
            codes: dict[str, int] = {}
            for rank, prefix in enumerate(prefixes):
                for code in _below(prefix):
                    codes.setdefault(code, rank)
            found.append((hits, codes))
    longest = max((len(hits) for hits, _ in found), default=0)
    return [one for one in found if len(one[0]) == longest]


def _nearest(word: str, typed: list[str]) -> str:
    """Return the typed word that means `word`, or ""; a typing mistake is forgiven."""
    if word in typed:
        return word
    for one in typed:
        begun = word.startswith(one) and len(one) >= ENOUGH * len(word)
        if min(len(one), len(word)) >= SHORTEST_MISTYPED and (begun or fuzz.ratio(word, one) >= LIKE):
            return one
    return ""


@cache
def _fits(word: str) -> Mapping[str, float]:
    """Return how well a typed word fits each code: whole 1, beginning 0.85, mistyped 0.6 and less."""
    index = _index()
    found: dict[str, float] = {}
    likely = process.extract(word, index.keys(), scorer=fuzz.ratio, score_cutoff=LIKE, limit=5)
    close = {hit[0]: 0.6 * hit[1] / 100 for hit in likely} if len(word) >= SHORTEST_MISTYPED else {}
    starts = {one: 0.85 for one in index if one.startswith(word)}
    for one, score in {**close, **starts, **({word: 1.0} if word in index else {})}.items():
        for code in index[one]:
            found[code] = max(found.get(code, 0), score)
    return found


@cache
def _index() -> Mapping[str, tuple[str, ...]]:
    index: dict[str, list[str]] = defaultdict(list)
    for code, official in all_codes().items():
        for word in set(_WORD.findall(official.lower())):
            index[word].append(code)
    return {word: tuple(codes) for word, codes in index.items()}


@cache
def _standing(code: str) -> tuple[int, int, bool, str]:
    """Return where a code stands among equals: what a spine clinic meets most comes first."""
    first_codes, first_words = _synonyms()["first_codes"], _synonyms()["first_words"]
    official = words(code)
    family = next((n for n, prefix in enumerate(first_codes) if code.startswith(prefix)), len(first_codes))
    region = next((n for n, part in enumerate(first_words) if part in official), len(first_words))
    return family, region, "unspecified" in official, code


@cache
def _below(prefix: str) -> tuple[str, ...]:
    return tuple(code for code in all_codes() if code.startswith(prefix))


@cache
def _synonyms() -> Mapping[str, Any]:
    return tomllib.loads((paths.resources() / "codes" / "synonyms.toml").read_text("utf-8"))


@cache
def _terms() -> tuple[tuple[list[str], list[str]], ...]:
    return tuple(
        (_WORD.findall(said), concept["codes"]) for concept in _synonyms()["concept"] for said in concept["words"]
    )


@cache
def _pairs() -> tuple[Mapping[str, Any], ...]:
    return tuple(tomllib.loads((paths.resources() / "codes" / "excludes1.toml").read_text("utf-8"))["pair"])
