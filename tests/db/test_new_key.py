"""Records under a new key: every row comes along, the old key opens nothing any more, and a crash leaves one of both."""

import os
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from db import (
    StoreError,
    back_up,
    change_key,
    find_key,
    list_backups,
    new_key,
    open_store,
    rehearse,
    restore,
    settle_key,
)
from db.backup import read_contents
from db.connection import connect
from db.roles import ADMINISTRATOR, FRONT_DESK

OLD, NEW = bytes(range(32)), bytes(range(1, 33))
BOTH = (OLD, NEW)


class Crash(BaseException):
    """The process ends here."""


@pytest.fixture
def people(path, now):
    """Return the ids of an administrator and of a front desk in records with a patient and a letter."""
    with open_store(path, OLD) as store:
        ada = store.add_user("Ada", ADMINISTRATOR, now())
        store.sign_in(ada, now())
        fay = store.add_user("Fay", FRONT_DESK, now())
        intake_id = store.start_intake(store.add_patient({"family_name": "Invented"}, now()), now())
        store.issue_letter(intake_id, b"%PDF" + bytes(range(256)) * 400, "{}", "1", {}, "Ada", now())
        store.make_views({"visits": {"entries": False, "question": "", "columns": ["fever"]}})
        store.sign_out(now())
    return ada, fay


@pytest.fixture
def change(path, now, people):
    """Return what changes the key, for the administrator."""

    def change(user_id=people[0], before_swap=lambda: None, **more):
        return change_key(path, BOTH, user_id, now(), before_swap=before_swap, **more)

    return change


def contents(path, key):
    with closing(connect(path, key)) as connection:
        return read_contents(connection)


def names(path, key, user_id, now):
    with open_store(path, key) as store:
        store.sign_in(user_id, now())
        return [row["family_name"] for row in store.find_patients("")]


def test_every_row_comes_along_and_only_the_new_key_opens(path, change):
    before = contents(path, OLD)
    assert change() == sum(count for count, _ in before.values())
    after = contents(path, NEW)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"audit", "audit_head"}
    assert after["audit"][0] == before["audit"][0] + 1
    with pytest.raises(StoreError, match="does not open with this key"):
        open_store(path, OLD)
    assert {file.name for file in path.parent.iterdir()} == {"clinic.db", "clinic.db.lock"}


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights elsewhere")
def test_check_26_the_new_file_is_private(path, change):
    change()
    assert path.stat().st_mode & 0o777 == 0o600


def test_who_changed_the_key_is_in_the_trail_which_is_whole(path, people, change, now):
    change()
    with open_store(path, NEW) as store:
        store.sign_in(people[0], now())
        [row] = [row for row in store.audit() if row["action"] == new_key.CHANGED]
        assert (row["user"], row["user_name"]) == (people[0], "Ada")
        store.audit_verify()


@pytest.mark.parametrize("who", [1, "x" * 32, ""], ids=["front desk", "unknown", "nobody"])
def test_check_12_only_an_administrator_changes_the_key(path, people, change, now, who):
    with pytest.raises(StoreError, match=r"may not do this|Nobody has signed in"):
        change(people[who] if who == 1 else who)
    assert names(path, OLD, people[0], now) == ["Invented"]


def test_somebody_who_has_the_records_open_is_waited_for(path, people, change, now):
    with open_store(path, OLD), pytest.raises(StoreError, match="already running"):
        change()
    assert names(path, OLD, people[0], now) == ["Invented"]


def test_another_program_with_changes_of_its_own_is_told(path, people, change, now):
    with closing(connect(path, OLD)) as other:
        other.execute("begin")
        other.execute("select count(*) from patients").fetchall()
        with closing(connect(path, OLD)) as writer:
            writer.execute("insert into settings values ('x', '1')")
        with pytest.raises(StoreError, match="Another program is using"):
            change()
    assert names(path, OLD, people[0], now) == ["Invented"]


