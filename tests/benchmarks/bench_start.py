"""From the start of the process to the first picture, the sign-in or a filled worklist, against a bare window."""

import os
import statistics
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from db import open_store
from intake_app import vault

ROOT = Path(__file__).resolve().parents[2]
BAR = 2.0
TIMES = 7
PATIENTS = 200
BARE = """
import time
from PySide6.QtWidgets import QApplication, QMainWindow
class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        print(time.time(), flush=True)
        application.exit()
application = QApplication([])
window = Window()
window.resize(1180, 780)
window.show()
application.exec()
"""
SIGN_IN = """
from intake_app import app
import time
from PySide6.QtCore import QTimer
class Window(app.LockedWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        names = self.door.sign_in.people.count()
        print(time.time() if names else "no names", flush=True)
        QTimer.singleShot(0, self.close)
app.LockedWindow = Window
app.run()
"""
LIST = """
from intake_app import app
import time
from PySide6.QtCore import QTimer
class Window(app.MainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        rows = self.worklist.model.rowCount()
        print(time.time() if rows else "no rows", flush=True)
        QTimer.singleShot(0, self.close)
from functools import partial
app.LockedWindow = lambda records, *more: Window(partial(app.open_store, records.path), *more)
app.run()
"""


@pytest.fixture
def locked(tmp_path):
    path = tmp_path / "data" / "clinic.db"
    vault.create_vault(path, "c" * 32, "Ann Lee", "plum-kettle-orbit")
    return environ(tmp_path)


@pytest.fixture
def environment(tmp_path, now):
    with open_store(tmp_path / "data" / "clinic.db") as store:
        store.save_clinic({"name": "Harbour Clinic"}, now())
        for number in range(PATIENTS):
            then = now() - timedelta(hours=number)
            patient = store.add_patient({"family_name": f"Example {number}", "birth_date": "1956-05-03"}, then)
            intake = store.start_intake(patient, then)
            for question in range(10):
                store.save_answer(intake, f"question_{question}", "yes", then)
    return environ(tmp_path)


def environ(tmp_path):
    # Installed programs start from compiled modules.
    own = {"INTAKE_DATA": str(tmp_path / "data"), "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(tmp_path / "pyc")}
    return {**{k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}, **own}


def measure(code, environment):
    """Return the ms from starting a process to its first picture."""
    started = time.time()
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=True)
    return (float(done.stdout.split()[0]) - started) * 1000


def compare(code, environment):
    """Return the medians in ms of a bare window and of ours, and how many times as long ours takes."""
    for each in (BARE, code):
        measure(each, environment)
    pairs = [(measure(BARE, environment), measure(code, environment)) for _ in range(TIMES)]
    bare, ours = (statistics.median(times) for times in zip(*pairs, strict=True))
    return bare, ours, statistics.median(own / base for base, own in pairs)


def test_the_sign_in_is_there_at_once(locked):
    bare, ours, ratio = compare(SIGN_IN, locked)
    print(f"\nfirst picture: bare window {bare:.0f} ms, sign-in {ours:.0f} ms: {ratio:.2f}x")
    assert ratio <= BAR


def test_the_worklist_is_there_at_once(environment):
    bare, ours, ratio = compare(LIST, environment)
    print(f"\nfirst picture: bare window {bare:.0f} ms, worklist with {PATIENTS} rows {ours:.0f} ms: {ratio:.2f}x")
    assert ratio <= BAR
