"""The audit trail: everything is in it, no answer is, and nobody changes it unnoticed."""

import csv
import io
import json

import pytest

from db import StoreError, open_store
from db.roles import ADMINISTRATOR, CLINICIAN, FRONT_DESK

CANARY = "canary-7f3a"


@pytest.fixture
def ada(store, now):
    user_id = store.add_user("Ada Vale", ADMINISTRATOR, now())
    store.sign_in(user_id, now())
    return user_id


def told(store):
    return [(row["action"], row["record"].split("/")[0]) for row in reversed(store.audit(limit=1000))]


def record_all(store, now):
    """Do each thing that is done with patients, answers and letters once, and return the intake's id."""
    recipient = store.save_recipient({"name": "Dr A"}, now())
    store.save_recipient({"id": recipient, "name": "Dr B"}, now())
    store.remove_recipient(recipient, now())
    patient = store.add_patient({}, now())
    for _ in range(2):  # the second time nothing differs
        store.change_patient(patient, {"phone": "1"}, now())
    intake = store.start_intake(patient, now())
    for _ in range(2):
        store.save_answer(intake, "fever", "no", now())
    entry = store.add_entry(intake, "treatments", now())
    store.remove_entry(entry, now())
    store.restore_entry(entry, now())
    store.undo_last(intake, now())
    store.discard_intake(intake, now())
    store.restore_intake(intake, now())
    store.issue_letter(intake, b"%PDF", "{}", "1", {}, "", now())
    store.save_page(intake, "symptoms")
    store.mark_open(intake)
    return intake


def test_check_13_everything_that_is_recorded_is_in_the_trail(store, ada, now):
    assert ada
    before = len(told(store))
    record_all(store, now)
    assert told(store)[before:] == [
        ("created", "recipient"), ("changed", "recipient"), ("removed", "recipient"),
        ("created", "patient"), ("changed", "patient"), ("created", "intake"),
        ("answered", "intake"), ("entry added", "intake"), ("entry removed", "intake"), ("entry restored", "intake"),
        ("undone", "intake"), ("removed", "intake"), ("restored", "intake"), ("issued", "letter"),
    ]  # fmt: skip
    store.audit_verify()


def test_check_13_accounts_settings_and_what_the_window_did_are_in_the_trail(store, ada, now):
    fay = store.add_user("Fay", FRONT_DESK, now())
    cleo = store.add_user("Cleo", CLINICIAN, now())
    store.change_role(fay, CLINICIAN, now())
    store.remove_user(fay, now())
    store.save_clinic({"name": "Spine"}, now())
    store.save_setting("lock_minutes", 5, now())
    store.save_setting("unfinished_patient", {}, now())
    for action in ("viewed", "printed", "exported", "backup made", "records restored", "password changed"):
        store.note(action, "backup/1", now())
    store.note("recovery code changed")
    store.sign_in(cleo, now(), failures=[(now(), fay)])
    store.save_setting("rule_signatures", {"rule": "Cleo"}, now())
    store.sign_in(ada, now(), by_code=True, restored="2026-11-22")
    assert told(store) == [
        ("user added", "user"), ("signed in", ""), ("user added", "user"), ("user added", "user"), ("role changed", "user"),
        ("user removed", "user"), ("settings", "clinic"), ("settings", "setting"),
        ("viewed", "backup"), ("printed", "backup"), ("exported", "backup"), ("backup made", "backup"),
        ("records restored", "backup"), ("password changed", "backup"), ("recovery code changed", ""),
        ("sign-in failed", ""), ("signed in", ""), ("rule signed", "setting"),
        ("emergency access", ""), ("records restored", "backup"),
    ]  # fmt: skip
    store.audit_verify()


def test_check_13_a_change_has_the_hashes_of_before_and_after(store, intake_id, now):
    for value in ("no", "yes", "no", None):
        store.save_answer(intake_id, "fever", value, now())
    rows = [row for row in reversed(store.audit()) if row["action"] == "answered"]
    hashes = [(row["old_hash"], row["new_hash"]) for row in rows]
    assert hashes[0][0] == hashes[-1][1] == ""
    assert [old for old, _ in hashes[1:]] == [new for _, new in hashes[:-1]]
    assert hashes[0][1] == hashes[2][1] != hashes[1][1]
    assert rows[0]["record"] == f"intake/{intake_id}/fever"


def test_the_same_answer_has_another_hash_in_another_clinic(tmp_path, now):
    hashes = set()
    for name in "ab":
        with open_store(tmp_path / name / "clinic.db") as store:
            store.save_answer(store.start_intake(store.add_patient({}, now()), now()), "fever", "no", now())
            hashes.add(store.audit()[0]["new_hash"])
    assert len(hashes) == 2


