"""The packet: everything in one file, in order and whole, stamped on every page, and honest about what it is."""

import io
import os
import shutil
import subprocess
from dataclasses import replace
from datetime import datetime

import pikepdf
import pypdf
import pypdfium2
import pytest
from PIL import Image, ImageDraw

from intake_app.errors import UserError
from intake_app.letter import render
from intake_app.letter.blocks import Letter, Letterhead, PageBreak, Paragraph, Zone
from intake_app.letter.pdf_stamps import STRIP, Stamp, draw_stamps
from intake_app.outgoing.enclosures import Enclosure, limits, read_enclosure
from intake_app.outgoing.fax import fax_pages
from intake_app.outgoing.packet import make_packet

ISSUED = datetime(2026, 11, 22, 9, 40)  # noqa: DTZ001  the clock on the clinic's wall
IDENTITY = "SAMPLE, Maria · born 3 May 1958 · record 4711"
ABOUT = {
    "identity": IDENTITY,
    "clinic": {"name": "Harbour Spine Clinic", "phone": "207 555 0100", "fax": "207 555 0101"},
    "recipient": {
        "name": "Dr Jane Ortega",
        "role": "Neurosurgeon",
        "clinic": "Mercy Spine Center",
        "fax": "207 555 0199",
    },
    "issued": ISSUED,
}
SCALE = 2.0


def make_letter(paper="letter"):
    blocks = (
        Letterhead("Harbour Spine Clinic", ("12 Quay Street",), "Referral letter", ("22 November 2026",)),
        Zone("Problem", (Paragraph("Pain in the left leg for eleven months."),)),
        PageBreak(),
        Zone("Details", (Paragraph("Walks 200 m."),)),
    )
    return render(Letter("Referral letter", IDENTITY, "version 1", ISSUED, blocks, paper=paper))


def make_scan(size=(1100, 850), kind="PNG"):
    """Return a picture with a black frame along its very edge: what is cropped is missed."""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).rectangle((0, 0, size[0] - 1, size[1] - 1), outline="black", width=12)
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def make_report(sizes, turned=0):
    """Return a PDF with a frame around each page, of sizes in points."""
    with pikepdf.new() as pdf:
        for number, (width, height) in enumerate(sizes, 1):
            page = pdf.add_blank_page(page_size=(width, height))
            page.Resources = pikepdf.Dictionary(
                Font=pikepdf.Dictionary(
                    F1=pikepdf.Dictionary(
                        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
                    )
                )
            )
            drawn = f"8 w 4 4 {width - 8} {height - 8} re S BT /F1 30 Tf 60 {height / 2} Td (Report {number}) Tj ET"
            page.Contents = pdf.make_stream(drawn.encode())
            page.rotate(turned, relative=True)
        out = io.BytesIO()
        pdf.save(out)
        return out.getvalue()


@pytest.fixture(scope="module")
def enclosures():
    report = read_enclosure("scan 1.pdf", make_report([(595, 842), (842, 595)]))
    return (replace(report, title="MRI report, 3 May 2026"), read_enclosure("Sample Maria.png", make_scan()))


@pytest.fixture(scope="module")
def packet(enclosures):
    return make_packet(make_letter(), enclosures, **ABOUT)


def read_pages(pdf):
    with pypdfium2.PdfDocument(pdf) as document:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


def draw(pdf, number):
    with pypdfium2.PdfDocument(pdf) as document:
        return document[number].render(scale=SCALE).to_pil().convert("L")


def box_of_ink(image):
    """Return left, top, right, bottom of what is dark, in points from the top left corner."""
    return tuple(side / SCALE for side in image.point(lambda grey: 255 * (grey < 128)).getbbox())


