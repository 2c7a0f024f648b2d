"""Opening the file: safely, privately, and never over something else."""

import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import sqlite_utils.db
from sqlcipher3 import dbapi2

from db import StoreError, connection, open_store
from db.errors import plain_errors

ROOT = Path(__file__).resolve().parents[2]
KEY, OTHER_KEY = bytes(range(32)), bytes(range(1, 33))
MARKER = "a word nobody else would write"


@pytest.fixture
def closed(path, now):
    """Return the path of a database with one patient in it, closed."""
    with open_store(path) as store:
        store.add_patient({"family_name": "Invented"}, now())
    return path


def refuse(path, sentence, key=None):
    """Opening is refused with the sentence and a hint, and leaves the file as it was."""
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(StoreError, match=sentence) as caught:
        open_store(path, key)
    assert caught.value.hint.endswith(".")
    assert str(caught.value) == f"{caught.value.what} {caught.value.hint}"
    assert (path.read_bytes() if path.is_file() else None) == before


def rights(path):
    return path.stat().st_mode & 0o777


def damage(path, start, length, byte=b"\xa5"):
    content = bytearray(path.read_bytes())
    content[start : start + length] = byte * length
    path.write_bytes(content)


def test_sqlite_utils_speaks_sqlcipher():
    assert sqlite_utils.db.sqlite3.__name__ == "sqlcipher3"
    assert sqlite_utils.db.OperationalError is dbapi2.OperationalError


READING = """
import pathlib, sys, db
with db.open_store(pathlib.Path(sys.argv[1])) as store:
    rows = store.worklist(), store.find_patients("invented"), store.clinic(), store.setting("anything")
    print(len(rows[1]), "sqlite_utils" in sys.modules)
    store.warm()
    print("sqlite_utils" in sys.modules)
"""


def test_reading_up_to_date_records_does_not_wait_for_what_writes(closed):
    done = subprocess.run(
        [sys.executable, "-c", READING, str(closed)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["1 False", "True"]


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("trusted_schema", 0)],
)
def test_the_connection_is_set_up_to_lose_nothing(store, read, pragma, value):
    assert read(store, f"pragma {pragma}") == [(value,)]


def test_an_old_sqlite_is_refused():
    connection.check_library((3, 51, 3))
    with pytest.raises(StoreError, match=r"library 3\.40\.1 is too old"):
        connection.check_library((3, 40, 1))


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights elsewhere")
def test_files_and_folder_are_private_whatever_the_umask(path, now):
    before = os.umask(0o022)
    try:
        with open_store(path) as store:
            store.add_patient({}, now())
            files = {file.name: rights(file) for file in path.parent.iterdir()}
    finally:
        os.umask(before)
    assert files == dict.fromkeys(["clinic.db", "clinic.db-wal", "clinic.db-shm", "clinic.db.lock"], 0o600)
    assert rights(path.parent) == 0o700


def test_a_file_that_others_may_read_is_made_private_but_not_a_folder_that_was_there(closed):
    closed.chmod(0o644)
    closed.parent.chmod(0o755)
    open_store(closed).close()
    assert rights(closed) == 0o600
    assert rights(closed.parent) == 0o755


def test_everything_is_in_one_file_after_closing(path, now):
    store = open_store(path)
    store.add_patient({}, now())
    store.close()
    store.close()
    assert {file.name for file in path.parent.iterdir()} == {"clinic.db", "clinic.db.lock"}


@pytest.mark.parametrize("name", ["a b?mode=memory#%41.db", "Łukasz's.db", "clinic"])
def test_any_file_name_will_do(tmp_path, now, name):
    with open_store(tmp_path / name) as store:
        patient_id = store.add_patient({}, now())
    with open_store(tmp_path / name) as store:
        assert store.patient(patient_id)
    assert (tmp_path / name).stat().st_size > 0


