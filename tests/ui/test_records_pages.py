"""People, audit trail and backups in the real window, and what is offered when the records are damaged."""

from functools import partial

import pytest
from desk import MARK, PATIENT, fill, settle, shown, sign_in
from locked import ANN, ORBIT, PLUM
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton
from receptionist import click, type_text

from intake_app import vault
from intake_app.errors import UserError
from intake_app.vault import keyslots


def do(window, qtbot, action, **texts):
    page = window.people
    click(page.buttons[action])
    form = page.form
    fill(form, **texts)
    click(form.submit_button)
    qtbot.waitUntil(lambda: page.form is not form or bool(form.problem.text()), timeout=20_000)
    settle(qtbot)
    return form.problem.text() if page.form is form else ""


def test_an_administrator_adds_and_changes_somebody(open_window, qtbot, clinic):
    assert clinic
    window = open_window()
    sign_in(window, qtbot)
    window.show_people()
    page = window.people
    assert "wrong" in do(window, qtbot, "add", name="Cleo Ward", new=ORBIT, again=ORBIT, own="not mine")
    assert [user["name"] for user in window.store.users()] == [ANN, "Fay Desk"]
    assert do(window, qtbot, "add", name="Cleo Ward", new=ORBIT, again=ORBIT, own=PLUM) == ""
    assert [user["name"] for user in window.store.users()] == [ANN, "Cleo Ward", "Fay Desk"]
    page.list.setCurrentRow(1)
    click(page.buttons["role"])
    page.form.roles.setCurrentIndex(1)
    click(page.form.submit_button)
    assert window.store.users()[1]["role"] == "clinician"
    page.list.setCurrentRow(1)
    assert do(window, qtbot, "password", new="amber violin ladder", again="amber violin ladder", own=PLUM) == ""
    assert vault.unlock(window.records.path, "Cleo Ward", "amber violin ladder").name == "Cleo Ward"
    assert do(window, qtbot, "own", own=PLUM, new="amber violin ladder", again="amber violin ladder") == ""
    assert vault.unlock(window.records.path, ANN, "amber violin ladder").name == ANN


def test_a_new_recovery_code_replaces_the_old_one(open_window, qtbot, clinic, records):
    window = open_window()
    sign_in(window, qtbot)
    window.show_people()
    assert do(window, qtbot, "code", own=PLUM) == ""
    page = window.people.code_page
    code = page._code
    assert records.unlock_with_code(clinic).by_code, "until the new one is on paper"
    for place, line in zip(page.asked, page.lines, strict=True):
        type_text(line, code.split("-")[place])
    click(page.done_button)
    assert records.unlock_with_code(code).by_code
    with pytest.raises(UserError, match="does not open"):
        records.unlock_with_code(clinic)


def test_a_recovery_code_that_is_on_no_paper_yet_is_forgotten_when_the_window_locks(
    open_window, qtbot, clinic, records
):
    window = open_window()
    sign_in(window, qtbot)
    window.show_people()
    assert do(window, qtbot, "code", own=PLUM) == ""
    code = window.people.code_page._code
    window.lock()
    assert records.unlock_with_code(clinic).by_code
    with pytest.raises(UserError, match="does not open"):
        records.unlock_with_code(code)


def test_a_recovery_code_that_cannot_be_kept_is_told_and_the_one_before_counts(
    open_window, qtbot, clinic, records, monkeypatch
):
    window = open_window()
    sign_in(window, qtbot)
    window.show_people()
    assert do(window, qtbot, "code", own=PLUM) == ""
    page = window.people.code_page
    for place, line in zip(page.asked, page.lines, strict=True):
        type_text(line, page._code.split("-")[place])
    full = UserError("keyslots.json could not be written: No space left on device.", "Free some.")
    monkeypatch.setattr("intake_app.vault.keyslots.write", lambda *_: (_ for _ in ()).throw(full))
    click(page.done_button)
    assert "was not changed. keyslots.json" in window.people.message.text
    assert records.unlock_with_code(clinic).by_code


