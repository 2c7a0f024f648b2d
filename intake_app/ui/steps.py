"""The steps at the left of the wizard: which pages there are, and how far each has come."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from intake_app import flow
from intake_app.flow import Progress
from intake_app.questions import Page
from intake_app.ui import mark
from intake_app.ui.answer_widget import make_label, set_look
from intake_app.ui.choice_widgets import GOING_ON
from intake_app.ui.mark import Mark

STEP_HEIGHT = 42
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

    def show_state(self, state: str, words: str, *, current: bool) -> None:
        """Show how far the page has come, as a mark and in words."""
        self._mark.show_state(state)
        if self._words.text() != words:
            self._words.setText(words)
        self.setAccessibleName(f"{self.page.step}: {words}{', shown now' if current else ''}")
        set_look(self, current=current)

    def sizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """Be as high as two lines."""
        return QSize(160, max(STEP_HEIGHT, self._row.sizeHint().height()))

    def minimumSizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """Never cut the words off."""
        return QSize(120, self.sizeHint().height())

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
    if progress is not Progress.STARTED:
        return _MARKS[progress], progress.value
    answered, asked = flow.count(page, answers)
    return _MARKS[progress], f"{answered} of {asked} answered"
