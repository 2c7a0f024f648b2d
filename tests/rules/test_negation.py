"""Free words name the cauda equina or deny it; what is not clearly denied counts as named."""

import pytest

from intake_app.rules.documented import CAUDA_EQUINA
from intake_app.rules.negation import find_named

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
