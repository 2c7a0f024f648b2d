"""Opens the clinic's file safely; the only place that connects."""

import os
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from filelock import FileLock, Timeout
from sqlcipher3 import dbapi2

from db.errors import DAMAGED, OTHER_KEY, RESTORE, OtherKeyError, StoreError, plain_errors
from db.files import ASIDE, PRIVATE_FILE, beside, has_bytes, make_empty, make_folder, remove_database, sync_folder
from db.migrations import applied_steps, known_steps, take_steps
from db.wal import rescue_log

APPLICATION_ID = 0x53504E49  # "SPNI", in the file's header: this is ours and not any SQLite file
KEY_BYTES = 32
PAGE_BYTES = 2048  # encrypted: half of what is usual, because each page that an answer touches is encrypted whole
OLDEST_SQLITE = (3, 51, 3)  # earlier ones can corrupt a WAL database
TABLES = {
    *("answers", "audit", "audit_head", "clinic", "enclosure_pieces", "enclosures", "entries", "intakes", "journal"),
    *("letter_choices", "letters", "listed_enclosures", "patients", "recipients", "settings", "users"),
}
QUICK_CHECK_BYTES = 64_000_000  # what is checked through in 0.3 s; above, the daily backup reads every page
SECONDS_TO_WAIT = 5.0
UNFINISHED = ".new"
BACKUPS, RESTORING = "backups", ".restoring"  # what lies beside a database that was there once

Key = bytes | bytearray  # 32 raw bytes
_DATABASE = "The records file"


def lock_database(path: Path) -> FileLock:
    """Take the lock beside the database, making its folder if need be, and return it held.

    Raises StoreError if another running copy holds it or the folder cannot be written.
    """
    lock = FileLock(path.with_name(f"{path.name}.lock"), timeout=0, mode=PRIVATE_FILE, thread_local=False)
    with plain_errors():
        make_folder(path.parent)
        try:
            lock.acquire()
        except Timeout:
            raise StoreError(
                "The program is already running with these records.",
                "Go to its window, or close it and start again.",
            ) from None
    return lock


def open_database(
    path: Path,
    key: Key | None = None,
    *,
    create: str | None = None,
    before_steps: Callable[[], object] = lambda: None,
) -> dbapi2.Connection:
    """Open the database at `path`, up to date and checked; with `create`, a clinic's id, make it if there is none.

    `key` is 32 raw bytes; None means not encrypted. The caller holds the lock. `before_steps` is called before an
    older release's database is changed. Raises StoreError for all that can be wrong with the file or the disk, and
    changes nothing then.
    """
    check_library(dbapi2.sqlite_version_info)
    with plain_errors():
        if create is not None and not os.path.lexists(path):
            _create_database(path, key, create)
        _check_file(path)
        if (unclean := has_bytes(beside(path, "-wal"))) and key is not None:
            rescue_log(path, PAGE_BYTES)
        connection = connect(path, key)
        try:
            check_ours(connection, encrypted=key is not None)
            _make_durable(connection)
            if unclean or path.stat().st_size <= QUICK_CHECK_BYTES:
                check_integrity(connection, encrypted=key is not None)
            if known_steps() - applied_steps(connection):
                before_steps()
            take_steps(connection)
            check_whole(connection)
        except BaseException:
            connection.close()
            raise
    return connection


def reopen_database(path: Path, key: Key | None = None) -> dbapi2.Connection:
    """Connect once more to a database that is open already, and so up to date and checked; for another thread."""
    with plain_errors():
        connection = connect(path, key)
        try:
            _set_up(connection)
        except BaseException:
            connection.close()
            raise
    return connection


def check_library(version: tuple[int, ...]) -> None:
    """Raise StoreError if this SQLite is one that can damage a database."""
    if version < OLDEST_SQLITE:
        raise StoreError(
            f"The database library {'.'.join(map(str, version))} is too old to be trusted with records.",
            "Install the program again.",
        )


def check_integrity(connection: dbapi2.Connection, *, encrypted: bool) -> None:
    """Read every page; raise StoreError if anything is broken. About 1.5 ms per MB, encrypted 7."""
    found = connection.execute("pragma quick_check(1)").fetchall()
    if encrypted and found == [("ok",)]:
        # Each page's own checksum, also where nothing is stored; it looks past what is not in the main file yet.
        connection.execute("pragma wal_checkpoint(truncate)").fetchall()
        found += connection.execute("pragma cipher_integrity_check").fetchall()
    if found != [("ok",)]:
        raise StoreError(*DAMAGED)


def _create_database(path: Path, key: Key | None, clinic_id: str) -> None:
    """Make the database under another name, then move it into place: a crash leaves all of it or none."""
    _check_never_there(path)
    unfinished = beside(path, UNFINISHED)
    remove_database(unfinished)
    make_empty(unfinished)
    try:
        connection = connect(unfinished, key)
        try:
            # Not WAL yet: what is still in a WAL when the disk fills up would not move along.
            connection.execute("pragma synchronous = extra")
            connection.execute(f"pragma application_id = {APPLICATION_ID}")
            take_steps(connection)
            connection.execute("insert into clinic (id) values (?)", [clinic_id or uuid.uuid4().hex])
        finally:
            connection.close()
        unfinished.rename(path)
    except BaseException:
        remove_database(unfinished)
        raise
    sync_folder(path.parent)


