import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake_app.case import CaseFileError, make_case, read_case_file, write_case_file

TODAY = date(2026, 11, 22)
CASES = sorted((Path(__file__).parent / "cases").glob("*.json"))


def faults(questionnaire, **parts):
    with pytest.raises(CaseFileError) as error:
        read_case_file(json.dumps(parts), questionnaire, TODAY)
    return {fault.path: fault.what for fault in error.value.faults}


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_the_published_cases_are_read_without_losing_a_fact(questionnaire, path):
    text = path.read_text("utf-8")
    case = read_case_file(text, questionnaire, TODAY)
    assert not case.hidden
    again = json.loads(write_case_file(case))
    given_case = json.loads(text)
    assert again["patient"] == given_case["patient"]
    assert again["answers"] == given_case["answers"]


FAULTY = {
    "patient": {"birth_date": "2031-01-01", "shoe": 42},
    "answers": {
        "bmi": 900,
        "bmis": 3,
        "leg_pain": 3,
        "leg_side": "left",
        "treatments": [
            {"category": "nsaid", "ongoing": "no", "start": "2026-02", "end": "2026-01-03"},
            {"category": "bleeding", "colour": "red"},
        ],
        "operations": [],
    },
}


def test_every_fault_is_told_in_one_go(questionnaire):
    found = faults(questionnaire, **FAULTY)
    assert sorted(found) == [
        "answers.bmi",
        "answers.bmis",
        "answers.leg_pain",
        "answers.leg_side",
        "answers.operations",
        "answers.treatments[0].end",
        "answers.treatments[1].category",
        "answers.treatments[1].colour",
        "patient.birth_date",
        "patient.family_name",
        "patient.shoe",
    ]
    assert "Did you mean bmi?" in found["answers.bmis"]
    assert "is only asked when “Leg pain” is yes" in found["answers.leg_side"]


def test_a_field_hidden_inside_an_entry_is_a_fault(questionnaire):
    found = faults(
        questionnaire,
        patient={"family_name": "X"},
        answers={"treatments": [{"category": "nsaid", "ongoing": "yes", "end": "2026-01-03"}]},
    )
    assert list(found) == ["answers.treatments[0].end"]
    assert "“Still going on” is no or unsure" in found["answers.treatments[0].end"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "line 1, column 1: this is not JSON"),
        ("{", "not JSON"),
        ("[]", "must hold one object"),
        ("null", "must hold one object"),
        ('{"patient": []}', "patient: must be an object"),
        ('{"patient": {"family_name": "X"}, "answers": []}', "answers: must be an object"),
        ('{"patient": {"family_name": "X"}, "remarks": 1}', "remarks: is unknown here"),
        ("{}", "patient: must be an object"),
        ('{"patient": {"family_name": "X", "family_name": "Y"}}', "family_name: stands twice"),
        ('{"patient": {"family_name": "X"}, "answers": {"bmi": NaN}}', "answers.bmi: Give a number"),
        ("[" * 100_000, "the file: is nested too deeply"),
    ],
)
def test_what_is_no_case_file_is_refused(questionnaire, text, sentence):
    with pytest.raises(CaseFileError) as error:
        read_case_file(text, questionnaire, TODAY)
    assert sentence in str(error.value)


def test_hidden_answers_are_kept_apart(questionnaire):
    given_answers = {
        "leg_pain": "no",
        "leg_side": "left",
        "treatments": [{"id": "e1", "category": "nsaid", "ongoing": "yes", "end": "2026-01-03"}],
        "an_old_question": "old",
    }
    case = make_case(questionnaire, {"family_name": "X"}, given_answers, TODAY)
    assert case.answers == {"leg_pain": "no", "treatments": ({"category": "nsaid", "ongoing": "yes"},)}
    assert case.hidden == {"leg_side": "left", "an_old_question": "old", "treatments[0].end": "2026-01-03"}


def test_none_is_an_answer_and_blank_is_not(questionnaire):
    said = make_case(questionnaire, {}, {"treatments": "none"}, TODAY)
    assert said.entries("treatments") == ()
    assert said.answers["treatments"] == "none"
    assert make_case(questionnaire, {}, {}, TODAY).answers == {}


def test_a_case_says_nothing_of_the_patient_when_printed(questionnaire):
    case = make_case(questionnaire, {"family_name": "CANARY"}, {"complaint": "CANARY"}, TODAY)
    assert "CANARY" not in repr(case)


@given(text=st.text())
def test_no_text_breaks_the_reader(questionnaire, text):
    with pytest.raises(CaseFileError):
        read_case_file(text, questionnaire, TODAY)


def test_what_is_blank_about_the_patient_is_not_known(questionnaire):
    case = make_case(questionnaire, {"family_name": "Roe", "birth_date": "", "sex": None}, {}, TODAY)
    assert case.patient == {"family_name": "Roe"}


@pytest.mark.parametrize("number", ["1" + "0" * 400, "9" * 5001])
def test_a_number_of_any_length_is_a_fault(questionnaire, number):
    with pytest.raises(CaseFileError):
        read_case_file(
            f'{{"patient": {{"family_name": "X"}}, "answers": {{"height": {number}}}}}', questionnaire, TODAY
        )


def test_an_entry_that_says_nothing_is_a_fault_and_no_answer(questionnaire):
    found = faults(questionnaire, patient={"family_name": "X"}, answers={"operations": [{}, {"date": "2020"}]})
    assert found == {"answers.operations[0]": "says nothing. Fill in the operation, or leave it out."}
    case = make_case(
        questionnaire, {}, {"operations": [{"id": "e1"}], "allergies": [{"id": "e2", "kind": "latex"}]}, TODAY
    )
    assert case.answers == {"allergies": ({"kind": "latex"},)}


@pytest.mark.parametrize("name", ["\u200b", " \u00ad ", "\u202e"])
def test_a_name_that_nobody_can_see_is_none(questionnaire, name):
    found = faults(questionnaire, patient={"family_name": name})
    assert found["patient.family_name"] == "Give a text."
