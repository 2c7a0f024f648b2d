"""Whether free words name a thing or say that it is not there: "no cord or cauda equina compression" names nothing.

Read narrowly: what is not clearly denied counts as named, which is the more urgent reading.
"""

import re
from collections.abc import Iterator

_ENDS = re.compile(r"(?<=[.;!?\n])\s+|\n|\b(?:but|however|although|except)\b", re.IGNORECASE)
_DENIAL = re.compile(
    r"\b(?:no|without|nor|neither|negative for|free of|absence of|denies)\b"
    r"|\bnot(?: \w+){0,2} (?:for|of|with|have|show)\b"
    r"|\bnot (?:an? |any |the |acute )?$",
    re.IGNORECASE,
)
# What stands between a denial and the thing, and shows that the denial is about something else.
_TURNS = re.compile(
    r"\b(?:and|because|due|from|since|after|despite|exclude|excluded|excludes|yet|now|causing|caused)\b",
    re.IGNORECASE,
)
_LIST = re.compile(r"\b(?:or|nor)\b", re.IGNORECASE)
_SEEN = r"(?:seen|present|suspected|confirmed|shown|found|likely|evident|identified|demonstrated|compressed|involved)"
_DENIED_AFTER = re.compile(
    rf"\W*(?:(?:is|are|was|were|has|have|been|now|clinically)\W+)*"
    rf"(?:not\W+{_SEEN}\b|(?:excluded|ruled out|absent|negative|unlikely|normal|unremarkable|intact)\b|no\b\W*$)",
    re.IGNORECASE,
)
_INSIDE = re.compile(r"\b(?:not|no|without)\b", re.IGNORECASE)


def find_named(text: str, thing: re.Pattern[str]) -> str:
    """Return the sentence of a text that names a thing without denying it, "" where none does."""
    return next((sentence for sentence in _sentences(text) if _names(sentence, thing)), "")


def _sentences(text: str) -> Iterator[str]:
    return (part.strip() for part in _ENDS.split(text) if part.strip())


def _names(sentence: str, thing: re.Pattern[str]) -> bool:
    return any(not _is_denied(sentence, hit) for hit in thing.finditer(sentence))


def _is_denied(sentence: str, hit: re.Match[str]) -> bool:
    if _INSIDE.search(hit[0]) or _DENIED_AFTER.match(sentence, hit.end()):
        return True
    before = sentence[: hit.start()]
    denials = list(_DENIAL.finditer(before))
    if not denials:
        return False
    between = before[denials[-1].end() :]
    last = between.rpartition(",")[2]
    listed = "," not in between or bool(_LIST.search(last))  # no stenosis, hernia or cauda equina compression
    return listed and not _TURNS.search(between)
