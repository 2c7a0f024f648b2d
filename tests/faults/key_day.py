"""A new key for the records, for power cuts: key_day.py FOLDER; each line printed is something that is told to be kept."""

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

from intake_app import vault
from intake_app.records import Records
from intake_app.vault.keyslots import Cost

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
NAME, PASSWORD = "Kim", "plum-kettle-orbit"
CHEAP = Cost(2, 19 * 1024, 1)  # the least that is accepted
CHANGES = 2


def tell(**words):
    os.write(1, json.dumps(words).encode() + b"\n")


def add_patient(records, session, name):
    with records.open(session) as store:
        records.sign_in(store, session)
        store.add_patient({"family_name": name}, NOW)
        store.sign_out(NOW)


def main():
    records = Records(Path(sys.argv[1]), lambda: NOW)
    # The model of the disk has one folder: a backup lies in another one.
    records.back_up = lambda *_: SimpleNamespace(fault=None)
    session, code = vault.create_vault(records.path, "clinic", NAME, PASSWORD, CHEAP)
    add_patient(records, session, "Invented")
    tell(code=code)
    for number in range(CHANGES):
        records.renew_key(session, PASSWORD)
        tell(changed=number)
        add_patient(records, session, f"Later {number}")
        tell(patient=f"Later {number}")


if __name__ == "__main__":
    main()
