"""Back in with the recovery code, through the real window: from a fresh start, and from a window that locked."""

import threading

import pytest
from desk import MARK, PATIENT, expect_the_draft, fill, settle, shown, sign_in
from locked import ANN, PLUM
from PySide6.QtWidgets import QPlainTextEdit
from receptionist import click, type_text

from intake_app.ui.patient_bar import INTAKE

LADDER = "amber violin ladder"


@pytest.fixture
def left_half_typed(open_window, qtbot, clinic, now):
    """Return a window where Ann is in the middle of an intake."""
    assert clinic
    window = open_window()
    sign_in(window, qtbot)
    window.show_intake(window.store.start_intake(window.store.add_patient(PATIENT, now()), now()))
    wizard = window.intake.wizard
    wizard.show_question("onset")
    type_text(wizard.page.column.rows["onset"].widget.line, "32 May")
    wizard.show_question("complaint")
    type_text(wizard.page.column.rows["complaint"].widget.findChild(QPlainTextEdit), MARK)
    qtbot.wait(10)
    return window


def give_code(window, qtbot, code):
    """Give the recovery code, as far as the new password that is asked for then."""
    click(window.door.forgotten_button)
    fill(window.door.code_form, code=code)
    click(window.door.code_form.submit_button)
    qtbot.waitUntil(lambda: not window.door.code_form.is_busy, timeout=20_000)
    assert window.door.code_form.problem.text() == ""
    settle(qtbot)
    assert window.door.new_form.isVisible()
    return window.door.new_form


def get_in(window, qtbot, code):
    form = give_code(window, qtbot, code)
    assert form.people.currentText() == ANN
    fill(form, new=LADDER, again=LADDER)
    click(form.submit_button)
    qtbot.waitUntil(lambda: window.worklist is not None, timeout=20_000)
    settle(qtbot)
    assert window.store.user_name == ANN
    assert "emergency access" in [row["action"] for row in window.store.audit()]


def test_the_code_opens_a_locked_window_and_the_intake_is_there_as_it_was(left_half_typed, qtbot, clinic):
    window = left_half_typed
    window.lock()
    settle(qtbot)
    get_in(window, qtbot, clinic)
    assert shown(window) is window.intake
    assert window.intake.part == INTAKE
    expect_the_draft(window)


def test_the_code_opens_a_fresh_start_and_the_intake_is_there_as_it_was(left_half_typed, open_window, qtbot, clinic):
    left_half_typed.lock()
    settle(qtbot)
    left_half_typed.close()
    window = open_window()
    get_in(window, qtbot, clinic)
    assert shown(window) is window.worklist
    [row] = window.worklist.model.rows
    window.show_intake(row["intake_id"])
    expect_the_draft(window)


@pytest.mark.parametrize("lock_first", [False, True])
def test_who_gave_the_code_and_goes_back_can_still_sign_in(open_window, qtbot, clinic, lock_first):
    window = open_window()
    if lock_first:
        sign_in(window, qtbot)
        window.lock()
        settle(qtbot)
    click(give_code(window, qtbot, clinic).cancel_button)
    sign_in(window, qtbot)
    assert shown(window) is window.worklist


def test_a_code_that_was_given_and_left_is_nobodys_once_the_computer_locks(open_window, qtbot, clinic):
    window = open_window()
    form = give_code(window, qtbot, clinic)
    session = window.door._session
    window.idle.on_told(begins=True)
    assert not form.isVisible()
    assert window.door.sign_in.isVisible()
    assert (window.door._session, any(session.key)) == (None, False)
    sign_in(window, qtbot)
    assert shown(window) is window.worklist


def test_a_password_that_is_being_checked_when_the_computer_locks_opens_nothing(
    open_window, qtbot, clinic, records, monkeypatch
):
    assert clinic
    begun, gate, unlock = threading.Event(), threading.Event(), records.unlock

    def wait_and_unlock(name, password):
        begun.set()
        gate.wait(20)
        return unlock(name, password)

    monkeypatch.setattr(records, "unlock", wait_and_unlock)
    window = open_window()
    form = window.door.sign_in
    form.people.setCurrentText(ANN)
    type_text(form.lines["own"], PLUM)
    click(form.submit_button)
    qtbot.waitUntil(begun.is_set, timeout=20_000)
    window.idle.on_told(begins=True)
    assert not form.is_busy
    with qtbot.waitSignal(window.background._finished, timeout=20_000):
        gate.set()
    qtbot.wait(20)
    assert (shown(window), window.session, window.store) == (window.door, None, None)
    sign_in(window, qtbot)
    assert shown(window) is window.worklist


def test_the_code_leads_to_the_backup_of_damaged_records_and_that_it_was_used_is_in_them(
    open_window, qtbot, clinic, records
):
    backup = records.back_up(bytes(records.unlock(ANN, PLUM).key))
    with records.open(records.unlock(ANN, PLUM)) as store:
        [row] = store._rows("select rootpage from sqlite_master where name = 'journal'")
    content = bytearray(records.path.read_bytes())
    content[(row["rootpage"] - 1) * 2048 + 100] ^= 1
    records.path.write_bytes(content)
    window = open_window()
    fill(give_code(window, qtbot, clinic), new=LADDER, again=LADDER)
    click(window.door.new_form.submit_button)
    qtbot.waitUntil(lambda: shown(window) is not window.door, timeout=20_000)
    assert shown(window) is window.trouble
    assert window.trouble.mend_button.text().startswith("&Restore the backup")
    click(window.trouble.mend_button)
    qtbot.waitUntil(lambda: window.worklist is not None, timeout=20_000)
    assert [row["action"] for row in window.store.audit()].count("emergency access") == 1
    assert backup.folder.name in [row["record"].removeprefix("backup/") for row in window.store.audit()]
