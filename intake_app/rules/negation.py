"""Whether free words name a thing, say that it is not there, or tell it as history.

"No cord or cauda equina compression" names nothing, "history of cauda equina syndrome 2019" nothing of now. Read
narrowly: what is not clearly denied counts as named, and what is not clearly past as of now: the more urgent readings.
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
# A list goes on behind the thing: no fracture, discitis, osteomyelitis or epidural abscess.
_GOES_ON = re.compile(r"(?:,\s*[a-z]+(?:[ -][a-z]+){0,2})*,?\s*\b(?:or|nor)\b", re.IGNORECASE)
_DOUBT = re.compile(
    r"\?|\b(?:suspect\w*|possibl\w*|probabl\w*|likely|query|queried|r/o|rule|exclud\w*|concern\w*|cannot|not)\b",
    re.IGNORECASE,
)
# What stands before a thing of the past; between the two only where and of what kind it was.
_ONCE = re.compile(
    r"\b(?:history of|hx(?: of)?|h/o|previous|prior|past|former|status[ -]post|s/p) +"
    r"(?:(?:an?|the|incomplete|complete|cervical|thoracic|lumbar|spinal|vertebral|[CTLS]\d[\w/-]*) +)*$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\d/])(?:19|20)\d\d(?!\d)")
# What stands behind it: its year at once, or how it ended with a year somewhere.
_OVER = re.compile(
    r"[\s,(:;-]*(?:in )?(?:19|20)\d\d\b"
    r"|.*\b(?:decompress\w*|operat\w*|surgery|laminectomy|discectomy|treated|resolved|recovered|healed)\b",
    re.IGNORECASE,
)
YEARS_AGO = 2  # calendar years: over for twelve months at least, a design choice
# Words of now, of doubt, of short times and of what the patient feels: with one of them nothing is history.
_NOW = re.compile(
    rf"{_DOUBT.pattern}|\b(?:now|new|newly|acute|acutely|current\w*|today|tonight|yesterday|again|recent\w*|re-?curr\w*"
    r"|wors\w*|progress\w*|since|ongoing|on-going|persist\w*|still|active\w*|emergen\w*|urgent\w*|present\w*"
    r"|complain\w*|c/o|admi\w*|develop\w*|onset|sudden\w*|deteriorat\w*|never|untreated|saddle|numb\w*"
    r"|incontinen\w*|retention|weak\w*|fever\w*|seps\w+|septic|minutes?|hours?|hrs?|days?|weeks?|wks?|months?)\b"
    r"|\b\d{1,2}/(?:7|12|24|52)\b|\b\d+ ?[dhw]\b",
    re.IGNORECASE,
)


def find_named(text: str, thing: re.Pattern[str]) -> str:
    """Return the sentence of a text that names a thing without denying it, "" where none does."""
    return next((sentence for sentence in _sentences(text) if any(_find_hits(sentence, thing))), "")


def find_present(text: str, thing: re.Pattern[str], year: int) -> str:
    """Return the sentence of a text that names a thing neither denied nor as history, "" where none does.

    Of history is what is called so, or stands with a year two years or more before this year.
    """
    return next((sentence for sentence in _sentences(text) if _names_now(sentence, thing, year)), "")


def _sentences(text: str) -> Iterator[str]:
    return (part.strip() for part in _ENDS.split(text) if part.strip())


def _find_hits(sentence: str, thing: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """Yield where a sentence names a thing without denying it."""
    hit = thing.search(sentence)
    while hit:
        if not _is_denied(sentence, hit):
            yield hit
        hit = thing.search(sentence, hit.end())


def _names_now(sentence: str, thing: re.Pattern[str], year: int) -> bool:
    if not any(_find_hits(sentence, thing)):
        return False
    years = [int(given) for given in _YEAR.findall(sentence)]
    if _NOW.search(sentence) or any(given > year - YEARS_AGO for given in years):
        return True
    return not all(_is_past(sentence, hit, has_year=bool(years)) for hit in _find_hits(sentence, thing))


def _is_past(sentence: str, hit: re.Match[str], *, has_year: bool) -> bool:
    called_so = _ONCE.search(sentence[: hit.start()])
    return bool(called_so or (has_year and _OVER.match(sentence, hit.end())))


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
    within = _GOES_ON.match(sentence, hit.end()) and not _DOUBT.search(sentence, hit.end())
    return bool(listed or within) and not _TURNS.search(between)
