"""Who can open the records: every slot opens, and nothing else does."""

import os

import pytest
from locked import ANN, BEN, CHEAP, CLINIC, ORBIT, PLUM, opens, refuse

from db.recovery import KEY_FILES
from intake_app import vault
from intake_app.vault import keyslots, tries


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
    assert names == dict.fromkeys([*keyslots.NAMES, tries.NAME], 0o600)
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
    refuse("name or the password is wrong", vault.add_user, path, ann, ORBIT, "b" * 32, BEN, ORBIT)
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
    old = [slot.sealed for slot in keyslots.read(path)[0].slots]
    vault.change_password(path, ann, PLUM, ORBIT)
    vault.renew_recovery_code(path, ann, ORBIT)
    for name in keyslots.NAMES:
        assert not any(sealed in path.with_name(name).read_text() for sealed in old)


def test_check_30_a_forgotten_password_is_replaced_with_the_recovery_code(path, ann, code):
    session = vault.unlock_with_code(path, code)
    vault.add_user(path, session, "", ann.user_id, ANN, ORBIT)
    assert opens(path, ANN, ORBIT) == ann.key
    assert vault.users(path) == [(ann.user_id, ANN)]


def test_a_new_code_opens_and_the_old_one_does_not(path, ann, code):
    new = vault.renew_recovery_code(path, ann, PLUM)
    assert vault.unlock_with_code(path, new).key == ann.key
    refuse("does not open these records", vault.unlock_with_code, path, code)


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
