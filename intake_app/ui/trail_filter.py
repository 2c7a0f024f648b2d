"""Which rows of the audit trail are shown: of whom, of what, of which days, about which patient."""

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from db import Store
from intake_app import dates
from intake_app.ui.answer_widget import make_label, set_look
from intake_app.ui.date_field import is_month_first
from intake_app.ui.secret_fields import Choice
from intake_app.ui.typed_field import PAUSE, ShortLine
from intake_app.ui.worklist_model import say_birth, say_name

EVERYBODY, EVERYTHING, ALL = "Everybody", "Everything", "All patients and records"
NO_DAY = "“{}” is no day. Give one such as 3 May 2026, or leave it empty."
WRONG_WAY = "The last day is before the first."
NO_PATIENT = "No patient is found with “{}”."
MORE = "More than {} patients are found. Type more of the name, or the record number."
LONGEST = 200  # characters
MANY = 30  # patients to choose from
COLUMNS = 3


class TrailFilter(QWidget):
    """Two lists, two days and a patient; `changed` is told after a pause in the typing, and blank means all."""

    changed = Signal()

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._store, self._now, self._month_first = store, now, is_month_first()
        self._found = 0  # patients
        self.who, self.what, self.patients = Choice(), Choice(), Choice()
        self.first, self.last, self.patient = ShortLine(LONGEST), ShortLine(LONGEST), ShortLine(LONGEST)
        self.problem = make_label(role="problem")
        self.problem.hide()
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self.changed)
        self._lay_out()
        for choice in (self.who, self.what, self.patients):
            choice.activated.connect(self.changed)
        for line in (self.first, self.last):
            line.typed.connect(lambda _text: self._pause.start())
            line.returnPressed.connect(self._tell_now)
        self.patient.typed.connect(lambda _text: self._look_for_patients())
        self.patient.returnPressed.connect(self._tell_now)

    def refresh(self) -> None:
        """Offer who and what there is in the trail by now; what is chosen stays. StoreError where that may not be."""
        users = sorted((user["name"], user["id"]) for user in self._store.users(removed=True))
        _offer(self.who, EVERYBODY, users)
        _offer(self.what, EVERYTHING, [(action.capitalize(), action) for action in self._store.audit_actions()])

    def read(self) -> Mapping[str, Any] | None:
        """Return the arguments of `Store.audit`; None when something is wrong, and then it is said here."""
        since, until = self._read_day(self.first, 0), self._read_day(self.last, 1)
        words = self._say_days() or (WRONG_WAY if since and until and since >= until else "") or self._say_patients()
        self.problem.setText(words)
        self.problem.setVisible(bool(words))
        chosen = {"user": self.who, "action": self.what, "patient": self.patients}
        wanted = {name: box.currentData() or "" for name, box in chosen.items()}
        return None if words else {**wanted, "since": since, "until": until}

    def _read_day(self, line: ShortLine, plus: int) -> datetime | None:
        """Return the beginning of the day typed, so many days later; None when it is none."""
        given = dates.read_typed(line.text(), month_first=self._month_first)
        if given is None or not dates.is_exact(given):
            return None
        return datetime.combine(dates.span(given)[0] + timedelta(days=plus), time(), self._now().tzinfo)

    def _say_days(self) -> str:
        """Return what is no day, in a sentence, and mark it."""
        words = ""
        for line in (self.first, self.last):
            is_wrong = bool(line.text().strip()) and self._read_day(line, 0) is None
            set_look(line, state="problem" if is_wrong else "")
            words = words or (NO_DAY.format(line.text().strip()) if is_wrong else "")
        return words

    def _look_for_patients(self) -> None:
        text = self.patient.text().strip()
        found = self._store.find_patients(text)[: MANY + 1] if text else []
        rows = [(self._say(patient), patient["id"]) for patient in found[:MANY]]
        self.patients.clear()
        self._found = len(found)
        for words, patient_id in rows or [(ALL, "")]:
            self.patients.addItem(words, patient_id)
        self.patients.setEnabled(len(rows) > 1)
        self._pause.start()

    def _say_patients(self) -> str:
        text = self.patient.text().strip()
        if text and not self._found:
            return NO_PATIENT.format(text)
        return MORE.format(MANY) if text and self._found > MANY else ""

    def _say(self, patient: Mapping[str, Any]) -> str:
        born = f", born {say_birth(patient['birth_date'], self._now().date())}" if patient["birth_date"] else ""
        return f"{say_name(patient)}{born}"

    def _tell_now(self) -> None:
        self._pause.stop()
        self.changed.emit()

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        self.patients.addItem(ALL, "")
        self.patients.setEnabled(False)
        parts = (
            ("Who", "Rows of whom", self.who),
            ("From", "From which day", self.first), ("To", "To which day", self.last),
            ("What", "Rows of what", self.what),
            ("About the patient", "About which patient: name, birth date or record number", self.patient),
            ("", "Which of the patients found", self.patients),
        )  # fmt: skip
        for number, (words, name, widget) in enumerate(parts):
            row, column = divmod(number, COLUMNS)
            widget.setAccessibleName(name)
            label = make_label(words, "help", wrap=False)
            label.setBuddy(widget)
            grid.addWidget(label, 2 * row, column)
            grid.addWidget(widget, 2 * row + 1, column)
            grid.setColumnStretch(column, 1)
        for choice in (self.who, self.what, self.patients):  # as wide as its column, however long its lines
            choice.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for line in (self.first, self.last):
            line.setPlaceholderText("3 May 2026")
        self.patient.setPlaceholderText("Name or record number")
        grid.addWidget(self.problem, 4, 0, 1, COLUMNS)


def _offer(choice: Choice, none: str, lines: list[tuple[str, str]]) -> None:
    chosen = choice.currentData()
    choice.clear()
    choice.addItem(none, "")
    for words, value in lines:
        choice.addItem(words, value)
    choice.setCurrentIndex(max(choice.findData(chosen), 0))
