"""Check 27: whenever the power goes while the records get a new key, the password and the code open them, with all."""

import random

import pytest
from faults import key_day, power, preload
from quick_folder import quick_folder

from db import StoreError
from intake_app.errors import UserError
from intake_app.records import Records

CUTS = 40


@pytest.fixture(scope="module")
def recorded():
    with quick_folder() as folder:
        library = preload.build("recorder", folder)
        yield power.record(library, folder / "data", preload.run, "key_day.py", folder / "data"), folder / "data"


def check(after, told):
    """Return what of all that was told is not there."""
    said = {name: value for line in told for name, value in line.items()}
    if not said:
        return []
    records = Records(after, lambda: key_day.NOW)
    try:
        records.unlock_with_code(said["code"])
        session = records.unlock(key_day.NAME, key_day.PASSWORD)
        with records.open(session) as store:
            records.sign_in(store, session)
            store.audit_verify()
            names = {row["family_name"] for row in store.find_patients("")}
            changes = [row for row in store.audit(10**6) if row["action"] == "records key changed"]
    except (StoreError, UserError) as error:
        return [f"unreadable: {error}"]
    wanted = {"Invented", *(line["patient"] for line in told if "patient" in line)}
    wrong = [f"lost {name}" for name in sorted(wanted - names)]
    return wrong + (["lost the change"] if len(changes) <= said.get("changed", -1) else [])


def test_a_power_cut_during_a_change_of_key_shuts_nobody_out(recorded):
    entries, folder = recorded
    assert power.cut_often(entries, folder, CUTS, random.Random(1), check) == []


def test_what_is_told_too_early_is_found(recorded):
    """Without the syncs the same day shuts somebody out: the model sees what it is there to see."""
    entries, folder = recorded
    careless = [entry for entry in entries if entry.what != "S"]
    assert power.cut_often(careless, folder, CUTS, random.Random(1), check)
