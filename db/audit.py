"""The audit trail: who did what to which record when, with hashes instead of answers."""

import io
import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, TypedDict, Unpack

from db import chain
from db.chain import Told, go_on
from db.errors import StoreError
from db.migrations import ANSWERED, SELDOM
from db.roles import check_right, find_right, verb
from db.tables import Row, Tables, stamp

MADE = "backup made"
# What the window may have noted: what it does without the store.
NOTED = (
    "viewed",
    "printed",
    "exported",
    MADE,
    "backup rehearsed",
    "records restored",
    "records encrypted",
    "password changed",
    "password reset",
    "remembered on this computer",
    "forgotten on this computer",
    "recovery code changed",
    "older key file used",
)
FAILED = "sign-in failed"
ROWS_CHECKED_AT_START = 500
CLOCK_MAY_DIFFER = timedelta(minutes=5)
_RECORD = re.compile(r"[A-Za-z0-9._/-]{0,200}")
_COLUMNS = ("seq", "at", "user_name", "action", "record", "old_hash", "new_hash", "previous", "hash")
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")

_ROWS = (
    "select audit.*, coalesce(users.name, '') as user_name from audit left join users on users.id = audit.user where {}"
)
_RECORDS_OF_PATIENT = """
with visits as (select id from intakes where patient_id = ?1)
select 'patient/' || ?1 as record union all
select 'intake/' || id from visits union all
select 'letter/' || id from letters where intake_id in (select id from visits) union all
select 'enclosure/' || id from enclosures where intake_id in (select id from visits)
"""
_ACTIONS = f"""
select distinct action from audit where {SELDOM} union select ? where exists (select 1 from audit where action = ?)
order by action
"""  # noqa: S608 ours
# The zero comes after the slash, and so after all that lies in a record. Crossed, so that the index of records is used.
_IN_RECORDS = (
    "seq in (select seq from json_each(?) as named cross join audit"
    " where record >= named.value and record < named.value || '0')"
)
_TOO_MANY = 2**62
_PAGE = 1000  # rows


