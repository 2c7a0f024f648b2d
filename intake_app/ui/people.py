"""The accounts on the screen: everybody's own password; for administrators who there is, and the recovery code."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QPushButton, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from db import Store
from intake_app import dates
from intake_app.errors import UserError
from intake_app.ui.answer_widget import make_label
from intake_app.ui.code_page import CodePage, Print
from intake_app.ui.form import dress_side, make_column
from intake_app.ui.messages import FOR_PEOPLE, MessageLine, make_button
from intake_app.ui.secret_fields import AGAIN, NAME, NEW, OWN, ROLE, SecretForm

if TYPE_CHECKING:
    from intake_app.records import Records
    from intake_app.ui.background import Background
    from intake_app.vault import Session

ROLES = {"front_desk": "front desk", "clinician": "clinician", "administrator": "administrator"}
INTRO = "Everybody signs in with their own name, so that the audit trail tells who did what."
REMOVE = (
    "They can sign in no more, and what they did keeps their name. Then the records get a new key, which takes a"
    " moment. Backups made so far still open with their password and the old key; a new key does not change them."
)
NEW_KEY = (
    "Everybody keeps their password, and the recovery code stays the same. Backups made until now still open with the"
    " passwords of their day."
)
REMEMBER = (
    "Whoever can use your account of this computer then gets in as you, without the password, when the program starts;"
    " after a lock the password is asked for still. A new password ends it."
)
FORGET = "From then on the password is asked for at the start of the program, too."
REMEMBERED, FORGOTTEN = "remembered on this computer", "forgotten on this computer"  # in the trail
ONLY_ONESELF = "Only for yourself: whoever is signed in."
ONLY_OTHERS = "Not for yourself: choose somebody else in the list."
NARROWEST, SHOWN = 360, 6  # pixels of the side; lines of the list that are in sight whatever happens
NEW_CODE = "Once it is on paper, the code before opens these records no more, only the backups made until now."
Form = tuple[Sequence[str], str, str, Callable[[SecretForm, dict[str, Any]], None]]
T = TypeVar("T")


class People(QWidget):
    """At the left who there is, at the right what is to be done, in one form at a time."""

    left = Signal()
    key_asked = Signal(str, str)  # the own password, and what was done before

    def __init__(
        self,
        store: Store,
        records: "Records",
        session: "Callable[[], Session]",
        background: "Background",
        now: Callable[[], datetime],
        print_code: Print | None = None,
    ) -> None:
        super().__init__()
        self._store, self._records, self._session = store, records, session
        self._background, self._now = background, now
        self.users: list[dict[str, Any]] = []
        self.message = MessageLine()
        self.list = QListWidget()
        self.list.setAccessibleName("People with an account")
        self.form: SecretForm | None = None
        self._page: QWidget | None = None  # where it stands
        self._right = QStackedWidget()
        self.buttons = _make_buttons()
        self.back_button = make_button("&Back", "quiet")
        self.code_page = CodePage(print_code)
        self.code_page.confirmed.connect(self._on_code_kept)
        self._right.addWidget(self.code_page)
        self._lay_out()
        for name, button in self.buttons.items():
            button.clicked.connect(partial(self.show_form, name))
        self.list.currentRowChanged.connect(lambda _row: self._show_actions())
        self.back_button.clicked.connect(self.left)

    def refresh(self) -> None:
        """Show who there is."""
        row = max(self.list.currentRow(), 0)
        remembered: list[str] = []
        with suppress(UserError):  # a key file that cannot be read is told where it is needed
            remembered = self._records.remembered()
        self.users = [{**user, "is_remembered": user["name"] in remembered} for user in self._store.users()]
        self.list.clear()
        for user in self.users:
            since = dates.say_day(datetime.fromisoformat(user["created_at"]).astimezone(self._now().tzinfo).date())
            own = ", you" if user["id"] == self._store.user_id else ""
            here = f"\n{REMEMBERED}" if user["is_remembered"] else ""
            self.list.addItem(f"{user['name']}{own}\n{ROLES[user['role']]}, since {since}{here}")
        self.list.setCurrentRow(min(row, len(self.users) - 1))
        self._close_form()
        self.message.clear()
        self.buttons["own"].setFocus()

    def show_form(self, action: str) -> None:
        """Ask for what an action needs."""
        self.message.clear()
        user = self._chosen()
        fields, button, words, act = self._find_form(action, user)
        self._close_form()
        self.form = form = SecretForm(fields, button, cancel="Cancel")
        form.roles.addItems(list(ROLES.values()))
        if action == "role":
            form.roles.setCurrentIndex(list(ROLES).index(user["role"]))
        form.submitted.connect(partial(act, form, user))
        form.cancelled.connect(partial(self._on_cancelled, action))
        notes = {"remove": REMOVE, "code": NEW_CODE, "key": NEW_KEY, "remember": REMEMBER, "forget": FORGET}
        note = notes.get(action, "")
        page = make_column(make_label(words, "section-title"), *([make_label(note)] if note else []), form)
        self._page = page
        self._right.addWidget(page)
        self._right.setCurrentWidget(page)
        form.focus_first()
        if action == "remember":
            self._run(form, self._records.why_not_remembered, partial(self._say_why_not, form))

    def _find_form(self, action: str, user: dict[str, Any]) -> Form:
        """Return the fields of an action's form, the words of its button and its title, and what it does."""
        name = user["name"]
        forms: dict[str, Form] = {
            "own": ((OWN, NEW, AGAIN), "Change it", "Change my password", self._change_own),
            "add": ((NAME, ROLE, NEW, AGAIN, OWN), "Add", "Add somebody", self._add),
            "role": ((ROLE,), "Change it", f"Change the role of {name}", self._change_role),
            "password": ((NEW, AGAIN, OWN), "Give it", f"A new password for {name}", self._give_password),
            "remove": ((OWN,), "Remove", f"Remove {name}", self._remove),
            "remember": ((OWN,), "Remember me", "Remember me on this computer", partial(self._switch, REMEMBERED)),
            "forget": ((OWN,), "Forget", f"Forget {name} on this computer", partial(self._switch, FORGOTTEN)),
            "code": ((OWN,), "Make it", "A new recovery code", self._renew_code),
            "key": ((OWN,), "Change it", "A new key for the records", self._renew_key),
        }
        return forms[action]

    def _change_own(self, form: SecretForm, _user: dict[str, Any]) -> None:
        session, own, new = self._session(), form.text(OWN), form.text(NEW)
        work = partial(self._records.give_password, session, own, session.user_id, session.name, new)
        self._run(form, work, lambda _: self._finish("Your password was changed.", "password changed", session.user_id))

    def _give_password(self, form: SecretForm, user: dict[str, Any]) -> None:
        if self._note(form, "password reset", f"user/{user['id']}"):
            work = partial(
                self._records.give_password, self._session(), form.text(OWN), user["id"], user["name"], form.text(NEW)
            )
            self._run(form, work, lambda _: self._finish(f"{user['name']} has a new password."))

    def _add(self, form: SecretForm, _user: dict[str, Any]) -> None:
        """Check what is slow to check, add the user to the store, then give the password."""
        session, own, new = self._session(), form.text(OWN), form.text(NEW)
        name, role = " ".join(form.text(NAME).split()), list(ROLES)[form.roles.currentIndex()]

        def go_on(_: object) -> None:
            try:
                user_id = self._store.add_user(name, role, self._now())
            except FOR_PEOPLE as error:
                form.tell(str(error))
                return
            work = partial(self._records.give_password, session, own, user_id, name, new)
            self._run(form, work, lambda _: self._finish(f"{name} can sign in now."))

        self._run(form, partial(self._records.check_new, session, own, name, new), go_on)

    def _change_role(self, form: SecretForm, user: dict[str, Any]) -> None:
        role = list(ROLES)[form.roles.currentIndex()]
        try:
            self._store.change_role(user["id"], role, self._now())
        except FOR_PEOPLE as error:
            form.tell(str(error))
            return
        self._finish(f"{user['name']} is {ROLES[role]} now.")

    def _remove(self, form: SecretForm, user: dict[str, Any]) -> None:
        session, own = self._session(), form.text(OWN)
        left = [row["id"] for row in self.users if row["role"] == "administrator" and row["id"] != user["id"]]
        work = partial(self._records.take_password, session, own, user["id"], left)

        def go_on(_: object) -> None:
            try:
                self._store.remove_user(user["id"], self._now())
            except FOR_PEOPLE as error:
                form.tell(str(error))
                return
            self.key_asked.emit(own, f"{user['name']} was removed.")

        self._run(form, work, go_on)

    def _say_why_not(self, form: SecretForm, why: str) -> None:
        """Ask for no password where nobody can be remembered."""
        form.tell(why)
        for widget in (*form.lines.values(), form.submit_button):
            widget.setEnabled(not why)
        (form.cancel_button if why else form.lines[OWN]).setFocus()

    def _switch(self, action: str, form: SecretForm, user: dict[str, Any]) -> None:
        """Remember or forget a user: check the password, write it into the trail, do it; if that fails, write so."""
        session, own, record = self._session(), form.text(OWN), f"user/{user['id']}"
        change, opposite = {
            REMEMBERED: (self._records.remember, FORGOTTEN),
            FORGOTTEN: (self._records.forget, REMEMBERED),
        }[action]
        work = partial(change, session, own, user["id"])

        def go_on(_: object) -> None:
            if self._note(form, action, record):
                undo = partial(self._note, form, opposite, record)
                self._run(form, work, lambda _: self._finish(f"{user['name']} is {action}."), undo)

        self._run(form, partial(self._records.check_new, session, own, session.name, None), go_on)

    def _renew_key(self, form: SecretForm, _user: dict[str, Any]) -> None:
        session, own = self._session(), form.text(OWN)
        check = partial(self._records.check_new, session, own, session.name, None)
        self._run(form, check, lambda _: self.key_asked.emit(own, ""))

    def _renew_code(self, form: SecretForm, _user: dict[str, Any]) -> None:
        self._run(form, partial(self._records.make_code, self._session(), form.text(OWN)), self._show_code)

    def _show_code(self, code: str) -> None:
        self._close_form()
        self._right.setCurrentWidget(self.code_page)
        self._right.show()
        self.code_page.show_code(code)

    def _on_code_kept(self, code: str) -> None:
        """Let the code count that is on paper now; until here the one before does."""
        try:
            self._store.note("recovery code changed", "", self._now())
            self._records.keep_code(self._session(), code)
            self._records.note_key_file(self._store, self._session())
        except FOR_PEOPLE as error:
            self.refresh()
            self.message.warn(f"The recovery code was not changed. {error}")
        else:
            self._finish("From now on the new recovery code counts. Destroy the old paper.")

    def _note(self, form: SecretForm, action: str, record: str) -> bool:
        try:
            self._store.note(action, record, self._now())
        except FOR_PEOPLE as error:
            form.tell(str(error))
            return False
        return True

    def _finish(self, words: str, action: str = "", user_id: str = "") -> None:
        self.refresh()
        self.message.say(words)
        if action:
            self._store.note(action, f"user/{user_id}", self._now())

    def _run(
        self,
        form: SecretForm,
        work: Callable[[], T],
        done: Callable[[T], object],
        undo: Callable[[], object] = lambda: None,
    ) -> None:
        form.set_busy(True)
        user = self._store.user_id

        def finish(result: T) -> None:
            form.set_busy(False)
            if self._store.user_id == user:  # otherwise it was locked meanwhile
                self._records.note_key_file(self._store, self._session())
                done(result)

        def fail(error: Exception) -> None:
            form.set_busy(False)
            undo()
            if not isinstance(error, FOR_PEOPLE):
                raise error
            form.tell(str(error))
            form.focus_wrong()

        self._background.run(form, work, finish, fail)

    def _on_cancelled(self, action: str) -> None:
        self._close_form()
        self.buttons[action].setFocus()

    def _close_form(self) -> None:
        self.code_page.forget()
        self._right.setCurrentWidget(self._nothing)
        if self._page:
            self._right.removeWidget(self._page)
            self._page.hide()
            self._page.deleteLater()
            self._page = self.form = None

    def _chosen(self) -> dict[str, Any]:
        return self.users[max(self.list.currentRow(), 0)]

    def _show_actions(self) -> None:
        may = self._store.may("add_user")
        other = bool(self.users) and self._chosen()["id"] != self._store.user_id
        hidden = "remember" if self.users and self._chosen()["is_remembered"] else "forget"
        for name, button in self.buttons.items():
            button.setVisible((may and name != hidden) or name == "own")
        for name, is_possible, why_not in (
            ("remember", not other, ONLY_ONESELF), ("remove", other, ONLY_OTHERS), ("password", other, ONLY_OTHERS),
        ):  # fmt: skip
            self.buttons[name].setEnabled(is_possible)
            self.buttons[name].setToolTip("" if is_possible else why_not)

    def _lay_out(self) -> None:
        self._nothing = QWidget()
        told = QVBoxLayout(self._nothing)
        told.setContentsMargins(32, 28, 32, 0)
        told.addWidget(self.message)
        told.addStretch()
        self._right.addWidget(self._nothing)
        self._right.setCurrentWidget(self._nothing)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._make_side())
        right = QVBoxLayout()
        right.setContentsMargins(0, 44, 0, 0)  # above it is the button that locks
        right.addWidget(self._right)
        layout.addLayout(right, 1)

    def _make_side(self) -> QScrollArea:
        """Who there is, and what can be done, as wide as its buttons."""
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMinimumHeight(SHOWN * self.list.fontMetrics().height())
        column = QWidget()
        side = QVBoxLayout(column)
        side.setContentsMargins(32, 24, 20, 20)
        side.setSpacing(8)
        for part in (make_label("People", "page-title"), make_label(INTRO, "page-intro")):
            side.addWidget(part)
        side.addWidget(self.list, 1)
        for button in (*self.buttons.values(), self.back_button):
            side.addWidget(button)
        area = QScrollArea()
        dress_side(area, column, max(NARROWEST, column.sizeHint().width()))
        return area


def _make_buttons() -> dict[str, QPushButton]:
    return {
        "own": make_button("Change my pass&word"),
        "add": make_button("&Add somebody"),
        "role": make_button("Change the &role"),
        "password": make_button("&Give a new password"),
        "remove": make_button("Re&move"),
        "remember": make_button("Remember me on t&his computer"),
        "forget": make_button("&Forget on this computer"),
        "code": make_button("New recovery &code"),
        "key": make_button("New &key for the records"),
    }
