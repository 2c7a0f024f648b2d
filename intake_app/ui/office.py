"""The window's pages that are about accounts and records as a whole, and the menu that leads to them."""

from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from db import Store, StoreError
from intake_app.errors import UserError
from intake_app.records import second_folder
from intake_app.ui.account_bar import AccountBar, Action, make_lock_button
from intake_app.ui.main_window import MainWindow
from intake_app.ui.messages import FOR_PEOPLE
from intake_app.ui.worklist import Worklist

if TYPE_CHECKING:
    from intake_app.questions import Questionnaire
    from intake_app.records import Backup, Records
    from intake_app.ui.backups import Backups
    from intake_app.ui.banners import Banner
    from intake_app.ui.code_page import Print
    from intake_app.ui.letter_page import ChoosePath
    from intake_app.ui.people import People
    from intake_app.ui.trail import Trail
    from intake_app.vault import Session

FOR_ADMINISTRATORS = "for administrators"
SHOWN_BY = {
    "clinic_form": "show_clinic",
    "rule_book": "show_rules",
    "people": "show_people",
    "trail": "show_trail",
    "backups": "show_backups",
}
PAGES = ("patient_form", *SHOWN_BY)
LEFT_BY_ESCAPE = ("rule_book", "people", "trail", "backups")  # what is typed into the others would be lost
CORNER = 16  # pixels
NEW_KEY_HINT = "Everything is written anew and checked; the records as they are stay until that is done."
NEW_KEY_DONE = "The records have a new key."
READ_ONLY = "The records are damaged. What can still be read of them is shown; nothing can be entered."
READ_ONLY_HINT = "Lock, and sign in again: then the last backup can be restored."


class Way(NamedTuple):
    """How somebody comes in: with the recovery code, after a restore, told something, or to read damaged records."""

    by_code: bool = False
    restored: str = ""  # the name of a backup
    words: str = ""
    damaged: bool = False


BY_PASSWORD = Way()


