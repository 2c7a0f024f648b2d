"""Moves what a release kept in the settings for want of tables: a letter's choices and its enclosures."""

import json
import uuid
from base64 import b64decode
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from sqlcipher3 import dbapi2

_VIEWS = "views"  # the setting that names them
_CHOICES, _PIECES = "letter:", "enclosure:"  # what the names of those settings begin with


def move_from_settings(connection: dbapi2.Connection) -> None:
    """Move every letter's choices, `letter:INTAKE` or `letter:LETTER`, and the pages they list, `enclosure:ID:NUMBER`.

    Pages that no letter lists were taken off, or never wholly kept: they go. Choices of no intake and no letter, which
    nothing of ours writes, stay where they are. Inside a transaction.
    """
    names = "select key from settings where key >= ? and key < ? order by key"
    for (key,) in connection.execute(names, [_CHOICES, _end(_CHOICES)]).fetchall():
        _move_choices(connection, key)
    connection.execute("delete from settings where key >= ? and key < ?", [_PIECES, _end(_PIECES)])


def drop_views(connection: dbapi2.Connection) -> None:
    """Drop the generated views, so that a table can have the name of one; the next start makes them again."""
    for name in _read(connection, _VIEWS) or ():
        connection.execute(f'drop view if exists "{name}"')
    connection.execute("delete from settings where key = ?", [_VIEWS])


def _move_choices(connection: dbapi2.Connection, key: str) -> None:
    place = _find_place(connection, key.removeprefix(_CHOICES))
    kept = _read(connection, key)
    if place is None or not isinstance(kept, dict):
        return
    choices_id, (intake_id, letter_id, at) = uuid.uuid4().hex, place
    texts = (kept.get("why_again", ""), *(_write(kept.get(name, [])) for name in ("copies", "left_out")))
    row = (choices_id, intake_id, letter_id, _write(kept.get("recipient", {})), *texts)
    connection.execute("insert into letter_choices values (?, ?, ?, ?, ?, ?, ?)", row)
    for position, listed in enumerate(kept.get("enclosures", ())):
        _move_enclosure(connection, intake_id, listed, at)
        link = (choices_id, position, listed["id"], listed["title"])
        connection.execute("insert into listed_enclosures values (?, ?, ?, ?)", link)
    connection.execute("delete from settings where key = ?", [key])


def _find_place(connection: dbapi2.Connection, record_id: str) -> tuple[str, str | None, str] | None:
    """Return the intake's id, the letter's id where it is a letter's, and when it was last touched."""
    sql = (
        "select id, null, changed_at from intakes where id = ?1"
        " union all select intake_id, id, issued_at from letters where id = ?1"
    )
    found: list[tuple[str, str | None, str]] = connection.execute(sql, [record_id]).fetchall()
    return found[0] if found else None


def _move_enclosure(connection: dbapi2.Connection, intake_id: str, listed: dict[str, Any], at: str) -> None:
    """Move an enclosure, once: the letter that was issued and the next one list the same."""
    if connection.execute("select 1 from enclosures where id = ?", [listed["id"]]).fetchall():
        return
    size, digest = 0, sha256()
    for piece in _pieces(connection, listed["id"]):
        size += len(piece)
        digest.update(piece)
    about = (listed["kind"], listed["pages"], _write(listed.get("notes", [])), size, digest.hexdigest(), at)
    connection.execute("insert into enclosures values (?, ?, ?, ?, ?, ?, ?, ?)", (listed["id"], intake_id, *about))
    for number, piece in enumerate(_pieces(connection, listed["id"])):
        connection.execute("insert into enclosure_pieces values (?, ?, ?)", (listed["id"], number, piece))


def _pieces(connection: dbapi2.Connection, enclosure_id: str) -> Iterator[bytes]:
    number = 0
    while piece := _read(connection, f"{_PIECES}{enclosure_id}:{number}"):
        yield b64decode(piece)
        number += 1


def _read(connection: dbapi2.Connection, key: str) -> Any:  # noqa: ANN401 a setting is any JSON value
    rows = connection.execute("select value from settings where key = ?", [key]).fetchall()
    try:
        return json.loads(rows[0][0]) if rows else None
    except ValueError:  # nothing of ours writes such a text
        return None


def _write(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _end(beginning: str) -> str:
    """Return the first text after all that begin so."""
    return beginning[:-1] + chr(ord(beginning[-1]) + 1)
