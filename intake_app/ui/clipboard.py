"""Forgets what was copied in the window: soon after it was copied, when the window locks, and when it closes."""

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QApplication

SECONDS = 30  # time to paste it elsewhere; what others copied stays
COPIED, MARKED = QClipboard.Mode.Clipboard, QClipboard.Mode.Selection  # the second is what the mouse marks, on Linux


class CopiedText(QObject):
    """Watches the clipboard; a timer runs for each part of it that holds something from this program."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.timers = {mode: QTimer(self, singleShot=True, interval=SECONDS * 1000) for mode in (COPIED, MARKED)}
        self.timers[COPIED].timeout.connect(self._on_time_for_copied)
        self.timers[MARKED].timeout.connect(self._on_time_for_marked)
        QApplication.clipboard().changed.connect(self._on_changed)

    def forget(self) -> None:
        """Empty the clipboard of what was copied here, now."""
        for mode, timer in self.timers.items():
            if timer.isActive():
                timer.stop()
                QApplication.clipboard().clear(mode)

    def _on_time_for_copied(self) -> None:
        QApplication.clipboard().clear(COPIED)

    def _on_time_for_marked(self) -> None:
        QApplication.clipboard().clear(MARKED)

    def _on_changed(self, mode: QClipboard.Mode) -> None:
        if mode in self.timers:
            is_ours = _is_ours(mode) and bool(QApplication.clipboard().text(mode))
            self.timers[mode].start() if is_ours else self.timers[mode].stop()


def _is_ours(mode: QClipboard.Mode) -> bool:
    """Tell who has just copied; where the system does not say whose it is, it was here if the keyboard was."""
    clipboard = QApplication.clipboard()
    owns = clipboard.ownsClipboard() if mode is COPIED else clipboard.ownsSelection()
    return owns or QApplication.focusWidget() is not None
