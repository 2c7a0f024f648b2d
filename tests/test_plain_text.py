"""No text that somebody typed is ever read as HTML, wherever it is shown."""

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QTextEdit, QWidget

from db import open_store
from intake_app import app, demo
from intake_app.ui.main_window import MainWindow
from intake_app.ui.messages import show_crash_dialog

TAG = re.compile(r"<[a-zA-Z/!]")  # what makes Qt read a tool tip as HTML
HOSTILE = "<b>Smith</b> & <img src=x> L4<L5"


def find_guessing(window):
    """Return the labels that would decide for themselves whether a text is HTML, and every tool tip that is."""
    labels = [f"label {label.text()!r}" for label in window.findChildren(QLabel) if guesses(label)]
    tips = [f"tip {w.toolTip()!r}" for w in window.findChildren(QWidget) if TAG.search(w.toolTip())]
    rich = [f"text {edit.objectName()!r}" for edit in window.findChildren(QTextEdit) if edit.acceptRichText()]
    return labels + tips + rich


def guesses(label):
    return label.textFormat() != Qt.TextFormat.PlainText and label.pixmap().isNull()


@pytest.fixture
def window(qtbot, tmp_path, now, questionnaire):
    path = tmp_path / "clinic" / "clinic.db"
    with open_store(path) as store:
        app.fill_store(store, demo.cases(questionnaire, now().date()).values(), now())
        store.add_patient({"family_name": HOSTILE, "given_names": HOSTILE}, now())
        store.save_clinic({"name": HOSTILE}, now())
    window = MainWindow(lambda: open_store(path), lambda: questionnaire, now, choose_path=lambda *_: None)
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.painted):
        window.show()
    yield window
    window.close()


def settle():
    for _ in range(20):
        QApplication.processEvents()


def test_check_18_every_label_of_every_screen_shows_its_text_as_it_is(window, questionnaire, qtbot):
    settle()
    assert find_guessing(window) == []
    window.show_new_patient({"family_name": HOSTILE})
    window.show_clinic()
    window.show_rules()
    settle()
    assert find_guessing(window) == []
    window.show_worklist()
    for row in window.store.worklist()[:2]:
        window.show_intake(row["intake_id"])
        wizard = window.intake.wizard
        for page in questionnaire.pages:
            wizard.show_page(page.id)
            wizard.show_question(page.questions[-1].id)  # builds the whole page
            settle()
        window.intake.show_part("review")
        with qtbot.waitSignal(window.intake.letter.previewed, timeout=20_000):
            window.intake.show_part("letter")
        settle()
        assert find_guessing(window) == []


def test_no_tip_of_the_list_is_read_as_html(window, now):
    [patient] = [row for row in window.store.find_patients("") if "Smith" in row["family_name"]]
    window.store.start_intake(patient["id"], now())
    window.show_worklist()
    settle()
    model = window.worklist.table.model()
    tips = [
        model.index(row, column).data(Qt.ItemDataRole.ToolTipRole)
        for row in range(model.rowCount())
        for column in range(model.columnCount())
    ]
    assert any("Smith" in tip for tip in tips)
    assert [tip for tip in tips if TAG.search(tip)] == []


def test_a_label_that_guesses_would_be_found(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    QLabel(HOSTILE, widget)
    widget.setToolTip("")
    assert find_guessing(widget) == [f"label {HOSTILE!r}"]


def test_check_18_the_crash_dialog_shows_its_text_as_it_is(qapp, monkeypatch):
    assert qapp
    shown = []

    def keep(box):
        shown.append(box)

    monkeypatch.setattr(QMessageBox, "exec", keep)
    show_crash_dialog(HOSTILE)
    assert [box.textFormat() for box in shown] == [Qt.TextFormat.PlainText]