def test_cover_letter_and_enclosures_come_in_order_and_every_page_says_which_it_is(packet):
    pages = read_pages(packet)
    assert len(pages) == 6
    for number, text in enumerate(pages, 1):
        assert f"packet page {number} of 6" in text
    owns = [
        "Referral letter, page 1 of 2",
        "Referral letter, page 2 of 2",
        "Enclosure 1, page 1 of 2",
        "Enclosure 1, page 2 of 2",
        "Enclosure 2, page 1 of 1",
    ]
    for text, own in zip(pages[1:], owns, strict=True):
        assert own in text
        assert IDENTITY in text
    assert "Pain in the left leg" in pages[1]
    assert "Report 1" in pages[3]


def test_the_cover_lists_what_is_inside_and_where_and_names_no_patient(packet):
    cover = read_pages(packet)[0]
    for words in (
        "Dr Jane Ortega", "Mercy Spine Center", "207 555 0199", "6 pages with this one",
        "As issued by Harbour Spine Clinic (2 pages) 2 to 3", "MRI report, 3 May 2026 (PDF, 2 pages) 4 to 5",
        "Enclosure 2 (PNG, 1 page) 6", "letter's own PDF file is the archive copy", "by mistake",
    ):  # fmt: skip
        assert words in cover
    for word in ("SAMPLE", "Maria", "1958", "4711"):
        assert word not in cover


def test_no_fault_is_found_in_the_file(packet):
    with pikepdf.open(io.BytesIO(packet)) as pdf:
        assert pdf.check_pdf_syntax() == []


@pytest.mark.skipif(not shutil.which("tesseract"), reason="tesseract is not installed: nothing reads the print")
def test_the_stamps_survive_a_fax(packet):
    for number, picture in enumerate(fax_pages(packet), 1):
        words = ["tesseract", "-", "-", "--psm", "6"]
        done = subprocess.run(
            words, input=picture, capture_output=True, check=True, env=os.environ | {"OMP_THREAD_LIMIT": "1"}
        )
        seen = "".join(done.stdout.decode().split())
        assert f"packetpage{number}of6" in seen
        if number > 1:
            assert "SAMPLE,Maria" in seen
            assert "born3May1958" in seen
            assert "record4711" in seen


def test_title_and_bookmarks_say_what_it_is_and_name_nobody(packet):
    reader = pypdf.PdfReader(io.BytesIO(packet))
    assert reader.metadata.title == "Referral packet, for print and fax: not the archive copy"
    marks = {mark.title: reader.get_destination_page_number(mark) for mark in reader.outline}
    assert marks == {"Cover": 0, "Referral letter": 1, "Enclosure 1": 3, "Enclosure 2": 5}
    assert "Maria" not in str(reader.metadata)


def test_it_claims_nothing_that_only_the_letter_is(packet):
    with pikepdf.open(io.BytesIO(packet)) as pdf:
        assert not {"/StructTreeRoot", "/MarkInfo", "/Metadata", "/AF", "/AcroForm"} & set(pdf.Root.keys())
        assert not any("/StructParents" in page.obj or "/Annots" in page.obj for page in pdf.pages)


@pytest.mark.parametrize(("paper", "size"), [("letter", (612, 792)), ("a4", (595, 842))])
def test_every_page_has_the_letters_paper(enclosures, paper, size):
    packet = make_packet(make_letter(paper), enclosures, **ABOUT)
    for page in pypdf.PdfReader(io.BytesIO(packet)).pages:
        assert tuple(map(round, page.mediabox[2:])) == size
        assert page.rotation == 0


@pytest.mark.parametrize(
    ("content", "shape"),
    [
        (make_scan((1100, 850)), 1100 / 850),
        (make_scan((700, 2000)), 700 / 2000),
        (make_scan((30, 40)), 30 / 40),
        (make_scan((4000, 3000), "JPEG"), 4 / 3),
        (make_report([(842, 595)]), 842 / 595),
        (make_report([(200, 300)]), 200 / 300),
        (make_report([(2000, 5000)]), 2000 / 5000),
        (make_report([(595, 842)], turned=90), 842 / 595),
    ],
)
def test_an_enclosure_is_whole_in_shape_and_below_the_stamp(content, shape):
    packet = make_packet(make_letter(), [read_enclosure("file", content)], **ABOUT)
    page = draw(packet, 3)
    below = page.crop((0, int(STRIP * SCALE), page.width, page.height))
    left, top, right, bottom = box_of_ink(below)
    assert (right - left) / (bottom - top) == pytest.approx(shape, rel=0.02)
    assert left >= 20
    assert right <= 612 - 20
    assert bottom + STRIP <= 792 - 20
    assert max((right - left) / (612 - 44), (bottom - top) / (792 - 59)) == pytest.approx(
        1, abs=0.02
    )  # as large as fits


