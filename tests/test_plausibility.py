import json
from datetime import date

import pytest
from click.testing import CliRunner

from intake_app.case import make_case
from intake_app.cli import program
from intake_app.plausibility import contradictions, doubts

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("answers", "paths"),
    [
        ({}, []),
        ({"onset": "1990"}, []),
        ({"onset": "1989-12-31"}, ["onset"]),
        ({"treatments": [{"start": "2020"}, {"start": "1950-01-01"}]}, ["treatments[1].start"]),
        ({"operations": [{"date": "1950"}]}, ["operations[0].date"]),
        ({"duration": 36, "duration_unit": "years"}, []),
        ({"duration": 90, "duration_unit": "years"}, ["duration"]),
        ({"duration": 90}, []),
        ({"height": 250, "weight": 15}, ["weight"]),
        ({"height": 180, "weight": 97.2}, []),
        ({"height": 100, "weight": 10.1}, []),
        ({"height": 100, "weight": 9.9}, ["weight"]),
        ({"height": 60, "weight": 36}, []),
        ({"height": 60, "weight": 36.1}, ["weight"]),
        ({"weight": 15}, []),
        (
            {"examined": "yes", "examined_on": "2024-01-01", "motor_grades": [{"weak_since": "2026-11"}]},
            ["motor_grades[0].weak_since"],
        ),
        ({"examined": "yes", "examined_on": "2026-11-17", "motor_grades": [{"weak_since": "2026-11"}]}, []),
        (
            {
                "examined": "yes",
                "examined_on": "2024",
                "motor_grades": [{"weak_since": "2026", "graded_on": "2026-02-01"}],
            },
            [],
        ),
    ],
)
def test_what_cannot_all_be_true_is_told_at_its_place(questionnaire, answers, paths):
    case = make_case(questionnaire, {"birth_date": "1990"}, answers, TODAY)
    found = contradictions(case)
    assert list(found) == paths
    assert all(sentence.endswith("Correct one of them.") for sentence in found.values())


@pytest.mark.parametrize(
    ("answers", "paths"),
    [
        ({"examined": "yes", "examined_on": "2024-01-01"}, []),
        ({"onset": "2026-10", "examined": "yes", "examined_on": "2024-01-01"}, ["examined_on"]),
        ({"onset": "2026-10", "examined": "yes", "examined_on": "2026-10-01"}, []),
        ({"onset": "2026-10", "treatments": [{"agent": "X"}, {"start": "2019-01-01"}]}, ["treatments[1].start"]),
        ({"onset": "2026-10", "imaging": [{"date": "2015"}, {"date": "2026"}]}, ["imaging[0].date"]),
    ],
)
def test_dates_from_before_the_complaint_are_doubted_and_allowed(questionnaire, answers, paths):
    case = make_case(questionnaire, {}, answers, TODAY)
    found = doubts(case)
    assert list(found) == paths
    assert all(sentence.endswith("Check both dates.") for sentence in found.values())
    assert contradictions(case) == {}


def test_without_a_birth_date_nothing_is_before_it(questionnaire):
    case = make_case(questionnaire, {}, {"onset": "1901", "duration": 90, "duration_unit": "years"}, TODAY)
    assert contradictions(case) == {}


def test_they_are_faults_of_a_case_file(tmp_path):
    text = {"patient": {"family_name": "Roe", "birth_date": "1990"}, "answers": {"onset": "1950"}}
    (tmp_path / "c.json").write_text(json.dumps(text))
    done = CliRunner().invoke(program, ["check", str(tmp_path / "c.json")])
    assert done.exit_code == 2
    assert "answers.onset: 1950 is before the birth date (1990)" in done.output