def test_check_29_a_backup_is_made_rehearsed_and_restored_in_the_window(open_window, qtbot, clinic, records, now):
    assert clinic
    window = open_window()
    sign_in(window, qtbot)
    qtbot.waitUntil(lambda: len(records.backups()) == 1, timeout=20_000)
    window.show_backups()
    page = window.backups
    window.store.add_patient(PATIENT, now())
    click(page.make_button)
    qtbot.waitUntil(lambda: "Backed up" in page.message.text, timeout=20_000)
    page.list.setCurrentRow(0)
    click(page.rehearse_button)
    qtbot.waitUntil(lambda: "It opens" in page.message.text, timeout=20_000)
    assert "1 patients" in page.message.text
    window.store.add_patient({"family_name": "Later"}, now())
    click(page.restore_button)
    assert "kept beside" in page.message.text
    click(page.message.button)
    qtbot.waitUntil(lambda: window.worklist is not None, timeout=20_000)
    assert "is in place" in window.worklist.message.text
    assert [row["family_name"] for row in window.store.find_patients("")] == [MARK]
    assert "records restored" in [row["action"] for row in window.store.audit()]


def test_what_is_rehearsed_is_the_backup_in_the_row_though_another_was_made_since(open_window, qtbot, clinic, records):
    assert clinic
    window = open_window()
    sign_in(window, qtbot)
    qtbot.waitUntil(lambda: len(records.backups()) == 1, timeout=20_000)
    [first] = records.backups()
    window.show_backups()
    records.back_up(bytes(window.session.key))
    assert records.backups()[0] != first
    window.backups.list.setCurrentRow(0)
    click(window.backups.rehearse_button)
    qtbot.waitUntil(lambda: "It opens" in window.backups.message.text, timeout=20_000)
    assert window.store.audit(1)[0]["record"] == f"backup/{first.folder.name}"


def test_check_28_damaged_records_offer_the_backup(open_window, qtbot, clinic, records):
    assert clinic
    session = records.unlock(ANN, PLUM)
    records.back_up(bytes(session.key))
    content = bytearray(records.path.read_bytes())
    content[5000] ^= 255
    records.path.write_bytes(content)
    window = open_window()
    sign_in(window, qtbot)
    assert shown(window) is window.trouble
    assert "damaged" in window.trouble.text
    click(window.trouble.mend_button)
    qtbot.waitUntil(lambda: window.worklist is not None, timeout=20_000)
    assert "is in place" in window.worklist.message.text
    assert window.store.user_name == ANN


def test_a_damaged_key_file_is_taken_from_the_backup(open_window, qtbot, clinic, records):
    assert clinic
    records.back_up(bytes(records.unlock(ANN, PLUM).key))
    for name in keyslots.NAMES:
        records.path.with_name(name).write_bytes(b"{}")
    window = open_window()
    assert shown(window) is window.trouble
    assert "keyslots.json" in window.trouble.text
    click(window.trouble.mend_button)
    assert shown(window) is window.door
    sign_in(window, qtbot)
    assert shown(window) is window.worklist


def rows_of(page):
    items = [page.rows.topLevelItem(number) for number in range(page.rows.topLevelItemCount())]
    return [tuple(item.text(column) for column in range(1, 4)) for item in items]


def choose(box, words):
    box.setCurrentIndex(box.findText(words))
    box.activated.emit(box.currentIndex())


@pytest.fixture
def trail(open_window, qtbot, clinic, records, now):
    """The trail page of records with two patients, of whom the front desk has entered one."""
    assert clinic
    with records.open(records.unlock("Fay Desk", ORBIT)) as store:
        records.sign_in(store, records.unlock("Fay Desk", ORBIT))
        store.start_intake(store.add_patient(PATIENT, now()), now())
    window = open_window()
    sign_in(window, qtbot)
    window.store.add_patient({"family_name": "Other"}, now())
    qtbot.waitUntil(lambda: "backup made" in [row["action"] for row in window.store.audit()], timeout=20_000)
    window.show_trail()
    return window.trail


