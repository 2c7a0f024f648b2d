"""Beside the pages: every sentence of the letter, and for the chosen one its rule, its sources and the answers."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QListWidget, QScrollArea, QVBoxLayout

from intake_app.ui import trace_work
from intake_app.ui.answer_widget import make_label
from intake_app.ui.trace_work import Traced

TITLE = "Where it comes from"
HELP = "Choose a sentence with the arrow keys, or point at it on the page."
ELSEWHERE = "It does not stand on the pages word for word."
NOTHING = "No sentence of this letter comes from a rule."


class TracePanel(QFrame):
    """The sentences in the order of the pages; what is chosen is marked on the page."""

    chosen = Signal(int)  # row, -1 for none

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "side")
        self._traced: tuple[Traced, ...] = ()
        self.list = QListWidget()
        self.list.setAccessibleName("Sentences of the letter")
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self._said = make_label()
        self._said.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._said.setContentsMargins(8, 8, 8, 8)
        self._said.setAccessibleName("Rule, sources and answers of the sentence")
        self._help = make_label(HELP, "help")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 20, 16, 16)
        layout.setSpacing(8)
        layout.addWidget(make_label(TITLE, "group-title"))
        layout.addWidget(self._help)
        layout.addWidget(self.list, 3)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName(TITLE)
        area.setWidget(self._said)
        layout.addWidget(area, 2)
        self.list.currentRowChanged.connect(self._on_row)

    @property
    def said(self) -> str:
        """What is told of the chosen sentence."""
        return self._said.text()

    def show_traced(self, traced: Sequence[Traced], why_none: str = "") -> None:
        """List the sentences; `why_none` says why there are none."""
        self._traced = tuple(traced)
        self.list.blockSignals(True)  # noqa: FBT003  Qt's own argument
        self.list.clear()
        self.list.addItems([one.trace.sentence for one in traced])
        self.list.blockSignals(False)  # noqa: FBT003  Qt's own argument
        self._help.setText(HELP if traced else why_none or NOTHING)
        self._said.setText("")

    def choose(self, row: int) -> None:
        """Choose a sentence."""
        self.list.setCurrentRow(row)

    def _on_row(self, row: int) -> None:
        if row >= 0:
            one = self._traced[row]
            elsewhere = "" if one.spots else f"\n{ELSEWHERE}"
            said = f"{trace_work.say(one.trace)}{elsewhere}"
            self._said.setText(said)
            self.list.setAccessibleDescription(said)
        self.chosen.emit(row)
