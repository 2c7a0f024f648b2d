"""The audit trail as a chain: each row holds the hash of the row before it, so none can be changed unnoticed."""

import hashlib
import json
from collections.abc import Callable, Sequence
from typing import NamedTuple

from sqlcipher3 import dbapi2

_COLUMNS = "seq, at, user, action, record, old_hash, new_hash, previous, hash"
_CONTENT_BYTES = 16
_TOLD_EACH = 1000  # rows
Told = Callable[[int], bool]  # how many are done; False: no more
_encode = json.JSONEncoder(check_circular=False).encode


class Event(NamedTuple):
    """Somebody did something: when (ISO 8601, UTC), the user's id, what, to which record, its content before and after.

    The contents are texts and never kept: the trail has their hashes, "" for None.
    """

    at: str
    user: str
    action: str
    record: str
    old: str | None = None
    new: str | None = None


def append(connection: dbapi2.Connection, event: Event) -> None:
    """Add an event to the trail, inside the transaction of what it tells of."""
    execute = connection.execute
    seq, previous, secret = execute("select seq, hash, secret from audit_head").fetchone()
    key = bytes.fromhex(secret)
    row = (seq + 1, *event[:4], _hash_content(event.old, key), _hash_content(event.new, key), previous)
    link = _hash_row(row)
    execute("insert into audit values (?, ?, ?, ?, ?, ?, ?, ?, ?)", (*row, link))
    execute("update audit_head set seq = ?, hash = ?", (seq + 1, link))


def go_on(_done: int) -> bool:
    """Hear how far it is, and say that it shall go on."""
    return True


def find_break(connection: dbapi2.Connection, last: int | None = None, told: Told = go_on) -> int | None:
    """Return the number of the first row that is not as it was written or is missing, None if the chain is whole.

    `last` looks at that many rows at the end only. `told` hears how many were looked at; once it says False, that was
    all, and None says nothing about the rest.
    """
    [(head, link)] = connection.execute("select seq, hash from audit_head").fetchall()
    first = 1 if last is None else max(1, head - last + 1)
    # One before the first: the first one looked at has to follow on it.
    cursor = connection.execute(f"select {_COLUMNS} from audit where seq >= ? order by seq", [first - 1])  # noqa: S608
    previous, expected = "", max(first - 1, 1)
    for row in cursor:
        if expected % _TOLD_EACH == 0 and not told(expected):
            return None
        seq, *_, named, written = row
        is_first_seen = first > 1 and expected == first - 1
        if seq != expected or written != _hash_row(row[:-1]) or (named != previous and not is_first_seen):
            return int(min(seq, expected))
        previous, expected = written, expected + 1
    return None if (expected - 1, previous) == (head, link) else int(min(expected, head + 1))


def _hash_content(text: str | None, secret: bytes) -> str:
    if text is None:
        return ""
    return hashlib.blake2b(text.encode(), key=secret, digest_size=_CONTENT_BYTES).hexdigest()


def _hash_row(row: Sequence[object]) -> str:
    return hashlib.sha256(_encode(row).encode()).hexdigest()
