"""Forms for passwords, by keyboard: where the typing goes after a fault, what Enter and Escape do, small windows."""

import pytest
from locked import ORBIT, PLUM
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from intake_app.ui.secret_fields import AGAIN, DIFFERENT, NAME, NEW, OWN, ROLE, SecretForm, make_middle


@pytest.fixture
def show(qtbot):
    """Return a function that shows a form with these fields, the keyboard in the first."""

    pages = []  # qtbot holds them weakly

    def make(*fields, cancel="Cancel"):
        form = SecretForm(fields, "Go on", cancel=cancel)
        form.roles.addItems(["front desk", "clinician"])
        page = make_middle(form)
        pages.append(page)
        qtbot.addWidget(page)
        page.resize(600, 700)
        page.show()
        qtbot.waitExposed(page)
        page.activateWindow()
        qtbot.waitUntil(lambda: QApplication.activeWindow() is page)
        form.focus_first()
        return form

    return make


def type_in(qtbot, text):
    qtbot.keyClicks(QApplication.focusWidget(), text)
    press(qtbot, Qt.Key.Key_Return)


def press(qtbot, key):
    qtbot.keyClick(QApplication.focusWidget(), key)


def test_two_different_passwords_are_both_typed_again_over_the_last(show, qtbot):
    form = show(NEW, AGAIN)
    type_in(qtbot, PLUM)
    type_in(qtbot, ORBIT)
    assert form.problem.text() == DIFFERENT
    type_in(qtbot, ORBIT)
    with qtbot.waitSignal(form.submitted):
        type_in(qtbot, ORBIT)
    assert (form.text(NEW), form.text(AGAIN)) == (ORBIT, ORBIT)


def test_a_password_that_was_not_taken_is_typed_over(show, qtbot):
    form = show(NAME, NEW, AGAIN)
    for text in ("Fay Desk", "short", "short"):
        type_in(qtbot, text)
    form.focus_wrong()
    type_in(qtbot, PLUM)
    with qtbot.waitSignal(form.submitted):
        type_in(qtbot, PLUM)
    assert form.text(NEW) == PLUM


def test_escape_cancels_where_there_is_something_to_cancel(show, qtbot):
    form = show(OWN)
    with qtbot.waitSignal(form.cancelled):
        press(qtbot, Qt.Key.Key_Escape)
    form.set_busy(True)
    with qtbot.assertNotEmitted(form.cancelled):
        qtbot.keyClick(form, Qt.Key.Key_Escape)
    form = show(OWN, cancel="")
    with qtbot.assertNotEmitted(form.cancelled):
        press(qtbot, Qt.Key.Key_Escape)


def test_enter_on_a_role_goes_on_and_submits_from_the_last_field(show, qtbot):
    form = show(NAME, ROLE, NEW)
    form.roles.setFocus()
    press(qtbot, Qt.Key.Key_Return)
    assert form.lines[NEW].hasFocus()
    form = show(ROLE)
    assert form.roles.hasFocus()
    with qtbot.waitSignal(form.submitted):
        press(qtbot, Qt.Key.Key_Return)


def find_wanted(widget):
    """Return the height a widget asks for, at its width if it breaks lines."""
    return widget.heightForWidth(widget.width()) if widget.hasHeightForWidth() else widget.sizeHint().height()


def test_what_does_not_fit_scrolls_and_nothing_is_squeezed(show, qtbot):
    form = show(NAME, NEW, AGAIN, OWN)
    form.window().resize(600, 300)
    form.tell(DIFFERENT)
    qtbot.waitUntil(lambda: form.window().verticalScrollBar().maximum() > 0)
    for widget in (form.problem, *form.lines.values(), form.submit_button):
        qtbot.waitUntil(lambda each=widget: each.height() >= find_wanted(each))
