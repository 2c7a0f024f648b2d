"""Moves what a release kept in the settings for want of tables: a letter's choices and its enclosures."""

import json
import uuid
from base64 import b64decode
from hashlib import sha256
from typing import Any

from sqlcipher3 import dbapi2

_VIEWS = "views"  # the setting that names them
_CHOICES, _PIECES = "letter:", "enclosure:"  # what the names of those settings begin with
_KEPT = """
select key, intake_id, letter_id, at from settings join (
    select id, id as intake_id, null as letter_id, changed_at as at from intakes
    union all select id, intake_id, id, issued_at from letters
) on key = ? || id order by key
"""
_NEEDED = {"recipient", "why_again"}
_ADDED_LATER: dict[str, list[Any]] = {"copies": [], "enclosures": [], "left_out": []}
_LISTED = {"id", "title", "kind", "pages", "notes"}
_PAGES = range(1_000_000)


def move_from_settings(connection: dbapi2.Connection) -> None:
    """Move every letter's choices, `letter:INTAKE` or `letter:LETTER`, and the pages they list, `enclosure:ID:NUMBER`.

    Whatever is not as that release wrote it stays where it is, to the byte: choices that are odd or of no intake and no
    letter, and pages that are not whole or that no letter lists. An enclosure without its whole pages is moved as one
    that was cut off. Inside a transaction.
    """
    for key, *place in connection.execute(_KEPT, [_CHOICES]).fetchall():
        choices = _find_choices(connection, key)
        if choices is None:
            continue
        connection.execute("savepoint choices")
        if _move_choices(connection, choices, *place):
            connection.execute("delete from settings where key = ?", [key])
        else:
            connection.execute("rollback to choices")
        connection.execute("release choices")


def drop_views(connection: dbapi2.Connection) -> None:
    """Drop the generated views, so that a table can have the name of one; the next start makes them again.

    All there are, if the setting does not tell which: one that was left would be in the way of the next start.
    """
    made = _read(connection, _VIEWS)
    for (name,) in connection.execute("select name from sqlite_master where type = 'view'").fetchall():
        if not isinstance(made, dict) or name in made:
            quoted = name.replace('"', '""')
            connection.execute(f'drop view "{quoted}"')
    connection.execute("delete from settings where key = ?", [_VIEWS])


def _find_choices(connection: dbapi2.Connection, key: str) -> dict[str, Any] | None:
    """Return the choices of a setting, complete, or None if it is not as we wrote it."""
    kept = _read(connection, key)
    if not isinstance(kept, dict) or not _NEEDED <= kept.keys() <= _NEEDED | _ADDED_LATER.keys():
        return None
    choices = _ADDED_LATER | kept
    recipient, listed = choices["recipient"], choices["enclosures"]
    if not isinstance(recipient, dict) or not isinstance(listed, list):
        return None
    texts = [list(recipient), list(recipient.values()), [choices["why_again"]], choices["copies"], choices["left_out"]]
    return choices if all(map(_are_texts, texts)) and all(map(_is_listed, listed)) else None


def _is_listed(listed: object) -> bool:
    """Tell whether this is how a letter listed an enclosure."""
    if not isinstance(listed, dict) or listed.keys() != _LISTED:
        return False
    pages, texts = listed["pages"], [listed[name] for name in ("id", "title", "kind")]
    return type(pages) is int and pages in _PAGES and _are_texts(texts) and _are_texts(listed["notes"])


def _are_texts(values: object) -> bool:
    """Tell whether this is a list of texts that can be stored: half of a character cannot."""
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        return False
    return "".join(values).encode(errors="replace").decode() == "".join(values)


def _move_choices(
    connection: dbapi2.Connection, choices: dict[str, Any], intake_id: str, letter_id: str | None, at: str
) -> bool:
    """Move choices with what they list; False if an enclosure is another one's already, and then half is done."""
    choices_id = uuid.uuid4().hex
    texts = [_write(choices["recipient"]), choices["why_again"], *(_write(choices[n]) for n in ("copies", "left_out"))]
    connection.execute(
        "insert into letter_choices values (?, ?, ?, ?, ?, ?, ?)", [choices_id, intake_id, letter_id, *texts]
    )
    for position, listed in enumerate(choices["enclosures"]):
        if not _move_enclosure(connection, intake_id, listed, at):
            return False
        link = (choices_id, position, listed["id"], listed["title"])
        connection.execute("insert into listed_enclosures values (?, ?, ?, ?)", link)
    return True


def _move_enclosure(connection: dbapi2.Connection, intake_id: str, listed: dict[str, Any], at: str) -> bool:
    """Move an enclosure, once: the letter that was issued and the next one list the same. False if this is another."""
    enclosure_id, said = listed["id"], (intake_id, listed["kind"], listed["pages"], _write(listed["notes"]))
    known = "select intake_id, kind, pages, notes from enclosures where id = ?"
    if there := connection.execute(known, [enclosure_id]).fetchall():
        return bool(there == [said])
    # Of no size and with no hash until its pages are there, which whoever fetches it is told.
    connection.execute("insert into enclosures values (?, ?, ?, ?, ?, 0, '', ?)", [enclosure_id, *said, at])
    connection.execute("savepoint pages")
    if not _move_pages(connection, enclosure_id):
        connection.execute("rollback to pages")
    connection.execute("release pages")
    return True


def _move_pages(connection: dbapi2.Connection, enclosure_id: str) -> bool:
    """Move the pages of an enclosure; False if a piece is missing or odd, and then half is done."""
    place = (f"{_PIECES}{enclosure_id}:", f"{_PIECES}{enclosure_id};")  # ";" comes after ":"
    [(count,)] = connection.execute("select count(*) from settings where key >= ? and key < ?", place).fetchall()
    size, digest = 0, sha256()
    for number in range(count):
        piece = _find_piece(connection, f"{place[0]}{number}")
        if not piece:
            return False
        size += len(piece)
        digest.update(piece)
        connection.execute("insert into enclosure_pieces values (?, ?, ?)", [enclosure_id, number, piece])
    about = (size, digest.hexdigest(), enclosure_id)
    connection.execute("update enclosures set size = ?, sha256 = ? where id = ?", about)
    connection.execute("delete from settings where key >= ? and key < ?", place)
    return size > 0


def _find_piece(connection: dbapi2.Connection, key: str) -> bytes | None:
    """Return a piece of an enclosure, or None if it is not there or not as we wrote it."""
    kept = _read(connection, key)
    try:
        return b64decode(kept, validate=True) if isinstance(kept, str) else None
    except ValueError:
        return None


def _read(connection: dbapi2.Connection, key: str) -> Any:  # noqa: ANN401 a setting is any JSON value
    # As bytes: a text that is none would be an error of the database.
    rows = connection.execute("select cast(value as blob) from settings where key = ?", [key]).fetchall()
    try:
        return json.loads(rows[0][0].decode()) if rows else None
    except (ValueError, RecursionError):  # nothing of ours writes such a text
        return None


def _write(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
