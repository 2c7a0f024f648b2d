"""Whether free words name a thing, say that it is not there, or tell it as history.

"No cord or cauda equina compression" names nothing, "history of cauda equina syndrome 2019" nothing of now. Read
narrowly: what is not plainly denied counts as named, and what is not plainly past as of now: the more urgent readings.
A denial is plain where it stands close to the thing, without a word of doubt, and is about nothing else.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

# How text is laid out. Hyphens of word processors and hard spaces become those of the keyboard.
_HYPHENS = str.maketrans({"\u2010": "-", "\u2011": "-", "\u2212": "-", "\u2019": "'"})
_BLANKS = re.compile(r"[^\S\n]{2,}|[^\S\n ]")
# A line that ends like this goes on in the next one; a line that begins small or all in capitals may do so.
_GOING_ON = ("no", "nor", "or", "and", "of", "the", "a", "an", "any", "with", "without", "for", "to", "in", "at", "by")
_UNFINISHED = re.compile(
    r"\n(?=\w)(?:(?<=,\n)|" + "|".join(rf"(?<=\b{word}\n)" for word in _GOING_ON) + ")", re.IGNORECASE
)
_WRAPPED = re.compile(r"\n(?=[a-z]|[A-Z]{2})")
_ENDS = re.compile(r"(?<=[.;!?])\s+|\n|\u2022|\b(?:but|however|although|though|except)\b", re.IGNORECASE)

_NOT = r"(?:not|\w+n't)"
# Denials before the thing. "Not" alone denies only what follows at once, or as one of these verbs.
_DENIAL = re.compile(
    r"\b(?:no|nil|without|nor|neither|free of|absence of|denies|denied|(?:negative|neg) for)\b|-ve for\b"
    rf"|\b{_NOT} (?:(?:consistent|compatible|in keeping) with\b|(?:suggestive|indicative|diagnostic) of\b"
    r"|(?:have|show|demonstrate|suggest|indicate|confirm)\b|(?:an? |any |the |acute )?$)",
    re.IGNORECASE,
)
# What may stand between a denial and the thing: of what kind it is, and what would be a sign of it. All else, such as
# "no doubt", "no change in", "no fever with" or "no significant", is about something else or denies but half.
_KIND = (
    r"(?:any|an?|the|acute|current\w*|known|previous|prior|past|clinical|radiological|radiographic|mri|ct|imaging"
    r"|spinal|spine|cervical|thoracic|lumbar|sacral|vertebral|incomplete|infective|pyogenic|bacterial)"
)
_SIGN = (
    r"(?:red|flags?|signs?|symptoms?|features?|findings?|evidence|history|hx|suspicion|suggestion|indication|concern"
    r"|compress\w+|displacement|crowding|impingement|abnormality|involvement|bladder|bowel|urinary|sphincter"
    r"|dysfunction|disturbance)"
)
_POINTS_TO = (
    r"(?:of|for|on (?:mri|ct|imaging) of|to (?:suggest|indicate)|suggesting|suggestive of|indicating|indicative of"
    r"|consistent with|in keeping with|concerning for)"
)
_PLAIN = re.compile(rf" *(?:(?:{_KIND} |{_SIGN} )*{_SIGN} {_POINTS_TO} )?(?:{_KIND} )*", re.IGNORECASE)
# What ends the reach of a denial over a list of things.
_TURNS = re.compile(
    r"[:;?.+&*>|\u2013\u2014]|\s[-/]|[-/]\s|\band\b(?!/or)"
    r"|\b(?:because|due|from|since|after|despite|exclude|excluded|excludes|yet|now|causing|caused|with|improvement"
    r"|change|doubt|response|antibiotics|treatment|deficit|weakness|has|have|shows?|is|are|was|were)\b",
    re.IGNORECASE,
)
_LIST = re.compile(r"(?:^|\s|,|\band/)(?:or|nor)\b|(?<=\w)/(?! )", re.IGNORECASE)
# A list goes on behind the thing: no fracture, discitis, osteomyelitis or epidural abscess.
_GOES_ON = re.compile(r"(?:,\s*[a-z]+(?:[ -][a-z]+){0,2})*,?\s*\b(?:or|nor)\b", re.IGNORECASE)

# Denials behind the thing: they end its clause, or only say how it was looked for. "Unlikely" denies but half.
_SEEN = r"(?:seen|present|suspected|confirmed|shown|found|evident|identified|demonstrated|compressed|involved)"
_LOOKED = (
    r"(?: (?:clinically|radiologically|currently|today|at present|at this time|on examination"
    r"|(?:on|by|with) (?:(?:the|an?|this|today's|urgent|emergency|whole|spine|lumbar) )*(?:mri|ct|scan|imaging|x-ray)s?"
    r"(?: scan)?))"
)
_DENIED_AFTER = re.compile(
    r"(?: signs?| symptoms?)?\s*:?\s*"
    r"(?:(?:is|are|was|were|has|have|been|now|already|clinically|radiologically|definitively) )*"
    rf"(?:{_NOT} {_SEEN}|excluded|ruled out|absent|denied|negative|normal|unremarkable|intact)\b"
    rf"{_LOOKED}?\s*(?:$|[.!,;)])"
    r"|\s*[:=-]*\s*(?:no|none|nil|neg|negative|-ve|absent|excluded)\W*$",
    re.IGNORECASE,
)
# A denial inside the words that name the thing: cauda equina is not compressed.
_INSIDE = re.compile(
    r"\b(?:not|no|without)\W+(?:(?:\w+ly|an?|any|current|evidence of|signs? of)\W+)*"
    r"(?:compress|unstable|patholog|fra?c|fx|#|collapse|cord|spinal|cauda|syndrom|lesion|impinge|infect)",
    re.IGNORECASE,
)
_DOUBT = re.compile(
    r"\?|\b(?:suspect\w*|possibl\w*|probabl\w*|likely|query|queried|r/o|rule|exclud\w*|concern\w*|cannot|not)\b",
    re.IGNORECASE,
)
# With one of these before it in its clause a denial is not meant, or not sure: not without, cannot say there is no.
_UNSURE = re.compile(
    rf"{_DOUBT.pattern}|\b(?:unlikely|unable|unsure|uncertain|unclear|doubt\w*|if|unless|whether|never|\w+n't)\b",
    re.IGNORECASE,
)
# And with one of these behind the thing it is taken back: no abscess or discitis, neither can be excluded; fever no,
# discitis yes.
_TAKEN_BACK = re.compile(
    r"\?|\b(?:yes|positive|needs?|await\w*|pending)\b|\+ve"
    r"|\b(?:can't|cannot|not|neither|never|to|must|needs?)\b[^.,;]{0,30}\b(?:exclud|rul(?:e|ed|ing) out)",
    re.IGNORECASE,
)
# A denial before the thing is of another day, or but half, with one of these in the same clause: no CES on last MRI.
_NOT_NOW = re.compile(
    r"(?:(?!\bor\b)[^.,;])*\b(?:last|previous\w*|earlier|prior|initial\w*|first|until|till|before|ago|old"
    r"|remains?|possible|probable|likely)\b",
    re.IGNORECASE,
)

# What stands before a thing of the past; between the two only where and of what kind it was.
_ONCE = re.compile(
    r"\b(?:history of|hx(?: of)?|h/o|previous|prior|past|former|status[ -]post|s/p) +"
    r"(?:(?:an?|the|incomplete|complete|cervical|thoracic|lumbar|spinal|vertebral|metastatic|malignant"
    r"|[CTLS]\d[\w/-]*) +)*$",
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
# Words of now, of short times and of what the patient feels or shows: with one of them nothing is history.
_NOW = re.compile(
    r"\b(?:now|new|newly|acute|acutely|current\w*|today|tonight|yesterday|again|recent\w*|re-?curr\w*"
    r"|wors\w*|progress\w*|since|ongoing|on-going|persist\w*|still|active\w*|emergen\w*|urgent\w*|present\w*"
    r"|complain\w*|c/o|admi\w*|develop\w*|onset|sudden\w*|deteriorat\w*|never|untreated|saddle|numb\w*|same|return\w*"
    r"|back with|relaps\w*|flar\w*|increas\w*|unable|can't|bilateral|bladder|bowels?|urin\w*|perianal|sphincter"
    r"|catheter\w*|incontinen\w*|retention|weak\w*|fever\w*|febrile|pyrexi\w*|temp|temperature|rigor\w*|crp|esr|wcc|wbc|seps\w+"
    r"|septic|minutes?|hours?|hrs?|days?|weeks?|wks?|months?)\b"
    r"|\b\d{1,2}/(?:7|12|24|52)\b|\b\d+ ?[dhw]\b",
    re.IGNORECASE,
)


def find_named(text: str, thing: re.Pattern[str]) -> str:
    """Return the sentence of a text that names a thing without denying it, "" where none does."""
    sentences = (sentence for reading in _read(text) for sentence in reading)
    return next((sentence for sentence in sentences if any(_find_hits(sentence, thing))), "")


def find_present(text: str, thing: re.Pattern[str], year: int) -> str:
    """Return the sentence of a text that names a thing neither denied nor as history, "" where none does.

    Of history is what is called so, or stands with a year two years or more before this year; a word of now in the
    sentence itself or in the next one makes it of now.
    """
    pairs = (pair for reading in _read(text) for pair in zip(reading, (*reading[1:], ""), strict=True))
    return next((sentence for sentence, then in pairs if _names_now(sentence, then, thing, year)), "")


@lru_cache(maxsize=8)  # one text is read for one condition after the other; no patient's words are kept for long
def _read(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the sentences of a text as its lines go on in each other, where they may; then as the lines stand."""
    lines = _BLANKS.sub(" ", text.translate(_HYPHENS))
    if "\n" in lines:
        lines = _UNFINISHED.sub(" ", lines.replace(" \n", "\n").replace("\n ", "\n"))
        if (joined := _WRAPPED.sub(" ", lines)) != lines:
            return _split(joined), _split(lines)
    return (_split(lines),)


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _ENDS.split(text) if part.strip())


