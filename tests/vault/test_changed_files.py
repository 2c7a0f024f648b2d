"""Key files that somebody wrote who can write into the folder, and has no key."""

import json
from dataclasses import replace

import pytest
from locked import ANN, BEN, CLINIC, ORBIT, PLUM, opens, refuse, renew_code

from intake_app import vault
from intake_app.vault import keyslots

BEN_ID = "b" * 32


@pytest.fixture
def two(path, ann):
    """Return the session of Ann; Ben can sign in, too."""
    vault.add_user(path, ann, PLUM, BEN_ID, BEN, ORBIT)
    return ann


def slots(path):
    return {slot.owner: slot for slot in keyslots.read(path)[0].slots}


def put_in(path, slot):
    """Write a slot into both files, in the place of the one of the same owner if there is one."""
    file, _ = keyslots.read(path)
    kept = tuple(each for each in file.slots if each.owner != slot.owner)
    keyslots.write(path, replace(file, slots=(*kept, slot)))


@pytest.fixture
def put_back(path, two):
    """Return Ann's session; Ben was removed, and put his slot back."""
    slot = slots(path)[f"{keyslots.PASSWORD}/{BEN_ID}"]
    vault.remove_user(path, two, PLUM, BEN_ID, {two.user_id})
    put_in(path, slot)
    return two


@pytest.mark.usefixtures("put_back")
def test_the_slot_of_a_removed_user_put_back_opens_nothing(path):
    refuse("key file was changed", opens, path, BEN, ORBIT)
    assert opens(path, ANN, PLUM)


CHANGES = {
    "password": lambda path, ann: vault.change_password(path, ann, PLUM, ORBIT),
    "code": lambda path, ann: renew_code(path, ann, PLUM),
    "key": lambda path, ann: vault.start_new_key(path, ann, bytes(32)),
}


@pytest.mark.parametrize("name", CHANGES)
def test_the_slot_of_a_removed_user_put_back_is_dropped_at_the_next_change(path, put_back, name):
    CHANGES[name](path, put_back)
    assert not any(slot.user == BEN_ID for slot in slots(path).values())


def test_the_slot_of_an_older_password_or_code_put_back_opens_nothing(path, two, code):
    before = slots(path)
    vault.change_password(path, two, PLUM, ORBIT)
    renew_code(path, two, ORBIT)
    for slot in before.values():
        put_in(path, slot)
    refuse("key file was changed", opens, path, ANN, PLUM)
    refuse("key file was changed", vault.unlock_with_code, path, code)
    assert opens(path, BEN, ORBIT) == two.key


def test_names_that_were_swapped_open_nothing(path, two):
    file, _ = keyslots.read(path)
    names = {two.user_id: BEN, BEN_ID: ANN, "": ""}
    keyslots.write(path, replace(file, slots=tuple(replace(slot, name=names[slot.user]) for slot in file.slots)))
    refuse("is wrong", opens, path, BEN, PLUM)
    refuse("is wrong", opens, path, ANN, ORBIT)


def test_a_cost_that_would_keep_the_computer_busy_for_minutes_is_refused():
    assert keyslots.is_strong(keyslots.Cost(20, 1024 * 1024, 4))
    assert not keyslots.is_strong(keyslots.Cost(21, 64 * 1024, 4))
    assert not keyslots.is_strong(keyslots.Cost(3, 1024 * 1024 + 1, 4))


def test_a_key_file_that_another_program_changed_meanwhile_is_not_written_over(path, two):
    file, _ = keyslots.read(path)
    renew_code(path, two, PLUM)
    later = path.with_name(keyslots.NAMES[0]).read_bytes()
    refuse("changed meanwhile", keyslots.write, path, file)
    assert path.with_name(keyslots.NAMES[0]).read_bytes() == later
    assert json.loads(later)["clinic"] == CLINIC


def test_while_another_program_writes_the_key_file_nobody_else_does(path, two, monkeypatch):
    monkeypatch.setattr(keyslots, "SECONDS_TO_WAIT", 0)
    before = path.with_name(keyslots.NAMES[0]).read_bytes()
    with keyslots.lock(path):
        refuse("Another program is changing", vault.change_password, path, two, PLUM, ORBIT)
        path.with_name(keyslots.NAMES[1]).write_bytes(b"half")
        assert opens(path, ANN, PLUM) == two.key
    assert path.with_name(keyslots.NAMES[0]).read_bytes() == before
