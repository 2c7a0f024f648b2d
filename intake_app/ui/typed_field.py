"""A line that a person types an answer into: understood while typing, taken after a short pause or on leaving."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolTip, QVBoxLayout

from intake_app.ui.answer_widget import AnswerWidget, make_label, set_look, set_shown

if TYPE_CHECKING:
    from intake_app.questions import Answer, Question

PAUSE = 300  # milliseconds without a key after which typing is saved
ROOM = 2000  # characters above a limit that can be typed and are told to be too many
_TOO_LONG = "What was put in is longer than {:,} characters and was not taken."
LINE_BREAKS = dict.fromkeys(map(ord, "\n\r\t\v\f\u2028\u2029"), " ")


class LineEdit(QLineEdit):
    """A line that never cuts what is put into it: it takes it whole, or keeps what was there and says so."""

    typed = Signal(str)  # what a person has made of the line

    def __init__(self, limit: int, room: int = ROOM) -> None:
        super().__init__()
        self._whole = limit + room
        self.refused = ""
        self._last = ""
        self.setMaxLength(self._whole + 1)  # Qt cuts there, so that a line of this length was cut
        self.textEdited.connect(self._on_edited)
        self.textChanged.connect(self._on_changed)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:  # noqa: N802  Qt's name
        """Take what an input method hands over, unless it is far too long, which Qt would take a while to draw."""
        if is_huge(event, self._whole):
            event.accept()
            self._refuse()
            self.typed.emit(self.text())
        else:
            super().inputMethodEvent(event)

    def _on_edited(self, text: str) -> None:
        self.refused = ""
        one_line = text.rstrip("\r\n").translate(LINE_BREAKS)
        if len(text) > self._whole:
            self._refuse()
            self.setText(self._last)
        elif one_line != text:
            at = self.cursorPosition()
            self.setText(one_line)
            self.setCursorPosition(at)
        self.typed.emit(self.text())

    def _refuse(self) -> None:
        self.refused = f"{_TOO_LONG.format(self._whole)} What stood here is kept."

    def _on_changed(self, text: str) -> None:
        if len(text) <= self._whole:
            self._last = text


class ShortLine(LineEdit):
    """A line that asks no question of an intake: a search, a name, a password. It says beside it what it refuses."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit, room=0)
        self.typed.connect(self._say_refused)

    def _say_refused(self) -> None:
        if self.refused:
            QToolTip.showText(self.mapToGlobal(self.rect().bottomLeft()), self.refused, self)


def is_huge(event: QInputMethodEvent, most: int) -> bool:
    """Tell whether an input method hands over more characters at once than a field can hold."""
    return max(len(event.commitString()), len(event.preeditString())) > most


class TypedField(AnswerWidget):
    """A line with what it was understood as beneath. Subclasses say how text and answer belong together.

    A slow typist's pauses take what stands there so far. Should it become something that cannot be saved, the
    answer from before this visit to the line counts again: 1956-05-3 is not what 1956-05-32 was meant to be.
    """

    def __init__(self, question: "Question", limit: int = 100, *, width: int = 0) -> None:
        super().__init__(question)
        self.line = LineEdit(limit)
        self.line.setAccessibleName(question.text)
        self.line.setAccessibleDescription(" ".join(filter(None, (question.unit, question.help))))
        if width:
            self.line.setFixedWidth(width)
        self.echo = make_label("", "echo")
        self.echo.hide()
        self._value: Answer = None  # taken
        self._typed: Answer = None  # what the line means so far
        self._before: Answer = None  # the answer before this visit to the line
        self._problem = ""
        self._told: tuple[Answer, str] = (None, "")
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self.flush)
        self.line.typed.connect(self._on_edited)
        self.line.editingFinished.connect(self._finish)
        self.line.returnPressed.connect(self._on_return)
        self.row = QHBoxLayout()
        self.row.setSpacing(8)
        self.row.addWidget(self.line)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(self.row)
        layout.addWidget(self.echo)

    def read_text(self, text: str) -> "tuple[Answer, str]":
        """Return the answer that a text means, and why it cannot be one; the text is stripped and not blank."""
        raise NotImplementedError

    def write_value(self, value: "Answer") -> str:
        """Return the text for an answer."""
        return str(value)

    def describe(self, value: "Answer") -> str:  # noqa: ARG002  subclasses do
        """Return what stands beneath the line for an answer; "" for nothing."""
        return ""

    def value(self) -> "Answer":
        """Return the last answer taken; what is being typed is not one yet."""
        return self._value

    def set_value(self, value: "Answer") -> None:
        """Show an answer, or none; typing that means this answer already stays as it is."""
        self._pause.stop()
        is_there = not self._problem and value == self._typed and bool(self.line.text()) == (value is not None)
        self._value = self._typed = self._before = value
        self._problem = ""
        self._told = (value, "")
        if not is_there:
            self.line.setText("" if value is None else self.write_value(value))
        self._show_state()

    def problem(self) -> str:
        """Return why what stands in the line cannot be saved."""
        return self._problem

    def is_typing(self) -> bool:
        """Tell whether something was typed that has not been told yet."""
        return self._pause.isActive()

    def focus_first(self) -> None:
        """Put the keyboard into the line."""
        self.line.setFocus(Qt.FocusReason.TabFocusReason)

    def flush(self) -> None:
        """Take what is typed, tell a new answer or problem, and mark the line."""
        self._pause.stop()
        self._value = self._typed
        set_look(self.line, state="problem" if self._problem else "")
        if (self._value, self._problem) != self._told:
            self._told = (self._value, self._problem)
            self.changed.emit()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802  Qt's name
        """Tell what is typed before it is out of sight."""
        super().hideEvent(event)
        self._finish()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """Escape puts back the answer that is saved, when what stands there cannot be."""
        if event.key() == Qt.Key.Key_Escape and self._problem:
            self._problem = ""
            self.line.setText("" if self._typed is None else self.write_value(self._typed))
            self._show_state()
            self.flush()
        else:
            super().keyPressEvent(event)

    def take_text(self, text: str) -> None:
        """Put a text into the line as if it had been typed, and tell it at once."""
        self.line.setText(text)
        self._on_edited(text)
        self._finish()

    def _on_edited(self, text: str) -> None:
        typed = text.strip()
        value, problem = self.read_text(typed) if typed else (None, "")
        self._problem = self.line.refused or problem
        self._typed = self._before if problem else value
        self._show_state()
        self._pause.start()

    def _finish(self) -> None:
        """Take what is typed as the answer of this visit."""
        self.flush()
        self._before = self._value

    def _on_return(self) -> None:
        self._finish()
        self.advanced.emit()

    def _show_state(self) -> None:
        if not self._problem:
            set_look(self.line, state="")  # a mended field says so at once, a wrong one after the pause
        words = "" if self._problem or self._typed is None else self.describe(self._typed)
        self.echo.setText(words)
        set_shown(self.echo, shown=bool(words))
