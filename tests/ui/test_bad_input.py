"""What can be wrong with passwords, keys, files, backups, disks and clocks, tried in the real window.

Each is told in a sentence that says what happened and what to do; what was typed stays, and nothing is lost.
"""

import json
import os
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from desk import MARK, PATIENT, fill, shown, sign_in
from locked import ANN, PLUM
from receptionist import click

from intake_app.records import Records
from intake_app.ui.locked_window import LockedWindow
from intake_app.vault import keyslots

HERE = Path(__file__).parent
DAMAGED = "damaged"


class Wall:
    """The computer's clock, set by hand."""

    def __init__(self, start):
        self.moment = start

    def __call__(self):
        return self.moment


@pytest.fixture
def backup(records, clinic):
    assert clinic
    return records.back_up(bytes(records.unlock(ANN, PLUM).key))


def damage(path, at=5000):
    content = bytearray(path.read_bytes())
    content[at] ^= 255
    path.write_bytes(content)


def copy_keys(records, folder):
    for name in keyslots.NAMES:
        if records.path.with_name(name).exists():
            shutil.copy(records.path.with_name(name), folder / name)


def test_a_wrong_password_says_so_and_how_long_to_wait_and_the_name_stays(open_window, qtbot, clinic):
    assert clinic
    window = open_window()
    form = window.door.sign_in
    for _ in range(6):
        if form.submit_button.isEnabled():
            sign_in(window, qtbot, typed="not this one")
    assert "wrong password" in form.problem.text().lower()
    assert "Wait" in form.problem.text()
    assert form.people.currentText() == ANN
    assert not form.submit_button.isEnabled()
    assert window.worklist is None


def test_a_key_file_of_another_day_is_told_and_that_of_the_last_backup_taken(
    open_window, qtbot, clinic, records, tmp_path
):
    assert clinic
    copy_keys(records, tmp_path)
    records.renew_key(records.unlock(ANN, PLUM), PLUM)
    for name in keyslots.NAMES:
        shutil.copy(tmp_path / name, records.path.with_name(name))
    window = open_window()
    sign_in(window, qtbot)
    assert shown(window) is window.trouble
    assert "it is of another day" in window.trouble.text
    assert "key file" in window.trouble.mend_button.text()
    click(window.trouble.mend_button)
    assert shown(window) is window.door
    sign_in(window, qtbot)
    assert shown(window) is window.worklist


def test_the_key_file_of_another_clinic_is_told_and_the_right_one_opens_again(
    open_window, qtbot, clinic, records, tmp_path, now
):
    assert clinic
    other = Records(tmp_path / "other", now)
    session, _ = other.create(ANN, PLUM)
    other.open(session).close()
    (tmp_path / "own").mkdir()
    copy_keys(records, tmp_path / "own")
    before = records.path.read_bytes()
    copy_keys(other, records.path.parent)
    window = open_window()
    sign_in(window, qtbot)
    assert shown(window) is window.trouble
    assert "does not open with this key, or is damaged" in window.trouble.text
    assert "backup" in window.trouble.text
    assert records.path.read_bytes() == before
    for name in keyslots.NAMES:
        records.path.with_name(name).unlink(missing_ok=True)
        if (tmp_path / "own" / name).exists():
            shutil.copy(tmp_path / "own" / name, records.path.with_name(name))
    click(window.trouble.retry_button)
    assert shown(window) is window.door
    sign_in(window, qtbot)
    assert shown(window) is window.worklist


@pytest.mark.parametrize("content", [b"", b"{}", b"\x00" * 900, b'{"users": 1}'])
def test_a_damaged_key_file_says_what_to_do_without_and_with_a_backup(open_window, qtbot, records, backup, content):
    for name in keyslots.NAMES:
        records.path.with_name(name).write_bytes(content)
    aside = records.path.with_name("elsewhere")
    records.path.with_name("backups").rename(aside)
    window = open_window()
    assert shown(window) is window.trouble
    assert "keyslots.json" in window.trouble.text
    assert not window.trouble.mend_button.isVisible()
    aside.rename(records.path.with_name("backups"))
    click(window.trouble.retry_button)
    click(window.trouble.mend_button)
    sign_in(window, qtbot)
    assert shown(window) is window.worklist
    assert backup.folder.exists()


def test_a_damaged_backup_is_told_and_the_present_records_stay(open_window, qtbot, records, backup, now):
    window = open_window()
    sign_in(window, qtbot)
    window.store.add_patient(PATIENT, now())
    qtbot.waitUntil(lambda: not window.background._pool._work_queue.qsize())
    window.show_backups()
    number = [each.folder for each in records.backups()].index(backup.folder)
    damage(backup.folder / records.path.name)
    window.backups.list.setCurrentRow(number)
    click(window.backups.rehearse_button)
    qtbot.waitUntil(lambda: DAMAGED in window.backups.message.text, timeout=20_000)
    assert "." in window.backups.message.text
    click(window.backups.restore_button)
    click(window.backups.message.button)
    qtbot.waitUntil(lambda: DAMAGED in window.trouble.text, timeout=20_000)
    click(window.trouble.retry_button)
    sign_in(window, qtbot)
    assert [row["family_name"] for row in window.store.find_patients("")] == [MARK]


