import pytest
from PySide6.QtWidgets import QApplication

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
