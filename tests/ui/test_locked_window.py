"""The real window in front of real encrypted records: set up, signed in to, locked, and opened again."""

import threading
from functools import partial
from types import SimpleNamespace

import pytest
from desk import MARK, PATIENT, expect_the_draft, fill, settle, shown, sign_in, texts
from locked import ANN, ORBIT, PLUM
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QHeaderView, QLabel, QPlainTextEdit, QPushButton
from receptionist import click, type_text

from db import find_records, open_store
from intake_app import vault
from intake_app.records import DATABASE, Records
from intake_app.ui import front_door
from intake_app.ui.locked_window import LockedWindow
from intake_app.ui.patient_bar import INTAKE


def test_the_first_start_asks_who_looks_after_the_records_and_proves_the_code(open_window, qtbot, records):
    window = open_window()
    door = window.door
    fill(door.set_up, name=ANN, new="12345678", again="12345678")
    click(door.set_up.submit_button)
    qtbot.waitUntil(lambda: "one of the first" in door.set_up.problem.text(), timeout=20_000)
    assert not vault.exists(records.path)
    fill(door.set_up, new=PLUM, again=ORBIT)
    click(door.set_up.submit_button)
    assert "not the same" in door.set_up.problem.text()
    fill(door.set_up, again=PLUM)
    click(door.set_up.submit_button)
    qtbot.waitUntil(lambda: door.code_page is not None, timeout=20_000)
    page = door.code_page
    groups = page._code.split("-")
    click(page.print_button)
    assert page.told.text() == "printed"
    type_text(page.lines[0], "AAAA")
    click(page.done_button)
    assert page.problem.isVisible()
    for place, line in zip(page.asked, page.lines, strict=True):
        line.clear()
        type_text(line, groups[place].lower())
    click(page.done_button)
    qtbot.waitUntil(lambda: window.store is not None and window.worklist is not None, timeout=20_000)
    assert shown(window) is window.clinic_form
    assert (window.store.user_name, window.store.role) == (ANN, "administrator")
    assert find_records(records.path) == "encrypted"
    assert records.unlock_with_code("-".join(groups)).by_code


def test_records_of_the_release_before_are_encrypted_and_kept(open_window, qtbot, records, now):
    with open_store(records.path) as store:
        store.save_clinic({"name": "Harbour Clinic"}, now())
        store.start_intake(store.add_patient(PATIENT, now()), now())
    window = open_window()
    assert front_door.OLD_RECORDS in [label.text() for label in window.findChildren(QLabel) if label.isVisible()]
    fill(window.door.set_up, name=ANN, new=PLUM, again=PLUM)
    click(window.door.set_up.submit_button)
    qtbot.waitUntil(lambda: window.door.code_page is not None, timeout=20_000)
    page = window.door.code_page
    groups = page._code.split("-")
    for place, line in zip(page.asked, page.lines, strict=True):
        type_text(line, groups[place])
    click(page.done_button)
    qtbot.waitUntil(lambda: window.worklist is not None, timeout=20_000)
    assert find_records(records.path) == "encrypted"
    assert [row["family_name"] for row in window.worklist.model.rows] == [MARK]


def test_a_set_up_that_was_cut_off_goes_on_at_the_sign_in(open_window, qtbot, records):
    records.create(ANN, PLUM)
    window = open_window()
    sign_in(window, qtbot)
    assert window.store.user_name == ANN
    assert "Make a new recovery code" in window.worklist.message.text


def test_a_wrong_password_is_said_and_the_right_one_opens(open_window, qtbot, clinic):
    assert clinic
    window = open_window()
    sign_in(window, qtbot, typed="not this one")
    assert "The name or the password is wrong" in window.door.sign_in.problem.text()
    assert window.worklist is None
    sign_in(window, qtbot)
    assert shown(window) is window.worklist
    assert "A wrong password was entered" in window.worklist.message.text
    assert QApplication.focusWidget() is window.worklist.search


def test_after_several_wrong_passwords_it_counts_down(open_window, qtbot, clinic):
    assert clinic
    window = open_window()
    for _ in range(4):
        sign_in(window, qtbot, typed="not this one")
    assert "Wait" in window.door.sign_in.problem.text()
    assert not window.door.sign_in.submit_button.isEnabled()
    first = window.door._seconds
    window.door._on_second()
    assert window.door._seconds == first - 1
    window.door._seconds = 0
    window.door._on_second()
    assert window.door.sign_in.submit_button.isEnabled()


def test_check_30_who_forgot_the_password_gets_back_in_with_the_code(open_window, qtbot, clinic):
    window = open_window()
    click(window.door.forgotten_button)
    fill(window.door.code_form, code="AAAA-AAAA")
    click(window.door.code_form.submit_button)
    qtbot.waitUntil(lambda: "not a recovery code" in window.door.code_form.problem.text(), timeout=20_000)
    fill(window.door.code_form, code=clinic.lower().replace("-", " "))
    click(window.door.code_form.submit_button)
    form = window.door.new_form
    qtbot.waitUntil(form.isVisible, timeout=20_000)
    assert form.people.currentText() == ANN
    fill(form, new="amber violin ladder", again="amber violin ladder")
    click(form.submit_button)
    qtbot.waitUntil(lambda: window.worklist is not None, timeout=20_000)
    assert window.store.user_name == ANN
    assert window.store.audit()[0]["action"] == "emergency access"
    window.lock()
    sign_in(window, qtbot, typed=PLUM)
    assert window.worklist is None
    sign_in(window, qtbot, typed="amber violin ladder")
    assert shown(window) is window.worklist


