"""Remembered on this computer: off until it is switched on, never the only way in, never in a file."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from locked import ANN, BEN, ORBIT, PLUM, refuse

from intake_app import vault
from intake_app.vault import device, keyslots

keyring = pytest.importorskip("keyring")
from keyring.backend import KeyringBackend  # noqa: E402 only where it is installed

BEN_ID = "b" * 32


class OwnKeyring(KeyringBackend):
    """A keyring in memory, as keyring's own extension point has it."""

    priority = 1

    def __init__(self):
        super().__init__()
        self.kept = {}

    def set_password(self, service, username, password):
        self.kept[service, username] = password

    def get_password(self, service, username):
        return self.kept.get((service, username))

    def delete_password(self, service, username):
        del self.kept[service, username]


class BrokenKeyring(OwnKeyring):
    """One whose owner does not unlock it."""

    def get_password(self, service, username):
        raise keyring.errors.KeyringLocked(f"{service} {username}")

    set_password = delete_password = get_password


@pytest.fixture
def system(monkeypatch):
    """Return the keyring of this computer, which is trusted."""
    before, own = keyring.get_keyring(), OwnKeyring()
    monkeypatch.setattr(device, "TRUSTED", (OwnKeyring.__module__,))
    keyring.set_keyring(own)
    yield own
    keyring.set_keyring(before)


@pytest.fixture
def ben(path, ann):
    """Return Ann's session; Ben can sign in."""
    vault.add_user(path, ann, PLUM, BEN_ID, BEN, ORBIT)
    return ann


@pytest.mark.usefixtures("system")
def test_nobody_is_remembered_until_it_is_switched_on(path, ben):
    assert device.why_not() == ""
    assert device.remembered(path) == []
    refuse("not remembered on this computer", device.unlock, path, BEN)
    device.remember(path, ben, PLUM, BEN_ID)
    assert device.remembered(path) == [(BEN_ID, BEN)]
    session = device.unlock(path, BEN.upper())
    assert (session.key, session.user_id, session.name) == (ben.key, BEN_ID, BEN)
    refuse("not remembered", device.unlock, path, ANN)
    refuse("not remembered", device.unlock, path, "Nobody")


def test_the_keyring_has_44_characters_and_never_the_key(path, ben, system):
    device.remember(path, ben, PLUM, BEN_ID)
    [(where, secret)] = system.kept.items()
    assert where == ("spine-intake", f"{keyslots.read(path)[0].clinic}/{BEN_ID}")
    assert len(secret) == 44
    assert keyslots.to_bytes(secret) != bytes(ben.key)
    for file in path.parent.iterdir():
        assert secret not in file.read_text("utf-8")


def test_the_password_opens_as_before_and_a_lost_keyring_shuts_nobody_out(path, ben, code, system):
    device.remember(path, ben, PLUM, BEN_ID)
    assert vault.unlock(path, BEN, ORBIT).key == ben.key
    system.kept.clear()
    refuse("not remembered", device.unlock, path, BEN)
    assert vault.unlock(path, BEN, ORBIT).key == vault.unlock_with_code(path, code).key == ben.key


@pytest.mark.parametrize("secret", ["", "?", "AAAA", "A" * 44])
def test_another_secret_opens_nothing(path, ben, system, secret):
    device.remember(path, ben, PLUM, BEN_ID)
    system.kept = dict.fromkeys(system.kept, secret)
    refuse("not remembered", device.unlock, path, BEN)


def test_who_switches_it_on_gives_their_own_password(path, ben, system):
    refuse("is wrong", device.remember, path, ben, ORBIT, BEN_ID)
    refuse("cannot sign in", device.remember, path, ben, PLUM, "x" * 32)
    assert (device.remembered(path), system.kept) == ([], {})


def test_forgotten_means_the_password_again_with_or_without_a_keyring(path, ben, system):
    device.remember(path, ben, PLUM, BEN_ID)
    refuse("is wrong", device.forget, path, ben, ORBIT, BEN_ID)
    device.forget(path, ben, PLUM, BEN_ID)
    assert (device.remembered(path), system.kept) == ([], {})
    device.forget(path, ben, PLUM, BEN_ID)
    device.remember(path, ben, PLUM, BEN_ID)
    keyring.set_keyring(BrokenKeyring())
    device.forget(path, ben, PLUM, BEN_ID)
    keyring.set_keyring(system)
    refuse("not remembered", device.unlock, path, BEN)


