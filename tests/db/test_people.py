"""Users: who they are, who acts, and what they leave in the records."""

from datetime import UTC, datetime, timedelta

import pytest

from db import StoreError, open_store
from db.roles import ADMINISTRATOR, CLINICIAN, FRONT_DESK, NOBODY


@pytest.fixture
def ada(store, now):
    """Return the id of the first administrator, signed in."""
    user_id = store.add_user("Ada Vale", ADMINISTRATOR, now())
    store.sign_in(user_id, now())
    return user_id


def actions(store):
    return [(row["user_name"], row["action"]) for row in reversed(store.audit())]


def test_the_first_user_is_an_administrator(store, now):
    with pytest.raises(ValueError, match="first user is an administrator"):
        store.add_user("Fay", FRONT_DESK, now())
    assert store.users(removed=True) == []
    user_id = store.add_user(" Ada  Vale ", ADMINISTRATOR, now(), "a" * 32)
    assert user_id == "a" * 32
    [row] = store.users()
    assert (row["id"], row["name"], row["role"], row["removed_at"]) == (user_id, "Ada Vale", ADMINISTRATOR, None)


@pytest.mark.usefixtures("ada")
def test_check_03_two_users_of_one_name_are_refused(store, now):
    for name in ("ada vale", "ADA  VALE", "\uff21da Vale"):
        with pytest.raises(StoreError, match="already a user of this name"):
            store.add_user(name, FRONT_DESK, now())
    for name in ("", "  ", "x" * 81):
        with pytest.raises(StoreError, match="needs a name"):
            store.add_user(name, FRONT_DESK, now())
    with pytest.raises(ValueError, match="one of the roles"):
        store.add_user("Eve", "owner", now())
    assert len(store.users()) == 1


def test_check_03_what_each_does_bears_their_name(store, ada, now):
    fay = store.add_user("Fay", FRONT_DESK, now())
    intake_id = store.start_intake(store.add_patient({}, now()), now())
    store.save_answer(intake_id, "fever", "no", now())
    store.sign_in(fay, now())
    assert (store.user_id, store.user_name, store.role) == (fay, "Fay", FRONT_DESK)
    store.save_answer(intake_id, "fever", "yes", now())
    store.save_answer(intake_id, "weight_loss", "no", now(), "Dr Else")
    assert [row["author"] for row in store.journal(intake_id)] == ["Ada Vale", "Fay", "Dr Else"]
    assert store._rows("select author from answers order by question")[0]["author"] == "Fay"
    letter = store.issue_letter(intake_id, b"%PDF", "{}", "1", {}, "", now())
    assert letter["issued_by"] == "Fay"
    store.sign_in(ada, now())
    told = [row["user"] for row in reversed(store.audit()) if row["action"] == "answered"]
    assert told == [ada, fay, fay]


def test_nobody_acts_after_signing_out(store, ada, now):
    store.sign_out(now())
    assert (store.role, store.user_id, store.user_name) == (NOBODY, "", "")
    with pytest.raises(StoreError, match="Nobody has signed in"):
        store.add_patient({}, now())
    store.sign_out(now())
    store.sign_in(ada, now())
    assert actions(store)[-2:] == [("Ada Vale", "signed out"), ("Ada Vale", "signed in")]


@pytest.mark.usefixtures("ada")
def test_who_has_no_account_cannot_sign_in(store, now):
    fay = store.add_user("Fay", FRONT_DESK, now())
    store.remove_user(fay, now())
    for user_id in (fay, "nobody"):
        with pytest.raises(StoreError, match="no account"):
            store.sign_in(user_id, now())
    assert store.user_name == "Ada Vale", "whoever was signed in still is"


@pytest.mark.usefixtures("ada")
def test_a_removed_user_keeps_their_name_in_the_trail_and_frees_it(store, now):
    fay = store.add_user("Fay", FRONT_DESK, now())
    store.remove_user(fay, now())
    assert [row["name"] for row in store.users()] == ["Ada Vale"]
    assert {row["id"] for row in store.users(removed=True)} >= {fay}
    assert store.add_user("Fay", CLINICIAN, now()) != fay


