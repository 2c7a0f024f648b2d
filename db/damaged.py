"""Damaged records, opened for reading only: a clinic can still look at what is there until the backup is restored."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock
from sqlcipher3 import dbapi2

from db.chain import Event
from db.connection import Key, check_ours, check_whole, connect, lock_database
from db.errors import RESTORE, StoreError, plain_errors
from db.files import beside, has_bytes
from db.migrations import applied_steps, known_steps
from db.place import check_place
from db.roles import RIGHTS, verb
from db.store import Store
from db.tables import Row
from db.views import Shape

if TYPE_CHECKING:
    from sqlite_utils import Database

READ_ONLY = "The records are damaged and shown for reading only: what is broken is missing, and nothing can be entered."
_NO_CHANGE = (
    "The records are damaged: they can be read, and not changed.",
    "Nothing was saved. Restore the last backup, then enter it again.",
)
_OLD_FORM = ("The damaged records are those of an older version of this program.", RESTORE)
_READING = {  # the lines of the table by one verb of each: signing in, seeing, reading the trail
    name.split()[0] for right in RIGHTS if {"users", "patient", "audit_verify"} & {*right.verbs} for name in right.verbs
}


class DamagedStore(Store):
    """A store that writes nothing, not even that it was looked at; of a broken row StoreError says so."""

    is_damaged = True

    def __init__(self, path: Path, key: Key, lock: FileLock) -> None:
        self._key = bytes(key)
        super().__init__(_connect(path, key), path, lock)

    @verb
    def may(self, verb_name: str, detail: str = "") -> bool:
        """Tell whether whoever is signed in may use a verb: none that writes."""
        return verb_name in _READING and super().may(verb_name, detail)

    @verb
    def sign_out(self, now: datetime) -> None:  # noqa: ARG002 as in any store
        """Let nobody read until the next sign-in."""
        self._find_role()

    @verb
    def note(self, action: str, record: str = "", now: datetime | None = None) -> None:
        """Let somebody look, without a trace here; StoreError for whatever is more than looking."""
        if action != "viewed":
            super().note(action, record, now)

    @verb
    def make_views(self, shape: Mapping[str, Shape]) -> None:
        """Leave the views as they are."""

    @verb
    def mark_open(self, intake_id: str | None) -> None:
        """Leave it as it is which intake was open last."""

    @verb
    def save_page(self, intake_id: str, page_id: str) -> None:
        """Leave it as it is where somebody was last."""

    def _keep_sign_in(self, events: Iterable[Event], failures: Iterable[tuple[datetime, str]]) -> int:  # noqa: ARG002
        return 0

    def _find_notices(self, now: datetime) -> list[str]:  # noqa: ARG002 the clock is of no matter here
        return [READ_ONLY]

    def _rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        try:
            return super()._rows(sql, parameters)
        except StoreError:
            # After one broken page SQLCipher reads nothing more through the same connection.
            self._connection.close()
            self._connection = _connect(self._path, self._key)
            raise

    @contextmanager
    def _saving(self) -> Iterator["Database"]:
        raise StoreError(*_NO_CHANGE)
        yield


def open_damaged(path: Path, key: Key) -> Store:
    """Open an encrypted database that `open_store` refuses as damaged, and hold it against other running copies.

    Nothing can be written through it. StoreError if not even reading is possible: the key does not open it, its
    beginning is broken, it is an older or a later release's, or a table is missing.
    """
    check_place(path)
    lock = lock_database(path)
    try:
        with plain_errors():
            return DamagedStore(path, key, lock)
    except BaseException:
        lock.release()
        raise


def _connect(path: Path, key: Key) -> dbapi2.Connection:
    """Connect so that nothing at all is changed, not even by closing: what lies in the WAL stays there."""
    connection = connect(path, key, "mode=ro" if has_bytes(beside(path, "-wal")) else "mode=ro&immutable=1")
    try:
        connection.execute("pragma query_only = on")
        connection.execute("pragma trusted_schema = off")
        check_ours(connection, encrypted=True)
        _check_form(connection)
        check_whole(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _check_form(connection: dbapi2.Connection) -> None:
    """Refuse what would have to be changed before it can be read."""
    if known_steps() - applied_steps(connection):
        raise StoreError(*_OLD_FORM)