def test_check_15_no_answer_is_in_the_trail(store, intake_id, now):
    entry = store.add_entry(intake_id, "treatments", now())
    store.save_answer(intake_id, "own_words", CANARY, now())
    store.save_answer(intake_id, "kind", CANARY, now(), entry_id=entry)
    store.change_patient(store.intake(intake_id)["patient_id"], {"family_name": CANARY, "phone": CANARY}, now())
    store.save_recipient({"name": CANARY}, now())
    store.issue_letter(intake_id, CANARY.encode(), CANARY, "1", {"name": CANARY}, CANARY, now())
    store.save_clinic({"name": CANARY}, now())
    assert CANARY not in json.dumps(store._rows("select * from audit"))
    assert CANARY not in store.audit_csv(now())


@pytest.mark.parametrize(
    ("action", "record"),
    [("deleted", ""), ("viewed", "Roe, Ann"), ("viewed", "a\r\nb"), ("viewed", "x" * 201), ("viewed", "é")],
)
def test_check_16_what_is_noted_can_be_no_text_and_no_second_line(store, now, action, record):
    with pytest.raises(ValueError, match="cannot be noted"):
        store.note(action, record, now())
    assert store.audit() == []


def test_check_16_a_name_with_line_ends_is_one_row(store, now):
    store.add_patient({"family_name": "Roe\r\n2026 Ada signed in"}, now())
    assert len(store.audit()) == 1
    assert len(list(csv.reader(io.StringIO(store.audit_csv(now()))))) == 3


def test_a_change_that_fails_leaves_no_row_and_a_row_that_fails_no_change(store, intake_id, now):
    before = store.audit()
    store._db.execute("create trigger broken before insert on journal begin select raise(abort, 'broken'); end")
    with pytest.raises(Exception, match="broken"):
        store.save_answer(intake_id, "fever", "yes", now())
    assert store.audit() == before
    store._db.execute("drop trigger broken")
    store._db.execute("create trigger broken before insert on audit begin select raise(abort, 'broken'); end")
    with pytest.raises(Exception, match="broken"):
        store.save_answer(intake_id, "fever", "yes", now())
    assert store.answers(intake_id) == {}
    assert store.journal(intake_id) == []


@pytest.fixture
def long(store, now):
    """Return a store with thirty rows in its trail."""
    for number in range(30):
        store.note("viewed", f"intake/{number}", now())
    return store


TAMPERING = {
    "an action edited": ("update audit set action = 'printed' where seq = 12", 12),
    "a user edited": ("update audit set user = 'x' where seq = 1", 1),
    "a time edited": ("update audit set at = '2020' where seq = 30", 30),
    "a row deleted": ("delete from audit where seq = 12", 12),
    "the first row deleted": ("delete from audit where seq = 1", 1),
    "the last row deleted": ("delete from audit where seq = 30", 30),
    "the last rows deleted": ("delete from audit where seq > 20", 21),
    "all rows deleted": ("delete from audit", 1),
    "a row put in": ("insert into audit select 31, at, user, action, record, old_hash, new_hash, previous, hash from audit where seq = 30", 31),
    "the head moved": ("update audit_head set seq = 29, hash = (select hash from audit where seq = 29)", 30),
}  # fmt: skip


@pytest.mark.parametrize("name", TAMPERING)
def test_check_14_a_row_changed_removed_or_put_in_is_named(long, name):
    sql, row = TAMPERING[name]
    long.audit_verify()
    long._db.execute(sql)
    with pytest.raises(StoreError, match=rf"row {row} was changed, removed or put in") as caught:
        long.audit_verify()
    assert "records still open" in caught.value.hint


def test_check_14_rows_in_another_order_are_found(long):
    long._db.execute("update audit set seq = 100 where seq = 12")
    long._db.execute("update audit set seq = 12 where seq = 13")
    long._db.execute("update audit set seq = 13 where seq = 100")
    with pytest.raises(StoreError, match="row 12 "):
        long.audit_verify()


def test_check_14_a_row_edited_with_its_hash_is_found_at_the_next(long):
    from db.chain import _hash_row

    [row] = long._rows("select * from audit where seq = 12")
    changed = tuple((row | {"action": "printed"})[name] for name in row if name != "hash")
    long._db.execute("update audit set action = 'printed', hash = ? where seq = 12", [_hash_row(changed)])
    with pytest.raises(StoreError, match="row 13 "):
        long.audit_verify()


