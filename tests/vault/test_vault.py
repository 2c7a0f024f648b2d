"""Who can open the records: every slot opens, and nothing else does."""

import os
from dataclasses import replace

import pytest
from locked import ANN, BEN, CHEAP, CLINIC, ORBIT, PLUM, opens, refuse, renew_code

from db.recovery import KEY_FILES
from intake_app import vault
from intake_app.errors import UserError
from intake_app.vault import keyslots, sealing, tries

NEW, OTHER = bytes(range(32)), bytes(range(1, 33))


def test_a_new_vault_opens_with_the_password_and_with_the_code(path, ann, code):
    session = vault.unlock(path, "  ann   LEE ", PLUM)
    assert (session.key, session.clinic_id, session.user_id, session.name) == (ann.key, CLINIC, ann.user_id, ANN)
    assert (session.notice, session.by_code, session.is_new) == ("", False, False)
    by_code = vault.unlock_with_code(path, code)
    assert (by_code.key, by_code.by_code, by_code.user_id) == (ann.key, True, "")
    assert len(ann.key) == 32
    assert vault.users(path) == [(ann.user_id, ANN)]


def test_every_vault_has_a_key_of_its_own(tmp_path):
    keys = {bytes(vault.create_vault(tmp_path / n / "c.db", CLINIC, ANN, PLUM, CHEAP)[0].key) for n in "abc"}
    assert len(keys) == 3


def test_a_vault_is_not_made_over_another(path, ann):
    refuse("key file already", vault.create_vault, path, CLINIC, BEN, ORBIT, CHEAP)
    assert opens(path, ANN, PLUM) == ann.key
    assert vault.exists(path)


def test_a_database_that_was_never_made_is_told_apart_from_one_that_is_gone(path):
    session, code = vault.create_vault(path, CLINIC, ANN, PLUM, CHEAP)
    assert session.is_new
    assert vault.unlock(path, ANN, PLUM).is_new
    assert vault.unlock_with_code(path, code).is_new
    vault.mark_made(path, session)
    vault.mark_made(path, session)
    assert not session.is_new
    assert not vault.unlock(path, ANN, PLUM).is_new


def test_the_key_is_shown_nowhere_and_can_be_overwritten(ann):
    assert ann.key.hex() not in repr(ann)
    assert "key" not in repr(ann)
    ann.wipe()
    assert ann.key == bytes(32)


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights elsewhere")
def test_check_26_the_key_files_are_private_whatever_the_umask(path):
    before = os.umask(0o022)
    try:
        vault.create_vault(path, CLINIC, ANN, PLUM, CHEAP)
    finally:
        os.umask(before)
    names = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
    assert names == dict.fromkeys([*keyslots.NAMES, f"{keyslots.NAMES[0]}.lock", tries.NAME], 0o600)
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_the_key_is_in_no_file(path, ann, code):
    for file in path.parent.iterdir():
        content = file.read_bytes()
        assert bytes(ann.key) not in content
        assert ann.key.hex().encode() not in content
        assert PLUM.encode() not in content
        assert code.encode() not in content


def test_the_backups_know_the_key_files_by_the_same_names():
    assert KEY_FILES == keyslots.NAMES


# Passwords and users


def test_check_03_each_user_has_a_password_of_their_own(path, ann):
    vault.add_user(path, ann, PLUM, "b" * 32, BEN, ORBIT)
    assert opens(path, BEN, ORBIT) == opens(path, ANN, PLUM) == ann.key
    refuse("name or the password is wrong", opens, path, BEN, PLUM)
    assert vault.users(path) == [(ann.user_id, ANN), ("b" * 32, BEN)]
    refuse("already a user of this name", vault.add_user, path, ann, PLUM, "d" * 32, "BEN ito", ORBIT)


def test_a_user_is_added_only_by_somebody_who_gives_their_password(path, ann):
    refuse("own password is wrong", vault.add_user, path, ann, ORBIT, "b" * 32, BEN, ORBIT)
    assert vault.users(path) == [(ann.user_id, ANN)]


def test_a_weak_password_is_refused_and_changes_nothing(path, ann):
    refuse("too short", vault.change_password, path, ann, PLUM, "short")
    refuse("first that anybody would try", vault.add_user, path, ann, PLUM, "b" * 32, BEN, "Password1!")
    refuse("own name", vault.change_password, path, ann, PLUM, "Annlee2026!")
    refuse("too short", vault.create_vault, path.parent / "other" / "clinic.db", CLINIC, ANN, "short", CHEAP)
    assert not vault.exists(path.parent / "other" / "clinic.db")
    assert opens(path, ANN, PLUM) == ann.key


def test_a_changed_password_opens_and_the_old_one_does_not(path, ann):
    vault.change_password(path, ann, PLUM, ORBIT)
    assert opens(path, ANN, ORBIT) == ann.key
    refuse("is wrong", opens, path, ANN, PLUM)


