"""A part of the letter's side that says in a line what it holds and opens to be changed."""

from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from intake_app.ui.answer_widget import lead_tab, set_shown
from intake_app.ui.entry_card import CardHead


class Fold(QWidget):
    """A line with an arrow; what stands below it is seen while it is open."""

    def __init__(self, title: str, body: QWidget) -> None:
        super().__init__()
        self._title = title
        self.body = body
        self.head = CardHead()
        self.head.toggled.connect(self._on_toggled)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.head)
        layout.addWidget(body)
        body.setContentsMargins(12, 4, 0, 10)
        body.hide()
        self.say("")

    def say(self, words: str) -> None:
        """Say in the line what the part holds."""
        self.head.show_text(f"{self._title}: {words}" if words else self._title)

    def open(self) -> None:
        """Open it."""
        self.head.setChecked(True)

    def _on_toggled(self, is_open: bool) -> None:  # noqa: FBT001  Qt's signal
        if not is_open and (focused := QApplication.focusWidget()) and self.body.isAncestorOf(focused):
            self.head.setFocus()  # or the keyboard would be anywhere
        lead_tab(self.head, [self.body])
        set_shown(self.body, shown=is_open)
