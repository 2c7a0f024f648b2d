"""One question on a page: the words to read aloud, the widget that answers it, and what is wrong with the typing."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QVBoxLayout, QWidget

from intake_app.questions import YES, Answer, Question
from intake_app.ui.answer_widget import AnswerWidget, make_label, set_look, set_shown
from intake_app.ui.messages import make_button
from intake_app.ui.moment_field import MomentField, say_moment

SIDE_BY_SIDE = 560  # pixels from which the buttons of a yes-no question stand beside its words
NOT_SAVED = "This typing is not saved."
KEPT = "The answer given before is kept until this is mended."


class FieldRow(QFrame):
    """A question with its widget. `answered` tells its id and the answer that can be saved."""

    answered = Signal(str, object)
    advanced = Signal(str)
    troubled = Signal()  # a problem has come or gone

    def __init__(self, question: Question, widget: AnswerWidget, now: Callable[[], datetime] | None = None) -> None:
        super().__init__()
        self.question, self.widget = question, widget
        self._remark = ""
        self._answer: Answer = None  # as it was last told or shown
        self.setProperty("role", "row")
        self._box = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._box.setSpacing(8)
        self._box.addWidget(self._make_words(), 1)
        self._box.addWidget(self._make_answer(now), 0)
        self.note = make_label("", "problem")
        self.note.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(6)
        layout.addLayout(self._box)
        layout.addWidget(self.note)
        widget.changed.connect(self._on_changed)
        widget.advanced.connect(lambda: self.advanced.emit(question.id))

    def show_answer(self, value: Answer) -> None:
        """Show an answer from outside, unless the widget says it already or somebody is typing there."""
        self._answer = value
        if self.widget.value() != value and not self.widget.is_typing():
            self.widget.set_value(value)
            self._show_note()
        if self.question.type == "yes_no":
            set_look(self, yes=value == YES)

    def show_flag(self, *, flagged: bool) -> None:
        """Mark the row red when its answer is part of a red flag that was found."""
        set_look(self, flag=flagged)

    def show_remark(self, sentence: str) -> None:
        """Say what is wrong with the answer given, such as an end before its start; "" for nothing."""
        if sentence != self._remark:
            self._remark = sentence
            self._show_note()

    def problem(self) -> str:
        """Return what is wrong here, in a sentence; "" for nothing."""
        return self.widget.problem() or self._remark

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Put the buttons of a yes-no question beside its words when there is room."""
        super().resizeEvent(event)
        is_wide = self.question.type == "yes_no" and self.width() >= SIDE_BY_SIDE
        sides = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        wanted = sides[0] if is_wide else sides[1]
        if self._box.direction() != wanted:
            self._box.setDirection(wanted)

    def _make_words(self) -> QWidget:
        words = QWidget()
        layout = QVBoxLayout(words)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addStretch()
        layout.addWidget(make_label(self.question.text, "question"))
        if self.question.help:
            layout.addWidget(make_label(self.question.help, "help"))
        layout.addStretch()
        return words

    def _make_answer(self, now: Callable[[], datetime] | None) -> QWidget:
        if not (now and isinstance(self.widget, MomentField)):
            return self.widget
        field = self.widget
        field.now = now
        button = make_button("Now", "quiet", f"Now: {self.question.label}")
        button.clicked.connect(lambda: self._on_now(field, now()))
        field.row.insertWidget(1, button)
        return field

    def _on_now(self, field: MomentField, moment: datetime) -> None:
        """Answer, and go on like any key that answers."""
        field.take_text(say_moment(moment))
        field.advanced.emit()

    def _on_changed(self) -> None:
        self._show_note()
        value = self.widget.value()
        if not self.widget.problem() or value != self._answer:  # what a pause took too early is taken back
            self._answer = value
            self.answered.emit(self.question.id, value)

    def _show_note(self) -> None:
        sentence = self._remark
        if problem := self.widget.problem():
            sentence = f"{problem} {NOT_SAVED if self.widget.value() is None else KEPT}"
        if sentence != self.note.text():
            self.note.setText(sentence)
            set_shown(self.note, shown=bool(sentence))
            self.troubled.emit()
