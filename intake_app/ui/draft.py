"""The intake on the screen: its answers in memory, each in the store the moment it is given."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from PySide6.QtCore import QObject, Signal

from db import Store, StoreError
from intake_app import factors, handoff
from intake_app.case import DEFAULT_PROFILE, Case, make_case
from intake_app.factors import Finding
from intake_app.questions import NONE, Answer, Questionnaire

NOT_STORED = "Not saved yet: the records could not be written. It stays here and is tried again."
Place = tuple[str, str]  # entry id, or "" outside lists, and question id


class Draft(QObject):
    """One intake being filled in.

    `answers` are as the store gives them: question id to value, a list to "none" or to its entries, each a dict
    with its "id". What the store refuses stays in `answers`, is told by `failed` and is tried again.
    """

    changed = Signal(str)  # a question outside lists, the list in which something changed, or "" for the patient
    failed = Signal(object)  # StoreError
    saved = Signal()  # what the store had refused is saved now

    def __init__(
        self,
        store: Store,
        questionnaire: Questionnaire,
        intake_id: str,
        now: Callable[[], datetime],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.store, self.questionnaire, self.intake_id, self.now = store, questionnaire, intake_id, now
        self._patient = store.patient(store.intake(intake_id)["patient_id"])
        self.answers: dict[str, Any] = store.answers(intake_id)
        self._answered_at = self._read_times()
        self._refused: dict[Place, Answer] = {}
        self._failing = False
        self._case: Case | None = None
        self._findings: tuple[Finding, ...] | None = None

    @property
    def patient(self) -> dict[str, Any]:
        """The patient as the store gives one; set it after a change of the particulars."""
        return self._patient

    @patient.setter
    def patient(self, patient: dict[str, Any]) -> None:
        self._patient = patient
        self._tell("")

    @property
    def today(self) -> date:
        """The day on which ages are told and after which nothing can have happened."""
        return self.now().date()

    @property
    def unsaved(self) -> frozenset[Place]:
        """The answers that the store has refused and that are only on the screen."""
        return frozenset(self._refused)

    def unsaved_notes(self, entry_id: str = "") -> dict[str, str]:
        """Return what stands at the fields whose answers the store has refused: question id to sentence."""
        return {question_id: NOT_STORED for entry, question_id in self._refused if entry == entry_id}

    def save(self, question_id: str, value: Answer, entry_id: str = "") -> bool:
        """Answer a question, or a field of an entry; None takes the answer back. Return whether it is stored.

        Where the store cannot take it, it is kept here and told by `failed`. Those refused earlier go first.
        """
        place = (entry_id, question_id)
        self._refused.pop(place, None)
        self._refused[place] = value  # at the end: those refused earlier go first
        self._put(question_id, value, entry_id)
        stored = self.retry()
        self._tell(self.list_of(entry_id) if entry_id else question_id)
        if question_id in handoff.ENTERED:
            for name, added in handoff.follow_up(self.case(), self.findings()).items():
                stored = self.save(name, added)
        return stored

    def retry(self) -> bool:
        """Try to store what was refused, oldest first; return whether nothing is left."""
        for (entry_id, question_id), value in list(self._refused.items()):
            try:
                self.store.save_answer(self.intake_id, question_id, value, self.now(), entry_id=entry_id)
            except StoreError as error:
                self._failing = True
                self.failed.emit(error)
                return False
            del self._refused[entry_id, question_id]
        if self._failing:
            self._failing = False
            self.saved.emit()
        return True

    def save_page(self, page_id: str) -> None:
        """Remember which page is on the screen, to come back to it."""
        with self._telling():
            self.store.save_page(self.intake_id, page_id)

    def add_entry(self, question_id: str) -> str:
        """Put an entry at the end of a list and return its id; "" when the store could not take it."""
        try:
            entry_id = self.store.add_entry(self.intake_id, question_id, self.now())
        except StoreError as error:
            self.failed.emit(error)
            return ""
        self.answers[question_id] = [*self.entries(question_id), {"id": entry_id}]
        self._answered_at.pop(question_id, None)
        self._tell(question_id)
        return entry_id

    def remove_entry(self, question_id: str, entry_id: str) -> bool:
        """Take an entry off its list; it can be restored. Return whether the store could.

        What it had refused goes first: an answer of an entry that is gone would have no place.
        """
        if not self.retry() or not self._move(self.store.remove_entry, entry_id):
            return False
        left = [entry for entry in self.entries(question_id) if entry["id"] != entry_id]
        self.answers[question_id] = left
        if not left:
            del self.answers[question_id]
        self._tell(question_id)
        return True

    def restore_entry(self, question_id: str, entry_id: str) -> bool:
        """Put a removed entry back in its place, with its answers. Return whether the store could."""
        if self.answers.get(question_id) == NONE and not self.save(question_id, None):
            return False
        if not self._move(self.store.restore_entry, entry_id):
            return False
        self._read_again()
        self._tell(question_id)
        return True

    def undo(self) -> str:
        """Take back the last change and return the question it was about; "" if there is none or the store cannot.

        What the program had added to a hand-off goes together with the answer it was added to.
        """
        if not self.retry():
            return ""
        try:
            change = self.store.undo_last(self.intake_id, self.now())
        except StoreError as error:
            self.failed.emit(error)
            return ""
        if change is None:
            return ""
        self._read_again()
        self._case = self._findings = None
        if change["question"] == handoff.COVERS and handoff.follow_up(self.case(), self.findings()):
            return self.undo()
        in_entry = change["entry_id"] and change["kind"] == "answered"
        question_id = self.list_of(change["entry_id"]) if in_entry else str(change["question"])
        self._tell(question_id)
        return question_id

    def entries(self, question_id: str) -> list[dict[str, Any]]:
        """Return the entries of a list; none also when it was said to be empty."""
        value = self.answers.get(question_id)
        return value if isinstance(value, list) else []

    def count_entries(self) -> int:
        """Return how many entries there are in all lists."""
        return sum(len(self.entries(q.id)) for q in self.questionnaire.questions if q.type == "entries")

    def list_of(self, entry_id: str) -> str:
        """Return the list on which an entry stands; "" if it stands on none."""
        for question in self.questionnaire.questions:
            if question.type == "entries" and any(e["id"] == entry_id for e in self.entries(question.id)):
                return question.id
        return ""

    def case(self) -> Case:
        """Return the intake as rules and letters take it."""
        if self._case is None:
            from intake_app import rulebook  # noqa: PLC0415  registers the rules; the worklist opens without them

            asked = [question.id for question in self.questionnaire.patient.questions]
            known = {name: self._patient[name] for name in asked if self._patient.get(name)}
            profile = self.store.setting(rulebook.PROFILE, DEFAULT_PROFILE)
            signed = rulebook.signed(rulebook.read_signatures(self.store.setting))
            self._case = make_case(
                self.questionnaire, known, self.answers, self.today, self._answered_at, profile=profile, signed=signed
            )
        return self._case

    def findings(self) -> tuple[Finding, ...]:
        """Return what every rule finds; worked out once after each change."""
        if self._findings is None:
            self._findings = factors.evaluate_all(self.case())
        return self._findings

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except StoreError as error:
            self._failing = True
            self.failed.emit(error)

    def _move(self, move: Callable[[str, datetime], None], entry_id: str) -> bool:
        try:
            move(entry_id, self.now())
        except StoreError as error:
            self.failed.emit(error)
            return False
        return True

    def _put(self, question_id: str, value: Answer, entry_id: str) -> None:
        into = self.answers
        if entry_id:
            into = next(e for e in self.entries(self.list_of(entry_id)) if e["id"] == entry_id)
        if value is None:
            into.pop(question_id, None)
        else:
            into[question_id] = value
        if not entry_id:
            self._answered_at.pop(question_id, None)
            if value is not None:
                self._answered_at[question_id] = self.now()

    def _read_times(self) -> dict[str, datetime]:
        """Return when each answer was given, on the clinic's clock, which the letter tells."""
        zone = self.now().tzinfo
        return {name: moment.astimezone(zone) for name, moment in self.store.answered_at(self.intake_id).items()}

    def _read_again(self) -> None:
        """Take everything from the store, and keep on top of it what the store has refused."""
        self.answers = self.store.answers(self.intake_id)
        self._answered_at = self._read_times()
        for (entry_id, question_id), value in self._refused.items():
            self._put(question_id, value, entry_id)

    def _tell(self, question_id: str) -> None:
        self._case = self._findings = None
        self.changed.emit(question_id)
