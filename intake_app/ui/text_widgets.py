"""Answers in words: one line, or a text that grows with what is written."""

from datetime import date

from PySide6.QtCore import QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QHideEvent, QInputMethodEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout

from intake_app import validation
from intake_app.questions import Answer, Question
from intake_app.ui.answer_widget import AnswerWidget, set_look
from intake_app.ui.typed_field import PAUSE, ROOM, TypedField, is_huge

SHORT_TEXT = 80  # characters: up to here a line need not be as wide as the page
SHORT_LINE = 360  # pixels
FEWEST_LINES, MOST_LINES = 3, 14


class TextField(TypedField):
    """One line of words."""

    def __init__(self, question: Question, today: date) -> None:
        super().__init__(question, question.max_length)
        self._today = today
        if question.max_length <= SHORT_TEXT:
            self.line.setFixedWidth(SHORT_LINE)
            self.row.addStretch()

    def read_text(self, text: str) -> tuple[Answer, str]:
        """Return the words, unless they are too many."""
        problem = validation.problem(self.question, text, self._today)
        return (None, problem) if problem else (text, "")


class TextEdit(QPlainTextEdit):
    """A text that Tab leaves, that grows, and that refuses a paste it could not hold whole."""

    left = Signal()
    entered = Signal()  # Ctrl+Enter: Enter alone begins a new line

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._whole = limit + ROOM
        self.refused = ""
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802  Qt's name
        """Put in a paste or a drop, whole or not at all."""
        text = source.text()
        selected = len(self.textCursor().selectedText())
        if len(text) + self.document().characterCount() - selected > self._whole:
            self._refuse(len(text))
            return
        self.insertPlainText(text)
        self.ensureCursorVisible()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:  # noqa: N802  Qt's name
        """Take what an input method hands over, unless it is more than the field holds: Qt would freeze over it."""
        held = self.document().characterCount() - len(self.textCursor().selectedText())
        if is_huge(event, self._whole - held):
            event.accept()
            self._refuse(max(len(event.commitString()), len(event.preeditString())))
        else:
            super().inputMethodEvent(event)

    def _refuse(self, length: int) -> None:
        self.refused = (
            f"What was put in has {length:,} characters, too many for this field, and was not taken."
            " What stood here is kept."
        )
        self.textChanged.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """Go on with Ctrl+Enter."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802  Qt's name
        """Say that the person has gone on."""
        super().focusOutEvent(event)
        self.left.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Other widths need other heights."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Be as high as the text, within reason."""
        lines = min(max(self.document().size().height(), FEWEST_LINES), MOST_LINES)
        frame = 2 * self.frameWidth() + 2 * self.document().documentMargin() + 16  # 16: padding in style.qss
        height = round(lines * QFontMetricsF(self.font()).lineSpacing() + frame)
        if height != self.minimumHeight():
            self.setFixedHeight(height)


class LongTextField(AnswerWidget):
    """Several lines of words; saved after a short pause and on leaving."""

    def __init__(self, question: Question, today: date) -> None:
        super().__init__(question)
        self._today = today
        self._value: Answer = None  # taken
        self._typed: Answer = None  # what stands there, when it can be saved
        self._problem = ""
        self._told: tuple[Answer, str] = (None, "")
        self._showing = False
        self.edit = TextEdit(question.max_length)
        self.edit.setAccessibleName(question.text)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self.flush)
        self.edit.textChanged.connect(self._on_edited)
        self.edit.left.connect(self.flush)
        self.edit.entered.connect(self._on_entered)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.edit)

    def value(self) -> Answer:
        """Return the last text taken."""
        return self._value

    def set_value(self, value: Answer) -> None:
        """Show a text, or none; typing that means this text already stays as it is."""
        self._pause.stop()
        is_there = not self._problem and value == self._typed
        self._value = self._typed = value
        self._problem = ""
        self._told = (value, "")
        if not is_there:
            self._showing = True
            self.edit.setPlainText(value or "")
            self._showing = False
        set_look(self.edit, state="")

    def problem(self) -> str:
        """Return why the text cannot be saved."""
        return self._problem

    def is_typing(self) -> bool:
        """Tell whether something was typed that has not been told yet."""
        return self._pause.isActive()

    def focus_first(self) -> None:
        """Put the keyboard at the end of the text."""
        self.edit.setFocus(Qt.FocusReason.TabFocusReason)

    def flush(self) -> None:
        """Take what is typed, tell a new text or problem, and mark the field."""
        self._pause.stop()
        self._value = self._typed
        set_look(self.edit, state="problem" if self._problem else "")
        if (self._value, self._problem) != self._told:
            self._told = (self._value, self._problem)
            self.changed.emit()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802  Qt's name
        """Tell what is typed before it is out of sight."""
        super().hideEvent(event)
        self.flush()

    def _on_edited(self) -> None:
        if self._showing:
            return
        text = self.edit.toPlainText().strip()
        problem = validation.problem(self.question, text, self._today) if text else None
        self._problem = self.edit.refused or problem or ""
        self.edit.refused = ""
        self._typed = self._value if problem else text or None
        if not self._problem:
            set_look(self.edit, state="")
        self._pause.start()

    def _on_entered(self) -> None:
        self.flush()
        self.advanced.emit()
