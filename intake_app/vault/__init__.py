"""Who can open the records: one random key for the file, given out for a user's password or the recovery code.

The key is never derived from a password, so a password is changed without touching the records. Rights are not
decided here but in the store; ask it first (`store.note("password changed", ...)`), then call what is below.
Whoever has once opened the records could have kept the key: so they get a new one after a user was taken out
(`start_new_key`, then the records are exported, then `keep_key`), which does not lock old backups.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from pathlib import Path

from intake_app.errors import UserError
from intake_app.vault import keyslots, passwords, sealing, tries
from intake_app.vault.keyslots import Cost, KeyFile, Slot
from intake_app.vault.recovery_code import make_code, read_code
from intake_app.vault.tries import Clock, read_clock

_WRONG = ("The name or the password is wrong.", "Check both, and the Caps Lock key, and try again.")
_OWN_WRONG = ("Your own password is wrong.", "Check it, and the Caps Lock key, and try again.")
_WRONG_CODE = ("This recovery code does not open these records.", "A newer code may have replaced it. Check the paper.")


@dataclass(slots=True)
class Session:
    """What somebody got by opening the vault: the key for `open_store`, and who they are.

    `by_code`: the recovery code opened it, and there is no user. `is_new`: the database was never made yet.
    `notice` is a sentence to show, or "". `following`: the key that may have taken the place of `key` when a change
    was cut off (`keep_key`). `is_due`: a user was removed, and the records still have the key from before.
    `is_emergency`: the user got in by the recovery code, and that is not in the trail yet.
    """

    key: bytearray = field(repr=False)
    clinic_id: str
    user_id: str
    name: str
    notice: str = ""
    by_code: bool = False
    is_new: bool = False
    following: bytearray | None = field(default=None, repr=False)
    is_due: bool = False
    is_emergency: bool = False

    def keys(self) -> list[bytes]:
        """Return the key, and the one that may take its place."""
        return [bytes(key) for key in (self.key, self.following) if key]

    def wipe(self) -> None:
        """Overwrite this copy of the key; Python may hold others until the program ends."""
        for key in (self.key, self.following):
            if key:
                key[:] = bytes(len(key))


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
    own = keyslots.lock_password(clinic_id, (user_id, name), passwords.prepare(password), cost or keyslots.calibrate())
    slots = (own, keyslots.lock_code(clinic_id, code))
    database.parent.mkdir(0o700, parents=True, exist_ok=True)
    tries.start(database)
    keyslots.write(database, sealing.start(clinic_id, key, {slot.owner: (slot, public) for slot, public in slots}))
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
    keys = _try_password(database, file, slot, password, clock)
    if slot is None or not keys:
        raise UserError(*_WRONG)
    return open_session(file, keys, (slot.user, slot.name), notice)


def unlock_with_code(database: Path, code: str, clock: Clock = read_clock) -> Session:
    """Return a session for the printed recovery code, with which a user can be given a new password.

    UserError for a slip, which is not counted, and for another clinic's or an older code, which is.
    """
    file, notice = keyslots.read(database)
    secret = read_code(code)
    tries.begin(database, tries.CODE, clock)
    keys = sealing.open_keys(file, file.recovery_slot(), secret)
    if not keys:
        raise UserError(*_WRONG_CODE)
    tries.succeed(database, tries.CODE, clock)
    return replace(open_session(file, keys, ("", ""), notice), by_code=True)


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
    # Whoever gets a new password is not to be let in by a keyring that knows the user from before.
    file = sealing.drop_slots(file, session.keys(), {f"{keyslots.DEVICE}/{user_id}"}, is_due=False)
    made = keyslots.lock_password(file.clinic, (user_id, name), passwords.prepare(password), _dearest(file))
    keyslots.write(database, sealing.put_slot(file, session.keys(), *made))


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

    They may have kept the key: until the records get a new one, each session says that it `is_due`. UserError if no
    administrator were left who can sign in. The recovery code's slot is never taken away.
    """
    file = confirm(database, session, own_password, clock)
    left = [slot for slot in file.slots if slot.kind == keyslots.PASSWORD and slot.user != user_id]
    if not any(slot.user in administrators for slot in left):
        raise UserError("This is the last administrator who can sign in.", "Make somebody else an administrator first.")
    if gone := {slot.owner for slot in file.slots if slot.user == user_id}:
        keyslots.write(database, sealing.drop_slots(file, session.keys(), gone, is_due=True))
        session.is_due = True


