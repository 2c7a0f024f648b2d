"""The steps at the left of the wizard: which pages there are, and how far each has come."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from intake_app import flow
from intake_app.flow import Progress
from intake_app.questions import Page
from intake_app.ui import mark
from intake_app.ui.answer_widget import escape_tip, make_label, set_look
from intake_app.ui.choice_widgets import GOING_ON
from intake_app.ui.mark import Mark

STEP_HEIGHT = 42
WIDEST = "28 of 29 answered"
BLANK_ENTRY = "an entry is blank"
BESIDE_WORDS = 56  # pixels: the mark, the gap and the margins
SPARE = 4  # of these, which the words may use
LEAST = 40  # pixels of words, also before the first layout
MARGIN = 30  # pixels of the column: its own, and the scroll bar
_MARKS = {Progress.UNTOUCHED: mark.UNTOUCHED, Progress.STARTED: mark.STARTED, Progress.DONE: mark.DONE}


class StepButton(QPushButton):
    """One page: its name, a mark, and the state in words."""

    def __init__(self, page: Page, walk: Callable[["StepButton", int], None]) -> None:
        super().__init__()
        self.page = page
        self._walk = walk
        self.setProperty("role", "step")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._mark = Mark()
        self._name = make_label(page.step, "step-name", wrap=False)
        self._words = make_label("", "step-state", wrap=False)
        self._said = ""
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._name)
        words.addWidget(self._words)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(10, 4, 6, 4)
        row.setSpacing(10)
        row.addWidget(self._mark)
        row.addLayout(words, 1)
        for label in (self._name, self._words):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_state(self, state: str, words: str, *, current: bool) -> None:
        """Show how far the page has come, as a mark and in words."""
        self._mark.show_state(state)
        self._said = words
        self._fit()
        self.setAccessibleName(f"{self.page.step}: {words}{', shown now' if current else ''}")
        if bool(self.property("current")) != current:
            set_look(self, current=current)
            self.setMinimumHeight(self.sizeHint().height())  # the look brings its own

    def sizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """Be as high as two lines."""
        return QSize(160, max(STEP_HEIGHT, self._row.sizeHint().height()))

    def needed_width(self) -> int:
        """Return the width at which no usual words are cut, in pixels."""
        widest = self._words.fontMetrics().horizontalAdvance(WIDEST)
        return max(widest, self._name.fontMetrics().horizontalAdvance(self.page.step)) + BESIDE_WORDS

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  Qt's name
        """Never be less high than the words: the style's own limit knows nothing of large text."""
        super().showEvent(event)
        self.setMinimumHeight(self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Show as much of the words as fits."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        for label, words in ((self._name, self.page.step), (self._words, self._said)):
            room = max(self.width() - BESIDE_WORDS + SPARE, LEAST)
            short = label.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room)
            if label.text() != short:
                label.setText(short)
        self.setToolTip(escape_tip(self._said) if self._words.text() != self._said else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """Walk along the steps with the arrows; Enter goes to the page."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._walk(self, 1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() in GOING_ON:
            self.click()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802  Qt's name
        """Let Tab come back to this step."""
        super().focusInEvent(event)
        self._walk(self, 0)


class Steps(QScrollArea):
    """All pages under each other; one stop for Tab, arrows inside."""

    chosen = Signal(str)

    def __init__(self, pages: tuple[Page, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "steps")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.buttons = {page.id: StepButton(page, self._walk) for page in pages}
        column = QFrame()
        column.setProperty("role", "steps-column")
        self.setWidget(column)
        layout = QVBoxLayout(column)
        layout.setContentsMargins(8, 16, 8, 16)
        layout.setSpacing(2)
        for page_id, button in self.buttons.items():
            layout.addWidget(button)
            button.clicked.connect(lambda _checked=False, page_id=page_id: self.chosen.emit(page_id))
        layout.addStretch()

    def needed_width(self) -> int:
        """Return the width at which no step is cut, in pixels."""
        return max(button.needed_width() for button in self.buttons.values()) + MARGIN

    def show_states(
        self, answers: dict[str, object], current: str, troubled: set[str], flagged: frozenset[str]
    ) -> None:
        """Show every page's state; `troubled` pages hold typing that is not saved, `flagged` are questions."""
        for page_id, button in self.buttons.items():
            state, words = describe_step(button.page, answers)
            if page_id in troubled:
                state, words = mark.ATTENTION, "needs attention"
            if any(question.id in flagged for question in button.page.questions):
                state = mark.FLAG
                words = "red flag" if page_id not in troubled else "red flag, attention"
            button.show_state(state, words, current=page_id == current)
        if not any(button.focusPolicy() == Qt.FocusPolicy.StrongFocus for button in self.buttons.values()):
            self._walk(self.buttons[current], 0)

    def _walk(self, button: StepButton, step: int) -> None:
        buttons: list[QWidget] = list(self.buttons.values())
        target = buttons[(buttons.index(button) + step) % len(buttons)]
        for other in buttons:
            other.setFocusPolicy(Qt.FocusPolicy.StrongFocus if other is target else Qt.FocusPolicy.ClickFocus)
        if step:
            target.setFocus(Qt.FocusReason.OtherFocusReason)
        self.ensureWidgetVisible(target)


def describe_step(page: Page, answers: dict[str, object]) -> tuple[str, str]:
    """Return how far a page has come, as a mark and in words."""
    progress = flow.progress(page, answers)
    if progress is Progress.DONE and has_blank_entry(page, answers):
        return mark.STARTED, BLANK_ENTRY
    if progress is not Progress.STARTED:
        return _MARKS[progress], progress.value
    answered, asked = flow.count(page, answers)
    return _MARKS[progress], f"{answered} of {asked} answered"


def has_blank_entry(page: Page, answers: Mapping[str, Any]) -> bool:
    """Tell whether an entry was added to a list of the page and nothing said of it."""
    lists = (answers.get(question.id) for question in page.questions if question.type == "entries")
    return any(entry.keys() == {"id"} for entries in lists if isinstance(entries, list) for entry in entries)
