"""Where a document or a report names a condition: read from what was copied, never concluded from symptoms."""

from collections.abc import Iterator
from dataclasses import dataclass

from intake_app.factors import Entry, Reader
from intake_app.rules.phrases import list_words, quote, uncapital

Levels = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """What counts as naming a condition: beginnings of codes, options of the diagnosis, options of the report."""

    label: str
    codes: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()


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
# A report of a compressed cauda equina is common in stenosis and no syndrome: only a documented diagnosis counts.
CAUDA_EQUINA = Condition("Cauda equina syndrome", ("G83.4",), ("cauda_equina",))
SPINAL_INFECTION = Condition("Spinal infection", ("G06.1", "M46.2", "M46.3", "M46.4"), (), ("infection",))
CORD_COMPRESSION = Condition(
    "Spinal cord compression or myelopathy",
    ("G95.2", "G99.2", "M47.1", "M50.0", "M51.0"),
    ("myelopathy",),
    ("cord_compression",),
)


def mentions(a: Reader, condition: Condition) -> tuple[Mention, ...]:
    """Return where documents and reports name a condition; what only the patient says does not count."""
    return (*in_diagnoses(a, condition), *in_imaging(a, condition))


def in_diagnoses(a: Reader, condition: Condition) -> Iterator[Mention]:
    """Yield the documented diagnoses that name a condition."""
    for entry in a.entries("diagnoses") or ():
        if _names(entry, condition) and entry.peek("said_by") != "patient":
            yield Mention(entry, _diagnosis(entry), entry.peek("levels") or (), entry.peek("code") or "")


def in_imaging(a: Reader, condition: Condition) -> Iterator[Mention]:
    """Yield the imaging reports that name a condition."""
    if not condition.shows:
        return
    for entry in a.entries("imaging") or ():
        shown = [one for one in entry["shows"] or () if one in condition.shows]
        if shown:
            yield Mention(entry, _study(entry, shown), entry.peek("levels") or (), "")


def said_by_patient(a: Reader, condition: Condition) -> bool:
    """Tell whether the patient, and possibly nobody else, names a condition."""
    entries = a.entries("diagnoses") or ()
    return any(_names(entry, condition) and entry.peek("said_by") == "patient" for entry in entries)


def is_cervical(mention: Mention) -> bool:
    """Tell whether a mention is about the neck alone: by its code, else by its levels, else by the region."""
    if mention.code:
        return mention.code.startswith(("M50.", "M48.02", "M48.03", "M54.12", "M54.13", "M47.22", "M47.23"))
    if mention.levels:
        return all(level.startswith("C") for level in mention.levels)
    return mention.entry.path.startswith("imaging") and mention.entry.peek("region") == ("cervical",)


def _names(entry: Entry, condition: Condition) -> bool:
    code = entry.peek("code")
    if code and code.startswith(condition.codes or ("-",)):
        return True
    named = entry.peek("condition") if code else entry["condition"]
    return named in condition.named


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


def _study(entry: Entry, shown: list[str]) -> str:
    named = list_words(entry.option_text("shows", one).lower() for one in shown)
    head = list_words((entry.words("modality") or "imaging", entry.words("date")))
    return f"{head}: {list_words((named, entry.words('levels'), entry.words('side').lower()))}"
