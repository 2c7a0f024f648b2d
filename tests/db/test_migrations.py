"""Every database that was ever released opens today, with everything in it."""

import uuid
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2
from sqlite_utils import Database

from db import open_store
from db.connection import APPLICATION_ID
from db.migrations import applied_steps, describe_schema, known_steps, list_steps

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "db" / "schema.sql"
OLD = sorted((ROOT / "tests" / "old_databases").glob("*.sql"))
STEPS = sorted(known_steps())


def build(path, fill):
    """Make a database of ours in the file, filled by the function given."""
    path.parent.mkdir()
    connection = dbapi2.connect(str(path), isolation_level=None)
    connection.execute(f"pragma application_id = {APPLICATION_ID}")
    fill(connection)
    connection.close()


def test_the_steps_taken_are_those_that_sqlite_utils_tells_of():
    with Database(memory=True) as database:
        assert applied_steps(database.conn) == set()
        list_steps().apply(database, stop_before=STEPS[1:])
        assert applied_steps(database.conn) == {step.name for step in list_steps().applied(database)} == {STEPS[0]}


def schema_of(store):
    rows = store._db.execute("select sql from sqlite_master where sql is not null and type <> 'view'").fetchall()
    return {" ".join(sql.split()) for (sql,) in rows}


def test_the_schema_on_file_is_current():
    expected = SCHEMA.read_text(encoding="utf-8")
    command = "python -c 'from db.migrations import describe_schema as d; print(d(), end=str())' > db/schema.sql"
    assert describe_schema() == expected, f"write it again: {command}"


def test_the_steps_are_numbered_in_the_order_they_are_taken():
    with Database(memory=True) as empty:
        taken = [step.name for step in list_steps().pending(empty)]
    assert [name[:5] for name in taken] == [f"m{number:03}_" for number in range(1, len(taken) + 1)]


@pytest.mark.parametrize("count", range(1, len(STEPS) + 1))
def test_a_database_of_any_step_is_brought_up_to_date(path, now, count):
    def fill(connection):
        list_steps().apply(Database(connection), stop_before=STEPS[count:])
        connection.execute("insert into clinic (id) values (?)", [uuid.uuid4().hex])
        connection.execute("insert into patients (id, created_at, changed_at) values ('p', '', '')")

    build(path, fill)
    with open_store(path) as store:
        assert schema_of(store) == {" ".join(sql.split()) for sql in describe_schema().split(";\n") if sql}
        store.save_answer(store.start_intake("p", now()), "fever", "no", now())


def test_there_are_old_databases():
    assert OLD


@pytest.mark.parametrize("old", OLD, ids=lambda file: file.stem)
def test_an_old_database_opens_with_everything_in_it(path, old, now):
    build(path, lambda connection: connection.executescript(old.read_text(encoding="utf-8")))
    with open_store(path) as store:
        assert store.clinic()["name"] == "Invented Spine Clinic"
        [row] = store.worklist("łukasz zoe")
        answers = store.answers(row["intake_id"])
        assert answers["fever"] == "no"
        assert answers["own_words"] == "L4<L5 & L5>S1, 山田"
        assert [entry["kind"] for entry in answers["treatments"]] == ["physical_therapy", "injection"]
        assert answers["imaging"] == "none"
        [letter] = store.letters(row["intake_id"])
        assert store.letter_pdf(letter["id"]).startswith(b"%PDF")
        assert "Łukasz" in store.letter_case(letter["id"])
        assert store.undo_last(row["intake_id"], now())["question"] == "imaging"
        assert store.recipients("surgeon")
        assert schema_of(store) == {" ".join(sql.split()) for sql in describe_schema().split(";\n") if sql}
