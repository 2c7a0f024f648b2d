"""Promise two, an answer never leaves: no error of the store repeats one, and opening writes nothing elsewhere."""

import logging
import traceback

import pytest
from sqlcipher3 import dbapi2

from db import StoreError

CANARY = "canary-7f3a"
NO_TEXT = "update patients set family_name = cast(? as text)"


def faults(store, intake_id, now):
    """Return ways to fail, each with the canary in what is being saved."""
    return {
        "half a character": lambda: store.save_answer(intake_id, "q", f"{CANARY}\ud800", now()),
        "half a character in a key": lambda: store.save_answer(intake_id, "q", {f"{CANARY}\ud800": 1}, now()),
        "no number": lambda: store.save_answer(intake_id, "q", [CANARY, float("nan")], now()),
        "no intake": lambda: store.save_answer("nobody", "q", CANARY, now()),
        "no entry": lambda: store.save_answer(intake_id, "q", CANARY, now(), entry_id="nobody"),
        "no json": lambda: store.save_answer(intake_id, "q", {CANARY}, now()),
        "no text": lambda: store.add_patient({"family_name": CANARY, "phone": 5}, now()),
        "half a character in a name": lambda: store.add_patient({"family_name": f"{CANARY}\ud800"}, now()),
        "no reason": lambda: [store.issue_letter(intake_id, CANARY.encode(), CANARY, "1", {}, "", now()) for _ in "ab"],
        "a text that is none": lambda: [
            store._connection.execute(NO_TEXT, [f"{CANARY}\xff".encode("latin-1")]),
            store.worklist(),
        ],
        "twice the same": lambda: store._db.execute("insert into letters select * from letters"),
    }


@pytest.mark.parametrize("fault", list(faults(None, "", None)))
def test_no_error_repeats_an_answer(store, intake_id, now, fault, caplog):
    caplog.set_level(logging.DEBUG)
    store.issue_letter(intake_id, b"", "", "1", {"name": CANARY}, "", now())
    with pytest.raises((StoreError, dbapi2.Error, ValueError, TypeError)) as caught:
        faults(store, intake_id, now)[fault]()
    shown = "".join(traceback.format_exception(caught.value))
    assert CANARY not in shown
    assert CANARY not in repr(caught.value)
    assert CANARY not in caplog.text


def test_nothing_is_printed(store, intake_id, now, capfd):
    store.save_answer(intake_id, "q", CANARY, now())
    store.find_patients(CANARY)
    assert CANARY not in repr(store)
    assert capfd.readouterr() == ("", "")
