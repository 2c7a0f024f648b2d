"""The letters that were issued, each whole and never changed again."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from db.choices import Choices, LetterChoices
from db.errors import RESTORE, StoreError
from db.roles import verb
from db.tables import Row, make_id, stamp, to_json

_NO_LETTER = "This letter is not in the records."
_LISTED = (
    "select id, intake_id, version, issued_at, issued_by, recipient, reason, ruleset_version, sha256,"
    " case_sha256 from letters"
)


class Letters(LetterChoices):
    """What left the house: nothing here changes or deletes a letter."""

    @verb
    def issue_letter(  # noqa: PLR0913, PLR0917 a letter is all of this
        self,
        intake_id: str,
        pdf: bytes,
        case_json: str,
        ruleset_version: str,
        recipient: Mapping[str, str],
        issued_by: str,
        now: datetime,
        reason: str = "",
        choices: Choices | None = None,
    ) -> Row:
        """Keep a letter as the intake's next version, with what it was made from, and close the intake.

        It keeps the `choices` it was made with, or else those that were last saved for it. Without `issued_by` it is
        by whoever is signed in. From version 2 on a reason is required (StoreError).
        Returns the letter as `letters` lists it.
        """
        row: Row = {
            "id": make_id(),
            "intake_id": intake_id,
            "issued_at": stamp(now),
            "issued_by": issued_by or self._acting.name,
            "recipient": to_json(dict(recipient)),
            "reason": reason.strip(),
            "ruleset_version": ruleset_version,
        }
        with self._saving():
            if choices:
                self._put_choices(intake_id, choices, row["issued_at"])
            self._keep(row, pdf, case_json)
            self._keep_choices(intake_id, row["id"])
        return _read_recipient(self._row(f"{_LISTED} where id = ?", [row["id"]], _NO_LETTER))

    @verb
    def letters(self, intake_id: str) -> list[Row]:
        """Return an intake's letters by version, without their contents.

        Each row: id, intake_id, version, issued_at, issued_by, recipient (a dict), reason, ruleset_version,
        sha256 (of the PDF) and case_sha256, both in hex.
        """
        rows = self._rows(f"{_LISTED} where intake_id = ? order by version", [intake_id])
        return [_read_recipient(row) for row in rows]

    @verb
    def letter_pdf(self, letter_id: str) -> bytes:
        """Return the PDF as it was issued; StoreError if it is not, to the byte."""
        row = self._row("select pdf, sha256 from letters where id = ?", [letter_id], _NO_LETTER)
        _verify(_hash(row["pdf"]), row["sha256"])
        return bytes(row["pdf"])

    @verb
    def letter_case(self, letter_id: str) -> str:
        """Return the case the letter was made from, as JSON text; StoreError if it was changed since."""
        row = self._row("select case_json, case_sha256 from letters where id = ?", [letter_id], _NO_LETTER)
        _verify(_hash_text(row["case_json"]), row["case_sha256"])
        return str(row["case_json"])

    def _keep(self, row: Row, pdf: bytes, case_json: str) -> None:
        """Put a letter behind those of its intake, and close the intake."""
        version, at = self._next_version(row["intake_id"]), row["issued_at"]
        if version > 1 and not row["reason"]:
            raise StoreError("A letter was already issued from this intake.", "Say why there is another.")
        row |= {"version": version, "sha256": _hash(pdf), "case_sha256": _hash_text(case_json)}
        self._db.table("letters").insert(row | {"case_json": case_json, "pdf": pdf})
        self._db.execute("update intakes set closed_at = ?1, changed_at = ?1 where id = ?2", [at, row["intake_id"]])
        self._note("issued", f"letter/{row['id']}", at, None, f"{row['sha256']} {row['case_sha256']}")

    def _next_version(self, intake_id: str) -> int:
        sql = "select coalesce(max(version), 0) + 1 from letters where intake_id = ?"
        [(version,)] = self._db.execute(sql, [intake_id]).fetchall()
        return int(version)


def _read_recipient(row: Row) -> Row:
    return row | {"recipient": json.loads(row["recipient"])}


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _hash_text(text: str) -> str:
    return _hash(text.encode())


def _verify(found: str, recorded: str) -> None:
    if found != recorded:
        raise StoreError("This letter is not as it was issued.", f"Do not use it. {RESTORE}")
