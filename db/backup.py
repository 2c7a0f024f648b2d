"""Backups: snapshots of the whole database under the same key, each verified before it counts.

A backup is a folder, named by when it was made: the database, the key file with which it opens, and what is in it as
numbers of rows and hashes.
"""

import hashlib
import json
import re
import uuid
from collections.abc import Iterable
from contextlib import closing
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from sqlcipher3 import dbapi2

from db.connection import BACKUPS, Key, check_integrity, check_ours, connect, open_database
from db.errors import StoreError, plain_errors
from db.files import copy_file, make_empty, make_folder, remove_folder, sync_file, sync_folder, write_file

DATABASE, KEY_FILE, CONTENTS = "clinic.db", "keyslots.json", "contents.json"
BEFORE_UPDATE = "before-update"
KEPT_DAYS, KEPT_WEEKS, KEPT_MONTHS, KEPT_BEFORE_UPDATES = 7, 5, 12, 3
_UNFINISHED = ".unfinished-"
_NAME = re.compile(r"(\d{4}-\d\d-\d\d-\d{6})(?:-(before-update))?(?:-\d+)?")
_TIME = "%Y-%m-%d-%H%M%S"
_READ_TEXT = partial(str, encoding="utf-8", errors="surrogateescape")
_DAMAGED = ("This backup is damaged, or was changed.", "Nothing was changed. Keep it, and take the one before it.")

Contents = dict[str, list[int | str]]  # of each table the number of rows, and their hash


class Backup(NamedTuple):
    """A finished backup. `made_at` is by the clock on the wall, without zone. `fault`: why there is no second copy."""

    folder: Path
    made_at: datetime
    reason: str = ""
    fault: StoreError | None = None

    @property
    def database(self) -> Path:
        """The database in it."""
        return self.folder / DATABASE


class Rehearsal(NamedTuple):
    """What a rehearsal proved: a backup was restored elsewhere, opened, and had so many rows, each as backed up."""

    rows: int
    patients: int
    letters: int


def back_up(path: Path, key: Key | None, now: datetime, *, second: Path | None = None, reason: str = "") -> Backup:
    """Make a backup of the database at `path` in the folder beside it, verify it, and drop those too old to be kept.

    On any thread, also while the store is open and written to. With `second`, a copy goes into `place_copies` there, if
    the database is encrypted; if that fails the backup counts all the same, and `fault` says why. StoreError if the
    backup could not be made; then there is none of it.
    """
    with plain_errors():
        folder = path.with_name(BACKUPS)
        make_folder(folder)
        unfinished = _make_unfinished(folder)
        try:
            _fill(unfinished, path, key)
            made = _rename(unfinished, folder, f"{now:{_TIME}}" + (f"-{reason}" if reason else ""))
        except BaseException:
            remove_folder(unfinished)
            raise
        _prune(folder, made)
    backup = _describe(made)
    assert backup  # noqa: S101 we have just named it so
    return backup if second is None or key is None else backup._replace(fault=_copy_to(backup, second, key))


def place_copies(second: Path, clinic_id: str) -> Path:
    """Return the folder of this clinic's copies in a second folder: another computer may have its own there."""
    return second / f"spine-intake-{clinic_id[:8]}"


def list_backups(folder: Path) -> list[Backup]:
    """Return the finished backups in a folder (`backups` beside the database, or `place_copies`), newest first."""
    with plain_errors():
        found = [_describe(each) for each in folder.iterdir()] if folder.is_dir() else []
    backups = [each for each in found if each]
    return sorted(backups, key=lambda backup: (backup.made_at, backup.folder.name), reverse=True)


def renew_key_file(path: Path, copies: Path | None = None) -> None:
    """Put the present key file into the newest backup, which opens with it as well: there it is found if it is lost.

    Also into the newest in `copies`, if that is named. StoreError if it could not be written; there is the former one.
    """
    with plain_errors():
        for folder in filter(None, (path.with_name(BACKUPS), copies)):
            for backup in list_backups(folder)[:1]:
                copy_file(path.with_name(KEY_FILE), backup.folder / KEY_FILE)


