"""The window of encrypted records in tests: signed in to, and read through."""

from locked import ANN, PLUM
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPlainTextEdit, QTableView, QWidget
from receptionist import click, type_text

from intake_app.ui.locked_window import LockedWindow

MARK = "Xyzzyquux"
PATIENT = {"family_name": MARK, "given_names": MARK, "birth_date": "1956-05-03", "record_number": MARK}


class Running:
    """Seconds since the start of the computer, set by hand."""

    def __init__(self):
        self.seconds = 1000.0

    def __call__(self):
        return self.seconds


def shown(window):
    return window.stack.currentWidget()


def sign_in(window, qtbot, name=ANN, typed=PLUM):
    form = window.door.sign_in
    form.people.setCurrentText(name)
    type_text(form.lines["own"], typed)
    click(form.submit_button)
    qtbot.waitUntil(lambda: not form.is_busy, timeout=20_000)
    settle(qtbot)


def settle(qtbot):
    window = next(top for top in QApplication.topLevelWidgets() if isinstance(top, LockedWindow) and top.isVisible())
    window.activateWindow()  # without a window manager it is lost to whatever was shown last
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    qtbot.wait(30)


def fill(form, **texts):
    for name, text in texts.items():
        form.lines[name].clear()
        type_text(form.lines[name], text)


def texts():
    """Return every text that any widget of any window holds, shown or not."""
    found = []
    for top in QApplication.topLevelWidgets():
        for widget in [top, *top.findChildren(QWidget)]:
            found += [widget.windowTitle(), widget.accessibleName(), widget.toolTip()]
            if isinstance(widget, QLabel | QLineEdit):
                found.append(widget.text())
            if isinstance(widget, QPlainTextEdit):
                found.append(widget.toPlainText())
            if isinstance(widget, QTableView) and widget.model():
                model = widget.model()
                found += [
                    str(model.index(r, c).data()) for r in range(model.rowCount()) for c in range(model.columnCount())
                ]
    return found


def expect_the_draft(window):
    """Find what was answered before a lock, and what was half typed still in its field; then let that go."""
    assert window.intake.draft.answers["complaint"] == MARK
    window.intake.wizard.show_question("onset")
    assert window.intake.wizard.page.column.rows["onset"].widget.line.text() == "32 May"
    window.intake.draft._refused.clear()
    window.intake.wizard.page.column.rows["onset"].widget.take_text("")
