"""The key file: the records' one key, locked up once for each user and once for the recovery code.

A slot is a pair: its private half is locked up by the password or the code, and the key is sealed to the public half.
So the records get a new key without anybody's password, and a slot that is not there any more gets none.
"""

import base64
import hashlib
import json
import os
import secrets
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from filelock import FileLock, Timeout

from intake_app.errors import UserError
from intake_app.vault.private_file import write_private

NAMES = ("keyslots.json", "keyslots.2.json")  # beside the database: the file and its second copy
PASSWORD, CODE, DEVICE = "password", "recovery code", "device"
FORMAT = 3  # 1 and 2 were never released
SECONDS_TO_WAIT = 5.0  # for another program that writes it, which takes milliseconds
KEY_BYTES, SALT_BYTES, NONCE_BYTES = 32, 16, 12

SECOND_USED = "The key file was damaged or missing. Its second copy was used and put in its place: nothing is lost."
_FROM_BACKUP = "Copy keyslots.json from the folder of the last backup to where clinic.db is, then start again."
_DAMAGED = ("The key file (keyslots.json) is damaged, and so is its second copy.", _FROM_BACKUP)
_MISSING = ("The key file (keyslots.json) is missing.", _FROM_BACKUP)
_TRIAL = (
    "The key file was written by a trial version of this program, before its first release.",
    "Open the records with that version, or begin with an empty folder.",
)
_NEWER = ("The key file was written by a newer version of this program.", "Install the newer version on this computer.")
_WEAKENED = (
    "The key file was changed so that passwords would be easier to guess. It is not used.",
    _FROM_BACKUP,
)
_BUSY = ("Another program is changing the key file.", "Nothing was changed. Wait a moment, then try again.")
_CHANGED = ("The key file was changed meanwhile, in another window.", "Nothing was changed here. Try again.")


class Cost(NamedTuple):
    """What one guess of a password costs with Argon2id: passes over so many KiB of memory, in so many lanes."""

    passes: int
    kib: int
    lanes: int


# OWASP ASVS 5.0, appendix C: at least one of these pairs of passes and KiB.
FLOORS = ((1, 46 * 1024), (2, 19 * 1024), (3, 12 * 1024))
CEILING = Cost(20, 1024 * 1024, 64)  # more would be a trap for this computer's memory
DEFAULT_COST = Cost(3, 64 * 1024, 4)  # RFC 9106, section 4: the second recommended
SLOW_COSTS = (Cost(2, 46 * 1024, 4), Cost(2, 19 * 1024, 1))  # for a slow computer, the dearer first
SECONDS_WANTED, SECONDS_AT_MOST = 0.5, 1.0


@dataclass(frozen=True, slots=True)
class Slot:
    """A pair of one user, of a user on this computer, or of the recovery code; bytes are base64 texts.

    `private` is locked up by the secret; `keys` are the records' keys as sealed to the public half, see KeyFile.
    """

    kind: str
    user: str
    name: str
    parameters: dict[str, Any]
    nonce: str
    private: str
    keys: tuple[str, ...] = ()

    @property
    def owner(self) -> str:
        """Whose it is, in one word: there is one of each."""
        return f"{self.kind}/{self.user}"


@dataclass(frozen=True, slots=True)
class KeyFile:
    """All slots of a clinic. `made` tells that its database was made, so that a missing one is not made anew.

    Each slot has as many keys as there is in `inside`: one, and two while the records change theirs, the old one and
    the new one. `inside` is what only who has that key may read (intake_app.vault.sealing).
    """

    clinic: str
    generation: int
    made: bool
    slots: tuple[Slot, ...]
    inside: tuple[str, ...]

    def slot_named(self, name: str) -> Slot | None:
        """Return the slot of the user of this name, however it is capitalised, or None."""
        wanted = fold_name(name)
        return next((slot for slot in self.slots if slot.kind == PASSWORD and fold_name(slot.name) == wanted), None)

    def slot_of(self, user_id: str) -> Slot | None:
        """Return the slot of a user, or None."""
        return next((slot for slot in self.slots if slot.kind == PASSWORD and slot.user == user_id), None)

    def recovery_slot(self) -> Slot:
        """Return the slot that the recovery code opens; there always is one."""
        return next(slot for slot in self.slots if slot.kind == CODE)


