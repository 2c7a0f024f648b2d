"""A button whose text is shortened to its width on the screen, and whole for a screen reader."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton

from intake_app.ui.answer_widget import escape_mnemonic, escape_tip

NARROWEST = 60  # pixels


class ElidedButton(QPushButton):
    """A button for a line of any length; `margin` is what look and padding take of its width, in pixels."""

    def __init__(self, margin: int) -> None:
        super().__init__()
        self._whole, self._margin = "", margin
        self.setAutoDefault(True)  # Enter presses it, too

    def show_text(self, text: str) -> None:
        """Show a line."""
        self._whole = text
        self.setAccessibleName(text)
        self._shorten()

    def whole_text(self) -> str:
        """Return the line as it is, not shortened."""
        return self._whole

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Show as much as fits."""
        super().resizeEvent(event)
        self._shorten()

    def minimumSizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """Let a long line be narrow."""
        return QSize(NARROWEST, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """Ask for the height of a line; the layout gives the width."""
        return QSize(NARROWEST, super().sizeHint().height())

    def _shorten(self) -> None:
        room = max(self.width() - self._margin, NARROWEST)
        short = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room)
        if escape_mnemonic(short) != self.text():
            self.setText(escape_mnemonic(short))
            self.setToolTip(escape_tip(self._whole) if short != self._whole else "")
