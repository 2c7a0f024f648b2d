"""The records as a whole, without a window: made, found, opened, and the commands that work on them."""

import pytest
from click.testing import CliRunner
from locked import ANN, CHEAP, ORBIT, PLUM

from db import StoreError, open_store
from intake_app.cli import program
from intake_app.errors import UserError
from intake_app.records import CUT_OFF, Records
from intake_app.vault import keyslots


@pytest.fixture
def records(tmp_path, now, monkeypatch):
    monkeypatch.setattr(keyslots, "calibrate", lambda: CHEAP)
    return Records(tmp_path / "data", now)


@pytest.fixture
def made(records, now):
    session, code = records.create(ANN, PLUM)
    with records.open(session) as store:
        records.sign_in(store, session)
        store.add_patient({"family_name": "Invented"}, now())
        store.sign_out(now())
    return code


@pytest.fixture
def run(records):
    def call(*arguments, typed=f"{ANN}\n{PLUM}\n"):
        return CliRunner().invoke(program, [*arguments, "--data", str(records.path.parent)], input=typed)

    return call


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


def test_the_command_makes_a_backup_and_puts_it_back(run, records, made, now):
    assert made
    done = run("backup")
    assert done.exit_code == 0, done.output
    [backup] = records.backups()
    session = records.unlock(ANN, PLUM)
    with records.open(session) as store:
        records.sign_in(store, session)
        store.add_patient({"family_name": "Later"}, now())
        store.sign_out(now())
    assert backup.folder.name in run("restore").output
    assert run("restore", "no-such-name").exit_code == 1
    done = run("restore", backup.folder.name)
    assert done.exit_code == 0, done.output
    with records.open(session) as store:
        records.sign_in(store, session)
        assert [row["family_name"] for row in store.find_patients("")] == ["Invented"]
        assert "records restored" in [row["action"] for row in store.audit()]
    assert run("audit", "verify").output.endswith("The audit trail is whole: no row was changed, removed or put in.\n")


def test_a_command_with_a_wrong_password_says_so_and_does_nothing(run, records, made):
    assert made
    done = run("backup", typed=f"{ANN}\nnot this one\n")
    assert done.exit_code == 1
    assert "The name or the password is wrong." in done.output
    assert "not this one" not in done.output
    assert records.backups() == []


def test_a_second_copy_that_cannot_be_made_is_told(run, records, made, tmp_path):
    assert made
    (tmp_path / "file").touch()
    done = run("backup", "--to", str(tmp_path / "file"))
    assert done.exit_code == 1
    assert "second copy" in done.output
    assert len(records.backups()) == 1


def test_a_command_on_a_folder_without_records_says_so(run):
    assert "no records with passwords" in run("audit", "verify").output
