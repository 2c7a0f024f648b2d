"""The commands that work on the records: a backup is made and put back, and the audit trail checked, by who may."""

from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from locked import ANN, CHEAP, PLUM, fill

from intake_app.cli import program
from intake_app.records import Records
from intake_app.vault import keyslots

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


@pytest.fixture
def records(tmp_path, monkeypatch):
    monkeypatch.setattr(keyslots, "calibrate", lambda: CHEAP)
    return Records(tmp_path / "data", lambda: NOW)


@pytest.fixture
def made(records):
    return fill(records, NOW)


@pytest.fixture
def run(records):
    def call(*arguments, typed=f"{ANN}\n{PLUM}\n"):
        return CliRunner().invoke(program, [*arguments, "--data", str(records.path.parent)], input=typed)

    return call


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


def test_the_folder_may_stand_before_the_command(records, made):
    assert made
    folder = ["--data", str(records.path.parent)]
    done = CliRunner().invoke(program, [*folder, "backup"], input=f"{ANN}\n{PLUM}\n")
    assert (done.exit_code, len(records.backups())) == (0, 1)
    done = CliRunner().invoke(program, [*folder, "audit", "verify"], input=f"{ANN}\n{PLUM}\n")
    assert "The audit trail is whole" in done.output


def test_a_command_on_a_folder_without_records_says_so(run):
    assert "no records with passwords" in run("audit", "verify").output
