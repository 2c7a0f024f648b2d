"""Check 28: damaged records are refused, and can be looked at for reading only while the backup is restored."""

import pytest

from db import StoreError, open_damaged, open_store
from db.damaged import READ_ONLY
from db.people import READ_DAMAGED
from db.roles import ADMINISTRATOR, FRONT_DESK, RIGHTS

KEY, OTHER_KEY = bytes(range(32)), bytes(range(1, 33))


class Records:
    """Records with two users, an intake and a letter, of which the pages of a table can be broken."""

    def __init__(self, path, now):
        self.path, self.now = path, now
        with open_store(path, KEY) as store:
            self.ada = store.add_user("Ada", ADMINISTRATOR, now())
            store.sign_in(self.ada, now())
            self.fay = store.add_user("Fay", FRONT_DESK, now())
            self.patient = store.add_patient({"family_name": "Invented"}, now())
            self.intake = store.start_intake(self.patient, now())
            store.save_answer(self.intake, "fever", "no", now())
            store.make_views({})
            store.sign_out(now())
            rows = store._rows("select name, rootpage from sqlite_master where type = 'table'")
            self.pages = {row["name"]: row["rootpage"] for row in rows}

    def damage(self, table):
        content = bytearray(self.path.read_bytes())
        content[(self.pages[table] - 1) * 2048 + 100] ^= 1
        self.path.write_bytes(content)
        return bytes(content)


@pytest.fixture
def records(path, now):
    return Records(path, now)


@pytest.fixture
def damaged(records):
    """Return a store of records whose journal is broken, opened for reading only; Ada is signed in."""
    records.damage("journal")
    with open_damaged(records.path, KEY) as store:
        assert store.sign_in(records.ada, records.now()) == [READ_ONLY]
        yield store


def test_damaged_records_are_refused_and_can_still_be_read(records):
    content = records.damage("journal")
    with pytest.raises(StoreError, match="is damaged"):
        open_store(records.path, KEY)
    before = {file.name: file.read_bytes() for file in records.path.parent.iterdir()}
    with open_damaged(records.path, KEY) as store:
        assert store.is_damaged
        store.sign_in(records.fay, records.now())
        assert [row["family_name"] for row in store.find_patients("")] == ["Invented"]
        assert store.answers(records.intake) == {"fever": "no"}
        store.note("viewed", f"intake/{records.intake}", records.now())
        store.sign_out(records.now())
    assert {file.name: file.read_bytes() for file in records.path.parent.iterdir()} == before
    assert records.path.read_bytes() == content


def test_what_is_broken_is_told_and_the_rest_goes_on(records, damaged):
    for _ in range(2):
        with pytest.raises(StoreError, match="damaged"):
            damaged.journal(records.intake)
        assert len(damaged.find_patients("")) == 1


WRITES = {
    "save_answer": lambda s, r: s.save_answer(r.intake, "fever", "yes", r.now()),
    "add_patient": lambda s, r: s.add_patient({}, r.now()),
    "change_patient": lambda s, r: s.change_patient(r.patient, {"phone": "1"}, r.now()),
    "start_intake": lambda s, r: s.start_intake(r.patient, r.now()),
    "discard_intake": lambda s, r: s.discard_intake(r.intake, r.now()),
    "issue_letter": lambda s, r: s.issue_letter(r.intake, b"%PDF", "{}", "1", {}, "", r.now()),
    "save_setting": lambda s, _: s.save_setting("theme", "dark"),
    "save_clinic": lambda s, r: s.save_clinic({"name": "Spine"}, r.now()),
    "add_user": lambda s, r: s.add_user("New", FRONT_DESK, r.now()),
    "remove_user": lambda s, r: s.remove_user(r.fay, r.now()),
    "note": lambda s, _: s.note("printed", "letter/x"),
}


@pytest.mark.parametrize("name", WRITES)
def test_nothing_can_be_written(records, damaged, name):
    assert not damaged.may(name)
    with pytest.raises(StoreError, match="can be read, and not changed") as caught:
        WRITES[name](damaged, records)
    assert "backup" in caught.value.hint


def test_not_even_past_the_store(damaged):
    with pytest.raises(Exception, match="attempt to write a readonly database"):
        damaged._connection.execute("delete from patients")
    with pytest.raises(Exception, match="attempt to write a readonly database"):
        damaged._connection.execute("begin immediate")


