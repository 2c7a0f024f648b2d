"""What was copied in the window is forgotten; what somebody else copied stays."""

import pytest
from desk import MARK, settle, sign_in
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from receptionist import type_text

from intake_app.ui.clipboard import COPIED, SECONDS


@pytest.fixture
def window(open_window, qtbot, clinic):
    assert clinic
    window = open_window()
    sign_in(window, qtbot)
    type_text(window.worklist.search, MARK)
    return window


def copy(window):
    """Copy as a person does: all of the field, by the keys."""
    window.worklist.search.selectAll()
    QTest.keyClick(window.worklist.search, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == MARK


def test_check_35_what_was_copied_here_is_gone_after_half_a_minute(window):
    copy(window)
    timer = window.copied.timers[COPIED]
    assert 10 <= SECONDS <= 30
    assert timer.isActive()
    assert timer.interval() == SECONDS * 1000
    timer.timeout.emit()
    assert QApplication.clipboard().text() == ""
    assert not timer.isActive()


def test_check_35_the_time_begins_anew_with_another_copy(window):
    copy(window)
    window.copied.timers[COPIED].stop()
    window.worklist.search.setText(MARK * 2)
    window.worklist.search.selectAll()
    window.worklist.search.copy()
    assert QApplication.clipboard().text() == MARK * 2
    assert window.copied.timers[COPIED].isActive()


def test_check_35_the_lock_and_the_end_take_it_away_at_once(window, qtbot):
    copy(window)
    window.lock()
    assert QApplication.clipboard().text() == ""
    settle(qtbot)
    sign_in(window, qtbot)
    type_text(window.worklist.search, MARK)
    copy(window)
    window.worklist.search.clear()
    window.close()
    assert QApplication.clipboard().text() == ""


def test_what_another_program_copied_stays(window):
    copy(window)
    window.worklist.search.clearFocus()
    window.setFocus()
    QApplication.focusWidget().clearFocus()
    assert QApplication.focusWidget() is None, "as when another program has the keyboard"
    QApplication.clipboard().setText("from elsewhere")
    assert not window.copied.timers[COPIED].isActive()
    window.lock()
    assert QApplication.clipboard().text() == "from elsewhere"
