"""The diagnosis codes we know: the spine subset of ICD-10-CM in resources/codes, and how to find one."""

import heapq
import json
import re
import tomllib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice, takewhile
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
    """A code found. One that is not `billable` is a group: `narrower` and `choices` list what it divides into."""

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
    if code not in _book()["groups"]:
        return []
    below = [c for c in (*_book()["groups"], *all_codes()) if c.startswith(code) and c != code]
    steps = [c for c in below if not any(other != c and c.startswith(other) for other in below)]
    return [Match(c, words(c), is_known(c)) for c in sorted(steps)]


def is_listed(code: str) -> bool:
    """Tell whether a code is in the list, billable or a group that has still to be narrowed."""
    return code in all_codes() or code in _book()["groups"]


def choices(code: str) -> list[tuple[str, str]]:
    """Return what a group can be narrowed to: codes, with plain words for what sets each apart."""
    return [(match.code, _say_plainly(apart)) for match, apart in _set_apart(code)]


def missing(code: str) -> str:
    """Return what has still to be known until a code is billable, such as "the side"; "" when nothing has."""
    apart = [official for _, official in _set_apart(code)]
    for lack in _plain()["missing"]:
        told = [official for official in apart if any(word in official for word in lack["words"])]
        if len(told) > len(apart) / 2:
            return str(lack["say"])
    return ""


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
    latest = dict.fromkeys(recent)
    if not typed:
        return [Match(code, words(code)) for code in latest if is_known(code)][:limit]
    if by_code := _search_by_code(typed.upper()):
        return sorted(by_code, key=lambda match: match.code not in latest)[:limit]
    said = _WORD.findall(typed.lower().replace("/", "-"))
    scores = _scores([word for word in said if len(word) > 1] or said)  # a lone letter is a word just begun
    enough = max(scores.values(), default=0) * ENOUGH
    for code in latest.keys() & scores.keys():
        scores[code] += HABIT
    order, is_asked = _order(), not set(_synonyms()["grave"]).isdisjoint(said)
    found = heapq.nsmallest(
        limit,
        (
            (_is_grave(code) and not is_asked, -score, order[code], code)
            for code, score in scores.items()
            if score >= enough
        ),
    )
    return [Match(code, words(code)) for *_, code in found]


def warm() -> None:
    """Read the lists ahead of the first search: about 30 ms."""
    search("slipped disc left")
    search("M5")


def _search_by_code(typed: str) -> list[Match]:
    dotless = typed.replace(".", "")
    min_length = 2
    if len(dotless) < min_length or not dotless[1:2].isdigit():
        return []
    every = _dotless()
    first = bisect_left(every, (dotless,))
    found = takewhile(lambda one: one[0].startswith(dotless), islice(every, first, None))
    return [Match(code, words(code), is_known(code)) for _, code in found]


def _set_apart(code: str) -> list[tuple[Match, str]]:
    """Return what a group can be narrowed to, each with the words that the others do not have."""
    found = narrower(code)
    while len(found) == 1 and not found[0].billable:  # a step at which there is nothing to choose
        found = narrower(found[0].code)
    parts = [match.words.split() for match in found]
    same = sum(1 for _ in takewhile(_is_same, zip(*parts, strict=False)))
    return [(match, " ".join(words[same:]) or match.words) for match, words in zip(found, parts, strict=True)]


def _is_same(column: tuple[str, ...]) -> bool:
    return len({word.rstrip(",") for word in column}) == 1


def _say_plainly(official: str) -> str:
    """Return a part of the official words as the desk says it, begun with a capital."""
    said = _plain_parts().sub(lambda hit: str(_plain()["say"][hit[0]]), official)
    return said[:1].upper() + said[1:]


def _placed(typed: list[str]) -> list[str]:
    """Return the words with the desk's names of places turned into the list's."""
    text = " ".join(typed)
    for said, official in _synonyms()["place"].items():
        text = re.sub(rf"(?<![a-z0-9]){re.escape(said)}(?![a-z0-9])", official, text)
    return text.split()


def _scores(typed: list[str]) -> dict[str, float]:
    """Return code to score: each word counts by how well it fits, an everyday term by its order of codes."""
    scores: dict[str, float] = defaultdict(float)
    said = _placed_discs(typed)
    used: dict[str, bool] = {}  # a word of an everyday term: whether the term was typed whole
    for hits, codes, is_whole in _concepts(said):
        used |= dict.fromkeys(hits, is_whole)
        for code, rank in codes.items():
            scores[code] = max(scores[code], len(hits) * (1.3 - 0.1 * rank))
    for code, score in _fitting(word for word in said if not used.get(word, True)):
        scores[code] = max(scores[code], score)
    for code, score in _fitting(word for word in said if word not in used):
        scores[code] += score
    return scores


