"""Letters that somebody has changed: each way has its own sentence and exit code, and no PDF makes it crash or hang."""

import contextlib
import io
import os
import re
import sys
import zlib
from functools import partial

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, String
from sample_cases import read_samples, say_about
from sample_certificate import make_certificate
from tampering import change, change_file, seal, sign_as

from intake_app import __version__
from intake_app.factors import evaluate_all
from intake_app.outgoing import apart, document, proof
from intake_app.outgoing.document import BUNDLE, CASE_FILE, MANIFEST
from intake_app.outgoing.proof import CODES, ProofError


@pytest.fixture(scope="module")
def pdf(questionnaire):
    case = read_samples(questionnaire)["full_case"]
    return document.make_document(case, evaluate_all(case), say_about())


@pytest.fixture
def look(questionnaire):
    """Return a function from a PDF to what failed, by name, and the exit code."""

    def look(content):
        checks = proof.verify(content, questionnaire)
        return {c.name: c.says for c in checks if c.passed is False}, proof.exit_code(checks)

    return look


def flip(content, at=None):
    place = len(content) // 2 if at is None else at
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def move_a_word(opened):
    """Draw the first line of text of page one a bit lower, and change a letter of it."""
    page = opened.pages[0]
    content = (
        b"\n".join(part.read_bytes() for part in page.obj.Contents)
        if isinstance(page.obj.Contents, Array)
        else page.obj.Contents.read_bytes()
    )
    found = re.search(rb"\(([^()\\]{8,})\) ?Tj|<([0-9A-Fa-f]{8,})>", content)
    start = found.start() + 3
    changed = content[:start] + (b"1" if content[start : start + 1] != b"1" else b"2") + content[start + 1 :]
    page.obj.Contents = opened.make_stream(changed)


def test_an_untouched_letter_passes(pdf, look, questionnaire):
    assert look(pdf) == ({}, 0)
    names = ["manifest", "data", "text", "drawn over", "agreement", "unseen", "footer"]
    assert [check.name for check in proof.verify(pdf, questionnaire)] == names


def test_packing_it_anew_changes_nothing_and_is_told(pdf, look, questionnaire):
    packed = change(pdf, str)
    assert look(packed) == ({}, 0)
    (unseen,) = [check for check in proof.verify(packed, questionnaire) if not check.passed]
    assert (unseen.name, unseen.passed) == ("unseen", None)
    assert unseen.says.startswith("The file was packed anew")


def test_what_is_read_aloud_is_part_of_the_letter(pdf, look):
    def reword(opened):
        figure = next(one for one in opened.objects if isinstance(one, Dictionary) and one.get("/S") == Name.Figure)
        figure.Alt = String("No pain at all.")

    failed, code = look(change(pdf, reword))
    assert set(failed) == {"unseen"}
    assert "tags that are read aloud" in failed["unseen"]
    assert code == CODES["unseen"]


@pytest.mark.parametrize("name", [BUNDLE, CASE_FILE])
def test_one_byte_of_the_data(pdf, look, name):
    failed, code = look(change_file(pdf, name, flip))
    assert f"The data have been changed since the letter was made: {name}." == failed["data"]
    assert code == CODES["data"]


def test_one_word_of_the_text(pdf, look):
    failed, code = look(change(pdf, move_a_word))
    assert failed["text"] == "The text has been changed since the letter was made: page 1."
    assert code == CODES["text"]
    assert "Page 1: it says" in failed["agreement"]


def test_one_byte_of_the_manifest(pdf, look):
    for at in (40, 200, 700):
        failed, code = look(change_file(pdf, MANIFEST, lambda content, at=at: flip(content, at)))
        assert "The manifest has been changed" in failed["manifest"]
        assert code == CODES["manifest"]


def test_data_changed_by_somebody_who_mends_the_manifest(pdf, look):
    def worsen(content):
        return content.replace(b'"weight_loss": "unsure"', b'"weight_loss": "no"')

    failed, code = look(seal(change_file(pdf, CASE_FILE, worsen)))
    assert set(failed) == {"agreement"}
    assert "Text and data do not agree" in failed["agreement"]
    assert "Page 1: it says “" in failed["agreement"]
    assert code == CODES["agreement"]


def test_a_bundle_changed_by_somebody_who_mends_the_manifest(pdf, look):
    failed, _ = look(seal(change_file(pdf, BUNDLE, lambda content: content.replace(b"Penicillin", b"Penicillan"))))
    assert "referral.fhir.json says something else than case.json." in failed["agreement"]


def test_text_changed_by_somebody_who_mends_the_manifest(pdf, look):
    failed, code = look(seal(change(pdf, move_a_word)))
    assert set(failed) == {"agreement"}
    assert code == CODES["agreement"]


