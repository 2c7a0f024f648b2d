"""The records' key when something fails on the way: whatever is done then, nobody is shut out."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from locked import ANN, BEN, CHEAP, ORBIT, PLUM, fill, renew_code

from db import StoreError, find_key, list_backups, place_copies
from intake_app.errors import UserError
from intake_app.records import NO_BACKUP_YET, OLDER_KEY_FILE, STILL_BOTH, Records
from intake_app.vault import keyslots

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


@pytest.fixture
def records(tmp_path, monkeypatch):
    monkeypatch.setattr(keyslots, "calibrate", lambda: CHEAP)
    return Records(tmp_path / "data", lambda: NOW)


@pytest.fixture
def made(records):
    return fill(records, NOW)


def patients(records, session):
    with records.open(session) as store:
        records.sign_in(store, session)
        return [row["family_name"] for row in store.find_patients("")]


def renew_unkept(records, session, monkeypatch, faults=10):
    """Give the records a new key, where so many of the key file's last writings fail."""
    real, left = keyslots.write, iter(range(faults))

    def write(database, file, *, both=False):
        if not both and next(left, None) is not None:
            raise UserError("keyslots.json could not be written: No space left on device.", "Free some.")
        return real(database, file, both=both)

    with monkeypatch.context() as patch:
        patch.setattr(keyslots, "write", write)
        return records.renew_key(session, PLUM)


CHANGES = {
    "password": lambda records, session, _ben: records.give_password(session, PLUM, session.user_id, ANN, ORBIT),
    "code": lambda records, session, _ben: renew_code(records.path, session, PLUM),
    "removal": lambda records, session, ben: records.take_password(session, PLUM, ben, [session.user_id]),
}


@pytest.mark.parametrize("name", CHANGES)
def test_after_a_new_key_that_was_not_kept_a_change_of_people_shuts_nobody_out(records, made, name, monkeypatch):
    session, code = made
    records.give_password(session, PLUM, "b" * 32, BEN, ORBIT)
    assert renew_unkept(records, session, monkeypatch) == STILL_BOTH
    with records.open(session):  # as the desk has it while the window is locked
        again = records.unlock(ANN, PLUM)
        assert again.key == session.key
        told = CHANGES[name](records, again, "b" * 32)
    for opened in (
        records.unlock(ANN, ORBIT if name == "password" else PLUM),
        records.unlock_with_code(told or code),
    ):
        assert opened.following is None
        assert find_key(records.path, [opened.key])
    assert patients(records, session) == ["Invented"]
    assert len(keyslots.read(records.path)[0].inside) == 1


def test_the_session_that_changed_the_key_can_change_people_before_it_was_kept(records, made, monkeypatch):
    session, _ = made
    renew_unkept(records, session, monkeypatch)
    records.give_password(session, PLUM, session.user_id, ANN, ORBIT)
    assert len(keyslots.read(records.path)[0].inside) == 2
    assert patients(records, records.unlock(ANN, ORBIT)) == ["Invented"]


def test_a_session_with_one_of_two_keys_drops_none(records, made, monkeypatch):
    session, code = made
    renew_unkept(records, session, monkeypatch)
    session.following = None
    with pytest.raises(UserError, match="not finished") as caught:
        renew_code(records.path, session, PLUM)
    assert "close the program" in caught.value.hint.lower()
    assert find_key(records.path, [records.unlock_with_code(code).key])


def test_a_new_key_that_could_not_be_kept_at_first_is_kept_at_the_second_try(records, made, monkeypatch):
    session, _ = made
    assert renew_unkept(records, session, monkeypatch, faults=1) == ""
    assert session.following is None
    assert len(keyslots.read(records.path)[0].inside) == 1


def test_while_another_program_has_the_records_no_key_is_dropped(records, made, monkeypatch):
    session, _ = made
    renew_unkept(records, session, monkeypatch)
    with records.open(session):
        assert records.unlock(ANN, PLUM).following is not None
        assert len(keyslots.read(records.path)[0].inside) == 2


