import re
import stat
from datetime import UTC, date, datetime

import pytest

from intake_app.case import make_case
from intake_app.errors import UserError
from intake_app.ui import letter_work

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
ABOUT = {"clinic": {"name": "Harbour Clinic"}, "recipient": {}, "issued": NOW}
UNKNOWN = "\U0001f9ff"  # a character none of our fonts has


@pytest.fixture
def make(questionnaire):
    def run(patient=None, **answers):
        case = make_case(questionnaire, {"family_name": "Example"} | (patient or {}), answers, date(2026, 11, 22))
        return letter_work.make_letter(case, (), ABOUT)

    return run


def test_a_letter_becomes_pictures_and_text(make):
    pdf = make(complaint="The legs are heavy.")
    sizes = letter_work.measure_pages(pdf)
    page = letter_work.draw_page(pdf, 0, 96)
    assert (page.width, page.height) == tuple(round(points * 96 / 72) for points in sizes[0])
    assert len(page.pixels) == page.stride * page.height
    assert "The legs are heavy." in " ".join(page.text.split())
    assert len(set(page.pixels)) > 2  # something was drawn


@pytest.mark.parametrize(
    ("patient", "answers", "path"),
    [
        ({"given_names": UNKNOWN}, {}, "patient.given_names"),
        ({}, {"complaint": f"Ouch {UNKNOWN}"}, "complaint"),
        ({}, {"treatments": [{"category": "nsaid"}, {"note": UNKNOWN}]}, "treatments[1].note"),
    ],
)
def test_what_cannot_be_printed_is_found_in_its_field(make, patient, answers, path):
    made = make(patient, **answers)
    assert made.path == path
    assert "U+1F9FF" in str(made.error)


def test_what_cannot_be_printed_outside_the_intake_has_no_path(questionnaire):
    case = make_case(questionnaire, {"family_name": "Example"}, {}, date(2026, 11, 22))
    made = letter_work.make_letter(case, (), ABOUT | {"recipient": {"name": UNKNOWN}})
    assert made.path == ""


def test_a_file_is_written_whole_and_for_its_owner_only(tmp_path):
    path = tmp_path / "letter.pdf"
    letter_work.save_file(path, b"%PDF-1")
    letter_work.save_file(path, b"%PDF-2")
    assert path.read_bytes() == b"%PDF-2"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["letter.pdf"]


def test_a_place_that_cannot_be_written_is_told_and_leaves_nothing(tmp_path):
    with pytest.raises(UserError, match="could not be saved there"):
        letter_work.save_file(tmp_path / "missing" / "letter.pdf", b"%PDF")
    (tmp_path / "taken").mkdir()
    with pytest.raises(UserError, match="kept in the records"):
        letter_work.save_file(tmp_path / "taken", b"%PDF")
    assert [file.name for file in tmp_path.iterdir()] == ["taken"]


def test_a_file_name_names_nobody():
    name = letter_work.name_file("0123456789abcdef", 2, NOW)
    assert re.fullmatch(r"letter-20261122-012345-v2\.pdf", name)
