"""A day at the desk for the power cut: day.py FOLDER NUMBER; each line printed is something that is told to be kept.

The records are made, filled, closed and opened again; the journal is tidied into the file often, so that cuts fall
into that, too.
"""

import json
import os
import random
import sys
from datetime import UTC, datetime
from pathlib import Path

from db import open_store
from intake_app.ui.letter_work import save_file

KEY = bytes(range(32))
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
TIDY_AFTER = 25  # pages
ANSWERS = 30
OPENINGS = 3


def pdf_of(version):
    return b"%PDF-1.7 " + random.Random(version).randbytes(30_000 + 7_000 * version)


def tell(**words):
    os.write(1, json.dumps(words).encode() + b"\n")


def work(folder, chance, opening):
    """Open the records, save answers and issue a letter."""
    with open_store(folder / "clinic.db", KEY) as store:
        store._connection.execute(f"pragma wal_autocheckpoint = {TIDY_AFTER}")
        if not opening:
            store.save_clinic({"name": "Clinic"}, NOW)
            store.start_intake(store.add_patient({"family_name": "Invented"}, NOW), NOW)
        intake_id = store.worklist()[0]["intake_id"]
        tell(opened=opening)
        for turn in range(opening * ANSWERS + 1, (opening + 1) * ANSWERS + 1):
            question = f"question_{chance.randrange(9)}"
            store.save_answer(intake_id, question, {"turn": turn, "words": "pain " * chance.randrange(600)}, NOW)
            tell(question=question, turn=turn)
        version = opening + 1
        store.issue_letter(intake_id, pdf_of(version), "{}", "1", {}, "Kim", NOW, "changed" if opening else "")
        tell(letter=version)
        save_file(folder / "letter.pdf", pdf_of(version))
        tell(file=version)


def main():
    folder, chance = Path(sys.argv[1]), random.Random(int(sys.argv[2]))
    for opening in range(OPENINGS):
        work(folder, chance, opening)


if __name__ == "__main__":
    main()
