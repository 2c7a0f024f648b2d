"""Remembers a user on this computer: a secret in the system's own keyring, which opens a slot of the user's.

Off unless an administrator switches it on for somebody. The keyring never has the records' key, and is never the only
way in: the password and the recovery code open as before, and after the window has locked the password is asked for.
"""

import base64
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any

from intake_app import vault
from intake_app.errors import UserError
from intake_app.vault import keyslots, sealing
from intake_app.vault.keyslots import DEVICE, KeyFile, Slot
from intake_app.vault.tries import Clock, read_clock

SERVICE = "spine-intake"
SECRET_BYTES = 32
# Those of the systems themselves, which ask who is at the computer; never one that writes a file, such as keyrings.alt.
TRUSTED = (
    "keyring.backends.Windows",
    "keyring.backends.macOS",
    "keyring.backends.SecretService",
    "keyring.backends.libsecret",
    "keyring.backends.kwallet",
)
_AS_EVER = "Everybody signs in with the password."
_NO_LIBRARY = (
    "Nobody can be remembered on this computer: the part of the program for it is not installed.",
    f"{_AS_EVER} Whoever looks after this computer can install spine-intake[keyring].",
)
_NO_KEYRING = (
    "Nobody can be remembered on this computer: it has no keyring of its own, or none for this account.",
    _AS_EVER,
)
_SILENT = ("The keyring of this computer does not give out its secrets.", "Sign in with the password.")
_FORGOTTEN = ("This user is not remembered on this computer any more.", "Sign in with the password.")


def why_not() -> str:
    """Return why nobody can be remembered on this computer, or "" if somebody can."""
    try:
        _find_keyring()
    except UserError as error:
        return str(error)
    return ""


def remembered(database: Path) -> list[tuple[str, str]]:
    """Return (id, name) of the users who have a slot that a keyring opens; UserError if the file cannot be used."""
    file, _ = keyslots.read(database)
    return [(slot.user, slot.name) for slot in file.slots if slot.kind == DEVICE]


def remember(
    database: Path, session: vault.Session, own_password: str, user_id: str, clock: Clock = read_clock
) -> None:
    """Let a user, who has a password, sign in on this computer without it; the own password is asked for.

    UserError for a wrong one, and if there is no keyring to be trusted; nothing is changed then. A new password, or
    the removal of the user, ends it.
    """
    keyring = _find_keyring()
    file = vault.confirm(database, session, own_password, clock)
    user = file.slot_of(user_id)
    if user is None:
        raise UserError("This user cannot sign in.", "Give the user a password first.")
    secret = secrets.token_bytes(SECRET_BYTES)
    slot, public = keyslots.lock_code(file.clinic, secret, (DEVICE, user.user, user.name))
    changed = sealing.put_slot(file, session.keys(), slot, public)
    _call(keyring.set_password, SERVICE, _entry(file, slot), base64.b64encode(secret).decode())
    keyslots.write(database, changed)


def forget(database: Path, session: vault.Session, own_password: str, user_id: str, clock: Clock = read_clock) -> None:
    """Ask a user for the password again; UserError for a wrong own one. Nobody needs a keyring for this."""
    file = vault.confirm(database, session, own_password, clock)
    slot = _slot_of(file, user_id)
    if slot is None:
        return
    keyslots.write(database, sealing.drop_slots(file, session.keys(), {slot.owner}, is_due=False))
    with suppress(UserError):  # what is left there opens nothing any more
        _call(_find_keyring().delete_password, SERVICE, _entry(file, slot))


def unlock(database: Path, name: str) -> vault.Session:
    """Return the session of a user who is remembered here; UserError, which leads to the password, if it cannot be."""
    file, notice = keyslots.read(database)
    user = file.slot_named(name)
    slot = _slot_of(file, user.user) if user else None
    if slot is None:
        raise UserError(*_FORGOTTEN)
    kept = _call(_find_keyring().get_password, SERVICE, _entry(file, slot))
    try:
        keys = sealing.open_keys(file, slot, base64.b64decode(kept or "", validate=True))
    except ValueError:
        keys = []
    if not keys:
        raise UserError(*_FORGOTTEN)
    return vault.open_session(file, keys, (slot.user, slot.name), notice)


def _slot_of(file: KeyFile, user_id: str) -> Slot | None:
    return next((slot for slot in file.slots if (slot.kind, slot.user) == (DEVICE, user_id)), None)


def _entry(file: KeyFile, slot: Slot) -> str:
    return f"{file.clinic}/{slot.user}"


def _find_keyring() -> Any:  # noqa: ANN401 keyring's own class, where it is installed
    """Return the system's keyring; UserError if there is none, or only such as would write a file."""
    try:
        import keyring  # noqa: PLC0415 an option
    except ImportError:
        raise UserError(*_NO_LIBRARY) from None
    chosen = _call(keyring.get_keyring)
    # One may stand for several; it would take the first of them, whichever that is.
    for each in (*getattr(chosen, "backends", ()), chosen):
        if type(each).__module__ in TRUSTED:
            return each
    raise UserError(*_NO_KEYRING)


def _call(function: Any, *arguments: str) -> Any:  # noqa: ANN401 the same
    try:
        return function(*arguments)
    except Exception as error:  # each system has errors of its own
        raise UserError(*_SILENT) from error