def test_data_that_are_no_case_at_all(pdf, look):
    for content in (b"[]", b"{", b'{"patient": 1, "answers": 2, "letter": {}}'):
        failed, _ = look(seal(change_file(pdf, CASE_FILE, lambda _, content=content: content)))
        assert "they are no case of this program" in failed["agreement"]


def test_a_page_taken_out_or_turned_round(pdf, look):
    failed, code = look(change(pdf, lambda opened: opened.pages.__delitem__(1)))
    assert re.search(r"The letter has \d+ pages instead of \d+\.", failed["text"])
    assert code == CODES["text"]
    failed, _ = look(change(pdf, lambda opened: opened.pages.reverse()))
    assert "pages 1, 2" in failed["text"]


def test_a_box_drawn_over_the_text(pdf, look):
    def cover(opened):
        note = Dictionary(Type=Name.Annot, Subtype=Name.FreeText, Rect=Array([0, 0, 600, 700]), Contents=String("x"))
        opened.pages[0].obj.Annots = Array([opened.make_indirect(note)])

    failed, code = look(change(pdf, cover))
    assert failed["drawn over"] == "Something was put over the letter after it was made: a note or drawing on page 1."
    assert code == CODES["drawn over"]


def test_pages_of_another_letter(pdf, look, questionnaire):
    case = read_samples(questionnaire)["stenosis"]
    other = document.make_document(case, evaluate_all(case), say_about())

    def swap(opened):
        with pikepdf.open(io.BytesIO(other)) as donor:
            opened.pages[0] = donor.pages[0]

    failed, _ = look(seal(change(pdf, swap)))
    assert set(failed) == {"agreement", "footer"}
    assert "The foot of page 1 does not show this letter's mark" in failed["footer"]


def test_a_letter_of_another_version_is_not_made_again(pdf, questionnaire):
    checks = {c.name: c for c in proof.verify(seal(pdf, program="0.0.9"), questionnaire)}
    assert checks["agreement"].passed is None
    assert "made with version 0.0.9" in checks["agreement"].says
    assert __version__ in checks["agreement"].says
    assert "whether its pages look as they were issued cannot be told here" in checks["agreement"].says
    assert proof.exit_code(list(checks.values())) == CODES["unproven"]


def test_a_broken_signature_is_told(pdf, questionnaire):
    broken = change(pdf, str) + b"\n% /ByteRange [0 10 20 30] \n"
    check = {c.name: c for c in proof.verify(broken, questionnaire)}["signature"]
    assert not check.passed
    assert check.says


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"hello", b"\0" * 5000, b"%PDF-1.7\n" + os.urandom(3000)])
def test_what_is_no_pdf(content, questionnaire):
    with pytest.raises(ProofError, match="damaged, locked or too large") as caught:
        proof.verify(content, questionnaire)
    assert caught.value.code == CODES["unreadable"]


def test_a_pdf_of_somebody_else(questionnaire):
    with pikepdf.new() as other:
        other.add_blank_page()
        out = io.BytesIO()
        other.save(out)
    with pytest.raises(ProofError, match="not made by this program") as caught:
        proof.verify(out.getvalue(), questionnaire)
    assert caught.value.code == CODES["foreign"]


def test_a_locked_copy(pdf, questionnaire):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.save(out, encryption=pikepdf.Encryption(user="secret", owner="secret"))
    with pytest.raises(ProofError, match="damaged, locked"):
        proof.verify(out.getvalue(), questionnaire)


def test_a_file_with_two_contents(pdf, questionnaire):
    def double(opened):
        opened.attachments[CASE_FILE].obj.EF.UF = opened.make_stream(b"{}")

    with pytest.raises(ProofError, match="damaged"):
        proof.verify(change(pdf, double), questionnaire)


@pytest.mark.parametrize("where", ["page", CASE_FILE, MANIFEST])
def test_a_bomb(pdf, questionnaire, where):
    packed = zlib.compress(b"0" * (proof.UNPACKED + 1_000_000))

    def plant(opened):
        bomb = pikepdf.Stream(opened, packed, Filter=Name.FlateDecode)
        if where == "page":
            opened.pages[0].obj.Contents = opened.make_indirect(bomb)
        else:
            file = opened.attachments[where].obj.EF
            file.F = file.UF = opened.make_indirect(bomb)

    with pytest.raises(ProofError, match="too large"):
        proof.verify(change(pdf, plant), questionnaire)


