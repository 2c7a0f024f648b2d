from intake_app import catalogue


def test_every_list_and_every_page_becomes_a_table(store, questionnaire, now):
    store.make_views(catalogue.view_shape(questionnaire))
    patient = store.add_patient({"family_name": "Roe"}, now())
    intake = store.start_intake(patient, now())
    store.save_answer(intake, "leg_pain", "yes", now())
    store.save_answer(intake, "claudication_documented", "no", now())
    entry = store.add_entry(intake, "treatments", now())
    store.save_answer(intake, "category", "nsaid", now(), entry_id=entry)
    rows = store._rows
    assert rows("select leg_pain, arm_pain from symptoms") == [{"leg_pain": "yes", "arm_pain": None}]
    assert rows("select category from treatments") == [{"category": "nsaid"}]
    assert rows("select claudication_documented from diagnoses_page") == [{"claudication_documented": "no"}]
    names = {row["name"] for row in rows("select name from sqlite_master where type = 'view'")}
    assert {"safety", "symptoms", "diagnoses", "treatments", "imaging", "operations", "medicines"} <= names


def test_the_plain_list_names_every_path(questionnaire):
    text = catalogue.as_text(questionnaire)
    assert "treatments[].end: date" in text
    assert "bmi: number 10 to 100 kg/m²" in text
