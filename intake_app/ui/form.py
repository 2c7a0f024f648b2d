"""A short form: a few questions one below the other, with what is wrong at its field."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from intake_app.questions import Question
from intake_app.ui.answer_widget import AnswerWidget, make_label
from intake_app.ui.answer_widgets import make_widget

WIDTH = 680  # pixels: a line that the eye can follow


class FormField(QWidget):
    """One question with its label, its widget, its help and what is wrong with it."""

    changed = Signal()

    def __init__(self, question: Question, today: date, *, required: bool) -> None:
        super().__init__()
        self.question = question
        self.widget: AnswerWidget = make_widget(question, today)
        self._problem = make_label(role="problem")
        self._problem.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        mark = "  (needed)" if required else ""
        label = make_label(f"{question.text}{mark}", "strong")
        label.setBuddy(self.widget)
        layout.addWidget(label)
        layout.addWidget(self.widget)
        if question.help:
            layout.addWidget(make_label(question.help, "help"))
        layout.addWidget(self._problem)
        self.widget.changed.connect(self._on_changed)

    def tell(self, problem: str) -> None:
        """Say what is wrong at the field; "" when nothing is."""
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))

    def _on_changed(self) -> None:
        self.tell(self.widget.problem())
        self.changed.emit()


class Form(QFrame):
    """The fields of a form as a sheet; `values` are "" where nothing was given."""

    changed = Signal()
    entered = Signal()  # Enter in the last field

    def __init__(
        self, questions: Sequence[Question], today: date, required: Sequence[str] = (), *, margin: int = 24
    ) -> None:
        super().__init__()
        if margin:  # without one, it stands on something else's surface
            self.setProperty("role", "sheet")
        self.required = tuple(required)
        self.fields = {q.id: FormField(q, today, required=q.id in required) for q in questions}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(margin, margin, margin, margin)
        layout.setSpacing(18 if margin else 10)
        order = list(self.fields.values())
        for number, field in enumerate(order):
            layout.addWidget(field)
            field.changed.connect(self.changed)
            if number + 1 < len(order):
                field.widget.advanced.connect(order[number + 1].widget.focus_first)
            else:
                field.widget.advanced.connect(self.entered)

    def values(self) -> dict[str, Any]:
        """Return what can be kept of every field."""
        self.flush()
        given = {name: field.widget.value() for name, field in self.fields.items()}
        return {name: "" if value is None else value for name, value in given.items()}

    def flush(self) -> None:
        """Let every field tell what was typed."""
        for field in self.fields.values():
            field.widget.flush()

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Fill the form in; what is missing is blank."""
        for name, field in self.fields.items():
            value = values.get(name)
            field.widget.set_value(None if value == "" else value)
            field.tell("")

    def find_problem(self) -> bool:
        """Say at each field what is wrong, put the keyboard into the first, and return whether there is one."""
        values = self.values()
        wrong = []
        for name, field in self.fields.items():
            blank = name in self.required and values[name] == "" and not field.widget.problem()
            sentence = f"{field.question.text} is needed here." if blank else field.widget.problem()
            field.tell(sentence)
            if sentence:
                wrong.append(field)
        if wrong:
            wrong[0].widget.focus_first()
        return bool(wrong)


def dress_side(area: QScrollArea, column: QWidget, width: int) -> None:
    """Make an area the column at a page's left side: of one width, scrolling up and down only."""
    area.setProperty("role", "side")
    area.setWidgetResizable(True)
    area.setFixedWidth(width)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(column)


def make_column(*parts: QWidget) -> QScrollArea:
    """Return the parts one below the other in a column of readable width that scrolls."""
    column = QWidget()
    column.setMaximumWidth(WIDTH)
    inner = QVBoxLayout(column)
    inner.setContentsMargins(0, 0, 0, 0)
    inner.setSpacing(16)
    for part in parts:
        inner.addWidget(part)
    inner.addStretch()
    middle = QWidget()
    middle.setProperty("role", "page")
    layout = QHBoxLayout(middle)
    layout.setContentsMargins(32, 28, 32, 28)
    layout.addStretch(1)
    layout.addWidget(column, 100)  # all the width there is, up to its own limit
    layout.addStretch(1)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(middle)
    return area
