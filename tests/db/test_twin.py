"""The same records opened once more for another thread: the same user, all or nothing, and never beyond the first."""

import threading
from contextlib import suppress

import pytest

from db import StoreError, open_store

KEY = bytes(range(32))


def test_what_one_writes_the_other_reads_at_once(store, intake_id, now):
    with store.open_twin() as twin:
        twin.save_answer(intake_id, "fever", "no", now())
        assert store.answers(intake_id) == {"fever": "no"}
        store.save_answer(intake_id, "fever", "yes", now())
        assert twin.answers(intake_id) == {"fever": "yes"}
    assert store.answers(intake_id) == {"fever": "yes"}
    store.audit_verify()


def test_encrypted_records_take_the_same_key_and_no_other(path, now):
    with open_store(path, KEY) as store:
        patient_id = store.add_patient({"family_name": "Invented"}, now())
        with store.open_twin(KEY) as twin:
            assert twin.patient(patient_id)["family_name"] == "Invented"
        with pytest.raises(StoreError):
            store.open_twin(bytes(32))
        assert store.patient(patient_id)


def test_it_survives_a_power_cut_as_the_first_does(store):
    with store.open_twin() as twin:
        assert twin._db.execute("pragma synchronous").fetchall() == [(2,)]
        assert twin._db.execute("pragma foreign_keys").fetchall() == [(1,)]


def test_nobody_else_opens_the_records_until_both_are_closed(store, path):
    twin = store.open_twin()
    store.close()
    with pytest.raises(StoreError, match="already running"):
        open_store(path)
    twin.close()
    with open_store(path):
        pass


def test_records_that_are_closed_have_no_twin(store):
    store.close()
    with pytest.raises(StoreError, match="closed meanwhile"):
        store.open_twin()


def test_it_acts_for_whoever_is_signed_in_and_no_longer(store, now):
    ann = store.add_user("Ann", "administrator", now())
    store.sign_in(ann, now())
    with store.open_twin() as twin:
        assert (twin.user_id, twin.role) == (ann, "administrator")
        twin.add_patient({"family_name": "Invented"}, now())
        store.sign_out(now())
        with pytest.raises(StoreError, match="not signed in any more"):
            twin.add_patient({"family_name": "Too late"}, now())
        for read in (lambda: twin.find_patients(""), twin.users, lambda: twin.setting("theme")):
            with pytest.raises(StoreError, match="not signed in any more"):
                read()
    store.sign_in(ann, now())
    assert [row["family_name"] for row in store.find_patients("")] == ["Invented"]
    assert [row["user"] for row in store.audit() if row["record"].startswith("patient/")] == [ann]
    store.audit_verify()


def test_several_verbs_at_once_are_kept_together_or_not_at_all(store, intake_id, now):
    with store.at_once():
        store.save_answer(intake_id, "fever", "no", now())
        store.save_answer(intake_id, "cancer_history", "no", now())
    before = store.answers(intake_id)
    with suppress(ZeroDivisionError), store.at_once():
        store.save_answer(intake_id, "fever", "yes", now())
        raise ZeroDivisionError
    assert store.answers(intake_id) == before == {"fever": "no", "cancer_history": "no"}
    store.save_answer(intake_id, "fever", "yes", now())
    assert store.answers(intake_id)["fever"] == "yes"
    store.audit_verify()


def test_nobody_writes_in_between(store, intake_id, now):
    told = []

    def write():
        with store.open_twin() as twin:
            begun.set()
            twin.save_answer(intake_id, "fever", "no", now())
            told.append("twin")

    begun, other = threading.Event(), threading.Thread(target=write)
    with store.at_once():
        store.save_answer(intake_id, "fever", "yes", now())
        other.start()
        begun.wait(5)
        assert store.answers(intake_id) == {"fever": "yes"}
        told.append("store")
    other.join()
    assert told == ["store", "twin"]
    assert store.answers(intake_id) == {"fever": "no"}


def test_two_threads_that_write_lose_nothing(store, intake_id, now):
    def write():
        with store.open_twin() as twin:
            for number in range(30):
                twin.save_answer(intake_id, f"theirs_{number}", number, now())

    other = threading.Thread(target=write)
    other.start()
    for number in range(30):
        store.save_answer(intake_id, f"ours_{number}", number, now())
    other.join()
    assert len(store.answers(intake_id)) == 60
    store.audit_verify()


def test_what_it_wrote_is_in_the_one_file_when_it_is_closed(store, intake_id, path, now):
    with store.open_twin() as twin:
        twin.save_answer(intake_id, "limits", "x" * 100_000, now())
    busy, pages, moved = store._db.execute("pragma wal_checkpoint(passive)").fetchall()[0]
    assert (busy, pages) == (0, moved)
    assert path.stat().st_size > 100_000
