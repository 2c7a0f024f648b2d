"""Whom a keyring does not let in until they have given their password: whoever was remembered when a window locked.

It is kept beside the key file, so that closing a locked window and starting the program again is no way around the
lock. A file that cannot be read counts as everybody; whoever can take it away can use the account of the computer.
"""

import json
from contextlib import suppress
from pathlib import Path

from intake_app.errors import UserError
from intake_app.vault import device
from intake_app.vault.private_file import write_private

NAME = "locked_out.json"


def begin(database: Path) -> None:
    """Ask everybody who is remembered on this computer for the password; where that cannot be kept, nothing is said.

    A full disk must not keep a window from locking, which asks for passwords itself until it is closed.
    """
    with suppress(UserError):
        if users := {user for user, _ in device.remembered(database)}:
            _write(database, users)


def end(database: Path, user_id: str) -> None:
    """Let a user, who has given the password, be remembered again."""
    with suppress(UserError):  # the password is asked for once more
        out = _find_out(database)
        if user_id in out:
            _write(database, out - {user_id})


def find_free(database: Path) -> list[str]:
    """Return the names of those whom the keyring may let in now; UserError if the key file cannot be used."""
    out = _find_out(database)
    return [name for user, name in device.remembered(database) if user not in out]


def _find_out(database: Path) -> set[str]:
    try:
        return {str(user) for user in json.loads(database.with_name(NAME).read_bytes())}
    except FileNotFoundError:
        return set()
    except (OSError, ValueError, TypeError, RecursionError):
        return {user for user, _ in device.remembered(database)}


def _write(database: Path, users: set[str]) -> None:
    write_private(database.with_name(NAME), json.dumps(sorted(users)).encode())
