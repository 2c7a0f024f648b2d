"""The print for paper with the clinic's head: the letter that was issued, to the mark at its foot, or none."""

import io
from functools import partial

import pikepdf
import pypdfium2
import pytest
from sample_cases import read_samples, say_about
from sample_certificate import make_certificate
from tampering import sign_as

from intake_app.errors import UserError
from intake_app.factors import evaluate_all
from intake_app.letter import sections
from intake_app.outgoing import document, proof
from intake_app.outgoing.preprinted import print_again

HEAD = 120.0  # points


@pytest.fixture
def issue(questionnaire):
    """Return a function from what a letter says besides its case to the letter as it was issued."""
    case = read_samples(questionnaire)["stenosis"]

    def issue(**about):
        sign = partial(sign_as, make_certificate()) if "signed_by" in about else None
        return document.make_document(case, evaluate_all(case), say_about(**about), sign=sign)

    return issue


def read_pages(pdf):
    with pypdfium2.PdfDocument(pdf) as opened:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in opened]


@pytest.mark.parametrize(
    "about",
    [
        {},
        {"left_out": ("imaging", "operations", "health", "medicines")},
        {"version": 2, "reason": "Corrected."},
        {"signed_by": "Dr Ada Lind"},
    ],
)
def test_the_print_bears_the_mark_of_the_letter_on_every_page(issue, questionnaire, about):
    if "signed_by" in about:
        pytest.importorskip("pyhanko", reason="pyHanko is not installed: nothing can be signed")
    issued = issue(**about)
    mark = proof.read_parts(issued).manifest["letter"][:8]
    printed = read_pages(print_again(issued, questionnaire, HEAD))
    assert all(mark in page for page in printed)
    assert printed[-1].partition("page ")[0] == read_pages(issued)[-1].partition("page ")[0]


def test_it_has_neither_the_letterhead_nor_the_files_of_the_archive_copy(issue, questionnaire):
    issued, clinic = issue(), say_about()["clinic"]["name"]
    printed = print_again(issued, questionnaire, HEAD)
    with pikepdf.open(io.BytesIO(printed)) as opened:
        assert not opened.attachments
    first = [read_pages(pdf)[0].partition("Problem")[0] for pdf in (issued, printed)]
    assert [clinic in words for words in first] == [True, False]


def test_a_letter_that_would_read_otherwise_now_is_not_printed(issue, questionnaire, monkeypatch):
    issued = issue()
    monkeypatch.setattr(sections, "__version__", "99.0")  # which the letter names
    with pytest.raises(UserError, match="would read otherwise now"):
        print_again(issued, questionnaire, HEAD)
