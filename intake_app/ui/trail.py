"""The audit trail on the screen: who did what to which record when, newest first; filtered, checked and exported."""

from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from db import Store
from intake_app.ui import file_dialogs
from intake_app.ui.answer_widget import make_label
from intake_app.ui.letter_busy import BusyLine, Progress
from intake_app.ui.messages import FOR_PEOPLE, MessageLine, make_button
from intake_app.ui.trail_filter import TrailFilter
from intake_app.vault.private_file import write_private

if TYPE_CHECKING:
    from intake_app.ui.background import Background

PAGE = 200
COLUMNS = ("When", "Who", "What", "Record", "Row")
INTRO = (
    "Who did what to which record when. It is only ever added to; it holds no answers, only marks by which a change"
    " would be noticed."
)
WHOLE = "The audit trail is whole: no row was changed, removed or put in."
NOTHING = "No row of the trail is like that."
STOPPED = "Stopped. No file was written."
NAME = "audit-trail.csv"

ChoosePath = Callable[[QWidget, str], Path | None]


def ask_path(parent: QWidget, name: str) -> Path | None:
    """Ask where to save the trail."""
    return file_dialogs.ask_save(parent, "Export the audit trail", name, "CSV (*.csv)")


class Trail(QWidget):
    """A page of the trail at a time; check and export run on the worker, with a connection of their own.

    `key` gives what the store was opened with.
    """

    left = Signal()

    def __init__(
        self,
        store: Store,
        key: Callable[[], bytes],
        background: "Background",
        now: Callable[[], datetime],
        choose_path: ChoosePath = ask_path,
    ) -> None:
        super().__init__()
        self._store, self._key, self._now, self._choose_path = store, key, now, choose_path
        self.message = MessageLine()
        self.busy = BusyLine(background, self.message)
        self.filter = TrailFilter(store, now)
        self.rows = QTreeWidget()
        self.more_button = make_button("Show &earlier ones")
        self.verify_button = make_button("&Check the whole trail")
        self.export_button = make_button("E&xport these as CSV")
        self.back_button = make_button("&Back", "quiet")
        self._wanted: Mapping[str, Any] = {}
        self._oldest = 0
        self._dress()
        self._lay_out()
        self.filter.changed.connect(self._on_filtered)
        self.more_button.clicked.connect(self._on_more)
        self.verify_button.clicked.connect(self._on_verify)
        self.export_button.clicked.connect(self._on_export)
        self.back_button.clicked.connect(self.left)

    def refresh(self) -> None:
        """Show the newest rows of those that are wanted."""
        self.message.clear()
        self._try(self.filter.refresh)
        self._on_filtered()
        self.filter.who.setFocus()

    def _on_filtered(self) -> None:
        wanted = self.filter.read()
        if wanted is None:
            return
        self._wanted = wanted
        self.rows.clear()
        self._try(lambda: self._add(self._store.audit(PAGE, **wanted)))
        if not self.rows.topLevelItemCount() and not self.message.text:
            self.message.say(NOTHING)
        elif self.message.text.endswith(NOTHING):
            self.message.clear()

    def _on_more(self) -> None:
        self._try(lambda: self._add(self._store.audit(PAGE, self._oldest, **self._wanted)))

    def _on_verify(self) -> None:
        def verify(progress: Progress) -> bool:
            with closing(self._store.open_twin(self._key())) as twin:
                progress.total = twin.audit_count()
                twin.audit_verify(partial(_count, progress))
            return not progress.stopped

        self._run("Checking the trail", verify, lambda is_done: self.message.say(WHOLE if is_done else STOPPED))

    def _on_export(self) -> None:
        path = self._choose_path(self, NAME)
        if path is None:
            return
        user, wanted, now = self._store.user_id, self._wanted, self._now()

        def export(progress: Progress) -> str:
            with closing(self._store.open_twin(self._key())) as twin:
                progress.total = twin.audit_count(**wanted)
                text = twin.audit_csv(now, told=partial(_count, progress), **wanted)
            if progress.stopped or self._store.user_id != user:  # given up, or locked meanwhile
                return STOPPED
            write_private(path, text.encode())
            return f"Exported as {path.name}."

        def done(words: str) -> None:
            self.refresh()
            self.message.say(words)

        self._run("Exporting the trail", export, done)

    def _run(self, words: str, work: Callable[[Progress], Any], done: Callable[[Any], object]) -> None:
        """Do one of the two at a time."""
        buttons = (self.verify_button, self.export_button)

        def end(act: Callable[[], object]) -> None:
            for button in buttons:
                button.setEnabled(True)
            act()

        self.message.clear()
        for button in buttons:
            button.setEnabled(False)
        self.busy.run(
            self, words, work, lambda made: end(lambda: done(made)),
            failed=lambda error: end(lambda: self.busy.tell(error)),
            given_up=lambda: end(lambda: self.message.say(STOPPED)),
        )  # fmt: skip

    def _add(self, rows: list[dict[str, Any]]) -> None:
        zone = self._now().tzinfo
        for row in rows:
            when = datetime.fromisoformat(str(row["at"])).astimezone(zone)
            cells = [f"{when:%Y-%m-%d %H:%M:%S}", str(row["user_name"]), str(row["action"]), str(row["record"])]
            item = QTreeWidgetItem(self.rows, [*cells, str(row["seq"])])
            item.setData(0, Qt.ItemDataRole.AccessibleTextRole, ", ".join(cells))
            self._oldest = int(row["seq"])
        self.more_button.setEnabled(len(rows) == PAGE)

    def _try(self, act: Callable[[], object]) -> None:
        try:
            act()
        except FOR_PEOPLE as error:
            self.message.warn(str(error))

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
        title, intro = make_label("Audit trail", "page-title"), make_label(INTRO, "page-intro")
        for widget in (title, intro, self.message, self.filter):
            layout.addWidget(widget)
        layout.addWidget(self.rows, 1)
        layout.addWidget(self.busy)
        layout.addLayout(buttons)


def _count(progress: Progress, done: int) -> bool:
    """Note how many rows are done, on the worker; tell whether to go on."""
    progress.done = done
    return not progress.stopped
