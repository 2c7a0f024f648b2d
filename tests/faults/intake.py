"""An intake in the records of a folder: what the operations share."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from db import open_store

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
KEY = bytes(range(32))
PDF = b"%PDF-1.7 invented " + bytes(range(256)) * 240
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Operation:
    """Three functions of a folder; `work` also takes what to call when the program says that something is kept."""

    prepare: Callable[[Path], None]
    work: Callable[[Path, Tell], None]
    check: Callable[[Path, set[str]], list[str]]


def records(folder):
    return folder / "clinic.db"


def open_records(folder):
    return open_store(records(folder), KEY)


def prepare_intake(folder):
    """Keep a clinic, a patient and an intake with one answer."""
    with open_records(folder) as store:
        store.save_clinic({"name": "Clinic"}, NOW)
        intake_id = store.start_intake(store.add_patient({"family_name": "Invented"}, NOW), NOW)
        store.save_answer(intake_id, "before", "kept long ago", NOW)


def find_intake(store):
    return store.worklist()[0]["intake_id"]


def check_sound(store, intake_id):
    """Return what is torn: pages, the answer that was there before, answers that differ from their journal."""
    wrong = [] if store._db.execute("pragma integrity_check").fetchall() == [("ok",)] else ["corrupt"]
    answers = {name: value for name, value in store.answers(intake_id).items() if isinstance(value, str)}
    journal = {row["question"]: row["new_value"] for row in store.journal(intake_id) if row["kind"] == "answered"}
    wrong += [f"torn {name}" for name, value in answers.items() if journal.get(name) != value]
    return wrong + ([] if answers.get("before") == "kept long ago" else ["lost what was there before"])
