"""Issues the letters of many intakes in one go: each that is ready, and of each other why it is not."""

import gc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QProgressBar, QVBoxLayout, QWidget

from db import Store
from intake_app import factors
from intake_app.case import Case
from intake_app.questions import Questionnaire
from intake_app.ui import letter_issue, letter_work
from intake_app.ui.answer_widget import make_label
from intake_app.ui.background import Background, Job
from intake_app.ui.draft import Draft
from intake_app.ui.letter_about import compose_about
from intake_app.ui.letter_request import LetterRequest, read_request
from intake_app.ui.letter_work import Unprintable
from intake_app.ui.messages import FOR_PEOPLE, make_button
from intake_app.ui.worklist_model import say_name

TITLE = "Issue letters"
INTRO = "Every letter that is ready is issued as it would be from its own page. The others stay as they are."
SIZE = (640, 480)


@dataclass(frozen=True)
class _Prepared:
    """An intake that is being issued."""

    draft: Draft
    case: Case
    request: LetterRequest


class Batch(QObject):
    """Issues one letter after the other: the records on the window's thread in short moments, the rest on the worker.

    It can be stopped between two letters; what is issued stays issued.
    """

    told = Signal(str, str)  # intake id, and what became of it
    ended = Signal()

    def __init__(
        self,
        store: Store,
        questionnaire: Questionnaire,
        now: Callable[[], datetime],
        background: Background,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store, self._questionnaire, self._now, self._background = store, questionnaire, now, background
        self._waiting: list[str] = []
        self._job: Job | None = None
        self.issued = 0
        self.is_running = False
        self._turn = QTimer(self, singleShot=True, interval=0)  # keys, clicks and drawing come in between
        self._turn.timeout.connect(self._go_on)

    def start(self, intake_ids: Sequence[str]) -> None:
        """Begin; what became of each intake is told as it comes."""
        self._waiting, self.issued, self.is_running = list(intake_ids), 0, True
        gc.freeze()  # what there is stays: to look through it for garbage again and again takes 70 ms each time
        self._turn.start()

    def cancel(self) -> None:
        """Issue no more; the letter being made is given up."""
        if self.is_running:
            self._waiting = []
            if self._job:
                self._job.cancel()
            self._end()

    def _go_on(self) -> None:
        if not self.is_running:
            return
        if not self._waiting:
            self._end()
            return
        intake_id = self._waiting.pop(0)
        try:
            self._prepare(intake_id)
        except FOR_PEOPLE as error:
            self._tell(intake_id, str(error))

    def _prepare(self, intake_id: str) -> None:
        """Read an intake, and have its letter made if nothing is missing."""
        draft = Draft(self._store, self._questionnaire, intake_id, self._now, self)
        request = read_request(self._store, intake_id)
        if gap := letter_issue.find_gap(draft, request):
            self._tell(intake_id, gap)
            draft.deleteLater()
            return
        prepared = _Prepared(draft, draft.case(), request)
        about = compose_about(draft, request, self._store.letters(intake_id))
        work = partial(_make, prepared.case, about)
        done, failed = partial(self._on_made, prepared), partial(self._on_failed, intake_id)
        self._job = self._background.run(self, work, done, failed)

    def _on_made(self, prepared: _Prepared, made: bytes | Unprintable | str) -> None:
        self._job = None
        if not self.issued:
            gc.freeze()  # also what the first letter has loaded
        words = str(made.error) if isinstance(made, Unprintable) else made
        if isinstance(words, bytes):
            words = self._keep(prepared, words)
        prepared.draft.deleteLater()
        self._tell(prepared.draft.intake_id, words)

    def _keep(self, prepared: _Prepared, pdf: bytes) -> str:
        try:
            row = letter_issue.keep_letter(prepared.draft, prepared.case, pdf, prepared.request)
        except FOR_PEOPLE as error:
            return str(error)
        self.issued += 1
        return f"Version {row['version']} is issued and kept."

    def _on_failed(self, intake_id: str, error: Exception) -> None:
        self._job = None
        if not isinstance(error, FOR_PEOPLE):
            self._waiting = []
            self._end()
            raise error
        self._tell(intake_id, str(error))

    def _tell(self, intake_id: str, words: str) -> None:
        self.told.emit(intake_id, words)
        self._turn.start()

    def _end(self) -> None:
        self.is_running = False
        gc.unfreeze()
        self.ended.emit()


class BatchDialog(QDialog):
    """The chosen intakes with what became of each, how far it is, and a way to stop."""

    def __init__(
        self,
        store: Store,
        questionnaire: Questionnaire,
        intake_ids: Sequence[str],
        now: Callable[[], datetime],
        background: Background,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(TITLE)
        self._ids = tuple(intake_ids)
        self._done = 0
        self.batch = Batch(store, questionnaire, now, background, self)
        self.list = QListWidget()
        self.bar = QProgressBar()
        self.summary = make_label(INTRO)
        self.start_button = make_button("&Issue all that are ready", "primary")
        self.cancel_button = make_button("&Cancel")
        self.close_button = make_button("C&lose")
        self._names = self._list_names(store)
        self._lay_out()
        self.start_button.clicked.connect(self.start)
        self.cancel_button.clicked.connect(self.cancel)
        self.close_button.clicked.connect(self.close)
        self.batch.told.connect(self._on_told)
        self.batch.ended.connect(self._on_ended)

    def start(self) -> None:
        """Issue every letter that is ready."""
        self._done = 0
        self.bar.setRange(0, len(self._ids))
        self.bar.setValue(0)
        self._allow(running=True)
        self.cancel_button.setFocus()
        self.batch.start(self._ids)

    def cancel(self) -> None:
        """Stop after the letters that are issued."""
        self.batch.cancel()

    def reject(self) -> None:
        """Stop, and close: Escape."""
        self.batch.cancel()
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802, D102 Qt's name
        self.batch.cancel()
        super().closeEvent(event)

    def _on_told(self, intake_id: str, words: str) -> None:
        row = self._ids.index(intake_id)
        self._done += 1
        self.list.item(row).setText(f"{self._names[row]}: {words}")
        self.list.scrollToItem(self.list.item(row))
        self.bar.setValue(self._done)
        self.summary.setText(f"{self._done} of {len(self._ids)} looked at, {self.batch.issued} issued.")

    def _on_ended(self) -> None:
        left = len(self._ids) - self._done
        stopped = f" Cancelled: {left} not looked at." if left else ""
        self.summary.setText(f"{self.batch.issued} of {len(self._ids)} letters were issued.{stopped}")
        self._allow(running=False)
        self.close_button.setFocus()

    def _allow(self, *, running: bool) -> None:
        self.start_button.setEnabled(not running)
        self.close_button.setEnabled(not running)
        self.cancel_button.setEnabled(running)

    def _list_names(self, store: Store) -> list[str]:
        """Return whose intakes they are, in their order."""
        patients = (store.patient(store.intake(intake_id)["patient_id"]) for intake_id in self._ids)
        return [say_name(patient) for patient in patients]

    def _lay_out(self) -> None:
        self.resize(*SIZE)
        self.list.setAccessibleName("Intakes")
        self.list.setWordWrap(True)
        self.list.addItems(self._names)
        self.bar.setAccessibleName("Letters looked at")
        self.bar.setTextVisible(False)
        self.bar.setRange(0, len(self._ids))
        self._allow(running=False)
        buttons = QHBoxLayout()
        buttons.addWidget(self.start_button)
        buttons.addWidget(self.cancel_button)
        buttons.addStretch()
        buttons.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(12)
        for widget in (self.summary, self.list, self.bar):
            layout.addWidget(widget)
        layout.addLayout(buttons)


def _make(case: Case, about: Mapping[str, Any]) -> bytes | Unprintable | str:
    """Return the letter of a case, or a sentence why there is none."""
    findings = factors.evaluate_all(case)
    return letter_issue.say_untold(case, findings) or letter_work.make_letter(case, findings, about)