def _find_hits(sentence: str, thing: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """Yield where a sentence names a thing without denying it; a denied one swallows none that ends elsewhere."""
    hit, denied = thing.search(sentence), None
    while hit:
        if denied is None or hit.end() != denied.end():
            if _is_denied(sentence, hit):
                denied = hit
            else:
                yield hit
        hit = thing.search(sentence, hit.start() + 1)


def _names_now(sentence: str, then: str, thing: re.Pattern[str], year: int) -> bool:
    hits = list(_find_hits(sentence, thing))
    years = [int(given) for given in _YEAR.findall(sentence)]
    is_past = all(_is_past(sentence, hit, has_year=bool(years)) for hit in hits)
    if not hits or not is_past:
        return bool(hits)
    is_lately = any(given > year - YEARS_AGO for given in years)
    return bool(is_lately or _DOUBT.search(sentence) or _NOW.search(sentence) or _NOW.search(then))


def _is_past(sentence: str, hit: re.Match[str], *, has_year: bool) -> bool:
    called_so = _ONCE.search(sentence[: hit.start()])
    return bool(called_so or (has_year and _OVER.match(sentence, hit.end())))


def _is_denied(sentence: str, hit: re.Match[str]) -> bool:
    if _TAKEN_BACK.search(sentence, hit.end()):
        return False
    return bool(_INSIDE.search(hit[0]) or _DENIED_AFTER.match(sentence, hit.end())) or _is_denied_before(sentence, hit)


def _is_denied_before(sentence: str, hit: re.Match[str]) -> bool:
    """Tell whether a sure denial before the thing reaches it: at once, or over a list that ends with "or"."""
    before = sentence[: hit.start()]
    denials = list(_DENIAL.finditer(before))
    if not denials or _NOT_NOW.match(sentence, hit.end()):
        return False
    if _UNSURE.search(re.split("[,:]", before[: denials[-1].start()])[-1]):
        return False
    between = before[denials[-1].end() :]
    last = between.rpartition(",")[2]
    listed = "," not in between or bool(_LIST.search(last))  # no stenosis, hernia or cauda equina compression
    within = _GOES_ON.match(sentence, hit.end()) and not _DOUBT.search(sentence, hit.end())
    *_, close = _LIST.split(last)
    plain = _PLAIN.fullmatch(close) and not _TURNS.search(between.removesuffix(close))
    return bool(plain and (listed or within))
