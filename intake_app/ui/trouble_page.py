"""What stands in the window when the records cannot be opened: why, and what to do."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from intake_app.ui.answer_widget import make_label
from intake_app.ui.messages import make_button

WIDTH = 660


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
        self.mend_button = make_button("")
        self._mend: Callable[[], object] | None = None
        self._lay_out()
        self.retry_button.clicked.connect(self.retried)
        self.quit_button.clicked.connect(self.quit_asked)
        self.mend_button.clicked.connect(self._on_mend)
        self.mend_button.hide()

    def _lay_out(self) -> None:
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
        row.addWidget(self.mend_button)
        row.addWidget(self.quit_button)
        row.addStretch()
        inner.addSpacing(8)
        inner.addLayout(row)
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        layout.addWidget(sheet, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)

    def show_trouble(self, what: str, hint: str) -> None:
        """Say what happened and what to do."""
        self._what.setText(what)
        self._hint.setText(hint)
        self.offer("", None)
        self.setAccessibleName(f"{what} {hint}")
        self.retry_button.setFocus()

    def offer(self, words: str, mend: Callable[[], object] | None) -> None:
        """Offer to do something about it; "" for nothing."""
        self._mend = mend
        self.mend_button.setText(words)
        self.mend_button.setAccessibleName(words.replace("&", ""))
        self.mend_button.setVisible(bool(words))

    def set_busy(self, busy: bool) -> None:  # noqa: FBT001 a state
        """Take no more clicks while something is being done about it."""
        for button in (self.retry_button, self.mend_button):
            button.setEnabled(not busy)

    def _on_mend(self) -> None:
        if self._mend:
            self._mend()

    @property
    def text(self) -> str:
        """What the page says."""
        return f"{self._what.text()} {self._hint.text()}"