def open_intake(window, now):
    intake_id = window.store.start_intake(window.store.add_patient(PATIENT, now()), now())
    window.show_intake(intake_id)
    return window.intake


def type_half(window, qtbot):
    """Type a text into the complaint and a wrong date, and stop there."""
    wizard = window.intake.wizard
    wizard.show_question("complaint")
    type_text(wizard.page.column.rows["complaint"].widget.findChild(QPlainTextEdit), MARK)
    qtbot.wait(10)


def test_check_08_after_the_lock_nothing_personal_is_left_in_any_widget(open_window, qtbot, clinic, now):
    assert clinic
    window = open_window()
    sign_in(window, qtbot)
    open_intake(window, now)
    type_half(window, qtbot)
    QApplication.clipboard().setText(MARK)
    assert any(MARK in text for text in texts())
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert shown(window) is window.door
    settle(qtbot)
    assert [text for text in texts() if MARK in text] == []
    assert QApplication.clipboard().text() == ""
    assert (window.store, window.session) == (None, None)


def test_check_08_it_locks_when_nobody_uses_it(open_window, qtbot, clinic, running):
    assert clinic
    window = open_window()
    sign_in(window, qtbot)
    running.seconds += 4 * 60
    window.idle.touch()
    running.seconds += 4 * 60
    window.idle.check()
    assert shown(window) is window.worklist
    running.seconds += 60
    window.idle.touch()
    assert shown(window) is window.door, "a key after the time was over does not count"


def test_check_09_after_twelve_hours_somebody_has_to_sign_in_again(open_window, qtbot, clinic, running):
    assert clinic
    window = open_window()
    sign_in(window, qtbot)
    for _ in range(12 * 60):
        running.seconds += 60
        window.idle.touch()
    assert shown(window) is window.door


def test_the_lock_key_of_the_computer_locks(open_window, qtbot, clinic):
    assert clinic
    window = open_window()
    sign_in(window, qtbot)
    window.idle.on_told(begins=False)
    assert shown(window) is window.worklist
    window.idle.on_told(begins=True)
    assert shown(window) is window.door


def test_check_11_the_same_user_is_back_at_the_question_with_the_text(open_window, qtbot, clinic, now):
    assert clinic
    window = open_window()
    sign_in(window, qtbot)
    intake_id = open_intake(window, now).draft.intake_id
    wizard = window.intake.wizard
    wizard.show_question("onset")
    type_text(wizard.page.column.rows["onset"].widget.line, "32 May")
    type_half(window, qtbot)
    window.lock()
    settle(qtbot)
    sign_in(window, qtbot)
    assert shown(window) is window.intake
    assert (window.intake.draft.intake_id, window.intake.part) == (intake_id, INTAKE)
    rows = window.intake.wizard.page.column.rows
    assert rows["complaint"].isAncestorOf(QApplication.focusWidget())
    expect_the_draft(window)


def test_check_11_another_user_comes_to_the_list_and_gets_nothing_half_typed(open_window, qtbot, clinic):
    assert clinic
    window = open_window()
    sign_in(window, qtbot)
    window.show_new_patient({})
    type_text(window.patient_form.form.fields["family_name"].widget.line, MARK)
    type_text(window.patient_form.form.fields["birth_date"].widget.line, "32 May")
    window.lock()
    settle(qtbot)
    sign_in(window, qtbot, "Fay Desk", ORBIT)
    assert shown(window) is window.worklist
    assert window.store.role == "front_desk"
    settle(qtbot)
    assert [text for text in texts() if MARK in text] == []
    window.lock()
    sign_in(window, qtbot)
    assert shown(window) is window.worklist
    assert MARK in window.worklist.interrupted.text
    window.worklist.interrupted.button.click()
    assert window.patient_form.form.fields["family_name"].widget.value() == MARK
    assert window.patient_form.form.fields["birth_date"].widget.line.text() == "32 May"
    window.patient_form.form.fields["birth_date"].widget.take_text("")


def test_check_12_the_front_desk_is_not_offered_what_it_may_not_do(open_window, qtbot, clinic):
    assert clinic
    window = open_window()
    sign_in(window, qtbot, "Fay Desk", ORBIT)
    assert not window.worklist.clinic_button.isEnabled()
    window.show_people()
    assert [name for name, button in window.people.buttons.items() if button.isVisible()] == ["own"]
    window.show_backups()
    assert not window.backups.restore_button.isEnabled()
    window.show_trail()
    assert "may not do this" in window.trail.message.text


