"""One patient's intake on the screen: the wizard, the review and the letter under one bar."""

from collections.abc import Callable
from datetime import datetime
from functools import cached_property

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from db import Store
from intake_app.questions import Questionnaire
from intake_app.ui.background import Background
from intake_app.ui.draft import Draft
from intake_app.ui.letter_page import ChoosePath, LetterPage, ask_path
from intake_app.ui.messages import MessageLine
from intake_app.ui.patient_bar import INTAKE, LETTER, PARTS, REVIEW, PatientBar
from intake_app.ui.review_page import ReviewPage
from intake_app.ui.wizard import Wizard

NOT_UNDERSTOOD = "Some typing needs attention and cannot be saved as it stands. It is listed in the review."
NOT_SAVED = "The last answer is only on the screen: it could not be saved."


class IntakeScreen(QWidget):
    """Everything about one intake. It is made when an intake is opened and thrown away when it is left."""

    left = Signal()
    patient_asked = Signal(str)  # patient id

    def __init__(
        self,
        store: Store,
        questionnaire: Questionnaire,
        intake_id: str,
        now: Callable[[], datetime],
        background: Background,
        choose_path: ChoosePath = ask_path,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._store, self._now = store, now
        self._background, self._choose_path = background, choose_path
        self.draft = Draft(store, questionnaire, intake_id, now, self)
        self._part = self._asked_from = INTAKE
        self._told: dict[str, str] = {}  # the problems that leaving was already stopped for
        self.bar = PatientBar()
        self.bar.show_patient(self.draft.patient, self.draft.today)
        self.message = MessageLine()
        self._stack = QStackedWidget(self)
        self.wizard = Wizard(self.draft, self._stack)
        self._stack.addWidget(self.wizard)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for widget in (self.bar, self.message, self._stack):
            layout.addWidget(widget)
        self._connect()
        self.show_part(LETTER if store.intake(intake_id)["closed_at"] else INTAKE)

    @cached_property
    def review(self) -> ReviewPage:
        """The review, made when it is first asked for."""
        page = ReviewPage(self.draft, self._stack)
        self._stack.addWidget(page)
        page.question_asked.connect(self.show_question)
        page.letter_asked.connect(lambda: self.show_part(LETTER))
        return page

    @cached_property
    def letter(self) -> LetterPage:
        """The letter, made when it is first asked for."""
        page = LetterPage(self.draft, self._background, self._choose_path)
        self._stack.addWidget(page)
        page.question_asked.connect(self.show_question)
        page.review_asked.connect(lambda: self.show_part(REVIEW))
        return page

    @property
    def part(self) -> str:
        """What is shown: the intake, its review or its letter."""
        return self._part

    def show_part(self, part: str) -> None:
        """Show the intake, its review or its letter, as they are now."""
        self.flush()
        self._part = part
        self.bar.mark(part)
        if part == REVIEW:
            self._stack.setCurrentWidget(self.review)
            self.review.refresh(self.wizard.problems())
            self.review.focus_first()
        elif part == LETTER:
            self._stack.setCurrentWidget(self.letter)
            self.letter.refresh()
            self.letter.view.pages.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._stack.setCurrentWidget(self.wizard)
            self.wizard.page.focus_first()

    def show_patient(self) -> None:
        """Show the patient's particulars as they are now, also on the page that is shown."""
        self.draft.patient = self._store.patient(self.draft.patient["id"])
        self.bar.show_patient(self.draft.patient, self.draft.today)
        self.show_part(self._part)

    def show_question(self, path: str) -> None:
        """Show the field of an answer, such as `leg_pain` or `treatments[2].end`."""
        if path.startswith("patient."):
            self.patient_asked.emit(self.draft.patient["id"])
            return
        self._asked_from = self._part
        self.show_part(INTAKE)
        self.wizard.show_question(path)

    def flush(self) -> None:
        """Save what is still being typed."""
        self.wizard.flush()
        if "review" in vars(self):
            self.review.flush()

    def leave(self) -> None:
        """Go back to the patients, unless an answer would be lost by it."""
        if self.can_leave():
            self.left.emit()

    def can_leave(self) -> bool:
        """Save what is left to save; where that cannot be done, say so and offer to try again or to go anyway.

        Of typing that cannot be saved this is said once.
        """
        self.flush()
        problems = self.wizard.problems()
        if not self.draft.retry():
            self.message.warn(NOT_SAVED, "Leave without it", self.left.emit)
            return False
        if self.wizard.is_unsaved() and problems != self._told:
            self._told = problems
            self.message.warn(NOT_UNDERSTOOD, "Leave without it", self.left.emit)
            return False
        return True

    def _on_asked_again(self) -> None:
        """Go back to the letter that waited for it."""
        if self._asked_from == LETTER:
            self._asked_from = INTAKE
            self.show_part(LETTER)

    def _connect(self) -> None:
        self.bar.left.connect(self.leave)
        self.bar.patient_asked.connect(lambda: self.patient_asked.emit(self.draft.patient["id"]))
        self.bar.part_asked.connect(self.show_part)
        self.wizard.finished.connect(lambda: self.show_part(REVIEW))
        self.wizard.left.connect(self.leave)
        self.wizard.asked_again.connect(self._on_asked_again)
        for part, _, key in PARTS:
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda p=part: self.show_part(p))
