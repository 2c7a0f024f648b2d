"""The records opened once more, so that another thread can write and the window need not wait for the disk."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from db.connection import Key, reopen_database
from db.errors import StoreError, plain_errors
from db.store import Store
from db.tables import Acting, Row

if TYPE_CHECKING:
    from sqlite_utils import Database

_CLOSED = ("The records were closed meanwhile.", "Open them and begin again.")
_GONE = ("Whoever began this is not signed in any more.", "Nothing was changed. Sign in and begin again.")


class Twin(Store):
    """The same records for one other thread; it acts for whoever is signed in at the first store, and no longer.

    One of the two writes at a time; the other waits until the disk is done.
    """

    def __init__(
        self, path: Path, key: Key | None, lock: FileLock, pen: Lock, find_acting: Callable[[], Acting]
    ) -> None:
        if not lock.is_locked:
            raise StoreError(*_CLOSED)
        self._find_acting = find_acting
        super().__init__(reopen_database(path, key), path, lock)
        lock.acquire()
        self._pen = pen

    def close(self) -> None:
        """Move what was written into the one file, so that the window never has to; then close."""
        # Only an attempt: what is being read stays where it is until the next time.
        with plain_errors():
            self._connection.execute("pragma wal_checkpoint(passive)").fetchall()
        super().close()

    def _rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        rows = super()._rows(sql, parameters)
        self._check_acting()  # afterwards: nothing is handed out that was read while they signed out
        return rows

    @contextmanager
    def _saving(self) -> Iterator["Database"]:
        with super()._saving() as db:
            self._check_acting()  # here, where nobody can sign out in between
            yield db

    def _find_role(self) -> None:
        self._acting = self._find_acting()

    def _check_acting(self) -> None:
        if self._find_acting() != self._acting:
            raise StoreError(*_GONE)
