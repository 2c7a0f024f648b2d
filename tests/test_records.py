"""The records as a whole, without a window: made, found, opened, and the commands that work on them."""

import pkgutil
from datetime import UTC, datetime, timedelta

import pytest
from locked import ANN, BEN, CHEAP, ORBIT, PLUM, fill

from db import StoreError, find_key, open_store
from db.damaged import READ_ONLY
from intake_app import vault
from intake_app.errors import UserError
from intake_app.records import CUT_OFF, NEW_KEY_DUE, NO_BACKUP_YET, Records
from intake_app.vault import keyslots

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


@pytest.fixture
def records(tmp_path, now, monkeypatch):
    monkeypatch.setattr(keyslots, "calibrate", lambda: CHEAP)
    return Records(tmp_path / "data", now)


@pytest.fixture
def made(records, now):
    return fill(records, now())[1]


def test_what_is_there_is_told(records, now):
    assert records.find() == "new"
    with open_store(records.path) as store:
        store.add_patient({}, now())
    assert records.find() == "plain"
    records.create(ANN, PLUM)
    assert records.find() == "locked"
    for name in keyslots.NAMES:
        records.path.with_name(name).unlink()
    assert records.find() == "plain"


def test_records_keep_their_clinic_when_they_are_encrypted(records, now):
    with open_store(records.path) as store:
        clinic_id = store.clinic_id()
        store.add_patient({"family_name": "Invented"}, now())
    session, _ = records.create(ANN, PLUM)
    assert session.clinic_id == clinic_id
    assert records.encrypt(session)
    assert not records.encrypt(session)
    with records.open(session) as store:
        records.sign_in(store, session)
        assert store.clinic_id() == clinic_id
        assert [row["family_name"] for row in store.find_patients("")] == ["Invented"]


def test_a_set_up_that_was_cut_off_is_finished_by_whoever_signs_in(records):
    records.create(ANN, PLUM)
    session = records.unlock(ANN, PLUM)
    with records.open(session) as store:
        assert records.sign_in(store, session) == [CUT_OFF]
        assert store.role == "administrator"
    assert not records.unlock(ANN, PLUM).notice


def test_records_that_were_there_and_are_gone_are_not_made_anew(records, made):
    assert made
    records.path.unlink()
    with pytest.raises(StoreError, match="not there"):
        records.open(records.unlock(ANN, PLUM))


def test_without_a_backup_there_is_no_key_file_to_take(records, made):
    assert made
    with pytest.raises(StoreError, match="no backup"):
        records.restore_key_file()


def test_a_new_password_is_checked_before_anything_is_changed(records, made):
    assert made
    session = records.unlock(ANN, PLUM)
    with pytest.raises(UserError, match="too short"):
        records.check_new(session, PLUM, "Ben", "short")
    with pytest.raises(UserError, match="wrong"):
        records.check_new(session, ORBIT, "Ben", ORBIT)
    records.check_new(session, PLUM, "Ben", ORBIT)


# A new key


@pytest.fixture
def ben(records, made, now):
    """Return Ann's session; Ben was added, has a password, and knows everything that lies in the folder."""
    assert made
    session = records.unlock(ANN, PLUM)
    with records.open(session) as store:
        records.sign_in(store, session)
        user_id = store.add_user(BEN, "front_desk", now())
        records.give_password(session, PLUM, user_id, BEN, ORBIT)
        store.sign_out(now())
    return session


def patients(records, session):
    with records.open(session) as store:
        records.sign_in(store, session)
        return [row["family_name"] for row in store.find_patients("")]


def test_a_new_key_lets_everybody_in_who_is_there_and_makes_a_backup(records, ben, made):
    old, told = bytes(ben.key), []
    assert records.renew_key(ben, PLUM, progress=lambda share: not told.append(share)) == ""
    assert (told[0], told[-1]) == (0.0, 1.0)
    assert bytes(ben.key) != old
    for session in (ben, records.unlock(ANN, PLUM), records.unlock(BEN, ORBIT)):
        assert patients(records, session) == ["Invented"]
    by_code = records.take_over(records.unlock_with_code(made), ben.user_id, ANN, ORBIT)
    assert patients(records, by_code) == ["Invented"]
    [backup] = records.backups()
    assert "1 patients" in records.rehearse(backup, bytes(ben.key))
    with pytest.raises(StoreError, match="does not open with this key"):
        open_store(records.path, old)