def test_the_lock_is_in_sight_on_every_screen_and_works_there(open_window, qtbot, clinic, now):
    assert clinic
    window = open_window()
    sign_in(window, qtbot)
    intake_id = open_intake(window, now).draft.intake_id
    part = partial(window.show_intake, intake_id)
    pages = [window.show_clinic, window.show_rules, window.show_people, window.show_trail, window.show_backups]
    for show in (window.show_worklist, part, partial(window.show_new_patient, {}), *pages):
        show()
        qtbot.wait(20)
        buttons = window.findChildren(QPushButton)
        [button] = [b for b in buttons if b.accessibleName() == "Lock, Ctrl+L" and b.isVisible()]
        assert "Ctrl+L" in button.toolTip()
        assert not button.icon().isNull()
        covered = [*shown(window).findChildren(QAbstractButton), *shown(window).findChildren(QHeaderView)]
        covered = [b for b in covered if b.isVisible() and b is not button]
        place = QRect(button.mapTo(window, QPoint()), button.size())
        assert not [b for b in covered if place.intersects(QRect(b.mapTo(window, QPoint()), b.size()))]
        click(button)
        assert shown(window) is window.door
        assert not button.isVisible()
        settle(qtbot)
        sign_in(window, qtbot)
        window.show_worklist()


def test_two_copies_are_told_of_each_other(open_window, qtbot, clinic, records):
    assert clinic
    with records.open(records.unlock(ANN, PLUM)):
        window = open_window()
        sign_in(window, qtbot)
        assert "already running" in window.trouble.text
    click(window.trouble.retry_button)
    assert shown(window) is window.door, "what does not open is nobody's until they sign in again"
    sign_in(window, qtbot)
    assert shown(window) is window.worklist


def test_a_folder_that_goes_to_the_cloud_is_refused_before_anything_is_made(qtbot, tmp_path, questionnaire, now):
    folder = tmp_path / "Dropbox" / "clinic"
    window = LockedWindow(Records(folder, now), lambda: questionnaire, now)
    qtbot.addWidget(window)
    window.show()
    assert "Dropbox" in window.trouble.text
    assert not folder.exists()


def test_the_file_is_where_the_folder_is(folder, records):
    assert records.path == folder / DATABASE


def test_a_trail_that_was_tampered_with_is_told_at_the_sign_in(open_window, qtbot, clinic, records):
    assert clinic
    with records.open(records.unlock(ANN, PLUM)) as store:
        store._db.execute("update audit set action = 'printed' where seq = 2")
    window = open_window()
    sign_in(window, qtbot)
    assert "The audit trail is not as it was written: row 2" in window.worklist.message.text


def test_check_13_opening_an_intake_is_in_the_trail(open_window, qtbot, clinic, now):
    assert clinic
    window = open_window()
    sign_in(window, qtbot)
    intake_id = open_intake(window, now).draft.intake_id
    last = window.store.audit()[0]
    assert (last["action"], last["record"], last["user_name"]) == ("viewed", f"intake/{intake_id}", ANN)


@pytest.fixture
def held(records, monkeypatch):
    """Hold the opening of the records until it is let go; `asked` are the threads on which it was begun."""
    gate, asked, really_open = threading.Event(), [], records.open

    def wait_and_open(session):
        asked.append(threading.current_thread())
        gate.wait(20)
        return really_open(session)

    monkeypatch.setattr(records, "open", wait_and_open)
    yield SimpleNamespace(gate=gate, asked=asked)
    gate.set()


def begin_to_sign_in(window, qtbot, held):
    form = window.door.sign_in
    form.people.setCurrentText(ANN)
    type_text(form.lines["own"], PLUM)
    click(form.submit_button)
    qtbot.waitUntil(lambda: bool(held.asked), timeout=20_000)
    return form


def test_the_window_lives_while_the_records_are_opened(open_window, qtbot, clinic, held):
    assert clinic
    window = open_window()
    form = begin_to_sign_in(window, qtbot, held)
    qtbot.wait(30)
    assert held.asked[0] is not threading.main_thread()
    assert form.is_busy
    assert form._busy.isVisible()
    assert form.text("own") == ""
    form.submitted.emit()
    form._on_submitted()
    assert len(held.asked) == 1, "one sign-in at a time"
    held.gate.set()
    qtbot.waitUntil(lambda: window.worklist is not None, timeout=20_000)
    assert shown(window) is window.worklist
    assert not form.is_busy


def test_a_computer_that_locks_while_the_records_are_opened_finds_the_door_closed(open_window, qtbot, clinic, held):
    assert clinic
    window = open_window()
    form = begin_to_sign_in(window, qtbot, held)
    window.idle.on_told(begins=True)
    held.gate.set()
    qtbot.waitUntil(lambda: not form.is_busy, timeout=20_000)
    assert shown(window) is window.door
    assert (window.session, window.worklist, window.store) == (None, None, None)
    sign_in(window, qtbot)
    assert shown(window) is window.worklist


def test_a_window_closed_while_the_records_are_opened_leaves_them_closed(open_window, qtbot, clinic, records, held):
    assert clinic
    window = open_window()
    begin_to_sign_in(window, qtbot, held)
    threading.Timer(0.05, held.gate.set).start()
    assert window.close()
    with records.open(records.unlock(ANN, PLUM)) as store:
        assert store.role == ""
