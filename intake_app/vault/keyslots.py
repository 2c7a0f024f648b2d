"""The key file: the records' one key, locked up once for each user and once for the recovery code."""

import base64
import hashlib
import json
import os
import secrets
import time
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from intake_app.errors import UserError
from intake_app.vault.private_file import write_private

NAMES = ("keyslots.json", "keyslots.2.json")  # beside the database: the file and its second copy
PASSWORD, CODE = "password", "recovery code"
FORMAT = 1
KEY_BYTES, SALT_BYTES, NONCE_BYTES = 32, 16, 12

SECOND_USED = "The key file was damaged or missing. Its second copy was used and put in its place: nothing is lost."
_FROM_BACKUP = "Copy keyslots.json from the folder of the last backup to where clinic.db is, then start again."
_DAMAGED = ("The key file (keyslots.json) is damaged, and so is its second copy.", _FROM_BACKUP)
_MISSING = ("The key file (keyslots.json) is missing.", _FROM_BACKUP)
_NEWER = ("The key file was written by a newer version of this program.", "Install the newer version on this computer.")
_WEAKENED = (
    "The key file was changed so that passwords would be easier to guess. It is not used.",
    _FROM_BACKUP,
)


class Cost(NamedTuple):
    """What one guess of a password costs with Argon2id: passes over so many KiB of memory, in so many lanes."""

    passes: int
    kib: int
    lanes: int


# OWASP ASVS 5.0, appendix C: at least one of these pairs of passes and KiB.
FLOORS = ((1, 46 * 1024), (2, 19 * 1024), (3, 12 * 1024))
CEILING = Cost(100, 4 * 1024 * 1024, 64)  # more would be a trap for this computer's memory
DEFAULT_COST = Cost(3, 64 * 1024, 4)  # RFC 9106, section 4: the second recommended
SLOW_COSTS = (Cost(2, 46 * 1024, 4), Cost(2, 19 * 1024, 1))  # for a slow computer, the dearer first
SECONDS_WANTED, SECONDS_AT_MOST = 0.5, 1.0


@dataclass(frozen=True, slots=True)
class Slot:
    """The key, locked up by the secret of one user or by the recovery code; bytes are base64 texts."""

    kind: str
    user: str
    name: str
    parameters: dict[str, Any]
    nonce: str
    sealed: str


@dataclass(frozen=True, slots=True)
class KeyFile:
    """All slots of a clinic. `made` tells that its database was made, so that a missing one is not made anew."""

    clinic: str
    generation: int
    made: bool
    slots: tuple[Slot, ...]

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

    def with_slot(self, slot: Slot) -> "KeyFile":
        """Return the file with this slot in place of the one of the same kind and user, if there was one."""
        others = tuple(each for each in self.slots if (each.kind, each.user) != (slot.kind, slot.user))
        return replace(self, slots=(*others, slot))


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


def seal_password(key: bytes, clinic: str, user: tuple[str, str], password: bytes, cost: Cost) -> Slot:
    """Lock up the key with a user's (id, name) password; ValueError for a cost below the floor."""
    if not is_strong(cost):
        raise ValueError("this would be too easy to guess")
    salt = secrets.token_bytes(SALT_BYTES)
    parameters = {"kdf": "argon2id", **cost._asdict(), "salt": _to_text(salt)}
    return _seal(key, clinic, (PASSWORD, *user), parameters, _derive_password(password, salt, cost))


def seal_code(key: bytes, clinic: str, code: bytes) -> Slot:
    """Lock up the key with the 160 bits of a recovery code, which nobody can guess: no slow derivation needed."""
    salt = secrets.token_bytes(SALT_BYTES)
    return _seal(key, clinic, (CODE, "", ""), {"kdf": "hkdf-sha256", "salt": _to_text(salt)}, _derive_code(code, salt))


