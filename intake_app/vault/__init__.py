"""Who can open the records: one random key for the file, given out for a user's password or the recovery code.

The key is never derived from a password, so a password is changed without touching the records. Rights are not
decided here but in the store; ask it first (`store.note("password changed", ...)`), then call what is below.
Whoever has once opened the records could have kept the key: taking a user out keeps them from signing in here, and
does not lock old backups.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from pathlib import Path

from intake_app.errors import UserError
from intake_app.vault import keyslots, passwords, tries
from intake_app.vault.keyslots import Cost, KeyFile, Slot
from intake_app.vault.recovery_code import make_code, read_code
from intake_app.vault.tries import Clock, read_clock

_WRONG = ("The name or the password is wrong.", "Check both, and the Caps Lock key, and try again.")
_WRONG_CODE = ("This recovery code does not open these records.", "A newer code may have replaced it. Check the paper.")


@dataclass(slots=True)
class Session:
    """What somebody got by opening the vault: the key for `open_store`, and who they are.

    `by_code`: the recovery code opened it, and there is no user. `is_new`: the database was never made yet.
    `notice` is a sentence to show, or "".
    """

    key: bytearray = field(repr=False)
    clinic_id: str
    user_id: str
    name: str
    notice: str = ""
    by_code: bool = False
    is_new: bool = False

    def wipe(self) -> None:
        """Overwrite this copy of the key; Python may hold others until the program ends."""
        self.key[:] = bytes(len(self.key))


def exists(database: Path) -> bool:
    """Tell whether these records are locked with passwords: there is a key file, whole or not."""
    return keyslots.exists(database)


def create_vault(
    database: Path, clinic_id: str, name: str, password: str, cost: Cost | None = None
) -> tuple[Session, str]:
    """Make the key file of a new clinic with its first administrator; return the session and the recovery code.

    The code is returned this once. Then make the database with the key, add the user to it, and `mark_made`. `cost`
    of None is calibrated on this computer. UserError for a weak password, or if there is a key file already.
    """
    if exists(database):
        raise UserError("These records have a key file already.", "Sign in instead.")
    passwords.check(password, name)
    key, user_id = secrets.token_bytes(keyslots.KEY_BYTES), secrets.token_hex(16)
    code, printed = make_code()
    slot = _seal(key, clinic_id, (user_id, name), password, cost or keyslots.calibrate())
    database.parent.mkdir(0o700, parents=True, exist_ok=True)
    tries.start(database)
    keyslots.write(database, KeyFile(clinic_id, 0, made=False, slots=(slot, keyslots.seal_code(key, clinic_id, code))))
    return Session(bytearray(key), clinic_id, user_id, name, is_new=True), printed


def mark_made(database: Path, session: Session) -> None:
    """Remember that the database was made: from now on a missing one is a fault, and never made anew."""
    file, _ = keyslots.read(database)
    if not file.made:
        keyslots.write(database, replace(file, made=True))
    session.is_new = False


def users(database: Path) -> list[tuple[str, str]]:
    """Return (id, name) of everybody who can sign in, by name; UserError if the key file cannot be used."""
    file, _ = keyslots.read(database)
    found = [(slot.user, slot.name) for slot in file.slots if slot.kind == keyslots.PASSWORD]
    return sorted(found, key=lambda user: keyslots.fold_name(user[1]))


def unlock(database: Path, name: str, password: str, clock: Clock = read_clock) -> Session:
    """Return the session of a user.

    UserError with the same sentence, after the same time, for a name without an account and for a wrong password;
    tries.MustWaitError, a UserError, after several of them; UserError for a key file that cannot be used.
    """
    file, notice = keyslots.read(database)
    slot = file.slot_named(name)
    key = _try_password(database, file, slot, password, clock)
    assert slot  # noqa: S101 a key came out of it
    return Session(key, file.clinic, slot.user, slot.name, notice, is_new=not file.made)


def unlock_with_code(database: Path, code: str, clock: Clock = read_clock) -> Session:
    """Return a session for the printed recovery code, with which a user can be given a new password.

    UserError for a slip, which is not counted, and for another clinic's or an older code, which is.
    """
    file, notice = keyslots.read(database)
    secret = read_code(code)
    tries.begin(database, tries.CODE, clock)
    key = keyslots.open_slot(file.recovery_slot(), file.clinic, secret)
    if key is None:
        raise UserError(*_WRONG_CODE)
    tries.succeed(database, tries.CODE, clock)
    return Session(key, file.clinic, "", "", notice, by_code=True, is_new=not file.made)


def add_user(
    database: Path,
    session: Session,
    own_password: str,
    user_id: str,
    name: str,
    password: str,
    clock: Clock = read_clock,
) -> None:
    """Let a user of the store sign in with a password; one who could already has this one instead.

    Whoever does it gives their own password again, except with the recovery code. UserError for a wrong one, a weak
    new one, and a name that is somebody else's; nothing is changed then.
    """
    file = confirm(database, session, own_password, clock)
    taken = file.slot_named(name)
    if taken and taken.user != user_id:
        raise UserError("There is already a user of this name.", "Add something that tells the two apart.")
    passwords.check(password, name)
    slot = _seal(bytes(session.key), file.clinic, (user_id, name), password, _dearest(file))
    keyslots.write(database, file.with_slot(slot))


def change_password(database: Path, session: Session, old: str, new: str, clock: Clock = read_clock) -> None:
    """Give the user of the session another password; UserError for a wrong old or a weak new one."""
    add_user(database, session, old, session.user_id, session.name, new, clock)


def remove_user(
    database: Path,
    session: Session,
    own_password: str,
    user_id: str,
    administrators: Collection[str],
    clock: Clock = read_clock,
) -> None:
    """Keep a user from signing in; once is enough. `administrators` are the ids of those the store has.

    UserError if no administrator were left who can sign in. The recovery code's slot is never taken away.
    """
    file = confirm(database, session, own_password, clock)
    left = tuple(slot for slot in file.slots if slot.kind != keyslots.PASSWORD or slot.user != user_id)
    if not any(slot.kind == keyslots.PASSWORD and slot.user in administrators for slot in left):
        raise UserError("This is the last administrator who can sign in.", "Make somebody else an administrator first.")
    if left != file.slots:
        keyslots.write(database, replace(file, slots=left))


def renew_recovery_code(database: Path, session: Session, own_password: str, clock: Clock = read_clock) -> str:
    """Return a new recovery code, this once; the one before does not open these records any more, only old backups."""
    file = confirm(database, session, own_password, clock)
    code, printed = make_code()
    keyslots.write(database, file.with_slot(keyslots.seal_code(bytes(session.key), file.clinic, code)))
    return printed


def confirm(database: Path, session: Session, own_password: str, clock: Clock = read_clock) -> KeyFile:
    """Return the key file, once it is sure that the person is still the one who signed in; UserError if not."""
    file, _ = keyslots.read(database)
    if not session.by_code:
        _try_password(database, file, file.slot_of(session.user_id), own_password, clock)
    return file


def _try_password(database: Path, file: KeyFile, slot: Slot | None, password: str, clock: Clock) -> bytearray:
    """Return the key; a name without a slot takes as long as one with it, and is told the same."""
    who = slot.user if slot else tries.UNKNOWN
    tries.begin(database, who, clock)
    decoy = next(each for each in file.slots if each.kind == keyslots.PASSWORD)
    key = keyslots.open_slot(slot or decoy, file.clinic, passwords.prepare(password))
    if slot is None or key is None:
        raise UserError(*_WRONG)
    tries.succeed(database, who, clock)
    return key


def _seal(key: bytes, clinic_id: str, user: tuple[str, str], password: str, cost: Cost) -> Slot:
    return keyslots.seal_password(key, clinic_id, user, passwords.prepare(password), cost)


def _dearest(file: KeyFile) -> Cost:
    """Return the cost that the clinic's computer was calibrated for."""
    costs = [keyslots.cost_of(slot.parameters) for slot in file.slots if slot.kind == keyslots.PASSWORD]
    return max(costs, key=lambda cost: cost.passes * cost.kib)
