"""Backups: verified, private, kept as long as said, and proved to open."""

import errno
import json
import os
import threading
from datetime import datetime, timedelta

import pytest

from db import StoreError, back_up, backup, is_backup_due, list_backups, open_store, place_copies, rehearse
from db.backup import BEFORE_UPDATE, choose_kept, verify_backup

KEY, CLINIC = bytes(range(32)), "c" * 32
NOON = datetime(2026, 11, 22, 12, 0)  # noqa: DTZ001 the clock on the wall
MARKER = "a word nobody else would write"


@pytest.fixture
def records(path, now):
    """Return an open encrypted store with a patient, a letter and a key file beside it."""
    with open_store(path, KEY, clinic_id=CLINIC) as store:
        intake_id = store.start_intake(store.add_patient({"family_name": MARKER}, now()), now())
        store.save_answer(intake_id, "fever", "no", now())
        store.issue_letter(intake_id, b"%PDF\x00\xff", "{}", "1", {}, "Ann", now())
        path.with_name("keyslots.json").write_text("{}")
        yield store


def names(folder):
    return sorted(file.name for file in folder.iterdir())


@pytest.mark.usefixtures("records")
def test_check_29_a_backup_is_encrypted_private_and_whole(path):
    made = back_up(path, KEY, NOON)
    assert (made.folder.name, made.made_at, made.reason, made.fault) == ("2026-11-22-120000", NOON, "", None)
    assert names(made.folder) == ["clinic.db", "contents.json", "keyslots.json"]
    for file in made.folder.iterdir():
        assert file.stat().st_mode & 0o777 == 0o600
        assert MARKER.encode() not in file.read_bytes()
    assert made.folder.stat().st_mode & 0o777 == 0o700
    assert not made.database.read_bytes().startswith(b"SQLite format 3")
    assert names(made.folder.parent) == [made.folder.name]


def test_check_29_a_rehearsal_proves_that_it_opens_and_matches(path, records):
    made = back_up(path, KEY, NOON)
    proof = rehearse(made.folder, KEY)
    assert (proof.patients, proof.letters) == (1, 1)
    assert proof.rows == sum(rows for rows, _ in backup.read_contents(records._connection).values())
    assert names(made.folder.parent) == [made.folder.name], "nothing is left of it"


def test_an_answer_given_meanwhile_is_wholly_in_it_or_not(path, records, now):
    intake_id = records.worklist()[0]["intake_id"]
    made = []
    worker = threading.Thread(target=lambda: made.extend(back_up(path, KEY, NOON) for _ in range(5)))
    worker.start()
    turn = 0
    while worker.is_alive():
        records.save_answer(intake_id, "turn", (turn := turn + 1), now())
    worker.join()
    assert len(made) == 5
    for each in made:
        rehearse(each.folder, KEY)
        with open_store(each.database, KEY) as copy:
            copy.audit_verify()
            turns = [row["new_value"] for row in copy.journal(intake_id) if row["question"] == "turn"]
            assert turns == list(range(1, len(turns) + 1))


@pytest.mark.usefixtures("records")
def test_two_backups_of_one_second_are_two(path):
    first, second = (back_up(path, KEY, NOON) for _ in range(2))
    assert [each.folder for each in list_backups(first.folder.parent)] == [second.folder, first.folder]


def test_there_is_one_each_day(path, records):
    assert is_backup_due(path, NOON)
    assert list_backups(path.with_name("backups")) == []
    back_up(path, KEY, NOON)
    assert not is_backup_due(path, NOON + timedelta(hours=11))
    assert is_backup_due(path, NOON + timedelta(hours=12))
    records.audit_verify()


def test_what_is_no_backup_is_not_listed(path):
    folder = path.with_name("backups")
    for name in ("2026-11-22-120000", "2026-99-22-120000", "notes", ".unfinished-x", "2026-11-22-120000-other"):
        (folder / name).mkdir(parents=True)
    for name in ("2026-99-22-120000", "notes"):
        (folder / name / "clinic.db").touch()
    assert list_backups(folder) == []


