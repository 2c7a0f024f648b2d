"""The menu of what is done less often with a letter, under headings."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from intake_app.ui.messages import make_button

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

FOR_ISSUED: Mapping[str, Mapping[str, str]] = {
    "For print and fax": {
        "save_packet": "&Save packet with enclosures…",
        "print_packet": "&Print packet with enclosures…",
        "print_preprinted": "Print on pre-printed paper, no &letterhead…",
    },
    "For e-mail": {
        "lock": "Save copy that &opens with a password…",
        "mail": "Save &e-mail draft…",
    },
}
FOR_PATIENT: Mapping[str, Mapping[str, str]] = {
    "For the patient": {
        "save_sheet": "Save &information sheet…",
        "print_sheet": "Print i&nformation sheet…",
        "save_card": "Save safety &card…",
        "print_card": "Print s&afety card…",
    }
}


class MoreMenu(QWidget):
    """A button that opens the menu."""

    asked = Signal(str)  # a key of FOR_ISSUED or FOR_PATIENT

    def __init__(self) -> None:
        super().__init__()
        self.actions_by_name: dict[str, QAction] = {}
        self.menu = QMenu(self)
        self.menu.setAccessibleName("More to do with the letter")
        for title, actions in (*FOR_ISSUED.items(), *FOR_PATIENT.items()):
            self.menu.addSeparator()
            self.menu.addAction(title).setEnabled(False)  # a heading: with a style sheet Qt shows none of its own
            for name, words in actions.items():
                self._add(name, words)
        self.button = make_button("&More", name="More: packet, password copy, e-mail draft, patient's sheets")
        self.button.setMenu(self.menu)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.button)

    def allow(self, *, issued: bool) -> None:
        """Allow what needs an issued letter; the patient's sheets need none."""
        for actions in FOR_ISSUED.values():
            for name in actions:
                self.actions_by_name[name].setEnabled(issued)

    def show_language(self, words: str) -> None:
        """Say in which language the patient's sheets are."""
        for name in FOR_PATIENT["For the patient"]:
            self.actions_by_name[name].setStatusTip(words)
            self.actions_by_name[name].setToolTip(words)
        self.menu.setToolTipsVisible(True)

    def _add(self, name: str, words: str) -> None:
        action = self.menu.addAction(words)
        action.triggered.connect(lambda: self.asked.emit(name))
        self.actions_by_name[name] = action