def test_after_a_new_key_without_a_backup_the_key_file_of_the_last_one_opens_the_records(records, made, monkeypatch):
    session, code = made
    backup = records.back_up(bytes(session.key))
    with monkeypatch.context() as patch:
        patch.setattr("db.backup._snapshot", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
        assert records.renew_key(session, PLUM).startswith(NO_BACKUP_YET)
    for name in keyslots.NAMES:
        records.path.with_name(name).write_bytes(b"damaged")
    records.restore_key_file()
    assert patients(records, records.unlock(ANN, PLUM)) == ["Invented"]
    assert find_key(records.path, [records.unlock_with_code(code).key])
    assert "1 patients" in records.rehearse(backup, bytes(session.key)), "that backup opens, too"


def test_a_last_backup_that_cannot_be_written_keeps_no_key_from_being_changed(records, made, monkeypatch):
    session, _ = made
    records.back_up(bytes(session.key))
    monkeypatch.setattr("db.backup.copy_file", lambda *_: (_ for _ in ()).throw(OSError(30, "Read-only file system")))
    assert records.renew_key(session, PLUM).startswith(NO_BACKUP_YET)
    monkeypatch.undo()
    assert patients(records, records.unlock(ANN, PLUM)) == ["Invented"]


def sign_in(records, password=PLUM):
    """Sign in, and return what was told and how often the trail says that the key file was an older one."""
    session = records.unlock(ANN, password)
    with records.open(session) as store:
        told = records.sign_in(store, session)
        noted = [row for row in store.audit() if row["action"] == "older key file used"]
        return [words for words in told if words == OLDER_KEY_FILE], len(noted)


@pytest.mark.parametrize("raised", [0, 50], ids=["as it was", "with a higher number"])
def test_an_older_key_file_that_was_put_back_is_told_once_and_noted(records, made, raised):
    session, _ = made
    file, _ = keyslots.read(records.path)
    records.give_password(session, PLUM, session.user_id, ANN, ORBIT)
    assert sign_in(records, ORBIT) == ([], 0)
    for name in keyslots.NAMES:
        records.path.with_name(name).unlink()
    keyslots.write(records.path, replace(file, generation=file.generation + raised))
    assert sign_in(records) == ([OLDER_KEY_FILE], 1)
    assert sign_in(records) == ([], 1)


def test_an_older_key_file_from_since_the_last_sign_in_is_told_if_the_change_was_noted(records, made):
    session, _ = made
    sign_in(records)
    before = [records.path.with_name(name).read_bytes() for name in keyslots.NAMES]
    with records.open(session) as store:
        records.sign_in(store, session)
        records.give_password(session, PLUM, session.user_id, ANN, ORBIT)
        records.note_key_file(store, session)
    for name, content in zip(keyslots.NAMES, before, strict=True):
        records.path.with_name(name).write_bytes(content)
    assert sign_in(records) == ([OLDER_KEY_FILE], 1)


def test_a_key_file_that_cannot_be_read_stops_no_change_of_people(records, made):
    session, _ = made
    with records.open(session) as store:
        records.sign_in(store, session)
        for name in keyslots.NAMES:
            records.path.with_name(name).write_bytes(b"damaged")
        records.note_key_file(store, session)


def replace_key_file(records, content):
    """Put a key file in both places, as somebody does by hand."""
    for name in keyslots.NAMES:
        records.path.with_name(name).write_bytes(content)


def test_a_key_file_from_before_a_change_of_key_says_which_one_to_take(records, made):
    session, _ = made
    older = records.path.with_name(keyslots.NAMES[0]).read_bytes()
    records.renew_key(session, PLUM)
    replace_key_file(records, older)
    before = records.path.read_bytes()
    with pytest.raises(UserError, match="it is of another day") as caught:
        records.open(records.unlock(ANN, PLUM))
    assert "key file of the last backup" in caught.value.hint
    assert records.path.read_bytes() == before
    records.restore_key_file()
    assert patients(records, records.unlock(ANN, PLUM)) == ["Invented"]


def test_records_that_open_with_no_key_file_there_is_are_damaged(records, made):
    """Where the backup has the same key file, taking it once more would help nobody."""
    session, _ = made
    records.back_up(bytes(session.key))
    records.path.write_bytes(bytes(16) + records.path.read_bytes()[16:])
    with pytest.raises(StoreError, match="or is damaged") as caught:
        records.open(session)
    assert "restore the last backup" in caught.value.hint


def test_a_new_key_can_be_found_from_the_second_folder_too(records, made, tmp_path, monkeypatch):
    """The backup with the new key fails, and then the computer is gone."""
    session, _ = made
    second = tmp_path / "second"
    records.back_up(bytes(session.key), str(second))
    monkeypatch.setattr("db.backup._snapshot", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
    assert records.renew_key(session, PLUM, str(second)).startswith(NO_BACKUP_YET)
    [backup] = list_backups(place_copies(second, session.clinic_id))
    replace_key_file(records, (backup.folder / keyslots.NAMES[0]).read_bytes())
    assert patients(records, records.unlock(ANN, PLUM)) == ["Invented"]


def test_changes_of_people_and_keys_make_no_older_key_file(records, made):
    session, _ = made
    for change in (
        lambda: renew_code(records.path, session, PLUM),
        lambda: records.renew_key(session, PLUM),
        lambda: records.give_password(session, PLUM, "b" * 32, BEN, ORBIT),
        lambda: records.restore(records.backups()[0], bytes(session.key)),
    ):
        change()
        assert sign_in(records) == ([], 0)
