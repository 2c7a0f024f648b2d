"""What stands in front of the records: the set-up of the first start, the sign-in, and the way back in by the code."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, TypeVar, cast

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QPushButton, QStackedWidget, QVBoxLayout, QWidget

from intake_app.ui import secret_fields
from intake_app.ui.answer_widget import make_label
from intake_app.ui.messages import FOR_PEOPLE, MessageLine, make_button
from intake_app.ui.secret_fields import AGAIN, CODE, NAME, NEW, OWN, PERSON, SecretForm, make_middle

if TYPE_CHECKING:
    from intake_app.records import Records
    from intake_app.ui.background import Background, Job
    from intake_app.ui.code_page import CodePage, Print
    from intake_app.vault import Session

SIGNING_IN = ("sign_in", "code_form", "new_form")  # not the set-up: what it shows is shown only once
SIGN_IN, LOCKED = "Sign in", "Locked"
LOCKED_INTRO = "Everything is saved. Sign in to go on where you were."
SET_UP = "Welcome. Who looks after these records?"
SET_UP_INTRO = (
    "The records are encrypted on this computer. You are the first administrator: you add the others, and only those"
    " whom you add can open the records."
)
OLD_RECORDS = "The records of the release before are kept, every answer of them; they are encrypted now, too."
FORGOTTEN = "Forgotten the password"
FORGOTTEN_INTRO = (
    "An administrator can give you a new one, under People. Is there none who can sign in? Then take the paper with the"
    " recovery code; that it was used is written in the audit trail."
)
CODE_RIGHT = "The code is right. Choose the administrator who gets a new password."
NO_ADMINISTRATOR = "There is no administrator in these records."
WIDE = 520  # pixels
BUTTON_MARGIN = 40  # pixels that look and padding take of a button's width
_SECOND = 1000
T = TypeVar("T")


class Door(QStackedWidget):
    """One page at a time; `entered` is told with the session, and whether the recovery code opened it."""

    entered = Signal(object, bool)
    begun = Signal()  # something secret was given: whoever leaves now leaves it behind

    def __init__(
        self,
        records: "Records",
        background: Callable[[], "Background"],
        print_code: "Print | None" = None,
    ) -> None:
        super().__init__()
        self._records, self._background, self._print = records, background, print_code
        self._session: Session | None = None
        self._job: Job | None = None
        self._administrators: Mapping[str, str] = {}
        self._seconds = 0
        self._forms: dict[SecretForm, QWidget] = {}  # with the page each stands on
        self._old = make_label(OLD_RECORDS)
        self.forgotten_button = make_button("&Forgot the password?", "link")
        self.remembered_buttons: dict[str, QPushButton] = {}  # by name
        self._remembered = QWidget()  # they stand in it
        QVBoxLayout(self._remembered).setContentsMargins(0, 0, 0, 0)
        self.code_page: CodePage | None = None
        self.message = MessageLine()
        self._sign_in_title = make_label(SIGN_IN, "page-title")
        self._sign_in_intro = make_label(LOCKED_INTRO, "page-intro")
        self._wait = QTimer(self, interval=_SECOND)
        self._wait.timeout.connect(self._on_second)

    @cached_property
    def sign_in(self) -> SecretForm:
        """Name and password; made when it is first shown, like each of these, because the first picture needs one."""
        form = SecretForm((PERSON, OWN), "&Sign in", labels={OWN: "Password"})
        forgotten = self.forgotten_button
        words = self._sign_in_title, self._sign_in_intro, self.message
        self._add(form, self._on_sign_in, *words, self._remembered, form, forgotten)
        forgotten.clicked.connect(self._on_forgotten)
        return form

    @cached_property
    def set_up(self) -> SecretForm:
        """Name and a new password of the first administrator."""
        form = SecretForm((NAME, NEW, AGAIN), "&Go on", labels={NAME: "Your name", NEW: "Your password"})
        words = make_label(SET_UP, "page-title"), make_label(SET_UP_INTRO), self._old
        self._add(form, self._on_set_up, *words, form, width=WIDE)
        return form

    @cached_property
    def code_form(self) -> SecretForm:
        """The recovery code."""
        form = SecretForm((CODE,), "&Go on", cancel="&Back")
        words = make_label(FORGOTTEN, "page-title"), make_label(FORGOTTEN_INTRO)
        self._add(form, self._on_code, *words, form, width=WIDE)
        return form

    @cached_property
    def new_form(self) -> SecretForm:
        """Who gets a new password."""
        form = SecretForm((PERSON, NEW, AGAIN), "Sign &in", cancel="&Back")
        self._add(form, self._on_new, make_label(FORGOTTEN, "page-title"), make_label(CODE_RIGHT), form)
        return form

    def show_sign_in(
        self, names: list[str], *, name: str = "", locked: bool = False, remembered: Sequence[str] = ()
    ) -> None:
        """Ask for name and password; `name` is filled in. Who is remembered has a button that asks for neither."""
        people = self.sign_in.people  # with the page that the words stand on: shown before, they would be a window
        self._sign_in_title.setText(LOCKED if locked else SIGN_IN)
        self._sign_in_intro.setVisible(locked)
        people.clear()
        people.addItems(names)
        people.setCurrentText(name or (names[0] if len(names) == 1 else ""))
        self.sign_in.clear(keep=(PERSON,))
        self._show(self.sign_in)
        self._offer(remembered)

    def show_set_up(self, *, old_records: bool) -> None:
        """Ask who the first administrator is."""
        self._show(self.set_up)
        self._old.setVisible(old_records)

    def tell(self, text: str) -> None:
        """Say why somebody could not get in."""
        self.message.warn(text)

    def set_busy(self, busy: bool) -> None:  # noqa: FBT001 a state
        """Take no typing while the records are being opened, nor another sign-in."""
        for form, page in self._forms.items():
            if not busy or page is self.currentWidget():
                form.set_busy(busy)

    def forget(self) -> None:
        """Empty every field, and keep no key."""
        for form in self._forms:
            form.set_busy(False)
            form.clear(keep=(PERSON,))
        self.message.clear()
        if self._session:
            self._session.wipe()
        self._session = None

    def go_back(self) -> None:
        """Let nobody go on with a password or a recovery code that was entered before, or is being looked at."""
        begun = [self._forms[form] for name, form in vars(self).items() if name in SIGNING_IN]
        if self.currentWidget() in begun:
            if self._job:
                self._job.cancel()
            self._on_cancelled()

    def _add(
        self, form: SecretForm, act: Callable[[], object], *parts: QWidget, width: int = secret_fields.WIDTH
    ) -> None:
        self._forms[form] = make_middle(*parts, width=width)
        self.addWidget(self._forms[form])
        form.submitted.connect(act)
        form.cancelled.connect(self._on_cancelled)

    def _show(self, form: SecretForm) -> None:
        self.setCurrentWidget(self._forms[form])
        form.focus_first()

    def _on_forgotten(self) -> None:
        self._show(self.code_form)

    def _on_cancelled(self) -> None:
        self.forget()
        self._show(self.sign_in)

    def _offer(self, names: Sequence[str]) -> None:
        """Have a button for each who is remembered on this computer, and for nobody else."""
        from intake_app.ui.elided_button import ElidedButton  # noqa: PLC0415 hardly ever needed

        for button in self.remembered_buttons.values():
            button.hide()
            button.deleteLater()
        self.remembered_buttons = {}
        for name in names:
            self.remembered_buttons[name] = button = ElidedButton(BUTTON_MARGIN)
            button.setAutoDefault(True)
            button.show_text(f"Sign in as {name}")
            button.clicked.connect(partial(self._on_remembered, name))
            cast("QVBoxLayout", self._remembered.layout()).addWidget(button)
        self._remembered.setVisible(bool(names))
        for button in list(self.remembered_buttons.values())[:1]:
            button.setFocus()

    def _on_remembered(self, name: str) -> None:
        """Ask the computer's keyring, which may ask the person; if it does not help, the password does."""
        form = self.sign_in
        if form.is_busy:
            return
        form.people.setCurrentText(name)
        self._run(form, lambda: self._open(self._records.unlock_remembered(name)), self._enter)

    def _on_sign_in(self) -> None:
        form = self.sign_in
        name, password = form.text(PERSON), form.text(OWN)
        self._run(form, lambda: self._open(self._records.unlock(name, password)), self._enter)

    def _on_set_up(self) -> None:
        form = self.set_up
        name, password = " ".join(form.text(NAME).split()), form.text(NEW)
        self._run(form, lambda: self._records.create(name, password), self._on_created)

    def _on_created(self, made: "tuple[Session, str]") -> None:
        from intake_app.ui.code_page import CodePage  # noqa: PLC0415 not needed for the first picture

        self._session, code = made
        self.set_up.clear()
        self.code_page = CodePage(self._print)
        self.addWidget(self.code_page)
        self.code_page.confirmed.connect(self._on_confirmed)
        self.setCurrentWidget(self.code_page)
        self.code_page.show_code(code)

    def _on_confirmed(self) -> None:
        session = self._session
        assert session is not None  # noqa: S101 it was made with the code
        self._show(self.set_up)
        self._run(self.set_up, lambda: self._open(session), self._enter)

    def _on_code(self) -> None:
        code = self.code_form.text(CODE)

        def unlock() -> "tuple[Session, list[dict[str, Any]]]":
            session = self._open(self._records.unlock_with_code(code))
            with self._records.open_somehow(session) as store:  # closed again: the new password may never come
                return session, store.users()

        self._run(self.code_form, unlock, self._on_code_right)

    def _on_code_right(self, found: "tuple[Session, list[dict[str, Any]]]") -> None:
        session, users = found
        self._administrators = {row["name"]: row["id"] for row in users if row["role"] == "administrator"}
        if not self._administrators:
            session.wipe()
            self.code_form.tell(NO_ADMINISTRATOR)
            return
        self._session = session
        self.new_form.people.clear()
        self.new_form.people.addItems(list(self._administrators))
        self._show(self.new_form)
        self.new_form.lines[NEW].setFocus()

    def _on_new(self) -> None:
        form, session = self.new_form, self._session
        name, password = form.text(PERSON), form.text(NEW)
        if name not in self._administrators or session is None:
            form.tell("Choose one of the administrators on the list.")
            return
        user_id = self._administrators[name]
        self._run(
            form, lambda: self._records.take_over(session, user_id, name, password), partial(self._enter, by_code=True)
        )

    def _open(self, session: "Session") -> "Session":
        self._records.encrypt(session)
        return session

    def _enter(self, session: "Session", *, by_code: bool = False) -> None:
        self._session = None  # it is the window's now
        self.forget()
        self.entered.emit(session, by_code)

    def _run(self, form: SecretForm, work: Callable[[], T], done: Callable[[T], object]) -> None:
        """Do slow work with what stands in a form."""
        form.set_busy(True)
        self.message.clear()

        def finish(result: T) -> None:
            form.set_busy(False)
            done(result)

        def fail(error: Exception) -> None:
            form.set_busy(False)
            self._on_failed(form, error)

        self._job = self._background().run(self, work, finish, fail)
        self.begun.emit()

    def _on_failed(self, form: SecretForm, error: Exception) -> None:
        if not isinstance(error, FOR_PEOPLE):
            raise error
        form.tell(str(error))
        self._seconds = int(getattr(error, "seconds", 0))
        if self._seconds and form is self.sign_in:
            self._on_second()
            self._wait.start()
            return
        form.focus_wrong()

    def _on_second(self) -> None:
        """Count down until there may be another try."""
        self.sign_in.submit_button.setEnabled(self._seconds <= 0)
        if self._seconds <= 0:
            self._wait.stop()
            self.sign_in.tell("")
            self.sign_in.lines[OWN].setFocus()
            return
        minutes, seconds = divmod(self._seconds, 60)
        span = f"{minutes} min {seconds} s" if minutes else f"{seconds} seconds"
        self.sign_in.tell(f"Too many wrong passwords. Wait {span}, then try again.")
        self._seconds -= 1
