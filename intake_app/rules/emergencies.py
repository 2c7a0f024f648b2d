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
_CAUDA = r"c(?:au|or|ou|aw)dal?[ -]?[ea]q(?:u\w{2,4})?\b"
_LEVEL = r"(?:C[1-8]|T\d{1,2}|L[1-6]|S[1-5])(?:[/-][CTLS]?\d{1,2})*\b"
_SYNDROME = r"s[yi]nd?rom\w*"
_CANCER = (
    r"(?:metasta\w*|mets?|secondaries|(?:secondary|metastatic|bony?) (?:deposits?|disease|lesions?)|malignan\w*"
    r"|secondary (?:(?:at|in) )?[CTL]\d{1,2}(?![\w/-])|lytic (?:bon[ey] )?(?:lesions?|deposits?)|leuka?emi\w*"
    r"|tumou?rs?|neoplas\w*|cancers?|\w*carcinoma\w*|\w*sarcoma\w*|myeloma\w*|plasm[ao]cytoma\w*|lymphoma\w*"
    r"|melanoma\w*|(?:breast|prostate|prostatic|lung|bronchial|renal|thyroid|bowel|colon) ca"
    r"|ca (?:of (?:the )?)?(?:breast|prostate|lung|bronchus|kidney|thyroid|bowel|colon))\b"
)
_GROWTH = (
    r"(?:metasta\w*|mets\b|secondaries|secondary deposits?|malignan\w*|neoplas\w*|tumou?rs?\b(?! markers?)|myeloma\w*"
    r"|plasm[ao]cytoma\w*|lymphoma\w*|\w*sarcoma\w*|chordoma\w*)"
)
_BONE = (
    r"(?:spin(?:e|al)|vertebra\w*|bon[ey]s?|osseous|marrow|epidural|extradural|intradural|intramedullary|sacr\w+"
    r"|pedicles?|[CTLS]\d\w*)"
)
_CORD = r"(?:spinal\W+)?cord"
_PRESSED = r"compress\w*"
_CORD_PRESSED = (
    _near(_CORD, _PRESSED),
    _near(_PRESSED, _CORD),
    rf"{_CORD} (?:(?:is|being) )?imping\w*",
    rf"imping\w* (?:(?:on|upon|of|the|cervical|thoracic) )*{_CORD}\b",
    r"MSCC\b",
)
_INVADES = r"(?:indent|encas|infiltrat|invad|displac|effac)\w*"
_ABSCESS = r"(?:abs?c{0,2}es+\w*|empyema\w*|phlegmon\w*)"
_SPACE = r"(?:epidural|extradural|intraspinal|spinal|paraspinal|paravertebral|psoas)"
_WHERE = r"(?:of|in|within|the|an?|anterior|posterior|ventral|dorsal|cervical|thoracic|lumbar|[CTLS]\d[\w/-]*)"
_PARTS = r"(?:spin(?:e|al)|vertebra\w*|dis[ck]s?|epidural|facets?)"
_INFECTED = r"(?:infect\w+|septic|pus|purulent|pyogenic)"
# Instruments in the spine; what stands in another part of the body is none of them.
_METAL = r"(?:metal ?work|implants?|hardware|instrumentation|screws?|rods?|cages?|fixation|fusion)"
_WHOSE = (
    r"(?:(?:the|his|her|an?|old|loose|recent|spin(?:e|al)|lumb\w*|thorac\w*|cervic\w*|sacral|posterior|anterior"
    r"|interbody|pedicle|instrumented|[taoplx]+lif|acdf|[CTLS]\d[\w/-]*)[ -]+)*"
)
_OF_THE_SPINE = "".join(
    rf"(?<!{part} )" for part in ("hip", "knee", "ankle", "foot", "wrist", "elbow", "shoulder", "dental", "breast")
)
_NOT_SKIN = "".join(
    rf"(?<!{kind} )" for kind in ("superficial", "superficial wound", "skin", "urine", "urinary", "tract", "chest")
)
_ELSEWHERE = r"(?:\W+\w+){0,3}?\W+(?:hip|knee|ankle|foot|leg|wrist|arm|hand|elbow|shoulder|breast|abdom\w*|pelvi\w*)\b"
_EPIDURAL = r"(?:epi|extra|peri|intra)dural"
_JOINED = r"(?!and\b|or\b|nor?\b|not\b|without\b|negative\b|free\b|exclud\w*)\w+"
_ALONG = rf"(?:[^\w,;:]+{_JOINED}){{0,4}}?[^\w,;:]+"  # a few words further on in the same phrase
_CLOT = r"(?:h(?:a?e|ea)m[ao]t?oma\w*|h(?:a?e|ea)morr?h?ag\w*|bleed\w*)"
_SPINE = r"(?:spin(?:e|al)|cervical|thoracic|lumb\w*|sacral|cord|conus|cauda|theca\w*|canal|[CTLS]\d\w*)"
_OUTSIDE_HEAD = "".join(rf"(?<!{part} )" for part in ("cranial", "cerebral", "frontal", "parietal", "temporal"))
# In small letters it is a word or a name of other languages: it counts only beside the words of a referral.
_BEFORE_CES = "|".join(
    rf"(?<={words})"
    for words in (
        r"\?", r"\? ", "query ", "r/o ", "rule out ", "exclude ", "suspect ", "suspected ", "suspecting ", "possible ",
        "probable ", "likely ", "acute ", "incomplete ", "complete ", "impending ", "concern for ", "concerns re ",
        "signs of ", "symptoms of ", "features of ", "evidence of ", "with ", "has ", "for ",
    )
)  # fmt: skip
_CES_ENDS = (
    r"(?=\W*$|\s*[.,;:!?)/]|\s+(?:please|pls|urgent\w*|today|now|and|with|needs?|refer\w*|since|due|from|on (?:mri|ct)"
    r"|not|suspected|queried|excluded)\b)"
)
_CES_GOES_ON = (
    r"(?=\s*\?|\s+(?:queried|suspected|excluded|unlikely|likely|ruled out|syndrome|symptoms?|signs|red flags?|to be"
    r"|must be|cannot be|can't be|(?:is|was|has|had|not)\b)\b)"
)
_FRACTURE = r"(?:fra?c\w*|fx\b|#)"
_COLLAPSE = r"collapse\w*"
_BROKEN = rf"(?:{_FRACTURE}|{_COLLAPSE}|burst\b)"
_UNSTABLE = r"(?:unstable|(?:not|\w+n't) (?:\w+ly )?stable\b(?! on\b))"
# Roots without the fluid around them, or crowded severely. Roots that are crowded are seen in many a narrow canal.
_NO_CSF = (
    r"(?:(?:no|absent|absence of|loss of|lost|without|effaced|effacement of|obliterat\w+(?: of)?)"
    r" (?:(?:any|the|visible|residual|remaining|surrounding|all) )*csf\b(?! leak))"
)
_CROWDED = r"(?:(?:sever|mark|complet|critical|extrem|tight)\w* crowd\w*)"
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
        rf"(?:{_NO_CSF}|{_CROWDED})(?:[^\w,;:]+{_JOINED}){{0,4}}?[^\w,;:]+{_CAUDA}",
        rf"{_CAUDA}(?:[^\w;:]+\w+){{0,4}}?[^\w;:]+(?:{_NO_CSF}|{_CROWDED})",
        r"(?-i:C\.?E\.?S(?:-?[IRS])?\b)",
        rf"(?:^|{_BEFORE_CES})(?-i:ces)\b{_CES_ENDS}",
        rf"(?-i:ces)\b{_CES_GOES_ON}",
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
        r"osteom[iy]\w*itis\b|osteom[iy]e?l[ei]\w*t\w*s\b",
        rf"{_SPACE}(?:[ -]\w+)?[ -]+{_ABSCESS}",
        rf"{_ABSCESS}(?: {_WHERE})+ {_SPACE}",
        rf"{_SPACE} (?:fluid )?collections?\W+(?:\w+ )?{_INFECTED}",
        rf"{_INFECTED} (?:\w+ )?{_SPACE} (?:fluid )?collection",
        r"(?:pyogenic|septic|bacterial|fungal|infecti\w+|tubercul\w+|brucell\w+)\W+spondylitis",
        rf"(?:pyogenic|septic|bacterial|infecti\w+) arthritis(?:[^\w,;:]+{_JOINED}){{0,6}}?[^\w,;:]+facet",
        r"pott'?s (?:disease|spine)|(?:tb|tubercul\w+) (?:of the )?spine|spinal (?:tb|tubercul\w+)",
        rf"{_PARTS}(?:[ -](?:space|joint))?[ -]infection",
        rf"infection (?:of|in|at|around|involving) (?:the |an? )?{_PARTS}",
        rf"{_NOT_SKIN}infection (?:(?:of|in|at|around|involving) (?:the )?)?{_LEVEL}",
        rf"{_LEVEL} infection\b",
        rf"(?:infected|septic|purulent|pyogenic) (?:{_LEVEL} )?{_PARTS}",
        rf"infected {_WHOSE}{_METAL}\b",
        rf"{_OF_THE_SPINE}{_METAL}(?:[ -](?:related|associated|site|tract))*[ -]infections?\b",
        rf"{_OF_THE_SPINE}{_METAL} (?:(?:is|are|now|looks?|appears?|probably|possibly) )*infected\b",
        rf"{_NOT_SKIN}infection (?:of|in|around|involving|after|following|post|down to) {_WHOSE}{_METAL}\b",
        rf"deep (?:(?:wound|surgical|site|spin(?:e|al)|post\W?op\w*) )*infection\b(?!{_ELSEWHERE})",
        rf"(?:pus|abscess|sinus|infected \w+) (?:around|over|at|along|to) {_WHOSE}{_METAL}\b",
    ),
    history_apart=True,
)
CORD_COMPRESSION = Condition(
    "Spinal cord compression or myelopathy",
    ("G95.2", "G99.2", "M47.1", "M50.0", "M51.0"),
    ("myelopathy",),
    ("cord_compression",),
    _compile(*_CORD_PRESSED, r"\w*myelopath\w*"),
)
PRESSED_CORD = Condition(
    "Cord compression",
    ("G95.2",),
    (),
    ("cord_compression",),
    _compile(*_CORD_PRESSED),
    history_apart=True,
)
TUMOUR = Condition("Tumour", ("C", "D16.6", "D33.4", "D49", "Z85"), (), ("tumour",), _compile(_CANCER, r"MSCC\b"))
SPINAL_TUMOUR = Condition(
    "Spinal tumour or metastasis",
    ("C41.2", "C70.1", "C72.0", "C72.1", "C79.5", "D16.6", "D33.4", "D49.2"),
    (),
    ("tumour",),
    _compile(
        rf"{_GROWTH}\W+(?:{_JOINED}\W+){{0,4}}?{_BONE}\b",
        rf"{_BONE}\W+(?:{_JOINED}\W+){{0,4}}?{_GROWTH}",
        r"MSCC\b",
    ),
)
METASTATIC_CORD_COMPRESSION = Condition(
    "Cord compression by a tumour",
    said=_compile(*_CORD_PRESSED, rf"{_CANCER}{_ALONG}{_INVADES}{_ALONG}{_CORD}\b"),
    besides=TUMOUR.said,
    history_apart=True,
)
SPINAL_HAEMATOMA = Condition(
    "Spinal haematoma",
    said=_compile(
        rf"{_OUTSIDE_HEAD}{_EPIDURAL}(?:[ -](?!steroids?\b|injections?\b){_JOINED}){{0,2}}[ -]{_CLOT}",
        rf"(?:intra)?spinal(?:[ -](?:canal|cord|epidural|extradural|subdural|intradural|subarachnoid))*[ -]{_CLOT}",
        rf"{_EPIDURAL} (?:fluid )?collection\W+(?:{_JOINED}\W+){{0,3}}?(?:{_CLOT}|blood\b)",
        rf"(?:{_CLOT}|blood in)(?: {_WHERE})* (?:{_EPIDURAL}|intraspinal|(?:spinal )?(?:canal|cord))\b",
        rf"{_CLOT}\W+(?:\w+\W+){{0,2}}?compress\w* (?:the )?(?:\w+ )?(?:cord|cauda|theca\w*|dura\w*|nerves?|roots?)",
        rf"subdural (?:\w+ )?{_CLOT}(?=(?:[^\w,;]+\w+){{0,3}}?[^\w,;]+{_SPINE}\b)",
        rf"{_SPINE}\W+(?:{_JOINED}\W+){{0,3}}?subdural (?:\w+ )?{_CLOT}",
        rf"(?:cord|cauda|theca\w*|dura\w*)\W+(?:{_JOINED}\W+){{0,3}}?compress\w* by (?:an? |the )?(?:\w+ )?{_CLOT}",
    ),
    history_apart=True,
)
UNSTABLE_FRACTURE = Condition(
    "Unstable fracture",
    said=_compile(
        _near(r"unstable", _BROKEN),
        _near(_BROKEN, _UNSTABLE),
        rf"(?:not|\w+n't) (?:an? )?stable (?:\w+ ){{0,3}}?{_BROKEN}",
        rf"{_OF_THE_SPINE}(?<!pars ){_BROKEN}{_ALONG}instabilit\w+",
        rf"instabilit\w+ (?:(?:of|at|from|after|due|to|the|an?|recent|{_LEVEL}) )+{_BROKEN}",
        rf"{_FRACTURE}\W*(?:dislocat|sublux)\w*",
        rf"(?:facets?(?: joints?)?|{_LEVEL}) dislocat\w*|dislocation (?:of|at) (?:the )?(?:{_LEVEL}|facets?)",
        rf"(?:dislocated|locked|jumped|perched) (?:{_LEVEL} )?facets?",
    ),
    history_apart=True,
)
# A fracture in words counts where it is called fresh: reports tell old ones, too, that need no haste.
FRACTURE = Condition(
    "Fracture",
    shows=("fracture",),
    said=_compile(
        rf"(?:(?:sub-?)?acute|recent|new|fresh|unhealed)\W+(?:(?!on\b|old\b|healed\b|chronic\b){_JOINED}\W+){{0,4}}?"
        r"(?:fra?ctures?|fx|collapse)\b",
    ),
)
PATHOLOGICAL_FRACTURE = Condition(
    "Pathological fracture",
    said=_compile(_near(r"patholog\w*", rf"(?:{_FRACTURE}|{_COLLAPSE})"), _near(_FRACTURE, r"patholog\w*")),
)

# Those that are an emergency when named as of now; told as history they ask for a clinician's look.
HISTORY_APART = (CAUDA_EQUINA, SPINAL_INFECTION, METASTATIC_CORD_COMPRESSION, SPINAL_HAEMATOMA, UNSTABLE_FRACTURE)
