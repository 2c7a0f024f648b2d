"""How long the window stands still while the records are unlocked, and while the trail is checked and exported.

A beat every millisecond on the window's thread; the longest time between two is how long it stood still.
"""

import os
import time
from datetime import UTC, datetime

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from intake_app import paths, questions, rules, vault  # noqa: F401  registers the rules
from intake_app.records import Records
from intake_app.ui.locked_window import LockedWindow

PASSWORD = "plum-kettle-orbit"  # noqa: S105 an invented one
ROWS = 20_000  # of the trail


class Heart:
    """Beats on the window's thread and remembers the longest pause."""

    def __init__(self):
        self.timer = QTimer(interval=1)
        self.timer.timeout.connect(self.beat)
        self.begin()
        self.timer.start()

    def begin(self):
        self.last, self.longest, self.began = time.perf_counter(), 0.0, time.perf_counter()

    def beat(self):
        now = time.perf_counter()
        self.longest, self.last = max(self.longest, now - self.last), now

    def report(self, what):
        self.beat()
        print(f"{what:<34} {time.perf_counter() - self.began:6.2f} s, longest pause {1000 * self.longest:5.0f} ms")


def now():
    return datetime.now(UTC).astimezone()


def wait_for(is_there):
    ends = time.monotonic() + 60
    while not is_there():
        QApplication.processEvents()
        assert time.monotonic() < ends


def make_records(folder):
    records = Records(folder, now)
    session, _ = records.create("Ann Lee", PASSWORD)
    with records.open(session) as store:
        records.sign_in(store, session)
        store.save_clinic({"name": "Harbour Clinic"}, now())
        intake_id = store.start_intake(store.add_patient({"family_name": "Example"}, now()), now())
        store._db.execute("pragma synchronous = off")
        for number in range(ROWS):
            store.save_answer(intake_id, "complaint", f"{number} " + "long words " * 50, now())
        store.sign_out(now())
    records.back_up(bytes(records.unlock("Ann Lee", PASSWORD).key))
    return records


def test_the_window_goes_on_while_records_are_unlocked_and_the_trail_is_read(tmp_path):
    folder = tmp_path / "data"
    app = QApplication.instance() or QApplication([])
    window = LockedWindow(make_records(folder), lambda: questions.load(paths.resources()), now)
    window.show()
    wait_for(lambda: window._was_loaded)
    ends = time.monotonic() + 3
    wait_for(lambda: time.monotonic() > ends)
    heart = Heart()
    for what in ("sign-in", "sign-in after the lock"):
        window.door.sign_in.people.setCurrentText("Ann Lee")
        window.door.sign_in.lines["own"].setText(PASSWORD)
        heart.begin()
        window.door.sign_in.submitted.emit()
        wait_for(lambda: window._is_opening)
        heart.report(f"{what}: password")
        heart.begin()
        wait_for(lambda: not window._is_opening)
        heart.report(f"{what}: opening, then the desk")
        window.lock() if what == "sign-in" else None
        app.processEvents()
    measure_trail(window, heart, folder)
    window.close()


def measure_trail(window, heart, folder):
    window.show_trail()
    page, path = window.trail, folder / "trail.csv"
    page._choose_path = lambda *_: path
    heart.begin()
    page.verify_button.click()
    wait_for(page.verify_button.isEnabled)
    heart.report(f"check of {ROWS:,} rows")
    heart.begin()
    page.export_button.click()
    wait_for(page.export_button.isEnabled)
    heart.report(f"export of {ROWS:,} rows")
