"""Restoring and encrypting: what is there is never destroyed, and a crash leaves the old or the new."""

import shutil
from datetime import datetime
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from db import (
    StoreError,
    back_up,
    encrypt_records,
    files,
    find_records,
    list_backups,
    open_store,
    rehearse,
    restore,
    restore_key_file,
)
from db.backup import read_contents
from db.connection import APPLICATION_ID, connect
from db.roles import ADMINISTRATOR

KEY, OTHER_KEY = bytes(range(32)), bytes(range(1, 33))
NOON = datetime(2026, 11, 22, 12, 0)  # noqa: DTZ001 the clock on the wall
OLD = Path(__file__).resolve().parents[1] / "old_databases" / "0.1.0.sql"


def people(path, key=KEY):
    with open_store(path, key) as store:
        return sorted(row["family_name"] for row in store.find_patients(""))


def contents(path, key):
    connection = connect(path, key)
    try:
        return read_contents(connection)
    finally:
        connection.close()


@pytest.fixture
def backup(path, now):
    """Return a backup with one patient; the records have two since."""
    with open_store(path, KEY) as store:
        store.add_patient({"family_name": "Early"}, now())
        path.with_name("keyslots.json").write_text("old keys")
        made = back_up(path, KEY, NOON)
        store.add_patient({"family_name": "Late"}, now())
    return made


def test_check_29_a_restored_backup_has_every_row(path, backup, tmp_path):
    before = contents(backup.database, KEY)
    [aside] = restore(backup.folder, path, KEY, NOON)
    assert contents(path, KEY) == before
    assert people(path) == ["Early"]
    assert people(aside) == ["Early", "Late"], "what was there is there under another name"
    assert aside.name == "clinic.db.before-restore-2026-11-22-120000"
    empty = tmp_path / "another computer" / "clinic.db"
    assert restore(backup.folder, empty, KEY, NOON) == []
    assert contents(empty, KEY).keys() == before.keys()
    assert empty.with_name("keyslots.json").read_text() == "old keys"
    assert people(empty) == ["Early"]


def test_restoring_over_a_damaged_file_keeps_that_too(path, backup):
    path.write_bytes(b"damaged" * 1000)
    path.with_name("clinic.db-wal").write_bytes(b"last changes")
    database, wal = restore(backup.folder, path, KEY, NOON)
    assert people(path) == ["Early"]
    assert (database.read_bytes()[:7], wal.read_bytes()) == (b"damaged", b"last changes")
    assert wal.name == f"{database.name}-wal"


def test_a_restore_waits_for_the_program_to_be_closed(path, backup):
    with open_store(path, KEY) as store:
        with pytest.raises(StoreError, match="already running"):
            restore(backup.folder, path, KEY, NOON)
        assert len(store.find_patients("")) == 2


def test_a_damaged_backup_is_not_restored(path, backup):
    backup.database.write_bytes(backup.database.read_bytes()[:-4096])
    with pytest.raises(StoreError, match="backup is damaged"):
        restore(backup.folder, path, KEY, NOON)
    assert people(path) == ["Early", "Late"]


def test_a_present_key_file_stays_and_a_missing_one_comes_back(path, backup):
    path.with_name("keyslots.json").write_text("new keys")
    restore(backup.folder, path, KEY, NOON)
    assert path.with_name("keyslots.json").read_text() == "new keys"
    path.with_name("keyslots.json").unlink()
    restore(backup.folder, path, KEY, NOON)
    assert {path.with_name(name).read_text() for name in ("keyslots.json", "keyslots.2.json")} == {"old keys"}


def test_a_damaged_key_file_is_replaced_and_kept(path, backup):
    path.with_name("keyslots.json").write_text("half")
    [aside] = restore_key_file(backup.folder, path, NOON)
    assert aside.read_text() == "half"
    assert path.with_name("keyslots.json").read_text() == path.with_name("keyslots.2.json").read_text() == "old keys"
    (backup.folder / "keyslots.json").unlink()
    with pytest.raises(StoreError, match="no key file"):
        restore_key_file(backup.folder, path, NOON)


class Crash(BaseException):
    """The process ends here."""


@pytest.mark.usefixtures("backup")
@pytest.mark.parametrize("number", range(8))
def test_a_restore_cut_off_anywhere_leaves_the_old_or_the_new_records(path, backup, number, monkeypatch):
    calls = []
    for name in ("replace", "rename", "unlink"):
        real = getattr(Path, name)

        def call(self, *arguments, real=real, **more):
            calls.append(self.name)
            if len(calls) > number:
                raise Crash
            return real(self, *arguments, **more)

        monkeypatch.setattr(Path, name, call)
    try:
        restore(backup.folder, path, KEY, NOON)
    except Crash:
        pass
    finally:
        monkeypatch.undo()
    assert people(path) in (["Early", "Late"], ["Early"])
    restore(backup.folder, path, KEY, NOON)
    assert people(path) == ["Early"]


def test_records_that_are_gone_are_not_made_anew(path, backup):
    path.unlink()
    with pytest.raises(StoreError, match="there are backups or earlier copies") as caught:
        open_store(path, KEY)
    assert "restore the last backup" in caught.value.hint
    shutil.rmtree(backup.folder.parent)
    with pytest.raises(StoreError, match="is not there"):
        open_store(path, KEY, create=False)
    for left in ("clinic.db.restoring", "clinic.db.before-restore-2026-11-22-120000"):
        path.with_name(left).write_bytes(b"x")
        with pytest.raises(StoreError, match="earlier copies"):
            open_store(path, KEY)
        path.with_name(left).unlink()
    open_store(path, KEY, clinic_id="c" * 32).close()
    with open_store(path, KEY) as store:
        assert store.clinic_id() == "c" * 32


