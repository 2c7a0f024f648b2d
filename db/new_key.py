"""The records under another key: copied into a new file, compared row by row, and put in the old one's place."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from sqlcipher3 import dbapi2

from db.backup import read_contents
from db.chain import Event, append, find_break
from db.connection import (
    APPLICATION_ID,
    PAGE_BYTES,
    Key,
    check_integrity,
    check_ours,
    connect,
    lock_database,
    open_database,
)
from db.errors import StoreError, plain_errors
from db.files import beside, has_bytes, make_empty, remove_database, sync_file, sync_folder
from db.roles import NOBODY, check_right, find_right
from db.tables import stamp

NEW_KEY = ".new-key"  # what the unfinished file has behind the name of the records
CHANGED = "records key changed"
DIFFERS = (
    "The records could not be put under another key: the copy differs.",
    "Nothing was changed. Check the disk and try again.",
)
_STOPPED = ("The change of the records' key was stopped.", "Nothing was changed.")
_IN_USE = ("Another program is using the records.", "Close it and try again.")
_STEPS = 20_000  # of SQLite's machine, a few milliseconds: how often somebody is asked whether to go on
_COPYING, _COMPARING, _CHECKING = 0.3, 0.6, 0.9  # the shares of the work that are done when these begin

Progress = Callable[[float], bool]  # told which share is done, 0 to 1; returns whether to go on


def change_key(
    path: Path,
    keys: tuple[Key, Key],
    user_id: str,
    now: datetime,
    *,
    before_swap: Callable[[], object],
    progress: Progress = lambda _share: True,
) -> int:
    """Put the records at `path` from the first key under the second; return how many rows were moved and compared.

    The store has to be closed, and the user an administrator of these records; that it was done is in their audit
    trail. `before_swap` makes sure that both keys can be found again: whatever is cut off, the file opens with one of
    them (`find_key`). StoreError for all that can go wrong, or if `progress` said to stop; nothing is changed then.
    """
    lock = lock_database(path)
    try:
        open_database(path, keys[0]).close()  # up to date, checked, and all in the one file
        with plain_errors():
            unfinished = beside(path, NEW_KEY)
            remove_database(unfinished)
            try:
                _check_user(path, keys[0], user_id)
                rows = export(path, keys[0], unfinished, keys[1], progress)
                _note(unfinished, keys[1], Event(stamp(now), user_id, CHANGED, ""))
                _swap(unfinished, path, before_swap)
            except BaseException:
                remove_database(unfinished)
                raise
            sync_folder(path.parent)
            return rows
    finally:
        lock.release()


def find_key(path: Path, keys: Sequence[Key]) -> Key | None:
    """Return the first key that opens a database, None if none does; changes nothing."""
    with plain_errors():
        for key in keys:
            try:
                # The file alone: opened as usual, what a crash left beside it would be taken in, and gone afterwards.
                with closing(connect(path, key, "mode=ro&immutable=1")) as connection:
                    connection.execute("select count(*) from sqlite_master").fetchall()
            except dbapi2.DatabaseError as error:
                if getattr(error, "sqlite_errorname", "") != "SQLITE_NOTADB":
                    raise
            else:
                return key
    return None


def settle_key(path: Path, keys: Sequence[Key], keep: Callable[[Key], object] = lambda _key: None) -> Key | None:
    """Return what `find_key` does, after a change that may have been cut off, and remove what is left of it.

    `keep` is told the key while nobody can begin another change. StoreError if somebody has the records.
    """
    lock = lock_database(path)
    try:
        with plain_errors():
            remove_database(beside(path, NEW_KEY))
        found = find_key(path, keys)
        if found is not None:
            keep(found)
        return found
    finally:
        lock.release()


def export(source: Path, old: Key | None, target: Path, new: Key, progress: Progress = lambda _share: True) -> int:
    """Copy every row into a new encrypted file and compare them; return their number. StoreError if they differ."""
    make_empty(target)
    with closing(connect(source, old)) as connection:
        with _asking(connection, lambda: progress(0.0)):
            before, schema, broken = read_contents(connection), _read_schema(connection), find_break(connection)
        size = max(source.stat().st_size, 1)
        with _asking(connection, lambda: progress(min(_COPYING + 0.3 * target.stat().st_size / size, _COMPARING))):
            _copy_rows(connection, target, new)
    with closing(connect(target, new)) as copy:
        with _asking(copy, lambda: progress(_COMPARING)):
            check_ours(copy, encrypted=True)
            same = (read_contents(copy), _read_schema(copy), find_break(copy)) == (before, schema, broken)
        with _asking(copy, lambda: progress(_CHECKING)):
            check_integrity(copy, encrypted=True)
        if not same:
            raise StoreError(*DIFFERS)
    progress(1.0)
    return sum(int(rows) for rows, _ in before.values())


def _copy_rows(connection: dbapi2.Connection, target: Path, new: Key) -> None:
    # The file's name as a parameter: it may hold any character.
    connection.execute(f"attach ? as target key \"x'{new.hex()}'\"", [str(target.absolute())])
    connection.execute(f"pragma target.cipher_page_size = {PAGE_BYTES}")
    connection.execute("select sqlcipher_export('target')").fetchall()
    connection.execute(f"pragma target.application_id = {APPLICATION_ID}")
    connection.execute("detach target")


def _swap(unfinished: Path, path: Path, before_swap: Callable[[], object]) -> None:
    """Put the finished file in the records' place, where both keys are known by then."""
    sync_file(unfinished)
    _check_alone(path)
    before_swap()
    unfinished.replace(path)


@contextmanager
def _asking(connection: dbapi2.Connection, go_on: Callable[[], bool]) -> Iterator[None]:
    """Ask now and then whether to go on with what a connection does; StoreError if not."""
    if not go_on():
        raise StoreError(*_STOPPED)
    connection.set_progress_handler(lambda: not go_on(), _STEPS)
    try:
        yield
    except dbapi2.OperationalError as error:
        if getattr(error, "sqlite_errorname", "") != "SQLITE_INTERRUPT" and str(error) != "interrupted":
            raise
        raise StoreError(*_STOPPED) from None
    finally:
        connection.set_progress_handler(None, _STEPS)


def _read_schema(connection: dbapi2.Connection) -> list[tuple[str, ...]]:
    return connection.execute("select type, name, tbl_name, sql from sqlite_master order by type, name").fetchall()  # type: ignore[no-any-return]


def _check_user(path: Path, key: Key, user_id: str) -> None:
    """Raise StoreError unless this user is an administrator of the records."""
    with closing(connect(path, key)) as connection:
        rows = connection.execute("select role from users where id = ? and removed_at is null", [user_id]).fetchall()
    check_right(rows[0][0] if rows else NOBODY, find_right("remove_user"))


def _note(path: Path, key: Key, event: Event) -> None:
    with closing(connect(path, key)) as connection:
        connection.execute("begin immediate")
        append(connection, event)
        connection.execute("commit")
        check_integrity(connection, encrypted=True)


def _check_alone(path: Path) -> None:
    """Raise StoreError if something is not in the one file: in the new one's place it would damage that."""
    if has_bytes(beside(path, "-wal")):
        raise StoreError(*_IN_USE)
    for ending in ("-wal", "-shm"):
        beside(path, ending).unlink(missing_ok=True)
    sync_folder(path.parent)
