"""Guessing: it takes longer and longer, whatever is done to the clock, the files or the program."""

from datetime import UTC, datetime

import pytest
from locked import ANN, BEN, CHEAP, ORBIT, PLUM, Clock, exhaust, refuse

from intake_app import vault
from intake_app.errors import UserError
from intake_app.vault import keyslots, tries
from intake_app.vault.recovery_code import make_code
from intake_app.vault.tries import MustWaitError


@pytest.mark.usefixtures("ann")
def test_check_06_wrong_passwords_have_to_wait_longer_and_longer(path, clock):
    waits = []
    for _ in range(10):
        refuse("name or the password is wrong", vault.unlock, path, ANN, "a wrong password", clock)
        try:
            vault.unlock(path, ANN, "a wrong password", clock)
        except MustWaitError as error:
            waits.append(error.seconds)
            clock.wait(error.seconds + 1)
        except UserError:
            waits.append(0)
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (0, 900)
    assert len(tries.failures(path)) == len([w for w in waits if w]) + 2 * waits.count(0)


def test_the_right_password_has_to_wait_too_and_then_ends_the_waiting(path, ann, clock):
    seconds = exhaust(path, clock)
    assert seconds == 30
    told = refuse("Too many wrong passwords", vault.unlock, path, ANN, PLUM, clock)
    assert "30 seconds" in told.hint
    clock.wait(seconds)
    assert vault.unlock(path, ANN, PLUM, clock).key == ann.key
    refuse("name or the password is wrong", vault.unlock, path, ANN, "a wrong password", clock)
    assert vault.unlock(path, ANN, PLUM, clock).key == ann.key


def test_a_long_wait_is_told_in_minutes():
    assert "15 minutes" in MustWaitError(900).hint
    assert "3 minutes" in MustWaitError(130).hint
    assert MustWaitError(0.01).seconds == 1


def test_a_wait_is_only_for_the_one_whose_password_was_tried(path, ann, clock):
    vault.add_user(path, ann, PLUM, "b" * 32, BEN, ORBIT)
    exhaust(path, clock, BEN)
    assert vault.unlock(path, ANN, PLUM, clock).key == ann.key
    with pytest.raises(MustWaitError):
        vault.unlock(path, BEN, ORBIT, clock)


@pytest.mark.parametrize("days", [-400, 400])
@pytest.mark.usefixtures("ann")
def test_check_10_setting_the_clock_does_not_shorten_the_wait(path, clock, days):
    exhaust(path, clock)
    clock.wall += days * 86400
    with pytest.raises(MustWaitError):
        vault.unlock(path, ANN, PLUM, clock)


@pytest.mark.parametrize(("off", "days", "waits"), [(0, 0, True), (60, 0, False), (60, -400, True)])
def test_the_wait_goes_on_over_a_restart_of_the_computer(path, ann, clock, off, days, waits):
    exhaust(path, clock)
    clock.running = 3.0
    clock.wall += off + days * 86400
    if waits:
        with pytest.raises(MustWaitError):
            vault.unlock(path, ANN, PLUM, clock)
        clock.wait(30)
    assert vault.unlock(path, ANN, PLUM, clock).key == ann.key


@pytest.mark.parametrize(
    "content", [None, b"", b"{", b"[]", b'{"tries": {"x": 1}}', b'{"tries": {}, "failures": [[1e99, ""]]}']
)
def test_removing_or_damaging_the_count_gains_nothing(path, ann, clock, content):
    exhaust(path, clock)
    file = path.with_name(tries.NAME)
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    for _ in range(2):
        with pytest.raises(MustWaitError) as caught:
            vault.unlock(path, ANN, PLUM, clock)
    assert caught.value.seconds == 60
    clock.wait(60)
    assert vault.unlock(path, ANN, PLUM, clock).key == ann.key


@pytest.mark.usefixtures("ann")
def test_stopping_the_program_before_the_answer_does_not_save_a_try(path, clock, monkeypatch):
    monkeypatch.setattr(keyslots, "open_slot", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            vault.unlock(path, ANN, PLUM, clock)
    with pytest.raises(MustWaitError):
        vault.unlock(path, ANN, PLUM, clock)


def test_wrong_codes_have_to_wait_and_slips_do_not(path, ann, code, clock):
    other = make_code()[1]
    for _ in range(5):
        refuse("not a recovery code", vault.unlock_with_code, path, code[:-1], clock)
    for _ in range(3):
        refuse("does not open these records", vault.unlock_with_code, path, other, clock)
    with pytest.raises(MustWaitError):
        vault.unlock_with_code(path, code, clock)
    clock.wait(5)
    assert vault.unlock_with_code(path, code, clock).key == ann.key


def test_wrong_passwords_are_kept_to_be_told_of_until_they_were(path, ann, clock):
    vault.add_user(path, ann, PLUM, "b" * 32, BEN, ORBIT, clock)
    for name in (ANN, "Nobody"):
        refuse("is wrong", vault.unlock, path, name, "a wrong password", clock)
    refuse("does not open", vault.unlock_with_code, path, make_code()[1], clock)
    vault.unlock(path, BEN, ORBIT, clock)
    told = tries.failures(path)
    assert [user for _, user in told] == [ann.user_id, "", ""]
    assert {moment.timestamp() for moment, _ in told} == {clock.wall}
    tries.forget_told(path)
    assert tries.failures(path) == []


@pytest.mark.usefixtures("ann")
def test_check_07_an_unknown_user_and_a_wrong_password_are_told_the_same(path, clock):
    told = []
    for name in (ANN, "Nobody at all"):
        with pytest.raises(UserError) as caught:
            vault.unlock(path, name, "a wrong password", clock)
        told.append(str(caught.value))
    assert told[0] == told[1]
    assert exhaust(path, Clock()) == exhaust(path, Clock(), "Nobody at all")


@pytest.mark.usefixtures("ann")
def test_check_07_an_unknown_user_costs_as_many_derivations(path, monkeypatch):
    counted = []
    derive = keyslots._derive_password
    monkeypatch.setattr(keyslots, "_derive_password", lambda *a: (counted.append(a[2]), derive(*a))[1])
    for name in (ANN, "Nobody"):
        refuse("is wrong", vault.unlock, path, name, "a wrong password", Clock())
    assert counted == [CHEAP, CHEAP]


def test_who_looked_at_damaged_records_is_kept_until_the_trail_knows(path, ann, clock):
    moment = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
    tries.add_reading(path, ann.user_id, moment, clock)
    refuse("is wrong", vault.unlock, path, ANN, "a wrong password", clock)
    vault.unlock(path, ANN, PLUM, clock)
    assert tries.readings(path, clock) == [(moment, ann.user_id)]
    tries.forget_told(path, clock)
    assert tries.readings(path, clock) == tries.failures(path, clock) == []
