import pytest
from PySide6.QtWidgets import QApplication

from intake_app.ui import escalation, letter_about, safety_age
from intake_app.ui.clinic_form import ClinicForm


@pytest.fixture
def form(qtbot, store, now):
    form = ClinicForm(store, now)
    qtbot.addWidget(form)
    form.show()
    qtbot.waitExposed(form)
    form.activateWindow()
    form.show_clinic(None)
    return form


def test_the_first_start_asks_for_name_and_address_and_nothing_else(form):
    assert list(form.form.fields) == ["name", "address"]
    assert not form.back_button.isVisible()
    assert form.form.fields["name"].isAncestorOf(QApplication.focusWidget())


def test_the_letterhead_is_kept(form, qtbot, store):
    form.form.fields["name"].widget.line.setText("Harbour Clinic")
    form.form.fields["name"].widget.line.textEdited.emit("Harbour Clinic")
    form.form.fields["address"].widget.edit.setPlainText("1 Quayside\nMillbrook")
    with qtbot.waitSignal(form.saved):
        form.save_button.click()
    clinic = store.clinic()
    assert (clinic["name"], clinic["address"]) == ("Harbour Clinic", "1 Quayside\nMillbrook")


def test_a_clinic_without_a_name_is_told_so_at_the_field(form, store):
    form.save_button.click()
    assert "is needed" in form.form.fields["name"]._problem.text()
    assert store.clinic() is None


def test_what_is_known_is_shown_to_be_changed(form, store, now):
    store.save_clinic({"name": "Harbour Clinic", "address": "1 Quayside"}, now())
    form.show_clinic(store.clinic())
    assert form.form.values() == {"name": "Harbour Clinic", "address": "1 Quayside"}
    assert form.back_button.isVisible()


def test_what_cannot_be_saved_stays_in_its_field(form, store, broken_store):
    form.form.show_values({"name": "Harbour Clinic"})
    broken_store(broken=True)
    form.save_button.click()
    assert "cannot be changed" in form.message.text
    assert form.form.values()["name"] == "Harbour Clinic"
    assert store.clinic() is None


def test_the_first_start_asks_for_no_rules(form):
    assert form.hours.isHidden()


def test_the_hours_until_the_safety_questions_are_asked_again(form, store, now, qtbot):
    store.save_clinic({"name": "Harbour Clinic"}, now())
    form.show_clinic(store.clinic())
    line = form.hours.fields["safety_hours"].widget.line
    assert line.text() == "24"
    line.clear()
    qtbot.keyClicks(line, "0")
    with qtbot.waitSignal(form.saved):
        form.save_button.click()
    assert safety_age.read_hours(store) == 0
    form.show_clinic(store.clinic())
    assert line.text() == "0"


def test_hours_that_are_no_number_are_told_at_the_field(form, store, now, qtbot):
    store.save_clinic({"name": "Harbour Clinic"}, now())
    form.show_clinic(store.clinic())
    line = form.hours.fields["safety_hours"].widget.line
    line.clear()
    qtbot.keyClicks(line, "-3")
    form.save_button.click()
    assert "outside what is possible" in form.hours.fields["safety_hours"]._problem.text()
    assert safety_age.read_hours(store) == 24


def test_the_clinics_words_and_telephone_at_an_urgent_answer(form, store, now, qtbot):
    store.save_clinic({"name": "Harbour Clinic"}, now())
    form.show_clinic(store.clinic())
    words, phone = (form.hours.fields[name].widget.line for name in (escalation.TEXT, escalation.PHONE))
    assert (words.text(), phone.text()) == ("", "")
    qtbot.keyClicks(words, "Fetch the duty doctor.")
    qtbot.keyClicks(phone, "112")
    with qtbot.waitSignal(form.saved):
        form.save_button.click()
    assert escalation.say_words(store) == "Fetch the duty doctor."
    assert escalation.say_phone(store) == "Phone: 112"
    form.show_clinic(store.clinic())
    words.clear()
    words.textEdited.emit("")
    with qtbot.waitSignal(form.saved):
        form.save_button.click()
    assert escalation.say_words(store) == escalation.SHOW_NOW


def test_what_the_form_asks_is_an_administrators_to_change():
    from db.roles import CLINIC_SETTINGS
    from intake_app.records import SECOND_FOLDER
    from intake_app.rulebook import PROFILE
    from intake_app.ui import clinic_form, clinic_logo

    asked = {question.id for question in clinic_form.RULES}
    assert asked | {clinic_logo.SETTING, PROFILE, SECOND_FOLDER} == set(CLINIC_SETTINGS)


def test_the_clinic_says_on_what_paper_it_prints(form, store, now, qtbot):
    store.save_clinic({"name": "Harbour Clinic"}, now())
    form.show_clinic(store.clinic())
    letter, a4 = form.hours.fields["paper"].widget.tiles
    assert letter.isChecked()
    a4.click()
    with qtbot.waitSignal(form.saved):
        form.save_button.click()
    assert letter_about.read_paper(store) == "a4"
