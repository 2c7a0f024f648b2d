"""Answers that are measurements, as Observations: with their codes, units and times, and nothing that was not answered."""

from datetime import UTC, datetime

import pytest
from sample_cases import TODAY, bundle_of

from intake_app.case import make_case
from intake_app.fhir.elements import read_mapping


def test_scores_are_totals_with_their_confirmed_codes(questionnaire, kinds):
    scores = [
        {"instrument": "odi", "odi_percent": 42, "date": "2026-10"},
        {"instrument": "rmdq", "rmdq_items": ["1", "4", "9"]},
        {"instrument": "rmdq", "rmdq_items": ["none"]},
        {"instrument": "phq2", "phq2_item_1": "2"},
        {"instrument": "phq2", "phq2_item_1": "2", "phq2_item_2": "3"},
    ]
    made = kinds(bundle_of(make_case(questionnaire, {}, {"scores": scores}, TODAY)), "Observation")
    assert [o["valueQuantity"]["value"] for o in made] == [42, 3, 0, 5]
    assert made[0]["code"]["coding"][0]["code"] == "97909-6"
    assert made[0]["effectiveDateTime"] == "2026-10"


def test_two_totals_of_one_form_are_told_apart(questionnaire, kinds):
    scores = [{"instrument": "zcq", "zcq_severity": 3.4, "zcq_function": 2.6}]
    made = kinds(bundle_of(make_case(questionnaire, {}, {"scores": scores}, TODAY)), "Observation")
    assert [o["code"]["text"] for o in made] == ["ZCQ symptom severity", "ZCQ physical function"]


@pytest.mark.parametrize(
    ("told", "day"), [({}, TODAY.isoformat()), ({"weight": datetime(2026, 11, 20, 9, tzinfo=UTC)}, "2026-11-20")]
)
def test_a_vital_sign_has_the_day_that_its_profile_asks_for(questionnaire, kinds, told, day):
    answers = {"height": 168, "weight": 84, "albumin": 4.1}
    made = kinds(bundle_of(make_case(questionnaire, {}, answers, TODAY, told)), "Observation")
    days = {o["code"]["text"]: o.get("effectiveDateTime") for o in made}
    assert days == {"Height": TODAY.isoformat(), "Weight": day, "BMI": day, "Albumin": None}


def test_every_unit_has_its_code_in_ucum(questionnaire):
    asked = [*questionnaire.questions, *(field for question in questionnaire.questions for field in question.fields)]
    units = {question.unit for question in asked if question.unit}
    assert units
    assert units <= read_mapping("systems")["ucum_units"].keys()


def test_an_earlier_pain_score_says_where(questionnaire, kinds):
    scores = [{"instrument": "nrs", "nrs_site": "leg", "nrs_value": 9, "date": "2026-08-24"}]
    (made,) = kinds(bundle_of(make_case(questionnaire, {}, {"scores": scores}, TODAY)), "Observation")
    assert (made["code"]["coding"][0]["code"], made["valueQuantity"]["value"]) == ("72514-3", 9)
    assert (made["bodySite"]["text"], "note" in made) == ("Leg", False)


def test_a_value_whose_date_is_asked_for_has_it(questionnaire):
    rows = {row["question"]: row.get("date") for row in read_mapping("observations")["answer"]}
    asked = {name: f"{name}_date" for name in rows if f"{name}_date" in questionnaire.by_id}
    assert {"hba1c", "t_score", "ct_density"} <= asked.keys()
    assert {name: rows[name] for name in asked} == asked


def test_a_body_mass_index_says_what_it_was_worked_out_from(questionnaire, kinds):
    def indices(**answers):
        found = kinds(bundle_of(make_case(questionnaire, {}, answers, TODAY)), "Observation")
        return [(o["valueQuantity"]["value"], "derivedFrom" in o) for o in found if o["code"]["text"] == "BMI"]

    assert indices(height=168, weight=84) == [(29.8, True)]
    assert indices(height=168, weight=84, bmi=30) == [(30, False)]
    assert indices(weight=84) == []