def fold_name(name: str) -> str:
    """Return a user's name as compared: 'ann  lee' is 'Ann Lee'."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def is_strong(cost: Cost) -> bool:
    """Tell whether a cost is at or above the floor, and no trap either."""
    enough = any(cost.passes >= passes and cost.kib >= kib for passes, kib in FLOORS) and cost.lanes >= 1
    return enough and all(value <= most for value, most in zip(cost, CEILING, strict=True))


def time_cost(cost: Cost) -> float:
    """Return how many seconds one derivation takes here, when nothing else keeps the computer busy."""
    started = time.process_time()  # the work, not the waiting: a busy moment must not make passwords easy to guess
    _derive_password(b"a password", bytes(SALT_BYTES), cost)
    return (time.process_time() - started) / min(cost.lanes, os.cpu_count() or 1)


def calibrate(measure: Callable[[Cost], float] = time_cost) -> Cost:
    """Return a cost that takes about half a second here, never less than the floor."""
    seconds = measure(DEFAULT_COST)
    if seconds <= SECONDS_AT_MOST:
        wanted = round(DEFAULT_COST.passes * SECONDS_WANTED / max(seconds, 0.001))
        return DEFAULT_COST._replace(passes=min(max(DEFAULT_COST.passes, wanted), CEILING.passes))
    return next((cost for cost in SLOW_COSTS if measure(cost) <= SECONDS_AT_MOST), SLOW_COSTS[-1])


def lock_password(clinic: str, user: tuple[str, str], password: bytes, cost: Cost) -> tuple[Slot, bytes]:
    """Return a new slot of a user (id, name) without a key, and its public half; ValueError below the floor."""
    if not is_strong(cost):
        raise ValueError("this would be too easy to guess")
    salt = secrets.token_bytes(SALT_BYTES)
    parameters = {"kdf": "argon2id", **cost._asdict(), "salt": to_text(salt)}
    return _lock(clinic, (PASSWORD, *user), parameters, _derive_password(password, salt, cost))


def lock_code(clinic: str, code: bytes, owner: tuple[str, str, str] = (CODE, "", "")) -> tuple[Slot, bytes]:
    """Return the same for a code of 160 bits and more, which nobody can guess: no slow derivation is needed."""
    salt = secrets.token_bytes(SALT_BYTES)
    return _lock(clinic, owner, {"kdf": "hkdf-sha256", "salt": to_text(salt)}, _derive_code(code, salt))


def open_slot(slot: Slot, clinic: str, secret: bytes) -> tuple[list[bytearray], bytes]:
    """Return the keys, one or two, and the public half; none if the secret is another one, or the slot another's."""
    salt = to_bytes(slot.parameters["salt"])
    if slot.kind == PASSWORD:
        wrapping = _derive_password(secret, salt, cost_of(slot.parameters))
    else:
        wrapping = _derive_code(secret, salt)
    from intake_app.vault import cipher  # noqa: PLC0415 see there

    identity = identify(clinic, slot, slot.parameters)
    private = cipher.open_sealed(wrapping, to_bytes(slot.nonce), to_bytes(slot.private), identity)
    if private is None:
        return [], b""
    opened = [cipher.open_with(bytes(private), to_bytes(key), identify(clinic, slot)) for key in slot.keys]
    return [key for key in opened if key is not None], cipher.read_public(bytes(private))


def exists(database: Path) -> bool:
    """Tell whether there is a key file beside the database, whole or not."""
    return any(database.with_name(name).exists() for name in NAMES)


def read(database: Path) -> tuple[KeyFile, str]:
    """Return the key file beside a database and a sentence to show: "" or that the second copy was used.

    Both copies are made alike again. UserError if neither can be used.
    """
    found = _read_all(database)
    whole = [file for file in found if isinstance(file, KeyFile)]
    if len({file.clinic for file in whole}) > 1:
        raise UserError(*_DAMAGED)
    if not whole:
        faults = [fault for fault in found if isinstance(fault, tuple)]
        raise UserError(*next((fault for fault in faults if fault != _MISSING), _MISSING))
    newest = max(whole, key=lambda file: file.generation)
    if found != [newest, newest]:
        with suppress(UserError), lock(database):  # on a read-only disk it stays as it is
            if _read_all(database) == found:
                _write_both(database, newest)
    return newest, "" if len(whole) == len(NAMES) else SECOND_USED


def write(database: Path, file: KeyFile, *, both: bool = False) -> KeyFile:
    """Keep a key file and its second copy as the next generation, which is returned; UserError if it cannot be.

    What was taken out of the file is in neither copy afterwards. Interrupted anywhere, one of them opens. With `both`,
    the first copy alone is not enough. UserError, too, if somebody else wrote it since it was read.
    """
    following = replace(file, generation=file.generation + 1)
    with lock(database):
        present = [each.generation for each in _read_all(database) if isinstance(each, KeyFile)]
        if present and max(present) != file.generation:
            raise UserError(*_CHANGED)
        _write_both(database, following)
    if both and _read_one(database.with_name(NAMES[1])) != following:
        raise UserError(f"The second copy of the key file ({NAMES[1]}) could not be written.", "Check the disk.")
    return following


@contextmanager
def lock(database: Path) -> Iterator[None]:
    """Keep other threads and programs from writing the key file; UserError if one of them does not end."""
    held = FileLock(database.with_name(f"{NAMES[0]}.lock"), timeout=SECONDS_TO_WAIT, mode=0o600, thread_local=False)
    try:
        held.acquire()
    except Timeout:
        raise UserError(*_BUSY) from None
    except OSError as error:
        raise UserError(f"The key file cannot be written: {error.strerror}.", "Nothing was changed.") from error
    try:
        yield
    finally:
        held.release()


