"""The two halves of the worklist: the search box, where the typing goes first, and the table beneath it."""

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from intake_app.ui.answer_widget import set_look
from intake_app.ui.typed_field import ShortLine
from intake_app.ui.worklist_model import WorklistModel

LONGEST_SEARCH = 200
_PADDING = 24
_NAME_SHARE = 0.3  # of the width that the names have at least
# The widest usual text of each column; the first takes what is left.
_SAMPLES = ("", "30 September 1988 (38)", "0047110000", "Draft, page Treatments, 112 answers, 12 minutes ago")
_ROW_HEIGHT, _BETWEEN = 44, 8  # pixels of a row; those beside two lines of large text


class SearchBox(ShortLine):
    """Where the typing goes first; Down leads into the list."""

    went_down = Signal()

    def __init__(self) -> None:
        super().__init__(LONGEST_SEARCH)
        self.setProperty("role", "search")
        self.setPlaceholderText("Find a patient: name, birth date or record number")
        self.setAccessibleName("Find a patient: name, birth date or record number")
        self.setClearButtonEnabled(True)

    def show_icon(self) -> None:
        """Show the looking glass; apart, because loading SVG takes time that the first picture does not have."""
        set_look(self, glass="true")

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802, D102 Qt's name
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_PageDown):
            self.went_down.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class PatientTable(QTableView):
    """The rows; Enter opens, Up from the first one leads back to the search box.

    Several are chosen with Shift or Ctrl and a click or an arrow, and the space bar.
    """

    opened = Signal()
    went_up = Signal()
    deleted = Signal()

    def __init__(self, model: WorklistModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setAccessibleName("Intakes")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(max(_ROW_HEIGHT, 2 * self.fontMetrics().height() + _BETWEEN))
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.doubleClicked.connect(self.opened)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802, D102 Qt's name
        super().resizeEvent(event)
        widths = [self.fontMetrics().horizontalAdvance(sample) + _PADDING for sample in _SAMPLES]
        room = event.size().width()  # of the viewport; asking for the viewport itself loads every kind of widget
        name = max(room - sum(widths[1:]), round(room * _NAME_SHARE))
        share = (room - name) / sum(widths[1:])  # less than 1 only where large text meets a small window
        for column, width in enumerate(widths):
            self.horizontalHeader().resizeSection(column, int(width * share) if column else name)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802, D102 Qt's name
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        elif event.key() == Qt.Key.Key_Up and self.currentIndex().row() <= 0 and not event.modifiers():
            self.went_up.emit()
        elif event.key() == Qt.Key.Key_Space:
            both = QItemSelectionModel.SelectionFlag.Toggle | QItemSelectionModel.SelectionFlag.Rows
            self.selectionModel().select(self.currentIndex(), both)
        elif event.key() == Qt.Key.Key_Delete:
            self.deleted.emit()
        else:
            super().keyPressEvent(event)