def make_recovery_code(database: Path, session: Session, own_password: str, clock: Clock = read_clock) -> str:
    """Return a new recovery code, this once; the one before counts until this one is kept, on paper and then here."""
    confirm(database, session, own_password, clock)
    return make_code()[1]


def keep_recovery_code(database: Path, session: Session, printed: str) -> None:
    """Let a new recovery code count; the one before does not open these records any more, only old backups."""
    file, _ = keyslots.read(database)
    made = keyslots.lock_code(file.clinic, read_code(printed))
    keyslots.write(database, sealing.put_slot(file, session.keys(), *made))


def start_new_key(database: Path, session: Session, new: bytes) -> None:
    """Seal a new key to everybody beside the present one, so that the records may change theirs any moment.

    `keep_key` says which it became. UserError if the file could not be written, with its second copy; the present key
    opens all the same.
    """
    file, _ = keyslots.read(database)
    keyslots.write(database, sealing.add_key(file, bytes(session.key), new), both=True)


def take_key(database: Path, session: Session, key: bytes | bytearray) -> None:
    """Let the session have this one of two keys, with which the records open; the other one still is in the file."""
    if session.key != key:
        kept = session.following if session.following == key else bytearray(key)
        session.key, session.following = kept, session.key
    file, _ = keyslots.read(database)
    session.is_due = sealing.read_inside(file, bytes(key)).is_due


def keep_key(database: Path, session: Session, key: bytes | bytearray) -> None:
    """Remember that the records open with this one of two keys; the other one is in neither copy afterwards.

    Nobody may be changing their key meanwhile. After a UserError, which says why that could not be written, the session
    has this key, and the other one as `following`.
    """
    take_key(database, session, key)
    file, _ = keyslots.read(database)
    keyslots.write(database, sealing.keep_key(file, bytes(key)))
    other, session.following = session.following, None
    if other:
        other[:] = bytes(len(other))


def former_keys(database: Path, key: bytes | bytearray) -> list[bytes]:
    """Return the keys that the records had before this one, the latest first: with those open older backups."""
    file, _ = keyslots.read(database)
    return list(sealing.read_inside(file, bytes(key)).former)


def generation(database: Path, key: bytes | bytearray) -> int:
    """Return how often the key file was changed until now, as only those can have written who had the key."""
    file, _ = keyslots.read(database)
    return sealing.read_inside(file, bytes(key)).generation


def confirm(database: Path, session: Session, own_password: str, clock: Clock = read_clock) -> KeyFile:
    """Return the key file, once it is sure that the person is still the one who signed in; UserError if not."""
    file, _ = keyslots.read(database)
    slot = file.slot_of(session.user_id)
    if not session.by_code and not _try_password(database, file, slot, own_password, clock):
        raise UserError(*_OWN_WRONG)
    return file


def open_session(file: KeyFile, keys: list[bytearray], user: tuple[str, str], notice: str) -> Session:
    """Return the session for the keys that a slot of a user (id, name) gave."""
    key, *others = keys
    inside = sealing.read_inside(file, bytes(key))
    following = others[0] if others else None
    return Session(key, file.clinic, *user, notice, is_new=not file.made, following=following, is_due=inside.is_due)


def _try_password(database: Path, file: KeyFile, slot: Slot | None, password: str, clock: Clock) -> list[bytearray]:
    """Return the keys, none for a wrong password; a name without a slot takes as long as one with it."""
    who = slot.user if slot else tries.UNKNOWN
    tries.begin(database, who, clock)
    decoy = next(each for each in file.slots if each.kind == keyslots.PASSWORD)
    keys = sealing.open_keys(file, slot or decoy, passwords.prepare(password))
    if slot is None or not keys:
        return []
    tries.succeed(database, who, clock)
    return keys


def _dearest(file: KeyFile) -> Cost:
    """Return the cost that the clinic's computer was calibrated for."""
    costs = [keyslots.cost_of(slot.parameters) for slot in file.slots if slot.kind == keyslots.PASSWORD]
    return max(costs, key=lambda cost: cost.passes * cost.kib)
