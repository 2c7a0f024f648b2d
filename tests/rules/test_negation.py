"""Free words name an emergency, deny it or tell it as history; what is not clearly so counts as named now."""

from datetime import date

import pytest

from intake_app.rules import documented, emergencies
from intake_app.rules.emergencies import CAUDA_EQUINA
from intake_app.rules.negation import find_named, find_present

TODAY = date(2026, 11, 22)

NAMED = (
    "Suspected cauda equina syndrome",
    "cauda equina compression",
    "Severe cauda equina compression",
    "Compression of the cauda equina at L4/5",
    "Cauda equina",
    "?cauda equina",
    "No fever, cauda equina syndrome",
    "No fracture. Cauda equina compression.",
    "No fracture but cauda equina compression",
    "cannot exclude cauda equina syndrome",
    "cauda equina syndrome is not excluded",
    "Not able to stand due to cauda equina syndrome",
    "No improvement since cauda equina syndrome",
    "cauda equina nerve roots are compressed",
    "Large disc compressing the cauda equina",
    "rule out cauda equina syndrome",
    "No fracture, with cauda equina compression",
    "Improved or not: cauda equina syndrome",
    "incomplete cauda equina syndrome",
    "cauda equina syndrome not operated",
    "No cord compression and cauda equina compression",
    "Cauda-equina syndrome",
    "Cauda equina L4-5",
    "compression of the conus and cauda equina",
    "compression of thecal sac and of the cauda equina nerve roots compressed",
)
DENIED = (
    "no cauda equina compression",
    "No cord, conus or cauda equina compression.",
    "without cauda equina compression",
    "without signs of cauda equina syndrome",
    "not cauda equina syndrome",
    "cauda equina is not compressed",
    "Cauda equina syndrome ruled out",
    "cauda equina syndrome excluded",
    "cauda equina syndrome was not confirmed",
    "No evidence of compression of the cauda equina",
    "No disc herniation, stenosis or cauda equina compression",
    "not consistent with cauda equina syndrome",
    "does not have cauda equina syndrome",
    "no compression of the conus or cauda equina",
    "Cauda equina syndrome: no",
    "neither cord nor cauda equina compression",
    "Normal conus and cauda equina roots",
    "does not compress the cauda equina",
    "cauda equina normal",
    "Cauda equina: unremarkable",
    "not compressing the cauda equina",
    "No central stenosis. No cauda equina compression.",
    "No fracture, no cauda equina compression",
    "not compression of the cauda equina",
)


@pytest.mark.parametrize("text", NAMED)
def test_what_is_not_clearly_denied_is_named(text):
    assert find_named(text, CAUDA_EQUINA.said)


@pytest.mark.parametrize("text", DENIED)
def test_what_is_denied_is_not_named(text):
    assert find_named(text, CAUDA_EQUINA.said) == ""


def test_the_sentence_that_names_it_is_returned():
    text = "Disc at L4/5. No fracture. Severe cauda equina compression. Conus normal."
    assert find_named(text, CAUDA_EQUINA.said) == "Severe cauda equina compression."


