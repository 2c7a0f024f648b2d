"""The worklist, and what the next start finds of the last one."""

import pytest

from db import StoreError, open_store


@pytest.fixture
def start(store, now):
    """Return a function that starts an intake of a new patient with this family name."""
    return lambda name: store.start_intake(store.add_patient({"family_name": name}, now()), now())


def issue(store, intake_id, now, reason=""):
    return store.issue_letter(intake_id, b"%PDF", "{}", "1", {"name": "Dr A"}, "Ann", now(), reason)


def listed(store, text=""):
    return [row["family_name"] for row in store.worklist(text)]


def test_an_intake_comes_back(store, now):
    moment = now()
    patient_id = store.add_patient({}, moment)
    intake = store.intake(store.start_intake(patient_id, moment))
    assert intake["patient_id"] == patient_id
    assert intake["started_at"] == intake["changed_at"] == moment.isoformat(timespec="microseconds")
    assert (intake["page"], intake["closed_at"], intake["discarded_at"]) == ("", None, None)


def test_an_unknown_intake_is_told(store):
    with pytest.raises(StoreError, match="This intake is not in the records"):
        store.intake("nothing")


def test_the_worklist_has_drafts_first_then_the_last_changed(store, start, now):
    old, young, done = (start(name) for name in ("Old", "Young", "Done"))
    issue(store, done, now)
    assert listed(store) == ["Young", "Old", "Done"]
    store.save_answer(old, "fever", "no", now())
    assert listed(store) == ["Old", "Young", "Done"]
    issue(store, old, now)
    assert listed(store) == ["Young", "Old", "Done"]
    store.save_answer(done, "fever", "no", now())
    assert listed(store) == ["Done", "Young", "Old"], "changed after its letter, it is a draft again"
    assert store.intake(young)["closed_at"] is None


def test_the_worklist_counts_what_stands(store, start, now):
    intake_id = start("Counted")
    store.save_answer(intake_id, "fever", "no", now())
    entries = [store.add_entry(intake_id, "treatments", now()) for _ in range(2)]
    for entry in entries:
        store.save_answer(intake_id, "kind", "pills", now(), entry_id=entry)
    store.remove_entry(entries[0], now())
    [row] = store.worklist()
    assert (row["answers"], row["letters"], row["issued_at"], row["is_demo"]) == (2, 0, None, False)
    issue(store, intake_id, now)
    letter = issue(store, intake_id, now, "imaging came")
    [row] = store.worklist()
    assert (row["letters"], row["issued_at"]) == (2, letter["issued_at"])
    assert row["intake_id"] == intake_id


def test_the_worklist_is_searched_and_limited(store, start):
    for name in ("Adams", "Adler", "Baker"):
        start(name)
    assert listed(store, "ad") == ["Adler", "Adams"]
    assert listed(store, "adl") == ["Adler"]
    assert [row["family_name"] for row in store.worklist(limit=2)] == ["Baker", "Adler"]


def test_a_discarded_intake_is_off_the_list_and_can_be_restored(store, start, now):
    intake_id = start("Gone")
    store.save_answer(intake_id, "fever", "no", now())
    start("Newer")
    store.discard_intake(intake_id, now())
    assert listed(store) == ["Newer"]
    assert store.answers(intake_id) == {"fever": "no"}
    store.restore_intake(intake_id, now())
    assert listed(store) == ["Gone", "Newer"]


def test_the_page_is_remembered(path, store, start):
    intake_id = start("Paged")
    store.save_page(intake_id, "symptoms")
    store.close()
    with open_store(path) as again:
        assert again.intake(intake_id)["page"] == "symptoms"


def test_an_intake_left_in_good_order_is_not_offered(store, start):
    assert store.interrupted_intake() is None
    store.mark_open(start("Open"))
    store.mark_open(None)
    assert store.interrupted_intake() is None


def test_an_intake_left_open_is_offered_unless_discarded(path, store, start, now):
    intake_id = start("Open")
    store.mark_open(intake_id)
    store.close()
    with open_store(path) as again:
        assert again.interrupted_intake()["id"] == intake_id
        again.discard_intake(intake_id, now())
        assert again.interrupted_intake() is None


def test_the_discarded_ones_are_a_list_of_their_own(store, now):
    kept, gone = (
        store.start_intake(store.add_patient({"family_name": name}, now()), now()) for name in ("Kept", "Gone")
    )
    store.discard_intake(gone, now())
    assert [row["intake_id"] for row in store.worklist()] == [kept]
    assert [row["intake_id"] for row in store.worklist("go", discarded=True)] == [gone]
    assert store.worklist("kept", discarded=True) == []
