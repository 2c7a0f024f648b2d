"""Scores on the first page: what the form's small print says stays in the details."""

import pytest

from tests.letter.test_front_page import zone

DAY = {"date": "2026-11-20"}


@pytest.mark.parametrize(
    ("forms", "expected"),
    [
        ([{**DAY, "instrument": "odi", "odi_percent": 62}], "ODI 62 % (20 Nov 2026); published band 61 to 80 %."),
        ([{**DAY, "instrument": "mjoa", "mjoa_total": 13, "version": "18"}], "mJOA 13 of 18 (20 Nov 2026), moderate."),
        (
            [{**DAY, "instrument": "zcq", "zcq_severity": 3.43, "items_answered": 12, "mode": "self"}],
            "ZCQ symptom severity 3.43 of 5 (20 Nov 2026). ",
        ),
        (
            [
                {"instrument": "odi", "date": "2026-08", "odi_percent": 40},
                {**DAY, "instrument": "odi", "odi_percent": 62},
            ],
            "change for the worse by 22 points, at or above the published minimum.",
        ),
    ],
)
def test_a_score_is_its_value_band_date_and_change(build, forms, expected):
    said = zone(build({"scores": forms}), "Problem")
    assert expected in said.replace(" [", "  [")
    for small_print in ("items answered", "rule of the form", "By the patient", "this scale has"):
        assert small_print.lower() not in said.lower()


def test_a_change_without_a_published_minimum_is_told_bare(build):
    forms = [
        {**DAY, "instrument": "mjoa", "mjoa_total": 13},
        {"instrument": "mjoa", "date": "2026-08", "mjoa_total": 15},
    ]
    said = zone(build({"scores": forms}), "Problem")
    assert "change for the worse by 2 points." in said
    assert "minimum" not in said


def test_scores_for_which_there_is_no_room_are_named(build):
    forms = [
        {**DAY, "instrument": "odi", "odi_percent": 62},
        {**DAY, "instrument": "phq2", "phq2_1": "1", "phq2_2": "1"},
        {**DAY, "instrument": "mjoa", "mjoa_total": 13},
    ]
    letter = build({"scores": forms})
    problem = next(block for block in letter.blocks if getattr(block, "label", "") == "Problem")
    said = problem.shorten(3, 8).blocks[-1].text
    assert "ODI 62 %" in said
    assert said.partition("In the details: ")[2].startswith("mJOA")
