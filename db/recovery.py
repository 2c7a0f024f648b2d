"""Putting a backup in the records' place, and records of a release without keys under one; nothing is destroyed."""

from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import Literal

from sqlcipher3 import dbapi2

from db.backup import DATABASE, KEY_FILE, back_up, list_backups, verify_backup
from db.connection import BACKUPS, RESTORING, Key, check_ours, connect, lock_database, open_database
from db.errors import StoreError, plain_errors
from db.files import ASIDE, beside, copy_file, remove_database, remove_folder, sync_file, sync_folder
from db.new_key import export

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


def restore(backup: Path, path: Path, key: Key | None, now: datetime, *, backup_key: Key | None = None) -> list[Path]:
    """Put the database of a backup (its folder) in the place of the one at `path`; the store has to be closed.

    Returns where the present files were put: beside, with the date. The key file is restored only if there is none.
    `backup_key`, if it is another one, is the key that the records had then; they are put under the present one.
    StoreError, and nothing changed, if the backup does not open with its key or is not as it was made.
    """
    verify_backup(backup, backup_key or key)
    lock = lock_database(path)
    try:
        with plain_errors():
            waiting = beside(path, RESTORING)
            _bring(backup / DATABASE, waiting, backup_key, key)
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
                rows = export(path, None, unfinished, key)
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


def _bring(source: Path, target: Path, old: Key | None, key: Key | None) -> None:
    """Copy the database of a backup, under the present key if it had another one."""
    if old is None or key is None or old == key:
        copy_file(source, target)
        return
    remove_database(target)
    try:
        export(source, old, target, key)
        sync_file(target)
    except BaseException:
        remove_database(target)
        raise


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


def _remove_plain_backups(path: Path) -> None:
    for backup in list_backups(path.with_name(BACKUPS)):
        if find_records(backup.database) == "plain":
            remove_folder(backup.folder)