def open_slot(slot: Slot, clinic: str, secret: bytes) -> bytearray | None:
    """Return the key, or None if the password or code is another one, or the slot another user's or clinic's."""
    salt = _to_bytes(slot.parameters["salt"])
    if slot.kind == CODE:
        wrapping = _derive_code(secret, salt)
    else:
        wrapping = _derive_password(secret, salt, cost_of(slot.parameters))
    from intake_app.vault import cipher  # noqa: PLC0415 see there

    identity = _identify(clinic, slot.user, slot.kind, slot.parameters)
    return cipher.open_sealed(wrapping, _to_bytes(slot.nonce), _to_bytes(slot.sealed), identity)


def exists(database: Path) -> bool:
    """Tell whether there is a key file beside the database, whole or not."""
    return any(database.with_name(name).exists() for name in NAMES)


def read(database: Path) -> tuple[KeyFile, str]:
    """Return the key file beside a database and a sentence to show: "" or that the second copy was used.

    Both copies are made alike again. UserError if neither can be used.
    """
    found = [_read_one(database.with_name(name)) for name in NAMES]
    whole = [file for file in found if isinstance(file, KeyFile)]
    if len({file.clinic for file in whole}) > 1:
        raise UserError(*_DAMAGED)
    if not whole:
        faults = [fault for fault in found if isinstance(fault, tuple)]
        raise UserError(*next((fault for fault in faults if fault != _MISSING), _MISSING))
    newest = max(whole, key=lambda file: file.generation)
    if found != [newest, newest]:
        with suppress(UserError):  # on a read-only disk it stays as it is
            _write_both(database, newest)
    return newest, "" if len(whole) == len(NAMES) else SECOND_USED


def write(database: Path, file: KeyFile) -> KeyFile:
    """Keep a key file and its second copy as the next generation, which is returned; UserError if it cannot be.

    What was taken out of the file is in neither copy afterwards. Interrupted anywhere, one of them opens.
    """
    following = replace(file, generation=file.generation + 1)
    _write_both(database, following)
    return following


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
    if content.pop("format") != FORMAT:
        raise UserError(*_NEWER)
    slots = tuple(_check_slot(Slot(**slot)) for slot in content["slots"])
    if [slot.kind for slot in slots].count(CODE) != 1 or len(slots) == 1:
        raise UserError(*_DAMAGED)
    return KeyFile(str(content["clinic"]), int(content["generation"]), bool(content["made"]), slots)


def _check_slot(slot: Slot) -> Slot:
    """Return the slot if it can be tried at all; ValueError if not, UserError if it is too easy to guess."""
    for text, size in ((slot.parameters["salt"], SALT_BYTES), (slot.nonce, NONCE_BYTES)):
        if len(_to_bytes(text)) != size:
            raise ValueError("not a slot")
    _to_bytes(slot.sealed)
    if slot.kind not in {PASSWORD, CODE} or fold_name(slot.name) == "" != slot.user:
        raise ValueError("not a slot")
    if slot.kind == PASSWORD and not is_strong(cost_of(slot.parameters)):
        raise UserError(*_WEAKENED)
    return slot


def _digest(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _seal(key: bytes, clinic: str, owner: tuple[str, str, str], parameters: dict[str, Any], wrapping: bytes) -> Slot:
    from intake_app.vault import cipher  # noqa: PLC0415 see there

    kind, user, name = owner
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = cipher.seal(wrapping, nonce, key, _identify(clinic, user, kind, parameters))
    return Slot(kind, user, name, parameters, _to_text(nonce), _to_text(sealed))


def _identify(clinic: str, user: str, kind: str, parameters: dict[str, Any]) -> bytes:
    """Bind a slot to its owner: moved to another clinic or user, or with other parameters, it does not open."""
    return json.dumps([clinic, user, kind, parameters], sort_keys=True).encode()


def cost_of(parameters: dict[str, Any]) -> Cost:
    """Return what guessing at a slot of a password costs."""
    return Cost(*(int(parameters[name]) for name in Cost._fields))


def _derive_password(password: bytes, salt: bytes, cost: Cost) -> bytes:
    from intake_app.vault import cipher  # noqa: PLC0415 see there

    return cipher.derive_password(password, salt, *cost)


def _derive_code(code: bytes, salt: bytes) -> bytes:
    from intake_app.vault import cipher  # noqa: PLC0415 see there

    return cipher.derive_code(code, salt)


def _to_text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _to_bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
