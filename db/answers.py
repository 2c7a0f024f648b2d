"""The answers, the entries of lists, and the journal of every change, by which changes are taken back."""

import json
from datetime import datetime
from typing import Any, NamedTuple

from db.roles import verb
from db.tables import Row, Tables, make_id, stamp, to_json

ANSWERED, ADDED, REMOVED, RESTORED = "answered", "entry added", "entry removed", "entry restored"
_NO_ENTRY = "This entry is not in the records."
_OPPOSITE = {ANSWERED: ANSWERED, ADDED: REMOVED, REMOVED: RESTORED, RESTORED: REMOVED}
_NONE = '"none"'  # the answer that says of a list that there is nothing to put on it

_LAST_CHANGE = """
select * from journal as change
where intake_id = ? and undoes is null and not exists (select 1 from journal where undoes = change.id)
order by id desc limit 1
"""


class _Change(NamedTuple):
    """A row of the journal: the answer to `question` was `old` and is now `new`, as JSON; None: no answer."""

    kind: str
    intake_id: str
    question: str
    entry_id: str
    old: str | None
    new: str | None
    now: str
    author: str
    undoes: int | None = None


class Answers(Tables):
    """What was said, with its history."""

    @verb
    def save_answer(
        self,
        intake_id: str,
        question: str,
        value: object,
        now: datetime,
        author: str = "",
        entry_id: str = "",
    ) -> None:
        """Keep a JSON value as the answer, for good when this returns; None takes the answer back.

        The answer that stands already is not saved again. With `entry_id` it is an answer about that entry.
        Without `author` it is whoever is signed in.
        """
        new = None if value is None else to_json(value)
        with self._saving():
            old = self._stored(intake_id, entry_id, question)
            if new != old:
                self._check_entry(intake_id, entry_id)
                self._write(_Change(ANSWERED, intake_id, question, entry_id, old, new, stamp(now), author))

    @verb
    def answers(self, intake_id: str) -> Row:
        """Return {question: value}; for a list {question: [{"id": entry_id, question: value}]} in its order.

        A list without entries has what was answered about it ("none"), or is absent.
        """
        answers = "select entry_id, question, value from answers where intake_id = ?"
        entries = "select id, question from entries where intake_id = ? and removed_at is null"
        return _arrange(self._rows(answers, [intake_id]), self._rows(f"{entries} order by position", [intake_id]))

    @verb
    def answered_at(self, intake_id: str) -> dict[str, datetime]:
        """Return when each answer now standing was given, of questions outside lists; the times are UTC."""
        sql = "select question, changed_at from answers where intake_id = ? and entry_id = ''"
        rows = self._rows(sql, [intake_id])
        return {row["question"]: datetime.fromisoformat(row["changed_at"]) for row in rows}

    @verb
    def add_entry(self, intake_id: str, question: str, now: datetime, author: str = "") -> str:
        """Put an entry at the end of a list and return its id; an answer "none" about it is taken back."""
        entry_id, moment = make_id(), stamp(now)
        with self._saving() as db:
            db.execute(
                "insert into entries (id, intake_id, question, position, created_at) values (?, ?, ?,"
                " (select count(*) from entries where intake_id = ? and question = ?), ?)",
                [entry_id, intake_id, question, intake_id, question, moment],
            )
            stored = self._stored(intake_id, "", question)
            old = stored if stored == _NONE else None
            self._write(_Change(ADDED, intake_id, question, entry_id, old, None, moment, author))
        return entry_id

    @verb
    def remove_entry(self, entry_id: str, now: datetime, author: str = "") -> None:
        """Take an entry off its list; it and its answers are kept and can be restored."""
        self._move_entry(REMOVED, entry_id, now, author)

    @verb
    def restore_entry(self, entry_id: str, now: datetime, author: str = "") -> None:
        """Put a removed entry back in its place, with its answers."""
        self._move_entry(RESTORED, entry_id, now, author)

    @verb
    def undo_last(self, intake_id: str, now: datetime, author: str = "") -> Row | None:
        """Take back the last change that still stands, and return what it was about; None if there is none.

        Called again it goes one change further back. The row has the `kind` of the change taken back, its
        `question`, its `entry_id` and the `value` that stands now. Taking back is written in the journal too,
        but cannot itself be taken back; whatever is changed next is what the next call takes back first.
        """
        with self._saving() as db:
            last = next(iter(list(db.query(_LAST_CHANGE, [intake_id]))), None)
            if last is None:
                return None
            place = (intake_id, last["question"], last["entry_id"])
            values = (last["new_value"], last["old_value"])
            self._write(_Change(_OPPOSITE[last["kind"]], *place, *values, stamp(now), author, last["id"]))
        told = {name: last[name] for name in ("kind", "question", "entry_id")}
        return told | {"value": _from_json(last["old_value"])}

    @verb
    def journal(self, intake_id: str) -> list[Row]:
        """Return every change in order, also those undone.

        Each row: id, kind, question, entry_id, old_value and new_value (JSON values, None for no answer; for
        an entry those of its list's own answer), changed_at, author, undoes (the id of the row taken back).
        """
        rows = self._rows("select * from journal where intake_id = ? order by id", [intake_id])
        return [row | {name: _from_json(row[name]) for name in ("old_value", "new_value")} for row in rows]

    def _move_entry(self, kind: str, entry_id: str, now: datetime, author: str) -> None:
        entry = self._row("select * from entries where id = ?", [entry_id], _NO_ENTRY)
        is_removed = entry["removed_at"] is not None
        if is_removed is (kind == RESTORED):
            place = (entry["intake_id"], entry["question"], entry_id)
            with self._saving():
                self._write(_Change(kind, *place, None, None, stamp(now), author))

    def _stored(self, intake_id: str, entry_id: str, question: str) -> str | None:
        sql = "select value from answers where intake_id = ? and entry_id = ? and question = ?"
        for (value,) in self._db.execute(sql, [intake_id, entry_id, question]).fetchall():
            return str(value)
        return None

    def _check_entry(self, intake_id: str, entry_id: str) -> None:
        """Refuse an answer that would belong to nobody and never be seen again."""
        if entry_id:
            sql = "select 1 from entries where id = ? and intake_id = ?"
            if not self._db.execute(sql, [entry_id, intake_id]).fetchall():
                raise ValueError("this entry is not of this intake")

    def _write(self, change: _Change) -> None:
        """Make the change and its row in the journal; the intake is a draft again. Inside a transaction."""
        execute = self._db.execute
        if change.kind in (REMOVED, RESTORED):
            removed_at = change.now if change.kind == REMOVED else None
            execute("update entries set removed_at = ? where id = ?", [removed_at, change.entry_id])
        if change.new != change.old:
            place = (change.intake_id, change.entry_id if change.kind == ANSWERED else "", change.question)
            if change.new is None:
                execute("delete from answers where intake_id = ? and entry_id = ? and question = ?", place)
            else:
                row = (*place, change.new, change.now, change.author or self._acting.name)
                execute("insert or replace into answers values (?, ?, ?, ?, ?, ?)", row)
        execute(
            "insert into journal"
            " (kind, intake_id, question, entry_id, old_value, new_value, changed_at, author, undoes)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            change._replace(author=change.author or self._acting.name),
        )
        touched = [change.now, change.intake_id]
        execute("update intakes set changed_at = ?, closed_at = null where id = ?", touched)
        record = f"intake/{change.intake_id}/{change.question}/{change.entry_id}".rstrip("/")
        self._note("undone" if change.undoes else change.kind, record, change.now, change.old, change.new)


def _arrange(answers: list[Row], entries: list[Row]) -> Row:
    simple: Row = {}
    by_entry: dict[str, Row] = {}
    for row in answers:
        of = by_entry.setdefault(row["entry_id"], {}) if row["entry_id"] else simple
        of[row["question"]] = json.loads(row["value"])
    lists: dict[str, list[Row]] = {}
    for entry in entries:
        lists.setdefault(entry["question"], []).append({**by_entry.get(entry["id"], {}), "id": entry["id"]})
    return simple | lists


def _from_json(text: str | None) -> Any:  # noqa: ANN401 an answer is any JSON value
    return None if text is None else json.loads(text)
