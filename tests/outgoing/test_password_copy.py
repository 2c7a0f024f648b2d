"""The copy with a password: locked as strongly as PDF can, readable aloud, and never taken for the archive copy."""

import io
from datetime import datetime

import page
import pikepdf
import pypdf
import pypdfium2
import pytest
from sample_certificate import AT, PASSPHRASE, PROFILES, make_certificate

from intake_app.errors import UserError
from intake_app.letter import Attachment, render
from intake_app.letter.blocks import Letter, Letterhead, PageBreak, Paragraph, Zone
from intake_app.outgoing.password_copy import ALPHABET, lock_copy, make_password
from intake_app.outgoing.signing import is_signed, sign

PASSWORD = "four words of yours"  # noqa: S105  of copies made here
DATA = b'{"resourceType": "Bundle"}'


def make_letter(language="en-US"):
    blocks = (
        Letterhead("Harbour Spine Clinic", ("12 Quay Street",), "Referral letter", ("22 November 2026",)),
        Zone("Problem", (Paragraph("Pain in the left leg for eleven months."),)),
        PageBreak(),
        Zone("Details", (Paragraph("Walks 200 m."),)),
    )
    letter = Letter("Referral letter", "SAMPLE, Maria", "version 1", datetime(2026, 11, 22), blocks, language)  # noqa: DTZ001
    return render(letter, (Attachment("referral.fhir.json", DATA, "application/fhir+json", "The same as data."),))


@pytest.fixture(scope="module")
def letter():
    return make_letter()


@pytest.fixture(scope="module")
def copy(letter):
    return lock_copy(letter, PASSWORD)


def read(copy, password=PASSWORD):
    return pypdf.PdfReader(io.BytesIO(copy), password=password)


def test_it_opens_with_the_password_only(copy):
    assert "Pain in the left leg" in read(copy).pages[0].extract_text()
    for wrong in ("", "four words", PASSWORD.upper()):
        with pytest.raises(pikepdf.PasswordError):
            pikepdf.open(io.BytesIO(copy), password=wrong)
    for words in (b"Pain in", b"Referral", b"Harbour", b"Bundle"):
        assert words not in copy


def test_it_is_locked_with_aes_256_and_leaves_screen_readers_and_printers_in(copy):
    with pikepdf.open(io.BytesIO(copy), password=PASSWORD) as pdf:
        lock = pdf.encryption
        assert (lock.R, lock.V, lock.bits) == (6, 5, 256)
        methods = {lock.stream_method, lock.string_method, lock.file_method}
        assert {str(method) for method in methods} == {"EncryptionMethod.aesv3"}
        assert pdf.allow.accessibility
        assert pdf.allow.print_highres


def test_another_program_opens_it(copy):
    with pypdfium2.PdfDocument(copy, password=PASSWORD) as document:
        assert "Walks 200 m." in document[1].get_textpage().get_text_range()
    with pytest.raises(pypdfium2.PdfiumError, match="password"):
        pypdfium2.PdfDocument(copy)


@pytest.mark.parametrize(
    ("language", "says"),
    [("en-US", "Password copy. The archive copy is"), ("es-US", "Copia con contraseña. La copia de archivo es")],
)
def test_title_and_every_page_say_that_it_is_not_the_archive_copy(language, says):
    copy = read(lock_copy(make_letter(language), PASSWORD))
    assert says in copy.metadata.title
    assert says in copy.metadata.subject
    assert says in copy.xmp_metadata.dc_title["x-default"]
    assert len(copy.pages) == 2
    assert all(says in page.extract_text() for page in copy.pages)


def test_it_claims_to_be_no_archive_and_can_still_be_read_aloud(copy, tmp_path):
    with pikepdf.open(io.BytesIO(copy), password=PASSWORD) as pdf:
        with pdf.open_metadata() as meta:
            assert not meta.pdfa_status
            assert meta["pdfuaid:part"] == "1"
        pdf.save(tmp_path / "open.pdf", encryption=False)
    assert page.validate_pdf(str(tmp_path / "open.pdf"), profile=PROFILES[0]).failures == []


def test_the_data_inside_travels_with_it(copy):
    assert read(copy).attachments["referral.fhir.json"] == [DATA]


def test_the_letter_itself_is_untouched(letter):
    before = bytes(letter)
    lock_copy(letter, PASSWORD)
    assert letter == before


def test_the_copy_of_a_signed_letter_has_no_broken_signature(letter, tmp_path):
    signed = sign(letter, make_certificate(), PASSPHRASE, signed_at=AT)
    with pikepdf.open(io.BytesIO(lock_copy(signed, PASSWORD)), password=PASSWORD) as pdf:
        pdf.save(tmp_path / "open.pdf", encryption=False)
    opened = (tmp_path / "open.pdf").read_bytes()
    assert not is_signed(opened)
    assert b"ByteRange" not in opened
    assert page.validate_pdf(str(tmp_path / "open.pdf"), profile=PROFILES[0]).failures == []


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("", "too short"),
        ("nine char", "too short"),
        ("x" * 128, "too long"),
        ("é" * 64, "too long"),
        (" four words of yours", "begins or ends with a space"),
        ("four words\tof yours", "cannot be typed"),
    ],
)
def test_a_password_that_would_not_do_is_refused(letter, password, says):
    with pytest.raises(UserError, match=says) as refused:
        lock_copy(letter, password)
    assert refused.value.hint


def test_a_password_opens_however_its_letters_are_composed(letter):
    decomposed = "Gro\u0308\u00dfe der Wo\u0308rter"
    composed = "Gr\u00f6\u00dfe der W\u00f6rter"
    assert "Pain" in read(lock_copy(letter, decomposed), composed).pages[0].extract_text()


def test_a_locked_or_damaged_letter_is_refused(copy):
    with pytest.raises(UserError, match="has a password already"):
        lock_copy(copy, PASSWORD)
    with pytest.raises(UserError, match="file is damaged"):
        lock_copy(b"rubbish", PASSWORD)


def test_an_offered_password_locks_and_can_be_told_by_telephone(letter):
    offered = {make_password() for _ in range(200)}
    assert len(offered) == 200
    assert {character for one in offered for character in one} <= set(ALPHABET) | {"-"}
    assert len(ALPHABET) == len(set(ALPHABET)) == 32
    assert not set(ALPHABET) & set("01IO")
    one = offered.pop()
    assert "Pain" in read(lock_copy(letter, one), one).pages[0].extract_text()
