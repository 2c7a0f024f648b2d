"""Examination, diagnoses and imaging on the first page."""

from datetime import date

import pytest

from intake_app.case import make_case
from intake_app.factors import evaluate_all
from intake_app.letter import compose
from intake_app.letter.blocks import Run, Zone
from intake_app.letter.history import say_diagnoses
from tests.letter.conftest import ABOUT
from tests.letter.test_front_page import SLIP, zone

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


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, "Examination by a clinician: not asked."),
        ({"examined": "not_examined"}, "Not examined by this clinic."),
        ({"examined": "yes"}, "No finding written down."),
        ({"examined": "yes", "examined_by": "Dr Hale"}, "Dr Hale, date not recorded."),
        ({"examined": "yes", "examined_on": "2026-11"}, "Examiner not recorded, November 2026 (up to 3 weeks)."),
        ({"examined": "yes", "motor_grades": [{"myotome": "L5", "side": "left", "grade": "4+"}]}, "Strength: L5 big toe extension, left, 4+/5."),
        ({"examined": "yes", "sensation": "none"}, "Sensation: normal where tested."),
        (
            {"examined": "yes", "sensation": [{"finding": "reduced", "tested": ["light_touch", "pin_prick"], "area": "Posterior thigh, calf", "side": "right"}]},
            "Sensation: reduced light touch and pin prick, right posterior thigh, calf.",
        ),
        ({"examined": "yes", "sensation": [{"dermatomes": ["S1"], "side": "both"}]}, "Sensation: finding not recorded, S1, both sides."),
        ({"examined": "yes", "motor_grades": [{"myotome": "S1", "grade": "5"}]}, "Strength: S1 ankle plantar flexion, 5/5."),
        (
            {"examined": "yes", "motor_grades": [{"myotome": "S1", "grade": "3", "progressive": "yes", "graded_on": "2026-11-01"}]},
            "3/5, recorded as getting worse, graded on 1 November 2026.",
        ),
        ({"examined": "yes", "gait_posture": "Stooped", "examination_note": "Tender."}, "Gait and posture: “Stooped”.\nClinician's words: “Tender”."),
        ({"onset": "2026-10", "examined": "yes", "examined_on": "2024-01-01"}, "1 January 2024 (2 years, before onset)."),
        ({"examined": "yes", "reflexes": [{"reflex": "hoffmann", "side": "both", "finding": "positive"}]}, "Reflexes: Hoffmann, both sides"),
        ({"examined": "yes", "slr_right": "positive", "slr_right_degrees": 40, "slr_left": "negative"}, "right positive at 40 degrees, left negative"),
    ],
)  # fmt: skip
def test_neurology_is_what_a_clinician_found(build, answers, expected):
    assert expected in zone(build(answers), "Neurology")


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"modality": "mri", "date": "2026-11-15", "report_enclosed": "yes"}, "MRI, 15 November 2026 (1 week); report enclosed. No finding copied."),
        ({"modality": "mri", "region": ["cervical", "thoracic"]}, "MRI, neck and chest spine, date not recorded"),
        ({"modality": "mri", "date": "2026-12-01"}, "1 December 2026 (after this letter's date)"),
        ({"modality": "mri", "date": "2026-03"}, "MRI, March 2026 (up to 8 months); not recorded whether the report is enclosed."),
        ({"finding": "Disc at L5-S1"}, "Study not named, date not recorded; not recorded whether the report is enclosed. “Disc at L5-S1”."),
        ({"modality": "ct", "shows": ["herniation"], "severity": "large", "report_enclosed": "no"}, "report not enclosed. Report names disc herniation; large."),
    ],
)  # fmt: skip
def test_a_study_in_its_reports_own_words(build, entry, expected):
    assert expected in zone(build({"imaging": [entry]}), "Imaging")


def test_the_newest_studies_come_first_and_the_others_are_counted(build):
    studies = [{"modality": "xray", "date": f"201{year}"} for year in range(7)] + [
        {"modality": "mri", "date": "2026-10-01"}
    ]
    said = zone(build({"imaging": studies}), "Imaging")
    assert said.startswith("MRI, 1 October 2026 (7 weeks)")
    assert "X-ray, 2016 (up to 10 years)" in said
    assert "And 3 more (X-ray), in the details." in said


def test_what_does_not_agree_stands_first_in_bold_and_beside_the_diagnosis(build):
    answers = {
        "dominant_pain": "leg_right", "leg_pain": "yes", "leg_side": "right",
        "diagnoses": [{"condition": "herniated_disc", "side": "left", "levels": ["L4-L5"], "said_by": "surgeon"}],
        "imaging": [{"modality": "mri", "side": "left", "levels": ["L4-L5"]}],
    }  # fmt: skip
    letter = build(answers)
    blocks = {block.label: block for block in letter.blocks if isinstance(block, Zone)}
    for room in range(9):
        first = blocks["Imaging"].shorten(3, room).blocks[0].text[0]
        assert first.bold
        assert first.text.startswith("Sides do not agree")
        assert first.text.endswith("imaging.")
        beside = blocks["Diagnosis"].shorten(3, room).blocks[-1].text[0]
        assert beside == Run("Sides do not agree, see Imaging.", bold=True)


def test_that_the_newest_picture_is_old_stands_with_the_pictures(build):
    letter = build({"imaging": [{"modality": "mri", "date": "2015-01-02"}], "treatments": [{"category": "brace"}]})
    assert "older than 6 months" in zone(letter, "Imaging")
    assert "2 January 2015 (11 years)" in zone(letter, "Imaging")
    assert "older than 6 months" not in zone(letter, "Tried")


def test_reports_that_say_the_same_are_quoted_once(build):
    same = {"finding": "Loss of lordosis."}
    said = zone(build({"imaging": [{"modality": "ct", **same}, {"modality": "mri", **same}]}), "Imaging")
    assert said.count("“Loss of lordosis.”") == 1


def test_other_tests_are_told(build):
    said = zone(
        build({"imaging": "none", "tests": [{"name": "EMG", "date": "2026-05", "result": "L5 chronic"}]}), "Imaging"
    )
    assert said.splitlines()[:2] == ["No imaging done.", "Other tests: EMG, May 2026, L5 chronic. "]


@pytest.mark.parametrize(
    ("answers", "label", "expected"),
    [
        ({**SLIP, "slip_percent": 22, "slip_level": "L4-L5"}, "Imaging", "22 %"),
        ({**SLIP, "slip_percent": 22, "slip_level": "L4-L5"}, "Planning", "Meyerding I (22 %, L4-L5)"),
        ({**SLIP, "slip_grade": "2"}, "Imaging", "Meyerding"),
        ({"dynamic_films": "yes", "translation": 4}, "Imaging", "translation 4 mm"),
    ],
)
def test_slip_and_motion_reach_the_first_page(build, answers, label, expected):
    assert expected in zone(build(answers), label)


def test_why_nobody_asks_for_films_is_left_to_the_details(full_case):
    said = zone(compose(full_case, evaluate_all(full_case), **ABOUT), "Imaging")
    assert "lexion-extension" not in said
