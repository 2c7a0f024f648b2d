"""Every database that was ever released opens today, with everything in it."""

import hashlib
import uuid
from contextlib import closing
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2
from sqlite_utils import Database

from db import list_backups, open_store
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


MOVED = ROOT / "tests" / "old_databases" / "0.2.0.dev0.sql"
REPORT = b"%PDF-1.7 invented report, second piece, third\x00\xff"
PICTURE = b"\xff\xd8\xff invented picture"


def fill_with(old):
    return lambda connection: connection.executescript(old.read_text(encoding="utf-8"))


def read_whole(store, enclosure_id):
    pieces = iter(range(10))
    return b"".join(iter(lambda: store.enclosure_piece(enclosure_id, next(pieces)), b""))


def test_choices_and_enclosures_move_out_of_the_settings_whole(path, now):
    build(path, fill_with(MOVED))
    with open_store(path) as store:
        [row] = store.worklist()
        [letter] = store.letters(row["intake_id"])
        kept, coming = store.choices_of_letter(letter["id"]), store.letter_choices(row["intake_id"])
        assert (kept["recipient"], kept["why_again"]) == ({"name": "Dr A", "clinic": "North"}, "")
        assert (kept["copies"], kept["left_out"]) == (["Dr B, family doctor", "山田"], ["goals"])
        [report] = kept["enclosures"]
        assert report == {
            "id": "1" * 32, "title": "MRI report, 3 May 2026", "kind": "PDF", "pages": 2,
            "notes": ["A script in it is left out."],
        }  # fmt: skip
        assert (coming["recipient"]["fax"], coming["why_again"]) == ("555", "A new MRI")
        titles = [(each["title"], each["kind"]) for each in coming["enclosures"]]
        assert titles == [("", "JPEG"), ("The report again", "PDF")]
        for each, content in zip(coming["enclosures"], (PICTURE, REPORT), strict=True):
            assert read_whole(store, each["id"]) == content
            about = store.enclosure(each["id"])
            assert (about["size"], about["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
        [gone] = store.worklist(discarded=True)
        assert store.letter_choices(gone["intake_id"])["recipient"] == {"name": "Dr C"}
        left = store._rows("select key, value from settings where key like 'letter:%' or key like 'enclosure:%'")
        emptied = [(f"enclosure:{'3' * 32}:{number}", "null") for number in range(2)]
        assert [tuple(row.values()) for row in left] == [*emptied, (f"enclosure:{'4' * 32}:0", '"bmV2ZXIgbGlzdGVk"')]
        assert store._rows("pragma foreign_key_check") == []
        assert store.unlisted_enclosures(row["intake_id"]) == []
        store.issue_letter(row["intake_id"], b"%PDF", "{}", "1", {}, "Ann", now(), "A new MRI")


def test_before_they_move_everything_is_backed_up(path):
    build(path, fill_with(MOVED))
    open_store(path).close()
    [backup] = list_backups(path.with_name("backups"))
    assert backup.reason == "before-update"
    with closing(dbapi2.connect(str(backup.database))) as old:
        [(count,)] = old.execute("select count(*) from settings where key like 'letter:%'").fetchall()
    assert count == 3


def test_a_move_that_is_cut_off_changes_nothing_and_is_made_the_next_time(path, monkeypatch):
    build(path, fill_with(MOVED))
    with monkeypatch.context() as patch:
        patch.setattr("db.moving.uuid.uuid4", iter(()).__next__)
        with pytest.raises(StopIteration):
            open_store(path)
    with closing(dbapi2.connect(str(path))) as old:
        assert "m007_letter_choices" not in applied_steps(old)
        assert old.execute("select count(*) from settings where key like 'enclosure:%'").fetchall() == [(7,)]
    with open_store(path) as store:
        [row] = store.worklist()
        assert len(store.letter_choices(row["intake_id"])["enclosures"]) == 2


def test_choices_that_nothing_of_ours_wrote_stay_where_they_are(path):
    def fill(connection):
        fill_with(MOVED)(connection)
        for key, value in (("letter:nowhere", "{}"), ("letter:", "[]"), ("lettered", '"own"')):
            connection.execute("insert into settings values (?, ?)", [key, value])
        connection.execute("update settings set value = 'no JSON' where value like '%Dr C%'")

    build(path, fill)
    with open_store(path) as store:
        assert store.setting("letter:nowhere") == {}
        assert store.setting("lettered") == "own"
        assert len(store._rows("select 1 from settings where value = 'no JSON'")) == 1


def test_a_view_that_is_called_like_a_new_table_makes_way(path):
    def fill(connection):
        fill_with(MOVED)(connection)
        connection.execute('create view "enclosures" as select 1')
        connection.execute("insert into settings values ('views', '{\"enclosures\": {}}')")

    build(path, fill)
    with open_store(path) as store:
        assert len(store._rows("select * from enclosures")) == 2
        assert store.setting("views") is None
