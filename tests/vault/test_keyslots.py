"""The key file: never weak, never half, and its second copy there when it is needed."""

import json

import pytest
from locked import ANN, CHEAP, CLINIC, ORBIT, PLUM, opens, refuse

from intake_app import vault
from intake_app.vault import keyslots
from intake_app.vault.keyslots import Cost


def test_check_05_a_cost_below_the_floor_is_never_used(path):
    for weak in (Cost(1, 45 * 1024, 1), Cost(2, 18 * 1024, 1), Cost(3, 11 * 1024, 4), Cost(3, 64 * 1024, 0)):
        assert not keyslots.is_strong(weak)
        with pytest.raises(ValueError, match="too easy"):
            vault.create_vault(path, CLINIC, ANN, PLUM, weak)
    assert all(keyslots.is_strong(cost) for cost in (CHEAP, Cost(2, 19 * 1024, 1), Cost(1, 46 * 1024, 1)))
    assert keyslots.is_strong(keyslots.DEFAULT_COST)
    assert not keyslots.is_strong(Cost(3, 10**9, 4)), "a trap for this computer's memory"


@pytest.mark.parametrize(
    ("speed", "cost"),
    [
        (1.0, Cost(6, 65536, 4)),
        (0.4, Cost(3, 65536, 4)),
        (0.2, Cost(2, 47104, 4)),
        (0.05, Cost(2, 19456, 1)),
        (0.001, Cost(2, 19456, 1)),
        (10**9, Cost(20, 65536, 4)),
    ],
)
def test_check_05_the_cost_is_calibrated_and_never_below_the_floor(speed, cost):
    assert keyslots.calibrate(lambda tried: tried.passes * tried.kib / 65536 / 12 / speed) == cost
    assert keyslots.is_strong(cost)


def test_a_vault_made_without_a_cost_is_calibrated_here(path, monkeypatch):
    monkeypatch.setattr(keyslots, "DEFAULT_COST", CHEAP)
    monkeypatch.setattr(keyslots, "SECONDS_WANTED", 0.0)
    vault.create_vault(path, CLINIC, ANN, PLUM)
    [slot, _] = keyslots.read(path)[0].slots
    assert keyslots.is_strong(keyslots.cost_of(slot.parameters))


def rewrite(path, change, names=keyslots.NAMES):
    """Change the key files as somebody would who knows how they are made."""
    for name in names:
        content = json.loads(path.with_name(name).read_bytes())
        del content["sha256"]
        change(content)
        content["sha256"] = keyslots._digest(content)
        path.with_name(name).write_text(json.dumps(content))


@pytest.mark.usefixtures("ann")
def test_check_05_parameters_lowered_in_the_file_are_refused(path):
    rewrite(path, lambda content: content["slots"][0]["parameters"].update(passes=1))
    refuse("easier to guess", vault.unlock, path, ANN, PLUM)
    refuse("easier to guess", vault.users, path)


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content["slots"][0].update(user="b" * 32),
        lambda content: content.update(clinic="d" * 32),
        lambda content: content["slots"][0]["parameters"].update(passes=4),
    ],
    ids=["another user", "another clinic", "other parameters"],
)
@pytest.mark.usefixtures("ann")
def test_a_slot_moved_or_changed_does_not_open(path, change):
    rewrite(path, change)
    refuse("name or the password is wrong", vault.unlock, path, ANN, PLUM)


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content["slots"].pop(),
        lambda content: content["slots"].pop(0),
        lambda content: content["slots"][0].update(nonce="AAAA"),
        lambda content: content["slots"][0].update(private="?"),
        lambda content: content["slots"][0].update(kind="other"),
        lambda content: content["slots"][0]["parameters"].pop("salt"),
        lambda content: content.update(slots=5),
        lambda content: content.update(generation="x"),
        lambda content: content["slots"][0].update(keys=[]),
        lambda content: content["slots"].append(content["slots"][0]),
        lambda content: content.update(inside=[]),
        lambda content: content.update(inside=["AAAA"]),
        lambda content: content.update(inside=content["inside"] * 2),
    ],
    ids=range(13),
)
@pytest.mark.usefixtures("ann")
def test_a_key_file_that_makes_no_sense_is_refused(path, change):
    rewrite(path, change)
    refuse("damaged, and so is its second copy", vault.unlock, path, ANN, PLUM)


@pytest.mark.usefixtures("ann")
def test_a_newer_key_file_is_refused(path):
    rewrite(path, lambda content: content.update(format=4))
    refuse("newer version", vault.unlock, path, ANN, PLUM)


@pytest.mark.usefixtures("ann")
def test_a_key_file_from_before_the_first_release_is_refused(path):
    rewrite(path, lambda content: content.update(format=1))
    refuse("trial version", vault.unlock, path, ANN, PLUM)


@pytest.mark.usefixtures("ann")
def test_a_changed_byte_anywhere_is_found_and_the_second_copy_used(path):
    first = path.with_name(keyslots.NAMES[0])
    whole = first.read_bytes()
    for place in range(0, len(whole), 37):
        first.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        file, notice = keyslots.read(path)
        assert notice == keyslots.SECOND_USED
        assert file.clinic == CLINIC
        assert first.read_bytes() == whole


@pytest.mark.parametrize("name", keyslots.NAMES)
@pytest.mark.parametrize("content", [None, b"", b"\xff", b"{}", b"[]", b"null", b"[" * 100_000])
def test_one_damaged_or_missing_copy_is_told_and_mended(path, ann, name, content):
    file = path.with_name(name)
    whole = file.read_bytes()
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    session = vault.unlock(path, ANN, PLUM)
    assert session.key == ann.key
    assert "nothing is lost" in session.notice
    assert file.read_bytes() == whole
    assert vault.unlock(path, ANN, PLUM).notice == ""


@pytest.mark.usefixtures("ann")
def test_without_any_copy_the_backup_is_named(path):
    for name in keyslots.NAMES:
        path.with_name(name).unlink()
    assert not vault.exists(path)
    told = refuse("is missing", vault.unlock, path, ANN, PLUM)
    assert "backup" in told.hint
    path.with_name(keyslots.NAMES[1]).write_bytes(b"half")
    assert "backup" in refuse("is damaged", vault.unlock, path, ANN, PLUM).hint


@pytest.mark.usefixtures("ann")
def test_a_key_file_of_another_clinic_is_not_taken_for_the_newest(path):
    rewrite(path, lambda content: content.update(clinic="d" * 32, generation=99), [keyslots.NAMES[1]])
    refuse("damaged", vault.unlock, path, ANN, PLUM)


@pytest.mark.usefixtures("ann")
def test_a_key_file_that_cannot_be_read_is_told(path):
    for name in keyslots.NAMES:
        path.with_name(name).unlink()
        path.with_name(name).mkdir()
    refuse("cannot be read", vault.unlock, path, ANN, PLUM)


def test_of_two_whole_copies_the_later_one_counts(path, ann):
    second = path.with_name(keyslots.NAMES[1])
    old = second.read_bytes()
    vault.change_password(path, ann, PLUM, ORBIT)
    second.write_bytes(old)
    assert opens(path, ANN, ORBIT) == ann.key
    assert second.read_bytes() != old


def test_a_file_that_was_not_kept_as_written_is_told(path, ann, monkeypatch):
    monkeypatch.setattr(keyslots, "write_private", lambda *_: None)
    refuse("not kept as it was written", vault.change_password, path, ann, PLUM, ORBIT)