def is_backup_due(path: Path, now: datetime) -> bool:
    """Tell whether there is no backup of today yet."""
    return all(backup.made_at.date() != now.date() for backup in list_backups(path.with_name(BACKUPS)))


def verify_backup(backup: Path, key: Key | None) -> None:
    """Raise StoreError unless the backup in this folder opens with the key and holds what was backed up."""
    with plain_errors():
        try:
            contents = json.loads((backup / CONTENTS).read_bytes())
        except (OSError, ValueError):
            raise StoreError(*_DAMAGED) from None
        _verify(backup / DATABASE, key, contents)
        if key is not None and not (backup / KEY_FILE).is_file():
            raise StoreError("This backup has no key file.", "It cannot be opened on another computer: make a new one.")


def rehearse(backup: Path, key: Key | None) -> Rehearsal:
    """Restore a backup into an empty folder, open it as the program does, compare, and clean up.

    StoreError unless all of it is as it was backed up.
    """
    verify_backup(backup, key)
    with plain_errors():
        folder = _make_unfinished(backup.parent)
        try:
            copy_file(backup / DATABASE, folder / DATABASE)
            with closing(open_database(folder / DATABASE, key)) as connection:
                contents = read_contents(connection)
        finally:
            remove_folder(folder)
        counts = {name: int(rows) for name, (rows, _) in contents.items()}
        return Rehearsal(sum(counts.values()), counts["patients"], counts["letters"])


def read_contents(connection: dbapi2.Connection) -> Contents:
    """Return for each table its number of rows and a hash of all of them."""
    sql = "select name from sqlite_master where type = 'table' and name not like 'sqlite\\_%' escape '\\' order by name"
    # Also what is no text where one belongs is backed up to the byte.
    usual, connection.text_factory = connection.text_factory, _READ_TEXT
    try:
        return {name: _read_table(connection, name) for (name,) in connection.execute(sql).fetchall()}
    finally:
        connection.text_factory = usual


def _read_table(connection: dbapi2.Connection, name: str) -> list[int | str]:
    digest, count = hashlib.sha256(), 0
    for row in connection.execute(f'select * from "{name}" order by rowid'):  # noqa: S608 a name of the schema's own
        count += 1
        digest.update(repr([_shorten(value) for value in row]).encode("utf-8", "surrogatepass"))
    return [count, digest.hexdigest()]


def choose_kept(moments: Iterable[datetime]) -> set[datetime]:
    """Return which backups are kept: the last of each of 7 days, 5 weeks and 12 months that have any."""
    newest_first = sorted(moments, reverse=True)
    kept: set[datetime] = set()
    for count, span in (
        (KEPT_DAYS, lambda moment: moment.date()),
        (KEPT_WEEKS, lambda moment: moment.isocalendar()[:2]),
        (KEPT_MONTHS, lambda moment: (moment.year, moment.month)),
    ):
        last_of = {span(moment): moment for moment in reversed(newest_first)}
        kept |= set(sorted(last_of.values(), reverse=True)[:count])
    return kept


def _make_unfinished(folder: Path) -> Path:
    unfinished = folder / f"{_UNFINISHED}{uuid.uuid4().hex}"
    make_folder(unfinished)
    return unfinished


def _fill(folder: Path, path: Path, key: Key | None) -> None:
    """Put the database, the key file and the contents into a folder, and verify them."""
    target = folder / DATABASE
    contents = _snapshot(path, target, key)
    _verify(target, key, contents)
    sync_file(target)
    if path.with_name(KEY_FILE).is_file():
        copy_file(path.with_name(KEY_FILE), folder / KEY_FILE)
    write_file(folder / CONTENTS, json.dumps(contents, indent=1).encode())
    sync_folder(folder)


