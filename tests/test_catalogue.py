from db.connection import TABLES
from intake_app import catalogue, paths, questions


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
    assert rows("select claudication_documented from page_diagnoses") == [{"claudication_documented": "no"}]
    names = {row["name"] for row in rows("select name from sqlite_master where type = 'view'")}
    assert {"safety", "symptoms", "diagnoses", "treatments", "imaging", "operations", "medicines"} <= names


def test_the_plain_list_names_every_path(questionnaire):
    text = catalogue.as_text(questionnaire)
    assert "treatments[].end: date" in text
    assert "bmi: number 10 to 100 kg/m²" in text


def test_every_table_of_the_records_is_known_by_name():
    assert catalogue.TABLES == TABLES


def test_a_clinics_page_becomes_a_table_whatever_it_is_called(store, tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    for name in ("97_own", "letters", "Ünsere Fragen"):
        text = f'title = "Ours"\n[[question]]\nid = "q{len(list(own.iterdir()))}"\ntype = "text"\ntext = "?"\n'
        (own / f"{name}.toml").write_text(text)
    shape = catalogue.view_shape(questions.load(paths.resources(), own))
    store.make_views(shape)
    assert {"page_97_own", "page_letters", "page__nsere_fragen"} <= shape.keys()


def test_the_views_are_there_once_the_window_was_open(qtbot, tmp_path, questionnaire, now):
    from db import open_store
    from intake_app.ui.main_window import MainWindow

    path = tmp_path / "seen" / "clinic.db"
    window = MainWindow(lambda: open_store(path), lambda: questionnaire, now)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: bool(window.store.setting("views")))
    assert window.store._rows("select * from treatments") == []
    window.close()