def test_the_trail_is_filtered_by_who_what_and_patient(trail, qtbot):
    everything = rows_of(trail)
    assert len(everything) > 8
    choose(trail.filter.who, "Fay Desk")
    assert {who for who, _, _ in rows_of(trail)} == {"Fay Desk"}
    choose(trail.filter.what, "Created")
    assert {(who, what) for who, what, _ in rows_of(trail)} == {("Fay Desk", "created")}
    choose(trail.filter.who, "Everybody")
    choose(trail.filter.what, "Everything")
    assert rows_of(trail) == everything
    with qtbot.waitSignal(trail.filter.changed):
        type_text(trail.filter.patient, MARK)
    [patient] = trail._store.find_patients(MARK)
    [intake] = trail._store.worklist(MARK)
    assert {record.split("/")[1] for _, _, record in rows_of(trail)} == {patient["id"], intake["intake_id"]}
    with qtbot.waitSignal(trail.filter.changed):
        trail.filter.patient.selectAll()
        type_text(trail.filter.patient, "Nobody like that")
    assert "No patient is found" in trail.filter.problem.text()
    trail.filter.patient.selectAll()
    with qtbot.waitSignal(trail.filter.changed):
        type_text(trail.filter.patient, " ")
    assert rows_of(trail) == everything


def enter_day(line, words):
    line.selectAll()
    type_text(line, words)
    line.returnPressed.emit()


def test_the_trail_is_filtered_by_day(trail):
    everything = rows_of(trail)
    enter_day(trail.filter.first, "23 Nov 2026")
    assert rows_of(trail) == []
    assert "No row" in trail.message.text
    enter_day(trail.filter.first, "32 Nov")
    assert "is no day" in trail.filter.problem.text()
    enter_day(trail.filter.first, "22 Nov 2026")
    enter_day(trail.filter.last, "21 Nov 2026")
    assert "before the first" in trail.filter.problem.text()
    enter_day(trail.filter.last, "22 Nov 2026")
    assert rows_of(trail) == everything
    assert trail.message.text == ""


def test_the_trail_is_paged(trail, monkeypatch):
    monkeypatch.setattr("intake_app.ui.trail.PAGE", 3)
    everything = rows_of(trail)
    trail.refresh()
    assert rows_of(trail) == everything[:3]
    while trail.more_button.isEnabled():
        click(trail.more_button)
    assert rows_of(trail) == everything


def test_what_is_shown_of_the_trail_is_exported(trail, qtbot, tmp_path):
    path = tmp_path / "audit-trail.csv"
    trail._choose_path = lambda _parent, name: tmp_path / name
    choose(trail.filter.who, "Fay Desk")
    shown = len(rows_of(trail))
    click(trail.export_button)
    assert not trail.verify_button.isEnabled()
    qtbot.waitUntil(lambda: "Exported as" in trail.message.text, timeout=20_000)
    lines = path.read_text("utf-8").splitlines()
    assert len(lines) == shown + 1
    assert all("Fay Desk" in line for line in lines[1:])
    assert path.stat().st_mode & 0o777 == 0o600
    choose(trail.filter.who, "Everybody")
    assert ("exported", "audit") in [row[1:] for row in rows_of(trail)]
    trail._choose_path = lambda _parent, name: tmp_path / "no folder" / name
    click(trail.export_button)
    qtbot.waitUntil(lambda: "could not be written" in trail.message.text, timeout=20_000)
    assert trail.export_button.isEnabled()


def test_the_whole_trail_is_checked_on_the_worker(trail, qtbot):
    click(trail.verify_button)
    qtbot.waitUntil(lambda: "is whole" in trail.message.text, timeout=20_000)
    trail._store._db.execute("update audit set action = 'printed' where seq = 2")
    click(trail.verify_button)
    qtbot.waitUntil(lambda: "row 2 was changed" in trail.message.text, timeout=20_000)
    assert trail.verify_button.isEnabled()


def test_an_export_that_is_cancelled_writes_no_file(trail, qtbot, tmp_path):
    path = tmp_path / "audit-trail.csv"
    trail._choose_path = lambda *_: path
    click(trail.export_button)
    trail.busy.cancel()
    assert trail.message.text == "Stopped. No file was written."
    assert trail.export_button.isEnabled()
    click(trail.verify_button)
    qtbot.waitUntil(lambda: "is whole" in trail.message.text, timeout=20_000)
    assert not path.exists()


