"""The bar above an intake: whose it is, and the three things to do with it."""

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from intake_app.ui.elided_label import ElidedLabel
from intake_app.ui.messages import make_button
from intake_app.ui.worklist_model import Row, say_birth, say_name

BESIDE_WORDS = 36  # pixels of a button
INTAKE, REVIEW, LETTER = "intake", "review", "letter"
PARTS = ((INTAKE, "Intake", "Ctrl+I"), (REVIEW, "Review", "Ctrl+R"), (LETTER, "Letter", "Ctrl+P"))


class PatientBar(QFrame):
    """Name, birth date with age and record number, always in sight: nobody answers for the wrong patient."""

    left = Signal()
    patient_asked = Signal()
    part_asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "bar")
        self.back_button = make_button("←  Patients", "quiet", "Back to the patients")
        self.change_button = make_button("Change", "link", "Change the patient's particulars")
        self._name, self._details = ElidedLabel("group-title"), ElidedLabel("muted")
        self._who = self._about = ""
        self._buttons: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        self._lay_out()
        self.back_button.clicked.connect(self.left)
        self.change_button.clicked.connect(self.patient_asked)

    def show_patient(self, patient: Row, today: date) -> None:
        """Say whose intake this is."""
        self._who = say_name(patient)
        parts = [f"born {say_birth(patient['birth_date'], today)}"] if patient["birth_date"] else []
        parts += [f"record {patient['record_number']}"] if patient["record_number"] else []
        self._about = "  ·  ".join(parts) or "no birth date and no record number yet"
        self._name.show_text(self._who)
        self._details.show_text(self._about)
        self.setAccessibleName(self.text)

    def add_button(self, button: QPushButton) -> None:
        """Put a button at the end, beside what is done with the intake."""
        self._row.addSpacing(8)
        self._row.addWidget(button)

    def mark(self, part: str) -> None:
        """Show which part is on the screen."""
        self._buttons[part].setChecked(True)

    @property
    def text(self) -> str:
        """What the bar says about the patient."""
        return f"{self._who}, {self._about}"

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802, D102 Qt's name
        super().resizeEvent(event)
        for button in self._buttons.values():  # the chosen one is bold, and asks for the room of the others
            bold = QFont(button.font())
            bold.setWeight(QFont.Weight.DemiBold)
            button.setMinimumWidth(QFontMetrics(bold).horizontalAdvance(button.text()) + BESIDE_WORDS)

    def _lay_out(self) -> None:
        self._row = layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 16, 8)
        layout.setSpacing(8)
        layout.addWidget(self.back_button)
        who = QVBoxLayout()
        who.setSpacing(0)
        who.addWidget(self._name)
        details = QHBoxLayout()
        details.setSpacing(8)
        details.addWidget(self._details, 1)
        who.addLayout(details)
        layout.addLayout(who, 1)
        layout.addWidget(self.change_button, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addSpacing(8)
        for part, words, key in PARTS:
            button = make_button(words, "segment")
            button.setCheckable(True)
            button.setToolTip(key)
            button.clicked.connect(lambda _=False, p=part: self.part_asked.emit(p))
            self._group.addButton(button)
            self._buttons[part] = button
            layout.addWidget(button)
