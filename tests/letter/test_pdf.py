import io
import re
import socket
from dataclasses import replace
from operator import attrgetter
from pathlib import Path

import pikepdf
import pypdf
import pytest

from intake_app.letter import compose, fonts, render
from intake_app.letter.blocks import Column, Letter, Paragraph, Table, Zone
from intake_app.letter.sections import say_identity
from tests.letter.conftest import ISSUED, read_pages, read_stream, squeeze
from tests.letter.pdf_reader import read_page


def letter(*blocks, **more):
    return Letter(
        "Referral letter", "SAMPLE, Maria · born 3 May 1958 · record 4711", "version 1", ISSUED, blocks, **more
    )


def reader(pdf):
    return pypdf.PdfReader(io.BytesIO(pdf))


def test_the_same_letter_gives_the_same_bytes(full_letter, full_pdf):
    assert render(full_letter) == full_pdf


def test_another_letter_has_another_digest(full_letter):
    assert replace(full_letter, watermark="DRAFT").digest != full_letter.digest


def test_who_it_is_about_stands_on_every_page(full_case, full_pdf):
    pages = read_pages(full_pdf)
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        assert say_identity(full_case) in page
        assert f"page {number} of {len(pages)}" in page
        assert "version 1" in page


def test_a_very_long_name_is_written_out_on_every_page():
    long = replace(letter(*[Paragraph("x")] * 200), identity="Nameoften " * 40 + "· born 3 May 1958")
    pages = [squeeze(page) for page in read_pages(render(long))]
    assert len(pages) > 2
    assert all(page.count("Nameoften") == 40 for page in pages)


def test_hebrew_is_drawn_in_its_order_on_every_page():
    quoted = "He said “כאב מאז 2020 (ימין) 8/10” twice."
    about = replace(letter(*[Paragraph(quoted)] * 90), identity="כהן, דוד · born 3 May 1958 · record 12")
    with pikepdf.open(io.BytesIO(render(about))) as pdf:
        pages = [list(read_page(page, glyphs=True)) for page in pdf.pages]
    assert len(pages) > 1
    for page in pages:
        rows = {see_row(page, one.y) for one in page if one.text.startswith("He said “")}
        assert rows == {"He said “8/10 (ןימי) 2020 זאמ באכ” twice."}
        assert see_row(page, min(one.y for one in page)).startswith("דוד ,ןהכ · born 3 May 1958 · record 12version 1")


def see_row(page, y):
    row = [one for one in page if abs(one.y - y) < 1]
    return "".join(one.text for one in sorted(row, key=attrgetter("x")))


def test_another_library_reads_the_same_words(full_pdf):
    one, two = ([squeeze(page) for page in read(full_pdf)] for read in (read_pages, read_stream))
    assert [sorted(page) for page in one] == [sorted(page) for page in two]


def test_nothing_about_the_patient_stands_outside_the_pages(full_pdf):
    info = {str(key): str(value) for key, value in reader(full_pdf).metadata.items()}
    assert info["/Title"] == "Referral letter · Harbour Spine Clinic"
    assert not [value for value in info.values() if re.search("sample|maria|4711|1958", value, re.IGNORECASE)]
    assert info["/CreationDate"] == info["/ModDate"] == "D:20261122094000"
    written = reader(full_pdf).trailer["/Root"]["/Metadata"].get_object().get_data().decode()
    assert not re.search("sample|maria|4711|1958", written, re.IGNORECASE)


def test_the_file_names_its_language_and_shows_its_title(full_pdf):
    root = reader(full_pdf).trailer["/Root"]
    assert root["/Lang"] == "en-US"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]


HOSTILE = (
    "L4<L5 & L5>S1", "<b>bold</b>", "&amp;", "</para>", '<img src="file:///etc/passwd">', '<a href="http://example.org">x</a>',
    "<font size=99>", "%s {0} \\n (((", ") Tj ET /JS", "javascript:alert(1)",
)  # fmt: skip


def test_what_looks_like_markup_is_printed_as_typed_and_does_nothing(monkeypatch):
    def refuse(*_):
        raise AssertionError

    monkeypatch.setattr(socket.socket, "connect", refuse)
    pdf = render(letter(*map(Paragraph, HOSTILE), Table((Column("h", 1),), tuple((text,) for text in HOSTILE))))
    text = "".join(read_pages(pdf))
    assert all(text.count(hostile) == 2 for hostile in HOSTILE)
    file = reader(pdf)
    assert not [page for page in file.pages if page.annotations or page.images]
    assert set(file.trailer["/Root"]) == {
        "/Type", "/Pages", "/PageMode", "/Lang", "/ViewerPreferences", "/MarkInfo", "/StructTreeRoot", "/Metadata", "/OutputIntents",
    }  # fmt: skip
    assert not re.search(rb"/(URI|JS|JavaScript|Launch|EmbeddedFile|OpenAction|AA)\b", pdf)


def test_every_font_is_embedded(full_pdf):
    fonts_of = [font.get_object() for page in reader(full_pdf).pages for font in page["/Resources"]["/Font"].values()]
    assert fonts_of
    assert all("/FontFile2" in font["/FontDescriptor"] for font in fonts_of)


def test_a_missing_glyph_stops_the_letter():
    with pytest.raises(fonts.MissingGlyphError):
        render(letter(Paragraph("नमस्ते")))


def test_pages_have_the_size_that_was_asked_for():
    sizes = {paper: reader(render(letter(Paragraph("x"), paper=paper))).pages[0].mediabox for paper in ("letter", "a4")}
    assert (sizes["letter"].width, sizes["letter"].height) == (612, 792)
    assert round(sizes["a4"].width), round(sizes["a4"].height) == (595, 842)


def test_a_watermark_stands_under_the_text_of_every_page_and_in_words_at_its_head(full_letter):
    marked = replace(full_letter, watermark="NOT REAL")
    pages = read_stream(render(marked))
    assert all(page.startswith("NOT REAL") for page in pages)
    assert all("NOT REAL · Referral letter" in page for page in pages[1:])


def test_a_table_keeps_its_header_over_the_pages_and_breaks_long_words():
    rows = tuple(
        (f"row {number}", "W" * 300 if number == 3 else "long words " * 400 if number == 4 else "x")
        for number in range(150)
    )
    pages = read_pages(render(letter(Zone("Tried", (Table((Column("What", 1), Column("Note", 3)), rows),)))))
    assert len(pages) > 3
    assert all("What Note" in page for page in pages)
    text = "".join(pages)
    assert all(f"row {number} " in text for number in range(150))
    assert squeeze(text).count("W") == 300 + len(pages)
    assert squeeze(text).count("longwords") == 400


def test_nothing_is_drawn_outside_the_page(build, full_answers):
    wide = build(full_answers["answers"] | {"complaint": "W" * 3000}, watermark="DRAFT COPY")
    for page in reader(render(wide)).pages:
        places = []
        page.extract_text(
            visitor_text=lambda text, _cm, tm, *_, places=places: places.append(tm) if text.strip() else None
        )
        assert places


def test_the_folder_of_the_program_is_not_written_to(full_letter):
    before = sorted(Path(fonts.folder()).iterdir())
    render(full_letter)
    assert sorted(Path(fonts.folder()).iterdir()) == before


def test_composing_changes_nothing(full_case, about):
    assert compose(full_case, (), **about) == compose(full_case, (), **about)


def test_what_is_no_block_is_refused_and_an_empty_zone_takes_no_room():
    with pytest.raises(TypeError):
        render(letter("text"))
    assert "Empty" not in "".join(read_pages(render(letter(Zone("Empty", ()), Paragraph("x")))))