def _read_all(database: Path) -> list[KeyFile | tuple[str, str]]:
    return [_read_one(database.with_name(name)) for name in NAMES]


def _write_both(database: Path, file: KeyFile) -> None:
    first, second = (database.with_name(name) for name in NAMES)
    content = _encode(file)
    write_private(first, content)
    if _read_one(first) != file:
        raise UserError("The key file was not kept as it was written.", "Check the disk. The second copy still opens.")
    with suppress(UserError):  # the change is made; the next reading makes them alike
        write_private(second, content)


def _read_one(path: Path) -> KeyFile | tuple[str, str]:
    """Return a key file, or the sentences that say what is wrong with it."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return _MISSING
    except OSError as error:
        return (
            f"The key file cannot be read: {error.strerror}.",
            "Check that your account may read it, then try again.",
        )
    try:
        return _decode(content)
    except UserError as error:
        return error.what, error.hint
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return _DAMAGED


def _encode(file: KeyFile) -> bytes:
    content = {"format": FORMAT, **asdict(file)}
    return json.dumps(content | {"sha256": _digest(content)}, ensure_ascii=False, indent=1).encode()


def _decode(text: bytes) -> KeyFile:
    """Return the file as written; UserError for a later release's or a weakened one, other errors for a damaged one."""
    content = json.loads(text)
    if content.pop("sha256") != _digest(content):
        raise UserError(*_DAMAGED)
    if (written := int(content.pop("format"))) != FORMAT:
        raise UserError(*(_NEWER if written > FORMAT else _TRIAL))
    slots = tuple(_check_slot(Slot(**slot | {"keys": tuple(slot["keys"])})) for slot in content["slots"])
    kinds, inside = [slot.kind for slot in slots], tuple(content["inside"])
    if kinds.count(CODE) != 1 or PASSWORD not in kinds or len({slot.owner for slot in slots}) < len(slots):
        raise UserError(*_DAMAGED)
    if any(len(to_bytes(each)) <= NONCE_BYTES for each in inside):
        raise UserError(*_DAMAGED)
    if len(inside) not in {1, 2} or any(len(slot.keys) != len(inside) for slot in slots):
        raise UserError(*_DAMAGED)
    return KeyFile(str(content["clinic"]), int(content["generation"]), bool(content["made"]), slots, inside)


def _check_slot(slot: Slot) -> Slot:
    """Return the slot if it can be tried at all; ValueError if not, UserError if it is too easy to guess."""
    for text, size in ((slot.parameters["salt"], SALT_BYTES), (slot.nonce, NONCE_BYTES)):
        if len(to_bytes(text)) != size:
            raise ValueError("not a slot")
    for text in (slot.private, *slot.keys):
        to_bytes(text)
    if slot.kind not in {PASSWORD, CODE, DEVICE} or fold_name(slot.name) == "" != slot.user:
        raise ValueError("not a slot")
    if slot.kind == PASSWORD and not is_strong(cost_of(slot.parameters)):
        raise UserError(*_WEAKENED)
    return slot


def _digest(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _lock(clinic: str, owner: tuple[str, str, str], parameters: dict[str, Any], wrapping: bytes) -> tuple[Slot, bytes]:
    from intake_app.vault import cipher  # noqa: PLC0415 see there

    private, public = cipher.make_pair()
    nonce = secrets.token_bytes(NONCE_BYTES)
    slot = Slot(*owner, parameters, to_text(nonce), "")
    locked = cipher.seal(wrapping, nonce, private, identify(clinic, slot, parameters))
    return replace(slot, private=to_text(locked)), public


def identify(clinic: str, slot: Slot, parameters: dict[str, Any] | None = None) -> bytes:
    """Bind a slot to its owner: moved to another clinic, user or name, or with other parameters, it does not open."""
    return json.dumps([clinic, slot.user, slot.name, slot.kind, parameters or {}], sort_keys=True).encode()


def cost_of(parameters: dict[str, Any]) -> Cost:
    """Return what guessing at a slot of a password costs."""
    return Cost(*(int(parameters[name]) for name in Cost._fields))


def _derive_password(password: bytes, salt: bytes, cost: Cost) -> bytes:
    from intake_app.vault import cipher  # noqa: PLC0415 see there

    return cipher.derive_password(password, salt, *cost)


def _derive_code(code: bytes, salt: bytes) -> bytes:
    from intake_app.vault import cipher  # noqa: PLC0415 see there

    return cipher.derive_code(code, salt)


def to_text(content: bytes) -> str:
    """Return bytes as the file has them."""
    return base64.b64encode(content).decode()


def to_bytes(text: str) -> bytes:
    """Return what `to_text` was given; ValueError for another text."""
    return base64.b64decode(text, validate=True)
