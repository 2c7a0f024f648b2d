import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# Starts the program as a person would, and closes its window as soon as something is to be seen.
START = """
from PySide6.QtCore import QTimer
from intake_app import app
def closing(window):
    class Window(window):
        def paintEvent(self, event):
            first = not self._was_painted
            super().paintEvent(event)
            if first:
                QTimer.singleShot(200, self.SET_UP or self.close)
        def set_up(self):
            for name, text in (("name", "Ann Lee"), ("new", "plum-kettle-orbit"), ("again", "plum-kettle-orbit")):
                self.door.set_up.lines[name].setText(text)
            self.door.set_up.submit_button.click()
            self.once(lambda: self.door.code_page, self.confirm)
        def confirm(self):
            page = self.door.code_page
            for place, line in zip(page.asked, page.lines):
                line.setText(page._code.split("-")[place])
            page.done_button.click()
            self.once(lambda: self.worklist, self.close)
        def once(self, is_so, act):
            QTimer.singleShot(20, act if is_so() else lambda: self.once(is_so, act))
        SET_UP = None
    return Window
app.MainWindow, app.LockedWindow = closing(app.MainWindow), closing(app.LockedWindow)
if WITH_SET_UP:
    app.LockedWindow.SET_UP = app.LockedWindow.set_up
raise SystemExit(app.run(ARGUMENTS))
"""


@pytest.fixture
def start(tmp_path):
    def run(arguments="", *, set_up=False):
        env = {
            **os.environ, "PYTHONPATH": str(ROOT), "INTAKE_DATA": str(tmp_path / "data"), "TMPDIR": str(tmp_path / "tmp"),
            "QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path),
        }  # fmt: skip
        (tmp_path / "tmp").mkdir(exist_ok=True)
        command = [sys.executable, "-c", START.replace("ARGUMENTS", arguments).replace("WITH_SET_UP", str(set_up))]
        return subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120, check=False)

    return run


def test_the_first_start_makes_the_records_for_this_account_only(start, tmp_path):
    done = start(set_up=True)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    files = {path.name: path for path in (tmp_path / "data").rglob("*")}
    assert set(files) >= {"clinic.db", "keyslots.json", "keyslots.2.json", "backups"}
    assert not [path for path in files.values() if path.stat().st_mode & 0o077]
    assert not files["clinic.db"].read_bytes().startswith(b"SQLite format 3")


def test_a_first_start_that_is_closed_makes_nothing(start, tmp_path):
    done = start()
    assert done.returncode == 0, done.stderr
    assert not list((tmp_path / "data").rglob("clinic*"))
    assert not list((tmp_path / "data").rglob("keyslots*"))


def test_the_demo_never_touches_the_records_and_leaves_nothing(start, tmp_path):
    done = start("demo=True")
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "data").exists()
    assert list((tmp_path / "tmp").iterdir()) == []


def test_records_that_are_damaged_are_left_as_they_are(start, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "clinic.db").write_bytes(b"this is not a database" * 999)
    done = start()
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "data" / "clinic.db").read_bytes() == b"this is not a database" * 999


def test_what_reads_the_records_is_loaded_before_pyside_and_what_writes_them_later():
    # once PySide6 is there it reads the source of every module that is imported
    code = "import sys; import intake_app.app; print([n for n in sys.modules if n in ('filelock', 'sqlite_utils', 'PySide6')])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "['filelock', 'PySide6']"
