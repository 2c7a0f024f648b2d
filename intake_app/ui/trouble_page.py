"""What stands in the window while the records are not open: why, what to do, and how far what is done about it is."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from intake_app.ui.answer_widget import make_label
from intake_app.ui.letter_busy import LOOK_AGAIN, Progress
from intake_app.ui.messages import make_button
from intake_app.ui.secret_fields import make_middle

WIDTH = 660


class TroublePage(QWidget):
    """A sentence, what to do about it, and buttons; while something long is done a bar and Cancel in their place."""

    retried = Signal()
    quit_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._what = make_label(role="group-title")
        self._hint = make_label()
        self.retry_button = make_button("&Try again", "primary")
        self.quit_button = make_button("&Quit")
        self.mend_button = make_button("")
        self.look_button = make_button("&Look at what can still be read")
        self.cancel_button = make_button("&Cancel")
        self.bar = QProgressBar()
        self._mend: Callable[[], object] | None = None
        self._look: Callable[[], object] | None = None
        self._progress: Progress | None = None
        self._timer = QTimer(self, interval=LOOK_AGAIN)
        self._timer.timeout.connect(self._show_progress)
        self._lay_out()
        self.retry_button.clicked.connect(self.retried)
        self.quit_button.clicked.connect(self._on_cancelled)  # closing waits for what is being done
        self.quit_button.clicked.connect(self.quit_asked)
        self.mend_button.clicked.connect(lambda: self._mend and self._mend())
        self.look_button.clicked.connect(lambda: self._look and self._look())
        self.cancel_button.clicked.connect(self._on_cancelled)
        for widget in (self.mend_button, self.look_button, self.cancel_button, self.bar):
            widget.hide()

    def _lay_out(self) -> None:
        sheet = QFrame()
        sheet.setProperty("role", "sheet")
        inner = QVBoxLayout(sheet)
        inner.setContentsMargins(28, 24, 28, 24)
        inner.setSpacing(12)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Working")
        for label in (self._what, self._hint):
            inner.addWidget(label)
        row = QHBoxLayout()
        for button in (self.retry_button, self.cancel_button, self.quit_button):
            row.addWidget(button)
        row.addStretch()
        inner.addWidget(self.bar)
        for button in (self.mend_button, self.look_button):  # long words, each in a line of its own
            inner.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        inner.addSpacing(8)
        inner.addLayout(row)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(make_middle(sheet, width=WIDTH))

    def show_trouble(self, what: str, hint: str) -> None:
        """Say what happened and what to do."""
        self._what.setText(what)
        self._hint.setText(hint)
        self.offer("", None)
        self.offer_look(None)
        self.follow(None)
        self.setAccessibleName(f"{what} {hint}")
        self.retry_button.setFocus()

    def offer(self, words: str, mend: Callable[[], object] | None) -> None:
        """Offer to do something about it; "" for nothing."""
        self._mend = mend
        self.mend_button.setText(words)
        self.mend_button.setAccessibleName(words.replace("&", ""))
        self.mend_button.setVisible(bool(words))

    def offer_look(self, look: Callable[[], object] | None) -> None:
        """Offer to read what is damaged; None for not."""
        self._look = look
        self.look_button.setVisible(look is not None)

    def follow(self, progress: Progress | None) -> None:
        """Show how far some work is that can be cancelled; None when it is over."""
        self._progress = progress
        for widget in (self.bar, self.cancel_button):
            widget.setVisible(progress is not None)
        self.retry_button.setVisible(progress is None)
        if progress:
            self._show_progress()
            self._timer.start()
            self.cancel_button.setEnabled(True)
            self.cancel_button.setFocus()
        else:
            self._timer.stop()

    def set_busy(self, busy: bool) -> None:  # noqa: FBT001 a state
        """Take no more clicks while something is being done about it."""
        for button in (self.retry_button, self.mend_button, self.look_button):
            button.setEnabled(not busy)
        if not self._progress:
            self.bar.setRange(0, 0)
            self.bar.setVisible(busy)

    def _show_progress(self) -> None:
        if self._progress:
            self.bar.setRange(0, self._progress.total)
            self.bar.setValue(self._progress.done)

    def _on_cancelled(self) -> None:
        if self._progress:
            self._progress.stopped = True
            self.cancel_button.setEnabled(False)

    @property
    def text(self) -> str:
        """What the page says."""
        return f"{self._what.text()} {self._hint.text()}"