def test_what_was_replaced_is_in_neither_copy(path, ann):
    old = [text for slot in keyslots.read(path)[0].slots for text in (slot.private, *slot.keys)]
    vault.change_password(path, ann, PLUM, ORBIT)
    renew_code(path, ann, ORBIT)
    for name in keyslots.NAMES:
        assert not any(text in path.with_name(name).read_text() for text in old)


def test_check_30_a_forgotten_password_is_replaced_with_the_recovery_code(path, ann, code):
    session = vault.unlock_with_code(path, code)
    vault.add_user(path, session, "", ann.user_id, ANN, ORBIT)
    assert opens(path, ANN, ORBIT) == ann.key
    assert vault.users(path) == [(ann.user_id, ANN)]


def test_a_new_code_opens_and_the_old_one_does_not(path, ann, code):
    new = renew_code(path, ann, PLUM)
    assert vault.unlock_with_code(path, new).key == ann.key
    refuse("does not open these records", vault.unlock_with_code, path, code)


def test_until_a_new_code_is_kept_the_one_before_counts(path, ann, code):
    """Locked or killed before it is on paper, the clinic still has the code that is."""
    new = vault.make_recovery_code(path, ann, PLUM)
    assert vault.unlock_with_code(path, code).key == ann.key
    refuse("does not open these records", vault.unlock_with_code, path, new)
    vault.keep_recovery_code(path, ann, new)
    assert vault.unlock_with_code(path, new).key == ann.key
    refuse("does not open these records", vault.unlock_with_code, path, code)


def test_a_new_code_is_made_for_whoever_gives_the_own_password(path, ann):
    refuse("is wrong", vault.make_recovery_code, path, ann, ORBIT)


def test_a_removed_user_cannot_sign_in(path, ann):
    vault.add_user(path, ann, PLUM, "b" * 32, BEN, ORBIT)
    for _ in range(2):
        vault.remove_user(path, ann, PLUM, "b" * 32, {ann.user_id})
    refuse("is wrong", opens, path, BEN, ORBIT)
    assert vault.users(path) == [(ann.user_id, ANN)]


def test_the_last_administrator_and_the_recovery_code_can_never_go(path, ann, code):
    vault.add_user(path, ann, PLUM, "b" * 32, BEN, ORBIT)
    refuse("last administrator", vault.remove_user, path, ann, PLUM, ann.user_id, {ann.user_id})
    vault.remove_user(path, ann, PLUM, ann.user_id, {ann.user_id, "b" * 32})
    by_code = vault.unlock_with_code(path, code)
    refuse("last administrator", vault.remove_user, path, by_code, "", "b" * 32, {ann.user_id, "b" * 32})
    assert opens(path, BEN, ORBIT) == vault.unlock_with_code(path, code).key == ann.key


@pytest.mark.parametrize(
    "password",
    ["x" * 50 + "plum" * 13, "🐢" * 4 + " slow turtles", "a b c d e f g", "ünder die Brücke", "\t plum \n kettle"],
)
def test_check_04_any_password_comes_back_whole(path, password):
    session, _ = vault.create_vault(path, CLINIC, ANN, password, CHEAP)
    assert opens(path, ANN, password) == session.key
    refuse("is wrong", opens, path, ANN, password[:-1])


def test_check_04_passwords_that_differ_in_their_73rd_character_differ(path):
    first = "plum-kettle " * 6 + "a and so on"
    assert first[72] == "a"
    vault.create_vault(path, CLINIC, ANN, first, CHEAP)
    refuse("is wrong", opens, path, ANN, f"{first[:72]}b{first[73:]}")


def test_the_same_accents_typed_otherwise_are_the_same_password(path):
    session, _ = vault.create_vault(path, CLINIC, ANN, "caf\u00e9 au lait fort", CHEAP)
    assert opens(path, ANN, "cafe\u0301 au lait fort") == session.key


@pytest.mark.usefixtures("ann")
def test_half_a_character_in_a_password_is_told(path):
    refuse("half of a character", opens, path, ANN, "\ud800 and more")


# A new key for the records


@pytest.fixture
def two(path, ann):
    """Return the session of Ann; Ben can sign in, too."""
    vault.add_user(path, ann, PLUM, "b" * 32, BEN, ORBIT)
    return ann


def test_a_new_key_needs_nobodys_password_and_everybody_keeps_theirs(path, two, code):
    old = bytes(two.key)
    vault.start_new_key(path, two, NEW)
    vault.keep_key(path, two, NEW)
    assert two.key == NEW
    assert opens(path, ANN, PLUM) == opens(path, BEN, ORBIT) == vault.unlock_with_code(path, code).key == NEW
    assert vault.unlock(path, BEN, ORBIT).following is None
    assert vault.former_keys(path, NEW) == [old]


