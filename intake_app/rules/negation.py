"""Whether free words name a thing, say that it is not there, or tell it as history.

"No cord or cauda equina compression" names nothing, "history of cauda equina syndrome 2019" nothing of now. Read
narrowly: what is not plainly denied counts as named, and what is not plainly past as of now: the more urgent readings.
A denial is plain where it stands close to the thing, without a word of doubt, and is about nothing else. Advice on a
thing, "CES leaflet given", names it as little, unless anything else in the sentence says that it may be there.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import zip_longest

# How text is laid out. Hyphens of word processors and hard spaces become those of the keyboard.
_HYPHENS = str.maketrans({"\u2010": "-", "\u2011": "-", "\u2212": "-", "\u2019": "'"})
_BLANKS = re.compile(r"[^\S\n]{2,}|[^\S\n ]")
# A line that ends like this goes on in the next one; a line that begins small or all in capitals may do so.
_GOING_ON = ("no", "nor", "or", "and", "of", "the", "a", "an", "any", "with", "without", "for", "to", "in", "at", "by")
_UNFINISHED = re.compile(
    r"\n(?=\w)(?:(?<=,\n)|" + "|".join(rf"(?<=\b{word}\n)" for word in _GOING_ON) + ")", re.IGNORECASE
)
_WRAPPED = re.compile(r"\n(?=[a-z]|[A-Z]{2})")
# So may a title, Every Word with a Capital; there only what stands on both lines is read, without a stop between.
_SEAM = "\v"
_TITLE = re.compile(r"\b([A-Z][A-Za-z]+)\n(?=[A-Z][a-z])")
_ACROSS = re.compile(rf"[^{_SEAM},:;]*{_SEAM}[^,:;]*")
_OPEN = r"(?:can't|cannot|not|neither|never|to|must|needs?)\b[^.,;]{0,30}\b(?:exclud|rul(?:e|ed|ing) out)"
# A turn such as "but" begins another sentence, unless it takes this one back: no CES, but it cannot be excluded.
_ENDS = re.compile(
    r"(?<=[.;!?])\s+|\n|\u2022|\b(?:but|however|although|though|except)\b"
    rf"(?!,? (?:(?:it|this|that|can|has|is|was) )*{_OPEN})",
    re.IGNORECASE,
)

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
    r"|spinal|spine|cervical|thoracic|lumbar|sacral|vertebral|incomplete|infective|pyogenic|bacterial"
    r"|post[ -]?op\w*)"
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
REACH = 200  # characters to either side of a thing within which words say something of it: more than any list takes
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
_SIGNALS = r"red flags?|warning|signs?|symptoms?"
_SEEN = r"(?:seen|present|suspected|confirmed|shown|found|evident|identified|demonstrated|compressed|involved)"
_LOOKED = (
    r"(?: (?:clinically|radiologically|currently|today|at present|at this time|on examination"
    r"|(?:on|by|with) (?:(?:the|an?|this|today's|urgent|emergency|whole|spine|lumbar) )*(?:mri|ct|scan|imaging|x-ray)s?"
    r"(?: scan)?))"
)
_DENIED_AFTER = re.compile(
    rf"(?: (?:{_SIGNALS}|screen(?:ing)?))*(?:\s*:?\s*"
    r"(?:(?:is|are|was|were|has|have|been|now|already|clinically|radiologically|definitively) )*"
    rf"(?:{_NOT} {_SEEN}|excluded|ruled out|absent|denied|negative|normal|unremarkable|intact)\b"
    rf"{_LOOKED}?\s*(?:$|[.!,;)])"
    r"|\s*[:=-]*\s*(?:no|none|nil|neg|negative|-ve|absent|excluded)\W*$)",
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
    rf"(?=\?|\b(?:yes|positive|needs?|await\w*|pending)\b|\+ve|\b{_OPEN})",
    re.IGNORECASE,
)
_CLAUSE = r"(?:(?!\bor\b)[^.,;])*"
# A denial before the thing is of another day, or but half, with one of these in the same clause: no CES on last MRI.
_NOT_NOW = re.compile(
    rf"{_CLAUSE}\b(?:last|previous\w*|earlier|prior|initial\w*|first|until|till|before|ago|old"
    r"|remains?|possible|probable|likely)\b",
    re.IGNORECASE,
)
# So it is with a day, a month or a year, where a sign or a change follows: no CES in March, incontinent since Monday.
_DATED = re.compile(
    rf"{_CLAUSE}\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|april|june|july|august|september"
    r"|october|november|december|(?:in|since|on|of|early|late|mid|\d{1,2}) (?:march|may)"
    r"|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}"
    r"|(?:19|20)\d\d|(?-i:Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec|Mon|Tues?|Wed|Thurs?|Fri|Sat|Sun))\b",
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
    r"|.*\b(?:decompress\w*|operat\w*|surgery|laminectomy|discectomy|treated|resolved|recovered|healed|removed|evacuat\w*)\b",
    re.IGNORECASE,
)
RECENT = 8  # texts and sentences remembered: no patient's words are kept for long
YEARS_AGO = 2  # calendar years: over for twelve months at least, a design choice
# What the patient feels or shows, and that it is new or goes on.
_FELT = (
    r"saddle|numb\w*|bilateral|bladder|bowels?|urin\w*|perianal|sphincter|catheter\w*|incontinen\w*|retention|weak\w*"
    r"|(?<!csf )(?<!dural )leak\w*|soil(?:ed|s|ing)|dribbl\w*|stools?|fa?ec(?:al|es)|\w*drop(?:s|ped|ping)?"
    r"|(?:g[ai]ve|gives|giving) way|fever\w*|febrile|pyrexi\w*|temp|temperature|rigor\w*|crp|esr|wcc|wbc|seps\w+|septic"
)
_CHANGED = (
    r"now|new|newly|acute|acutely|current\w*|again|recent\w*|re-?curr\w*|wors\w*|progress\w*|since|ongoing|on-going"
    r"|persist\w*|still|active\w*|emergen\w*|urgent\w*|ambulance|present\w*|complain\w*|c/o|admi\w*|develop\w*|onset"
    r"|sudden\w*|deteriorat\w*|never|untreated|same|return\w*|back with|relaps\w*|flar\w*|increas\w*|unable|can't"
)
_SINCE_THEN = re.compile(rf"\b(?:{_FELT}|now|new|newly|wors\w*|today|unable|can't|cannot)\b", re.IGNORECASE)
# With one of these words, or one of a short time, nothing is history.
_NOW = re.compile(
    rf"\b(?:{_FELT}|{_CHANGED}|today|tonight|yesterday|(?:this|last|since) (?:morning|night)"
    r"|minutes?|hours?|hrs?|days?|weeks?|wks?|months?)\b"
    r"|\b\d{1,2}/(?:7|12|24|52)\b|\b\d+ ?[dhw]\b",
    re.IGNORECASE,
)

# Advice in plain forms: a CES leaflet given, warned about cauda equina symptoms. It names nothing.
_SAFETY_NET = r"safety[ -]?net(?:s|ting|ted)?"
_PATIENT = r"(?:(?:the )?(?:patient|pt)|her|him|them|she|he)"
_ADVISED_AFTER = re.compile(
    rf"(?: syndrome)?(?:(?: (?:{_SIGNALS}))*"
    rf" (?:{_SAFETY_NET}|advice|cards?|leaflets?|booklets?|information|screen(?:ed|ing)?)"
    r"| (?:red flags?|warning (?:signs?|symptoms?)) (?:(?:were|have been) )?(?:explained|discussed|given))\b"
    rf"(?! (?:from|by|sought|needed|required|requested|with (?!{_PATIENT}\b)))",
    re.IGNORECASE,
)
_ADVISED_BEFORE = re.compile(
    r"\b(?:(?:(?:warned|counsell?ed|educated"
    rf"|(?:{_SAFETY_NET}|leaflets?|cards?|booklets?)(?: advice| information)?(?: given| provided)?)(?: {_PATIENT})?"
    rf"|screened) (?:about|regarding|re:?|of|for|on)|(?:told|advised|asked|reminded) (?:{_PATIENT} )?to (?:watch|look)"
    rf"(?: out)? for|{_PATIENT} (?:(?:is|was|made|fully|well) )*aware of (?:the )?(?:{_SIGNALS}|risks?))"
    rf" (?:(?:the|any|risks?|and|or|of|for|{_SIGNALS}) )*$",
    re.IGNORECASE,
)
# Advice what to do if it should come tells nothing of now. With one of the other words it counts all the same.
_IF_EVER = re.compile(r"\b(?:return|attend|present|come back|go|call|ring|seek)\b[^.,;:]*\bif\b.*", re.IGNORECASE)
_THERE = re.compile(
    rf"{_DOUBT.pattern}|\b(?:{_FELT}|{_CHANGED}|tonight|unsure|unclear|positive|confirm\w*|shows?|shown|seen|found"
    r"|on (?:the )?(?:mri|ct|scan|imaging)|diagnos\w*|compress\w*|abnormal|reduced|loss|lost|absent|altered|tone"
    r"|sensation|tingl\w*|an?aesthesia|sexual\w*|erect\w*|both legs|fail\w*|surg\w*|operat\w*|theatre|transfer\w*"
    r"|on[ -]?call|a&e|already|reports?|describ\w*|feels?|experienc\w*|(?:has|have|had)(?! been))\b|\+ve",
    re.IGNORECASE,
)


def find_named(text: str, thing: re.Pattern[str]) -> str:
    """Return the sentence of a text that names a thing without denying it, "" where none does."""
    sentences = (sentence for reading in _read(text) for sentence in reading)
    return next((hit.string for sentence in sentences for hit in _find_hits(sentence, thing)), "")


def find_present(text: str, thing: re.Pattern[str], year: int) -> str:
    """Return the sentence of a text that names a thing neither denied nor as history, "" where none does.

    Of history is what is called so, or stands with a year two years or more before this year; a word of now in the
    sentence itself or in the next one makes it of now.
    """
    pairs = (pair for reading in _read(text) for pair in zip_longest(reading, reading[1:], fillvalue=""))
    read = ((list(_find_hits(sentence, thing)), then) for sentence, then in pairs)
    return next((hits[0].string for hits, then in read if hits and not _are_history(hits, then, year)), "")


@lru_cache(RECENT)  # one text is read for one condition after the other
def _read(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the sentences of a text as its lines go on in each other, where they may; then as the lines stand."""
    lines = _BLANKS.sub(" ", text.translate(_HYPHENS))
    if "\n" in lines:
        lines = _UNFINISHED.sub(" ", lines.replace(" \n", "\n").replace("\n ", "\n"))
    joined = _WRAPPED.sub(" ", lines)
    titles = _TITLE.sub(rf"\1{_SEAM}", joined)
    return tuple(_split(reading) for reading in dict.fromkeys((joined, lines, titles)))


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _ENDS.split(text) if part.strip())