def test_a_removed_user_s_key_opens_nothing_and_a_new_one_is_asked_for_until_it_is_there(records, ben, now):
    bens = bytes(records.unlock(BEN, ORBIT).key)
    with records.open(ben) as store:
        records.sign_in(store, ben)
        [user_id] = [row["id"] for row in store.users() if row["name"] == BEN]
        records.take_password(ben, PLUM, user_id, [ben.user_id])
        store.remove_user(user_id, now())
        store.sign_out(now())
    session = records.unlock(ANN, PLUM)
    with records.open(session) as store:
        assert NEW_KEY_DUE in records.sign_in(store, session)
    records.renew_key(session, PLUM)
    with records.open(session) as store:
        assert records.sign_in(store, session) == []
        assert "records key changed" in [row["action"] for row in store.audit()]
    assert find_key(records.path, [bens]) is None


def test_a_wrong_password_or_a_stop_changes_no_key(records, ben):
    with pytest.raises(UserError, match="wrong"):
        records.renew_key(ben, ORBIT)
    with pytest.raises(StoreError, match="stopped"):
        records.renew_key(ben, PLUM, progress=lambda _share: False)
    assert ben.following is None
    assert patients(records, ben) == ["Invented"]
    assert records.unlock(ANN, PLUM).following is None


def test_a_user_who_is_no_administrator_changes_no_key(records, ben):
    fay = records.unlock(BEN, ORBIT)
    with pytest.raises(StoreError, match="may not do this"):
        records.renew_key(fay, ORBIT)
    assert patients(records, ben) == ["Invented"]


