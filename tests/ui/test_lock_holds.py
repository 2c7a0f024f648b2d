"""The lock, when something is in its way: damaged records, a mistake of the program, an open dialog, work under way."""

import threading
import time
from datetime import timedelta

import pytest
from desk import MARK, PATIENT, settle, shown, sign_in, texts
from locked import ANN, PLUM
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QDialog, QLabel, QMessageBox
from receptionist import click

from intake_app.records import Records

PAGE_BYTES = 2048
PRESSED = 0.15  # seconds: longer than Qt shows a button pressed that was pressed by its letter


@pytest.fixture
def spoilt(records, clinic):
    """Records of which nothing but the beginning can be read, with a whole backup."""
    assert clinic
    records.back_up(bytes(records.unlock(ANN, PLUM).key))
    content = bytearray(records.path.read_bytes())
    for at in range(3 * PAGE_BYTES + 100, len(content), PAGE_BYTES):
        content[at] ^= 255
    records.path.write_bytes(content)


@pytest.fixture
def desk(open_window, qtbot, clinic, now):
    """Return a window with an intake on the screen."""
    assert clinic
    window = open_window()
    sign_in(window, qtbot)
    window.show_intake(window.store.start_intake(window.store.add_patient(PATIENT, now()), now()))
    qtbot.wait(20)
    assert any(MARK in text for text in texts())
    return window


def expect_locked(window):
    assert shown(window) is window.door
    assert window.stack.isVisible()
    assert (window.session, window.store) == (None, None)


def lock_by_key(window, _running):
    window.lock()


def lock_with_computer(window, _running):
    window.idle.on_told(begins=True)


def leave_alone(window, running):
    running.seconds += 5 * 60
    window.idle.check()


@pytest.mark.parametrize("lock", [lock_by_key, lock_with_computer, leave_alone])
@pytest.mark.usefixtures("spoilt")
def test_records_that_do_not_open_are_nobodys_after_the_lock(open_window, qtbot, running, lock):
    window = open_window()
    sign_in(window, qtbot)
    assert shown(window) is window.trouble
    session = window.session
    lock(window, running)
    expect_locked(window)
    assert not any(session.key)
    assert not window.trouble.mend_button.isVisible()
    sign_in(window, qtbot)
    click(window.trouble.mend_button)
    qtbot.waitUntil(lambda: window.worklist is not None, timeout=20_000)
    assert window.store.user_name == ANN


@pytest.mark.usefixtures("spoilt")
def test_a_lock_on_the_trouble_page_locks_nobody_later(open_window, qtbot):
    window = open_window()
    sign_in(window, qtbot)
    window.lock()
    assert not window._must_lock
    sign_in(window, qtbot)
    assert shown(window) is window.trouble
    assert window.session is not None


@pytest.mark.usefixtures("spoilt")
def test_a_restore_that_ends_after_the_computer_was_locked_leads_to_the_door(open_window, qtbot):
    window = open_window()
    sign_in(window, qtbot)
    click(window.trouble.mend_button)
    window.idle.on_told(begins=True)
    qtbot.waitUntil(lambda: window.session is None, timeout=20_000)
    expect_locked(window)
    sign_in(window, qtbot)
    assert shown(window) is window.worklist


@pytest.mark.usefixtures("spoilt")
def test_a_restore_that_fails_after_the_computer_was_locked_leads_to_the_door(open_window, qtbot, records):
    window = open_window()
    sign_in(window, qtbot)
    database = records.backups()[0].database
    database.write_bytes(database.read_bytes()[:5000])
    click(window.trouble.mend_button)
    window.idle.on_told(begins=True)
    qtbot.waitUntil(lambda: window.session is None, timeout=20_000)
    expect_locked(window)


def test_a_mistake_while_records_are_opened_leaves_nobody_signed_in(open_window, qtbot, clinic, records, monkeypatch):
    assert clinic
    window = open_window()
    mistake = RuntimeError("a mistake of the program")

    def fail(*_arguments, **_options):
        raise mistake

    with monkeypatch.context() as patch, qtbot.captureExceptions() as caught:
        patch.setattr(records, "sign_in", fail)
        sign_in(window, qtbot)
    assert [error for _, error, _ in caught] == [mistake]
    expect_locked(window)
    sign_in(window, qtbot)
    assert shown(window) is window.worklist


