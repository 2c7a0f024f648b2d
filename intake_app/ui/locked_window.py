"""The window of records that are locked with passwords: nobody's until somebody signs in, and after it locks."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from datetime import datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from db import Store, StoreError
from intake_app.errors import UserError
from intake_app.records import second_folder
from intake_app.ui.clipboard import CopiedText
from intake_app.ui.front_door import Door
from intake_app.ui.idle import USUAL_MINUTES, IdleWatch, read_running
from intake_app.ui.messages import FOR_PEOPLE
from intake_app.ui.office import BY_PASSWORD, PAGES, SHOWN_BY, Office, Way
from intake_app.vault import lockout

if TYPE_CHECKING:
    from intake_app.questions import Questionnaire
    from intake_app.records import Backup, Records
    from intake_app.ui.code_page import Print
    from intake_app.ui.kept_place import Place
    from intake_app.ui.letter_page import ChoosePath
    from intake_app.vault import Session

LOCK_MINUTES = "lock_minutes"  # the setting
LOCK_KEY = "lock"  # the name by which a window that has the key is told apart


class LockedWindow(Office):
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
        self._place: Place | None = None
        self._handed: Store | None = None  # what the worker has: it is not touched here until the work is done
        self._user_name = ""
        self._was_entered = False  # from then on everybody gives the password
        super().__init__(records, load_questionnaire, now, choose_path, print_code)
        self.idle = IdleWatch(self, clock, now)
        self.idle.expired.connect(self.lock)
        self.idle.set_back.connect(self._on_set_back)
        self.painted.connect(self._on_painted)
        self.copied = CopiedText(self)

    @cached_property
    def door(self) -> Door:
        """What is shown while nobody is signed in."""
        door = Door(self.records, lambda: self.background, self._print_code)
        door.begun.connect(lambda: self.idle.start(USUAL_MINUTES * 60))
        door.entered.connect(lambda session, by_code: self._enter(session, Way(by_code)))
        self.stack.addWidget(door)
        return door

    def open_records(self) -> None:
        """Go on where somebody is signed in; otherwise, also after records that did not open, ask who it is."""
        if self.store and self.store.user_id:
            super().open_records()
        else:
            self._close_session()
            self._ask_who()

    def lock(self, _why: str = "") -> None:
        """Show nothing personal any more, keep what is being typed, and let nobody act until somebody signs in.

        Whatever fails on the way, the window is locked; an unexpected exception is raised after that.
        """
        self._must_lock = self._is_opening  # the worker gives the records back first
        if self._is_opening:
            return
        if self.session is None:
            self.door.go_back()
            return
        self.stack.hide()
        with ExitStack() as rest:  # what is called back: from the last on, each whatever becomes of those before
            rest.callback(self.stack.show)
            rest.callback(self._ask_who, locked=True)
            rest.callback(self._clear_screen)
            rest.callback(self._close_session)
            rest.callback(lockout.begin, self.records.path)
            self._close_dialogs()
            self.repaint()  # now: keeping it may take a disk that has stalled
            fault = self._keep_everything(self.store) if self.store and self.store.user_id else ""
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

    def show_clinic(self) -> None:
        """Go to the letterhead, with what this user had typed there and could not be kept when it locked."""
        from intake_app.ui import kept_place  # noqa: PLC0415 not needed for the first picture

        super().show_clinic()
        if self.store:
            kept_place.put_back(self.store, None, None, self.clinic_form)

    def _ask_who(self, *, locked: bool = False) -> None:
        try:
            state = self.records.find()
            names = self.records.names() if state == "locked" else []
            remembered = lockout.find_free(self.records.path) if names and not self._was_entered else []
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
            self.door.show_sign_in(names, name=self._user_name, locked=locked, remembered=remembered)
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

    def _enter(self, session: "Session", way: Way = BY_PASSWORD) -> None:
        """Open the records for a session and show its user's desk; on the worker, while the window stays alive."""
        if self._is_opening:
            return
        self.session, self._is_opening = session, True
        self._was_entered = True
        self._set_busy(busy=True)
        self.idle.start(USUAL_MINUTES * 60)  # a computer that is locked meanwhile must not find the desk open

        def open_and_sign_in() -> "list[str] | UserError | StoreError":
            store = self._handed = (self.records.open_damaged if way.damaged else self.records.open)(session)
            try:
                return self.records.sign_in(store, session, by_code=way.by_code, restored=way.restored)
            except FOR_PEOPLE as error:
                return error

        finish = partial(self._on_opened, session, way.words)
        self.background.run(self, open_and_sign_in, finish, self._on_not_opened)

    def _on_opened(self, session: "Session", words: str, told: "list[str] | UserError | StoreError") -> None:
        self._take_back()
        if isinstance(told, list):
            self._begin(session, [*told, words] if words else told)
        else:
            self._close_session()
            self._ask_who()
            self.door.tell(str(told))

    def _on_not_opened(self, error: Exception) -> None:
        self._take_back()
        self._on_not_done(error)
        if self.session and isinstance(error, UserError):
            self._offer_key_file()

    def _begin(self, session: "Session", told: list[str]) -> None:
        """Show the desk of somebody who has just signed in, unless it has to be locked at once."""
        store = self._opened_store()
        if store.is_damaged:
            self.damaged_bar.show()
        if self._must_lock:
            place = self._place
            self.lock()
            self._place = place
            return
        lockout.end(self.records.path, session.user_id)
        super().open_records()
        self._go_back()
        self.idle.start(_read_limit(store))
        if told:
            self.warn("  ".join(told))
        self._back_up_daily(session, store)

    def _take_back(self) -> None:
        """Have the store again that the worker had; the watch goes on, and begins anew when the desk is there."""
        self.store, self._handed, self._is_opening = self._handed, None, False
        self._set_busy(busy=False)

    def _set_busy(self, *, busy: bool) -> None:
        self.door.set_busy(busy)
        if "trouble" in vars(self):
            self.trouble.set_busy(busy)

    def show_worklist(self) -> None:
        """Go to the patients; what the clinic decided about locking counts from here on."""
        super().show_worklist()
        if self.store and self.store.user_id:
            self.idle.limit = _read_limit(self.store)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802, D102 Qt's name
        event.ignore()  # until everything is kept: a mistake on the way must not hide a window that is still at work
        super().closeEvent(event)
        if not event.isAccepted():
            return
        self.copied.forget()
        if self._handed:  # the worker had it, and has finished
            with suppress(StoreError):
                self._handed.sign_out(self._now())
            self._handed.close()
            self._handed = None

    def _go_back(self) -> None:
        """Show the user what was on their screen when it locked; a place of somebody else is forgotten."""
        from intake_app.ui import kept_place  # noqa: PLC0415 not needed for the first picture
        from intake_app.ui.patient_form import unfinished  # noqa: PLC0415 the same

        place, self._place = self._place, None
        store = self._opened_store()
        if place is None or place.user_id != store.user_id:
            return
        if place.batch and self.batch:
            self.batch.go_on(store, place.batch)
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
        if place.page:
            getattr(self, SHOWN_BY[place.page])()

    def _keep_everything(self, store: Store) -> str:
        """Save what is typed, and remember where; return why something could not be kept, or ""."""
        from intake_app.ui import kept_place  # noqa: PLC0415 not needed for the first picture

        form = self.patient_form if self._is_form_shown() else None
        page = next((name for name in SHOWN_BY if vars(self).get(name) is self.stack.currentWidget()), "")
        clinic = self.clinic_form if page == "clinic_form" else None
        fault = ""
        batch = self.batch.find_batch() if self.batch else None
        self._place = kept_place.find_place(store.user_id, self.intake, form, page, batch)
        try:
            self._keep_form()
            if self.intake:
                self.intake.flush()
                if not self.intake.draft.retry():
                    fault = "The last answer could not be saved before it was locked."
            kept_place.keep_typed(store, kept_place.collect_typed(self.intake, form, clinic))
        except FOR_PEOPLE as error:
            fault = str(error)
        return fault

    def _close_session(self) -> None:
        """Have no key any more, and no open records."""
        session, self.session = self.session, None
        self._must_lock = False
        if session:
            self.idle.stop()
            self._user_name = session.name
            session.wipe()
        self._close_store()

    def _clear_screen(self) -> None:
        """Leave nothing that was on the screen, in a dialog, or copied from here."""
        self._close_dialogs()
        if "damaged_bar" in vars(self):
            self.damaged_bar.hide()
        stay = {self.door, vars(self).get("trouble")}
        pages = [self.stack.widget(number) for number in range(self.stack.count())]
        gone = [page for page in pages if page and page not in stay]
        for name in PAGES:
            vars(self).pop(name, None)
        self.worklist = self.batch = self.intake = None
        self.stack.setCurrentWidget(self.door)
        for page in gone:
            page.hide()
            for button in page.findChildren(QAbstractButton):
                button.blockSignals(True)  # noqa: FBT003 Qt's; one pressed by its letter tells it a tenth of a second later
            self.stack.removeWidget(page)
            # Not now: a dialog that was closed above returns into one of them first.
            QTimer.singleShot(0, page, page.deleteLater)

    def _close_dialogs(self) -> None:
        self.copied.forget()
        for window in QApplication.topLevelWidgets():
            if window is not self and window.isVisible():
                window.close()

    def _back_up_daily(self, session: "Session", store: Store) -> None:
        """Make the snapshot of the day, unnoticed unless it fails."""
        from intake_app.ui.backups import note_backup  # noqa: PLC0415 not needed for the first picture

        if store.is_damaged or not self.records.is_backup_due():
            return
        second, key = second_folder(store), bytes(session.key)

        def note(backup: "Backup") -> None:
            if store is self.store:  # otherwise the next sign-in notes what is missing
                note_backup(store, self._now, self.warn, backup)

        self.background.run(self, lambda: self.records.back_up(key, second), note, self._on_backup_failed)

    def _on_backup_failed(self, error: Exception) -> None:
        if not isinstance(error, FOR_PEOPLE):
            raise error
        self.warn(f"There is no backup of today. {error}")

    def _on_set_back(self) -> None:
        """Say that the clock is behind what is already written; the lock and the order of what is written hold."""
        if self.store is None:  # the sign-in says it
            return
        try:
            self.store.check_clock(self._now())
        except FOR_PEOPLE as error:
            self.warn(str(error))

    def _watch(self, window: QWidget) -> None:
        """Let the key lock from a window, and count what is done there as use."""
        key = QShortcut(QKeySequence("Ctrl+L"), window)
        key.setObjectName(LOCK_KEY)
        key.activated.connect(self.lock)
        if handle := window.windowHandle():
            handle.installEventFilter(self.idle)

    def _on_focus_moved(self) -> None:
        """Watch a dialog as soon as the keyboard is there."""
        window = QApplication.activeWindow()
        owner = window.parentWidget() if window else None
        is_watched = window and window.findChild(QShortcut, LOCK_KEY, Qt.FindChildOption.FindDirectChildrenOnly)
        if window and owner and owner.window() is self and not is_watched:
            self._watch(window)

    def _on_painted(self) -> None:
        self._watch(self)
        cast("QApplication", QApplication.instance()).focusWindowChanged.connect(self._on_focus_moved)
        self.background.run(self, _load_ciphers, _ignore, _ignore)
        self.idle.listen()


def _read_limit(store: Store) -> float:
    return float(store.setting(LOCK_MINUTES) or USUAL_MINUTES) * 60


def _load_ciphers() -> None:
    from intake_app.vault import cipher  # noqa: F401, PLC0415 slow to load


def _ignore(_outcome: object) -> None:
    """Hear nothing: it is tried again when it is needed."""
