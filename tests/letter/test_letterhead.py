"""Above and below the text: logo, head of the paper, who else gets it, what is enclosed, and that it is not real."""

import io
import re
from dataclasses import replace

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from intake_app.letter import Logo, compose, render
from intake_app.letter.blocks import Letter, Letterhead, Paragraph, Zone
from intake_app.letter.furniture import say_continued, say_page
from tests.letter.conftest import ISSUED, read_pages
from tests.letter.pdf_reader import Reading


def make_logo(size=(300, 100)):
    out = io.BytesIO()
    Image.new("RGB", size, (20, 60, 120)).save(out, "PNG")
    return Logo(out.getvalue(), *size, "Harbour Spine Clinic, a sail")


def words(letter):
    return " ".join("".join(read_pages(render(letter))).split())


def draw(pdf, number=0):
    with pypdfium2.PdfDocument(pdf) as document:
        return document[number].render(scale=1).to_pil().convert("L")


@pytest.mark.parametrize("size", [(300, 100), (40, 900), (2000, 50)])
def test_a_logo_stands_in_the_letterhead_with_its_words(build, size):
    pdf = render(build(logo=make_logo(size)))
    reading = Reading(pdf)
    (figure,) = reading.root.all("Figure")
    assert str(figure.source.Alt) == "Harbour Spine Clinic, a sail"
    left, bottom, right, top = (float(side) for side in figure.source.A.BBox)
    assert abs((right - left) / (top - bottom) - size[0] / size[1]) < 0.02 * size[0] / size[1]
    assert right - left <= 121
    assert top - bottom <= 39
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert len(opened.pages[0].get_images()) == 1
        assert len(opened.pages[1].get_images()) == 0
    assert "Harbour Spine Clinic" in read_pages(pdf)[0]


def test_on_headed_paper_the_head_stays_free_and_the_letter_is_the_same(build):
    plain, printed = build(logo=make_logo()), build(logo=make_logo(), preprinted=140.0)
    assert plain.digest == printed.digest
    image = draw(render(printed))
    assert image.crop((0, 0, image.width, 139)).getextrema() == (255, 255)
    text = read_pages(render(printed))[0]
    assert "12 Quay Street" not in text
    assert "Referral letter" in text
    assert not Reading(render(printed)).root.all("Figure")


def test_enclosures_and_copies_are_listed_below_the_signature(build):
    copies = (
        {"name": "Dr Ada Lind", "role": "Family physician"},
        {"clinic": "Quay Practice", "fax": "207 555 0199"},
        {},
    )
    text = words(build(copies=copies, enclosures=("MRI report (PDF, 2 pages)", "Enclosure 2 (PNG, 1 page)")))
    assert "Copies to Dr Ada Lind, Family physician; Quay Practice, 207 555 0199" in text
    assert "Enclosed 1. MRI report (PDF, 2 pages) 2. Enclosure 2 (PNG, 1 page)" in text
    assert text.index("not signed") < text.index("Enclosed") < text.index("Copies to") < text.index("Details")
    assert "Copies" not in words(build(copies=({},)))


def test_what_is_new_opens_a_version_and_stands_whole_in_the_details(build):
    changes = tuple(f"Change {number}: {'word ' * 40}END{number}." for number in range(30))
    letter = build(version=2, reason="New MRI", changes=changes)
    pages = [" ".join(page.split()) for page in read_pages(render(letter))]
    assert pages[0].index("Changed Version 2: New MRI.") < pages[0].index("Urgency")
    assert all(f"END{number}" in " ".join(pages[1:]) for number in range(30))
    assert re.search(r"And \d+ more, page 2\.", pages[0])
    short = words(build(version=2, reason="New MRI", changes=("Trend: was better, now worse.",)))
    assert short.count("was better, now worse") == 1


def test_a_letter_that_is_not_real_says_so_in_words_on_every_page(build):
    reading = Reading(render(build(watermark="NOT REAL")))
    assert "NOT REAL · Referral letter" in [node.text for node in reading.root.all("H1")]
    assert all("NOT REAL" in reading.furniture(number, "Header") for number in range(1, len(reading.pages)))
    assert "NOT REAL" not in words(build())


def test_the_foot_speaks_the_letters_language():
    blocks = (Letterhead("Clínica", (), "Hoja", ()), *[Paragraph("x")] * 100, Zone("Nombre", (Paragraph("y " * 6000),)))
    pages = read_pages(render(Letter("Hoja", "", "versión", ISSUED, blocks, "es-US")))
    for number, page in enumerate(pages, 1):
        assert f"página {number} de {len(pages)}" in page
        assert " page " not in page
    assert "continuación" in pages[-1]
    assert say_page("fr", 1, 2) == "page 1 of 2"
    assert say_continued("en-US", "Tried") == "Tried, continued"


@pytest.mark.parametrize("scale", [0.8, 1.0, 1.207, 2.0])
def test_a_scaled_letter_is_as_large_and_stays_on_its_paper(build, scale):
    letter = replace(build({"complaint": "Walks badly. " * 200}), scale=scale)
    reading = Reading(render(letter))
    sizes = {round(stretch.size, 2) for page in reading.pages for stretch in page}
    assert round(8.7 * scale, 2) in sizes
    assert max(s.x + s.width for page in reading.pages for s in page) <= 612 - 43 + 3 * scale  # a space ends a line
    assert min(s.y for page in reading.pages for s in page) >= 20


def test_a_name_of_a_zone_longer_than_a_page_stays_above_the_foot():
    letter = Letter("Letter", "Sample", "version 1", ISSUED, (Zone("Long name " * 900, (Paragraph("text"),)),))
    reading = Reading(render(letter))
    assert len(reading.pages) > 1
    for page in reading.pages:
        foot = max(s.y for s in page if s.kind == "/Footer")
        assert all(s.y > foot for s in page if s.kind != "/Footer")


def test_composing_with_a_head_changes_the_rest_in_nothing(full_case, about):
    plain = compose(full_case, (), **about)
    assert compose(full_case, (), **about, logo=make_logo()).blocks[1:] == plain.blocks[1:]
