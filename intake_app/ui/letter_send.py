"""The box for a copy with a password and for an e-mail draft: what is attached, to which address, which password."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from intake_app.ui.answer_widget import make_label, set_shown
from intake_app.ui.messages import make_button
from intake_app.ui.typed_field import LineEdit

LOCK, MAIL = "lock", "mail"
TITLES = {LOCK: "Copy that opens with a password", MAIL: "E-mail draft"}
SAVES = {LOCK: "Save copy…", MAIL: "Save draft…"}
TELL_HELP = "Note it now and tell it by telephone, never in the same e-mail. The program does not keep it."
MAIL_HELP = "The draft opens in your mail program. Nothing is sent by this program, and no name stands in the draft."
KINDS = {
    "password copy": "The letter with a password",
    "packet": "The packet, open to read",
    "letter": "The letter, open to read",
}
LONGEST = 200  # characters


@dataclass(frozen=True, slots=True)
class Sending:
    """What was asked for; `kind` is a key of KINDS, the password counts for the copy that has one."""

    task: str
    kind: str
    email: str
    password: str

    def __repr__(self) -> str:
        """Show nothing of it in a traceback."""
        return "Sending(…)"


class SendBox(QFrame):
    """Hidden until one of the two is asked for."""

    save_asked = Signal(object)  # Sending

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._task = LOCK
        self._title = make_label(role="section-title")
        self.email = LineEdit(LONGEST)
        self.password = LineEdit(LONGEST)
        self.kinds = {kind: QRadioButton(words) for kind, words in KINDS.items()}
        self.save_button = make_button("", "primary")
        self.close_button = make_button("Close", "quiet")
        self._mail, self._lock = QWidget(), QWidget()
        self._lay_out()
        self.save_button.clicked.connect(self._on_save)
        self.close_button.clicked.connect(self.close_box)
        for line in (self.email, self.password):
            line.returnPressed.connect(self._on_save)
        for button in self.kinds.values():
            button.toggled.connect(self._show_password)
        self.hide()

    def open(self, task: str, password: str) -> None:
        """Ask what a task needs; `password` is the program's offer."""
        self._task = task
        self._title.setText(TITLES[task])
        self.save_button.setText(SAVES[task])
        self.save_button.setAccessibleName(SAVES[task])
        self.password.setText(password)
        self.kinds["password copy"].setChecked(True)
        set_shown(self._mail, shown=task == MAIL)
        self._show_password()
        set_shown(self, shown=True)
        (self.email if task == MAIL else self.password).setFocus(Qt.FocusReason.OtherFocusReason)

    def close_box(self) -> None:
        """Close the box and forget what stood in it."""
        self.email.clear()
        self.password.clear()
        set_shown(self, shown=False)

    def _on_save(self) -> None:
        kind = next(kind for kind, button in self.kinds.items() if button.isChecked())
        self.save_asked.emit(Sending(self._task, kind, self.email.text().strip(), self.password.text()))

    def _show_password(self) -> None:
        set_shown(self._lock, shown=self._task == LOCK or self.kinds["password copy"].isChecked())

    def _lay_out(self) -> None:
        self.email.setAccessibleName("E-mail address of the recipient")
        self.email.setPlaceholderText("E-mail address, or leave it blank")
        self.password.setAccessibleName("Password of the copy")
        mail = QVBoxLayout(self._mail)
        lock = QVBoxLayout(self._lock)
        for layout in (mail, lock):
            layout.setContentsMargins(0, 0, 0, 0)
        mail.addWidget(self.email)
        for button in self.kinds.values():
            mail.addWidget(button)
        mail.addWidget(make_label(MAIL_HELP, "help"))
        lock.addWidget(make_label("Password", "strong"))
        lock.addWidget(self.password)
        lock.addWidget(make_label(TELL_HELP, "help"))
        foot = QHBoxLayout()
        foot.addWidget(self.save_button)
        foot.addWidget(self.close_button)
        foot.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        for widget in (self._title, self._mail, self._lock):
            layout.addWidget(widget)
        layout.addLayout(foot)
