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


def test_an_administrator_adds_changes_and_removes_somebody(open_window, qtbot, clinic):
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
    page.list.setCurrentRow(1)
    assert do(window, qtbot, "remove", own=PLUM) == ""
    assert [name for _, name in vault.users(window.records.path)] == [ANN, "Fay Desk"]
    assert do(window, qtbot, "own", own=PLUM, new="amber violin ladder", again="amber violin ladder") == ""
    assert vault.unlock(window.records.path, ANN, "amber violin ladder").name == ANN


def test_a_new_recovery_code_replaces_the_old_one(open_window, qtbot, clinic, records):
    window = open_window()
    sign_in(window, qtbot)
    window.show_people()
    assert do(window, qtbot, "code", own=PLUM) == ""
    page = window.people.code_page
    code = page._code
    for place, line in zip(page.asked, page.lines, strict=True):
        type_text(line, code.split("-")[place])
    click(page.done_button)
    assert records.unlock_with_code(code).by_code
    with pytest.raises(UserError, match="does not open"):
        records.unlock_with_code(clinic)


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


def test_the_trail_is_shown_filtered_checked_and_exported(open_window, qtbot, clinic, tmp_path):
    assert clinic
    window = open_window()
    sign_in(window, qtbot)
    window.show_trail()
    page = window.trail
    count = page.rows.topLevelItemCount()
    assert page.rows.topLevelItem(0).text(2) in {"signed in", "backup made"}
    type_text(page.filter, "Fay user")
    assert 0 <= sum(not page.rows.topLevelItem(n).isHidden() for n in range(count)) < count
    page.filter.clear()
    click(page.verify_button)
    assert "is whole" in page.message.text
    page._choose_path = lambda _parent, name: tmp_path / name
    click(page.export_button)
    assert "signed in" in (tmp_path / "audit-trail.csv").read_text("utf-8")
    assert (tmp_path / "audit-trail.csv").stat().st_mode & 0o777 == 0o600


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
