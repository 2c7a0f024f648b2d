"""The window of records that are locked with passwords: nobody's until somebody signs in, and after it locks."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from db import Store, StoreError
from intake_app.errors import UserError
from intake_app.ui.account_bar import AccountBar, Action
from intake_app.ui.front_door import Door
from intake_app.ui.idle import USUAL_MINUTES, IdleWatch, read_running
from intake_app.ui.main_window import MainWindow
from intake_app.ui.messages import FOR_PEOPLE
from intake_app.ui.worklist import Worklist

if TYPE_CHECKING:
    from intake_app.questions import Questionnaire
    from intake_app.records import Records
    from intake_app.ui.backups import Backups
    from intake_app.ui.code_page import Print
    from intake_app.ui.kept_place import Place
    from intake_app.ui.letter_page import ChoosePath
    from intake_app.ui.people import People
    from intake_app.ui.trail import Trail
    from intake_app.vault import Session

LOCK_MINUTES = "lock_minutes"  # the setting
FOR_ADMINISTRATORS = "for administrators"
_PAGES = ("patient_form", "clinic_form", "rule_book", "people", "trail", "backups")


class LockedWindow(MainWindow):
    """Shows the door, then the desk of whoever signed in; `lock` leads back to the door and leaves nothing on view."""

    def __init__(
        self,
        records: "Records",
        load_questionnaire: "Callable[[], Questionnaire]",
        now: Callable[[], datetime],
        *,
        choose_path: "ChoosePath | None" = None,
        print_code: "Print | None" = None,
        clock: Callable[[], float] = read_running,
    ) -> None:
        self.records, self._print_code = records, print_code
        self.session: Session | None = None
        self._place: Place | None = None
        self._user_name = ""
        self._was_copied = False  # what is in the clipboard is from here
        super().__init__(self._reopen, load_questionnaire, now, choose_path=choose_path)
        self.idle = IdleWatch(self, clock)
        self.idle.expired.connect(self.lock)
        QShortcut(QKeySequence("Ctrl+L"), self).activated.connect(self.lock)
        self.painted.connect(self._on_painted)
        QApplication.clipboard().dataChanged.connect(self._on_copied)

    @cached_property
    def door(self) -> Door:
        """What is shown while nobody is signed in."""
        door = Door(self.records, lambda: self.background, self._open_for, self._print_code)
        door.entered.connect(self._enter)
        self.stack.addWidget(door)
        return door

    @cached_property
    def people(self) -> "People":
        """Who has an account."""
        from intake_app.ui.people import People  # noqa: PLC0415 not needed for the first picture

        page = People(self._opened_store(), self.records, self._signed_in, self.background, self._now, self._print_code)
        page.left.connect(self.show_worklist)
        self.stack.addWidget(page)
        return page

    @cached_property
    def trail(self) -> "Trail":
        """Who did what."""
        from intake_app.ui.trail import Trail  # noqa: PLC0415 not needed for the first picture

        page = Trail(self._opened_store(), self._now)
        page.left.connect(self.show_worklist)
        self.stack.addWidget(page)
        return page

    @cached_property
    def backups(self) -> "Backups":
        """The copies there are."""
        from intake_app.ui.backups import Backups  # noqa: PLC0415 not needed for the first picture

        page = Backups(self._opened_store(), self.records, self._signed_in, self.background, self._now)
        page.left.connect(self.show_worklist)
        page.restore_asked.connect(self.restore)
        self.stack.addWidget(page)
        return page

    def open_records(self) -> None:
        """Go on where somebody is signed in; otherwise ask who it is."""
        if self.session is None:
            self._ask_who()
        elif self.store is None or not self.store.user_id:
            self._enter(self.session, by_code=False)
        else:
            super().open_records()

    def lock(self, _why: str = "") -> None:
        """Keep what is being typed, show nothing personal any more, and let nobody act until somebody signs in."""
        if self.session is None or self.store is None or not self.store.user_id:
            return
        self.idle.stop()
        fault = self._keep_everything(self.store)
        self._user_name = self.session.name
        self._close_session()
        self._clear_screen()
        self._ask_who(locked=True)
        if fault:
            self.door.tell(fault)

    def show_intake(self, intake_id: str) -> None:
        """Open an intake where it was left, with what this user had half typed there when it locked."""
        from intake_app.ui import kept_place  # noqa: PLC0415 not needed for the first picture

        super().show_intake(intake_id)
        if self.intake and self.intake.draft.intake_id == intake_id:
            try:
                self._opened_store().note("viewed", f"intake/{intake_id}", self._now())
                kept_place.put_back(self._opened_store(), self.intake, None)
            except FOR_PEOPLE as error:
                self.warn(str(error))

    def show_new_patient(self, fields: Mapping[str, str]) -> None:
        """Go to a new patient; one that was begun before comes with what was half typed."""
        from intake_app.ui import kept_place  # noqa: PLC0415 not needed for the first picture

        super().show_new_patient(fields)
        if fields and self._is_form_shown():
            kept_place.put_back(self._opened_store(), None, self.patient_form)

    def show_people(self) -> None:
        """Go to the accounts."""
        if self._can_leave():
            self._show_page(self.people)
            self.people.refresh()

    def show_trail(self) -> None:
        """Go to the audit trail."""
        if self._can_leave():
            self._show_page(self.trail)
            self.trail.refresh()

    def show_backups(self) -> None:
        """Go to the backups."""
        if self._can_leave():
            self._show_page(self.backups)
            self.backups.refresh()

    def restore(self, number: int) -> None:
        """Put a backup in the records' place, the newest being number 0; the present records are kept beside it."""
        session = self._signed_in()
        backup = self.records.backups()[number]
        try:
            self._opened_store().note("records restored", f"backup/{backup.folder.name}", self._now())
        except FOR_PEOPLE as error:
            self.warn(str(error))
            return
        self._keep_everything(self._opened_store())
        self._clear_screen()
        self._restore(session, number)

    def _restore(self, session: "Session", number: int) -> None:
        """Do it on the worker, with the store closed; a backup that is damaged leads to the one before."""
        if self.store:
            self.store.close()
            self.store = None
        backup = self.records.backups()[number]
        self._show_trouble("The backup is being put in place.", "This takes a moment. The present records are kept.")
        self.trouble.set_busy(True)

        def finish(aside: str) -> None:
            self.trouble.set_busy(False)
            self._enter(session, by_code=False, restored=backup.folder.name)
            kept = f" The records from before are kept as {aside}." if aside else ""
            self.warn(f"The backup of {backup.made_at:%d %B %Y, %H:%M} is in place.{kept}")

        def fail(error: Exception) -> None:
            self.trouble.set_busy(False)
            if not isinstance(error, FOR_PEOPLE):
                raise error
            self._show_broken(error, number + 1)

        self.background.run(self, lambda: self.records.restore(backup, bytes(session.key)), finish, fail)

    def _ask_who(self, *, locked: bool = False) -> None:
        try:
            state = self.records.find()
            names = self.records.names() if state == "locked" else []
        except FOR_PEOPLE as error:
            self._show_trouble(error.what, error.hint)
            if isinstance(error, UserError) and self.records.backups():
                self._offer_key_file()
            return
        self.stack.setCurrentWidget(self.door)
        if state == "no key file":
            self._show_trouble("The key file (keyslots.json) is missing, and without it the records do not open.", "")
            self._offer_key_file()
        elif state == "locked":
            self.door.show_sign_in(names, name=self._user_name, locked=locked)
        else:
            self.door.show_set_up(old_records=state == "plain")

    def _offer_key_file(self) -> None:
        def mend() -> None:
            try:
                self.records.restore_key_file()
            except FOR_PEOPLE as error:
                self._show_trouble(error.what, error.hint)
                return
            self.open_records()

        self.trouble.offer("Take the key file of the last &backup", mend)

    def _enter(self, session: "Session", by_code: bool, restored: str = "") -> None:  # noqa: FBT001 Qt's signal
        """Open the desk of the session's user."""
        self.session = session
        try:
            store = self._open_for(session)
        except FOR_PEOPLE as error:
            self._show_broken(error, 0)
            return
        try:
            told = self.records.sign_in(store, session, by_code=by_code, restored=restored)
        except FOR_PEOPLE as error:
            self._close_session()
            self._ask_who()
            self.door.tell(str(error))
            return
        super().open_records()
        self._go_back()
        self.idle.start(_read_limit(store))
        if told:
            self.warn("  ".join(told))
        self._back_up_daily(session, store)

    def show_worklist(self) -> None:
        """Go to the patients; what the clinic decided about locking counts from here on."""
        super().show_worklist()
        if self.store and self.store.user_id:
            self.idle.limit = _read_limit(self.store)

    def _open_for(self, session: "Session") -> Store:
        self.store = self.store or self.records.open(session)
        return self.store

    def _reopen(self) -> Store:
        return self.records.open(self._signed_in())

    def _signed_in(self) -> "Session":
        assert self.session is not None  # noqa: S101 nothing is shown without one
        return self.session

    def _show_broken(self, error: UserError | StoreError, number: int) -> None:
        """Say why the records do not open, and offer a backup where that would help."""
        self._show_trouble(error.what, error.hint)
        session, backups = self._signed_in(), self.records.backups()
        if ("backup" in error.hint or not self.records.path.exists()) and number < len(backups):
            words = f"&Restore the backup of {backups[number].made_at:%d %B %Y, %H:%M}"
            self.trouble.offer(words, lambda: self._restore(session, number))

    def _go_back(self) -> None:
        """Show the user what was on their screen when it locked; a place of somebody else is forgotten."""
        from intake_app.ui import kept_place  # noqa: PLC0415 not needed for the first picture
        from intake_app.ui.patient_form import unfinished  # noqa: PLC0415 the same

        place, self._place = self._place, None
        store = self._opened_store()
        if place is None or place.user_id != store.user_id:
            return
        if place.intake_id:
            self.show_intake(place.intake_id)
            if self.intake:
                kept_place.go_back(place, self.intake)
        if place.form and place.patient_id:
            self.show_patient(place.patient_id)
        elif place.form:
            self.show_new_patient(store.setting(unfinished(store)) or {})
        if place.form:
            kept_place.put_back(store, None, self.patient_form)

    def _keep_everything(self, store: Store) -> str:
        """Save what is typed, and remember where; return why something could not be kept, or ""."""
        from intake_app.ui import kept_place  # noqa: PLC0415 not needed for the first picture

        form = self.patient_form if self._is_form_shown() else None
        fault = ""
        self._place = kept_place.find_place(store.user_id, self.intake, form)
        try:
            self._keep_form()
            if self.intake:
                self.intake.flush()
                if not self.intake.draft.retry():
                    fault = "The last answer could not be saved before it was locked."
            kept_place.keep_typed(store, kept_place.collect_typed(self.intake, form))
        except FOR_PEOPLE as error:
            fault = str(error)
        return fault

    def _close_session(self) -> None:
        if self.store:
            with suppress(StoreError):  # also a full disk locks
                self.store.sign_out(self._now())
        if self.session:
            self.session.wipe()
            self.session = None

    def _clear_screen(self) -> None:
        """Leave nothing that was on the screen, in a dialog, or copied from here."""
        if self._was_copied or QApplication.clipboard().ownsClipboard():
            QApplication.clipboard().clear()
            self._was_copied = False
        for window in QApplication.topLevelWidgets():
            if window is not self and window.isVisible():
                window.close()
        stay = {self.door, vars(self).get("trouble")}
        pages = [self.stack.widget(number) for number in range(self.stack.count())]
        gone = [page for page in pages if page and page not in stay]
        for name in _PAGES:
            vars(self).pop(name, None)
        self.worklist = self.intake = None
        self.stack.setCurrentWidget(self.door)
        for page in gone:
            page.hide()
            self.stack.removeWidget(page)
            # Not now: a dialog that was closed above returns into one of them first.
            QTimer.singleShot(0, page, page.deleteLater)

    def _back_up_daily(self, session: "Session", store: Store) -> None:
        """Make the snapshot of the day, unnoticed unless it fails."""
        from intake_app.ui.backups import note_backup  # noqa: PLC0415 not needed for the first picture

        if self.records.is_backup_due():
            second, key = str(store.setting("backup_folder") or ""), bytes(session.key)
            done = partial(note_backup, store, self._now, self.warn)
            self.background.run(self, lambda: self.records.back_up(key, second), done, self._on_backup_failed)

    def _on_backup_failed(self, error: Exception) -> None:
        if not isinstance(error, FOR_PEOPLE):
            raise error
        self.warn(f"There is no backup of today. {error}")

    def _make_worklist(self, store: Store) -> Worklist:
        worklist = super()._make_worklist(store)
        why_not = "" if store.may("audit") else FOR_ADMINISTRATORS
        actions = (
            Action("Change my &password", self.show_people),
            Action(
                "P&eople and the recovery code", self.show_people, "" if store.may("add_user") else FOR_ADMINISTRATORS
            ),
            Action("&Audit trail", self.show_trail, why_not),
            Action("&Backups", self.show_backups),
        )
        worklist.head.addWidget(AccountBar(store.user_name, store.role.replace("_", " "), actions, self.lock))
        if not store.may("save_clinic"):
            worklist.clinic_button.setEnabled(False)
            worklist.clinic_button.setToolTip(f"The letterhead and the clinic's rules are {FOR_ADMINISTRATORS}.")
        return worklist

    def _show_page(self, page: QWidget) -> None:
        self._close_intake()
        self.stack.setCurrentWidget(page)

    def _on_copied(self) -> None:
        self._was_copied = QApplication.focusWidget() is not None

    def _on_painted(self) -> None:
        if window := self.windowHandle():
            window.installEventFilter(self.idle)
        self.background.run(self, _load_ciphers, _ignore, _ignore)
        self.idle.listen()


def _read_limit(store: Store) -> float:
    return float(store.setting(LOCK_MINUTES) or USUAL_MINUTES) * 60


def _load_ciphers() -> None:
    from intake_app.vault import cipher  # noqa: F401, PLC0415 slow to load


def _ignore(_outcome: object) -> None:
    """Hear nothing: it is tried again when it is needed."""
