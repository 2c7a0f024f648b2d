"""What the tests of the vault share: names, passwords of the least cost allowed, a clock set by hand."""

import pytest

from intake_app import vault
from intake_app.errors import UserError
from intake_app.vault.keyslots import Cost
from intake_app.vault.tries import Moment, MustWaitError

CHEAP = Cost(3, 12 * 1024, 1)
CLINIC = "c" * 32
ANN, BEN = "Ann Lee", "Ben Ito"
PLUM, ORBIT = "plum-kettle-orbit", "slow green ladder"


class Clock:
    """A computer's clock and the time since its start, both set by hand."""

    def __init__(self):
        self.wall, self.running = 1_800_000_000.0, 5000.0

    def __call__(self):
        return Moment(self.wall, self.running)

    def wait(self, seconds):
        self.wall += seconds
        self.running += seconds


def fill(records, now):
    """Make records of Ann's with one patient; return her session and the recovery code."""
    session, code = records.create(ANN, PLUM)
    with records.open(session) as store:
        records.sign_in(store, session)
        store.add_patient({"family_name": "Invented"}, now)
        store.sign_out(now)
    return session, code


def opens(path, name, password):
    return bytes(vault.unlock(path, name, password, Clock()).key)


def renew_code(path, session, password):
    """Give the records a new recovery code, as if it was written down at once."""
    code = vault.make_recovery_code(path, session, password)
    vault.keep_recovery_code(path, session, code)
    return code


def refuse(words, function, *arguments):
    with pytest.raises(UserError, match=words) as caught:
        function(*arguments)
    assert caught.value.hint.endswith(".")
    return caught.value


def exhaust(path, clock, name=ANN, times=5):
    """Enter wrong passwords, each as soon as that is possible, and return how long there is to wait after them."""
    for _ in range(times):
        with pytest.raises(UserError) as caught:
            vault.unlock(path, name, "a wrong password", clock)
        if isinstance(caught.value, MustWaitError):
            clock.wait(caught.value.seconds)
            with pytest.raises(UserError):
                vault.unlock(path, name, "a wrong password", clock)
    with pytest.raises(MustWaitError) as caught:
        vault.unlock(path, name, PLUM, clock)
    return caught.value.seconds