# From records without a key


@pytest.fixture
def plain(path):
    """Return the path of a database of release 0.1.0."""
    path.parent.mkdir()
    connection = dbapi2.connect(str(path), isolation_level=None)
    connection.execute(f"pragma application_id = {APPLICATION_ID}")
    connection.executescript(OLD.read_text(encoding="utf-8"))
    connection.close()
    return path


def test_what_is_there_is_told_by_its_first_bytes(path, plain, tmp_path):
    assert find_records(tmp_path / "nothing.db") == "none"
    assert find_records(plain) == "plain"
    encrypt_records(plain, KEY, NOON)
    assert find_records(path) == "encrypted"


def test_an_old_database_is_backed_up_before_it_is_changed(plain):
    open_store(plain).close()
    [made] = list_backups(plain.with_name("backups"))
    assert made.reason == "before-update"
    connection = connect(made.database, None)
    assert not connection.execute("select 1 from sqlite_master where name = 'audit'").fetchall()
    connection.close()
    open_store(plain).close()
    assert len(list_backups(plain.with_name("backups"))) == 1


def test_a_text_that_is_none_keeps_records_neither_from_a_backup_nor_from_an_update(plain):
    """A key of a setting that no release knows; to the byte in the backup, the updated and the encrypted records."""
    no_text = "insert into settings values ('by hand', cast(x'ff80' as text))"
    connection = dbapi2.connect(str(plain), isolation_level=None)
    connection.execute(no_text)
    connection.close()
    encrypt_records(plain, KEY, NOON)
    plain.with_name("keyslots.json").write_text("the keys")
    made = back_up(plain, KEY, NOON.replace(hour=13))
    rehearse(made.folder, KEY)
    for database in (plain, made.database):
        connection = connect(database, KEY)
        kept = "select cast(value as blob) from settings where key = 'by hand'"
        assert connection.execute(kept).fetchall() == [(b"\xff\x80",)]
        connection.close()


def test_two_texts_that_are_none_are_told_apart(store):
    found = []
    for value in (b"\xff\x80", b"\xff\x81"):
        sql = "insert or replace into settings values ('by hand', cast(? as text))"
        store._connection.execute(sql, [value])
        found.append(read_contents(store._connection)["settings"])
    assert found[0] != found[1]


def test_old_records_are_encrypted_row_by_row(plain):
    open_store(plain).close()
    before = contents(plain, None)
    rows = encrypt_records(plain, KEY, NOON)
    assert rows == sum(count for count, _ in before.values())
    assert contents(plain, KEY) == before
    with pytest.raises(StoreError, match="is encrypted"):
        open_store(plain)
    with open_store(plain, KEY) as store:
        assert store.clinic()["name"] == "Invented Spine Clinic"
        assert store.worklist("łukasz")
        store.audit_verify()


def test_check_01_nothing_readable_is_left_of_old_records(plain):
    open_store(plain).close()
    assert any("Łukasz".encode() in file.read_bytes() for file in plain.parent.rglob("*.db"))
    encrypt_records(plain, KEY, NOON)
    for file in plain.parent.rglob("*"):
        if file.is_file():
            assert "Łukasz".encode() not in file.read_bytes()
            assert not file.read_bytes().startswith(b"SQLite format 3")
    [made] = list_backups(plain.with_name("backups"))
    assert made.reason == ""


def test_check_02_the_key_is_really_used(plain):
    encrypt_records(plain, KEY, NOON)
    connection = connect(plain, KEY)
    assert connection.execute("pragma cipher_version").fetchall()[0][0].startswith("4.")
    connection.close()
    with pytest.raises(StoreError, match="does not open with this key"):
        open_store(plain, OTHER_KEY)


def test_a_copy_that_differs_is_thrown_away(plain, monkeypatch):
    monkeypatch.setattr("db.new_key.read_contents", lambda connection: {"x": [0, str(id(connection))]})
    with pytest.raises(StoreError, match="the copy differs") as caught:
        encrypt_records(plain, KEY, NOON)
    assert "Nothing was changed" in caught.value.hint
    assert find_records(plain) == "plain"
    assert not list(plain.parent.glob("*.encrypted*"))


@pytest.mark.parametrize("step", ["export", "sync_file", "sync_folder", "back_up"])
def test_encrypting_cut_off_anywhere_leaves_the_old_or_the_new(plain, step, monkeypatch):
    def crash(*_arguments):
        raise Crash

    monkeypatch.setattr(f"db.recovery.{step}", crash)
    with pytest.raises(Crash):
        encrypt_records(plain, KEY, NOON)
    monkeypatch.undo()
    if find_records(plain) == "plain":
        encrypt_records(plain, KEY, NOON)
    with open_store(plain, KEY) as store:
        assert store.worklist("łukasz")


def test_encrypted_records_are_not_encrypted_again(plain):
    encrypt_records(plain, KEY, NOON)
    with pytest.raises(StoreError, match="is encrypted, or is damaged"):
        encrypt_records(plain, OTHER_KEY, NOON)
    with open_store(plain, KEY) as store:
        store.add_user("Ada", ADMINISTRATOR, store._rows("select 1 as x") and NOON.astimezone())


def test_a_file_that_is_not_copied_whole_is_not_left(tmp_path, monkeypatch):
    (tmp_path / "a").write_bytes(b"content")
    (tmp_path / "b").write_bytes(b"before")
    monkeypatch.setattr(files.os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(OSError, match="full"):
        files.copy_file(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").read_bytes() == b"before"
    assert {file.name for file in tmp_path.iterdir()} == {"a", "b"}
