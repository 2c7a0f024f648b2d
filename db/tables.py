"""What every group of tables needs: reading rows, saving all or nothing, settings, JSON and times as text."""

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlcipher3 import dbapi2

from db.chain import Event, append
from db.engine import wrap
from db.errors import DAMAGED, StoreError, plain_errors
from db.files import beside
from db.roles import CLINIC_SETTINGS, SIGNATURES, UNGUARDED, check_right, find_right, verb

if TYPE_CHECKING:
    from sqlite_utils import Database

Row = dict[str, Any]


_MOVED = (
    "The records file was moved, replaced or removed while the program had it open, so nothing was saved.",
    "Leave this window open, put the file back where it was, and go on.",
)
_AUDITED = {SIGNATURES: "rule signed", **dict.fromkeys(CLINIC_SETTINGS, "settings")}


class Acting(NamedTuple):
    """Who is at the desk: the user's id and name, "" for nobody, and one of ROLES, NOBODY or UNGUARDED."""

    id: str
    name: str
    role: str


class Tables:
    """A group of tables in one opened database."""

    def __init__(self, connection: dbapi2.Connection) -> None:
        self._connection = connection
        [(path,)] = connection.execute("select file from pragma_database_list where name = 'main'").fetchall()
        self._files = {file: _identify(file) for file in (Path(path), beside(Path(path), "-wal")) if file.exists()}
        self._acting = Acting("", "", UNGUARDED)
        self._pen = Lock()  # held while something is saved; SQLite would look only now and then whether it is free
        self._is_joined = False  # what is saved now is part of `at_once`

    @property
    def role(self) -> str:
        """The role of whoever is signed in: one of db.roles.ROLES, NOBODY, or UNGUARDED while there are no users."""
        return self._acting.role

    @cached_property
    def _db(self) -> "Database":
        """The database as sqlite-utils has it, made when something is first written."""
        return wrap(self._connection)

    def _rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Return all rows at once: a half-read query would keep the file from being tidied up."""
        with plain_errors():
            cursor = self._connection.execute(sql, parameters)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def _row(self, sql: str, parameters: Sequence[Any], missing: str) -> Row:
        """Return the one row there is, or raise StoreError with the sentence `missing`."""
        rows = self._rows(sql, parameters)
        if not rows:
            raise StoreError(missing, "Go back to the list and open it again.")
        return rows[0]

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Save what several verbs do inside, or nothing of it; what is read inside stays as it is until then."""
        with self._saving():
            self._is_joined = True
            try:
                yield
            finally:
                self._is_joined = False

    @contextmanager
    def _saving(self) -> Iterator["Database"]:
        """Save everything done inside, or nothing of it: the only way to write."""
        if self._is_joined:
            yield self._db
            return
        with plain_errors(), self._pen:
            # IMMEDIATE: a transaction that begins by reading may find at its first write that it cannot.
            self._db.execute("begin immediate")
            try:
                self._check_in_place()
                yield self._db
                self._db.commit()
            except BaseException:
                self._db.rollback()
                raise

    def _check_in_place(self) -> None:
        """Refuse to save into a file that nobody will find again: the system goes on writing to one without a name."""
        if any(_identify(file) != was for file, was in self._files.items()):
            raise StoreError(*_MOVED)

    def _note(self, action: str, record: str, at: str, old: str | None = None, new: str | None = None) -> None:
        """Add to the audit trail what is being done, inside its transaction; of the contents only hashes are kept."""
        append(self._connection, Event(at, self._acting.id, action, record, old, new))

    def setting(self, key: str, default: Any = None) -> Any:  # noqa: ANN401 a setting is any JSON value
        """Return a setting's JSON value, or the default if it was never saved."""
        check_right(self.role, find_right("setting", key))
        return self._setting(key, default)

    @verb
    def save_setting(self, key: str, value: object, now: datetime | None = None) -> None:
        """Keep a JSON value under a name; some names only for some roles (db.roles)."""
        check_right(self.role, find_right("save_setting", key))
        with self._saving():
            old = self._setting_text(key)
            self._put_setting(key, value)
            if key in _AUDITED and old != to_json(value):
                self._note(_AUDITED[key], f"setting/{key}", stamp(now or datetime.now(UTC)), old, to_json(value))

    def _setting(self, key: str, default: Any = None) -> Any:  # noqa: ANN401 the same
        text = self._setting_text(key)
        try:
            return default if text is None else json.loads(text)
        except ValueError:  # nothing of ours writes such a text
            raise StoreError(*DAMAGED) from None

    def _setting_text(self, key: str) -> str | None:
        rows = self._rows("select value from settings where key = ?", [key])
        return str(rows[0]["value"]) if rows else None

    def _put_setting(self, key: str, value: object) -> None:
        sql = "insert or replace into settings (key, value) values (?, ?)"
        self._db.execute(sql, [key, to_json(value)])


def _identify(file: Path) -> tuple[int, int] | None:
    """Return what tells a file from any other that has its name, None for none."""
    try:
        found = file.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def make_id() -> str:
    """Return a new id, unique in any database: 32 hex digits."""
    return uuid.uuid4().hex


def stamp(moment: datetime) -> str:
    """Return an aware time as ISO 8601 text in UTC, of fixed width, so that texts sort as times do."""
    if moment.tzinfo is None:
        raise ValueError("a time needs its time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def to_json(value: object) -> str:
    """Return a JSON value as text that comes back exactly as it was; StoreError for a number that is none."""
    try:
        # Not escaped, so that anyone who opens the file can read and search it.
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    except ValueError:
        pass  # its message may repeat the value
    raise StoreError("The number is not one that can be stored.", "Enter an ordinary number.")


def pick_texts(fields: Mapping[str, str], columns: Sequence[str]) -> dict[str, str]:
    """Return the fields as a row; ValueError for a column that is not on the list, TypeError for no text."""
    if unknown := set(fields) - set(columns):
        raise ValueError(f"no such field: {', '.join(sorted(unknown))}")
    if wrong := sorted(name for name, value in fields.items() if not isinstance(value, str)):
        raise TypeError(f"these fields are texts: {', '.join(wrong)}")
    return dict(fields)
