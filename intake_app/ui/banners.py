"""Bars across the page: an answer that a clinician is to see now, and answers that could not be saved."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from intake_app.ui.answer_widget import make_label, set_look, set_shown
from intake_app.ui.prompt_button import PromptButton


class Banner(QFrame):
    """A title, a text and a button; hidden while there is nothing to say."""

    pressed = Signal()

    def __init__(self, role: str, button: str) -> None:
        super().__init__()
        self.setProperty("role", role)
        self.title, self.text = make_label(role="banner-title"), make_label(role="banner-text")
        self.button = PromptButton(button, "banner-button")
        self.button.clicked.connect(self.pressed)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.text)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 10, 16, 10)
        row.setSpacing(16)
        row.addLayout(words, 1)
        row.addWidget(self.button)
        self.hide()

    def say(self, title: str, text: str = "", button: str = "") -> None:
        """Show these words, and let a screen reader read them; "" hides the bar."""
        is_new = (title, text) != (self.title.text(), self.text.text())
        self.title.setText(title)
        self.text.setText(text)
        set_shown(self.text, shown=bool(text))
        if button:
            self.button.setText(button)
            self.button.setAccessibleName(button.replace("&", ""))
        set_shown(self, shown=bool(title))
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        if is_new and title:
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def show_settled(self, *, settled: bool) -> None:
        """Be loud while something is to be done, quiet afterwards."""
        for widget in (self, self.title, self.text):  # the words too: the style looks at each by itself
            set_look(widget, settled=settled)
