"""A button that acts the moment its Alt key is hit."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QShortcutEvent
from PySide6.QtWidgets import QPushButton


class PromptButton(QPushButton):
    """A button that Enter presses, too; `role` is its look, `name` for screen readers where the text says too little.

    Left to Qt, an Alt key presses its button a tenth of a second later, and the next key would still go to what had
    the keyboard before: Alt+N and Y would answer a question of the page that is being left.
    """

    def __init__(self, text: str, role: str = "", name: str = "") -> None:
        super().__init__(text)
        self.setAutoDefault(True)
        self.setAccessibleName(name or text.replace("&", ""))
        if role:
            self.setProperty("role", role)

    def event(self, event: QEvent) -> bool:
        """Act at once on the Alt key, unless another button has the same."""
        if isinstance(event, QShortcutEvent) and not event.isAmbiguous():
            self.click()
            return True
        return super().event(event)
