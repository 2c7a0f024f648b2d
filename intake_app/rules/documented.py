"""Where a document or a report names a condition: read from what was copied, never concluded from symptoms."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from intake_app.factors import Entry, Reader
from intake_app.questions import Answer
from intake_app.rules.negation import find_named, find_present
from intake_app.rules.phrases import list_words, quote, uncapital

Levels = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """What counts as naming a condition: beginnings of codes, options of the diagnosis, options of the report."""

    label: str
    codes: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()
    said: re.Pattern[str] | None = None  # how free words name it, where the words alone are enough
    besides: re.Pattern[str] | None = None  # what the same text must name too, if in another sentence
    history_apart: bool = False  # whether words that tell it as history are no sign of it now


@dataclass(frozen=True, slots=True)
class Mention:
    """One place that names a condition: the entry, and the words for a sentence."""

    entry: Entry
    words: str
    levels: Levels
    code: str


# The codes are those of ICD-10-CM [C]; M51.0 and M51.1 are the disc disorders offered with a herniation.
BACK_PAIN = Condition("Back pain", ("M54.4", "M54.5", "M54.6", "M54.9"), ("chronic_back_pain",))
HERNIATED_DISC = Condition(
    "Herniated disc",
    ("M50.0", "M50.1", "M50.2", "M51.0", "M51.1", "M51.2"),
    ("herniated_disc",),
    ("herniation",),
)
RADICULOPATHY = Condition(
    "Radiculopathy or sciatica", ("M47.2", "M50.1", "M51.1", "M54.1", "M54.3", "M54.4"), ("radiculopathy",)
)
STENOSIS = Condition(
    "Spinal stenosis",
    ("M48.0",),
    ("spinal_stenosis",),
    ("central_stenosis", "lateral_stenosis", "foraminal_stenosis"),
)
SPONDYLOLISTHESIS = Condition("Spondylolisthesis", ("M43.1",), ("spondylolisthesis",), ("listhesis",))
SCOLIOSIS = Condition("Scoliosis", ("M41.",), ("scoliosis",), ("scoliosis",))
DEGENERATIVE_DISC = Condition(
    "Degenerative disc disease", ("M50.3", "M51.3"), ("degenerative_disc",), ("disc_degeneration",)
)
INSTABILITY = Condition("Instability", ("M53.2",))

NOTES = ("referral_question", "urgency_reason", "examination_note")  # what clinicians write besides
REMARKS = ("conditions_note",)  # where the desk names illnesses
NOTHING_FOUND = (("normal",), ("hardware",))  # reports whose levels say where was looked, not what was found

# Where the codes of M43 to M54 say the region: the fifth character [C]. Thoracolumbar (5) is left to the levels.
REGION_OF_SITE = {
    **dict.fromkeys("123", "cervical"),
    "4": "thoracic",
    **dict.fromkeys("678", "lumbar"),
}
REGION_OF_CODE = {"M50.": "cervical", "M54.3": "lumbar", "M54.4": "lumbar", "M54.5": "lumbar"}
REGION_OF_VERTEBRA = {"C": "cervical", "T": "thoracic", "L": "lumbar", "S": "lumbar"}
REGION_WORDS = {
    "cervical": re.compile(r"cervical|cervico|\bneck\b|\bc[1-7]\s*[-/\u2013]\s*[ct]?\d"),
    "thoracic": re.compile(r"thoracic|\bchest\b|\bt\d{1,2}\s*[-/\u2013]\s*[tl]?\d"),
    "lumbar": re.compile(r"lumb|\blow(er)? back\b|sciatic|\bl[1-5]\s*[-/\u2013]\s*[ls]?\d"),
}


def mentions(a: Reader, condition: Condition) -> tuple[Mention, ...]:
    """Return where documents and reports name a condition; what only the patient says does not count."""
    return (*in_diagnoses(a, condition), *in_imaging(a, condition))


def in_diagnoses(a: Reader, condition: Condition) -> Iterator[Mention]:
    """Yield the documented diagnoses that name a condition; one without its source is still to be assessed."""
    for entry in a.entries("diagnoses") or ():
        if _names(entry, condition) and entry["said_by"] not in ("patient", None):
            yield Mention(entry, _diagnosis(entry), entry.peek("levels") or (), entry.peek("code") or "")


def in_imaging(a: Reader, condition: Condition) -> Iterator[Mention]:
    """Yield the imaging reports that name a condition, as an option or in the words copied from them."""
    if not condition.shows and not condition.said:
        return
    for entry in a.entries("imaging") or ():
        shown = [one for one in read_shown(entry) if one in condition.shows]
        copied = "" if shown else _said_in(entry, condition)
        if shown or copied:
            yield Mention(entry, _study(entry, shown, copied), entry.peek("levels") or (), "")


def in_notes(a: Reader, condition: Condition, names: tuple[str, ...] = NOTES) -> Iterator[str]:
    """Yield what notes and results of tests say of a condition, in words; their absence changes nothing."""
    for label, text in _notes(a, names):
        if words := _find(condition, text, a.as_of):
            yield f"{label} {quote(words)}"


def _notes(a: Reader, names: tuple[str, ...]) -> Iterator[tuple[str, Answer]]:
    """Yield the notes and the results of tests other than imaging, each with what it is called."""
    yield from ((uncapital(a.label(name)), a.peek(name)) for name in names)
    for entry in (a.entries("tests") or ()) if a.peek("tests") else ():
        yield entry.words("name") or "test", entry.peek("result")


def places(a: Reader, condition: Condition, remarks: tuple[str, ...] = ()) -> list[str]:
    """Return where anybody names a condition, in words: diagnoses whoever says so, reports, notes and remarks."""
    diagnoses = [_diagnosis(entry) for entry in _naming(a, condition)]
    reports = [mention.words for mention in in_imaging(a, condition)]
    return [*diagnoses, *reports, *in_notes(a, condition, (*NOTES, *remarks))]


def in_history(a: Reader, condition: Condition) -> Iterator[str]:
    """Yield where documents, reports and notes tell a condition as history and not otherwise, in words."""
    for entry in a.entries("diagnoses") or ():
        if _past_in(entry, condition) and not _is_coded(entry, condition):
            yield _diagnosis(entry)
    for entry in a.entries("imaging") or ():
        copied = _past_in(entry, condition)
        if copied and not _said_in(entry, condition) and not set(read_shown(entry)) & {*condition.shows}:
            yield _study(entry, [], copied)
    for label, text in _notes(a, NOTES):
        if words := _find_past(condition, text, a.as_of):
            yield f"{label} {quote(words)}"


def read_shown(entry: Entry) -> tuple[str, ...]:
    """Return what a report names; a bone density names none of it and is not asked for it."""
    return (entry.peek("shows") if entry.peek("modality") == "dxa" else entry["shows"]) or ()


def telling_studies(a: Reader) -> list[Entry]:
    """Return the studies whose levels can be those of the complaint: not bone density, normal reports or hardware."""
    return [
        entry
        for entry in a.entries("imaging") or ()
        if entry.peek("modality") != "dxa" and entry.peek("shows") not in NOTHING_FOUND
    ]


def named_by(a: Reader, condition: Condition) -> set[str | None]:
    """Return who names a condition among the diagnoses, "patient" too; None where nobody has recorded who says so."""
    return {entry["said_by"] for entry in _naming(a, condition)}


def names_any(a: Reader, condition: Condition) -> bool:
    """Tell whether anybody names a condition, whoever says so; a blank list changes nothing."""
    diagnoses, studies = (() if a.peek(name) is None else a.entries(name) or () for name in ("diagnoses", "imaging"))
    shown = any(one in condition.shows for entry in studies for one in entry.peek("shows") or ())
    return shown or any(_names(entry, condition) for entry in diagnoses)


def regions_named(a: Reader) -> frozenset[str]:
    """Return the parts of the spine that diagnoses and studies are about; a blank list changes nothing."""
    entries = [entry for name in ("diagnoses", "imaging") if a.peek(name) for entry in a.entries(name) or ()]
    return frozenset(
        region for entry in entries for region in regions(Mention(entry, "", entry.peek("levels") or (), _code(entry)))
    )


def _code(entry: Entry) -> str:
    return "" if entry.path.startswith("imaging") else entry.peek("code") or ""


def regions(mention: Mention) -> frozenset[str]:
    """Return the parts of the spine that a mention is about; none where neither code, levels, study nor words tell."""
    told = (_of_code(mention.code), _of_levels(mention.levels), _of_entry(mention.entry))
    return next(filter(None, told), frozenset())


def _of_code(code: str) -> frozenset[str]:
    """Return the region of a code: that of its category, else that of its fifth character."""
    whole = next((region for start, region in REGION_OF_CODE.items() if code.startswith(start)), "")
    region = whole or REGION_OF_SITE.get(code.replace(".", "")[4:5], "")
    return frozenset((region,)) if region else frozenset()


def _of_levels(levels: Levels) -> frozenset[str]:
    return frozenset(REGION_OF_VERTEBRA[level[0]] for level in levels)


def _of_entry(entry: Entry) -> frozenset[str]:
    """Return the one region that a study pictures, or those that the words of a diagnosis name."""
    if entry.path.startswith("imaging"):
        pictured = frozenset(entry.peek("region") or ()) - {"hip"}
        return pictured if len(pictured) == 1 and pictured.issubset(REGION_WORDS) else frozenset()
    words = (entry.peek("words") or "").lower()
    return frozenset(region for region, pattern in REGION_WORDS.items() if pattern.search(words))


def region_in(words: str) -> str:
    """Return the one part of the spine that words name, "" where they name none or several."""
    named = [region for region, pattern in REGION_WORDS.items() if pattern.search(words.lower())]
    return named.pop() if len(named) == 1 else ""


def _naming(a: Reader, condition: Condition) -> list[Entry]:
    return [entry for entry in a.entries("diagnoses") or () if _names(entry, condition)]


def _names(entry: Entry, condition: Condition) -> bool:
    if _is_coded(entry, condition) or _said_in(entry, condition):
        return True
    named = entry.peek("condition") if entry.peek("code") else entry["condition"]
    return named in condition.named and not _past_in(entry, condition)  # the words say more than the option


def _is_coded(entry: Entry, condition: Condition) -> bool:
    return (entry.peek("code") or "").startswith(condition.codes)


def _diagnosis(entry: Entry) -> str:
    words = entry.peek("words")
    quoted = quote(words) or uncapital(entry.words("condition"))
    return list_words(
        (
            quoted,
            entry.words("code"),
            entry.words("levels"),
            entry.words("side").lower(),
            entry.words("said_by").lower(),
            entry.words("date"),
        )
    )


def _said_in(entry: Entry, condition: Condition) -> str:
    """Return the sentence of a diagnosis or report that names a condition without denying it, "" for none."""
    return next(filter(None, (_find(condition, words, entry.as_of) for words in _words(entry))), "")


def _past_in(entry: Entry, condition: Condition) -> str:
    """Return the sentence of a diagnosis or report that tells a condition as history, "" where none does."""
    return next(filter(None, (_find_past(condition, words, entry.as_of) for words in _words(entry))), "")


def _words(entry: Entry) -> tuple[Answer, ...]:
    names = ("finding", "severity") if entry.path.startswith("imaging") else ("words",)
    return tuple(entry.peek(name) for name in names)


def _find(condition: Condition, words: Answer, day: date) -> str:
    """Return the sentence that names a condition; where history is told apart, one that names it as of now."""
    if not words or not condition.said:
        return ""
    if condition.history_apart:
        return _with_besides(condition, words, find_present(words, condition.said, day.year))
    return _with_besides(condition, words, find_named(words, condition.said))


def _find_past(condition: Condition, words: Answer, day: date) -> str:
    """Return the sentence that names a condition only as history, "" where one names it as of now."""
    if not words or not condition.said or not condition.history_apart:
        return ""
    told = _with_besides(condition, words, find_named(words, condition.said))
    return "" if not told or _find(condition, words, day) else told


def _with_besides(condition: Condition, words: str, sentence: str) -> str:
    """Return a sentence; where the text must name something else too, with the sentence of that, "" for none."""
    if not sentence or not condition.besides or find_named(sentence, condition.besides):
        return sentence
    other = find_named(words, condition.besides)
    return f"{other} {sentence}" if other else ""


def _study(entry: Entry, shown: list[str], copied: str) -> str:
    named = list_words((*(entry.option_text("shows", one).lower() for one in shown), quote(copied)))
    head = list_words((entry.words("modality") or "imaging", entry.words("date")))
    return f"{head}: {list_words((named, entry.words('levels'), entry.words('side').lower()))}"
