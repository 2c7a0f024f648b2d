"""Letters as a fax shows them: two shades, a fax's resolution, and a reader of print finds what matters."""

import io
import os
import re
import shutil
import subprocess
import unicodedata

import pytest
from PIL import Image
from sample_cases import NAMES, TODAY, read_samples, say_about

from intake_app import dates, demo, letter
from intake_app.factors import LEVELS, evaluate_all
from intake_app.letter.blocks import Urgency
from intake_app.letter.planning import red_flag_questions
from intake_app.outgoing import fax
from intake_app.questions import YES

needs_tesseract = pytest.mark.skipif(
    not shutil.which("tesseract"), reason="tesseract is not installed: nothing reads the print"
)
DEMOS = NAMES[:7]


def make(case):
    """Return the letter's blocks, and its pages on a fax."""
    composed = letter.compose(case, evaluate_all(case), **say_about(watermark="NOT REAL"))
    return composed, list(fax.fax_pages(letter.render(composed)))


@pytest.fixture(scope="module")
def samples(questionnaire):
    return read_samples(questionnaire)


def read_print(png):
    """Return what tesseract reads, without spaces: it parts words where it likes."""
    env = os.environ | {"OMP_THREAD_LIMIT": "1"}
    done = subprocess.run(["tesseract", "-", "-", "--psm", "4"], input=png, capture_output=True, check=True, env=env)
    return squeeze(done.stdout.decode())


def squeeze(words):
    """Return words as this reader knows them: English letters only, and those alike to it made one."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", words) if not unicodedata.combining(c))
    return (
        re.sub(r"[\W_]+", "", plain.replace("đ", "d").replace("Đ", "D"))
        .lower()
        .replace("l", "i")
        .replace("1", "i")
        .replace("0", "o")
    )


def test_a_page_is_black_and_white_at_a_faxs_resolution(samples):
    _, pages = make(samples["just_begun"])
    for png in pages:
        with Image.open(io.BytesIO(png)) as page:
            assert (page.mode, page.size) == ("1", (1734, 2156))
            assert [round(dots) for dots in page.info["dpi"]] == [fax.ACROSS, fax.DOWN]
            assert 0.005 < page.histogram()[0] / (page.width * page.height) < 0.25


def list_flags(case):
    """Return the red flags that were answered with yes, as the letter names them."""
    return [question.label for question in red_flag_questions(case) if case.answers.get(question.id) == YES]


def test_the_cases_that_are_faxed_have_red_flags(samples):
    assert sum(len(list_flags(samples[name])) for name in DEMOS) > 3


@needs_tesseract
@pytest.mark.parametrize("name", DEMOS)
def test_a_reader_of_print_finds_what_matters_on_page_one(samples, name):
    case = samples[name]
    composed, pages = make(case)
    words = read_print(pages[0])
    urgent = next(block.words for block in composed.blocks if isinstance(block, Urgency))
    wanted = [
        case.patient["family_name"],
        case.patient["given_names"],
        dates.say(case.patient["birth_date"]),
        demo.RECIPIENT["name"],
        demo.RECIPIENT["clinic"],
        urgent,
        "Red flags",
        *list_flags(case),
        f"page 1 of {len(pages)}",
    ]
    assert [one for one in wanted if squeeze(one) not in words] == []


@needs_tesseract
def test_the_last_page_says_whose_it_is_and_which(samples):
    _, pages = make(samples["herniated_disc"])
    patient = samples["herniated_disc"].patient
    words = read_print(pages[-1])
    for one in (patient["family_name"], dates.say(patient["birth_date"]), f"page {len(pages)} of {len(pages)}"):
        assert squeeze(one) in words


def test_an_emergency_is_told_in_words_and_not_by_colour_alone(samples):
    composed, _ = make(samples["cauda_equina_questions"])
    block = next(block for block in composed.blocks if isinstance(block, Urgency))
    assert block.emergency
    assert block.words == LEVELS["R0"].upper()
    assert composed.issued.date() == TODAY


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"hello"])
def test_what_is_no_pdf_has_no_pages(content):
    with pytest.raises(ValueError, match=r"."):
        list(fax.fax_pages(content))


def test_a_page_of_an_absurd_size_is_refused():
    import pikepdf

    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(14_400, 14_400))
        out = io.BytesIO()
        pdf.save(out)
    with pytest.raises(ValueError, match="too large"):
        list(fax.fax_pages(out.getvalue()))


def test_a_book_is_refused(samples, monkeypatch):
    monkeypatch.setattr(fax, "MOST_PAGES", 1)
    with pytest.raises(ValueError, match="too many pages"):
        make(samples["just_begun"])
