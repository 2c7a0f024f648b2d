"""The audit trail on the screen: who did what to which record when, newest first; checked and exported from here."""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from db import Store
from intake_app.ui.answer_widget import make_label
from intake_app.ui.messages import FOR_PEOPLE, MessageLine, make_button

PAGE = 200
COLUMNS = ("When", "Who", "What", "Record", "Row")
INTRO = (
    "Who did what to which record when. It is only ever added to; it holds no answers, only marks by which a change"
    " would be noticed."
)
WHOLE = "The audit trail is whole: no row was changed, removed or put in."
NAME = "audit-trail.csv"

ChoosePath = Callable[[QWidget, str], Path | None]


def ask_path(parent: QWidget, name: str) -> Path | None:
    """Ask where to save the trail."""
    chosen, _ = QFileDialog.getSaveFileName(parent, "Export the audit trail", name, "CSV (*.csv)")
    return Path(chosen) if chosen else None


class Trail(QWidget):
    """A page of the trail at a time."""

    left = Signal()

    def __init__(self, store: Store, now: Callable[[], datetime], choose_path: ChoosePath = ask_path) -> None:
        super().__init__()
        self._store, self._now, self._choose_path = store, now, choose_path
        self.message = MessageLine()
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Show only rows with: a name, an action, a record")
        self.filter.setAccessibleName("Show only rows with")
        self.filter.setMaxLength(200)
        self.rows = QTreeWidget()
        self.more_button = make_button("Show &earlier ones")
        self.verify_button = make_button("&Check the whole trail")
        self.export_button = make_button("E&xport as CSV")
        self.back_button = make_button("&Back", "quiet")
        self._oldest = 0
        self._dress()
        self._lay_out()
        self.filter.textChanged.connect(self._filter)
        self.more_button.clicked.connect(self._on_more)
        self.verify_button.clicked.connect(self._on_verify)
        self.export_button.clicked.connect(self._on_export)
        self.back_button.clicked.connect(self.left)

    def refresh(self) -> None:
        """Show the newest rows."""
        self.rows.clear()
        self.message.clear()
        self._try(lambda: self._add(self._store.audit(PAGE)))
        self.filter.setFocus()

    def _on_more(self) -> None:
        self._try(lambda: self._add(self._store.audit(PAGE, self._oldest)))

    def _on_verify(self) -> None:
        if self._try(self._store.audit_verify):
            self.message.say(WHOLE)

    def _on_export(self) -> None:
        path = self._choose_path(self, NAME)
        if path is None:
            return
        try:
            text = self._store.audit_csv(self._now())
            descriptor = os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
                file.write(text)
        except OSError as error:
            self.message.warn(f"{path.name} could not be written: {error.strerror}. Choose another place.")
        except FOR_PEOPLE as error:
            self.message.warn(str(error))
        else:
            self.refresh()
            self.message.say(f"Exported as {path.name}.")

    def _add(self, rows: list[dict[str, object]]) -> None:
        zone = self._now().tzinfo
        for row in rows:
            when = datetime.fromisoformat(str(row["at"])).astimezone(zone)
            cells = [f"{when:%Y-%m-%d %H:%M:%S}", str(row["user_name"]), str(row["action"]), str(row["record"])]
            item = QTreeWidgetItem(self.rows, [*cells, str(row["seq"])])
            item.setData(0, Qt.ItemDataRole.AccessibleTextRole, ", ".join(cells))
            self._oldest = int(str(row["seq"]))
        self.more_button.setEnabled(len(rows) == PAGE)
        self._filter()

    def _filter(self) -> None:
        wanted = self.filter.text().casefold().split()
        for number in range(self.rows.topLevelItemCount()):
            item = self.rows.topLevelItem(number)
            if item:
                text = " ".join(item.text(column) for column in range(len(COLUMNS))).casefold()
                item.setHidden(not all(word in text for word in wanted))

    def _try(self, act: Callable[[], object]) -> bool:
        try:
            act()
        except FOR_PEOPLE as error:
            self.message.warn(str(error))
            return False
        return True

    def _dress(self) -> None:
        self.rows.setAccessibleName("Audit trail, newest first")
        self.rows.setHeaderLabels(list(COLUMNS))
        self.rows.setRootIsDecorated(False)
        self.rows.setUniformRowHeights(True)
        self.rows.setAllColumnsShowFocus(True)
        self.rows.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        header = self.rows.header()
        header.setStretchLastSection(False)
        for column in range(len(COLUMNS)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        for button in (self.more_button, self.verify_button, self.export_button):
            buttons.addWidget(button)
        buttons.addStretch()
        buttons.addWidget(self.back_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(32, 24, 32, 20)
        layout.setSpacing(12)
        for widget in (
            make_label("Audit trail", "page-title"),
            make_label(INTRO, "page-intro"),
            self.message,
            self.filter,
        ):
            layout.addWidget(widget)
        layout.addWidget(self.rows, 1)
        layout.addLayout(buttons)
