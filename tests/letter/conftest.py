"""What the letter's tests share: who writes to whom, ready letters, and the words of a PDF read back."""

import io
import json
import re
import unicodedata
from datetime import date, datetime
from pathlib import Path

import pypdf
import pypdfium2
import pytest

from intake_app import rules  # noqa: F401  registers every rule
from intake_app.case import make_case, read_case_file
from intake_app.factors import evaluate_all
from intake_app.letter import compose, fonts, render

HERE = Path(__file__).parent
ISSUED = datetime(2026, 11, 22, 9, 40)  # noqa: DTZ001  the clock on the clinic's wall
TODAY = date(2026, 11, 22)
ABOUT = {
    "clinic": {
        "name": "Harbour Spine Clinic",
        "address": "12 Quay Street\nPortland, ME 04101",
        "phone": "207 555 0100",
        "fax": "207 555 0101",
    },
    "recipient": {
        "name": "Dr Jane Ortega",
        "role": "Neurosurgeon",
        "clinic": "Mercy Spine Center",
        "address": "400 State Street\nPortland, ME 04101",
    },
    "issued": ISSUED,
    "ruleset": "2026.1",
}


def pytest_addoption(parser):
    parser.addoption("--regenerate", action="store_true", help="write the letters' golden texts again")


@pytest.fixture(scope="session")
def about():
    return dict(ABOUT)


@pytest.fixture(scope="session")
def build(questionnaire):
    """Return a function from answers to a letter's blocks."""

    def build(answers=None, patient=None, **more):
        known = {"family_name": "Sample", "given_names": "Maria", "birth_date": "1958-05-03", "record_number": "4711"}
        case = make_case(questionnaire, known if patient is None else patient, answers or {}, TODAY)
        return compose(case, evaluate_all(case), **(ABOUT | more))

    return build


@pytest.fixture(scope="session")
def full_case(questionnaire):
    return read_case_file((HERE / "full_case.json").read_text("utf-8"), questionnaire, TODAY)


@pytest.fixture(scope="session")
def heavy_case(questionnaire):
    """Return a patient with nine treatments, three studies, two operations and ten illnesses."""
    return read_case_file((HERE / "heavy_case.json").read_text("utf-8"), questionnaire, TODAY)


@pytest.fixture(scope="session")
def crowded_case(questionnaire):
    """Return a patient with everything at once, and long answers."""
    return read_case_file((HERE / "crowded_case.json").read_text("utf-8"), questionnaire, TODAY)


@pytest.fixture(scope="session")
def full_answers():
    return json.loads((HERE / "full_case.json").read_text("utf-8"))


@pytest.fixture(scope="session")
def full_letter(full_case):
    return compose(full_case, evaluate_all(full_case), **ABOUT)


@pytest.fixture(scope="session")
def full_pdf(full_letter):
    return render(full_letter)


def read_pages(pdf: bytes) -> list[str]:
    """Return the text of every page, no space before a line's end; what pdfium takes for a hyphen there is one."""
    with pypdfium2.PdfDocument(pdf) as document:
        texts = [page.get_textpage().get_text_range() for page in document]
    return [re.sub(r" +(?=[\r\n]|$)", "", text.replace("\ufffe", "-")) for text in texts]


def read_stream(pdf: bytes) -> list[str]:
    """Return the text of every page in the order it was drawn, which pdfium changes around right-to-left words."""
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def squeeze(text: str) -> str:
    """Return a text without what a page may change: spaces, line breaks, ligatures, joined forms, invisible signs."""
    composed = unicodedata.normalize("NFKC", fonts.normalise(text))
    return re.sub(rf"[\s{fonts.STEERING}]+", "", composed)
