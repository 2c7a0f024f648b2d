"""The whole document: its files, its bytes, and that it stays what the letter's tests ask of a letter."""

import io
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

import page as validation
import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from sample_cases import TODAY, read_samples, say_about
from sample_certificate import AT, PASSPHRASE, PROFILES, make_certificate
from strategies import cases

from intake_app import letter
from intake_app.case import make_case
from intake_app.errors import UserError
from intake_app.factors import evaluate_all
from intake_app.letter.pdf_sums import hash_pages
from intake_app.outgoing import document, proof, signing


@pytest.fixture(scope="module")
def samples(questionnaire):
    return read_samples(questionnaire)


def make(case, **more):
    return document.make_document(case, evaluate_all(case), say_about(**more))


@pytest.fixture(scope="module")
def full_pdf(samples):
    return make(samples["full_case"])


def test_the_same_case_and_version_give_the_same_bytes(samples, full_pdf):
    assert make(samples["full_case"]) == full_pdf
    assert make(samples["full_case"], version=2, reason="MRI") != full_pdf


def test_the_name_of_a_time_zone_changes_nothing(samples):
    case = samples["just_begun"]
    named = make(case, issued=datetime(2026, 11, 22, 9, 40, tzinfo=ZoneInfo("America/New_York")))
    fixed = make(case, issued=datetime(2026, 11, 22, 9, 40, tzinfo=timezone(timedelta(hours=-5), "EST")))
    assert named == fixed


def test_three_files_belong_to_the_letter(full_pdf):
    with pikepdf.open(io.BytesIO(full_pdf)) as pdf:
        assert set(pdf.attachments) == {"referral.fhir.json", "case.json", "manifest.json"}
        kinds = {str(file.UF): str(file.AFRelationship) for file in pdf.Root.AF}
    assert kinds == {"referral.fhir.json": "/Data", "case.json": "/Source", "manifest.json": "/Data"}


@pytest.mark.parametrize("profile", ["PDF_UA_1", "PDF_A_3A"])
def test_it_can_be_read_aloud_and_archived(full_pdf, profile, tmp_path):
    path = tmp_path / "letter.pdf"
    path.write_bytes(full_pdf)
    report = validation.validate_pdf(str(path), profile=getattr(validation.ValidationProfile, profile))
    assert report.is_compliant, report.failures


def test_the_case_file_makes_the_same_letter(samples, full_pdf, questionnaire):
    case, about = document.read_letter_case(proof.read_files(full_pdf)["case.json"], questionnaire)
    assert case.answers == samples["full_case"].answers
    assert document.make_document(case, evaluate_all(case), about) == full_pdf


def test_everything_a_letter_can_be_made_with_comes_back(questionnaire):
    moment = datetime(2026, 11, 22, 8, 15, tzinfo=UTC)
    case = make_case(
        questionnaire, {"family_name": "Roe"}, {"night_pain": "no"}, TODAY, {"night_pain": moment},
        profile="UK-12wk", signed=frozenset({"bmi_30_or_more"}),
    )  # fmt: skip
    about = say_about(
        version=3, rules_signed=("one", "two"), signed_by="Dr P. Hale", watermark="NOT REAL", reason="New MRI",
        changes=("Imaging added",), paper="a4",
    )  # fmt: skip
    again, about_again = document.read_letter_case(document.write_letter_case(case, about), questionnaire)
    assert again == case
    assert about_again == about


def test_an_extracted_case_file_is_a_case_file(full_pdf):
    part = json.loads(document.read_case_part(proof.read_files(full_pdf)["case.json"].decode()))
    assert set(part) == {"patient", "answers"}
    for text in ("", "[]", '{"patient": {}}', "{" * 5000):
        assert document.read_case_part(text) == text


def test_what_cannot_be_printed_is_named_before_anything_is_drawn(questionnaire):
    case = make_case(questionnaire, {"family_name": "Roe \U0001f9ff"}, {}, TODAY)
    with pytest.raises(UserError, match="Family name"):
        make(case)


def test_any_mapping_is_kept(samples):
    plain = make(samples["empty"])
    assert make(samples["empty"], clinic=MappingProxyType(dict(say_about()["clinic"]))) == plain


def test_what_no_case_file_can_keep_is_refused(samples):
    with pytest.raises(UserError, match="cannot be kept"):
        make(samples["empty"], clinic={"name": "A", "logo": object()})


def test_a_page_keeps_its_sum_when_it_is_packed_otherwise(full_pdf):
    with pikepdf.open(io.BytesIO(full_pdf)) as pdf:
        before, out = hash_pages(pdf), io.BytesIO()
        pdf.save(out, linearize=True, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.generalized)
    with pikepdf.open(out) as pdf:
        assert hash_pages(pdf) == before
        assert len(set(before)) == len(before)


