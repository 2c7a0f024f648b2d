"""Signatures: who signed and when, what breaks them, and that a signed letter can still be read aloud and archived."""

import io
import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import page
import pikepdf
import pypdf
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from sample_certificate import AT, PASSPHRASE, PROFILES, make_certificate

from intake_app import rules  # noqa: F401  registers every rule
from intake_app.case import read_case_file
from intake_app.errors import UserError
from intake_app.factors import evaluate_all
from intake_app.letter import compose, render
from intake_app.letter.blocks import Bullets, Letter, Letterhead, Paragraph, Zone
from intake_app.outgoing.signing import check_signature, is_signed, read_certificate, sign


def make_letter(language="en-US"):
    blocks = (
        Letterhead("Harbour Spine Clinic", ("12 Quay Street",), "Referral letter", ("22 November 2026",)),
        Zone(
            "Problem", (Paragraph("Pain in the left leg for eleven months."), Bullets(("walks 200 m", "sleeps badly")))
        ),
    )
    return render(Letter("Referral letter", "SAMPLE, Maria", "version 1", datetime(2026, 11, 22), blocks, language))  # noqa: DTZ001


@pytest.fixture(scope="module")
def certificate():
    return make_certificate()


@pytest.fixture(scope="module")
def letter():
    return make_letter()


@pytest.fixture(scope="module")
def signed(letter, certificate):
    return sign(letter, certificate, PASSPHRASE, signed_at=AT)


def failures(pdf, folder):
    path = folder / "letter.pdf"
    path.write_bytes(pdf)
    return [f.rule_id for profile in PROFILES for f in page.validate_pdf(str(path), profile=profile).failures]


def test_a_signed_letter_says_by_whom_and_when(signed):
    report = check_signature(signed)
    assert (report.state, report.by, report.at) == ("intact", "Dr Ada Lind", AT)
    assert report.intact
    assert report.sentence.startswith("Signed by Dr Ada Lind on 2026-11-22 at 10:00 and unchanged since.")
    assert "issued by its holder" in report.sentence


@pytest.mark.skipif(not shutil.which("pdfsig"), reason="pdfsig is not installed: only pyHanko checks the signature")
def test_another_program_finds_the_signature_valid(signed, tmp_path):
    (tmp_path / "signed.pdf").write_bytes(signed)
    done = subprocess.run(["pdfsig", "-nocert", tmp_path / "signed.pdf"], capture_output=True, text=True, check=False)
    assert "Signature is Valid" in done.stdout
    assert "Total document signed" in done.stdout
    assert "ETSI.CAdES.detached" in done.stdout


def test_a_signed_letter_is_still_accessible_and_archivable(letter, signed, tmp_path):
    assert failures(letter, tmp_path) == []
    assert failures(signed, tmp_path) == []


def test_the_field_is_named_in_the_letters_language(certificate):
    with pikepdf.open(io.BytesIO(sign(make_letter("es-US"), certificate, PASSPHRASE, signed_at=AT))) as pdf:
        field = pdf.Root.AcroForm.Fields[0]
        assert str(field.TU) == str(field.Contents) == "Firma electrónica de la carta"


def test_signing_changes_neither_text_nor_metadata(letter, signed):
    before, after = (pypdf.PdfReader(io.BytesIO(pdf)) for pdf in (letter, signed))
    assert [p.extract_text() for p in before.pages] == [p.extract_text() for p in after.pages]
    with pikepdf.open(io.BytesIO(letter)) as old, pikepdf.open(io.BytesIO(signed)) as new:
        assert old.Root.Metadata.read_bytes() == new.Root.Metadata.read_bytes()
        assert dict(old.docinfo) == dict(new.docinfo)


def test_the_fullest_letter_holds_both_standards_after_signing_too(questionnaire, certificate, tmp_path):
    text = (Path(__file__).parents[1] / "letter" / "full_case.json").read_text("utf-8")
    case = read_case_file(text, questionnaire, AT.date())
    about = {"clinic": {"name": "Harbour Spine Clinic"}, "recipient": {"name": "Dr Jane Ortega"}, "issued": AT}
    signed = sign(render(compose(case, evaluate_all(case), **about)), certificate, PASSPHRASE, signed_at=AT)
    assert check_signature(signed).intact
    assert failures(signed, tmp_path) == []


@pytest.mark.parametrize("place", [0, 0.3, 0.6, 0.9, 0.99])
def test_one_changed_byte_is_found(signed, place):
    for at in range(int(len(signed) * place), min(int(len(signed) * place) + 40, len(signed))):
        changed = bytearray(signed)
        changed[at] ^= 1
        assert check_signature(bytes(changed)).state in {"altered", "damaged"}, at


