"""An intake in the real window whose disk fills up, while an answer is given, or is read-only at the start.

    python bad_disk.py FOLDER full|read-only

FOLDER is a small disk of its own (tests/ui/test_bad_input.py mounts it). Prints what was seen as JSON.
"""

import errno
import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit
from receptionist import click, type_text

from db import open_store
from intake_app import paths, questions, rules  # noqa: F401  registers the rules
from intake_app.ui.main_window import MainWindow

KEY = bytes(range(32))
BEFORE = {"complaint": "since the fall", "leg_pain": "yes"}
TYPED = "since the fall, and worse at night on the left"


def now():
    return datetime.now().astimezone()


def fill_up(folder):
    """Leave no room at all."""
    with (folder / "ballast").open("wb") as file:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while True:
                    os.write(file.fileno(), b"x" * size)
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise


def remount(folder, how):
    subprocess.run(["mount", "-o", f"remount,{how}", str(folder)], check=True)


def open_window(path):
    window = MainWindow(lambda: open_store(path, KEY), lambda: questions.load(paths.resources()), now)
    window.show()
    QTest.qWait(300)
    return window


def answer(window, question, text):
    window.intake.wizard.show_question(question)
    edit = window.intake.wizard.page.column.rows[question].widget.findChild(QPlainTextEdit)
    edit.selectAll()
    type_text(edit, text)
    window.intake.flush()
    return edit


def read(banner):
    return f"{banner.title.text()} {banner.text.text()}" if banner.isVisible() else ""


def work_on_full_disk(folder):
    path = folder / "data" / "clinic.db"
    with open_store(path, KEY) as store:
        store.save_clinic({"name": "Harbour Clinic"}, now())
        intake_id = store.start_intake(store.add_patient({"family_name": "Example"}, now()), now())
    window = open_window(path)
    window.show_intake(intake_id)
    for question, value in BEFORE.items():
        window.intake.draft.save(question, value)
    seen = {"before": BEFORE, "before_stored": window.store.answers(intake_id), "typed": TYPED}
    fill_up(folder)
    edit = answer(window, "complaint", TYPED)
    trouble = window.intake.wizard.trouble
    seen |= {"told": read(trouble), "shown": edit.toPlainText()}
    seen["stored_meanwhile"] = window.store.answers(intake_id)
    window.intake.leave()
    seen["told_at_leaving"] = window.intake.message.text
    (folder / "ballast").unlink()
    answer(window, "goals", "to walk again")
    seen["told_after"] = read(trouble)
    seen["stored_after"] = window.store.answers(intake_id)
    window.close()
    with open_store(path, KEY) as store:
        seen["reopened"] = store.answers(intake_id)
    return seen


def start_read_only(folder):
    path = folder / "data" / "clinic.db"
    with open_store(path, KEY) as store:
        store.save_clinic({"name": "Harbour Clinic"}, now())
    remount(folder, "ro")
    window = open_window(path)
    told = window.trouble.text
    remount(folder, "rw")
    click(window.trouble.retry_button)
    QTest.qWait(300)
    return {"told": told, "opens_again": window.stack.currentWidget() is window.worklist}


WORK = {"full": work_on_full_disk, "read-only": start_read_only}

if __name__ == "__main__":
    app = QApplication([])
    place, what = Path(sys.argv[1]), sys.argv[2]
    print(json.dumps(WORK[what](place)))