ANYWAY = """
import sys
from datetime import UTC, datetime
sys.path.insert(0, sys.argv[1])
from sample_cases import read_samples, say_about
from intake_app import paths, questions, rules
from intake_app.factors import evaluate_all
from intake_app.outgoing import document
case = read_samples(questions.load(paths.resources()))["full_case"]
about = say_about(version=2, reason="MRI", changes=("one",), enclosures=("MRI (PDF, 1 page)",), left_out=("alignment",))
sys.stdout.buffer.write(document.make_document(case, evaluate_all(case), about))
"""


def test_two_processes_make_the_same_bytes():
    here = Path(__file__).parents[1]
    made = [
        subprocess.run(
            [sys.executable, "-c", ANYWAY, str(here)],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(here.parent)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert made[0].startswith(b"%PDF")
    assert made[0] == made[1]


def make_logo():
    out = io.BytesIO()
    Image.new("RGB", (60, 20), (9, 9, 9)).save(out, "PNG")
    return letter.Logo(out.getvalue(), 60, 20, "A sail")


PACKED = {
    "copies": ({"name": "Dr Ada Lind", "clinic": "Quay Practice"},),
    "enclosures": ("MRI report (PDF, 2 pages)",),
    "left_out": ("medicines", "alignment"),
}


def test_logo_copies_enclosures_and_what_is_left_out_are_proved_too(samples, questionnaire):
    pdf = make(samples["full_case"], logo=make_logo(), **PACKED)
    checks = proof.verify(pdf, questionnaire)
    assert [check.passed for check in checks] == [True] * 7
    case, about = document.read_letter_case(proof.read_files(pdf)["case.json"], questionnaire)
    assert about["logo"] == letter.Logo(make_logo().content, 60, 20, "A sail")
    assert document.make_document(case, evaluate_all(case), about) == pdf


def test_what_is_left_out_is_in_no_file_of_the_letter(samples):
    whole, cut = (proof.read_files(make(samples["stenosis"], left_out=pages)) for pages in ((), ("medicines",)))
    for name in ("case.json", "referral.fhir.json"):
        assert b"Apixaban" in whole[name]
        assert b"Apixaban" not in cut[name]
    assert not any('"medicines' in json.dumps(part) for part in json.loads(cut["case.json"])["answered_at"])


def test_a_list_that_is_left_out_is_withheld_and_not_called_unasked(samples):
    bundle = json.loads(
        proof.read_files(make(samples["stenosis"], left_out=("imaging", "alignment")))["referral.fhir.json"]
    )
    (section,) = [one for one in bundle["entry"][0]["resource"]["section"] if one["title"] == "Imaging"]
    assert section["emptyReason"]["coding"][0]["code"] == "withheld"


def test_the_archive_copy_knows_nothing_of_headed_paper(samples):
    case = samples["just_begun"]
    assert make(case, preprinted=120.0) == make(case)


def test_signed_is_said_only_of_a_letter_that_is(samples, questionnaire):
    case = samples["just_begun"]
    findings, named = evaluate_all(case), say_about(signed_by="Dr Ada Lind")
    sign = partial(signing.sign, pkcs12_file=make_certificate(), passphrase=PASSPHRASE, signed_at=AT)
    for about, tried in ((named, None), (say_about(), sign), (named, bytes), (named, lambda pdf: pdf[:-9])):
        with pytest.raises(UserError, match="signed"):
            document.make_document(case, findings, about, sign=tried)
    signed = document.make_document(case, findings, named, sign=sign)
    assert [check.passed for check in proof.verify(signed, questionnaire)] == [True] * 8
    unsigned = proof.verify(document.make_unsigned(case, findings, named), questionnaire)
    assert [check.says for check in unsigned if check.passed is False] == [
        "The letter says that Dr Ada Lind signed it, and it carries no signature."
    ]


@pytest.mark.parametrize("name", ["many", "hostile"])
def test_both_standards_hold_after_signing(questionnaire, name):
    treatments = [{"category": "nsaid", "agent": f"Agent {number}", "note": "Word. " * 9} for number in range(200)]
    hostile = "L4<L5 & L5>S1 %s {0} ) Tj ET /JS " + "W" * 300 + " 王小明 שלום مرحبا Ελληνικά ệ 한국어"
    answers = {"many": {"treatments": treatments}, "hostile": dict.fromkeys(("complaint", "goals"), hostile)}[name]
    case = make_case(questionnaire, {"family_name": hostile[:80]}, answers, TODAY)
    sign = partial(signing.sign, pkcs12_file=make_certificate(), passphrase=PASSPHRASE, signed_at=AT)
    made = document.make_document(case, evaluate_all(case), say_about(signed_by="Dr Ada Lind"), sign=sign)
    for profile in PROFILES:
        report = validation.validate_pdf_bytes(made, profile=profile)
        assert report.is_compliant, report.failures
    assert signing.check_signature(made).intact


@given(data=st.data())
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_case_makes_a_document_that_proves_itself(questionnaire, data):
    checks = proof.verify(make(data.draw(cases(questionnaire))), questionnaire)
    assert [check.passed for check in checks] == [True] * len(checks), checks
