"""One entry of a list: a line that says what it holds, which opens to its questions."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from intake_app.letter.words import answer_words
from intake_app.questions import Question
from intake_app.ui.answer_widget import set_look
from intake_app.ui.elided_button import ElidedButton
from intake_app.ui.field_column import FieldColumn, MakeRow
from intake_app.ui.messages import make_button
from intake_app.validation import number_words

TELLING = ("choice", "choices", "text", "code", "number", "date")  # types that tell entries apart
MOST_TOLD = 4
ROWS_AHEAD = 4  # rows below the one with the keyboard that are there at once
MOST_LETTERS = 160


class CardHead(ElidedButton):
    """The line of an entry, with an arrow at the left."""

    def __init__(self) -> None:
        super().__init__(margin=44)
        self.setProperty("role", "card-head")
        self.setCheckable(True)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  Qt's name
        """Draw the arrow: down when open."""
        super().paintEvent(event)
        middle, size = self.height() / 2, 4.0
        corners = ((-size, -size / 2), (0, size / 2), (size, -size / 2))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(self.palette().placeholderText().color(), 1.8)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        points = [QPointF(14 + x, middle + y) if self.isChecked() else QPointF(14 + y, middle + x) for x, y in corners]
        painter.drawPolyline(QPolygonF(points))
        painter.end()


class EntryCard(QFrame):
    """An entry. Its questions exist only while it is open, so that hundreds of entries cost little."""

    opened = Signal(str)
    closed = Signal(str)
    removed = Signal(str)
    answered = Signal(str, str, object)  # entry id, field id, value
    ended = Signal(str)
    troubled = Signal()

    def __init__(self, question: Question, entry_id: str, make_row: MakeRow) -> None:
        super().__init__()
        self.entry_id = entry_id
        self._question, self._make_row = question, make_row
        self._entry: dict[str, Any] | None = None
        self._number = 0
        self._remarks: Mapping[str, str] = {}
        self.column: FieldColumn | None = None
        self._building = QTimer(self, singleShot=True, interval=0)
        self._building.timeout.connect(self._build_rest)
        self.setProperty("role", "card")
        self.head = CardHead()
        self.head.clicked.connect(self._on_head_clicked)
        self.remove_button = make_button("Remove", "quiet")
        self.remove_button.clicked.connect(lambda: self.removed.emit(self.entry_id))
        line = QHBoxLayout()
        line.setSpacing(4)
        line.addWidget(self.head, 1)
        line.addWidget(self.remove_button)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(4, 4, 4, 4)
        self._layout.setSpacing(0)
        self._layout.addLayout(line)

    def show_entry(self, number: int, entry: Mapping[str, Any], remarks: Mapping[str, str]) -> None:
        """Show what the entry holds, its place on the list, from 1, and remarks at its fields."""
        if (number, entry, remarks) == (self._number, self._entry, self._remarks):
            return
        self._number, self._entry, self._remarks = number, dict(entry), remarks
        title = name_entry(self._question, number, entry)
        self.head.show_text(title)
        self.remove_button.setAccessibleName(f"Remove {self._question.item} {number}")
        if self.column:
            self.column.show_answers(self._entry, remarks)

    def open(self) -> None:
        """Build the first questions, the rest soon, and put the keyboard on the first one without an answer."""
        if self.column is None:
            self.column = FieldColumn(self._question.fields, self._make_row, surface="card-body")
            self.column.show_answers(self._entry or {}, self._remarks)  # first: a row is built as it is to be shown
            self.column.build(self.column.first_blank(), ROWS_AHEAD)
            self.column.answered.connect(lambda name, value: self.answered.emit(self.entry_id, name, value))
            self.column.troubled.connect(self.troubled)
            self.column.ended.connect(lambda: self.ended.emit(self.entry_id))
            self._layout.addWidget(self.column)
            self.column.show()  # now: left to the layout it would happen after the keyboard has been put inside
            self._show_state(is_open=True)
            self.opened.emit(self.entry_id)
            self._building.start()
        self.column.focus_first()

    def close_up(self) -> None:
        """Let every field tell what was typed, and take the questions away, unless typing would go with them."""
        if self.column is not None:
            self.column.flush()
            if self.column.is_unsaved():
                self.head.setChecked(True)  # a click has let it go already
                return
            column, self.column = self.column, None
            column.hide()
            column.deleteLater()
            self._show_state(is_open=False)
            self.closed.emit(self.entry_id)

    def _build_rest(self) -> None:
        """Build the rows further down in moments too short to be felt."""
        if self.column is not None and self.column.build_next():
            self._building.start()

    def _on_head_clicked(self) -> None:
        if self.column is None:
            self.open()
        else:
            self.close_up()

    def _show_state(self, *, is_open: bool) -> None:
        self.head.setChecked(is_open)
        set_look(self, open=is_open)


def name_entry(question: Question, number: int, entry: Mapping[str, Any]) -> str:
    """Return the line of an entry: Treatment 2: Supervised physical therapy, 12 sessions."""
    told = [
        _count_words(field, entry[field.id])
        if field.type == "number" and not field.unit
        else answer_words(field, entry[field.id])
        for field in question.fields
        if field.type in TELLING and field.id in entry
    ]
    words = ", ".join(" ".join(one.split()) for one in told[:MOST_TOLD])
    if len(words) > MOST_LETTERS:
        words = f"{words[:MOST_LETTERS].rstrip()}…"
    name = f"{question.item[:1].upper()}{question.item[1:]} {number}"
    return f"{name}: {words}" if words else f"{name}: nothing entered yet"


def _count_words(field: Question, count: float) -> str:
    """Return a number without a unit as a count of its label: 12 sessions, 1 session."""
    label = field.label.lower()
    return f"{number_words(count)} {label.removesuffix('s') if count == 1 else label}"
