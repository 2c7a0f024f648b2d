"""Conditions that must not wait for a code or a tick: free words alone name them. The more urgent reading."""

import re

from intake_app.rules.documented import Condition


def _near(*parts: str) -> str:
    """Return a pattern of words that follow each other with a few words between them, but no "and" or "or"."""
    return r"(?:\W+(?!and\b|or\b|nor\b)\w+){0,4}?\W+".join(parts)


def _compile(*ways: str) -> re.Pattern[str]:
    """Return a pattern of ways to name a thing; each begins where a word does."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(ways)})", re.IGNORECASE)


# The parts allow for the slips of a keyboard and of dictation: syndrom, cauda equine, abcess, fracure, discitus.
_CAUDA = r"c(?:au|or|ou|aw)dal?[ -]?[ea]qu\w{2,4}\b"
_SYNDROME = r"s[yi]nd?rom\w*"
_CANCER = (
    r"(?:metasta\w*|mets?|secondaries|(?:secondary|metastatic|bony?) (?:deposits?|disease|lesions?)|malignan\w*"
    r"|tumou?rs?|neoplas\w*|cancers?|\w*carcinoma\w*|\w*sarcoma\w*|myeloma\w*|plasm[ao]cytoma\w*|lymphoma\w*"
    r"|melanoma\w*|(?:breast|prostate|prostatic|lung|bronchial|renal|thyroid|bowel|colon) ca"
    r"|ca (?:of (?:the )?)?(?:breast|prostate|lung|bronchus|kidney|thyroid|bowel|colon))\b"
)
_CORD = r"(?:spinal\W+)?cord"
_PRESSED = r"compress\w*"
_ABSCESS = r"(?:abs?c{0,2}es+\w*|empyema\w*|phlegmon\w*)"
_SPACE = r"(?:epidural|extradural|intraspinal|spinal|paraspinal|paravertebral|psoas)"
_WHERE = r"(?:of|in|within|the|an?|anterior|posterior|ventral|dorsal|cervical|thoracic|lumbar|[CTLS]\d[\w/-]*)"
_PARTS = r"(?:spin(?:e|al)|vertebra\w*|dis[ck]s?|epidural|facets?)"
_INFECTED = r"(?:infect\w+|septic|pus|purulent|pyogenic)"
_FRACTURE = r"(?:fra?c\w*|fx\b|#)"
_COLLAPSE = r"collapse\w*"
# Words that show that the roots were pictured and found normal, not that they suffer; "normal power" is no such word.
_PICTURED = (
    r"(?:[^\w,;]+(?:nerve|is|are|both|appears?|looks?|seems?|demonstrates?|shows?|has|have|within|an?|of)\b)*[^\w,;]+"
    r"(?:roots?|(?:normal|unremarkable|intact|nad)(?! (?:power|tone|sensation|reflex|neuro|anal|bladder|bowel)))"
)
_NOT_NORMAL = r"(?<!normal )(?<!normal conus and )(?<!normal cord and )(?<!normal conus medullaris and )"

CAUDA_EQUINA = Condition(
    "Cauda equina syndrome or compression",
    ("G83.4",),
    ("cauda_equina",),
    ("cauda_equina_compression",),
    _compile(
        rf"{_CAUDA} (?:signs?|symptoms?|features?)\b",
        rf"{_CAUDA}(?:[^\w,;/]+\w+){{0,3}}?[^\w,;/]+(?:{_SYNDROME}|compress\w*|lesion|impinge\w*)",
        rf"compress\w*(?:[^\w,:;/]+(?!and\b|or\b)\w+){{0,4}}?[^\w,:;/]+{_CAUDA}",
        rf"{_NOT_NORMAL}{_CAUDA}(?!{_PICTURED})",
        r"(?-i:C\.?E\.?S(?:-?[IRS])?\b)",
    ),
    history_apart=True,
)
SPINAL_INFECTION = Condition(
    "Spinal infection",
    ("G06.1", "M46.2", "M46.3", "M46.4"),
    (),
    ("infection",),
    _compile(
        r"\w*dis[ck]it[iu]s\b",
        r"osteomy\w*itis\b",
        rf"{_SPACE}(?:[ -]\w+)?[ -]+{_ABSCESS}",
        rf"{_ABSCESS}(?: {_WHERE})+ {_SPACE}",
        rf"{_SPACE} (?:fluid )?collections?\W+(?:\w+ )?{_INFECTED}",
        rf"{_INFECTED} (?:\w+ )?{_SPACE} (?:fluid )?collection",
        r"(?:pyogenic|septic|bacterial|fungal|infecti\w+|tubercul\w+)\W+(?:spondylitis|arthritis of the facet)",
        r"pott'?s (?:disease|spine)|(?:tb|tubercul\w+) (?:of the )?spine|spinal (?:tb|tubercul\w+)",
        rf"{_PARTS}(?:[ -](?:space|joint))?[ -]infection",
        rf"infection (?:of|in) (?:the |an? )?{_PARTS}",
        rf"infected {_PARTS}",
    ),
    history_apart=True,
)
CORD_COMPRESSION = Condition(
    "Spinal cord compression or myelopathy",
    ("G95.2", "G99.2", "M47.1", "M50.0", "M51.0"),
    ("myelopathy",),
    ("cord_compression",),
    _compile(_near(_CORD, _PRESSED), _near(_PRESSED, _CORD), r"\w*myelopath\w*", r"MSCC\b"),
)
METASTATIC_CORD_COMPRESSION = Condition(
    "Cord compression by a tumour",
    said=_compile(_near(_CORD, _PRESSED), _near(_PRESSED, _CORD), r"MSCC\b"),
    besides=_compile(_CANCER, r"MSCC\b"),
    history_apart=True,
)
UNSTABLE_FRACTURE = Condition(
    "Unstable fracture",
    said=_compile(
        _near(r"unstable", rf"(?:{_FRACTURE}|{_COLLAPSE})"),
        _near(rf"(?:{_FRACTURE}|{_COLLAPSE})", r"unstable"),
        rf"{_FRACTURE}\W*(?:dislocat|sublux)\w*",
    ),
    history_apart=True,
)
PATHOLOGICAL_FRACTURE = Condition(
    "Pathological fracture",
    said=_compile(_near(r"patholog\w*", rf"(?:{_FRACTURE}|{_COLLAPSE})"), _near(_FRACTURE, r"patholog\w*")),
)

# Those that are an emergency when named as of now; told as history they ask for a clinician's look.
HISTORY_APART = (CAUDA_EQUINA, SPINAL_INFECTION, METASTATIC_CORD_COMPRESSION, UNSTABLE_FRACTURE)