def test_the_letter_leaves_the_stamp_its_room():
    for number in (0, 1):
        assert box_of_ink(draw(make_letter(), number))[1] >= STRIP - 1


@pytest.mark.parametrize(
    "identity",
    [
        IDENTITY,
        "SAMPLE-" + "VERYLONGNAME " * 14,
        "王小明 · born 1 January 1970 · record 5",
        "王" * 200 + " · born 1 January 1970 · record 5",
    ],
)
def test_a_stamp_of_any_length_stays_in_its_room(identity):
    sheet = draw_stamps([Stamp(identity, "Enclosure 12, page 138 of 150 · packet page 888 of 999")], 612, 792)
    left, top, right, bottom = box_of_ink(draw(sheet, 0))
    assert left >= 40
    assert right <= 612 - 40
    assert top >= 12
    assert bottom <= STRIP
    assert "".join(identity.split()) in "".join(read_pages(sheet)[0].split())


def test_what_was_left_out_is_said_on_the_cover():
    plain = read_enclosure("a.pdf", make_report([(595, 842)]))
    noted = Enclosure(plain.title, plain.kind, plain.pages, plain.content, ("A script in it is left out.",))
    assert (
        "Enclosure 2: A script in it is left out." in read_pages(make_packet(make_letter(), [plain, noted], **ABOUT))[0]
    )


def test_a_cover_that_runs_over_moves_the_pages_it_names():
    plain = read_enclosure("a.pdf", make_report([(595, 842)]))
    many = [Enclosure("Report of a long name " * 14, "PDF", 1, plain.content)] * limits()["files"]
    pages = read_pages(make_packet(make_letter(), many, **ABOUT))
    cover = len(pages) - 2 - len(many)
    assert cover > 1
    assert f"Enclosure 30, page 1 of 1 · packet page {len(pages)} of {len(pages)}" in pages[-1]
    assert f"{len(pages)} pages with this one" in pages[0]
    assert "Pain in the left leg" in pages[cover]


def test_a_packet_without_enclosures_is_cover_and_letter():
    pages = read_pages(make_packet(make_letter(), [], **ABOUT | {"clinic": {}, "recipient": {}}))
    assert len(pages) == 3
    assert "Not chosen yet" in pages[0]


def test_too_many_enclosures_and_a_damaged_letter_are_refused_with_sentences():
    one = Enclosure("", "PDF", 1, make_report([(595, 842)]))
    with pytest.raises(UserError, match="at most 30 enclosures"):
        make_packet(make_letter(), [one] * 31, **ABOUT)
    with pytest.raises(UserError, match="file is damaged"):
        make_packet(b"rubbish", [one], **ABOUT)


def test_a_character_no_font_draws_is_refused_by_the_name_of_its_place():
    one = Enclosure("MRI \U00012000", "PDF", 1, make_report([(595, 842)]))
    with pytest.raises(UserError, match="title of enclosure 1"):
        make_packet(make_letter(), [one], **ABOUT)
    with pytest.raises(UserError, match="patient"):
        make_packet(make_letter(), [], **ABOUT | {"identity": "\U00012000"})


def test_even_an_endless_identity_is_printed_whole():
    endless = "VERYLONGNAME " * 80
    [text] = read_pages(draw_stamps([Stamp(endless, "packet page 1 of 1")], 612, 792))
    assert text.count("VERYLONGNAME") == 80