def _find_hits(sentence: str, thing: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """Yield where a sentence names a thing without denying it; a denied one swallows none that ends elsewhere."""
    denied = None
    for hit in _search(sentence, thing):
        if hit.end() == denied:
            continue
        if _is_denied(hit) or _is_advice(hit):
            denied = hit.end()
        else:
            yield hit


def _search(sentence: str, thing: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """Yield every place where a sentence names a thing, those within others too; over a seam, only those across it."""
    words = sentence.replace(_SEAM, " ")
    hit = thing.search(words)
    while hit:
        if _SEAM not in sentence or _ACROSS.fullmatch(sentence, *hit.span()):
            yield hit
        hit = thing.search(words, hit.start() + 1)


def _are_history(hits: list[re.Match[str]], then: str, year: int) -> bool:
    sentence = hits[0].string
    years = [int(given) for given in _YEAR.findall(sentence)]
    if not all(_is_past(hit, has_year=bool(years)) for hit in hits):
        return False
    is_lately = any(given > year - YEARS_AGO for given in years)
    return not (is_lately or _DOUBT.search(sentence) or _NOW.search(sentence) or _NOW.search(then))


def _is_past(hit: re.Match[str], *, has_year: bool) -> bool:
    called_so = _ONCE.search(hit.string, _reach_back(hit), hit.start())
    return bool(called_so or (has_year and _OVER.match(hit.string, hit.end(), hit.end() + REACH)))


def _is_denied(hit: re.Match[str]) -> bool:
    if _is_taken_back(hit):
        return False
    return bool(_INSIDE.search(hit[0]) or _DENIED_AFTER.match(hit.string, hit.end())) or _is_denied_before(hit)


def _is_advice(hit: re.Match[str]) -> bool:
    """Tell whether a thing is only what a patient was warned of, and nothing else in the sentence says it is there."""
    sentence, (start, end) = hit.string, hit.span()
    if not (_ADVISED_AFTER.match(sentence, end) or _ADVISED_BEFORE.search(sentence, _reach_back(hit), start)):
        return False
    return not (_is_taken_back(hit) or _tells_more(sentence))


@lru_cache(RECENT)
def _tells_more(sentence: str) -> bool:
    return bool(_THERE.search(_IF_EVER.sub("", sentence)))


def _is_taken_back(hit: re.Match[str]) -> bool:
    last = _find_taken_back(hit.string)
    return last is not None and last >= hit.end()


@lru_cache(RECENT)  # once for all that a sentence names
def _find_taken_back(sentence: str) -> int | None:
    """Return where the last word of a sentence stands that takes back a denial before it, None without one."""
    *_, last = (None, *(word.start() for word in _TAKEN_BACK.finditer(sentence)))
    return last


def _is_denied_before(hit: re.Match[str]) -> bool:
    """Tell whether a sure denial before the thing reaches it: at once, or over a list that ends with "or"."""
    sentence, start, end = hit.string, _reach_back(hit), hit.end() + REACH
    denials = list(_DENIAL.finditer(sentence, start, hit.start()))
    if not denials or _is_of_another_day(hit):
        return False
    if _UNSURE.search(re.split("[,:]", sentence[start : denials[-1].start()])[-1]):
        return False
    between = sentence[denials[-1].end() : hit.start()]
    last = between.rpartition(",")[2]
    listed = "," not in between or bool(_LIST.search(last))  # no stenosis, hernia or cauda equina compression
    within = _GOES_ON.match(sentence, hit.end(), end) and not _DOUBT.search(sentence, hit.end(), end)
    *_, close = _LIST.split(last)
    plain = _PLAIN.fullmatch(close) and not _TURNS.search(between.removesuffix(close))
    return bool(plain and (listed or within))


def _is_of_another_day(hit: re.Match[str]) -> bool:
    sentence, end = hit.string, hit.end() + REACH
    dated = _DATED.match(sentence, hit.end(), end)
    return bool(_NOT_NOW.match(sentence, hit.end(), end) or (dated and _SINCE_THEN.search(sentence, dated.end(), end)))


def _reach_back(hit: re.Match[str]) -> int:
    return max(hit.start() - REACH, 0)
