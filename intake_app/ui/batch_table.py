"""The intakes of a batch: whose each is, and what became of it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from intake_app.ui.answer_widget import escape_tip
from intake_app.ui.worklist_model import say_birth, say_name

COLUMNS = ("Patient", "Born", "Letter")
NAME_SHARE, BORN_SHARE = 0.26, 0.2  # of the width
ROW_HEIGHT = 36
OUTCOME = len(COLUMNS) - 1
ROOM, PADDING, HIGH = 10, 28, 10_000  # pixels above and below, beside, and more than any cell has


class BatchTable(QTableWidget):
    """Enter or a double click opens; what needs something stands first after `sort`."""

    opened = Signal()
    moved = Signal()  # the keyboard, to another row

    def __init__(self, patients: Sequence[Mapping[str, Any]], today: date) -> None:
        super().__init__(len(patients), len(COLUMNS))
        self._ids = [patient["intake_id"] for patient in patients]
        self._needs: set[str] = set()
        self._set_up()
        for number, patient in enumerate(patients):
            for column, text in enumerate((say_name(patient), say_birth(patient["birth_date"], today), "")):
                self.setItem(number, column, _make_item(text, is_name=not column))
        if patients:
            self.setCurrentCell(0, 0)
        self.doubleClicked.connect(self.opened)
        self.currentCellChanged.connect(self.moved)

    def tell(self, intake_id: str, words: str, *, needs: bool) -> None:
        """Say what became of an intake; `needs`: somebody has to do something about it."""
        row = self._ids.index(intake_id)
        (self._needs.add if needs else self._needs.discard)(intake_id)
        item = self._cell(row)
        item.setText(words)
        item.setToolTip(escape_tip(words))
        self._fit(row)
        self.scrollToItem(item)

    def words(self, intake_id: str) -> str:
        """Return what was said of an intake."""
        return self._cell(self._ids.index(intake_id)).text()

    def count_needs(self, intake_ids: Collection[str]) -> int:
        """Return for how many of these intakes somebody has to do something."""
        return len(self._needs.intersection(intake_ids))

    def sort(self) -> None:
        """Put first what needs something, and the keyboard on the first."""
        header = self.verticalHeader()
        wanted = sorted(range(len(self._ids)), key=lambda row: self._ids[row] not in self._needs)
        for place, row in enumerate(wanted):
            header.moveSection(header.visualIndex(row), place)
        self.setCurrentCell(wanted[0], 0)
        self.scrollToTop()

    def chosen(self) -> str:
        """Return the intake the keyboard is on, or ""."""
        return self._ids[self.currentRow()] if self.currentRow() >= 0 else ""

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802, D102 Qt's name
        super().resizeEvent(event)
        room = event.size().width()
        shares = (NAME_SHARE, BORN_SHARE, 1 - NAME_SHARE - BORN_SHARE)
        for column, share in enumerate(shares):
            self.horizontalHeader().resizeSection(column, int(room * share))
        for row in range(self.rowCount()):
            self._fit(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802, D102 Qt's name
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def _fit(self, row: int) -> None:
        # Measured here: the hint of a row takes the padding of style.qss for room that the words have.
        needed = max(self._measure(row, column) for column in range(len(COLUMNS))) + ROOM
        height = max(needed, self.verticalHeader().minimumSectionSize())
        if height != self.rowHeight(row):
            self.setRowHeight(row, height)

    def _measure(self, row: int, column: int) -> int:
        """Return how high the lines of a cell are, in pixels."""
        cell, room = self._cell(row, column), QRect(0, 0, self.columnWidth(column) - PADDING, HIGH)
        return QFontMetrics(cell.font()).boundingRect(room, Qt.TextFlag.TextWordWrap, cell.text()).height()

    def _cell(self, row: int, column: int = OUTCOME) -> QTableWidgetItem:
        cell = self.item(row, column)
        assert cell  # noqa: S101 made with the table
        return cell

    def _set_up(self) -> None:
        self.setAccessibleName("Intakes, and what became of their letters")
        self.setHorizontalHeaderLabels(COLUMNS)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(max(ROW_HEIGHT, round(1.8 * self.fontMetrics().height())))
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


def _make_item(text: str, *, is_name: bool) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    item.setToolTip(escape_tip(text))
    if is_name:
        font = QFont()
        font.setWeight(QFont.Weight.DemiBold)
        item.setFont(font)
    return item
