"""The first start asks for the letterhead only; later the clinic's own rules can be set beside it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db import Store
from intake_app.questions import Question
from intake_app.ui import escalation, letter_about, safety_age
from intake_app.ui.answer_widget import make_label
from intake_app.ui.background import Background
from intake_app.ui.clinic_logo import LogoPanel
from intake_app.ui.form import Form, make_column
from intake_app.ui.messages import FOR_PEOPLE, MessageLine, make_button

QUESTIONS = (
    Question("name", "text", "Name of the clinic", "Name", max_length=120),
    Question(
        "address",
        "long_text",
        "Address",
        "Address",
        help="As it shall stand at the head of your letters. Phone and fax can go here, too.",
        max_length=400,
    ),
)
HOURS = Question(
    safety_age.HOURS,
    "number",
    "After how many hours are the safety questions asked again before a letter is issued?",
    "Hours until the safety questions are asked again",
    help="24 unless your clinic decides otherwise; 0 for never.",
    unit="hours",
    min=0,
    max=8760,
)
MINUTES = Question(
    "lock_minutes",
    "number",
    "After how many minutes without use does the window lock?",
    "Minutes until the window locks",
    help="5 unless your clinic decides otherwise, at most 60. Ctrl+L locks at once.",
    unit="minutes",
    min=1,
    max=60,
)
USUAL_MINUTES = 5
PAPER = Question(
    letter_about.PAPER,
    "choice",
    "On what paper do you print?",
    "Paper",
    help="Of the letters issued from now on; those issued before stay as they are.",
    options=(("letter", "US Letter (8.5 x 11 in)"), ("a4", "A4 (210 x 297 mm)")),
)
PREPRINTED = Question(
    letter_about.PREPRINTED,
    "number",
    "How much of the first page does the letterhead of your pre-printed paper take?",
    "Height of the pre-printed letterhead",
    help="Measured from the upper edge; only for “Print on pre-printed paper”.",
    unit="mm",
    min=10,
    max=120,
)
RULES = (HOURS, MINUTES, *escalation.QUESTIONS, PAPER, PREPRINTED)
WELCOME = "Welcome. What stands at the head of your letters?"
INTRO = "This is all the program needs to know before the first patient. It can be changed at any time."
LETTERHEAD = "Letterhead and clinic rules"


class ClinicForm(QWidget):
    """Asks who the clinic is."""

    saved = Signal()
    left = Signal()

    def __init__(self, store: Store, now: Callable[[], datetime], background: Background | None = None) -> None:
        super().__init__()
        self._store, self._now = store, now
        self.form = Form(QUESTIONS, now().date(), required=("name",))
        self.hours = Form(RULES, now().date(), required=(HOURS.id, MINUTES.id, PAPER.id, PREPRINTED.id))
        self.logo = LogoPanel(store, background) if background else None  # its file is read on the worker
        self.message = MessageLine()
        self.save_button = make_button("&Save", "primary")
        self.back_button = make_button("&Back", "quiet")
        self._title = make_label(role="page-title")
        self._intro = make_label(INTRO, "page-intro")
        buttons = QWidget()
        row = QHBoxLayout(buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.save_button)
        row.addWidget(self.back_button)
        row.addStretch()
        parts = (self._title, self._intro, self.form, self.logo, self.hours, self.message, buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(make_column(*filter(None, parts)))
        self.save_button.clicked.connect(self._on_save)
        self.form.entered.connect(self._on_entered)
        self.hours.entered.connect(self._on_save)
        self.back_button.clicked.connect(self.left)

    def show_clinic(self, clinic: Mapping[str, Any] | None) -> None:
        """Show what is known; None at the first start, when there is nowhere to go back to."""
        self._title.setText(LETTERHEAD if clinic else WELCOME)
        self._intro.setVisible(clinic is None)
        self.back_button.setVisible(clinic is not None)
        self.save_button.setText("&Save" if clinic else "&Begin")
        self.form.show_values(clinic or {})
        self.hours.setVisible(clinic is not None)
        self.hours.show_values(
            {
                HOURS.id: safety_age.read_hours(self._store),
                MINUTES.id: self._store.setting(MINUTES.id, USUAL_MINUTES),
                PAPER.id: letter_about.read_paper(self._store),
                PREPRINTED.id: letter_about.read_preprinted(self._store),
                **escalation.read_settings(self._store),
            }
        )
        if self.logo:
            self.logo.setVisible(clinic is not None)
            self.logo.refresh()
        self.message.clear()
        self.form.fields["name"].widget.focus_first()

    def typed(self) -> dict[str, Any]:
        """Return what is typed and cannot be kept as it stands; empty when it can."""
        return {**self.form.values(), **self.hours.values()} if self._find_problem() else {}

    def show_typed(self, values: Mapping[str, Any]) -> None:
        """Show what was typed and could not be kept."""
        for form in (self.form, self.hours):
            form.show_values(values)

    def flush(self) -> None:
        """Keep what is typed, when it is a letterhead."""
        if not self._find_problem():
            self._keep()

    def _on_save(self) -> None:
        if not self._find_problem() and self._keep():
            self.saved.emit()

    def _on_entered(self) -> None:
        """Go on to the rules where they are shown."""
        if self.hours.isHidden():
            self._on_save()
        else:
            self.hours.fields[HOURS.id].widget.focus_first()

    def _find_problem(self) -> bool:
        return self.form.find_problem() or self.hours.find_problem()

    def _keep(self) -> bool:
        try:
            self._store.save_clinic(self.form.values(), self._now())
            for name, value in self.hours.values().items():
                self._store.save_setting(name, value, self._now())
        except FOR_PEOPLE as error:
            self.message.warn(str(error))
            return False
        return True
