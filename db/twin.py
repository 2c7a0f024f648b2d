"""The records opened once more, so that another thread can write and the window need not wait for the disk."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from filelock import FileLock

from db.connection import Key, reopen_database
from db.errors import StoreError
from db.store import Store
from db.tables import Acting

if TYPE_CHECKING:
    from sqlite_utils import Database

_CLOSED = StoreError("The records were closed meanwhile.", "Open them and begin again.")
_GONE = StoreError("Whoever began this is not signed in any more.", "Nothing was changed. Sign in and begin again.")


class Twin(Store):
    """The same records for one other thread; it acts for whoever is signed in at the first store, and no longer.

    One of the two writes at a time; the other waits until the disk is done.
    """

    def __init__(
        self, path: Path, key: Key | None, lock: FileLock, pen: Lock, find_acting: Callable[[], Acting]
    ) -> None:
        if not lock.is_locked:
            raise _CLOSED
        super().__init__(reopen_database(path, key), path, lock)
        lock.acquire()
        self._pen = pen
        self._find_acting, self._acting = find_acting, find_acting()

    def close(self) -> None:
        """Move what was written into the one file, so that the window never has to; then close."""
        # Only an attempt: what is being read stays where it is until the next time.
        self._rows("pragma wal_checkpoint(passive)")
        super().close()

    @contextmanager
    def _saving(self) -> Iterator["Database"]:
        with super()._saving() as db:
            if self._find_acting() != self._acting:  # looked at where nobody can sign out in between
                raise _GONE
            yield db
