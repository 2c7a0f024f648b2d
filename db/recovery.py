"""Putting a backup in the records' place, and records of a release without keys under one; nothing is destroyed."""

from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import Literal

from sqlcipher3 import dbapi2

from db.backup import (
    DATABASE,
    KEY_FILE,
    back_up,
    list_backups,
    read_contents,
    verify_backup,
)
from db.connection import (
    APPLICATION_ID,
    ASIDE,
    BACKUPS,
    PAGE_BYTES,
    RESTORING,
    Key,
    check_integrity,
    check_ours,
    connect,
    lock_database,
    open_database,
)
from db.errors import StoreError, plain_errors
from db.files import beside, copy_file, has_bytes, make_empty, remove_database, remove_folder, sync_file, sync_folder

KEY_FILES = (KEY_FILE, "keyslots.2.json")  # the file and its second copy, which are always alike
_PLAIN = b"SQLite format 3\0"
_TIME = "%Y-%m-%d-%H%M%S"


def find_records(path: Path) -> Literal["none", "plain", "encrypted"]:
    """Tell what is at `path`, by its first bytes: nothing, a database without a key, or one with it."""
    with plain_errors():
        if not path.exists():
            return "none"
        with path.open("rb") as file:
            return "plain" if file.read(len(_PLAIN)) == _PLAIN else "encrypted"


def restore(backup: Path, path: Path, key: Key | None, now: datetime) -> list[Path]:
    """Put the database of a backup (its folder) in the place of the one at `path`; the store has to be closed.

    Returns where the present files were put: beside, with the date. The key file is restored only if there is none.
    StoreError, and nothing changed, if the backup does not open with the key or is not as it was made.
    """
    verify_backup(backup, key)
    lock = lock_database(path)
    try:
        with plain_errors():
            waiting = beside(path, RESTORING)
            copy_file(backup / DATABASE, waiting)
            aside = _put_aside(path, key, f"{ASIDE}restore-{now:{_TIME}}")
            if (backup / KEY_FILE).is_file() and not any(path.with_name(name).exists() for name in KEY_FILES):
                aside += restore_key_file(backup, path, now)
            waiting.replace(path)
            sync_folder(path.parent)
            return aside
    finally:
        lock.release()


def restore_key_file(backup: Path, path: Path, now: datetime) -> list[Path]:
    """Put the key file of a backup in the place of a damaged or missing one beside the database at `path`.

    Returns where the present ones were put. Passwords and the recovery code are again those of the backup's day.
    """
    with plain_errors():
        if not (backup / KEY_FILE).is_file():
            raise StoreError("This backup has no key file.", "Take another backup.")
        aside = []
        for name in KEY_FILES:
            present = path.with_name(name)
            if present.exists():
                aside.append(beside(present, f"{ASIDE}restore-{now:{_TIME}}"))
                copy_file(present, aside[-1])
            copy_file(backup / KEY_FILE, present)
        return aside


def encrypt_records(path: Path, key: Key, now: datetime) -> int:
    """Put records that have no key (release 0.1.0) under one; return how many rows were moved and compared.

    The file without a key, and its backups, are removed after every row of every table was found in the encrypted one.
    Cut off anywhere, there are the old records or the new ones. StoreError, and nothing changed, if it fails. What was
    deleted from a disk can be found again with tools for that until the disk is encrypted or overwritten.
    """
    lock = lock_database(path)
    try:
        open_database(path).close()  # up to date, checked, and all in the one file
        with plain_errors():
            unfinished = beside(path, ".encrypted")
            remove_database(unfinished)
            try:
                rows = _export(path, unfinished, key)
                sync_file(unfinished)
                unfinished.replace(path)
            except BaseException:
                remove_database(unfinished)
                raise
            sync_folder(path.parent)
            back_up(path, key, now)
            _remove_plain_backups(path)
            return rows
    finally:
        lock.release()


def _put_aside(path: Path, key: Key | None, ending: str) -> list[Path]:
    """Copy the present database to another name, bit for bit, and leave only the one file in its place."""
    aside = []
    for more in ("", "-wal"):
        if beside(path, more).exists():
            aside.append(beside(beside(path, ending), more))
            copy_file(beside(path, more), aside[-1])
    if path.exists():
        with suppress(StoreError, dbapi2.DatabaseError), closing(connect(path, key)) as connection:
            check_ours(connection, encrypted=key is not None)  # then closing it puts everything into the one file
    for more in ("-wal", "-shm"):  # of a damaged one; they would be taken for those of the restored one
        beside(path, more).unlink(missing_ok=True)
    return aside


def _export(path: Path, target: Path, key: Key) -> int:
    """Copy every row into a new encrypted file and compare them; return their number."""
    make_empty(target)
    with closing(connect(path, None)) as plain:
        # The file's name as a parameter: it may hold any character.
        plain.execute(f"attach ? as target key \"x'{key.hex()}'\"", [str(target.absolute())])
        plain.execute(f"pragma target.cipher_page_size = {PAGE_BYTES}")
        plain.execute("select sqlcipher_export('target')").fetchall()
        plain.execute(f"pragma target.application_id = {APPLICATION_ID}")
        plain.execute("detach target")
        before = read_contents(plain)
    with closing(connect(target, key)) as encrypted:
        check_ours(encrypted, encrypted=True)
        check_integrity(encrypted, encrypted=True)
        if read_contents(encrypted) != before or not has_bytes(target) or find_records(target) != "encrypted":
            raise StoreError(
                "The records could not be encrypted: the copy differs.",
                "Nothing was changed. Check the disk and try again.",
            )
    return sum(int(rows) for rows, _ in before.values())


def _remove_plain_backups(path: Path) -> None:
    for backup in list_backups(path.with_name(BACKUPS)):
        if find_records(backup.database) == "plain":
            remove_folder(backup.folder)
