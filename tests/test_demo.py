from datetime import date

import pytest

from intake_app import dates, demo, validation
from intake_app.case import write_case_file

DAYS = [demo.WRITTEN_FOR, date(2026, 1, 1), date(2028, 2, 29), date(2031, 7, 15)]


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_the_invented_patients_fit_any_day(questionnaire, today):
    found = demo.cases(questionnaire, today)
    assert len(found) >= 6
    for case in found.values():
        assert case.as_of == today
        assert not case.hidden
        for question in questionnaire.questions:
            for entry in case.entries(question.id) if question.type == "entries" else ():
                assert validation.problem_between(question.fields, entry) == {}


def test_ages_and_distances_stay_as_they_were_written(questionnaire):
    later = date(2030, 11, 22)
    before = demo.cases(questionnaire, demo.WRITTEN_FOR)["herniated_disc"]
    after = demo.cases(questionnaire, later)["herniated_disc"]
    assert dates.age(before.patient["birth_date"], demo.WRITTEN_FOR) == dates.age(after.patient["birth_date"], later)
    for name in ("onset", "examined_on"):
        distance = demo.WRITTEN_FOR - dates.span(before.answers[name])[0]
        assert later - dates.span(after.answers[name])[0] == distance


def test_a_date_stays_as_precise_as_it_was(questionnaire):
    case = demo.cases(questionnaire, date(2031, 7, 15))["just_begun"]
    assert len(case.patient["birth_date"]) == len("1995")


def test_nobody_could_take_them_for_real(questionnaire):
    for case in demo.cases(questionnaire, demo.WRITTEN_FOR).values():
        record = case.patient.get("record_number", "DEMO-")
        assert record.startswith("DEMO-")
        assert "555-01" in case.patient.get("phone", "555-01")
    assert "demo" in demo.CLINIC["name"]


def test_on_the_day_they_were_written_for_nothing_is_moved(questionnaire):
    case = demo.cases(questionnaire, demo.WRITTEN_FOR)["stenosis"]
    assert '"2026-06-18"' in write_case_file(case)
