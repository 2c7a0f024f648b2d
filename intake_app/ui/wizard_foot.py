"""The foot of the wizard: back, undo, on, and whether everything is saved; it fits any width and size of text."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout

from intake_app.ui.answer_widget import make_label
from intake_app.ui.prompt_button import PromptButton

SIDE, GAP = 24, 8  # pixels
SAVED = "All answers are saved."
BACK, TO_LIST = "&Back", "&Back to the patients"


class WizardFoot(QFrame):
    """The words stand between the buttons where there is room, and above them where there is not."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "footer")
        self.back_button, self.next_button = PromptButton(BACK), PromptButton("&Next", "primary")
        self.undo_button = PromptButton("&Undo last answer", "quiet")
        self.saved_label = make_label("", "help")
        self._back = BACK
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(SIDE, GAP, SIDE, GAP)
        self._grid.setHorizontalSpacing(GAP)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(2, 1)
        for column, widget in ((0, self.back_button), (1, self.undo_button), (3, self.next_button)):
            self._grid.addWidget(widget, 1, column)
        self._grid.addWidget(self.saved_label, 1, 2)

    def show_ways(self, back: str, following: str) -> None:
        """Name where the buttons lead."""
        self._back = back
        self.back_button.setAccessibleName(back.replace("&", ""))
        self.next_button.setText(f"&Next: {following}")
        self.next_button.setAccessibleName(f"Next: {following}")
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Use the room there is."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.width() - 2 * SIDE - 3 * GAP
        words = self.saved_label.fontMetrics().horizontalAdvance(SAVED)
        self._name_back(BACK)
        is_apart = self._width_of_buttons() + words > room
        self._name_back(self._back)
        if self._width_of_buttons() + (0 if is_apart else words) > room:
            self._name_back(BACK)
        wanted = (0, 0, 1, 4) if is_apart else (1, 2, 1, 1)
        if self._grid.getItemPosition(self._grid.indexOf(self.saved_label)) != wanted:
            self._grid.removeWidget(self.saved_label)
            self._grid.addWidget(self.saved_label, *wanted)

    def _name_back(self, words: str) -> None:
        if self.back_button.text() != words:
            self.back_button.setText(words)

    def _width_of_buttons(self) -> int:
        return sum(b.sizeHint().width() for b in (self.back_button, self.undo_button, self.next_button))
