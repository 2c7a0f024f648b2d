"""The published cases, typed into the real window from the search box to the issued letter."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from receptionist import click, fill_intake, fill_patient, type_text

from db import open_store
from intake_app import rules  # noqa: F401  registers the rules
from intake_app.case import make_case, read_case_file
from intake_app.ui.main_window import MainWindow

CASES = sorted((Path(__file__).parents[1] / "cases").glob("*.json"))


@pytest.fixture
def window(qtbot, tmp_path, questionnaire, now):
    saved = tmp_path / "letter.pdf"
    window = MainWindow(
        lambda: open_store(tmp_path / "clinic" / "clinic.db"), lambda: questionnaire, now, choose_path=lambda *_: saved
    )
    qtbot.addWidget(window)
    window.resize(1280, 800)
    window.show()
    qtbot.waitExposed(window)
    yield window
    window.close()


def begin(window, qtbot):
    """Set up the clinic, look for the patient who is not there yet, and ask for a new one."""
    qtbot.waitUntil(lambda: window.stack.currentWidget() is window.clinic_form)
    type_text(window.clinic_form.form.fields["name"].widget.line, "Harbour Spine Clinic")
    click(window.clinic_form.save_button)
    qtbot.waitUntil(lambda: window.stack.currentWidget() is window.worklist)
    QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.stack.currentWidget() is window.patient_form)


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_a_published_case_can_be_typed_in_without_losing_a_fact(window, qtbot, questionnaire, now, path):
    wanted = json.loads(path.read_text("utf-8"))
    begin(window, qtbot)
    fill_patient(window.patient_form, wanted["patient"])
    click(window.patient_form.save_button)
    fill_intake(window.intake.wizard, wanted["answers"])
    store, intake_id = window.store, window.intake.draft.intake_id
    stored = make_case(questionnaire, wanted["patient"], store.answers(intake_id), now().date())
    assert stored.answers == read_case_file(path.read_text("utf-8"), questionnaire, now().date()).answers
    assert not stored.hidden
    [row] = store.find_patients(wanted["patient"]["family_name"])
    assert {name: row[name] for name in wanted["patient"]} == wanted["patient"]


def test_the_emergency_stands_there_the_moment_it_is_answered(window, qtbot):
    wanted = json.loads((CASES[0].parent / "cauda_equina.json").read_text("utf-8"))
    begin(window, qtbot)
    fill_patient(window.patient_form, {"family_name": wanted["patient"]["family_name"]})
    click(window.patient_form.save_button)
    wizard = window.intake.wizard
    assert wizard.page.page.id == "safety"
    assert not wizard.emergency.isVisible()
    fill_intake(wizard, {"saddle_numbness": "yes"})
    wizard.show_page("safety")
    assert wizard.emergency.isVisible()
    fill_intake(wizard, {"handoff_to": "Dr Vale", "handoff_at": "now", "handoff_by": "Kim"})
    assert "Dr Vale" in wizard.emergency.text.text()