def test_it_tells_how_far_it_is_and_can_be_stopped_anywhere(path, people, change, now):
    told = []
    with pytest.raises(ZeroDivisionError):
        change(before_swap=lambda: 1 // 0, progress=lambda share: not told.append(share))
    assert told[0] == 0.0
    assert told[-1] == 1.0
    assert told == sorted(told)
    for number in range(len(told) - 1):
        left = iter([True] * number)
        with pytest.raises(StoreError, match="was stopped") as caught:
            change(progress=lambda _share, left=left: next(left, False))
        assert caught.value.hint == "Nothing was changed."
    assert names(path, OLD, people[0], now) == ["Invented"]
    assert not list(path.parent.glob("*new-key*"))


def test_a_copy_that_differs_is_thrown_away(path, people, change, now, monkeypatch):
    monkeypatch.setattr(new_key, "read_contents", lambda connection: {"x": [0, str(id(connection))]})
    with pytest.raises(StoreError, match="the copy differs"):
        change()
    monkeypatch.undo()
    assert names(path, OLD, people[0], now) == ["Invented"]
    assert not list(path.parent.glob("*new-key*"))


def test_damaged_records_are_not_put_under_a_new_key(path, change):
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 1
    path.write_bytes(whole)
    with pytest.raises(StoreError, match="is damaged"):
        change()
    assert path.read_bytes() == bytes(whole)


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("number", range(12))
def test_cut_off_anywhere_it_opens_with_one_of_the_keys(path, people, change, now, number, monkeypatch):
    calls = []

    def guard(target, name):
        real = getattr(target, name)

        def call(*arguments, **more):
            calls.append(name)
            if len(calls) > number:
                raise Crash
            return real(*arguments, **more)

        monkeypatch.setattr(target, name, call)

    for name in ("replace", "unlink"):
        guard(Path, name)
    for name in ("sync_file", "sync_folder", "make_empty", "append", "_check_alone"):
        guard(new_key, name)
    sealed = []
    try:
        change(before_swap=lambda: sealed.append(1))
    except Crash:
        pass
    finally:
        monkeypatch.undo()
    key = settle_key(path, BOTH if sealed else (OLD,))
    assert key in BOTH
    assert names(path, key, people[0], now) == ["Invented"]
    assert not list(path.parent.glob("*new-key*"))


def test_the_key_that_opens_is_found_and_none_is_said(path, change):
    assert find_key(path, BOTH) == OLD
    change()
    assert find_key(path, BOTH) == settle_key(path, BOTH) == NEW
    assert find_key(path, [OLD]) is None
    path.unlink()
    with pytest.raises(StoreError, match="cannot be opened"):
        find_key(path, BOTH)


@pytest.mark.usefixtures("people")
def test_a_file_that_cannot_be_read_for_another_reason_is_no_wrong_key(path, monkeypatch):
    def fail(*_arguments):
        raise dbapi2.OperationalError("disk I/O error")

    monkeypatch.setattr(new_key, "connect", fail)
    with pytest.raises(StoreError, match="disk could not be read"):
        find_key(path, BOTH)


def test_check_29_a_backup_from_before_comes_back_under_the_present_key(path, people, change, now):
    path.with_name("keyslots.json").write_text("old keys")
    made = back_up(path, OLD, now() - timedelta(days=1))
    before = contents(path, OLD)
    change()
    back_up(path, NEW, now())
    assert rehearse(made.folder, OLD).patients == 1
    restore(made.folder, path, NEW, now(), backup_key=OLD)
    assert contents(path, NEW) == before
    assert names(path, NEW, people[0], now) == ["Invented"]
    assert find_key(made.database, BOTH) == OLD, "the backup itself stays as it was made"
    assert len(list_backups(path.with_name("backups"))) == 2


def test_a_backup_that_cannot_be_brought_under_the_present_key_leaves_all_as_it_is(
    path, people, change, now, monkeypatch
):
    path.with_name("keyslots.json").write_text("old keys")
    made = back_up(path, OLD, now() - timedelta(days=1))
    change()
    monkeypatch.setattr("db.recovery.sync_file", lambda _: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(StoreError, match="disk is full"):
        restore(made.folder, path, NEW, now(), backup_key=OLD)
    assert names(path, NEW, people[0], now) == ["Invented"]
    assert not list(path.parent.glob("*restoring*"))
