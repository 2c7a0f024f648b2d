"""The store: everything the program keeps, behind one flat list of verbs."""

from datetime import datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock
from sqlcipher3 import dbapi2

from db import engine
from db.answers import Answers
from db.backup import BEFORE_UPDATE, back_up
from db.connection import Key, lock_database, open_database
from db.enclosures import Enclosures
from db.intakes import Intakes
from db.letters import Letters
from db.patients import Patients
from db.people import People
from db.place import check_place
from db.views import Views


class Store(Patients, Intakes, Answers, Letters, Enclosures, Views, People):
    """One opened database, used by one thread: patients, intakes, answers, letters, enclosures and views.

    Every method that writes has written for good when it returns; StoreError says why it could not, and then
    nothing of it was written. Times are given aware and kept in UTC, ids are 32 hex digits.
    """

    is_damaged = False  # and open for reading only: db.damaged

    def __init__(self, connection: dbapi2.Connection, path: Path, lock: FileLock) -> None:
        super().__init__(connection)
        self._path, self._lock = path, lock
        self._find_role()

    @staticmethod
    def warm() -> None:
        """Load what writing needs, so that the first answer is saved as quickly as the next; on any thread."""
        engine.load()

    def open_twin(self, key: Key | None = None) -> "Store":
        """Open the same records once more, for the thread that calls this; StoreError if they are closed by now.

        `key` is what the store was opened with. Whoever is signed in here acts there, and what they do stands here at
        once. Close it before the store.
        """
        from db.twin import Twin  # noqa: PLC0415 it is a store, too

        return Twin(self._path, key, self._lock, self._pen, lambda: self._acting)

    def close(self) -> None:
        """Move everything into the one file, close it and let another copy open it; twice is harmless."""
        self._connection.close()
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_store(path: Path, key: Key | None = None, *, create: bool = True, clinic_id: str = "") -> Store:
    """Open the clinic's database and hold it against other running copies; with `create`, make it if there is none.

    `key` is 32 raw bytes, None for a file that is not encrypted; `clinic_id` is for one that is made. While there are
    no users, whoever has the file may do everything; afterwards `sign_in` comes first. Before the database of an older
    release is changed it is backed up. Raises StoreError, and then changes nothing: also for a place where records must
    not be (db.place).
    """
    check_place(path)
    lock = lock_database(path)
    try:
        keep = partial(back_up, path, key, datetime.now().astimezone(), reason=BEFORE_UPDATE)
        return Store(open_database(path, key, create=clinic_id if create else None, before_steps=keep), path, lock)
    except BaseException:
        lock.release()
        raise
