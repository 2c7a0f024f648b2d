"""What is asked for: as things someone can bring, once each."""

from intake_app.case import make_case
from intake_app.factors import evaluate_all
from intake_app.letter.planning import list_missing
from tests.letter.conftest import TODAY


def missing(questionnaire, answers):
    case = make_case(questionnaire, {}, answers, TODAY)
    return "\n".join(list_missing(case, evaluate_all(case)))


def test_the_onset_is_asked_for_in_words_that_stand_alone(questionnaire):
    assert ", day on which it began" in missing(questionnaire, {})
    assert "Symptoms: exact day on which it began." not in missing(questionnaire, {})
    assert "Symptoms: began" not in missing(questionnaire, {})


def test_the_same_of_many_treatments_is_asked_for_once(questionnaire):
    said = missing(questionnaire, {"treatments": [{"category": "brace"}] * 40})
    assert "start date (40 times brace)" in said


def test_safety_questions_are_one_thing_to_ask_for(questionnaire):
    said = missing(questionnaire, {"fever": "unsure", "weight_loss": "no"})
    assert said.startswith("Safety questions: 23 not asked, one answered unsure, see Red flags.")