def _snapshot(path: Path, target: Path, key: Key | None) -> Contents:
    """Copy the database as it stands at one moment and return what is in it."""
    make_empty(target)
    with closing(connect(path, key)) as source, closing(connect(target, key)) as copy:
        # One transaction for both, so that an answer saved meanwhile is in neither. In one go: a copy in steps would
        # begin again with every answer.
        source.execute("begin")
        check_ours(source, encrypted=key is not None)
        contents = read_contents(source)
        source.backup(copy)
        source.execute("commit")
        # A file of its own, that can be opened where nothing can be written.
        copy.execute("pragma journal_mode = delete").fetchall()
    return contents


def _verify(database: Path, key: Key | None, contents: Contents) -> None:
    """Raise StoreError unless the file opens with the key, is whole, and holds exactly this."""
    try:
        with closing(connect(database, key)) as connection:
            check_ours(connection, encrypted=key is not None)
            check_integrity(connection, encrypted=key is not None)
            if read_contents(connection) == contents:
                return
    except (StoreError, dbapi2.DatabaseError):
        pass
    raise StoreError(*_DAMAGED)


def _shorten(value: object) -> object:
    return hashlib.sha256(value).digest() if isinstance(value, bytes) else value


def _rename(unfinished: Path, folder: Path, name: str) -> Path:
    """Give a finished backup its name: from now on it counts."""
    names = (folder / (name if number == 1 else f"{name}-{number}") for number in range(1, 1000))
    made = unfinished.rename(next(each for each in names if not each.exists()))
    sync_folder(folder)
    return made


def _describe(folder: Path) -> Backup | None:
    match = _NAME.fullmatch(folder.name)
    if match is None or not (folder / DATABASE).is_file():
        return None
    try:
        return Backup(folder, datetime.strptime(match[1], _TIME), match[2] or "")  # noqa: DTZ007 the clock on the wall
    except ValueError:
        return None


def _copy_to(backup: Backup, second: Path, key: Key) -> StoreError | None:
    """Copy a backup into another folder, with the same care; return why that was not possible."""
    try:
        copies = place_copies(second, _read_clinic_id(backup.database, key))
        make_folder(copies)
        unfinished = _make_unfinished(copies)
        try:
            for file in backup.folder.iterdir():
                copy_file(file, unfinished / file.name)
                _compare(file, unfinished / file.name)
            made = _rename(unfinished, copies, backup.folder.name)
        except BaseException:
            remove_folder(unfinished)
            raise
        _prune(copies, made)
    except StoreError as error:
        return error
    except OSError as error:
        what = f"The second folder cannot be opened or written to ({error.strerror})."
        return StoreError(what, "Check that its disk is there, or choose another folder.")
    return None


def _read_clinic_id(database: Path, key: Key) -> str:
    with plain_errors(), closing(connect(database, key)) as connection:
        [(clinic_id,)] = connection.execute("select id from clinic").fetchall()
    return str(clinic_id)


def _compare(file: Path, copy: Path) -> None:
    if _hash_file(file) != _hash_file(copy):
        raise StoreError("The second copy of the backup is not like the first.", "Check the disk it is on.")


def _hash_file(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _prune(folder: Path, made: Path) -> None:
    """Remove the backups that need not be kept, and what was left of unfinished ones; never the one just made.

    Those dated after it, made while the clock was ahead, are counted by themselves: they take no other's place.
    """
    backups = list_backups(folder)
    now = next(backup.made_at for backup in backups if backup.folder == made)
    daily = [backup.made_at for backup in backups if not backup.reason]
    kept = choose_kept(at for at in daily if at <= now) | choose_kept(at for at in daily if at > now)
    updates = [backup.folder for backup in backups if backup.reason][:KEPT_BEFORE_UPDATES]
    for backup in backups:
        if backup.folder != made and backup.folder not in updates and (backup.reason or backup.made_at not in kept):
            remove_folder(backup.folder)
    for left in folder.glob(f"{_UNFINISHED}*"):
        remove_folder(left)
