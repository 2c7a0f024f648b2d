"""One byte of a letter changed, wherever it is: it is never said to be as it was issued, signed or not."""

import pytest
from sample_cases import read_samples, say_about
from sample_certificate import AT, PASSPHRASE, make_certificate
from tampering import choose_places, find_regions, seems_as_issued, spoil

from intake_app.factors import evaluate_all
from intake_app.outgoing import document, proof, signing
from intake_app.outgoing.document import BUNDLE, CASE_FILE, MANIFEST

EACH = 4  # places of every region
SENTENCES = [
    ("unsigned", "pages", "text", "The text has been changed since the letter was made: page "),
    ("unsigned", BUNDLE, "data", f"The data have been changed since the letter was made: {BUNDLE}."),
    ("unsigned", CASE_FILE, "data", f"The data have been changed since the letter was made: {CASE_FILE}."),
    ("unsigned", "metadata", "unseen", "What is not seen on the pages has been changed: "),
    ("signed", "metadata", "signature", "The file was changed after Dr Ada Lind signed it. Do not use it."),
    ("signed", "signature", "signature", "The signature in the name of Dr Ada Lind is damaged. Do not rely on it."),
]
SEED = 20261122


@pytest.fixture(scope="module")
def letters(questionnaire):
    """Return a letter, unsigned and signed."""
    pytest.importorskip("pyhanko", reason="pyHanko is not installed: nothing can be signed")
    case = read_samples(questionnaire)["just_begun"]
    findings, certificate = evaluate_all(case), make_certificate()

    def sign(pdf):
        return signing.sign(pdf, certificate, PASSPHRASE, signed_at=AT)

    signed = document.make_document(case, findings, say_about(signed_by="Dr Ada Lind"), sign=sign)
    return {"unsigned": document.make_document(case, findings, say_about()), "signed": signed}


def test_untouched_letters_are_as_they_were_issued(letters, questionnaire):
    assert [name for name, pdf in letters.items() if not seems_as_issued(pdf, questionnaire)] == []


def test_every_part_of_the_file_is_known(letters):
    expected = {"pages", "metadata", BUNDLE, CASE_FILE, MANIFEST, "tags", "cross-references", "anywhere"}
    assert set(find_regions(letters["unsigned"])) == expected
    assert set(find_regions(letters["signed"])) == expected | {"signature"}


@pytest.mark.parametrize("kind", ["unsigned", "signed"])
def test_one_byte_changed_anywhere_is_noticed(letters, questionnaire, kind):
    pdf = letters[kind]
    missed = [
        (name, place, bit)
        for name, place, bit in choose_places(find_regions(pdf), EACH, SEED)
        if seems_as_issued(spoil(pdf, place, bit), questionnaire)
    ]
    assert missed == []


@pytest.mark.parametrize(("kind", "region", "name", "sentence"), SENTENCES)
def test_what_was_changed_is_told_in_a_sentence_of_its_own(letters, questionnaire, kind, region, name, sentence):
    pdf = letters[kind]
    places = choose_places({region: find_regions(pdf)[region]}, 3 * EACH, SEED)
    told = [list_failed(spoil(pdf, place, bit), questionnaire) for _, place, bit in places]
    assert any(failed.get(name, "").startswith(sentence) for failed in told)


def list_failed(pdf, questionnaire):
    """Return what is said of each check that failed, by its name; nothing where the file cannot be read any more."""
    try:
        return {check.name: check.says for check in proof.verify(pdf, questionnaire) if check.passed is False}
    except proof.ProofError:
        return {}
