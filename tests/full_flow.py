"""The whole job in the real window, with one word typed into every field; asks before it closes.

    python full_flow.py DATA OUT WORD

DATA is where the encrypted records are, OUT where the letter is saved. It prints a line of JSON when all is done, waits
for a line on standard input, closes the window, and prints another; `sockets` are the calls that would open one.
"""
# ruff: noqa: E402  what is imported is to be heard, too

import json
import sys
import time
from datetime import datetime
from functools import partial
from pathlib import Path

SOCKETS = []
sys.addaudithook(lambda event, _arguments: SOCKETS.append(event) if event.startswith("socket.") else None)

from PySide6.QtWidgets import QApplication
from receptionist import click, fill_patient, give, type_text

from db import open_store
from intake_app import paths, questions, rules  # noqa: F401  registers the rules
from intake_app.ui.main_window import MainWindow

KEY = bytes(range(32))
TEXTS = ("text", "long_text")
PATIENCE = 1_000  # waits of 20 ms


def main(data, out, word):
    app = QApplication([])
    window = MainWindow(
        partial(open_store, data / "clinic.db", KEY),
        partial(questions.load, paths.resources()),
        lambda: datetime.now().astimezone(),
        choose_path=lambda _parent, name: out / name,
    )
    window.show()
    fill_clinic(window, word)
    window.show_new_patient({})
    patient = {q.id: word for q in window.questionnaire.patient.questions if q.type in TEXTS}
    fill_patient(window.patient_form, patient)
    click(window.patient_form.save_button)
    typed = fill_pages(window.intake.wizard, word)
    saved = write_letter(window)
    print(json.dumps({"typed": len(typed), "saved": saved, "sockets": SOCKETS}), flush=True)
    sys.stdin.readline()
    window.close()
    app.processEvents()
    print(json.dumps({"sockets": SOCKETS}), flush=True)


def fill_clinic(window, word):
    """Type the letterhead; the window asks for it first."""
    wait_for(lambda: window.stack.currentWidget() is window.clinic_form)
    for field in window.clinic_form.form.fields.values():
        give(field.widget, word)
    click(window.clinic_form.save_button)


def fill_pages(wizard, word):
    """Type the word into every field for words, also of a first entry in each list; return the paths."""
    typed = []
    for page in wizard.draft.questionnaire.pages:
        for question in page.questions:
            if wizard.show_question(question.id):
                typed += fill_question(question, wizard.page.column.rows[question.id].widget, word)
    wizard.flush()
    return typed


def fill_question(question, widget, word):
    if question.type in TEXTS:
        give(widget, word)
        return [question.id]
    if question.type == "code":
        type_text(widget.line, word)
        return [question.id]
    if question.type != "entries":
        return []
    click(widget.add_button)
    card = list(widget.cards.values())[-1]
    fields = [field for field in question.fields if card.column.focus_question(field.id)]
    found = [fill_question(field, card.column.rows[field.id].widget, word) for field in fields]
    return [f"{question.id}.{path}" for paths_ in found for path in paths_]


def write_letter(window):
    """Issue the letter and save it; return its name."""
    intake = window.intake
    intake.show_part("letter")
    wait_for(lambda: intake.letter.shown is not None)
    intake.letter.issue()
    intake.letter.save()
    wait_for(lambda: "Saved as" in intake.letter.side.message.text)
    return intake.letter.side.message.text


def wait_for(is_so):
    for _ in range(PATIENCE):
        if is_so():
            return
        QApplication.processEvents()
        time.sleep(0.02)  # QTest.qWait would keep the worker waiting, too
    raise AssertionError("it never came to that")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
