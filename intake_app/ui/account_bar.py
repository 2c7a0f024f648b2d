"""Who is signed in, with what concerns accounts and the records as a whole, and the button that locks."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from intake_app import paths
from intake_app.ui.answer_widget import escape_mnemonic, escape_tip
from intake_app.ui.messages import make_button

_LONGEST = 22  # characters of a name that the button shows


def make_lock_button(lock: Callable[[], object]) -> QPushButton:
    """Return the button that stands on every screen behind which there are patients."""
    button = make_button("Lock", "quiet", "Lock, Ctrl+L")
    button.setIcon(QIcon(str(paths.resources() / "icons" / "lock.svg")))
    button.setToolTip("Lock (Ctrl+L). Everything is kept, also what is half typed.")
    button.clicked.connect(lambda _=False: lock())
    return button


class Action(NamedTuple):
    """A line of the menu; `why_not` is why this user may not do it, or ""."""

    words: str
    act: Callable[[], object]
    why_not: str = ""


class AccountBar(QWidget):
    """A button with the user's name and a menu, and one to lock."""

    def __init__(self, name: str, role: str, actions: Sequence[Action], lock: Callable[[], object]) -> None:
        super().__init__()
        shown = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
        self.button = make_button(
            f"{escape_mnemonic(shown)} ▾", "quiet", f"Signed in: {name}, {role}. Accounts and records"
        )
        self.button.setToolTip(escape_tip(f"{name}, {role}"))
        self.menu = QMenu(self.button)
        for action in actions:
            words = f"{action.words}  ({action.why_not})" if action.why_not else action.words
            item = self.menu.addAction(words)
            item.setEnabled(not action.why_not)
            item.triggered.connect(lambda _=False, act=action.act: act())
        self.button.setMenu(self.menu)
        self.lock_button = make_lock_button(lock)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.button)
        layout.addWidget(self.lock_button)
