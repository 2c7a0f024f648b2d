"""The diagnoses on the first page: codes that are not complete, and codes that stand twice."""

from datetime import date

import pytest

from intake_app.case import make_case
from intake_app.letter.history import say_diagnoses

AS_OF = date(2026, 6, 30)


@pytest.fixture
def lines(questionnaire):
    def say(*entries):
        [block] = say_diagnoses(make_case(questionnaire, {}, {"diagnoses": entries}, AS_OF))
        return list(block.items) if hasattr(block, "items") else [block.text]

    return say


def test_a_code_that_is_not_complete_says_its_words_and_that_it_is_not(lines):
    [line] = lines({"words": "Worn disc", "code": "M51.36", "said_by": "surgeon"})
    assert line.startswith(
        "“Worn disc”; Other intervertebral disc degeneration, lumbar region (M51.36, code not complete)"
    )


def test_a_complete_code_says_nothing_of_the_kind(lines):
    [line] = lines({"words": "Worn disc", "code": "M51.360", "said_by": "surgeon"})
    assert line == "“Worn disc”; M51.360 (surgeon)."


def test_one_code_of_one_side_is_one_line(lines):
    [line] = lines(
        {"words": "Disc", "code": "M51.17", "side": "left", "levels": ("L5-S1",), "said_by": "surgeon"},
        {"words": "Sciatica", "code": "M51.17", "side": "left", "levels": ("L5-S1",), "said_by": "imaging_report"},
    )
    assert line == "“Disc”; “Sciatica”; M51.17; L5-S1, left (surgeon; imaging report)."


def test_one_code_of_two_sides_is_two_lines(lines):
    said = lines({"code": "M54.31", "side": "left"}, {"code": "M54.31", "side": "right"})
    assert len(said) == 2


def test_entries_without_a_code_stay_apart(lines):
    assert len(lines({"words": "One thing"}, {"words": "Another thing"})) == 2
