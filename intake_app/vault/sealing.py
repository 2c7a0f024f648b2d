"""The records' keys over time: sealed to everybody's slot, changed for a new one, and the former ones kept for backups.

The public halves lie inside, under the key itself: whoever can only write to the folder cannot seal a key of their own
for anybody. The former keys lie there, too, so that backups from before a change open with the present key; from a
former key there is no way to the present one.
"""

import json
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from intake_app.errors import UserError
from intake_app.vault import keyslots
from intake_app.vault.keyslots import KeyFile, Slot, to_bytes, to_text

_NOT_FINISHED = ("The change of the records' key is not finished.", "Close the program and start it again.")
_CHANGED = (
    "The key file was changed by somebody who could not open the records. This way in is not used.",
    "Sign in as another user, or take the key file of the last backup. Tell whoever looks after this computer.",
)
_OTHER_KEY = ("The records have another key than when you signed in.", "Lock the window and sign in again.")


class Inside(NamedTuple):
    """What only who has the key may read.

    `publics`: the public half of each slot by its owner. `former`: the keys before, the latest first. `is_due`: a user
    was removed since this key is in use, and may have kept it. `generation`: which one of the key file this is; whoever
    puts an older one back cannot raise that here.
    """

    publics: Mapping[str, bytes]
    former: tuple[bytes, ...] = ()
    is_due: bool = False
    generation: int = 0


def start(clinic: str, key: bytes, slots: Mapping[str, tuple[Slot, bytes]]) -> KeyFile:
    """Return the key file of records that are not made yet, with these slots and their public halves by owner."""
    inside = Inside({owner: public for owner, (_, public) in slots.items()})
    return _seal(
        KeyFile(clinic, 0, made=False, slots=tuple(slot for slot, _ in slots.values()), inside=()), key, inside
    )


def read_inside(file: KeyFile, key: bytes) -> Inside:
    """Return what is inside for this key; UserError if the file knows no such key."""
    found = (_open(file.clinic, text, key) for text in file.inside)
    inside = next((each for each in found if each), None)
    if inside is None:
        raise UserError(*_OTHER_KEY)
    return inside


def open_keys(file: KeyFile, slot: Slot, secret: bytes) -> list[bytearray]:
    """Return the keys that a slot of the file gives; none for a wrong secret.

    UserError for a slot that opens and is not the one inside: one of a removed user, or of an older password, put back.
    """
    keys, public = keyslots.open_slot(slot, file.clinic, secret)
    insides = (_open(file.clinic, text, bytes(key)) for text in file.inside for key in keys)
    if keys and not any(inside and inside.publics.get(slot.owner) == public for inside in insides):
        raise UserError(*_CHANGED)
    return keys


def put_slot(file: KeyFile, keys: Sequence[bytes], slot: Slot, public: bytes) -> KeyFile:
    """Return the file with its keys sealed to this slot, in place of the one of the same owner if there was one.

    `keys` are all those of the file, as the session has them: two while a change is not finished. UserError if not.
    """
    slots = tuple(each for each in file.slots if each.owner != slot.owner)
    return _change(
        replace(file, slots=(*slots, slot)),
        keys,
        lambda inside: inside._replace(publics={**inside.publics, slot.owner: public}),
    )


def drop_slots(file: KeyFile, keys: Sequence[bytes], owners: Collection[str], *, is_due: bool) -> KeyFile:
    """Return the file without these owners' slots; `is_due` notes inside that the records want a new key."""
    slots = tuple(each for each in file.slots if each.owner not in owners)
    return _change(replace(file, slots=slots), keys, lambda inside: inside._replace(is_due=inside.is_due or is_due))


def keep_key(file: KeyFile, key: bytes) -> KeyFile:
    """Return the file with no other key than this one; UserError if it is not one of them."""
    return _seal(file, key, read_inside(file, key))


def add_key(file: KeyFile, key: bytes, new: bytes) -> KeyFile:
    """Return the file with a new key behind the present one: until one of them is kept, everybody's slot opens both."""
    inside = read_inside(file, key)
    return _join(_seal(file, key, inside), _seal(file, new, Inside(inside.publics, (bytes(key), *inside.former))))


def _change(file: KeyFile, keys: Sequence[bytes], change: Callable[[Inside], Inside]) -> KeyFile:
    """Seal each of the file's keys anew, with what is inside for it changed; UserError unless all of them are given.

    A key that nobody gave is never dropped here: the records may have just that one.
    """
    opened = [(key, inside) for text in file.inside for key in keys if (inside := _open(file.clinic, text, key))]
    if len(opened) < len(file.inside):
        raise UserError(*(_NOT_FINISHED if opened else _OTHER_KEY))
    return _join(*(_seal(file, key, change(inside)) for key, inside in opened))


def _join(file: KeyFile, *others: KeyFile) -> KeyFile:
    """Return one file with the keys of all, which have the same slots."""
    for other in others:
        pairs = zip(file.slots, other.slots, strict=True)
        slots = tuple(replace(first, keys=(*first.keys, *second.keys)) for first, second in pairs)
        file = replace(file, slots=slots, inside=(*file.inside, *other.inside))
    return file


def _seal(file: KeyFile, key: bytes, inside: Inside) -> KeyFile:
    """Seal one key to every slot of a file, and lock up what is inside for it; a slot not known there is dropped."""
    from intake_app.vault import cipher  # noqa: PLC0415 see there

    known = [slot for slot in file.slots if slot.owner in inside.publics]
    publics = {slot.owner: inside.publics[slot.owner] for slot in known}
    slots = tuple(
        replace(slot, keys=(to_text(cipher.seal_to(publics[slot.owner], key, keyslots.identify(file.clinic, slot))),))
        for slot in known
    )
    content = {
        "publics": {owner: to_text(public) for owner, public in publics.items()},
        "former": [to_text(each) for each in inside.former],
        "is_due": inside.is_due,
        "generation": file.generation + 1,  # as it is written next
    }
    nonce = secrets.token_bytes(keyslots.NONCE_BYTES)
    locked = cipher.seal(cipher.derive_inside(key), nonce, json.dumps(content).encode(), file.clinic.encode())
    return replace(file, slots=slots, inside=(to_text(nonce + locked),))


def _open(clinic: str, text: str, key: bytes) -> Inside | None:
    from intake_app.vault import cipher  # noqa: PLC0415 see there

    sealed = to_bytes(text)
    nonce, locked = sealed[: keyslots.NONCE_BYTES], sealed[keyslots.NONCE_BYTES :]
    opened = cipher.open_sealed(cipher.derive_inside(key), nonce, locked, clinic.encode())
    if opened is None:
        return None
    content = json.loads(opened)
    publics = {owner: to_bytes(public) for owner, public in content["publics"].items()}
    former = tuple(to_bytes(each) for each in content["former"])
    return Inside(publics, former, content["is_due"], content["generation"])
