"""The letters of many intakes, for the worker: which are ready, issuing one, saving one; each with a store of its own.

What is done here is what the letter's own page does, with the same functions: the same letter, the same refusals.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from db import Store
from intake_app.case import Case
from intake_app.letter.planning import red_flag_questions
from intake_app.questions import Questionnaire
from intake_app.ui import letter_issue, letter_work
from intake_app.ui.draft import Draft
from intake_app.ui.letter_about import compose_about
from intake_app.ui.letter_request import LetterRequest, read_request
from intake_app.ui.letter_work import Unprintable

DISCARDED = "This draft was taken off the list."
NOT_ASKED = "{count} of the safety questions {were} not asked yet. Ask them, or issue the letter on its own page."
CHANGED = "Something was changed while its letter was being made, so it was not issued. Issue it again."


@dataclass(frozen=True)
class Desk:
    """What the worker needs besides an intake's id. `open_store` opens a store for the thread that calls it."""

    open_store: Callable[[], Store]
    questionnaire: Questionnaire
    now: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Issued:
    """A letter that was issued just now."""

    letter_id: str
    intake_id: str
    version: int
    at: datetime


@dataclass(frozen=True)
class _Read:
    """An intake as it stands, and what its letter would say besides."""

    draft: Draft
    request: LetterRequest
    case: Case
    about: dict[str, Any]
    gap: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Read) and (self.case, self.about, self.gap) == (other.case, other.about, other.gap)

    def find_gap(self) -> str:
        """Return why the letter cannot be issued; "" if it can."""
        return self.gap or letter_issue.say_untold(self.case, self.draft.findings()) or _say_not_asked(self.case)

    __hash__ = None  # type: ignore[assignment]


def find_gap(desk: Desk, intake_id: str) -> str:
    """Return why an intake's letter cannot be issued without anybody looking at it; "" if it can."""
    with desk.open_store() as store:
        read = _read(desk, store, intake_id, desk.now())
        return read.find_gap()


def issue(desk: Desk, intake_id: str) -> Issued | str:
    """Make an intake's letter and keep it for good; or return why it was not issued, and then nothing is changed.

    StoreError if the records could not be written.
    """
    moment = desk.now()  # one for the letter and for the records
    with desk.open_store() as store:
        read = _read(desk, store, intake_id, moment)
        if gap := read.find_gap():
            return gap
        made = letter_work.make_letter(read.case, read.draft.findings(), read.about)
        if isinstance(made, Unprintable):
            return str(made.error)
        with store.at_once():  # nobody writes now: what is read stays so until the letter is kept
            if _read(desk, store, intake_id, moment) != read:
                return CHANGED
            row = letter_issue.keep_letter(read.draft, read.case, made, read.request)
    return Issued(row["id"], intake_id, row["version"], moment)


def read_patient(store: Store, intake_id: str) -> dict[str, Any]:
    """Return whose intake it is, as the list has it."""
    return {**store.patient(store.intake(intake_id)["patient_id"]), "intake_id": intake_id}


def find_issued(store: Store, intake_ids: Sequence[str], since: datetime) -> list[Issued]:
    """Return the last letter of each intake that was issued since then."""
    last = [letter for intake_id in intake_ids for letter in store.letters(intake_id)[-1:]]
    found = [(datetime.fromisoformat(letter["issued_at"]).astimezone(since.tzinfo), letter) for letter in last]
    return [Issued(row["id"], row["intake_id"], row["version"], at) for at, row in found if at >= since]


def save(desk: Desk, path: Path, letter_id: str) -> None:
    """Write an issued letter to a file, and have it in the trail; UserError or StoreError if it could not be."""
    with desk.open_store() as store:
        letter_work.save_file(path, store.letter_pdf(letter_id))
        store.note("exported", f"letter/{letter_id}", desk.now())


def _say_not_asked(case: Case) -> str:
    """Return that safety questions are still open: nobody looks at a letter of many that says so itself."""
    count = sum(question.id not in case.answers for question in red_flag_questions(case))
    return NOT_ASKED.format(count=count, were="was" if count == 1 else "were") if count else ""


def _read(desk: Desk, store: Store, intake_id: str, moment: datetime) -> _Read:
    draft = Draft(store, desk.questionnaire, intake_id, lambda: moment)
    request = read_request(store, intake_id)
    about = compose_about(draft, request, store.letters(intake_id))
    gap = DISCARDED if store.intake(intake_id)["discarded_at"] else letter_issue.find_gap(draft, request)
    return _Read(draft, request, draft.case(), about, gap)
