"""What stands in the window when the records cannot be opened: why, and what to do."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from intake_app.ui.answer_widget import make_label
from intake_app.ui.messages import make_button

WIDTH = 560


class TroublePage(QWidget):
    """A sentence, what to do about it, and two buttons."""

    retried = Signal()
    quit_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._what = make_label(role="group-title")
        self._hint = make_label()
        self.retry_button = make_button("&Try again", "primary")
        self.quit_button = make_button("&Quit")
        sheet = QFrame()
        sheet.setProperty("role", "sheet")
        sheet.setFixedWidth(WIDTH)
        inner = QVBoxLayout(sheet)
        inner.setContentsMargins(28, 24, 28, 24)
        inner.setSpacing(12)
        for label in (self._what, self._hint):
            inner.addWidget(label)
        row = QHBoxLayout()
        row.addWidget(self.retry_button)
        row.addWidget(self.quit_button)
        row.addStretch()
        inner.addSpacing(8)
        inner.addLayout(row)
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        layout.addWidget(sheet, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)
        self.retry_button.clicked.connect(self.retried)
        self.quit_button.clicked.connect(self.quit_asked)

    def show_trouble(self, what: str, hint: str) -> None:
        """Say what happened and what to do."""
        self._what.setText(what)
        self._hint.setText(hint)
        self.setAccessibleName(f"{what} {hint}")
        self.retry_button.setFocus()

    @property
    def text(self) -> str:
        """What the page says."""
        return f"{self._what.text()} {self._hint.text()}"
