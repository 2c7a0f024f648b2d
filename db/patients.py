"""Who we are, whom we see and whom we write to: clinic, patients, recipients."""

from collections.abc import Mapping
from datetime import datetime

from db.roles import verb
from db.search import fold_words, make_filter, make_search_key
from db.tables import Row, Tables, make_id, pick_texts, stamp, to_json

CLINIC_FIELDS = ("name", "address", "phone", "fax", "email")
PATIENT_FIELDS = (
    "family_name",
    "given_names",
    "birth_date",
    "sex",
    "record_number",
    "phone",
    "address",
    "language",
    "interpreter",
)
RECIPIENT_FIELDS = ("name", "role", "clinic", "address", "phone", "fax")
ON_LETTERS = ("family_name", "given_names", "birth_date", "sex", "record_number")
# Of 100; less begins to call twins the same person.
SIMILAR_ENOUGH = 80

_PATIENT_COLUMNS = f"id, {', '.join(PATIENT_FIELDS)}, is_demo, created_at, changed_at"
_REOPEN = "update intakes set closed_at = null, changed_at = ? where patient_id = ? and closed_at is not null"
_NO_PATIENT = "This patient is not in the records."


class Patients(Tables):
    """The clinic, its patients and the people it writes to."""

    @verb
    def clinic(self) -> Row | None:
        """Return id, name, address, phone, fax, email and created_at; None before they were entered."""
        rows = self._rows("select * from clinic where created_at <> ''")
        return rows[0] if rows else None

    @verb
    def clinic_id(self) -> str:
        """Return the id the clinic has had since its records were made."""
        return str(self._rows("select id from clinic")[0]["id"])

    @verb
    def save_clinic(self, fields: Mapping[str, str], now: datetime) -> None:
        """Enter or change what stands in the letterhead (CLINIC_FIELDS)."""
        row = pick_texts(fields, CLINIC_FIELDS)
        with self._saving() as db:
            clinic = db.table("clinic")
            [stored] = list(clinic.rows)
            changed = stored | row | {"created_at": stored["created_at"] or stamp(now)}
            clinic.update(stored["id"], changed)
            self._note("settings", "clinic", stamp(now), to_json(stored), to_json(changed))

    @verb
    def add_patient(self, fields: Mapping[str, str], now: datetime, *, is_demo: bool = False) -> str:
        """Keep a new patient (PATIENT_FIELDS; those left out are '') and return the id."""
        row = dict.fromkeys(PATIENT_FIELDS, "") | pick_texts(fields, PATIENT_FIELDS)
        times = {"created_at": stamp(now), "changed_at": stamp(now)}
        marks = {"id": make_id(), "is_demo": int(is_demo), "search_key": make_search_key(row)}
        with self._saving() as db:
            db.table("patients").insert(marks | row | times)
            self._note("created", f"patient/{marks['id']}", times["created_at"], None, to_json(row))
        return str(marks["id"])

    @verb
    def change_patient(self, patient_id: str, fields: Mapping[str, str], now: datetime) -> None:
        """Change the given fields of a patient and no others; where nothing differs, nothing is written.

        If who the patient is changed (ON_LETTERS), the intakes that were closed by a letter are drafts again.
        """
        stored = self.patient(patient_id)
        before = {name: stored[name] for name in PATIENT_FIELDS}
        row = before | pick_texts(fields, PATIENT_FIELDS)
        if row == before:
            return
        moment = stamp(now)
        with self._saving() as db:
            marks = {"search_key": make_search_key(row), "changed_at": moment}
            db.table("patients").update(patient_id, row | marks)
            if any(row[name] != before[name] for name in ON_LETTERS):
                db.execute(_REOPEN, [moment, patient_id])
            self._note("changed", f"patient/{patient_id}", moment, to_json(before), to_json(row))

    @verb
    def patient(self, patient_id: str) -> Row:
        """Return id, PATIENT_FIELDS, is_demo, created_at and changed_at; StoreError if there is none."""
        sql = f"select {_PATIENT_COLUMNS} from patients where id = ?"  # noqa: S608 our own column names
        return _mark_demo(self._row(sql, [patient_id], _NO_PATIENT))

    @verb
    def find_patients(self, text: str, limit: int = 50) -> list[Row]:
        """Return patients by the beginnings of their names, record number or birth date (1956-05-03).

        Any order, capitals and accents do not matter; no text finds those changed last.
        """
        found, parameters = make_filter(text, "search_key")
        order = "search_key" if parameters else "changed_at desc"
        rows = self._rows(
            f"select {_PATIENT_COLUMNS} from patients where {found} order by {order}, id limit ?",  # noqa: S608 ours
            [*parameters, limit],
        )
        return [_mark_demo(row) for row in rows]

    @verb
    def similar_patients(
        self, family_name: str, given_names: str, birth_date: str, record_number: str = ""
    ) -> list[Row]:
        """Return those who may be the same person: advice for the desk, never a decision.

        The same record number; or the same birth date and like names (slips, another order) or like given names
        (a new family name). What is blank is like nothing.
        """
        rows = self._rows(
            f"select {_PATIENT_COLUMNS} from patients"  # noqa: S608 our own column names
            " where birth_date <> '' and birth_date = ? or record_number <> '' and record_number = ?"
            " order by changed_at desc, id",
            [birth_date, record_number],
        )
        return [
            _mark_demo(row)
            for row in rows
            if row["record_number"] == record_number != ""
            or _sounds_alike(family_name, given_names, row["family_name"], row["given_names"])
        ]

    @verb
    def recipients(self, text: str = "") -> list[Row]:
        """Return those we write to whose name, role or clinic holds the text, by name."""
        rows = self._rows("select * from recipients where removed_at is null order by name, id")
        wanted = fold_words(text)
        fields = ("name", "role", "clinic")
        return [row for row in rows if _holds(" ".join(row[field] for field in fields), wanted)]

    @verb
    def save_recipient(self, fields: Mapping[str, str], now: datetime) -> str:
        """Keep a recipient (RECIPIENT_FIELDS) and return the id; with the field `id`, change that one."""
        row = pick_texts(fields, ("id", *RECIPIENT_FIELDS))
        recipient_id = row.pop("id", "")
        with self._saving() as db:
            if recipient_id:
                db.table("recipients").update(recipient_id, row)
                self._note("changed", f"recipient/{recipient_id}", stamp(now), None, to_json(row))
            else:
                recipient_id = make_id()
                db.table("recipients").insert({"id": recipient_id, **row, "created_at": stamp(now)})
                self._note("created", f"recipient/{recipient_id}", stamp(now), None, to_json(row))
        return recipient_id

    @verb
    def remove_recipient(self, recipient_id: str, now: datetime) -> None:
        """Take a recipient off the list; letters keep whom they were written to."""
        with self._saving() as db:
            db.table("recipients").update(recipient_id, {"removed_at": stamp(now)})
            self._note("removed", f"recipient/{recipient_id}", stamp(now))


def _mark_demo(row: Row) -> Row:
    return row | {"is_demo": bool(row["is_demo"])}


def _holds(text: str, wanted: list[str]) -> bool:
    words = fold_words(text)
    return all(any(word.startswith(beginning) for word in words) for beginning in wanted)


def _sounds_alike(family: str, given: str, other_family: str, other_given: str) -> bool:
    # Imported here: it takes 8 ms that the start of the program does not need.
    from rapidfuzz import fuzz  # noqa: PLC0415

    names, others = fold_words(f"{family} {given}"), fold_words(f"{other_family} {other_given}")
    first, other_first = fold_words(given), fold_words(other_given)
    if not first or not other_first:
        first, other_first = names, others
    return (
        fuzz.token_sort_ratio(" ".join(names), " ".join(others)) >= SIMILAR_ENOUGH
        or fuzz.token_set_ratio(" ".join(first), " ".join(other_first)) >= SIMILAR_ENOUGH
    )
