"""Everything that was answered, page by page, each with a way back to its question."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from intake_app.case import Case
from intake_app.letter.words import answer_words
from intake_app.questions import Page
from intake_app.ui.answer_widget import make_label
from intake_app.ui.messages import make_button

WIDTH = 860
_LONG_WORD = re.compile(r"\S{12}(?=\S)")


@dataclass(frozen=True, slots=True)
class Answered:
    """One line: the short name of a question, its answer in words, and the path that leads to it."""

    label: str
    words: str
    path: str


def list_answered(case: Case, page: Page) -> Iterator[Answered]:
    """Yield what was answered on a page in the order of the questions; the entries of a list one by one."""
    for question in page.questions:
        if question.id not in case.answers:
            continue
        entries = case.entries(question.id) if question.type == "entries" else ()
        for at, entry in enumerate(entries):
            told = [f for f in question.fields if f.id in entry]
            lines = "\n".join(f"{f.label}: {answer_words(f, entry[f.id])}" for f in told)
            path = f"{question.id}[{at}].{told[0].id}" if told else f"{question.id}[{at}]"
            yield Answered(f"{question.item.capitalize()} {at + 1}", lines or "Nothing recorded yet", path)
        if not entries:
            yield Answered(question.label, answer_words(question, case.answers[question.id]), question.id)


def list_patient(case: Case) -> Iterator[Answered]:
    """Yield the patient's particulars that are known."""
    for question in case.questionnaire.patient.questions:
        if value := case.patient.get(question.id):
            yield Answered(question.label, answer_words(question, value), f"patient.{question.id}")


def break_words(text: str) -> str:
    """Return a text whose longest words can go on in the next line: nothing may be cut off here."""
    return _LONG_WORD.sub("\\g<0>\u200b", text)


class AnswerReview(QScrollArea):
    """The sheets, one for each page. They are built one by one, so that the window stays quick."""

    question_asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._sheets: list[tuple[str, list[Answered], str]] = []
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._build_next)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._show_column()

    def show_case(self, case: Case) -> None:
        """Show the answers of a case from the top; where they are as before, nothing is built anew."""
        pages = case.questionnaire.pages
        sheets = [(case.questionnaire.patient.title, list(list_patient(case)), "patient.family_name")]
        sheets += [(page.title, list(list_answered(case, page)), page.questions[0].id) for page in pages]
        if sheets == self._sheets:
            return
        self._sheets = sheets
        self._left = list(sheets)
        self._show_column()
        self._build_next()
        self._timer.start()

    def build(self) -> None:
        """Build what is left."""
        while self._timer.isActive():
            self._build_next()

    def _show_column(self) -> None:
        column = QWidget()
        column.setMaximumWidth(WIDTH)
        self._layout = QVBoxLayout(column)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(16)
        self._layout.addStretch()
        middle = QWidget()
        middle.setProperty("role", "page")
        row = QHBoxLayout(middle)
        row.setContentsMargins(24, 24, 24, 24)
        row.addStretch(1)
        row.addWidget(column, 100)
        row.addStretch(1)
        self.setWidget(middle)

    def _build_next(self) -> None:
        if not self._left:
            self._timer.stop()
            return
        sheet = self._make_sheet(*self._left.pop(0))
        self._layout.insertWidget(self._layout.count() - 1, sheet)

    def _make_sheet(self, title: str, rows: list[Answered], first: str) -> QFrame:
        sheet = QFrame()
        sheet.setProperty("role", "sheet")
        grid = QGridLayout(sheet)
        grid.setContentsMargins(20, 14, 12, 16)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 3)
        grid.addWidget(make_label(title, "section-title", wrap=False), 0, 0, 1, 2)
        words = "Change page" if rows else "Answer"
        grid.addWidget(self._make_link(words, f"{words}: {title}", first), 0, 2)
        if not rows:
            grid.addWidget(make_label("Nothing answered", "muted"), 1, 0, 1, 2)
        for number, row in enumerate(rows, 1):
            grid.addWidget(make_label(row.label, "answer-label"), number, 0)
            grid.addWidget(make_label(break_words(row.words), "answer"), number, 1)
            link = self._make_link("Change", f"Change: {row.label}", row.path)
            grid.addWidget(link, number, 2, Qt.AlignmentFlag.AlignTop)
        return sheet

    def _make_link(self, words: str, name: str, path: str) -> QWidget:
        link = make_button(words, "link", name)
        link.clicked.connect(lambda: self.question_asked.emit(path))
        return link
