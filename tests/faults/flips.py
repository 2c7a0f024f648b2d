"""Turns single bits of an encrypted records file and says when the program finds each of them."""

import random
import shutil
from collections import Counter
from datetime import UTC, datetime

from db import StoreError, list_rescued, open_store

KEY = bytes(range(32))
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
# What is beside the name of the records; after a power cut the index may be missing, nothing waits for it on the disk.
LEFT_BY_A_KILL, LEFT_BY_A_CUT = ("", "-wal", "-shm"), ("", "-wal")


def make_records(path, letter_bytes):
    """Keep a clinic, answers and a letter of that size in a file, closed."""
    with open_store(path, KEY) as store:
        store.save_clinic({"name": "Clinic"}, NOW)
        intake_id = store.start_intake(store.add_patient({"family_name": "Invented"}, NOW), NOW)
        for number in range(60):
            store.save_answer(intake_id, f"question_{number}", "pain " * number, NOW)
        store.issue_letter(intake_id, random.Random(1).randbytes(letter_bytes), "{}", "1", {}, "Kim", NOW)


def find_turned(path, flips, seed):
    """Turn one bit at a time, spread over the whole file; count when each is found: opening, reading, never."""
    chance, size, found = random.Random(seed), path.stat().st_size, Counter()
    sound = read_all(path, lambda: None)
    for flip in range(flips):
        at = chance.randrange(size * flip // flips, size * (flip + 1) // flips)
        turn_bit(path, at, bit := chance.randrange(8))
        when = ["opening"]
        try:
            read = read_all(path, lambda when=when: when.append("reading"))
        except StoreError:
            found[when[-1]] += 1
        else:
            found["never" if read == sound else "shown"] += 1
        turn_bit(path, at, bit)
    return dict(found)


def read_all(path, opened):
    """Return everything that the program shows, calling `opened` once it could."""
    with open_store(path, KEY) as store:
        opened()
        [row] = store.worklist()
        intake_id = row["intake_id"]
        letters = store.letters(intake_id)
        pdfs = [store.letter_pdf(letter["id"]) for letter in letters]
        return row, store.clinic(), store.answers(intake_id), store.journal(intake_id), letters, pdfs


def make_crashed(path, answers, *, moved=False):
    """Keep so many answers as a killed program leaves them: in the journal beside the file. Return the intake.

    With `moved` the file has all of them already, too, and the journal is not begun anew yet.
    """
    alive = path.with_name("alive") / path.name
    with open_store(alive, KEY) as store:
        store.save_clinic({"name": "Clinic"}, NOW)
        intake_id = store.start_intake(store.add_patient({"family_name": "Invented"}, NOW), NOW)
    with open_store(alive, KEY) as store:
        for number in range(answers):
            store.save_answer(intake_id, f"question_{number:03}", f"{number} " + "pain " * (number % 30), NOW)
        if moved:
            store._connection.execute("pragma wal_checkpoint(passive)").fetchall()
        for ending in LEFT_BY_A_KILL:
            shutil.copy(alive.with_name(path.name + ending), path.with_name(path.name + ending))
    shutil.rmtree(alive.parent)
    return intake_id


def count_left(path, intake_id, flips, seed, left_by=LEFT_BY_A_KILL):
    """Turn one bit of the journal at a time, spread over all of it; count what comes of it.

    "all" answers are there; some are missing and it is "told"; only the "last" one is, untold; "untold" the first ones
    are there; or "others"; or it is "refused".
    """
    chance, left, journal = random.Random(seed), Counter(), path.with_name(f"{path.name}-wal")
    kept = {file: file.read_bytes() for ending in left_by if (file := path.with_name(path.name + ending))}
    with open_store(path, KEY) as store:
        saved = sorted(store.answers(intake_id).items())
    for flip in range(flips):
        put_back(path, kept)
        at = chance.randrange(len(kept[journal]) * flip // flips, len(kept[journal]) * (flip + 1) // flips)
        turn_bit(journal, at, chance.randrange(8))
        left[find_left(path, intake_id, saved)] += 1
    return dict(left)


def put_back(path, kept):
    """Leave nothing beside these files, as they were."""
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink()
    for file, content in kept.items():
        file.write_bytes(content)


def find_left(path, intake_id, saved):
    """Open the records and say in a word which of the answers are there."""
    try:
        with open_store(path, KEY) as store:
            found = sorted(store.answers(intake_id).items())
            store.audit_verify()
    except StoreError:
        return "refused"
    if found == saved:
        return "all"
    if found != saved[: len(found)]:
        return "others"
    return "told" if list_rescued(path) else "last" if found == saved[:-1] else "untold"


def turn_bit(path, at, bit):
    with path.open("r+b") as file:
        file.seek(at)
        [byte] = file.read(1)
        file.seek(at)
        file.write(bytes([byte ^ 1 << bit]))
