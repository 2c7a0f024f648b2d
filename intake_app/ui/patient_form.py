"""Who the patient is: a new one, with advice while typing about who may be the same, or one to be corrected.

A correction is saved the moment it is made; of a new patient, what is typed is kept until there is one.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from db import Store
from intake_app.questions import Page
from intake_app.ui.answer_widget import make_label
from intake_app.ui.form import Form, make_column
from intake_app.ui.messages import FOR_PEOPLE, MessageLine, make_button
from intake_app.ui.worklist_model import Row, say_name, say_who

UNFINISHED = "unfinished_patient"  # the setting that keeps what was typed until there is a patient, behind it the user
NEEDED = "family_name"
NO_NAME = "Family name is needed here. The one before is kept until there is another."
NOT_UNDERSTOOD = "Some typing needs attention and cannot be saved as it stands."
LEAVE = "Leave without it"
_COMPARED = ("family_name", "given_names", "birth_date", "record_number")
_MOST_ADVICE = 3


def unfinished(store: Store) -> str:
    """Return the setting that keeps what the present user has typed: nobody else is offered it."""
    return f"{UNFINISHED}/{store.user_id}" if store.user_id else UNFINISHED


class DuplicateAdvice(QFrame):
    """Says who may be the same person. It advises and never stands in the way."""

    opened = Signal(str)  # patient id
    denied = Signal(str)  # patient id: it is another person

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "notice")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(14, 10, 14, 12)
        self._rows: list[QWidget] = []
        self.hide()

    def show_similar(self, patients: Sequence[Row], birth_date: str, today: datetime) -> None:
        """Show a line for each of the first few; none hides the advice."""
        for row in self._rows:
            self._layout.removeWidget(row)
            row.deleteLater()
        self._rows = [self._make_row(p, birth_date, today) for p in patients[:_MOST_ADVICE]]
        for row in self._rows:
            self._layout.addWidget(row)
        self.setVisible(bool(patients))

    @property
    def texts(self) -> list[str]:
        """What the advice says, a sentence for each patient."""
        return [label.text() for row in self._rows for label in row.findChildren(QLabel)]

    def _make_row(self, patient: Row, birth_date: str, today: datetime) -> QWidget:
        same = patient["birth_date"] and patient["birth_date"] == birth_date
        why = "Same birth date and a similar name" if same else "Same record number"
        row = QWidget()
        layout = QVBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(make_label(f"{why}: {say_who(patient, today.date())}"))
        buttons = QHBoxLayout()
        name = say_name(patient)
        for words, signal in (("Open that patient", self.opened), ("This is another person", self.denied)):
            button = make_button(words, name=f"{words}: {name}")
            button.clicked.connect(lambda _=False, s=signal, i=patient["id"]: s.emit(i))
            buttons.addWidget(button)
        buttons.addStretch()
        layout.addLayout(buttons)
        return row


class PatientForm(QWidget):
    """The patient's particulars."""

    created = Signal(str)  # patient id
    changed = Signal(str)  # patient id
    other_opened = Signal(str)  # patient id: the person who was there already
    left = Signal()

    def __init__(self, store: Store, page: Page, now: Callable[[], datetime], *, is_demo: bool) -> None:
        super().__init__()
        self._store, self._now, self._is_demo = store, now, is_demo
        self._patient_id = ""
        self._others: set[str] = set()  # those who are said to be other people
        self._told: dict[str, str] = {}  # the problems that leaving was already stopped for
        self.form = Form(page.questions, now().date(), required=(NEEDED,))
        self.advice = DuplicateAdvice()
        self.message = MessageLine()
        self.save_button = make_button("", "primary")
        self.back_button = make_button("&Cancel", "quiet")
        self._title = make_label(role="page-title")
        self._intro = make_label("Only the family name is needed. The rest can follow.", "page-intro")
        self._lay_out()
        self.form.changed.connect(self._on_typed)
        self.form.entered.connect(self._on_save)
        self.advice.opened.connect(self._on_other_opened)
        self.advice.denied.connect(self._on_denied)
        self.save_button.clicked.connect(self._on_save)
        self.back_button.clicked.connect(self._on_left)

    def show_new(self, fields: Mapping[str, str]) -> None:
        """Begin a new patient with what is known already."""
        self._show("", fields, "New patient", "&Begin intake")
        if fields:
            self._keep(self.form.values())

    def show_patient(self, patient: Row) -> None:
        """Show a patient to be corrected."""
        self._show(patient["id"], patient, "Patient", "&Done")

    def flush(self) -> None:
        """Keep what is still being typed."""
        self.form.flush()

    def can_leave(self, leave: Callable[[], object] | None = None) -> bool:
        """Take what is typed; where some of it cannot be, say so once and offer to `leave` without it."""
        self.flush()
        problems = {name: words for name, field in self.form.fields.items() if (words := field.widget.problem())}
        if not problems or problems == self._told:
            return True
        self._told = problems
        self.form.find_problem()
        self.message.warn(NOT_UNDERSTOOD, LEAVE, leave or self.left.emit)
        return False

    @property
    def patient_id(self) -> str:
        """Whose particulars these are; "" for a new patient."""
        return self._patient_id

    def _show(self, patient_id: str, fields: Mapping[str, Any], title: str, save: str) -> None:
        self._patient_id, self._others, self._told = patient_id, set(), {}
        self._title.setText(title)
        self.save_button.setText(save)
        self.save_button.setAccessibleName(save.replace("&", ""))
        self.back_button.setVisible(not patient_id)
        self.form.show_values(fields)
        self.message.clear()
        self._advise()
        blank = [name for name, value in self.form.values().items() if not value]
        first = NEEDED if patient_id or not blank else blank[0]
        self.form.fields[first].widget.focus_first()

    def _on_typed(self) -> None:
        values = self.form.values()
        if not self._patient_id:
            self._keep(values)
        else:
            self._correct(values)
        self._advise()

    def _advise(self) -> None:
        values = self.form.values()
        found = self._store.similar_patients(*(values[name] for name in _COMPARED))
        told = [p for p in found if p["id"] not in {self._patient_id, *self._others}]
        self.advice.show_similar(told, values["birth_date"], self._now())

    def _keep(self, values: dict[str, str]) -> None:
        """Keep what is typed through a lock or a crash; blanks are nothing to be kept."""
        try:
            self._store.save_setting(unfinished(self._store), values if any(values.values()) else None)
        except FOR_PEOPLE as error:
            self.message.warn(str(error))

    def _correct(self, values: dict[str, str]) -> bool:
        """Save a correction; what was refused is still in its field and is tried again with the next.

        Nobody is without a family name: when it is blank the one before stays, and the field says so.
        """
        if not values[NEEDED] and not self.form.fields[NEEDED].widget.problem():
            self.form.fields[NEEDED].tell(NO_NAME)
        fields = {name: value for name, value in values.items() if value or name != NEEDED}
        try:
            self._store.change_patient(self._patient_id, fields, self._now())
        except FOR_PEOPLE as error:
            self.message.warn(str(error), "Try again", self._on_typed)
            return False
        self.message.clear()
        return True

    def _on_save(self) -> None:
        if self.form.find_problem():
            if self._patient_id:
                self.can_leave(lambda: self.changed.emit(self._patient_id))
            return
        values = self.form.values()
        if self._patient_id:
            if self._correct(values):
                self.changed.emit(self._patient_id)
            return
        try:
            # A second Enter must not make a second patient.
            self._patient_id = self._store.add_patient(values, self._now(), is_demo=self._is_demo)
        except FOR_PEOPLE as error:
            self.message.warn(str(error), "Try again", self._on_save)
            return
        self._keep({})
        self.created.emit(self._patient_id)

    def _on_denied(self, patient_id: str) -> None:
        self._others.add(patient_id)
        self._advise()
        self.save_button.setFocus()

    def _on_other_opened(self, patient_id: str) -> None:
        if not self._patient_id:
            self._keep({})
            self.form.show_values({})
        self.other_opened.emit(patient_id)

    def _on_left(self) -> None:
        if not self._patient_id:
            self._keep({})
            self.form.show_values({})  # what stands there is given up, also what could not be saved
        self.left.emit()

    def _lay_out(self) -> None:
        buttons = QWidget()
        row = QHBoxLayout(buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.save_button)
        row.addWidget(self.back_button)
        row.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        parts = (self._title, self._intro, self.advice, self.form, self.message, buttons)
        layout.addWidget(make_column(*parts))