def test_check_14_tampering_is_told_at_the_next_sign_in(path, store, ada, now, monkeypatch):
    for number in range(30):
        store.note("viewed", f"intake/{number}", now())
    store._db.execute("update audit set action = 'printed' where seq = 25")
    store.close()
    with open_store(path) as again:
        [told] = again.sign_in(ada, now())
        assert "row 25 was changed" in told
    monkeypatch.setattr("db.people.ROWS_CHECKED_AT_START", 3)
    with open_store(path) as again:
        assert again.sign_in(ada, now()) == [], "the start looks at the end only"
        with pytest.raises(StoreError, match="row 25 "):
            again.audit_verify()


@pytest.mark.parametrize("last", [1, 2, 29, 30, 31, 500])
def test_the_end_of_a_whole_trail_is_whole(long, last):
    from db.chain import find_break

    assert find_break(long._connection, last) is None
    long._db.execute("delete from audit where seq = 30")
    assert find_break(long._connection, last) == 30


def test_the_trail_is_read_page_by_page_newest_first(long):
    first = long.audit(limit=10)
    assert [row["seq"] for row in first] == list(range(30, 20, -1))
    assert [row["seq"] for row in long.audit(limit=10, before=first[-1]["seq"])] == list(range(20, 10, -1))


def test_check_22_a_spreadsheet_takes_no_text_of_the_trail_for_a_formula(store, now):
    user_id = store.add_user("=cmd|'/c calc'!A0", ADMINISTRATOR, now())
    store.sign_in(user_id, now())
    rows = list(csv.DictReader(io.StringIO(store.audit_csv(now()))))
    assert rows[1]["user_name"] == "'=cmd|'/c calc'!A0"
    assert all(not cell.startswith(("=", "+", "-", "@", "\t", "\0")) for row in rows for cell in row.values())
    assert (rows[-1]["action"], rows[-1]["record"]) == ("exported", "audit")


def test_the_store_has_no_verb_that_changes_the_trail():
    from db import Store

    verbs = {name for name in dir(Store) if "audit" in name}
    assert verbs == {"audit", "audit_count", "audit_actions", "audit_verify", "audit_csv"}


@pytest.fixture
def busy(store, ada, now):
    """Return two patients' ids with what was done by Ada and Cleo, and the time when Cleo began."""
    cleo = store.add_user("Cleo", CLINICIAN, now())
    roe = store.add_patient({"family_name": "Roe"}, now())
    first = store.start_intake(roe, now())
    store.save_answer(first, "fever", "no", now())
    began = now()
    store.sign_in(cleo, now())
    lee = store.add_patient({"family_name": "Lee"}, now())
    second = store.start_intake(lee, now())
    store.save_answer(second, "fever", "yes", now())
    about = {"kind": "PDF", "pages": 1, "notes": [], "size": 0, "sha256": ""}
    enclosure = store.add_enclosure(first, about, now())
    letter = store.issue_letter(first, b"%PDF", "{}", "1", {}, "", now())["id"]
    store.note("printed", f"letter/{letter}", now())
    store.sign_in(ada, now())
    return {"roe": roe, "first": first, "letter": letter, "enclosure": enclosure, "cleo": cleo, "began": began}


FILTERS = {
    "nothing": ({}, lambda *_: True),
    "a user": ({"user": "cleo"}, lambda row, b: row["user"] == b["cleo"]),
    "an action": ({"action": "!printed"}, lambda row, _: row["action"] == "printed"),
    "the action of most": ({"action": "!answered"}, lambda row, _: row["action"] == "answered"),
    "an action of nobody": ({"action": "!exported"}, lambda *_: False),
    "a record": ({"record": "!intake/first"}, lambda row, b: row["record"].startswith(f"intake/{b['first']}")),
    "a record in a record": ({"record": "!intake/first/!fever"}, lambda row, b: row["record"] == f"intake/{b['first']}/fever"),
    "a beginning of one": ({"record": "!intake/!0"}, lambda *_: False),
    "a patient": (
        {"patient": "roe"},
        lambda row, b: any(b[name] in row["record"] for name in ("roe", "first", "letter", "enclosure")),
    ),
    "from a moment on": ({"since": "began"}, lambda row, b: row["at"] >= b["began"].isoformat()),
    "before a moment": ({"until": "began"}, lambda row, b: row["at"] < b["began"].isoformat()),
    "all at once": (
        {"user": "cleo", "action": "!issued", "record": "!letter/letter", "patient": "roe", "since": "began"},
        lambda row, _: row["action"] == "issued",
    ),
}  # fmt: skip


