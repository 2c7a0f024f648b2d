from intake_app import flow
from intake_app.flow import Progress


def ids(questions):
    return [q.id for q in questions]


def page(questionnaire, page_id):
    return next(p for p in questionnaire.pages if p.id == page_id)


def test_a_question_appears_with_the_answer_that_calls_for_it(questionnaire):
    symptoms = page(questionnaire, "symptoms")
    assert "leg_side" not in ids(flow.shown_on(symptoms, {}))
    assert "leg_side" not in ids(flow.shown_on(symptoms, {"leg_pain": "unsure"}))
    assert "leg_side" in ids(flow.shown_on(symptoms, {"leg_pain": "yes"}))


def test_any_of_several_answers_is_enough(questionnaire):
    safety = page(questionnaire, "safety")
    assert "bladder_bowel_onset" in ids(flow.shown_on(safety, {"saddle_numbness": "no", "bowel_control": "yes"}))


def test_any_answer_at_all_can_be_asked_for(questionnaire):
    symptoms = page(questionnaire, "symptoms")
    assert "duration_unit" in ids(flow.shown_on(symptoms, {"duration": 0}))
    assert "duration_unit" not in ids(flow.shown_on(symptoms, {}))


def test_one_of_several_choices_is_enough(questionnaire):
    fields = questionnaire.by_id["treatments"].fields
    assert "side" in ids(flow.shown(fields, {"category": "facet"}))
    assert "side" not in ids(flow.shown(fields, {"category": "nsaid"}))


def test_what_hangs_on_a_hidden_question_is_hidden_too(questionnaire):
    neurology = page(questionnaire, "neurology")
    answers = {"examined": "not_examined", "slr_right": "positive"}
    assert ids(flow.shown_on(neurology, answers)) == ["examined"]
    assert "slr_right_degrees" in ids(flow.shown_on(neurology, {**answers, "examined": "yes"}))


def test_progress_counts_what_is_shown(questionnaire):
    operations = page(questionnaire, "operations")
    assert flow.progress(operations, {}) is Progress.UNTOUCHED
    assert flow.progress(operations, {"operations": "none"}) is Progress.DONE
    symptoms = page(questionnaire, "symptoms")
    assert flow.progress(symptoms, {"leg_pain": "no"}) is Progress.STARTED


def test_why_a_question_is_hidden(questionnaire):
    labels = {q.id: q.label for q in questionnaire.questions}
    assert flow.why_hidden(questionnaire.by_id["leg_side"], labels) == "is only asked when “Leg pain” is yes"
    assert flow.why_hidden(questionnaire.by_id["duration_unit"], labels).endswith("“Duration” is answered")