def test_until_it_is_settled_everybody_gets_both_keys(path, two, code):
    old = bytes(two.key)
    vault.start_new_key(path, two, NEW)
    for session in (vault.unlock(path, ANN, PLUM), vault.unlock(path, BEN, ORBIT), vault.unlock_with_code(path, code)):
        assert (session.key, session.following) == (old, NEW)
    vault.keep_key(path, session, old)
    assert vault.unlock(path, BEN, ORBIT).following is None
    assert opens(path, ANN, PLUM) == old
    assert vault.former_keys(path, old) == []


def test_a_change_begun_twice_knows_the_last_of_the_new_keys_only(path, two):
    vault.start_new_key(path, two, NEW)
    vault.start_new_key(path, two, OTHER)
    session = vault.unlock(path, ANN, PLUM)
    assert session.following == OTHER
    with pytest.raises(UserError, match="another key"):
        vault.keep_key(path, session, NEW)


def test_a_removed_user_gets_no_new_key_even_with_the_key_file_of_their_day(path, two):
    kept = path.with_name(keyslots.NAMES[0]).read_bytes()
    bens_old = opens(path, BEN, ORBIT)
    [slot] = [slot for slot in keyslots.read(path)[0].slots if slot.user == "b" * 32]
    vault.remove_user(path, two, PLUM, "b" * 32, {two.user_id})
    vault.start_new_key(path, two, NEW)
    vault.keep_key(path, two, NEW)
    file, _ = keyslots.read(path)
    with pytest.raises(UserError, match="another key"):
        sealing.read_inside(file, bens_old)
    for text in (*file.inside, *(key for each in file.slots for key in each.keys)):
        put_in = replace(slot, keys=(text,))
        assert keyslots.open_slot(put_in, CLINIC, ORBIT.encode())[0] == []
    for name in keyslots.NAMES:
        path.with_name(name).write_bytes(kept)
    assert opens(path, BEN, ORBIT) == bens_old != NEW, "old files give the old key only"


def test_after_a_removal_a_new_key_is_due_until_there_is_one(path, two):
    assert not vault.unlock(path, ANN, PLUM).is_due
    vault.remove_user(path, two, PLUM, "b" * 32, {two.user_id})
    session = vault.unlock(path, ANN, PLUM)
    assert (session.is_due, two.is_due) == (True, True)
    vault.change_password(path, session, PLUM, ORBIT)
    vault.start_new_key(path, session, NEW)
    vault.keep_key(path, session, session.key)
    assert vault.unlock(path, ANN, ORBIT).is_due, "it was not changed after all"
    vault.start_new_key(path, session, NEW)
    vault.keep_key(path, session, NEW)
    assert (vault.unlock(path, ANN, ORBIT).is_due, session.is_due) == (False, False)


def test_whoever_comes_later_opens_backups_from_before(path, ann):
    first = bytes(ann.key)
    for key in (NEW, OTHER):
        vault.start_new_key(path, ann, key)
        vault.keep_key(path, ann, key)
    vault.add_user(path, ann, PLUM, "b" * 32, BEN, ORBIT)
    assert vault.former_keys(path, opens(path, BEN, ORBIT)) == [NEW, first]


def test_nobody_can_seal_a_key_of_their_own_without_having_the_records(path, ann):
    file, _ = keyslots.read(path)
    text = path.with_name(keyslots.NAMES[0]).read_text("utf-8")
    publics = sealing.read_inside(file, bytes(ann.key)).publics
    assert publics.keys() == {slot.owner for slot in file.slots}
    assert not any(keyslots.to_text(public) in text for public in publics.values())


def test_a_session_from_before_a_change_by_somebody_else_changes_nothing(path, two):
    ben = vault.unlock(path, BEN, ORBIT)
    vault.start_new_key(path, two, NEW)
    vault.keep_key(path, two, NEW)
    refuse("another key", vault.change_password, path, ben, ORBIT, "amber violin ladder")
    assert opens(path, BEN, ORBIT) == NEW


def test_without_its_second_copy_a_new_key_is_not_begun(path, ann, monkeypatch):
    old = bytes(ann.key)
    real = keyslots.write_private

    def write(file, content):
        if file.name == keyslots.NAMES[1]:
            raise UserError("full", "Free some.")
        real(file, content)

    monkeypatch.setattr(keyslots, "write_private", write)
    refuse("second copy", vault.start_new_key, path, ann, NEW)
    monkeypatch.undo()
    assert vault.unlock(path, ANN, PLUM).key == old


def test_both_keys_of_a_session_can_be_overwritten(path, ann):
    vault.start_new_key(path, ann, NEW)
    session = vault.unlock(path, ANN, PLUM)
    assert NEW.hex() not in repr(session)
    session.wipe()
    assert session.key == session.following == bytes(32)