def mnemonics(window):
    """Return the letters that press a visible button with Alt, each as often as it is there."""
    buttons = [button for button in window.findChildren(QAbstractButton) if button.isVisible()]
    return [QKeySequence.mnemonic(button.text()).toString() for button in buttons if "&" in button.text()]


def test_no_letter_presses_two_buttons(open_window, qtbot, clinic):
    assert clinic
    window = open_window()
    sign_in(window, qtbot)
    screens = [window.show_worklist, window.show_trail, window.show_backups, window.show_people]
    screens += [partial(window.people.show_form, action) for action in window.people.buttons]
    for show in screens:
        show()
        letters = mnemonics(window)
        assert sorted(set(letters)) == sorted(letters)
    window.lock()
    assert len(set(mnemonics(window))) == len(mnemonics(window)) == 2


def damage_one_page(path):
    """Spoil a page in the middle, so that the beginning can still be read."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 255
    path.write_bytes(content)


def test_a_removed_user_leaves_records_with_a_new_key(open_window, qtbot, clinic, records):
    old = bytes(records.unlock("Fay Desk", ORBIT).key)
    window = open_window()
    sign_in(window, qtbot)
    window.show_people()
    page = window.people
    page.list.setCurrentRow(1)
    click(page.buttons["remove"])
    fill(page.form, own=PLUM)
    click(page.form.submit_button)
    qtbot.waitUntil(lambda: window.worklist is not None and "new key" in window.worklist.message.text, timeout=30_000)
    assert "Fay Desk was removed." in window.worklist.message.text
    assert [user["name"] for user in window.store.users()] == [ANN]
    assert [name for _, name in vault.users(window.records.path)] == [ANN]
    assert bytes(window.session.key) != old
    assert "records key changed" in [row["action"] for row in window.store.audit()]
    window.lock()
    settle(qtbot)
    sign_in(window, qtbot)
    assert shown(window) is window.worklist
    assert records.unlock_with_code(clinic).by_code


def test_a_new_key_needs_the_own_password_and_can_be_cancelled(open_window, qtbot, clinic, monkeypatch):
    assert clinic
    window = open_window()
    sign_in(window, qtbot)
    before = bytes(window.session.key)
    window.show_people()
    assert "wrong" in do(window, qtbot, "key", own="not mine")
    assert shown(window) is window.people
    follow = window.trouble.follow

    def cancel_at_once(progress):
        follow(progress)
        if progress:
            window.trouble.cancel_button.click()

    monkeypatch.setattr(window.trouble, "follow", cancel_at_once)
    fill(window.people.form, own=PLUM)
    click(window.people.form.submit_button)
    qtbot.waitUntil(lambda: window.worklist is not None and bool(window.worklist.message.text), timeout=30_000)
    assert "stopped" in window.worklist.message.text.lower()
    assert bytes(window.session.key) == before


def test_what_is_left_of_damaged_records_can_be_read_and_not_changed(open_window, qtbot, clinic, records, now):
    assert clinic
    with records.open(records.unlock(ANN, PLUM)) as store:
        records.sign_in(store, records.unlock(ANN, PLUM))
        for number in range(60):
            intake_id = store.start_intake(store.add_patient({**PATIENT, "record_number": str(number)}, now()), now())
            store.save_answer(intake_id, "complaint", "long words " * 300, now())
    damage_one_page(records.path)
    before = records.path.read_bytes()
    window = open_window()
    sign_in(window, qtbot)
    assert "damaged" in window.trouble.text
    qtbot.waitUntil(window.trouble.look_button.isVisible, timeout=20_000)
    click(window.trouble.look_button)
    qtbot.waitUntil(lambda: window.store is not None and window.store.is_damaged, timeout=20_000)
    qtbot.waitUntil(lambda: window.worklist is not None, timeout=20_000)
    assert window.damaged_bar.isVisible()
    assert "nothing can be entered" in window.damaged_bar.title.text()
    window.show_new_patient({})
    window.lock()
    settle(qtbot)
    assert shown(window) is window.door
    assert not window.damaged_bar.isVisible()
    sign_in(window, qtbot)
    assert shown(window) is window.trouble
    assert records.path.read_bytes() == before