def test_seven_days_five_weeks_and_twelve_months_are_kept():
    days = [NOON - timedelta(days=number) for number in range(800)]
    twice = [moment - timedelta(hours=2) for moment in days]
    kept = choose_kept([*days, *twice])
    assert kept <= set(days), "the last of each day"
    assert set(days[:7]) <= kept
    assert len(kept) == 7 + 4 + 11
    assert {(moment.year, moment.month) for moment in kept} == {(moment.year, moment.month) for moment in days[:335]}
    assert choose_kept([]) == set()
    assert choose_kept(days[:3]) == set(days[:3])


@pytest.mark.usefixtures("records")
def test_old_ones_go_and_the_new_one_stays_even_with_the_clock_set_back(path, monkeypatch):
    monkeypatch.setattr(backup, "KEPT_DAYS", 2)
    monkeypatch.setattr(backup, "KEPT_WEEKS", 1)
    monkeypatch.setattr(backup, "KEPT_MONTHS", 1)
    folder = path.with_name("backups")
    for number in range(4):
        back_up(path, KEY, NOON + timedelta(days=number))
    (folder / ".unfinished-left").mkdir()
    assert [each.made_at.day for each in list_backups(folder)] == [25, 24]
    made = back_up(path, KEY, NOON - timedelta(days=400))
    assert made.folder.is_dir()
    assert len(list_backups(folder)) == 3
    back_up(path, KEY, NOON + timedelta(days=4))
    assert [each.made_at.day for each in list_backups(folder)] == [26, 25]
    assert not (folder / ".unfinished-left").exists()


@pytest.mark.usefixtures("records")
def test_three_from_before_an_update_are_kept_apart(path):
    for number in range(5):
        back_up(path, KEY, NOON + timedelta(seconds=number), reason=BEFORE_UPDATE)
    back_up(path, KEY, NOON + timedelta(days=100))
    found = list_backups(path.with_name("backups"))
    assert [(each.reason, each.made_at.second) for each in found] == [("", 0), *((BEFORE_UPDATE, n) for n in (4, 3, 2))]


@pytest.mark.usefixtures("records")
def test_a_second_folder_gets_a_copy(path, tmp_path):
    second = tmp_path / "disk" / "clinic"
    made = back_up(path, KEY, NOON, second=second)
    [copy] = list_backups(place_copies(second, CLINIC))
    assert copy.folder.name == made.folder.name
    assert {file.name: file.read_bytes() for file in copy.folder.iterdir()} == {
        file.name: file.read_bytes() for file in made.folder.iterdir()
    }
    assert rehearse(copy.folder, KEY).patients == 1


def test_two_clinics_that_share_a_second_folder_leave_each_other_their_copies(tmp_path, monkeypatch, now):
    monkeypatch.setattr(backup, "KEPT_DAYS", 1)
    for name, key in (("a", KEY), ("b", KEY[::-1])):
        with open_store(tmp_path / name / "clinic.db", key, clinic_id=name * 32) as store:
            store.add_patient({"family_name": name}, now())
    for hour in range(3):
        for name, key in (("a", KEY), ("b", KEY[::-1])):
            at = NOON + timedelta(hours=hour)
            assert back_up(tmp_path / name / "clinic.db", key, at, second=tmp_path / "stick").fault is None
    for name, key in (("a", KEY), ("b", KEY[::-1])):
        [copy] = list_backups(place_copies(tmp_path / "stick", name * 32))
        with open_store(copy.database, key, create=False) as store:
            assert [row["family_name"] for row in store.find_patients("")] == [name]


@pytest.mark.usefixtures("records")
def test_backups_of_days_when_the_clock_was_ahead_take_no_other_ones_place(path, monkeypatch):
    monkeypatch.setattr(backup, "KEPT_DAYS", 3)
    ahead = [back_up(path, KEY, NOON + timedelta(days=4000 + day)).folder for day in range(3)]
    made = [back_up(path, KEY, NOON + timedelta(days=day)).folder for day in range(3)]
    assert {each.folder for each in list_backups(path.with_name("backups"))} == {*ahead, *made}


