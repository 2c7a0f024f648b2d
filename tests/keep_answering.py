"""The real program with a receptionist who never stops; says on standard output what the screen says is saved.

    python keep_answering.py FOLDER NUMBER [KEY]

The key is that of the records, 64 hex digits; without it they are not encrypted.
Every line is one acknowledged answer: intake id, page id, question id, value as JSON. Somebody kills it.
"""

import json
import os
import random
import signal
import sys
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QApplication
from receptionist import give

from db import open_store
from intake_app import paths, questions, rules  # noqa: F401  registers the rules
from intake_app.ui.main_window import MainWindow

WORDS = ("aching", "worse at night", "seit dem Sturz, ärger", "\u738b\u5c0f\u660e")


def main(folder, seed, key=None):
    """Open the window, begin an intake, and answer until killed."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl+C ends it without a word
    chance = random.Random(seed)
    app = QApplication([])
    questionnaire = questions.load(paths.resources())
    window = MainWindow(
        partial(open_store, folder / "clinic.db", key), lambda: questionnaire, lambda: datetime.now().astimezone()
    )
    window.show()
    now = datetime.now().astimezone()
    window.store.save_clinic({"name": "Clinic", "address": ""}, now)
    window.begin_intake(window.store.add_patient({"family_name": f"Number {seed}"}, now))
    wizard = window.intake.wizard
    asked = [q for q in questionnaire.questions if q.type in ("yes_no", "scale", "choice", "text")]
    while True:
        app.processEvents()
        question = chance.choice(asked)
        if wizard.show_question(question.id):
            answer(wizard, question, chance)


def answer(wizard, question, chance):
    """Give one answer through its widget, and acknowledge it once the screen says that everything is saved."""
    widget = wizard.page.column.rows[question.id].widget
    value = chance.choice([key for key, _ in question.options]) if question.options else None
    if question.type == "scale":
        value = chance.randrange(11)
    if question.type == "text":
        widget.line.clear()
        value = f"{chance.choice(WORDS)} {chance.randrange(10**6)}"
    if widget.value() == value:
        return
    give(widget, value)
    if wizard.saved_label.text() == "All answers are saved." and widget.value() == value:
        line = json.dumps([wizard.draft.intake_id, wizard.page.page.id, question.id, value], ensure_ascii=True)
        os.write(1, line.encode() + b"\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), *map(bytes.fromhex, sys.argv[3:]))
