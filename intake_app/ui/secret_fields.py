"""Fields for names, passwords and codes, one below the other, with what is wrong said beneath."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from intake_app.ui.answer_widget import make_label
from intake_app.ui.messages import make_button
from intake_app.ui.typed_field import ShortLine

NAME, PERSON, OWN, NEW, AGAIN, ROLE, CODE = "name", "person", "own", "new", "again", "role", "code"
LABELS = {
    NAME: "Name",
    PERSON: "Name",
    OWN: "Your own password",
    NEW: "New password",
    AGAIN: "The same password again",
    ROLE: "Role",
    CODE: "Recovery code",
}
SECRET = {OWN, NEW, AGAIN}
ADVICE = (
    "At least 8 characters, better 15. Take three or four words that have nothing to do with each other, or a"
    " sentence. Blanks and any letters are fine."
)
DIFFERENT = "The two passwords are not the same. Type both again."
CAPS_LOCK = "Caps Lock seems to be on."
LONGEST = 2000
WIDTH = 420  # pixels


class SecretLine(ShortLine):
    """A line for a password; says when Caps Lock seems to be on."""

    caps_noticed = Signal(bool)

    def __init__(self) -> None:
        super().__init__(LONGEST)
        self.setEchoMode(QLineEdit.EchoMode.Password)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802, D102 Qt's name
        text, has_shift = event.text(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if len(text) == 1 and text.upper() != text.lower():
            self.caps_noticed.emit(text.isupper() != has_shift)
        super().keyPressEvent(event)


class Choice(QComboBox):
    """A list to choose from that the mouse wheel does not change while a page is scrolled."""

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802, D102 Qt's name
        event.ignore()


class SecretForm(QFrame):
    """Some of the fields, a button, and a line for what is wrong; `busy` while something slow is done with them.

    Enter goes on to the next field and submits from the last, Escape cancels where there is something to cancel.
    """

    submitted = Signal()
    cancelled = Signal()

    def __init__(
        self, fields: Sequence[str], button: str, *, cancel: str = "", labels: dict[str, str] | None = None
    ) -> None:
        super().__init__()
        self.setProperty("role", "sheet")
        self.lines: dict[str, ShortLine] = {}
        self.roles = Choice()
        self.people = Choice()  # the names there are, where one of them is to be typed or chosen
        self.people.setEditable(True)
        self.people.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.problem = make_label(role="problem")
        self.problem.hide()
        self.submit_button = make_button(button, "primary")
        self.cancel_button = make_button(cancel, "quiet")
        self._show = QCheckBox("Show what is typed")
        self._caps = make_label(CAPS_LOCK, "help")
        self._caps.hide()
        self._busy = QProgressBar()
        self._busy.setRange(0, 0)
        self._busy.setAccessibleName("Working")
        self._busy.hide()
        self.is_busy = False
        self._typing: QWidget | None = None
        self._fields = tuple(fields)
        self._lay_out(fields, LABELS | (labels or {}))
        self.submit_button.clicked.connect(self._on_submitted)
        self.cancel_button.clicked.connect(self.cancelled)
        self._show.toggled.connect(self._on_shown)

    def text(self, name: str) -> str:
        """Return what stands in a field; "" for one that is not there."""
        return self.lines[name].text() if name in self.lines else ""

    def tell(self, problem: str) -> None:
        """Say what is wrong; "" when nothing is."""
        self.problem.setText(problem)
        self.problem.setAccessibleName(problem)
        self.problem.setVisible(bool(problem))

    def set_busy(self, busy: bool) -> None:  # noqa: FBT001 a state
        """Take no more typing while it is being worked on; the window goes on living."""
        if busy:
            self._typing = self.focusWidget()
        self.is_busy = busy
        self._busy.setVisible(busy)
        for widget in (*self.lines.values(), self.roles, self.people, self.submit_button, self.cancel_button):
            widget.setEnabled(not busy)
        if not busy and self._typing:
            self._typing.setFocus()  # a widget that takes nothing has lost the keyboard

    def clear(self, *, keep: Sequence[str] = ()) -> None:
        """Empty the fields: a password stays nowhere on the screen."""
        for name, line in self.lines.items():
            if name not in keep:
                line.clear()
                line.setModified(False)
        self._show.setChecked(False)
        self._caps.hide()
        self.tell("")

    def focus_first(self) -> None:
        """Put the keyboard into the first empty field."""
        blank = [line for line in self.lines.values() if not line.text()]
        first: QWidget = next(iter(blank or self.lines.values()), self.roles)
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_wrong(self) -> None:
        """Put the keyboard where what was not taken is typed again: a password over the last one."""
        for name, line in self.lines.items():
            if name in SECRET:
                self._ask_again(line)
                return
        self.focus_first()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802, D102 Qt's name
        if event.key() == Qt.Key.Key_Escape and self.cancel_button.isVisible():
            self.cancel_button.click()  # nothing while it is disabled
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.roles.hasFocus():
            self._on_returned(ROLE)
        else:
            super().keyPressEvent(event)

    def _on_submitted(self) -> None:
        if self.is_busy:
            return
        for line in self.lines.values():
            if not line.text().strip():
                self.tell(f"{line.accessibleName()}: this is needed here.")
                line.setFocus()
                return
        if NEW in self.lines and AGAIN in self.lines and self.text(NEW) != self.text(AGAIN):
            self.tell(DIFFERENT)
            self._ask_again(self.lines[NEW])
            return
        self.tell("")
        self.submitted.emit()

    def _ask_again(self, line: ShortLine) -> None:
        """Have a password typed over the last one, and after a new one the same again."""
        if line is self.lines.get(NEW):
            self.lines[AGAIN].clear()
        line.setFocus()
        line.selectAll()

    def _on_shown(self, shown: bool) -> None:  # noqa: FBT001 Qt's signal
        for name, line in self.lines.items():
            if name in SECRET:
                line.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)

    def _lay_out(self, fields: Sequence[str], labels: dict[str, str]) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(6)
        for name in fields:
            self._add_field(layout, name, labels[name])
        if SECRET & set(fields):
            layout.addWidget(self._show)
        for widget in (self._caps, self.problem, self._busy):
            layout.addWidget(widget)
        row = QHBoxLayout()
        row.addWidget(self.submit_button)
        row.addWidget(self.cancel_button)
        row.addStretch()
        layout.addSpacing(6)
        layout.addLayout(row)
        self.cancel_button.setVisible(bool(self.cancel_button.text()))  # not before: without a place it is a window

    def _add_field(self, layout: QVBoxLayout, name: str, words: str) -> None:
        widget: QWidget
        if name == ROLE:
            widget = self.roles
        else:
            line = SecretLine() if name in SECRET else ShortLine(LONGEST)
            if name == PERSON:
                self.people.setLineEdit(line)
            line.returnPressed.connect(lambda: self._on_returned(name))
            line.typed.connect(lambda _text, line=line: self.tell(line.refused))
            if isinstance(line, SecretLine):
                line.caps_noticed.connect(self._caps.setVisible)
            self.lines[name] = line
            line.setAccessibleName(words)
            widget = self.people if name == PERSON else line
        widget.setAccessibleName(words)
        label = make_label(words, "strong")
        label.setBuddy(widget)
        layout.addWidget(label)
        layout.addWidget(widget)
        if name == NEW:
            layout.addWidget(make_label(ADVICE, "help"))
        layout.addSpacing(6)

    def _on_returned(self, name: str) -> None:
        """Go on to the next field, or submit from the last."""
        following = [self.lines[each] for each in self._fields[self._fields.index(name) + 1 :] if each in self.lines]
        if following and not following[0].text():
            following[0].setFocus()
        else:
            self._on_submitted()


def make_middle(*parts: QWidget, width: int = WIDTH) -> QWidget:
    """Return the parts one below the other in the middle of the window; where they do not fit, it scrolls."""
    column = QWidget()
    column.setFixedWidth(width)
    inner = QVBoxLayout(column)
    inner.setContentsMargins(0, 0, 0, 0)
    inner.setSpacing(12)
    for part in parts:
        inner.addWidget(part)
    page = QWidget()
    page.setProperty("role", "page")
    layout = QVBoxLayout(page)
    layout.setContentsMargins(24, 24, 24, 24)
    layout.addStretch(2)
    row = QHBoxLayout()  # aligned by itself, its height would not follow its words
    row.addStretch()
    row.addWidget(column)
    row.addStretch()
    layout.addLayout(row)
    layout.addStretch(3)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(page)
    return area
