"""Turns single bits of an encrypted records file and says when the program finds each of them."""

import random
from collections import Counter
from datetime import UTC, datetime

from db import StoreError, open_store

KEY = bytes(range(32))
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


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


def turn_bit(path, at, bit):
    with path.open("r+b") as file:
        file.seek(at)
        [byte] = file.read(1)
        file.seek(at)
        file.write(bytes([byte ^ 1 << bit]))
