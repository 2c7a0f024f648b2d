"""What is settled about a letter beside the answers: to whom, copies, enclosures, what is left out, and why again."""

import json
from datetime import datetime
from typing import Any

from db.roles import verb
from db.tables import Row, Tables, make_id, stamp, to_json

_NEXT = "select * from letter_choices where intake_id = ? and letter_id is null"
_KEPT = "select * from letter_choices where letter_id = ?"
_LAST = "select id from letters where intake_id = ? order by version desc limit 1"
_LISTED = """
select enclosures.id, title, kind, pages, notes from listed_enclosures join enclosures on enclosures.id = enclosure_id
where choices_id = ? order by position
"""


# recipient (a dict of texts), why_again (a text), copies and left_out (lists of texts) and enclosures: those of the
# intake in the letter's order, each with id and title, and where they are read, also kind, pages and notes.
Choices = dict[str, Any]


class LetterChoices(Tables):
    """The choices for an intake's next letter, which stay with that letter once it is issued."""

    @verb
    def letter_choices(self, intake_id: str) -> Choices:
        """Return the choices for the next letter; where none were made, those of the last one but for the reason."""
        if rows := self._rows(_NEXT, [intake_id]):
            return self._read_choices(rows[0])
        for letter in self._rows(_LAST, [intake_id]):
            return {**self._choices_of(letter["id"]), "why_again": ""}
        return _no_choices()

    @verb
    def choices_of_letter(self, letter_id: str) -> Choices:
        """Return the choices that an issued letter was made with."""
        return self._choices_of(letter_id)

    @verb
    def save_letter_choices(self, intake_id: str, choices: Choices, now: datetime) -> None:
        """Keep the choices for the next letter; where nothing differs, nothing is written."""
        with self._saving():
            self._put_choices(intake_id, choices, stamp(now))

    def _choices_of(self, letter_id: str) -> Choices:
        if rows := self._rows(_KEPT, [letter_id]):
            return self._read_choices(rows[0])
        # Of a release that kept no more than this, or issued from a script.
        letters = self._rows("select recipient, reason from letters where id = ?", [letter_id])
        choices = _no_choices()
        for row in letters:
            choices |= {"recipient": json.loads(row["recipient"]), "why_again": row["reason"]}
        return choices

    def _put_choices(self, intake_id: str, choices: Choices, at: str) -> None:
        """Put the choices for the next letter in the place of those there are. Inside a transaction."""
        before = self._rows(_NEXT, [intake_id])
        old = _plain(self._read_choices(before[0])) if before else None
        new = _plain(choices)
        if new == old:
            return
        self._check_enclosures(intake_id, choices)
        choices_id, execute = before[0]["id"] if before else make_id(), self._db.execute
        texts = [
            to_json(choices["recipient"]),
            choices["why_again"],
            *(to_json(choices[n]) for n in ("copies", "left_out")),
        ]
        if before:
            sql = "update letter_choices set recipient = ?, why_again = ?, copies = ?, left_out = ? where id = ?"
            execute(sql, [*texts, choices_id])
            execute("delete from listed_enclosures where choices_id = ?", [choices_id])
        else:
            execute("insert into letter_choices values (?, ?, null, ?, ?, ?, ?)", [choices_id, intake_id, *texts])
        for position, one in enumerate(choices["enclosures"]):
            sql = "insert into listed_enclosures values (?, ?, ?, ?)"
            execute(sql, [choices_id, position, one["id"], one["title"]])
        self._note("changed", f"intake/{intake_id}/letter", at, old, new)

    def _keep_choices(self, intake_id: str, letter_id: str) -> None:
        """Let the choices for the next letter be those of a letter that is being issued."""
        sql = "update letter_choices set letter_id = ? where intake_id = ? and letter_id is null"
        self._db.execute(sql, [letter_id, intake_id])

    def _check_enclosures(self, intake_id: str, choices: Choices) -> None:
        own = {row["id"] for row in self._rows("select id from enclosures where intake_id = ?", [intake_id])}
        if {one["id"] for one in choices["enclosures"]} - own:
            raise ValueError("this enclosure is not of this intake")

    def _read_choices(self, row: Row) -> Choices:
        listed = self._rows(_LISTED, [row["id"]])
        return {
            "recipient": json.loads(row["recipient"]),
            "why_again": row["why_again"],
            "copies": json.loads(row["copies"]),
            "left_out": json.loads(row["left_out"]),
            "enclosures": [each | {"notes": json.loads(each["notes"])} for each in listed],
        }


def _no_choices() -> Choices:
    return {"recipient": {}, "why_again": "", "copies": [], "left_out": [], "enclosures": []}


def _plain(choices: Choices) -> str:
    """Return choices as text that differs when they do."""
    listed = [[one["id"], one["title"]] for one in choices["enclosures"]]
    texts = [choices["why_again"], list(choices["copies"]), list(choices["left_out"])]
    return to_json([sorted(choices["recipient"].items()), *texts, listed])