def test_what_only_remembers_a_place_is_let_be(records, damaged):
    page = damaged.intake(records.intake)["page"]
    damaged.save_page(records.intake, "symptoms")
    damaged.mark_open(records.intake)
    damaged.make_views({"visits": {"entries": False, "question": "", "columns": ["fever"]}})
    assert damaged.intake(records.intake)["page"] == page
    assert damaged.interrupted_intake() is None


def test_reading_needs_a_role_as_ever(records):
    records.damage("journal")
    with open_damaged(records.path, KEY) as store:
        with pytest.raises(StoreError, match="Nobody has signed in"):
            store.find_patients("")
        store.sign_in(records.fay, records.now())
        assert store.may("find_patients")
        assert not store.may("audit")
        with pytest.raises(StoreError, match="may not do this"):
            store.audit()
        with pytest.raises(StoreError, match="no account"):
            store.sign_in("x" * 32, records.now())


def test_each_verb_that_only_reads_may_be_used_and_no_other(damaged):
    verbs = {name.split()[0] for right in RIGHTS for name in right.verbs}
    allowed = {name for name in verbs if damaged.may(name)}
    assert {"find_patients", "answers", "journal", "letters", "letter_pdf", "audit", "audit_verify"} <= allowed
    assert not allowed & {
        name for name in verbs if name.startswith(("add", "save", "change", "remove", "issue", "start"))
    }


def test_where_it_cannot_be_told_who_may_read_nothing_is_shown(records):
    content = records.damage("users")
    with open_damaged(records.path, KEY) as store:
        for _ in range(2):
            with pytest.raises(StoreError, match="is damaged"):
                store.sign_in(records.ada, records.now())
        with pytest.raises(StoreError, match="Nobody has signed in"):
            store.find_patients("")
    assert records.path.read_bytes() == content


def test_a_wrong_key_or_a_broken_beginning_is_refused(records):
    with pytest.raises(StoreError, match="does not open with this key, or is damaged"):
        open_damaged(records.path, OTHER_KEY)
    content = records.path.read_bytes()
    for broken in (16, 2048):
        records.path.write_bytes(bytes(broken) + content[broken:])
        with pytest.raises(StoreError, match="does not open with this key, or is damaged"):
            open_damaged(records.path, KEY)
    records.path.write_bytes(content[:16] + bytes(2032) + content[2048:])
    with pytest.raises(StoreError, match="file is damaged"):  # the other pages open: it is not the key
        open_damaged(records.path, KEY)


def test_records_of_an_older_release_are_not_read(records):
    with open_store(records.path, KEY) as store:
        store._connection.execute(
            "delete from _sqlite_migrations where name = (select max(name) from _sqlite_migrations)"
        )
    with pytest.raises(StoreError, match="older version"):
        open_damaged(records.path, KEY)


def test_two_copies_do_not_read_at_once(records):
    with open_damaged(records.path, KEY), pytest.raises(StoreError, match="already running"):
        open_damaged(records.path, KEY)
    open_store(records.path, KEY).close()


def test_last_changes_that_are_not_in_the_one_file_yet_are_read_and_stay(records, tmp_path):
    with open_store(records.path, KEY) as store:
        store.sign_in(records.fay, records.now())
        store.add_patient({"family_name": "Late"}, records.now())
        copy = tmp_path / "copy" / "clinic.db"
        copy.parent.mkdir()
        for ending in ("", "-wal"):
            copy.with_name(f"clinic.db{ending}").write_bytes(records.path.with_name(f"clinic.db{ending}").read_bytes())
    before = [copy.read_bytes(), copy.with_name("clinic.db-wal").read_bytes()]
    with open_damaged(copy, KEY) as store:
        store.sign_in(records.fay, records.now())
        assert {row["family_name"] for row in store.find_patients("")} == {"Invented", "Late"}
    assert [copy.read_bytes(), copy.with_name("clinic.db-wal").read_bytes()] == before


def test_that_somebody_looked_is_in_the_trail_later(records):
    with open_store(records.path, KEY) as store:
        moment = records.now()
        store.sign_in(records.ada, records.now(), readings=[(moment, records.fay)])
        [row] = [row for row in store.audit() if row["action"] == READ_DAMAGED]
        assert (row["user"], row["at"]) == (records.fay, moment.isoformat(timespec="microseconds"))
        store.audit_verify()