def test_a_changed_word_an_addition_and_a_damaged_signature_have_their_own_sentences(signed):
    room = signed.index(b"/Contents <") + 11
    end = signed.index(b">", room)
    reports = {
        "altered": check_signature(signed.replace(b"Referral letter issued", b"Referral letter denied")),
        "extended": check_signature(signed + b"\n% more\n"),
        "damaged": check_signature(signed[: end - 2] + b"01" + signed[end:]),
    }
    assert {state: report.state for state, report in reports.items()} == {state: state for state in reports}
    assert len({report.sentence for report in reports.values()}) == len(reports)
    assert all("Dr Ada Lind" in report.sentence and not report.intact for report in reports.values())


def test_blank_room_beside_the_signature_may_not_change_either(signed):
    end = signed.index(b">", signed.index(b"/Contents <") + 11)
    assert check_signature(signed[: end - 1] + b" " + signed[end:]).state == "damaged"


def test_the_remains_of_a_signature_are_not_taken_for_no_signature(signed):
    assert check_signature(signed.replace(b"/ETSI.CAdES.detached", b"/ETSI.XAdES.detached")).state == "damaged"


def test_a_letter_without_a_signature_says_so(letter):
    assert check_signature(letter).state == "unsigned"
    assert not is_signed(letter)


def test_a_signed_letter_is_known_as_one_and_not_signed_twice(signed, certificate):
    assert is_signed(signed)
    with pytest.raises(UserError, match="signed already"):
        sign(signed, certificate, PASSPHRASE, signed_at=AT)


@pytest.mark.parametrize("content", [b"", b"rubbish", b"%PDF-1.7\n"])
def test_what_is_no_pdf_is_damaged_and_never_intact(content):
    assert check_signature(content).state == "damaged"


@pytest.mark.parametrize(
    ("made", "passphrase", "says"),
    [
        ({}, "wrong", "passphrase does not open"),
        ({}, "", "passphrase does not open"),
        ({"kept": False}, PASSPHRASE, "no private key"),
        ({"begins": 2}, PASSPHRASE, "valid only from 2026-11-24"),
        ({"begins": -400, "ends": -3}, PASSPHRASE, "expired on 2026-11-19"),
        ({"usage": "key_encipherment"}, PASSPHRASE, "not meant for signatures"),
    ],
)
def test_a_certificate_that_cannot_sign_is_refused_with_a_sentence(letter, made, passphrase, says):
    with pytest.raises(UserError, match=says) as refused:
        sign(letter, make_certificate(**made), passphrase, signed_at=AT)
    assert refused.value.hint


@pytest.mark.parametrize("content", [b"", b"rubbish", make_certificate()[:200]])
def test_a_damaged_certificate_file_is_refused(letter, content):
    with pytest.raises(UserError, match="damaged or is not a certificate file"):
        sign(letter, content, PASSPHRASE, signed_at=AT)


@pytest.mark.parametrize("usage", ["digital_signature", "content_commitment"])
def test_certificates_for_signing_sign(letter, usage):
    made = make_certificate(usage=usage, key=rsa.generate_private_key(65537, 2048))
    assert check_signature(sign(letter, made, PASSPHRASE, signed_at=AT)).intact


def test_the_holder_is_shown_before_signing(certificate):
    read = read_certificate(certificate, PASSPHRASE)
    assert (read.subject, read.issuer, read.self_issued) == ("Dr Ada Lind", "Dr Ada Lind", True)
    assert (read.begins, read.ends) == (AT - timedelta(days=1), AT + timedelta(days=365))


def test_a_time_outside_the_certificates_is_said(letter, certificate, monkeypatch):
    monkeypatch.setattr("intake_app.outgoing.signing._refuse_unfit", lambda *_: None)  # as another program may sign
    report = check_signature(sign(letter, certificate, PASSPHRASE, signed_at=AT + timedelta(days=900)))
    assert "was not valid at that time" in report.sentence


def test_without_the_extra_part_signing_and_checking_say_what_is_missing(letter, certificate, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyhanko.sign", None)
    for attempt in (
        lambda: sign(letter, certificate, PASSPHRASE, signed_at=AT),
        lambda: check_signature(letter),
    ):
        with pytest.raises(UserError, match="not installed") as refused:
            attempt()
        assert "extra “sign”" in refused.value.hint


def test_pyhanko_is_loaded_only_on_demand():
    code = "import sys, intake_app.outgoing.signing; print('pyhanko' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_checking_a_tampered_file_writes_no_log(signed, caplog):
    check_signature(signed.replace(b"/ETSI.CAdES.detached", b"/ETSI.XAdES.detached"))
    assert not caplog.records


def test_another_issuer_is_named_and_not_judged(letter):
    made = make_certificate(issuer="Health Authority of Maine")
    report = check_signature(sign(letter, made, PASSPHRASE, signed_at=AT))
    assert "issued by Health Authority of Maine; this program does not judge the issuer" in report.sentence
    assert not report.certificate.self_issued


def test_a_damaged_letter_is_not_signed(letter, certificate):
    with pytest.raises(UserError, match="file is damaged"):
        sign(letter[:100], certificate, PASSPHRASE, signed_at=AT)