def test_objects_that_refer_to_each_other(pdf, look):
    def tangle(opened):
        one = opened.make_indirect(Dictionary())
        one.Other = opened.make_indirect(Dictionary(Back=one))
        opened.pages[0].obj.Resources.Loop = one

    failed, _ = look(change(pdf, tangle))
    assert "text" in failed


def test_layers_that_can_be_switched_off(pdf, look):
    def layer(opened):
        opened.Root.OCProperties = Dictionary(OCGs=Array([]), D=Dictionary())

    failed, _ = look(change(pdf, layer))
    assert "layers" in failed["drawn over"]


def test_a_file_that_is_too_large_is_not_opened(pdf, questionnaire, monkeypatch):
    monkeypatch.setattr(proof, "LARGEST", 100)
    with pytest.raises(ProofError, match="too large"):
        proof.verify(pdf, questionnaire)


def test_a_manifest_that_is_no_manifest(pdf, look):
    for content in (b"[]", b"{", b"{}", b"\xff"):
        failed, _ = look(change_file(pdf, MANIFEST, lambda _, content=content: content))
        assert set(failed) == {"manifest"}


def test_where_nothing_checks_signatures_the_letter_is_checked_all_the_same(signed, questionnaire, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyhanko", None)
    monkeypatch.setitem(sys.modules, "pyhanko.sign", None)
    checks = {check.name: check for check in proof.verify(signed, questionnaire)}
    assert checks["signature"].passed is None
    assert "was not checked" in checks["signature"].says
    assert proof.exit_code(list(checks.values())) == 0


@pytest.mark.parametrize(
    ("found", "expected", "says"),
    [
        ("pain left leg", "pain right leg", "it says “left” where the data say “right”."),
        ("pain leg", "pain right leg", "it says “” where the data say “right”."),
        ("pain leg more", "pain leg", "it says “more” where the data say “”."),
    ],
)
def test_the_first_difference_is_told(found, expected, says):
    assert proof._say_difference(found, expected) == says


def test_a_chain_too_deep_to_follow(pdf, questionnaire):
    def chain(opened):
        link = opened.make_indirect(Dictionary())
        for _ in range(5000):
            link = opened.make_indirect(Dictionary(Next=link))
        opened.pages[0].obj.Resources.Chain = link

    with pytest.raises(ProofError, match="damaged"):
        proof.verify(change(pdf, chain), questionnaire)


@given(at=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_flipped_bit_makes_it_crash(pdf, questionnaire, at, bit):
    place = int(at * len(pdf))
    spoilt = pdf[:place] + bytes([pdf[place] ^ 1 << bit]) + pdf[place + 1 :]
    with contextlib.suppress(ProofError):
        assert proof.exit_code(proof.verify(spoilt, questionnaire)) in {0, *CODES.values()}


def test_a_process_of_its_own_says_the_same(pdf, tmp_path):
    path = tmp_path / "letter.pdf"
    path.write_bytes(pdf)
    checks, code = apart.verify(path)
    assert code == 0
    assert [check["name"] for check in checks if not check["passed"]] == []
    assert set(apart.extract(path)) == {BUNDLE, CASE_FILE, MANIFEST}


def test_what_takes_too_long_is_ended(pdf, tmp_path, monkeypatch):
    path = tmp_path / "letter.pdf"
    path.write_bytes(pdf)
    monkeypatch.setattr(apart, "SECONDS", 0.01)
    with pytest.raises(apart.RefusedError, match="too long or too much memory") as caught:
        apart.verify(path)
    assert caught.value.code == CODES["unreadable"]


@pytest.fixture(scope="module")
def signed(questionnaire):
    """Return the letter, signed with a certificate made here."""
    pytest.importorskip("pyhanko", reason="pyHanko is not installed: nothing can be signed")
    case, sign = read_samples(questionnaire)["full_case"], partial(sign_as, make_certificate())
    return document.make_document(case, evaluate_all(case), say_about(signed_by="Dr Ada Lind"), sign=sign)


def test_a_signed_letter_passes(signed, questionnaire):
    checks = proof.verify(signed, questionnaire)
    assert [check.passed for check in checks] == [True] * 8
    assert "Signed by Dr Ada Lind" in checks[-1].says


def test_one_byte_of_the_signature(signed, look):
    start = signed.index(b"/Contents <") + 200
    failed, code = look(signed[:start] + (b"0" if signed[start : start + 1] != b"0" else b"1") + signed[start + 1 :])
    assert set(failed) == {"signature"}
    assert code == CODES["signature"]


def test_a_word_changed_after_signing(signed, look):
    failed, code = look(change(signed, move_a_word))
    assert {"text", "agreement", "signature"} <= set(failed)
    assert code == CODES["text"]