@pytest.mark.usefixtures("records")
def test_a_second_folder_that_is_gone_is_told_and_the_backup_counts(path, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    made = back_up(path, KEY, NOON, second=tmp_path / "file" / "clinic")
    assert "cannot be opened" in made.fault.what
    assert rehearse(made.folder, KEY).patients == 1
    monkeypatch.setattr(backup, "_hash_file", str)
    made = back_up(path, KEY, NOON, second=tmp_path / "other")
    assert "not like the first" in made.fault.what
    copies = place_copies(tmp_path / "other", CLINIC)
    assert list_backups(copies) == []
    assert names(copies) == []


def test_records_without_a_key_are_never_copied_elsewhere(path, store, tmp_path):
    assert back_up(path, None, NOON, second=tmp_path / "disk").fault is None
    assert not (tmp_path / "disk").exists()
    store.audit_verify()


DAMAGE = {
    "one bit": lambda folder: flip(folder / "clinic.db", 5000),
    "the first page": lambda folder: flip(folder / "clinic.db", 3),
    "half": lambda folder: (folder / "clinic.db").write_bytes((folder / "clinic.db").read_bytes()[:9000]),
    "empty": lambda folder: (folder / "clinic.db").write_bytes(b""),
    "gone": lambda folder: (folder / "clinic.db").unlink(),
    "no contents": lambda folder: (folder / "contents.json").unlink(),
    "contents damaged": lambda folder: (folder / "contents.json").write_text("{"),
    "contents of another": lambda folder: (folder / "contents.json").write_text('{"patients": [2, "x"]}'),
}


def flip(file, place):
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize("name", DAMAGE)
def test_check_28_a_damaged_backup_is_told(path, name):
    made = back_up(path, KEY, NOON)
    DAMAGE[name](made.folder)
    with pytest.raises(StoreError, match="backup is damaged, or was changed") as caught:
        rehearse(made.folder, KEY)
    assert "the one before it" in caught.value.hint


@pytest.mark.usefixtures("records")
def test_a_backup_of_another_key_or_without_its_key_file_is_told(path):
    made = back_up(path, KEY, NOON)
    with pytest.raises(StoreError, match="damaged"):
        verify_backup(made.folder, bytes(32))
    (made.folder / "keyslots.json").unlink()
    with pytest.raises(StoreError, match="no key file"):
        verify_backup(made.folder, KEY)


@pytest.mark.usefixtures("records")
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_a_backup_that_cannot_be_written_is_told_and_none_is_there(path, number, monkeypatch):
    folder = path.with_name("backups")
    back_up(path, KEY, NOON)
    calls = 0
    real = os.fsync

    def fail_at(at):
        def fsync(descriptor):
            nonlocal calls
            calls += 1
            if calls == at:
                raise OSError(number, os.strerror(number))
            real(descriptor)

        return fsync

    for at in range(1, 6):
        calls = 0
        monkeypatch.setattr(os, "fsync", fail_at(at))
        with pytest.raises(StoreError, match=r"disk is full|read-only"):
            back_up(path, KEY, NOON + timedelta(hours=at))
        monkeypatch.setattr(os, "fsync", real)
        assert names(folder) == ["2026-11-22-120000"]


def test_a_damaged_database_makes_no_backup(path, now):
    with open_store(path, KEY) as store:
        for _ in range(50):
            store.add_patient({"family_name": MARKER}, now())
    flip(path, path.stat().st_size // 2)
    with pytest.raises(StoreError, match="damaged"):
        back_up(path, KEY, NOON)
    assert names(path.with_name("backups")) == []


@pytest.mark.usefixtures("records")
def test_contents_name_every_table(path):
    made = back_up(path, KEY, NOON)
    contents = json.loads((made.folder / "contents.json").read_text())
    assert {"answers", "audit", "letters", "patients", "users", "_sqlite_migrations"} <= set(contents)
    assert contents["patients"][0] == 1
