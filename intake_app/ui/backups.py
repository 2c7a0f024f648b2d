"""The backups on the screen: when the last was made and where, a second folder, rehearsing one and restoring one."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QProgressBar, QVBoxLayout, QWidget

from db import Store
from intake_app.records import SECOND_FOLDER, second_folder
from intake_app.ui import file_dialogs
from intake_app.ui.answer_widget import make_label
from intake_app.ui.messages import FOR_PEOPLE, MessageLine, make_button

if TYPE_CHECKING:
    from intake_app.records import Backup, Records
    from intake_app.ui.background import Background
    from intake_app.vault import Session

INTRO = (
    "A copy of everything, encrypted like the records, is made every day at the first sign-in and checked. Kept are the"
    " last of 7 days, 5 weeks and 12 months. Rehearse opens the chosen one and checks all of it; nothing is changed."
)
MAKING, REHEARSING = "Backing up, and checking the copy…", "Opening the backup, and checking all of it…"
NONE = "There is no backup yet."
NO_SECOND = "No second folder. A stick or another disk keeps the records when this computer breaks."
RESTORE = (
    "The records become what they were on {day}; what was entered since then is not in them."
    " The present records are not deleted but kept beside them."
)
NOT_ALLOWED = "Only an administrator may change this or restore a backup."
T = TypeVar("T")
ChooseFolder = Callable[[QWidget], Path | None]


def ask_folder(parent: QWidget) -> Path | None:
    """Ask for a folder."""
    return file_dialogs.ask_folder(parent, "A second folder for the backups")


def note_backup(store: Store, now: Callable[[], datetime], warn: Callable[[str], object], backup: "Backup") -> None:
    """Write in the trail that a backup was made, also after a lock, and tell why its second copy was not."""
    store.note_backups([(backup.folder.name, now())])
    if backup.fault:
        warn(f"The backup was made, but not its second copy. {backup.fault}")


class Backups(QWidget):
    """What there is, newest first, and what can be done with one."""

    left = Signal()
    restore_asked = Signal(object)  # the Backup

    def __init__(
        self,
        store: Store,
        records: "Records",
        session: "Callable[[], Session]",
        background: "Background",
        now: Callable[[], datetime],
        choose_folder: ChooseFolder = ask_folder,
    ) -> None:
        super().__init__()
        self._store, self._records, self._session = store, records, session
        self._background, self._now, self._choose_folder = background, now, choose_folder
        self.message = MessageLine()
        self.last = make_label(role="strong")
        self.second = make_label()
        self._listed: list[Backup] = []
        self.list = QListWidget()
        self.list.setAccessibleName("Backups, newest first")
        self.busy = QProgressBar()
        self.busy.setRange(0, 0)
        self.make_button = make_button("Back up &now", "primary")
        self.rehearse_button = make_button("Re&hearse")
        self.restore_button = make_button("&Restore…", name="Restore the chosen backup")
        self.folder_button = make_button("Choose a &second folder…")
        self.no_folder_button = make_button("No second &folder", "quiet")
        self.back_button = make_button("&Back", "quiet")
        self._lay_out()
        self._connect()

    def refresh(self) -> None:
        """Show what there is."""
        self._listed = backups = self._records.backups()
        chosen = max(self.list.currentRow(), 0)
        self.list.clear()
        self.list.addItems([_say_backup(backup) for backup in backups])
        self.list.setCurrentRow(min(chosen, len(backups) - 1))
        where = self._records.path.with_name("backups")
        self.last.setText(f"Last backup: {_say_backup(backups[0])}. In {where}." if backups else NONE)
        second = second_folder(self._store)
        self.second.setText(f"Second copy in {second}." if second else NO_SECOND)
        may = self._store.may("note", "records restored")
        self._set_busy(busy=False)
        for button in (self.folder_button, self.no_folder_button):
            button.setEnabled(may)
        self.no_folder_button.setVisible(bool(second))
        self._why.setVisible(not may)
        self.list.setFocus()

    def _on_make(self) -> None:
        key, second = bytes(self._session().key), second_folder(self._store)

        def done(backup: "Backup") -> None:
            self.refresh()
            self.message.say(f"Backed up and checked: {_say_backup(backup)}.")
            note_backup(self._store, self._now, self.message.warn, backup)

        self._run(MAKING, lambda: self._records.back_up(key, second), done)

    def _on_rehearse(self) -> None:
        backup, key = self._chosen(), bytes(self._session().key)
        if backup is None:
            return

        def done(found: str) -> None:
            self._set_busy(busy=False)
            self.message.say(f"It opens, and everything in it is as it was backed up: {found}.")
            self._store.note("backup rehearsed", f"backup/{backup.folder.name}", self._now())

        self._run(REHEARSING, lambda: self._records.rehearse(backup, key), done)

    def _on_restore(self) -> None:
        if backup := self._chosen():
            day = f"{backup.made_at:%d %B %Y, %H:%M}"
            self.message.warn(RESTORE.format(day=day), "Restore it", lambda: self.restore_asked.emit(backup))
            self.message.button.setFocus()

    def _on_folder(self) -> None:
        folder = self._choose_folder(self)
        if folder:
            self._keep_folder(str(folder))

    def _keep_folder(self, folder: str) -> None:
        try:
            self._store.save_setting(SECOND_FOLDER, folder, self._now())
        except FOR_PEOPLE as error:
            self.message.warn(str(error))
            return
        self.refresh()

    def _chosen(self) -> "Backup | None":
        """Return the one whose row is chosen; meanwhile another may have been made."""
        row = self.list.currentRow()
        return self._listed[row] if 0 <= row < len(self._listed) else None

    def _run(self, words: str, work: Callable[[], T], done: Callable[[T], object]) -> None:
        self.message.say(words)
        self._set_busy(busy=True)
        user = self._store.user_id

        def finish(result: T) -> None:
            if self._store.user_id == user:  # otherwise it was locked meanwhile
                done(result)

        def fail(error: Exception) -> None:
            self._set_busy(busy=False)
            if not isinstance(error, FOR_PEOPLE):
                raise error
            self.message.warn(str(error))

        self._background.run(self, work, finish, fail)

    def _set_busy(self, *, busy: bool) -> None:
        self.busy.setVisible(busy)
        some = self.list.count() > 0
        self.make_button.setEnabled(not busy)
        self.rehearse_button.setEnabled(some and not busy)
        self.restore_button.setEnabled(some and not busy and self._store.may("note", "records restored"))

    def _lay_out(self) -> None:
        self._why = make_label(NOT_ALLOWED, "help")
        folders, buttons = QHBoxLayout(), QHBoxLayout()
        for button in (self.folder_button, self.no_folder_button):
            folders.addWidget(button)
        for button in (self.make_button, self.rehearse_button, self.restore_button):
            buttons.addWidget(button)
        for row in (folders, buttons):
            row.addStretch()
        buttons.addWidget(self.back_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(32, 24, 32, 20)
        layout.setSpacing(12)
        for widget in (make_label("Backups", "page-title"), make_label(INTRO, "page-intro"), self.message, self.last):
            layout.addWidget(widget)
        layout.addWidget(self.list, 1)
        self.busy.setAccessibleName("Working")
        self.busy.hide()
        layout.addWidget(self.busy)
        layout.addWidget(self.second)
        layout.addLayout(folders)
        layout.addWidget(self._why)
        layout.addLayout(buttons)

    def _connect(self) -> None:
        self.make_button.clicked.connect(self._on_make)
        self.rehearse_button.clicked.connect(self._on_rehearse)
        self.restore_button.clicked.connect(self._on_restore)
        self.folder_button.clicked.connect(self._on_folder)
        self.no_folder_button.clicked.connect(lambda: self._keep_folder(""))
        self.back_button.clicked.connect(self.left)


def _say_backup(backup: "Backup") -> str:
    reason = ", before an update" if backup.reason else ""
    return f"{backup.made_at:%d %B %Y, %H:%M}{reason}"
