import pytest
from PySide6.QtWidgets import QApplication

from intake_app.ui.patient_form import UNFINISHED, PatientForm

ANNA = {"family_name": "Example", "given_names": "Anna", "birth_date": "1956-05-03", "record_number": "4711"}


@pytest.fixture
def form(qtbot, store, questionnaire, now):
    form = PatientForm(store, questionnaire.patient, now, is_demo=False)
    qtbot.addWidget(form)
    form.resize(1024, 700)
    form.show()
    qtbot.waitExposed(form)
    form.activateWindow()
    return form


def type_into(form, name, text):
    line = form.form.fields[name].widget.line
    line.setText(text)
    line.textEdited.emit(text)
    form.form.fields[name].widget.flush()


def people(store):
    return store.find_patients("")


def test_what_was_searched_for_is_there_already(form):
    form.show_new({"family_name": "Lovelace", "birth_date": "1985-12-10"})
    assert form.form.values()["family_name"] == "Lovelace"
    assert form.form.fields["given_names"].isAncestorOf(QApplication.focusWidget())


def test_what_was_searched_for_is_kept_before_anything_else_is_typed(form, store):
    form.show_new({"family_name": "Lovelace"})
    assert store.setting(UNFINISHED)["family_name"] == "Lovelace"


def test_nothing_is_kept_of_what_was_typed_and_taken_back(form, store):
    form.show_new({})
    type_into(form, "family_name", "Lovelace")
    type_into(form, "family_name", "")
    assert store.setting(UNFINISHED) is None


def test_a_family_name_is_enough(form, store, qtbot):
    form.show_new({"family_name": "Example"})
    with qtbot.waitSignal(form.created) as created:
        form.save_button.click()
    [patient] = people(store)
    assert created.args == [patient["id"]]
    assert patient["given_names"] == patient["birth_date"] == patient["sex"] == ""


def test_without_a_family_name_it_says_so_at_the_field(form, store):
    form.show_new({})
    form.save_button.click()
    assert "needed" in form.form.fields["family_name"]._problem.text()
    assert people(store) == []


def test_a_date_that_cannot_be_is_told_and_not_kept(form, store):
    form.show_new({"family_name": "Example"})
    type_into(form, "birth_date", "3 May 2099")
    form.save_button.click()
    assert "future" in form.form.fields["birth_date"]._problem.text()
    assert form.form.fields["birth_date"].widget.line.text() == "3 May 2099"
    assert people(store) == []


def test_two_enters_make_one_patient(form, store):
    form.show_new({"family_name": "Example"})
    form.save_button.click()
    form.save_button.click()
    assert len(people(store)) == 1


def test_a_likely_duplicate_is_told_while_typing_and_never_blocks(form, store, now, qtbot):
    store.add_patient(ANNA, now())
    form.show_new({"family_name": "Exampel", "given_names": "Anna"})
    assert form.advice.isHidden()
    type_into(form, "birth_date", "3 May 1956")
    [words] = form.advice.texts
    assert words == "Same birth date and a similar name: Example, Anna · born 3 May 1956 (70) · record 4711"
    with qtbot.waitSignal(form.created):
        form.save_button.click()
    assert len(people(store)) == 2


def test_the_same_record_number_is_told_for_what_it_is(form, store, now):
    store.add_patient(ANNA, now())
    form.show_new({"family_name": "Somebody", "record_number": "4711"})
    assert form.advice.texts[0].startswith("Same record number: ")


def test_the_person_who_was_there_can_be_opened(form, store, now, qtbot):
    anna = store.add_patient(ANNA, now())
    form.show_new({"family_name": "Example", "birth_date": "1956-05-03"})
    with qtbot.waitSignal(form.other_opened) as opened:
        button(form, "Open that patient").click()
    assert opened.args == [anna]
    assert store.setting(UNFINISHED) is None


def test_another_person_is_not_asked_about_again(form, store, now):
    store.add_patient(ANNA, now())
    form.show_new({"family_name": "Example", "birth_date": "1956-05-03"})
    button(form, "This is another person").click()
    assert form.advice.isHidden()
    type_into(form, "given_names", "Anne")
    assert form.advice.isHidden()


def test_what_is_typed_outlives_a_crash(form, store):
    form.show_new({})
    type_into(form, "family_name", "Example")
    type_into(form, "phone", "555-0100")
    kept = store.setting(UNFINISHED)
    assert (kept["family_name"], kept["phone"]) == ("Example", "555-0100")
    form.save_button.click()
    assert store.setting(UNFINISHED) is None


def test_giving_up_forgets_what_was_typed(form, store, qtbot):
    form.show_new({})
    type_into(form, "family_name", "Example")
    with qtbot.waitSignal(form.left):
        form.back_button.click()
    assert store.setting(UNFINISHED) is None
    assert people(store) == []


def test_a_correction_is_saved_as_it_is_made(form, store, now):
    anna = store.add_patient(ANNA, now())
    form.show_patient(store.patient(anna))
    type_into(form, "given_names", "Annabel")
    assert store.patient(anna)["given_names"] == "Annabel"
    assert form.advice.isHidden()


@pytest.mark.parametrize("slowly", [False, True])
def test_a_birth_date_that_cannot_be_leaves_the_one_in_the_records(form, store, now, qtbot, slowly):
    anna = store.add_patient(ANNA | {"birth_date": "1970-01-01"}, now())
    form.show_patient(store.patient(anna))
    widget = form.form.fields["birth_date"].widget
    widget.line.selectAll()
    for key in "1956-05-32":
        qtbot.keyClicks(widget.line, key)
        if slowly:
            widget.flush()
    widget.line.editingFinished.emit()
    assert form.form.fields["birth_date"]._problem.text()
    assert store.patient(anna)["birth_date"] == "1970-01-01"


def test_a_patient_never_loses_the_family_name(form, store, now):
    anna = store.add_patient(ANNA, now())
    form.show_patient(store.patient(anna))
    type_into(form, "family_name", "")
    form.save_button.click()
    assert store.patient(anna)["family_name"] == "Example"
    assert "needed" in form.form.fields["family_name"]._problem.text()


def test_a_family_name_that_is_gone_is_told_and_stops_no_other_correction(form, store, now):
    anna = store.add_patient(ANNA, now())
    form.show_patient(store.patient(anna))
    type_into(form, "family_name", "")
    type_into(form, "given_names", "Zoe")
    assert (store.patient(anna)["family_name"], store.patient(anna)["given_names"]) == ("Example", "Zoe")
    assert "is needed here" in form.form.fields["family_name"]._problem.text()


def test_what_cannot_be_saved_is_said_and_tried_again(form, store, broken_store, qtbot):
    form.show_new({"family_name": "Example"})
    broken_store(broken=True)
    form.save_button.click()
    assert "cannot be changed" in form.message.text
    broken_store(broken=False)
    with qtbot.waitSignal(form.created):
        form.message.button.click()
    assert len(people(store)) == 1


def button(form, words):
    return next(b for b in form.advice.findChildren(type(form.save_button)) if b.text() == words)
