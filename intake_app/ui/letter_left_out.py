"""Which parts of a letter are printed: all, unless a box is emptied, and then the letter says so."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from intake_app.ui.answer_widget import escape_mnemonic, make_label

HELP = "The letter says what was left out. What a red flag rests on, urgency and signature always stay."


class LeftOutPanel(QWidget):
    """A box for each part that has answers and can be left out."""

    changed = Signal(object)  # what is left out

    def __init__(self) -> None:
        super().__init__()
        self.boxes: dict[str, QCheckBox] = {}
        self._parts: Mapping[str, str] = {}
        self._left_out: tuple[str, ...] = ()
        self._list = QVBoxLayout()
        self._list.setSpacing(2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self._list)
        layout.addWidget(make_label(HELP, "help"))

    def show_parts(self, parts: Mapping[str, str]) -> None:
        """Offer parts, name to words, to be left out."""
        if parts == self._parts:
            return
        for box in self.boxes.values():
            box.hide()
            box.deleteLater()
        self._parts = parts
        self.boxes = {name: QCheckBox(escape_mnemonic(words)) for name, words in parts.items()}
        for name, box in self.boxes.items():
            box.setAccessibleName(f"Print {parts[name]}")
            box.clicked.connect(self._on_clicked)
            self._list.addWidget(box)
        self.show_left_out(self._left_out)

    def show_left_out(self, left_out: tuple[str, ...]) -> None:
        """Show what is left out."""
        self._left_out = left_out
        for name, box in self.boxes.items():
            box.setChecked(name not in left_out)

    def say(self, left_out: tuple[str, ...]) -> str:
        """Return what is left out, in a few words."""
        return ", ".join(words for name, words in self._parts.items() if name in left_out) or "nothing"

    def _on_clicked(self) -> None:
        self._left_out = tuple(name for name, box in self.boxes.items() if not box.isChecked())
        self.changed.emit(self._left_out)
