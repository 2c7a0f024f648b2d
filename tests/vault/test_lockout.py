"""Who is remembered on this computer gives the password after a lock, whatever becomes of the file that says so."""

import pytest
from locked import ANN, PLUM

from intake_app.vault import device, lockout

keyring = pytest.importorskip("keyring")
from keyring.backend import KeyringBackend  # noqa: E402 only where it is installed


class OwnKeyring(KeyringBackend):
    """A keyring that keeps nothing: here nobody is let in by it."""

    priority = 1

    def set_password(self, service, username, password):
        """Keep nothing."""

    get_password = delete_password = set_password


@pytest.fixture
def remembered(path, ann, monkeypatch):
    """Return (where the records would be, Ann's id), Ann being remembered."""
    before = keyring.get_keyring()
    monkeypatch.setattr(device, "TRUSTED", (OwnKeyring.__module__,))
    keyring.set_keyring(OwnKeyring())
    device.remember(path, ann, PLUM, ann.user_id)
    yield path, ann.user_id
    keyring.set_keyring(before)


def test_a_lock_asks_for_the_password_until_it_was_given(remembered):
    path, ann = remembered
    assert lockout.find_free(path) == [ANN]
    lockout.begin(path)
    assert lockout.find_free(path) == []
    assert path.with_name(lockout.NAME).stat().st_mode & 0o777 == 0o600
    lockout.end(path, "somebody else")
    assert lockout.find_free(path) == []
    lockout.end(path, ann)
    assert lockout.find_free(path) == [ANN]


@pytest.mark.parametrize("content", [b"", b"{", b"7", b"\xff", b"[" * 100_000])
def test_a_damaged_file_asks_everybody(remembered, content):
    path, ann = remembered
    path.with_name(lockout.NAME).write_bytes(content)
    assert lockout.find_free(path) == []
    lockout.end(path, ann)
    assert lockout.find_free(path) == [ANN]


def test_a_folder_that_takes_no_file_does_not_keep_from_locking(remembered):
    path, _ = remembered
    path.with_name(lockout.NAME).mkdir()
    lockout.begin(path)
    assert lockout.find_free(path) == []
