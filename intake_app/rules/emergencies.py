"""Conditions that must not wait for a code or a tick: free words alone name them. The more urgent reading."""

import re

from intake_app.rules.documented import Condition


def _near(*parts: str) -> str:
    """Return a pattern of words that follow each other with a few words between them, but no "and" or "or"."""
    return r"(?:\W+(?!and\b|or\b|nor\b)\w+){0,4}?\W+".join(parts)


def _compile(*ways: str) -> re.Pattern[str]:
    return re.compile("|".join(ways), re.IGNORECASE)


_CANCER = r"\b(?:metasta\w*|malignan\w*|tumou?rs?|neoplas\w*|cancer)"
_CORD = r"\b(?:spinal\W+)?cord"
_PRESSED = r"\bcompress\w*"
_ABSCESS = r"\b(?:abscess\w*|empyema\w*|phlegmon\w*)"
_SPACE = r"\b(?:epidural|extradural|intraspinal|spinal|paraspinal|paravertebral|psoas)"
_PARTS = r"\b(?:spin(?:e|al)|vertebra\w*|dis[ck]s?|epidural|facets?)"
_FRACTURE = r"\bfractur\w*"

CAUDA_EQUINA = Condition(
    "Cauda equina syndrome or compression",
    ("G83.4",),
    ("cauda_equina",),
    ("cauda_equina_compression",),
    _compile(
        r"cauda[ -]equina(?:\W+\w+){0,3}?\W+(?:syndrome|compress\w*|lesion)",
        r"compress\w*(?:\W+(?!and\b|or\b)\w+){0,4}?\W+cauda[ -]equina",
        r"cauda[ -]equina\W*(?:[LS]\d.*)?$",
        r"(?-i:\bCES(?:-?[IRS])?\b)",
    ),
    history_apart=True,
)
SPINAL_INFECTION = Condition(
    "Spinal infection",
    ("G06.1", "M46.2", "M46.3", "M46.4"),
    (),
    ("infection",),
    _compile(
        r"\b\w*dis[ck]itis\b",
        r"\bosteomyelitis\b",
        rf"{_SPACE}(?:[ -]\w+)?[ -]+{_ABSCESS}",
        rf"{_ABSCESS}(?: (?:of|in|within|the|an?|anterior|posterior|ventral|dorsal))+ {_SPACE}",
        r"\b(?:pyogenic|septic|bacterial|fungal|infecti\w+|tubercul\w+)\W+(?:spondylitis|arthritis of the facet)",
        rf"{_PARTS}(?:[ -](?:space|joint))?[ -]infection",
        rf"\binfection (?:of|in) (?:the |an? )?{_PARTS}",
        rf"\binfected {_PARTS}",
    ),
    history_apart=True,
)
CORD_COMPRESSION = Condition(
    "Spinal cord compression or myelopathy",
    ("G95.2", "G99.2", "M47.1", "M50.0", "M51.0"),
    ("myelopathy",),
    ("cord_compression",),
    _compile(_near(_CORD, _PRESSED), _near(_PRESSED, _CORD), r"\b\w*myelopath\w*", r"(?-i:\bMSCC\b)"),
)
METASTATIC_CORD_COMPRESSION = Condition(
    "Cord compression by a tumour",
    said=_compile(
        _near(_CANCER, _CORD, _PRESSED),
        _near(_CANCER, _PRESSED, _CORD),
        _near(_CORD, _PRESSED, _CANCER),
        _near(_PRESSED, _CORD, _CANCER),
        r"(?-i:\bMSCC\b)",
    ),
    history_apart=True,
)
UNSTABLE_FRACTURE = Condition(
    "Unstable fracture",
    said=_compile(_near(r"\bunstable", _FRACTURE), _near(_FRACTURE, r"\bunstable")),
    history_apart=True,
)
PATHOLOGICAL_FRACTURE = Condition(
    "Pathological fracture",
    said=_compile(_near(r"\bpatholog\w*", rf"(?:{_FRACTURE}|\bcollapse)"), _near(_FRACTURE, r"\bpatholog\w*")),
)

# Those that are an emergency when named as of now; told as history they ask for a clinician's look.
HISTORY_APART = (CAUDA_EQUINA, SPINAL_INFECTION, METASTATIC_CORD_COMPRESSION, UNSTABLE_FRACTURE)