def test_a_mistake_while_it_is_kept_locks_all_the_same(desk, qtbot, monkeypatch):
    mistake, seen = RuntimeError("a mistake of the program"), []

    def fail():
        seen.append(desk.intake.isVisible())
        raise mistake

    monkeypatch.setattr(desk.intake, "flush", fail)
    with qtbot.captureExceptions() as caught:
        QTimer.singleShot(0, desk, desk.idle.on_locked)
        qtbot.waitUntil(lambda: bool(seen))
        settle(qtbot)
    assert [error for _, error, _ in caught] == [mistake]
    assert seen == [False], "what takes long must not keep it on the screen"
    expect_locked(desk)
    assert desk.door.sign_in.lines["own"].hasFocus()
    assert [text for text in texts() if MARK in text] == []
    sign_in(desk, qtbot)
    assert desk.store.user_name == ANN


def test_a_mistake_while_it_is_closed_leaves_it_open_and_at_work(desk, qtbot, monkeypatch):
    def fail():
        raise RuntimeError("a mistake of the program")

    with monkeypatch.context() as patch, qtbot.captureExceptions() as caught:
        patch.setattr(desk.intake, "flush", fail)
        patch.setattr(desk, "_can_leave", fail)
        QTimer.singleShot(0, desk, desk.close)
        qtbot.waitUntil(lambda: bool(caught))
    assert desk.isVisible()
    assert desk.store.user_name == ANN
    assert desk.close()
    assert desk.store is None


@pytest.mark.parametrize("is_modal", [False, True])
def test_an_open_dialog_is_closed_by_the_lock(desk, qtbot, is_modal):
    dialog = QMessageBox(desk) if is_modal else QDialog(desk)
    QLabel(MARK, dialog)
    QTimer.singleShot(50, desk, desk.idle.on_locked)
    if is_modal:
        dialog.exec()
    else:
        dialog.show()
        qtbot.waitUntil(lambda: desk.session is None)
    assert not dialog.isVisible()
    expect_locked(desk)
    dialog.deleteLater()


def test_a_button_pressed_by_its_letter_just_before_the_lock_does_nothing_after_it(desk, qtbot, monkeypatch):
    wizard, gone = desk.intake.wizard, []
    wizard.destroyed.connect(lambda: gone.append(wizard))
    wizard.show_page(list(wizard.pages)[-1])
    keep = desk._keep_everything
    monkeypatch.setattr(desk, "_keep_everything", lambda store: (time.sleep(PRESSED), keep(store))[1])  # a slow disk
    wizard.next_button.animateClick()  # what Alt+N does: it is down at once, and clicked a tenth of a second later
    with qtbot.captureExceptions() as caught:
        desk.lock()
        qtbot.waitUntil(lambda: bool(gone))
    assert caught == []
    expect_locked(desk)


def test_a_backup_that_ends_after_the_restore_began_is_no_mistake(
    open_window, qtbot, clinic, records, now, monkeypatch
):
    assert clinic
    Records(records.path.parent, lambda: now() - timedelta(days=1)).back_up(bytes(records.unlock(ANN, PLUM).key))
    gate, back_up = threading.Event(), records.back_up

    def wait_and_back_up(*arguments):
        gate.wait(20)
        return back_up(*arguments)

    monkeypatch.setattr(records, "back_up", wait_and_back_up)
    window = open_window()
    with qtbot.captureExceptions() as caught:
        sign_in(window, qtbot)
        window.restore(records.backups()[0])
        assert window.store is None
        gate.set()
        qtbot.waitUntil(lambda: window.worklist is not None, timeout=20_000)
    assert caught == []
    assert "is in place" in window.worklist.message.text


def test_a_clock_set_back_while_records_are_opened_is_no_mistake(open_window, qtbot, clinic, records):
    assert clinic
    window = open_window()
    with qtbot.captureExceptions() as caught:
        window._enter(records.unlock(ANN, PLUM))
        window.idle.set_back.emit()
        qtbot.waitUntil(lambda: window.worklist is not None, timeout=20_000)
    assert caught == []