def fill_in(filters, busy):
    """Return the filters with the ids of `busy` in the place of their names; what begins with ! stands as it is."""

    def find(text):
        parts = [part[1:] if part.startswith("!") else busy[part] for part in text.split("/")]
        return parts[0] if len(parts) == 1 else "/".join(parts)

    return {name: find(text) for name, text in filters.items()}


@pytest.mark.parametrize("name", FILTERS)
def test_the_trail_is_searched_page_by_page(store, busy, name):
    filters, is_wanted = FILTERS[name]
    filters = fill_in(filters, busy)
    expected = [row for row in store.audit() if is_wanted(row, busy)]
    assert (expected == []) is (name in {"an action of nobody", "a beginning of one"})
    found = page = store.audit(2, **filters)
    while page:
        page = store.audit(2, found[-1]["seq"], **filters)
        found = found + page
    assert found == expected
    assert store.audit_count(**filters) == len(expected)


def test_the_actions_there_are_can_be_chosen(store, busy):
    assert busy
    assert store.audit_actions() == [
        "answered", "created", "enclosure added", "issued", "printed", "signed in", "user added",
    ]  # fmt: skip


def test_a_trail_without_answers_offers_none(store, now):
    assert store.audit_actions() == []
    store.note("viewed", "intake/1", now())
    assert store.audit_actions() == ["viewed"]


@pytest.mark.parametrize("name", [name for name in FILTERS if name != "nothing"])
def test_no_filter_reads_the_whole_trail(store, busy, name):
    asked = []
    store._connection.set_trace_callback(asked.append)
    store.audit(2, **fill_in(FILTERS[name][0], busy))
    store._connection.set_trace_callback(None)
    plan = [row["detail"] for sql in asked for row in store._rows(f"explain query plan {sql}")]
    assert any("audit_by_" in step for step in plan) or name == "the action of most", plan
    assert "SCAN audit" not in plan


def test_what_is_found_can_be_exported_and_stopped(store, busy, now):
    rows = list(csv.DictReader(io.StringIO(store.audit_csv(now(), user=busy["cleo"]))))
    assert {row["user_name"] for row in rows} == {"Cleo"}
    assert [row["action"] for row in rows][:2] == ["signed in", "created"], "the oldest first"
    told = []
    assert store.audit_csv(now(), told=lambda done: told.append(done)) == ""  # noqa: PLW0108 None says no more
    assert told == [store.audit_count()]


def test_a_long_trail_is_exported_and_checked_in_steps(long, now, monkeypatch):
    monkeypatch.setattr("db.audit._PAGE", 10)
    monkeypatch.setattr("db.chain._TOLD_EACH", 10)
    done, looked = [], []
    text = long.audit_csv(now(), told=lambda count: not done.append(count))
    assert [row["seq"] for row in csv.DictReader(io.StringIO(text))] == [str(number) for number in range(1, 32)]
    assert done == [10, 20, 30, 31]
    long.audit_verify(lambda count: not looked.append(count))
    assert looked == [10, 20, 30]
    long._db.execute("delete from audit where seq = 25")
    long.audit_verify(lambda count: count < 20)  # stopped before


def test_a_backup_is_noted_once_also_while_nobody_is_signed_in(store, ada, now):
    made, later = now(), now()
    store.sign_out(now())
    store.note_backups([("2026-11-23-090000", later), ("2026-11-22-090000", made)])
    store.sign_in(ada, now())
    store.note("backup made", "backup/2026-11-24-090000", now())
    for _ in range(2):
        store.note_backups((f"2026-11-{day}-090000", now()) for day in (22, 23, 24, 25))
    rows = [row for row in reversed(store.audit()) if row["action"] == "backup made"]
    assert [(row["record"][-17:], row["user"]) for row in rows] == [
        ("2026-11-22-090000", ""), ("2026-11-23-090000", ""), ("2026-11-24-090000", ada), ("2026-11-25-090000", ada),
    ]  # fmt: skip
    assert [row["at"] for row in rows[:2]] == [
        made.isoformat(timespec="microseconds"),
        later.isoformat(timespec="microseconds"),
    ]
    store.audit_verify()


def test_what_is_no_name_of_a_backup_is_not_noted(store, now):
    with pytest.raises(ValueError, match="cannot be noted"):
        store.note_backups([("2026-11-22-090000", now()), ("Roe, Ann", now())])
    assert store.audit() == []


def test_a_setting_that_stays_as_it_is_leaves_no_row(store, now):
    for minutes in (5, 5, 6):
        store.save_setting("lock_minutes", minutes, now())
    assert len(store.audit()) == 2