def _fitting(typed: Iterable[str]) -> Iterator[tuple[str, float]]:
    """Yield for each word every code that it fits, and how well."""
    for word in _placed(list(typed)):
        if word not in _IDLE:
            yield from _fits(word).items()


def _placed_discs(typed: list[str]) -> list[str]:
    return ["disc" if word == "disk" else word for word in typed]


def _concepts(typed: list[str]) -> list[tuple[list[str], Mapping[str, int], bool]]:
    """Return the everyday terms that were typed, or begun: the words typed, each code with its rank, whether whole.

    Of those with as many words a whole one counts before one begun or mistyped, and that before one with the words
    anywhere.
    """
    found = []
    for term, prefixes in _terms():
        hits = [hit for part in term if (hit := _nearest(part, typed))]
        still_typing = bool(hits) and set(hits) == set(typed)
        if len(hits) == len(term) or still_typing:
            is_whole = len(hits) == len(term)
            is_near = is_whole or (hits == typed and bool(_nearest(term[0], typed[:1])))
            found.append(((len(hits), is_near + (hits == term)), hits, prefixes, is_whole))
    best = max((fit for fit, *_ in found), default=None)
    return [(hits, _ranks(prefixes), is_whole) for fit, hits, prefixes, is_whole in found if fit == best]


def _nearest(word: str, typed: list[str]) -> str:
    """Return the typed word that means `word`, or ""; a typing mistake is forgiven, but a word of the list is none."""
    if word in typed:
        return word
    for one in typed:
        begun = word.startswith(one) and len(one) >= ENOUGH * len(word)
        is_mistyped = one not in _index() and fuzz.ratio(word, one) >= LIKE
        if min(len(one), len(word)) >= SHORTEST_MISTYPED and (begun or is_mistyped):
            return one
    return ""


@lru_cache(maxsize=16)  # the words that stay while the last one is typed; nobody's words are kept for long
def _fits(word: str) -> Mapping[str, float]:
    """Return how well a typed word fits each code: whole 1, beginning 0.85, mistyped 0.6 and less."""
    index = _index()
    found: dict[str, float] = {}
    mistyped = index.keys() if len(word) >= SHORTEST_MISTYPED else ()
    likely = process.extract(word, mistyped, scorer=fuzz.ratio, score_cutoff=LIKE, limit=5)
    close = {hit[0]: 0.6 * hit[1] / 100 for hit in likely}
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
def _order() -> Mapping[str, int]:
    """Return the place of every code among equals."""
    return {code: place for place, code in enumerate(sorted(all_codes(), key=_standing))}


def _is_grave(code: str) -> bool:
    """Tell whether a code names a malignant growth, which is shown first only to who asks for one."""
    return code.startswith("C")


def _standing(code: str) -> tuple[int, int, bool, str]:
    """Return where a code stands among equals: what a spine clinic meets most comes first."""
    first_codes, first_words = _synonyms()["first_codes"], _synonyms()["first_words"]
    official = words(code)
    family = next((n for n, prefix in enumerate(first_codes) if code.startswith(prefix)), len(first_codes))
    region = next((n for n, part in enumerate(first_words) if part in official), len(first_words))
    return family, region, "unspecified" in official, code


@cache
def _ranks(prefixes: tuple[str, ...]) -> Mapping[str, int]:
    """Return for every code below some prefixes the place of the first one that it is below."""
    ranks: dict[str, int] = {}
    for rank, prefix in enumerate(prefixes):
        for code in all_codes():
            if code.startswith(prefix):
                ranks.setdefault(code, rank)
    return ranks


@cache
def _dotless() -> list[tuple[str, str]]:
    """Return every code and group without its dot and with it, in order."""
    return sorted((code.replace(".", ""), code) for code in (*_book()["groups"], *all_codes()))


@cache
def _synonyms() -> Mapping[str, Any]:
    return tomllib.loads((paths.resources() / "codes" / "synonyms.toml").read_text("utf-8"))


@cache
def _plain() -> Mapping[str, Any]:
    return tomllib.loads((paths.resources() / "codes" / "plain_words.toml").read_text("utf-8"))


@cache
def _plain_parts() -> re.Pattern[str]:
    longest_first = sorted(_plain()["say"], key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b")


@cache
def _terms() -> tuple[tuple[list[str], tuple[str, ...]], ...]:
    return tuple(
        (_WORD.findall(said), tuple(concept["codes"]))
        for concept in _synonyms()["concept"]
        for said in concept["words"]
    )


@cache
def _pairs() -> tuple[Mapping[str, Any], ...]:
    return tuple(tomllib.loads((paths.resources() / "codes" / "excludes1.toml").read_text("utf-8"))["pair"])