class Office(MainWindow):
    """A window whose records have accounts; how it is entered and how it locks is the subclass's matter."""

    def __init__(
        self,
        records: "Records",
        load_questionnaire: "Callable[[], Questionnaire]",
        now: Callable[[], datetime],
        choose_path: "ChoosePath | None",
        print_code: "Print | None",
    ) -> None:
        self.records, self._print_code = records, print_code
        self.session: Session | None = None
        self._is_opening = False  # the worker has the records, or is about to have them
        self._must_lock = False  # as soon as it has them no more
        super().__init__(self._reopen, load_questionnaire, now, choose_path=choose_path)
        self.stack.currentChanged.connect(self._place_lock)

    @cached_property
    def people(self) -> "People":
        """Who has an account."""
        from intake_app.ui.people import People  # noqa: PLC0415 not needed for the first picture

        page = People(self._opened_store(), self.records, self._signed_in, self.background, self._now, self._print_code)
        page.left.connect(self.show_worklist)
        page.key_asked.connect(self.renew_key)
        self.stack.addWidget(page)
        return page

    @cached_property
    def trail(self) -> "Trail":
        """Who did what."""
        from intake_app.ui.trail import Trail  # noqa: PLC0415 not needed for the first picture

        page = Trail(self._opened_store(), lambda: bytes(self._signed_in().key), self.background, self._now)
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

    @cached_property
    def damaged_bar(self) -> "Banner":
        """What stays in sight while damaged records are read."""
        from intake_app.ui.banners import Banner  # noqa: PLC0415 not needed for the first picture

        bar = Banner("banner-problem", "&Lock")
        bar.say(READ_ONLY, READ_ONLY_HINT)
        bar.pressed.connect(self.lock)
        centre = self.centralWidget()
        layout = centre.layout() if centre else None
        assert isinstance(layout, QVBoxLayout)  # noqa: S101 the window has made it
        layout.insertWidget(0, bar)
        return bar

    def show_intake(self, intake_id: str) -> None:
        """Open an intake where it was left; it can be locked from there."""
        before = self.intake
        super().show_intake(intake_id)
        if self.intake and self.intake is not before:
            self.intake.bar.add_button(make_lock_button(self.lock))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802, D102 Qt's name
        page = self.stack.currentWidget()
        if event.key() == Qt.Key.Key_Escape and page in [vars(self).get(name) for name in LEFT_BY_ESCAPE]:
            self.show_worklist()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802, D102 Qt's name
        super().resizeEvent(event)
        self._place_lock()

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

    def lock(self, why: str = "") -> None:
        """Keep everything and show nothing."""
        raise NotImplementedError

    def restore(self, backup: "Backup") -> None:
        """Put a backup in the records' place; the present records are kept beside it."""
        session = self._signed_in()
        try:
            self._opened_store().note("records restored", f"backup/{backup.folder.name}", self._now())
        except FOR_PEOPLE as error:
            self.warn(str(error))
            return
        self.show_worklist()  # where it is told what came of it
        self._keep_everything(self._opened_store())
        self._clear_screen()
        self._restore(session, backup)

    def _restore(self, session: "Session", backup: "Backup") -> None:
        """Do it on the worker, with the store closed; a backup that is damaged leads to the one before."""
        self._lend_records()
        self._show_trouble("The backup is being put in place.", "This takes a moment. The present records are kept.")
        self.trouble.set_busy(True)

        def finish(aside: str) -> None:
            self._is_opening = False
            kept = f" The records from before are kept as {aside}." if aside else ""
            words = f"The backup of {backup.made_at:%d %B %Y, %H:%M} is in place.{kept}"
            self._enter(session, Way(restored=backup.folder.name, words=words))

        def fail(error: Exception) -> None:
            self.trouble.set_busy(False)
            self._on_not_done(error, before=backup)

        self.background.run(self, lambda: self.records.restore(backup, bytes(session.key)), finish, fail)

    def renew_key(self, own: str, told: str) -> None:
        """Put the records under a new key on the worker, with the store closed, and open them again."""
        from intake_app.ui.letter_busy import Progress  # noqa: PLC0415 not needed for the first picture

        session, store, progress = self._signed_in(), self._opened_store(), Progress(100)
        second = second_folder(store)
        self.show_worklist()  # where it is told what came of it
        self._keep_everything(store)
        self._clear_screen()
        self._lend_records()
        self._show_trouble(f"{told} The records get a new key.".strip(), NEW_KEY_HINT)
        self.trouble.follow(progress)

        def tell(share: float) -> bool:
            progress.done = round(100 * share)
            return not progress.stopped

        def end(words: str) -> None:
            self.trouble.follow(None)
            self._is_opening = False
            self._enter(session, Way(words=" ".join(filter(None, (told, words)))))

        def fail(error: Exception) -> None:
            if isinstance(error, FOR_PEOPLE):
                end(str(error))
            else:
                self._on_not_done(error)

        work = partial(self.records.renew_key, session, own, second, tell)
        self.background.run(self, work, lambda words: end(f"{NEW_KEY_DONE} {words}".strip()), fail)

    def _on_not_done(self, error: Exception, before: "Backup | None" = None) -> None:
        """Say why the records are not open; nobody is left signed in by a mistake, nor if it has to be locked.

        The newest backup is offered, or the newest before one that failed, too.
        """
        self._is_opening = False
        if isinstance(error, FOR_PEOPLE) and not self._must_lock:
            self._show_broken(error, before)
            return
        self.lock()
        if not isinstance(error, FOR_PEOPLE):
            raise error

    def _show_broken(self, error: UserError | StoreError, before: "Backup | None") -> None:
        """Say why the records do not open, and offer a backup, or to read what is left, where that would help."""
        self._show_trouble(error.what, error.hint)
        session = self._signed_in()
        if "backup" not in error.hint and self.records.path.exists():
            return
        backups = (backup for backup in self.records.backups() if not before or backup.made_at < before.made_at)
        if backup := next(backups, None):
            words = f"&Restore the backup of {backup.made_at:%d %B %Y, %H:%M}"
            self.trouble.offer(words, lambda: self._restore(session, backup))

        def offer(is_readable: bool) -> None:  # noqa: FBT001 what the worker found
            if is_readable and self.stack.currentWidget() is self.trouble and self.session is session:
                self.trouble.offer_look(lambda: self._enter(session, Way(damaged=True)))

        self.background.run(self, lambda: self.records.is_readable(session), offer, lambda _error: None)

    def _enter(self, session: "Session", way: Way = BY_PASSWORD) -> None:
        """Open the records for a session and show its user's desk."""
        raise NotImplementedError

    def _keep_everything(self, store: Store) -> str:
        """Save what is typed; return why something could not be kept, or ""."""
        raise NotImplementedError

    def _clear_screen(self) -> None:
        """Leave nothing that was on the screen."""
        raise NotImplementedError

    def _lend_records(self) -> None:
        """Let the worker have the records, until it tells that it is done."""
        self._close_store()
        self._is_opening = True

    def _close_store(self) -> None:
        """Let nobody act in the records, not even what still holds them, and close them."""
        store, self.store = self.store, None
        if store:
            with closing(store), suppress(StoreError):  # also a full disk locks
                store.sign_out(self._now())

    def _reopen(self) -> Store:
        return self.records.open(self._signed_in())

    def _signed_in(self) -> "Session":
        assert self.session is not None  # noqa: S101 nothing is shown without one
        return self.session

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

    @cached_property
    def _corner(self) -> QPushButton:
        """The button that locks, in the corner of the pages that have no bar of their own."""
        button = make_lock_button(self.lock)
        button.setParent(self.centralWidget())
        return button

    def _place_lock(self) -> None:
        page = self.stack.currentWidget()
        pages = [vars(self).get(name) for name in PAGES]
        if page is None or page not in (*pages, self.batch and self.batch.page):
            if "_corner" in vars(self):
                self._corner.hide()
            return
        self._corner.adjustSize()
        self._corner.move(self.stack.width() - self._corner.width() - CORNER, CORNER)
        self._corner.show()
        self._corner.raise_()

    def _show_page(self, page: QWidget) -> None:
        self._close_intake()
        self.stack.setCurrentWidget(page)