class Wanted(TypedDict, total=False):
    """Which rows of the trail are wanted; what is left out, "" or None does not count.

    `user` is a user's id, `action` one of `audit_actions`, `record` one such as intake/ID with what lies in it,
    `patient` a patient's id, with all intakes, letters and enclosures; `since` is the first moment, `until` the one
    after the last.
    """

    user: str
    action: str
    record: str
    patient: str
    since: datetime | None
    until: datetime | None


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
    def note_backups(self, made: Iterable[tuple[str, datetime]]) -> None:
        """Add to the trail that backups were made, as (folder's name, when), each once however often it is told.

        Also while nobody is signed in, so that one which ends then, or was never told of, is not missing.
        """
        told = [(f"backup/{name}", stamp(moment)) for name, moment in made]
        if not all(_RECORD.fullmatch(record) for record, _ in told):
            raise ValueError("this cannot be noted")
        if all(self._is_noted(record, MADE) for record, _ in told):
            return
        with self._saving():
            for record, at in sorted(told, key=lambda each: each[1]):
                if not self._is_noted(record, MADE):
                    self._note(MADE, record, at)

    @verb
    def audit(self, limit: int = 200, before: int = _TOO_MANY, **wanted: Unpack[Wanted]) -> list[Row]:
        """Return the last rows before row number `before`, newest first.

        Each row: seq, at (ISO 8601, UTC), user (id), user_name, action, record, old_hash, new_hash, previous, hash.
        """
        return self._find(f"{_ROWS} order by seq desc limit ?", wanted, ("seq < ?", before), limit)

    @verb
    def audit_count(self, **wanted: Unpack[Wanted]) -> int:
        """Return how many rows there are."""
        [row] = self._find("select count(*) as count from audit where {}", wanted, ("? > 0", 1))
        return int(row["count"])

    @verb
    def audit_actions(self) -> list[str]:
        """Return every action that is in the trail, sorted."""
        return [row["action"] for row in self._rows(_ACTIONS, [ANSWERED, ANSWERED])]

    @verb
    def audit_verify(self, told: Told = go_on) -> None:
        """Go through the whole trail; StoreError names the first row that was changed, removed or put in."""
        self._verify_trail(told=told)

    @verb
    def audit_csv(self, now: datetime | None = None, *, told: Told = go_on, **wanted: Unpack[Wanted]) -> str:
        """Return the rows, oldest first, as CSV for a spreadsheet; that it was exported is the last of the whole trail.

        `told` hears how many rows are done; when it says False, "" is returned.
        """
        import csv  # noqa: PLC0415 only here

        self.note("exported", "audit", now)
        [head] = self._rows("select seq from audit_head")
        text, count = io.StringIO(), 0
        writer = csv.writer(text)
        writer.writerow(_COLUMNS)
        for page in self._list_pages(wanted, head["seq"]):
            writer.writerows([_disarm(str(row[name])) for name in _COLUMNS] for row in page)
            count += len(page)
            if not told(count):
                return ""
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

    def _is_noted(self, record: str, action: str) -> bool:
        return bool(self._rows("select 1 from audit where record = ? and action = ?", [record, action]))

    def _list_pages(self, wanted: Wanted, last: int) -> Iterator[list[Row]]:
        """Yield the rows up to row number `last` from the oldest on, a page at a time."""
        after = 0
        while page := self._find(f"{_ROWS} and seq <= ? order by seq limit ?", wanted, ("seq > ?", after), last, _PAGE):
            yield page
            after = page[-1]["seq"]

    def _find(self, sql: str, wanted: Wanted, place: tuple[str, int], *last: int) -> list[Row]:
        """Return what a query finds whose condition is a place in the trail and what is wanted."""
        conditions: list[tuple[str, list[Any]]] = [(place[0], [place[1]]), *_list_conditions(wanted)]
        if patient := wanted.get("patient"):
            conditions.append(_name_records(self._records_of(patient)))
        condition = " and ".join(each for each, _ in conditions)
        parameters = [value for _, values in conditions for value in values]
        return self._rows(sql.format(condition), [*parameters, *last])

    def _records_of(self, patient_id: str) -> list[str]:
        """Return what the trail calls a patient and all that is kept about them."""
        return [row["record"] for row in self._rows(_RECORDS_OF_PATIENT, [patient_id])]

    def _verify_trail(self, last: int | None = None, told: Told = go_on) -> None:
        broken = chain.find_break(self._connection, last, told)
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


def _list_conditions(wanted: Wanted) -> Iterator[tuple[str, list[str]]]:
    """Yield an SQL condition and its parameters for each of the simple filters."""
    if user := wanted.get("user"):
        yield "user = ?", [user]
    if action := wanted.get("action"):
        yield "action = ?" if action == ANSWERED else f"action = ? and {SELDOM}", [action]
    if record := wanted.get("record"):
        yield _name_records([record])
    moments = (("at >= ?", wanted.get("since")), ("at < ?", wanted.get("until")))
    if limits := {sql: stamp(moment) for sql, moment in moments if moment}:
        # The numbers of the first and last such row come from the index, so that the rows between are found by number;
        # nearly all of them are wanted, but not those that were noted later, or by a clock that was wrong.
        is_then = " and ".join(limits)
        first, last = (f"(select {name}(seq + 0) from audit where {is_then})" for name in ("min", "max"))  # noqa: S608
        yield f"seq between {first} and {last} and {is_then.replace('at', '+at')}", [*limits.values()] * 3


def _name_records(records: list[str]) -> tuple[str, list[str]]:
    """Return an SQL condition for these records and what lies in them, and its parameter."""
    return _IN_RECORDS, [json.dumps(records)]


def _disarm(text: str) -> str:
    """Keep a spreadsheet from taking a text for a formula (OWASP: CSV injection)."""
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text