NOW, PAST, NOTHING = "named", "told as history", "not named"
READ = {
    "CAUDA_EQUINA": {
        NOW: (
            "?CES",
            "r/o CES",
            "cannot exclude CES",
            "CES not excluded",
            "CES-I",
            "No fever, CES",
            "72 year old CES",
            "previously no CES, now saddle numbness and CES",
            "history of back pain, now cauda equina",
            "History of back pain and cauda equina syndrome",
            "6/52 history of CES",
            "2 week history of CES",
            "history of CES for 48 h",
            "history of CES, now saddle numbness",
            "history of CES 2019 with saddle numbness",
            "history of ?CES",
            "history of CES 2026",
            "CES 2025",
            "CES 2019?",
            "CES since 2019",
            "recurrent CES, first 2019",
            "Cauda equina syndrome, decompressed",
            "Previous discectomy 2019, CES",
            "prior to CES",
            "MRI 2019: cauda equina compression",
            "No fever, cauda equina syndrome or conus lesion suspected",
            "No fracture, cauda equina compression, disc at L4/5 or L5/S1",
            "No rest due to pain, CES or abscess",
            "History of CES. CES again",
        ),
        PAST: (
            "history of cauda equina syndrome 2019, decompressed",
            "History of CES",
            "h/o CES 2019, no residual deficit",
            "s/p CES",
            "Previous L5/S1 cauda equina syndrome",
            "Prior incomplete cauda equina syndrome, surgery 2016",
            "CES 2024",
            "Cauda equina syndrome (2019)",
            "cauda equina syndrome, decompressed in March 2018",
            "No fever; history of CES",
        ),
        NOTHING: (
            "no history of CES",
            "no previous CES",
            "No CES, discitis or abscess",
            "no abscess, CES, discitis, nor fracture",
            "Success",
            "process",
        ),
    },
    "SPINAL_INFECTION": {
        NOW: (
            "Discitis L4/5",
            "?discitis",
            "Spondylodiscitis",
            "diskitis",
            "vertebral osteomyelitis",
            "epidural abscess",
            "Abscess in the epidural space",
            "paraspinal muscle abscess",
            "epidural phlegmon",
            "infected disc",
            "infection of the disc space",
            "disc space infection",
            "tuberculous spondylitis",
            "discitis cannot be excluded",
            "differential includes discitis",
            "No fever, discitis at L4",
        ),
        PAST: (
            "history of discitis",
            "previous vertebral osteomyelitis 2015",
            "Discitis L3/4, treated 2015",
        ),
        NOTHING: (
            "no evidence of discitis",
            "no evidence of discitis or osteomyelitis",
            "No discitis, osteomyelitis or epidural abscess.",
            "No fracture, discitis, osteomyelitis, or epidural abscess",
            "discitis excluded",
            "No spinal infection",
            "urinary infection, disc herniation",
            "dental abscess after spinal surgery",
        ),
    },
    "METASTATIC_CORD_COMPRESSION": {
        NOW: (
            "?MSCC",
            "metastatic spinal cord compression",
            "suspected malignant cord compression",
            "Metastasis at T6 compressing the cord",
            "cord compression by a metastasis",
            "Cord compressed by tumour",
            "compression of the cord by a tumor",
        ),
        PAST: ("previous metastatic spinal cord compression 2019",),
        NOTHING: (
            "no MSCC",
            "metastases without cord compression",
            "metastasis, no cord compression",
            "cord compression C5/6 by disc",
        ),
    },
    "CORD_COMPRESSION": {
        NOW: (
            "cord compression",
            "compression of the spinal cord",
            "cord is compressed",
            "radiculomyelopathy",
            "MSCC",
            "history of myelopathy 2010",
        ),
        NOTHING: (
            "Other spondylosis without myelopathy or radiculopathy",
            "cord without compression",
            "nerve root compression",
            "No cord, conus or cauda equina compression",
        ),
    },
    "UNSTABLE_FRACTURE": {
        NOW: ("Unstable burst fracture L1", "fracture of T12, unstable"),
        PAST: ("previous unstable fracture", "Unstable fracture 2010, operated"),
        NOTHING: ("stable fracture", "no unstable fracture", "fracture is not unstable", "fracture; instability"),
    },
    "PATHOLOGICAL_FRACTURE": {
        NOW: (
            "pathological fracture T8",
            "pathologic vertebral collapse",
            "Fracture of L2, pathological",
            "Age-related osteoporosis with current pathological fracture, vertebra(e)",
            "history of pathological fracture 2010",
        ),
        NOTHING: ("Age-related osteoporosis without current pathological fracture", "osteoporotic fracture"),
    },
}


def read(condition, text):
    if documented._find(condition, text, TODAY):
        return NOW
    return PAST if documented._find_past(condition, text, TODAY) else NOTHING


@pytest.mark.parametrize(
    ("name", "wanted", "text"),
    [(name, wanted, text) for name, ways in READ.items() for wanted, texts in ways.items() for text in texts],
)
def test_words_are_read_as_of_now_as_history_or_as_denied(name, wanted, text):
    assert read(getattr(emergencies, name), text) == wanted


def test_the_sentence_of_now_is_returned_where_another_is_history():
    text = "History of CES 2019. Large disc at L4/5. Suspected CES."
    assert find_present(text, CAUDA_EQUINA.said, TODAY.year) == "Suspected CES."


def test_a_sentence_is_returned_with_the_one_that_names_the_tumour():
    condition = emergencies.METASTATIC_CORD_COMPRESSION
    assert documented._find(condition, "Metastases T8. Cord compression.", TODAY) == "Metastases T8. Cord compression."
    assert documented._find(condition, "Cord compression. Metastases.", TODAY) == "Metastases. Cord compression."
    assert documented._find(condition, "Cord compression by a tumour.", TODAY) == "Cord compression by a tumour."


def test_history_is_of_now_by_the_next_sentence_only():
    text = "History of CES 2019. Works as a driver. Numb foot."
    assert read(CAUDA_EQUINA, text) == PAST
    assert read(CAUDA_EQUINA, "Numb foot. History of CES 2019.") == PAST
    assert read(CAUDA_EQUINA, "History of CES 2019. Fusion?") == PAST
    assert read(CAUDA_EQUINA, "History of CES 2019. Numb foot.") == NOW
