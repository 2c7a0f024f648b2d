"""Opens the store at argv[1] and saves until killed, saying on standard output what was saved: `round question`.

Each round adds an entry, answers it, saves 20 answers and turns the page. An optional argv[2] is a key in hex;
an error of the store ends it with the sentence. With BECOME in the environment it goes on as that account, which
need not be able to read the program.
"""

import os
import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from db import StoreError, engine, open_store


def save_for_ever(store):
    intake = store.worklist()[0]["intake_id"]
    for turn in count(len(store.journal(intake)) + 1):
        now = datetime.now(UTC)
        entry = store.add_entry(intake, "treatments", now)
        store.save_answer(intake, "turn", turn, now, entry_id=entry)
        for number in range(20):
            store.save_answer(intake, f"question_{number}", turn, now)
            os.write(1, f"{turn} {number}\n".encode())
        store.save_page(intake, f"page_{turn}")


def become(account):
    """Give up every right but those of another account, once all is loaded."""
    engine.load()
    os.setgroups([])
    os.setgid(account)
    os.setuid(account)


if __name__ == "__main__":
    if "BECOME" in os.environ:
        become(int(os.environ["BECOME"]))
    try:
        with open_store(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]) if len(sys.argv) > 2 else None) as opened:
            save_for_ever(opened)
    except StoreError as error:
        os.write(1, f"told: {error.what} | {error.hint}\n".encode())