def test_the_last_administrator_stays(store, ada, now):
    fay = store.add_user("Fay", FRONT_DESK, now())
    with pytest.raises(StoreError, match="your own account"):
        store.remove_user(ada, now())
    with pytest.raises(StoreError, match="last administrator"):
        store.change_role(ada, CLINICIAN, now())
    with pytest.raises(ValueError, match="no such role"):
        store.change_role(fay, "owner", now())
    with pytest.raises(StoreError, match="no account"):
        store.change_role("nobody", CLINICIAN, now())
    store.change_role(fay, ADMINISTRATOR, now())
    store.change_role(ada, CLINICIAN, now())
    assert store.role == CLINICIAN
    with pytest.raises(StoreError, match="may not do this"):
        store.change_role(ada, ADMINISTRATOR, now())
    store.sign_in(fay, now())
    store.remove_user(ada, now())
    with pytest.raises(StoreError, match="your own account"):
        store.remove_user(fay, now())


def test_the_last_administrator_is_not_removed_by_another_who_was_one(store, ada, now):
    fay = store.add_user("Fay", ADMINISTRATOR, now())
    store._db.execute("update users set role = 'clinician' where id = ?", [ada])
    with pytest.raises(StoreError, match="last administrator"):
        store.remove_user(fay, now())


def test_check_06_wrong_passwords_are_moved_into_the_trail_once(store, ada, now):
    failures = [(now(), ada), (now(), "")]
    told = store.sign_in(ada, now(), failures=failures)
    assert told == ["2 wrong passwords were entered on this computer since the last time somebody signed in."]
    assert store.sign_in(ada, now(), failures=failures) == []
    assert "A wrong password was" in store.sign_in(ada, now(), failures=[(now(), "")])[0]
    assert [row["user"] for row in reversed(store.audit()) if row["action"] == "sign-in failed"] == [ada, "", ""]


def test_check_30_opening_by_the_recovery_code_is_in_the_trail(store, ada, now):
    store.sign_in(ada, now(), by_code=True)
    assert actions(store)[-1] == ("Ada Vale", "emergency access")


def test_a_clock_set_back_is_told_and_nothing_is_lost(store, ada, now):
    intake_id = store.start_intake(store.add_patient({}, now()), now())
    early = now() - timedelta(days=400)
    [told] = store.sign_in(ada, early)
    assert "The clock of this computer says" in told
    assert "Nothing is lost" in told
    store.save_answer(intake_id, "fever", "no", early)
    assert store.answers(intake_id) == {"fever": "no"}
    store.audit_verify()
    store.check_clock(now())


def test_a_clock_is_believed_while_there_is_nothing_to_compare_it_with(store):
    store.check_clock(datetime(1999, 1, 1, tzinfo=UTC))


def test_a_sign_in_that_could_not_be_kept_is_none(store, ada, now, read):
    store.sign_out(now())
    store._db.execute("create trigger broken before insert on audit begin select raise(abort, 'broken'); end")
    with pytest.raises(Exception, match="broken"):
        store.sign_in(ada, now())
    assert store.role == NOBODY
    assert read(store, "select count(*) from audit where action = 'signed in'") == [(1,)]


def test_users_are_there_at_the_next_start(path, store, ada, now):
    store.close()
    with open_store(path) as again:
        assert [row["id"] for row in again.users()] == [ada]
        assert again.sign_in(ada, now()) == []


def test_who_signs_out_is_out_even_if_the_disk_is_full(store, now):
    store.sign_in(store.add_user("Ada", "administrator", now()), now())
    store._db.execute("pragma query_only = 1")
    with pytest.raises(StoreError):
        store.sign_out(now())
    store._db.execute("pragma query_only = 0")
    assert store.role == ""
    with pytest.raises(StoreError, match="Nobody"):
        store.find_patients("")
