"""Questions under each other: shows those the answers call for, and leads the keyboard from one to the next."""

from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from intake_app import flow, validation
from intake_app.questions import Question
from intake_app.ui.answer_widget import make_label, set_shown
from intake_app.ui.field_row import FieldRow

ABOVE_SECTION = 14  # pixels, so that a heading stands nearer to what it heads
MakeRow = Callable[[Question], FieldRow]


class FieldColumn(QWidget):
    """The rows of some questions, in sections if they have any; built row by row, so that idle moments suffice."""

    answered = Signal(str, object)
    ended = Signal()  # Enter after the last question
    troubled = Signal()  # a problem has come or gone

    def __init__(self, questions: tuple[Question, ...], make_row: MakeRow, surface: str = "section") -> None:
        super().__init__()
        self._questions = questions
        self._make_row, self._surface = make_row, surface
        self._answers: Mapping[str, Any] = {}
        self._remarks: Mapping[str, str] = {}
        self._flagged: frozenset[str] = frozenset()
        self._visible: set[str] = set()
        self.rows: dict[str, FieldRow] = {}
        self._sections: list[tuple[list[QWidget], list[str]]] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        self._unbuilt = self._build_all()

    def build_next(self) -> bool:
        """Build one more row; return whether there was one left."""
        return next(self._unbuilt, None) is not None

    def build(self, up_to: str = "", beyond: int = 0) -> None:
        """Build what is left, or only as far as one question and a few rows beyond it."""
        names = [question.id for question in self._questions]
        wanted = names.index(up_to) + 1 + beyond if up_to in names else len(names)
        while len(self.rows) < wanted and self.build_next():
            pass

    def show_answers(
        self,
        answers: Mapping[str, Any],
        remarks: Mapping[str, str] = MappingProxyType({}),
        flagged: frozenset[str] = frozenset(),
    ) -> None:
        """Show these answers, the questions they call for, a remark at some, and the rows to mark red."""
        self._answers, self._flagged = answers, flagged
        self._visible = {question.id for question in flow.shown(self._questions, answers)}
        self._remarks = {**validation.problem_between(self._questions, answers), **remarks}
        self._keep_focus()
        for name in self.rows:
            self._show_row(name)
        for section in self._sections:
            self._show_section(*section)

    def first_blank(self) -> str:
        """Return the first question shown that is open, or else the first one shown; "" if none is shown."""
        shown = [question for question in self._questions if question.id in self._visible]
        blank = [question.id for question in shown if question.id not in self._answers and not question.optional]
        return next(iter(blank or [question.id for question in shown]), "")

    def focus_question(self, question_id: str) -> bool:
        """Put the keyboard on a question; return whether it is shown."""
        self.build(question_id)
        if question_id not in self.rows or question_id not in self._visible:
            return False
        self.rows[question_id].widget.focus_first()
        return True

    def focus_first(self) -> None:
        """Put the keyboard on the first question without an answer, or on the first one."""
        self.focus_question(self.first_blank())

    def problems(self) -> dict[str, str]:
        """Return what is wrong in the rows shown: question id to sentence."""
        shown = {name: row.problem() for name, row in self.rows.items() if name in self._visible}
        return {name: sentence for name, sentence in shown.items() if sentence}

    def is_unsaved(self) -> bool:
        """Tell whether something stands in a row shown that cannot be saved."""
        return any(row.widget.is_unsaved() for name, row in self.rows.items() if name in self._visible)

    def flush(self) -> None:
        """Let every field tell what was typed."""
        for row in list(self.rows.values()):
            row.widget.flush()

    def _build_all(self) -> Iterator[FieldRow]:
        for title, questions in groupby(self._questions, lambda question: question.section):
            card = QFrame()
            card.setProperty("role", self._surface)
            column = QVBoxLayout(card)
            column.setContentsMargins(0, 4, 0, 4)
            column.setSpacing(0)
            widgets: list[QWidget] = [card]
            if title:
                widgets.insert(0, make_label(title, "section-title"))
                widgets[0].setContentsMargins(0, ABOVE_SECTION, 0, 0)
            for widget in widgets:
                self._layout.addWidget(widget)
            asked = list(questions)
            names = [question.id for question in asked]
            self._sections.append((widgets, names))
            self._show_section(widgets, names)
            for question in asked:
                yield self._add_row(question, column)

    def _add_row(self, question: Question, column: QVBoxLayout) -> FieldRow:
        row = self._make_row(question)
        self.rows[question.id] = row
        column.addWidget(row)
        row.answered.connect(self.answered)
        row.advanced.connect(self._on_advanced)
        row.troubled.connect(self.troubled)
        self._show_row(question.id)
        return row

    def _show_row(self, name: str) -> None:
        row = self.rows[name]
        row.show_answer(self._answers.get(name))
        row.show_flag(flagged=name in self._flagged)
        row.show_remark(self._remarks.get(name, ""))
        set_shown(row, shown=name in self._visible)

    def _show_section(self, widgets: list[QWidget], names: list[str]) -> None:
        for widget in widgets:
            set_shown(widget, shown=not self._visible.isdisjoint(names))

    def _on_advanced(self, question_id: str) -> None:
        names = [question.id for question in self._questions]
        for name in names[names.index(question_id) + 1 :]:
            if self.focus_question(name):
                return
        self.ended.emit()

    def _keep_focus(self) -> None:
        """Move the keyboard off a row that is about to disappear."""
        focused = QApplication.focusWidget()
        names = list(self.rows)
        for at, name in enumerate(names):
            if focused and name not in self._visible and self.rows[name].isAncestorOf(focused):
                before = [other for other in names[:at] if other in self._visible]
                for other in before[-1:]:
                    self.rows[other].widget.focus_first()