def _check_never_there(path: Path) -> None:
    """Refuse to begin anew where records were: they would seem to be gone."""
    if has_bytes(beside(path, "-wal")):
        raise StoreError(
            f"{_DATABASE} is missing, but its last changes are still there.",
            "Nothing was changed. Put the file back into its folder, or restore the last backup.",
        )
    traces = [path.with_name(BACKUPS).glob("*/clinic.db"), path.parent.glob(f"{path.name}{ASIDE}*")]
    if beside(path, RESTORING).exists() or any(True for trace in traces for _ in trace):
        raise StoreError(
            f"{_DATABASE} is missing, but there are backups or earlier copies of it.",
            "Nothing was changed. Put the file back into its folder, or restore the last backup.",
        )


def _check_file(path: Path) -> None:
    """Refuse a missing or emptied file, which SQLite would open as a new, valid, empty database."""
    if not path.is_file():
        raise StoreError(f"{_DATABASE} is not there.", "Check that its disk is connected, then start again.")
    if not has_bytes(path):
        raise StoreError(f"{_DATABASE} is empty: its contents are gone.", RESTORE)
    if path.stat().st_mode & 0o077:
        with suppress(PermissionError):  # another account's file: theirs to decide
            path.chmod(PRIVATE_FILE)


def connect(path: Path, key: Key | None, mode: str = "mode=rw") -> dbapi2.Connection:
    """Connect to an existing file; the key goes first, because everything else reads the file.

    Whether it is a database, ours, and the right key is not known yet: `check_ours`.
    """
    if key is not None and len(key) != KEY_BYTES:
        raise ValueError("a database key has 32 bytes")
    connection = dbapi2.connect(
        f"file:{quote(str(path.absolute()))}?{mode}",
        uri=True,
        isolation_level=None,
        timeout=SECONDS_TO_WAIT,
        check_same_thread=False,  # the window's worker opens, the window's thread goes on: one at a time
    )
    if key is not None:
        connection.execute(f"pragma key = \"x'{key.hex()}'\"")
        connection.execute(f"pragma cipher_page_size = {PAGE_BYTES}")
    # Otherwise it prints what it finds wrong to the terminal.
    connection.execute("pragma cipher_log_level = NONE")
    return connection


def check_ours(connection: dbapi2.Connection, *, encrypted: bool) -> None:
    """Refuse a file that is damaged, encrypted, another program's or a later release's; change nothing."""
    try:
        connection.execute("select count(*) from sqlite_master").fetchall()
    except dbapi2.DatabaseError as error:
        if getattr(error, "sqlite_errorname", "") != "SQLITE_NOTADB":
            raise
        if not encrypted:
            raise StoreError(f"{_DATABASE} is encrypted, or is damaged.", RESTORE) from None
        raise (StoreError(*DAMAGED) if _has_page(connection) else OtherKeyError(*OTHER_KEY)) from None
    if connection.execute("pragma application_id").fetchall() != [(APPLICATION_ID,)]:
        raise StoreError(
            f"{_DATABASE} belongs to another program.",
            "Nothing was changed. Check which file or folder this program was told to use.",
        )
    if applied_steps(connection) - known_steps():
        raise StoreError(
            f"{_DATABASE} was written by a newer version of this program.",
            "Nothing was changed. Install the newer version on this computer.",
        )
    if len(connection.execute("select id from clinic").fetchall()) != 1:
        raise StoreError(*DAMAGED)


def _has_page(connection: dbapi2.Connection) -> bool:
    """Tell whether any page opens with the key: then it is the right one, and the beginning of the file is broken."""
    _, _, path = connection.execute("pragma database_list").fetchone()
    broken = connection.execute("pragma cipher_integrity_check").fetchall()
    return len(broken) < Path(path).stat().st_size // PAGE_BYTES


def _make_durable(connection: dbapi2.Connection) -> None:
    """Make every commit survive a power cut, and find out now whether writing works at all."""
    if connection.execute("pragma journal_mode = wal").fetchall() != [("wal",)]:
        raise StoreError(
            "The records are on a disk that cannot keep them safe.",
            "Move their folder to a disk inside this computer; a network folder will not do.",
        )
    _set_up(connection)
    connection.execute("pragma cache_size = -16000")  # in KiB: the worklist of thousands stays decrypted
    # A read-only file opens without complaint, and so does a transaction on it; only a change tells.
    connection.execute("begin immediate")
    connection.execute("pragma user_version = 0")
    connection.execute("rollback")


def _set_up(connection: dbapi2.Connection) -> None:
    connection.execute("pragma synchronous = full")  # NORMAL loses acknowledged saves when the power goes
    connection.execute("pragma foreign_keys = on")
    connection.execute("pragma trusted_schema = off")


def check_whole(connection: dbapi2.Connection) -> None:
    """Refuse a file in which a table is missing: nothing of ours ever drops one."""
    names = {name for (name,) in connection.execute("select name from sqlite_master where type = 'table'").fetchall()}
    if not names >= TABLES:
        raise StoreError(*DAMAGED)
