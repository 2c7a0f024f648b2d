"""The intakes: which there are, which is open on the screen, and the list the desk works from."""

from datetime import datetime

from db.roles import verb
from db.search import make_filter
from db.tables import Row, Tables, make_id, stamp, to_json

_OPEN_INTAKE = "open_intake"
_NO_INTAKE = "This intake is not in the records."

# First the few to be shown, then what is counted for each: quick with thousands of intakes.
_WORKLIST = """
with shown as (
    select intakes.id as intake_id, patient_id, family_name, given_names, birth_date, record_number, is_demo,
        started_at, intakes.changed_at, page, closed_at
    from intakes join patients on patients.id = patient_id
    where discarded_at is {state} and {found}
    order by closed_at is not null, intakes.changed_at desc, intakes.id
    limit ?
)
select *,
    (select count(*) from answers where answers.intake_id = shown.intake_id) - (
        select count(*) from entries join answers on answers.intake_id = entries.intake_id and entry_id = entries.id
        where entries.intake_id = shown.intake_id and removed_at is not null
    ) as answers,
    (select count(*) from letters where letters.intake_id = shown.intake_id) as letters,
    (select max(issued_at) from letters where letters.intake_id = shown.intake_id) as issued_at
from shown
order by closed_at is not null, changed_at desc, intake_id
"""


class Intakes(Tables):
    """Visits of a patient to the desk, each with its answers."""

    @verb
    def start_intake(self, patient_id: str, now: datetime) -> str:
        """Begin an intake of a patient and return its id."""
        intake_id = make_id()
        row = {"id": intake_id, "patient_id": patient_id, "started_at": stamp(now), "changed_at": stamp(now)}
        with self._saving() as db:
            db.table("intakes").insert(row)
            self._note("created", f"intake/{intake_id}", stamp(now), None, to_json(row))
        return intake_id

    @verb
    def intake(self, intake_id: str) -> Row:
        """Return id, patient_id, page, started_at, changed_at, closed_at and discarded_at; or StoreError."""
        return self._row("select * from intakes where id = ?", [intake_id], _NO_INTAKE)

    @verb
    def worklist(self, text: str = "", limit: int = 200, *, discarded: bool = False) -> list[Row]:
        """Return the intakes whose patient the text finds, drafts first, then by last change.

        Those that were discarded are left out; with `discarded` it is only these. A draft is an intake with changes
        since its last letter. Each row: intake_id, patient_id, family_name, given_names, birth_date, record_number,
        is_demo, started_at, changed_at, page, closed_at (None for a draft), the numbers of answers and letters, and
        issued_at of the last letter or None.
        """
        found, parameters = make_filter(text, "search_key")
        state = "not null" if discarded else "null"
        rows = self._rows(_WORKLIST.format(found=found, state=state), [*parameters, limit])
        return [row | {"is_demo": bool(row["is_demo"])} for row in rows]

    @verb
    def save_page(self, intake_id: str, page_id: str) -> None:
        """Remember which page is being shown, to come back to it."""
        with self._saving() as db:
            db.execute("update intakes set page = ? where id = ?", [page_id, intake_id])

    @verb
    def mark_open(self, intake_id: str | None) -> None:
        """Remember which intake is on the screen; None when it was left in good order."""
        with self._saving():
            self._put_setting(_OPEN_INTAKE, intake_id)

    @verb
    def interrupted_intake(self) -> Row | None:
        """Return the intake that was on the screen when the program was last cut off, or None."""
        rows = self._rows(
            "select * from intakes where id = ? and discarded_at is null", [self._setting(_OPEN_INTAKE) or ""]
        )
        return rows[0] if rows else None

    @verb
    def discard_intake(self, intake_id: str, now: datetime) -> None:
        """Take an intake off the worklist; nothing of it is deleted."""
        with self._saving() as db:
            db.execute("update intakes set discarded_at = ? where id = ?", [stamp(now), intake_id])
            self._note("removed", f"intake/{intake_id}", stamp(now))

    @verb
    def restore_intake(self, intake_id: str, now: datetime) -> None:
        """Bring a discarded intake back to the worklist, as changed now."""
        with self._saving() as db:
            db.execute("update intakes set discarded_at = null, changed_at = ? where id = ?", [stamp(now), intake_id])
            self._note("restored", f"intake/{intake_id}", stamp(now))
