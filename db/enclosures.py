"""What goes with letters: PDF pages added to an intake, kept in pieces; each letter names those it went with."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from db.errors import StoreError
from db.roles import verb
from db.tables import Row, Tables, make_id, stamp, to_json

_GONE = ("The pages of an enclosure are not in the records.", "Remove the enclosure and add the file again.")
_IN_USE = ("A letter has this enclosure.", "It stays with the letter.")
_UNLISTED = """
select id from enclosures
where intake_id = ? and not exists (select 1 from listed_enclosures where enclosure_id = enclosures.id)
order by added_at
"""


_REMOVE_PIECES = """
delete from enclosure_pieces where rowid in (
    select rowid from enclosure_pieces where enclosure_id = ? order by number desc limit ?
)
"""
_REMOVED_AT_ONCE = 4  # what the window does not feel


class Enclosures(Tables):
    """Documents and pictures beside the answers; what an issued letter has is never changed or removed."""

    @verb
    def add_enclosure(self, intake_id: str, about: Mapping[str, Any], now: datetime) -> str:
        """Begin to keep an enclosure and return its id; its content comes with `add_piece`.

        `about` is what is said of it: kind (PDF, JPEG, PNG), pages, notes (a list), and the content's size (bytes) and
        sha256 (hex).
        """
        enclosure_id = make_id()
        said = (about["kind"], about["pages"], to_json(list(about["notes"])), about["size"], about["sha256"])
        with self._saving() as db:
            row = (enclosure_id, intake_id, *said, stamp(now))
            db.execute("insert into enclosures values (?, ?, ?, ?, ?, ?, ?, ?)", row)
            self._note("enclosure added", f"enclosure/{enclosure_id}", stamp(now), None, about["sha256"])
        return enclosure_id

    @verb
    def add_piece(self, enclosure_id: str, piece: bytes) -> None:
        """Keep the next piece of an enclosure's content; ValueError for more than there is."""
        sql = "select count(*) as number, coalesce(sum(length(content)), 0) as size from enclosure_pieces"
        with self._saving() as db:
            [(number, size)] = db.execute(f"{sql} where enclosure_id = ?", [enclosure_id]).fetchall()
            if size + len(piece) > self.enclosure(enclosure_id)["size"]:
                raise ValueError("this enclosure is not so large")
            db.execute("insert into enclosure_pieces values (?, ?, ?)", [enclosure_id, number, piece])

    @verb
    def enclosure(self, enclosure_id: str) -> Row:
        """Return id, intake_id, kind, pages, notes (a list), size (bytes), sha256 (of the content), added_at."""
        rows = self._rows("select * from enclosures where id = ?", [enclosure_id])
        if not rows:
            raise StoreError(*_GONE)
        return rows[0] | {"notes": json.loads(rows[0]["notes"])}

    @verb
    def enclosure_piece(self, enclosure_id: str, number: int) -> bytes:
        """Return a piece of an enclosure's content, counted from 0; b"" after the last."""
        sql = "select content from enclosure_pieces where enclosure_id = ? and number = ?"
        rows = self._rows(sql, [enclosure_id, number])
        return bytes(rows[0]["content"]) if rows else b""

    @verb
    def unlisted_enclosures(self, intake_id: str) -> list[str]:
        """Return the ids of those that no letter has and the next one will not: taken off the list, or cut off."""
        return [row["id"] for row in self._rows(_UNLISTED, [intake_id])]

    @verb
    def remove_enclosure(self, enclosure_id: str, now: datetime) -> bool:
        """Remove an enclosure for good, some pieces at each call, the last first; tell whether there is more to do.

        StoreError for one that a letter has, or the next one will have.
        """
        with self._saving() as db:
            row = self.enclosure(enclosure_id)
            if self._rows("select 1 from listed_enclosures where enclosure_id = ?", [enclosure_id]):
                raise StoreError(*_IN_USE)
            if db.execute(_REMOVE_PIECES, [enclosure_id, _REMOVED_AT_ONCE]).rowcount == _REMOVED_AT_ONCE:
                return True
            db.execute("delete from enclosures where id = ?", [enclosure_id])
            self._note("enclosure removed", f"enclosure/{enclosure_id}", stamp(now), row["sha256"])
        return False
