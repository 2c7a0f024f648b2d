"""The first start, and later the letterhead: the clinic's name and address, and nothing else."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db import Store
from intake_app.questions import Question
from intake_app.ui.answer_widget import make_label
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
WELCOME = "Welcome. What stands at the head of your letters?"
INTRO = "This is all the program needs to know before the first patient. It can be changed at any time."
LETTERHEAD = "Letterhead"


class ClinicForm(QWidget):
    """Asks who the clinic is."""

    saved = Signal()
    left = Signal()

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._store, self._now = store, now
        self.form = Form(QUESTIONS, now().date(), required=("name",))
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
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(make_column(self._title, self._intro, self.form, self.message, buttons))
        self.save_button.clicked.connect(self._on_save)
        self.form.entered.connect(self._on_save)
        self.back_button.clicked.connect(self.left)

    def show_clinic(self, clinic: Mapping[str, Any] | None) -> None:
        """Show what is known; None at the first start, when there is nowhere to go back to."""
        self._title.setText(LETTERHEAD if clinic else WELCOME)
        self._intro.setVisible(clinic is None)
        self.back_button.setVisible(clinic is not None)
        self.save_button.setText("&Save" if clinic else "&Begin")
        self.form.show_values(clinic or {})
        self.message.clear()
        self.form.fields["name"].widget.focus_first()

    def flush(self) -> None:
        """Keep what is typed, when it is a letterhead."""
        if not self.form.find_problem():
            self._keep()

    def _on_save(self) -> None:
        if not self.form.find_problem() and self._keep():
            self.saved.emit()

    def _keep(self) -> bool:
        try:
            self._store.save_clinic(self.form.values(), self._now())
        except FOR_PEOPLE as error:
            self.message.warn(str(error))
            return False
        return True
