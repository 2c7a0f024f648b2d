"""A line that is shortened to its width on the screen, and whole for a screen reader and beneath the mouse."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from intake_app.ui.answer_widget import escape_tip

MUST_FIT = 120  # pixels that are shown whatever happens


class ElidedLabel(QLabel):
    """A label for a line of any length: it never pushes out what stands beside it. `role` is its look."""

    def __init__(self, role: str) -> None:
        super().__init__(textFormat=Qt.TextFormat.PlainText)
        self._whole = ""
        self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_text(self, text: str) -> None:
        """Show a line."""
        self._whole = text
        self.setAccessibleName(text)
        self.setToolTip(escape_tip(text))
        self._shorten()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Show as much as fits."""
        super().resizeEvent(event)
        self._shorten()

    def _shorten(self) -> None:
        room = max(self.width(), MUST_FIT)
        self.setText(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room))