def test_damaged_records_without_a_backup_say_so_and_change_nothing(open_window, qtbot, clinic, records):
    assert clinic
    damage(records.path)
    before = records.path.read_bytes()
    window = open_window()
    sign_in(window, qtbot)
    assert shown(window) is window.trouble
    assert DAMAGED in window.trouble.text
    assert "backup" in window.trouble.text
    assert not window.trouble.mend_button.isVisible() or "estore" not in window.trouble.mend_button.text()
    assert records.path.read_bytes() == before


def open_with_clock(qtbot, records, questionnaire, wall, running):
    records._now = wall
    window = LockedWindow(records, lambda: questionnaire, wall, choose_path=lambda *_: None, clock=running)
    qtbot.addWidget(window, before_close_func=lambda w: w.close())
    with qtbot.waitSignal(window.painted):
        window.show()
    return window, wall


def test_check_10_a_clock_set_back_is_told_and_lengthens_no_session(
    qtbot, records, clinic, questionnaire, now, running
):
    assert clinic
    window, wall = open_with_clock(qtbot, records, questionnaire, Wall(now()), running)
    sign_in(window, qtbot)
    intake_id = window.store.start_intake(window.store.add_patient(PATIENT, wall()), wall())
    window.show_intake(intake_id)
    wall.moment += timedelta(minutes=2)
    running.seconds += 120
    window.intake.draft.save("complaint", "before")
    window.idle.check()
    assert not window.intake.message.isVisible()
    wall.moment -= timedelta(days=400)
    running.seconds += 1
    window.idle.touch()
    assert "The clock of this computer says" in window.intake.message.text
    assert "Set the clock" in window.intake.message.text
    window.intake.draft.save("complaint", "after")
    assert window.store.answers(intake_id)["complaint"] == "after"
    assert window.intake.draft.undo() == "complaint"
    assert window.store.answers(intake_id)["complaint"] == "before"
    running.seconds += 5 * 60
    window.idle.check()
    assert shown(window) is window.door
    sign_in(window, qtbot)
    assert "The clock of this computer says" in window.intake.message.text
    assert window.store.answers(intake_id)["complaint"] == "before"


def test_a_wrong_recovery_code_is_told(open_window, qtbot, clinic):
    assert clinic
    window = open_window()
    click(window.door.forgotten_button)
    fill(window.door.code_form, code="AAAA-AAAA")
    click(window.door.code_form.submit_button)
    qtbot.waitUntil(lambda: bool(window.door.code_form.problem.text()), timeout=20_000)
    assert window.door.code_form.problem.text().count(".") >= 2
    assert window.door.code_form.text("code") == "AAAA-AAAA"


# A small disk of its own, which can be filled up and made read-only: needs Linux and the right to have one.
NO_DISK = 99
SMALL_DISK = f"mount -t tmpfs -o size=12m none {{0}} || exit {NO_DISK}; exec {{1}} {{2}} {{0}}"


def run_on_small_disk(folder, kind):
    """Run bad_disk.py with its records on a disk that goes bad, and return what it saw."""
    folder.mkdir()
    script = f"{SMALL_DISK.format(folder, sys.executable, HERE.parent / 'bad_disk.py')} {kind}"
    words = ["unshare", "-rm", "sh", "-c", script]
    path = f"{HERE.parents[1]}{os.pathsep}{HERE.parent}"
    environment = {**os.environ, "PYTHONPATH": path, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False, timeout=120)
    if done.returncode == NO_DISK or done.stderr.startswith("unshare"):
        pytest.skip("this machine does not let a program have a disk of its own")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_full_disk_is_told_at_the_answer_and_nothing_is_lost(tmp_path):
    seen = run_on_small_disk(tmp_path / "disk", "full")
    assert seen["before"] == seen["before_stored"]
    assert "disk is full" in seen["told"]
    assert "Your typing stays here." in seen["told"]
    assert seen["shown"] == seen["typed"]
    assert seen["stored_meanwhile"] == seen["before"], "what was kept before is untouched"
    assert seen["told_at_leaving"]
    assert seen["told_after"] == ""
    assert seen["stored_after"] == {**seen["before"], "complaint": seen["typed"], "goals": "to walk again"}
    assert seen["reopened"] == seen["stored_after"]


def test_records_that_may_only_be_read_are_told_at_the_start(tmp_path):
    seen = run_on_small_disk(tmp_path / "disk", "read-only")
    assert "The records cannot be changed: the file, its folder or the disk is read-only." in seen["told"]
    assert "start again" in seen["told"]
    assert seen["opens_again"]