def test_a_relative_path_will_do(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    open_store(Path("clinic.db")).close()
    assert (tmp_path / "clinic.db").is_file()


def test_a_newer_database_is_refused(closed):
    other = dbapi2.connect(str(closed))
    other.execute("insert into _sqlite_migrations (migration_set, name) values ('intake', 'm999_later')")
    other.commit()
    other.close()
    refuse(closed, "written by a newer version")


def test_a_zero_length_file_is_refused(closed):
    closed.write_bytes(b"")
    refuse(closed, "is empty")


@pytest.mark.parametrize("content", [b"x", b"hello " * 5000, bytes(8192)], ids=["short", "text", "zeros"])
def test_a_file_that_is_no_database_is_refused(closed, content):
    closed.write_bytes(content)
    refuse(closed, "damaged|belongs to another program")


def test_a_cut_off_file_is_refused(closed):
    closed.write_bytes(closed.read_bytes()[: closed.stat().st_size // 2])
    refuse(closed, "is damaged")


def test_a_damaged_header_is_refused(closed):
    damage(closed, 0, 16)
    refuse(closed, "is encrypted, or is damaged")


def test_damage_in_the_middle_is_found_at_the_start(closed):
    damage(closed, 2 * 4096, 3 * 4096)
    refuse(closed, "is damaged")


def test_a_large_file_is_checked_after_it_was_not_closed_properly(closed, monkeypatch):
    damage(closed, closed.stat().st_size - 4096, 4096)
    monkeypatch.setattr(connection, "QUICK_CHECK_BYTES", 0)
    open_store(closed).close()
    closed.with_name("clinic.db-wal").write_bytes(b"left over")
    refuse(closed, "is damaged")


def test_damage_met_later_is_told(closed, monkeypatch):
    monkeypatch.setattr(connection, "QUICK_CHECK_BYTES", 0)
    with open_store(closed) as store:
        [(page,)] = store._db.execute("select rootpage from sqlite_master where name = 'patients'").fetchall()
    damage(closed, (page - 1) * 4096, 4096)
    with open_store(closed) as store, pytest.raises(StoreError, match="is damaged"):
        store.find_patients("")


def test_a_database_of_another_program_is_refused(path):
    path.parent.mkdir()
    other = dbapi2.connect(str(path))
    other.execute("create table clinic (id)")
    other.commit()
    other.close()
    refuse(path, "belongs to another program")


def test_a_database_without_its_clinic_is_refused(closed):
    other = dbapi2.connect(str(closed))
    other.execute("delete from clinic")
    other.commit()
    other.close()
    refuse(closed, "is damaged")


def test_a_missing_file_is_told_and_not_made(path):
    with pytest.raises(StoreError, match="is not there"):
        connection.open_database(path)
    assert not path.exists()


def test_a_folder_in_the_file_s_place_is_told(path):
    path.mkdir(parents=True)
    refuse(path, "is not there")


def test_a_missing_file_whose_last_changes_are_there_is_not_made_anew(path, store, now):
    store.add_patient({}, now())
    kept = path.with_name("clinic.db-wal").read_bytes()
    store.close()
    path.unlink()
    path.with_name("clinic.db-wal").write_bytes(kept)
    refuse(path, "is missing, but its last changes are still there")
    assert path.with_name("clinic.db-wal").read_bytes() == kept


def test_a_first_start_cut_off_half_way_is_begun_again(path, now):
    path.parent.mkdir()
    path.with_name("clinic.db.new").write_bytes(b"half")
    path.with_name("clinic.db.new-wal").write_bytes(b"half")
    with open_store(path) as store:
        store.add_patient({}, now())
    assert {file.name for file in path.parent.iterdir()} == {"clinic.db", "clinic.db.lock"}


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="cannot be opened"):
        open_store(tmp_path / "file" / "clinic.db")


def test_a_second_copy_is_told(path, store):
    refuse(path, "already running")
    script = f"import db, pathlib; db.open_store(pathlib.Path({str(path)!r}))"
    result = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "already running" in result.stderr
    store.close()
    open_store(path).close()


def test_a_refused_file_is_not_left_locked(closed):
    content = closed.read_bytes()
    closed.write_bytes(b"")
    refuse(closed, "is empty")
    closed.write_bytes(content)
    open_store(closed).close()


def test_another_program_writing_is_told(closed, monkeypatch, now):
    monkeypatch.setattr(connection, "SECONDS_TO_WAIT", 0.0)
    other = dbapi2.connect(str(closed), isolation_level=None)
    other.execute("begin immediate")
    refuse(closed, "Another program is using the records")
    other.execute("rollback")
    with open_store(closed) as store:
        other.execute("begin immediate")
        with pytest.raises(StoreError, match="Another program"):
            store.add_patient({}, now())
        other.execute("rollback")
        store.add_patient({}, now())
    other.close()


def test_a_disk_that_cannot_keep_a_journal_is_refused():
    with closing(dbapi2.connect(":memory:")) as memory, pytest.raises(StoreError, match="cannot keep them safe"):
        connection._make_durable(memory)


@pytest.fixture
def encrypted(path, now):
    with open_store(path, KEY) as store:
        store.add_patient({"family_name": MARKER}, now())
    return path


def test_nothing_can_be_read_without_the_key(path, now):
    with open_store(path, KEY) as store:
        store.add_patient({"family_name": MARKER}, now())
        copy = path.parent.parent / "copy"
        shutil.copytree(path.parent, copy)
    for file in [*path.parent.iterdir(), *copy.iterdir()]:
        content = file.read_bytes()
        assert not content.startswith(b"SQLite format 3")
        assert MARKER.encode() not in content
    assert (copy / "clinic.db-wal").stat().st_size > 0


def test_the_right_key_opens(encrypted):
    with open_store(encrypted, KEY) as store:
        assert store.find_patients("")[0]["family_name"] == MARKER


@pytest.mark.parametrize(
    ("key", "sentence"),
    [(OTHER_KEY, "does not open with this key, or is damaged"), (None, "is encrypted, or is damaged")],
)
def test_a_wrong_or_missing_key_is_told(encrypted, capfd, key, sentence):
    refuse(encrypted, sentence, key)
    assert capfd.readouterr() == ("", ""), "SQLCipher must not talk to the terminal"


def test_a_key_for_a_file_without_one_is_told(closed):
    refuse(closed, "does not open with this key", KEY)


def test_one_changed_bit_of_an_encrypted_file_is_found(encrypted):
    damage(encrypted, encrypted.stat().st_size // 2, 1)
    refuse(encrypted, "is damaged", KEY)


@pytest.mark.parametrize("key", [b"", b"short", bytes(33)])
def test_a_key_of_another_length_is_a_bug(path, key):
    with pytest.raises(ValueError, match="32 bytes"):
        open_store(path, key)
    assert not path.exists()


@pytest.mark.parametrize(
    ("number", "sentence"),
    [(28, "disk is full"), (13, "read-only"), (30, "read-only"), (5, "cannot be opened"), (None, "cannot be opened")],
)
def test_what_the_system_reports_becomes_a_sentence(number, sentence):
    error = OSError(number, "as the system says it") if number else OSError("no number")
    with pytest.raises(StoreError, match=sentence), plain_errors():
        raise error


def test_a_bug_is_not_made_a_sentence(store):
    with pytest.raises(dbapi2.OperationalError, match="syntax"), plain_errors():
        store._db.execute("selekt")
    with pytest.raises(dbapi2.ProgrammingError), plain_errors():
        raise dbapi2.ProgrammingError("without a code")


@pytest.mark.parametrize("table", ["answers", "settings", "letters"])
def test_a_file_without_one_of_its_tables_is_damaged(tmp_path, table):
    path = tmp_path / "clinic.db"
    open_store(path).close()
    connection = dbapi2.connect(str(path))
    connection.execute("pragma foreign_keys = off")
    connection.execute(f"drop table {table}")
    connection.close()
    with pytest.raises(StoreError, match="damaged"):
        open_store(path)


@pytest.mark.parametrize("value", [b"{broken", b"\xff\x80"])
def test_a_setting_that_cannot_be_read_is_told(tmp_path, value):
    with open_store(tmp_path / "clinic.db") as store:
        store._connection.execute("insert into settings values ('x', cast(? as text))", [value])
        with pytest.raises(StoreError, match="damaged"):
            store.setting("x")


def test_what_writes_can_be_loaded_before_it_is_needed(store):
    store.warm()
    assert "sqlite_utils" in sys.modules


def test_check_28_every_changed_bit_is_found_before_anything_is_shown(encrypted, now):
    with open_store(encrypted, KEY) as store:
        intake_id = store.start_intake(store.add_patient({}, now()), now())
        for number in range(60):
            store.save_answer(intake_id, f"question_{number}", MARKER * 5, now())
    whole = encrypted.read_bytes()
    found, places = 0, range(7, len(whole), len(whole) // 150)
    for place in places:
        encrypted.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << place % 8]) + whole[place + 1 :])
        try:
            open_store(encrypted, KEY).close()
        except StoreError as error:
            found += "damaged" in error.what
    assert (found, len(places) >= 150) == (len(places), True)
    encrypted.write_bytes(whole)
    open_store(encrypted, KEY).close()


def test_check_17_no_setting_or_note_reaches_the_tables_as_sql(store, read):
    tables = read(store, "select name, sql from sqlite_master order by name")
    store.save_setting("x'); drop table patients; --", {"a": "'; drop table users; --"})
    assert store.setting("x'); drop table patients; --") == {"a": "'; drop table users; --"}
    assert read(store, "select name, sql from sqlite_master order by name") == tables
