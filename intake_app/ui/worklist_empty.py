"""What stands in the place of the list when nobody is found: that it is so, and the way on."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from intake_app.ui.answer_widget import escape_mnemonic, make_label
from intake_app.ui.messages import make_button

_FIRST_DAY = "No patients yet"
_FIRST_DAY_HINT = (
    "Type a name in the box above or press Ctrl+N. Every answer is saved the moment it is given,"
    " on this computer and nowhere else."
)
_HINT = "Names can be typed in any order, without accents. Birth dates as 3 May 1956 or 1956-05-03."
_LONGEST = 40  # characters of what was typed that a button can hold


class EmptyList(QWidget):
    """A sentence, a hint, and a button that begins the patient who was not found."""

    def __init__(self) -> None:
        super().__init__()
        self.title = make_label(role="group-title")
        self.hint = make_label(role="muted")
        self.create_button = make_button("", "primary")
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addStretch(2)
        for label in (self.title, self.hint):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(label)
        layout.addSpacing(8)
        layout.addWidget(self.create_button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)

    def show_nobody(self, text: str) -> None:
        """Say that nobody is found for what was typed, or that there is nobody yet."""
        typed = " ".join(text.split())
        self.title.setText(f"Nobody found for “{typed}”" if typed else _FIRST_DAY)
        self.hint.setText(_HINT if typed else _FIRST_DAY_HINT)
        shown = typed if len(typed) <= _LONGEST else f"{typed[: _LONGEST - 1]}…"
        self.create_button.setText(escape_mnemonic(f"New patient “{shown}”") if typed else "New patient")
        self.create_button.setAccessibleName(self.create_button.text())
        self.create_button.show()

    def show_no_discarded(self, text: str) -> None:
        """Say that none of the discarded drafts is found, or that there is none."""
        self.title.setText("No discarded draft is found" if text.strip() else "No draft was discarded")
        self.hint.setText("")
        self.create_button.hide()