@pytest.mark.usefixtures("system")
def test_a_new_password_or_a_removal_ends_it(path, ben):
    device.remember(path, ben, PLUM, BEN_ID)
    vault.add_user(path, ben, PLUM, BEN_ID, BEN, "amber violin ladder")
    refuse("not remembered", device.unlock, path, BEN)
    device.remember(path, ben, PLUM, BEN_ID)
    vault.remove_user(path, ben, PLUM, BEN_ID, {ben.user_id})
    refuse("not remembered", device.unlock, path, BEN)


@pytest.mark.usefixtures("system")
def test_a_new_key_for_the_records_is_given_to_the_remembered_too(path, ben):
    device.remember(path, ben, PLUM, BEN_ID)
    vault.start_new_key(path, ben, bytes(32))
    assert device.unlock(path, BEN).following == bytes(32)
    vault.keep_key(path, ben, bytes(32))
    assert device.unlock(path, BEN).key == bytes(32)


def test_a_keyring_that_stays_locked_is_told(path, ben, system):
    device.remember(path, ben, PLUM, BEN_ID)
    keyring.set_keyring(BrokenKeyring())
    refuse("does not give out its secrets", device.unlock, path, BEN)
    refuse("does not give out its secrets", device.remember, path, ben, PLUM, ben.user_id)
    assert device.remembered(path) == [(BEN_ID, BEN)]
    assert system.kept


def test_without_a_keyring_it_is_not_offered_and_said_why(path, ben):
    before = keyring.get_keyring()
    keyring.set_keyring(keyring.backends.fail.Keyring())
    try:
        assert "no keyring of its own" in device.why_not()
        refuse("no keyring of its own", device.remember, path, ben, PLUM, BEN_ID)
    finally:
        keyring.set_keyring(before)
    assert device.remembered(path) == []


def test_a_keyring_that_is_not_the_systems_own_is_not_trusted(system, monkeypatch):
    monkeypatch.setattr(device, "TRUSTED", ("keyring.backends.SecretService",))
    assert "no keyring of its own" in device.why_not()
    assert not any(name.startswith("keyrings") for name in device.TRUSTED)
    assert system.kept == {}


def test_of_several_keyrings_only_a_trusted_one_is_used(path, ben, system):
    class Several(BrokenKeyring):
        backends = (BrokenKeyring(), system)

    Several.__module__ = BrokenKeyring.__module__ = "keyrings.alt.file"
    try:
        keyring.set_keyring(Several())
        device.remember(path, ben, PLUM, BEN_ID)
        assert len(system.kept) == 1
    finally:
        BrokenKeyring.__module__ = OwnKeyring.__module__


def test_without_the_library_it_is_not_offered_and_said_why(monkeypatch):
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert "spine-intake[keyring]" in device.why_not()


REAL = """
import sys
from pathlib import Path
from locked import ANN, PLUM
from intake_app import vault
from intake_app.vault import device
path = Path(sys.argv[1])
session = vault.unlock(path, ANN, PLUM)
print(device.why_not())
device.remember(path, session, PLUM, session.user_id)
print(device.unlock(path, ANN).key == session.key)
device.forget(path, session, PLUM, session.user_id)
print(device.remembered(path))
"""


@pytest.mark.skipif(
    not (shutil.which("gnome-keyring-daemon") and shutil.which("dbus-run-session")), reason="needs GNOME's keyring"
)
@pytest.mark.usefixtures("ann")
def test_with_the_keyring_of_gnome_it_works(path, tmp_path):
    start = 'echo -n x | gnome-keyring-daemon --unlock --components=secrets >&2 && exec "$@"'
    roots = [str(Path(vault.__file__).parents[2]), str(Path(__file__).parents[1])]
    folders = {name: str(tmp_path) for name in ("HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR")}
    done = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", start, "sh", sys.executable, "-c", REAL, str(path)],
        env=os.environ | folders | {"PYTHONPATH": os.pathsep.join([*roots, *sys.path])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines() == ["", "True", "[]"], done.stderr
