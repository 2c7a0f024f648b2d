"""The audit trail: who did what to which record when, with hashes instead of answers."""

import io
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from db import chain
from db.errors import StoreError
from db.roles import check_right, find_right, verb
from db.tables import Row, Tables, stamp

# What the window may have noted: what it does without the store.
NOTED = (
    "viewed",
    "printed",
    "exported",
    "backup made",
    "backup rehearsed",
    "records restored",
    "records encrypted",
    "password changed",
    "password reset",
    "recovery code changed",
)
FAILED = "sign-in failed"
ROWS_CHECKED_AT_START = 500
CLOCK_MAY_DIFFER = timedelta(minutes=5)
_RECORD = re.compile(r"[A-Za-z0-9._/-]{0,200}")
_COLUMNS = ("seq", "at", "user_name", "action", "record", "old_hash", "new_hash", "previous", "hash")
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")

_ROWS = (
    "select audit.*, coalesce(users.name, '') as user_name from audit left join users on users.id = audit.user"
    " where seq < ? order by seq desc limit ?"
)
_TOO_MANY = 2**62


class Audit(Tables):
    """The trail; nothing here changes or deletes a row of it."""

    @verb
    def note(self, action: str, record: str = "", now: datetime | None = None) -> None:
        """Add to the trail what was done outside the store: an action of NOTED, and a record such as letter/ID.

        Some actions are for some roles only (db.roles): note them before they are done. ValueError for another action,
        or a record that is not letters, digits and . _ / - : never an answer.
        """
        if action not in NOTED or not _RECORD.fullmatch(record):
            raise ValueError("this cannot be noted")
        check_right(self.role, find_right("note", action))
        with self._saving():
            self._note(action, record, stamp(now or datetime.now(UTC)))

    @verb
    def audit(self, limit: int = 200, before: int = _TOO_MANY) -> list[Row]:
        """Return the last rows before row number `before`, newest first.

        Each row: seq, at (ISO 8601, UTC), user (id), user_name, action, record, old_hash, new_hash, previous, hash.
        """
        return self._rows(_ROWS, [before, limit])

    @verb
    def audit_verify(self) -> None:
        """Go through the whole trail; StoreError names the first row that was changed, removed or put in."""
        self._verify_trail()

    @verb
    def audit_csv(self, now: datetime | None = None) -> str:
        """Return the whole trail, oldest first, as CSV for a spreadsheet; that it was exported is its last row."""
        import csv  # noqa: PLC0415 only here

        self.note("exported", "audit", now)
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(_COLUMNS)
        for row in reversed(self.audit(limit=_TOO_MANY)):
            writer.writerow([_disarm(str(row[name])) for name in _COLUMNS])
        return text.getvalue()

    @verb
    def check_clock(self, now: datetime) -> None:
        """Raise StoreError if the clock is behind what was already written by more than five minutes."""
        rows = self._rows("select max(at) as at from audit")
        last = datetime.fromisoformat(rows[0]["at"]) if rows[0]["at"] else now
        if now < last - CLOCK_MAY_DIFFER:
            raise StoreError(
                f"The clock of this computer says {now:%d %B %Y %H:%M}, but something was already saved at"
                f" {last.astimezone(now.tzinfo):%d %B %Y %H:%M}.",
                "Nothing is lost. Set the clock, or the dates on letters will be wrong.",
            )

    def _verify_trail(self, last: int | None = None) -> None:
        broken = chain.find_break(self._connection, last)
        if broken is not None:
            raise StoreError(
                f"The audit trail is not as it was written: row {broken} was changed, removed or put in.",
                "The patients' records still open. Tell whoever is responsible for privacy, and keep the last backups.",
            )

    def _note_failures(self, failures: Iterable[tuple[datetime, str]]) -> int:
        """Move wrong passwords, as (time, user's id or "") into the trail, each once; return how many are new."""
        count = 0
        for moment, user_id in failures:
            at = stamp(moment)
            if not self._rows("select 1 from audit where at = ? and action = ?", [at, FAILED]):
                chain.append(self._connection, chain.Event(at, user_id, FAILED, ""))
                count += 1
        return count


def _disarm(text: str) -> str:
    """Keep a spreadsheet from taking a text for a formula (OWASP: CSV injection)."""
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text
