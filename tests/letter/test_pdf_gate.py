"""That the gate in tests/conftest.py shuts: each defect put into a sound letter is seen."""

import pikepdf
import pytest

from intake_app.letter import render
from intake_app.letter.blocks import Column, Figure, Letterhead, Paragraph, Subheading, Table, Zone
from tests.conftest import faults
from tests.letter.pdf_reader import Reading
from tests.letter.test_pdf_tags import check_tree, letter, picture

DEFECTS = {}


def defect(function):
    DEFECTS[function.__name__] = function
    return function


def nodes(pdf, role):
    def walk(element):
        yield element
        kids = element.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                yield from walk(kid)

    return [element for element in walk(pdf.Root.StructTreeRoot.K[0]) if role in (None, element.S)]


@defect
def no_tree(pdf):
    del pdf.Root["/StructTreeRoot"]


@defect
def not_marked(pdf):
    del pdf.Root["/MarkInfo"]


@defect
def no_language(pdf):
    del pdf.Root["/Lang"]


@defect
def no_title_shown(pdf):
    del pdf.Root["/ViewerPreferences"]


@defect
def no_alternative_text(pdf):
    del nodes(pdf, "/Figure")[0]["/Alt"]


@defect
def no_scope(pdf):
    for cell in nodes(pdf, "/TH"):
        del cell["/A"]


@defect
def a_heading_is_skipped(pdf):
    nodes(pdf, "/H2")[0].S = pikepdf.Name.H4


@defect
def a_cell_outside_a_table(pdf):
    nodes(pdf, "/P")[0].S = pikepdf.Name.TD


@defect
def text_without_a_tag(pdf):
    page = pdf.pages[0]
    font = next(iter(page.Resources.Font))
    page.Contents = pdf.make_stream(page.Contents.read_bytes() + f"\nBT {font} 9 Tf 10 10 Td <02> Tj ET".encode())


@defect
def the_tags_of_a_page_are_gone(pdf):
    kept = pdf.pages[0].Contents.read_bytes().replace(b"EMC", b"")
    bare = b"\n".join(line for line in kept.splitlines() if not line.endswith(b"BDC"))
    pdf.pages[0].Contents = pdf.make_stream(bare)


@defect
def no_colour_profile(pdf):
    del pdf.Root["/OutputIntents"]


@defect
def no_metadata(pdf):
    del pdf.Root["/Metadata"]


@defect
def no_font(pdf):
    for font in pdf.pages[0].Resources.Font.values():
        del font.FontDescriptor["/FontFile2"]


@pytest.fixture(scope="module")
def sound():
    zone = Zone(
        "Tried", (Table((Column("What", 1),), (("rest",),)), Figure(picture()), Subheading("x"), Paragraph("y"))
    )
    return render(letter(Letterhead("Clinic", ("Quay",), "Referral letter", ("today",)), zone))


@pytest.mark.parametrize("name", DEFECTS)
def test_the_gate_sees_that_a_tag_is_missing(name, sound, tmp_path):
    assert not faults(sound)
    (tmp_path / "sound.pdf").write_bytes(sound)
    with pikepdf.open(tmp_path / "sound.pdf") as pdf:
        DEFECTS[name](pdf)
        pdf.save(tmp_path / "broken.pdf")
    assert faults((tmp_path / "broken.pdf").read_bytes())


def test_the_gate_stands_in_the_way_of_every_letter(monkeypatch):
    monkeypatch.setattr("intake_app.letter.pdf.archive", lambda drawn, *_: drawn)
    with pytest.raises(AssertionError, match="PDFUA"):
        render(letter(Paragraph("x")))


def test_our_own_checks_see_a_lost_way_back(sound, tmp_path):
    """The validator does not: this is why they are here."""
    (tmp_path / "sound.pdf").write_bytes(sound)
    with pikepdf.open(tmp_path / "sound.pdf") as pdf:
        owners = pdf.Root.StructTreeRoot.ParentTree.Nums[1]
        owners[0], owners[1] = owners[1], owners[0]
        pdf.save(tmp_path / "broken.pdf")
    with pytest.raises(AssertionError):
        check_tree(Reading((tmp_path / "broken.pdf").read_bytes()))