def test_a_backup_from_before_is_rehearsed_and_restored_with_its_own_key(records, ben, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(records, "_now", lambda: NOW - timedelta(days=1))
        records.back_up(bytes(ben.key))
    records.renew_key(ben, PLUM)
    newest, oldest = records.backups()
    for backup in (newest, oldest):
        assert "1 patients" in records.rehearse(backup, bytes(ben.key))
    assert records.restore(oldest, bytes(ben.key)).startswith("clinic.db.before-restore")
    assert patients(records, records.unlock(ANN, PLUM)) == ["Invented"]


def test_a_new_key_without_a_backup_is_told(records, ben):
    records.path.with_name("backups").write_text("in the way")
    assert records.renew_key(ben, PLUM).startswith(NO_BACKUP_YET)
    assert patients(records, ben) == ["Invented"]


class Crash(BaseException):
    """The process ends here."""


STEPS = ("db.new_key.open_database", "db.new_key.export", "db.new_key.sync_file", "db.new_key.sync_folder")


@pytest.mark.parametrize("after", [True, False])
@pytest.mark.parametrize(
    "step", [*STEPS, "pathlib.Path.replace", "intake_app.vault.start_new_key", "intake_app.vault.keep_key"]
)
def test_a_change_of_key_cut_off_anywhere_lets_everybody_in(records, ben, made, step, after, monkeypatch):
    module, name = step.rsplit(".", 1)
    real = pkgutil.resolve_name(f"{module}:{name}" if "Path" not in step else "pathlib:Path.replace")

    def crash(*arguments, **more):
        if after:
            real(*arguments, **more)
        monkeypatch.setattr("intake_app.records.Records._settle", end)
        raise Crash

    def end(*_arguments):
        raise Crash

    monkeypatch.setattr(step, crash)
    with pytest.raises(Crash):
        records.renew_key(ben, PLUM)
    monkeypatch.undo()
    monkeypatch.setattr(keyslots, "calibrate", lambda: CHEAP)
    for session in (records.unlock(BEN, ORBIT), records.unlock(ANN, PLUM), records.unlock_with_code(made)):
        assert session.following is None
        with records.open(session) as store:
            assert len(store.users()) == 2
    assert not list(records.path.parent.glob("*new-key*"))


def test_while_neither_key_opens_none_is_dropped(records, ben):
    vault.start_new_key(records.path, ben, bytes(32))
    whole = records.path.read_bytes()
    records.path.write_bytes(bytes(4096))
    session = records.unlock(ANN, PLUM)
    assert session.following == bytes(32)
    with pytest.raises(StoreError, match="damaged"):
        records.open(session)
    records.path.write_bytes(whole)
    assert patients(records, records.unlock(ANN, PLUM)) == ["Invented"]


# Damaged records


def break_journal(records, session):
    with records.open(session) as store:
        [row] = store._rows("select rootpage from sqlite_master where name = 'journal'")
    whole = bytearray(records.path.read_bytes())
    whole[(row["rootpage"] - 1) * 2048 + 100] ^= 1
    records.path.write_bytes(whole)


def test_check_28_damaged_records_can_be_read_until_the_backup_is_restored(records, made):
    session = records.unlock(ANN, PLUM)
    backup = records.back_up(bytes(session.key))
    break_journal(records, session)
    with pytest.raises(StoreError, match="is damaged"):
        records.open(session)
    assert records.is_readable(session)
    with records.open_damaged(session) as store:
        assert records.sign_in(store, session) == [READ_ONLY]
        assert [row["family_name"] for row in store.find_patients("")] == ["Invented"]
        store.sign_out(NOW)
    records.restore(backup, bytes(session.key))
    with records.open(session) as store:
        records.sign_in(store, session)
        assert [row["user_name"] for row in store.audit() if row["action"] == "read while damaged"] == [ANN]
        store.sign_out(NOW)
    with records.open(session) as store:
        records.sign_in(store, session)
        assert len([row for row in store.audit() if row["action"] == "read while damaged"]) == 1, "told once"
    assert made


def test_with_the_recovery_code_damaged_records_can_be_restored_and_the_emergency_is_noted(records, made):
    backup = records.back_up(bytes(records.unlock(ANN, PLUM).key))
    break_journal(records, records.unlock(ANN, PLUM))
    by_code = records.unlock_with_code(made)
    with records.open_somehow(by_code) as store:
        [ann] = [row["id"] for row in store.users() if row["role"] == "administrator"]
    session = records.take_over(by_code, ann, ANN, ORBIT)
    with records.open_damaged(session) as store:
        assert records.sign_in(store, session) == [READ_ONLY]
    records.restore(backup, bytes(session.key))
    for _ in range(2):
        with records.open(session) as store:
            records.sign_in(store, session, restored=backup.folder.name)
            assert len(store.audit(action="emergency access")) == 1, "noted once"


def test_records_that_cannot_be_read_at_all_say_so(records, made):
    session = records.unlock(ANN, PLUM)
    records.path.write_bytes(bytes(8192))
    assert not records.is_readable(session)
    for way in (records.open_damaged, records.open_somehow):
        with pytest.raises(StoreError, match="does not open with this key, or is damaged"):
            way(session)
    assert made


# What else can be wrong at the start


def test_a_key_file_of_other_records_opens_them_not_and_loses_nothing(records, made, tmp_path, now):
    assert made
    other = Records(tmp_path / "other", now)
    other.create(BEN, ORBIT)
    for name in keyslots.NAMES:
        records.path.with_name(name).write_bytes(other.path.with_name(name).read_bytes())
    content = records.path.read_bytes()
    session = records.unlock(BEN, ORBIT)
    session.is_new = False
    with pytest.raises(StoreError, match="does not open with this key, or is damaged") as caught:
        records.open(session)
    assert "backup" in caught.value.hint
    assert records.path.read_bytes() == content


def test_with_both_key_files_damaged_that_of_the_backup_opens_the_records(records, made):
    session = records.unlock(ANN, PLUM)
    records.renew_key(session, PLUM)
    for name in keyslots.NAMES:
        records.path.with_name(name).write_bytes(b"damaged")
    with pytest.raises(UserError, match="damaged, and so is its second copy") as caught:
        records.unlock(ANN, PLUM)
    assert "backup" in caught.value.hint
    records.restore_key_file()
    assert patients(records, records.unlock(ANN, PLUM)) == ["Invented"]
    assert patients(records, records.take_over(records.unlock_with_code(made), session.user_id, ANN, ORBIT))


def test_a_second_running_copy_is_told(records, made):
    assert made
    session = records.unlock(ANN, PLUM)
    with records.open(session), pytest.raises(StoreError, match="already running"):
        Records(records.path.parent, lambda: NOW).open(session)


@pytest.mark.usefixtures("made")
def test_a_backup_that_nobody_noted_is_in_the_trail_after_the_next_sign_in(records):
    session = records.unlock(ANN, PLUM)
    backup = records.back_up(bytes(session.key))
    for _ in range(2):
        with records.open(session) as store:
            records.sign_in(store, session)
            [noted] = [row for row in store.audit() if row["record"] == f"backup/{backup.folder.name}"]
            store.sign_out(NOW)
    assert (noted["action"], noted["user_name"]) == ("backup made", "")


def test_a_clock_that_was_set_back_is_told_at_the_sign_in(records, made):
    assert made
    session = records.unlock(ANN, PLUM)
    earlier = Records(records.path.parent, lambda: NOW - timedelta(days=400))
    with earlier.open(session) as store:
        [told] = earlier.sign_in(store, session)
    assert "clock" in told
    assert "Nothing is lost" in told
