"""One page of the wizard: its questions in one column, saved as they are answered."""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from intake_app import handoff
from intake_app.questions import Page, Question
from intake_app.ui.answer_widget import AnswerWidget, make_label
from intake_app.ui.answer_widgets import make_widget
from intake_app.ui.draft import Draft
from intake_app.ui.entry_list import EntryList
from intake_app.ui.field_column import FieldColumn
from intake_app.ui.field_row import FieldRow
from intake_app.ui.text_widgets import LongTextField

if TYPE_CHECKING:
    from intake_app.ui.page_picture import PagePicture

COLUMN = 760  # pixels: a line longer than this is hard to read
TAKEN_LETTERS = "BNRUFEVH"  # Back, Next, Record, Undo and the menus
ROWS_AHEAD = 5  # rows below the one with the keyboard: what the eye takes in first
CONTEXT = 96  # pixels shown above and below what has the keyboard
PATH = re.compile(r"(\w+)(?:\[(\d+)\])?(?:\.(\w+))?")


class Sheet(QFrame):
    """What is scrolled. It is as high as its words need at its width, and asks for no more."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "page")

    def minimumSizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """Leave the height to the width: Qt's own answer is for the narrowest one, and leaves a gap at the end."""
        return QSize(super().minimumSizeHint().width(), 0)


class QuestionPage(QScrollArea):
    """A page over a draft. Hidden questions keep their answers; the keyboard is always in sight."""

    ended = Signal()  # Enter after the last question
    troubled = Signal()  # a problem has come or gone

    def __init__(self, page: Page, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.page, self.draft = page, draft
        self._is_stale, self._is_fitting = True, False
        self._flagged: frozenset[str] = frozenset()
        self._letters = set(TAKEN_LETTERS)
        self._sheet = Sheet()
        # Where something grows, here or around it, what has the keyboard must not end up below the edge.
        self._settled = QTimer(self, singleShot=True, interval=0)
        self._settled.timeout.connect(self._keep_in_sight)
        self.verticalScrollBar().rangeChanged.connect(lambda *_: self._settled.start())
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(page.title)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)

    @cached_property
    def column(self) -> FieldColumn:
        """The questions on their sheet, made when they are first needed."""
        column = FieldColumn(self.page.questions, self._make_row)
        column.answered.connect(self.draft.save)
        column.ended.connect(self.ended)
        column.troubled.connect(self.troubled)
        self._lay_out_sheet(column)
        return column

    def build_next(self) -> bool:
        """Build one more row; return whether there was one left."""
        self._freshen()
        return self.column.build_next()

    def build_visible(self, beyond: int = ROWS_AHEAD) -> None:
        """Build what is needed to show the page at its first open question, and rows beyond; the rest can follow."""
        self._freshen()
        self.column.build(self.column.first_blank(), beyond)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        """Fit the sheet once for each new size; Qt does it in itself, until the stack is full where no size settles."""
        if event.type() != QEvent.Type.Resize or watched is not self._sheet:
            return super().eventFilter(watched, event)
        if self._is_fitting:
            return False
        self._is_fitting = True
        try:
            return super().eventFilter(watched, event)
        finally:
            self._is_fitting = False

    def lay_out(self, size: QSize) -> None:
        """Work out the places of everything for a size of the page, so that showing it later is quick."""
        if not self.isVisible():
            self.resize(size)
            self.lower()
            self.show()  # behind the page on the screen, and gone before anything is drawn
            self.hide()

    def refresh(self) -> None:
        """Show what the draft holds now."""
        self._is_stale = False
        given = {question.id for question in self.page.questions} & {*handoff.ENTERED} & {*self.draft.answers}
        # What the rules find is worked out here for a hand-off alone: no page waits for it.
        faults = handoff.list_faults(self.draft.case(), self.draft.findings()) if given else {}
        remarks = {**faults, **self.draft.unsaved_notes()}
        self.column.show_answers(self.draft.answers, remarks, self._flagged)

    def show_picture(self) -> None:
        """Draw what the draft holds now below the questions, on a page that has a picture."""
        if self.picture:
            self.picture.show_case(self.draft.case())

    def mark_stale(self) -> None:
        """Remember to refresh before the page is shown the next time."""
        self._is_stale = True

    def show_flags(self, flagged: frozenset[str]) -> None:
        """Mark in red the questions whose answers are part of a red flag."""
        self._flagged = flagged

    def problems(self) -> Mapping[str, str]:
        """Return what is wrong on this page: path to sentence."""
        found: dict[str, str] = {}
        if not self._is_made:
            return found
        for name, sentence in self.column.problems().items():
            widget = self.column.rows[name].widget
            found |= widget.problems() if isinstance(widget, EntryList) else {name: sentence}
        return found

    def is_unsaved(self) -> bool:
        """Tell whether there is typing on this page that cannot be saved."""
        return self._is_made and self.column.is_unsaved()

    def focus_first(self) -> None:
        """Put the keyboard on the first question without an answer; what is below it can follow."""
        self._freshen()
        self.column.focus_first()

    def focus_path(self, path: str) -> bool:
        """Put the keyboard on a path such as `treatments[2].end`; return whether its question is shown."""
        self._freshen()
        match = PATH.fullmatch(path)
        if not match or not self.column.focus_question(match[1]):
            return False
        widget = self.column.rows[match[1]].widget
        if isinstance(widget, EntryList) and match[2]:
            widget.focus_entry(int(match[2]), match[3] or "")
        return True

    def flush(self) -> None:
        """Let every field tell what was typed."""
        if self._is_made:
            self.column.flush()

    def _freshen(self) -> None:
        if self._is_stale:
            self.refresh()

    @property
    def _is_made(self) -> bool:
        return "column" in vars(self)

    def _lay_out_sheet(self, questions: FieldColumn) -> None:
        self.setWidget(self._sheet)
        inner = QWidget(self._sheet)
        inner.setMaximumWidth(COLUMN)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(make_label(self.page.title, "page-title"))
        if self.page.intro:
            column.addWidget(make_label(self.page.intro, "page-intro"))
        column.addWidget(questions)
        if self.picture:
            column.addWidget(self.picture)
        column.addStretch(1)
        row = QHBoxLayout(self._sheet)
        row.setContentsMargins(24, 24, 24, 40)
        row.addStretch(1)
        row.addWidget(inner, 1000)
        row.addStretch(1)

    @cached_property
    def picture(self) -> "PagePicture | None":
        """The picture below the questions, on a page that has one."""
        if not self.page.picture:
            return None
        from intake_app.ui.page_picture import PagePicture  # noqa: PLC0415  few pages have one

        return PagePicture(self.page.picture)

    def _make_row(self, question: Question) -> FieldRow:
        if question.type != "entries":
            field = make_widget(question, self.draft.today)
            if question.id in handoff.WRITTEN and isinstance(field, LongTextField):
                field.edit.setReadOnly(True)
            return FieldRow(question, field, self.draft.now)
        widget: AnswerWidget = EntryList(question, self.draft)
        assert isinstance(widget, EntryList)  # noqa: S101  made in the line above
        widget.add_button.setText(self._with_letter(f"Add {question.item}"))
        widget.troubled.connect(self.troubled)
        return FieldRow(question, widget)

    def _with_letter(self, words: str) -> str:
        """Return words with an & before a letter that no other button of this page has."""
        for at, letter in enumerate(words.upper()):
            if letter.isalpha() and letter not in self._letters:
                self._letters.add(letter)
                return f"{words[:at]}&{words[at:]}"
        return words

    def _on_focus_changed(self, _old: QWidget | None, new: QWidget | None, context: int = CONTEXT) -> None:
        if new is not None and self.isVisible() and self._sheet.isAncestorOf(new):
            self._show_row(new, context)

    def _keep_in_sight(self) -> None:
        focused = QApplication.focusWidget()
        if focused is not None and QApplication.activePopupWidget() is None:  # a list hangs on the place of its line
            self._on_focus_changed(None, focused, context=0)

    def _show_row(self, focused: QWidget, context: int) -> None:
        """Scroll so that the whole question with the keyboard is in sight, or what has the keyboard, as fits."""
        fits = self.height() - 2 * CONTEXT
        around = self._around(focused)
        rows = [widget for widget in around if isinstance(widget, FieldRow) and widget.height() < fits]
        target = rows[0] if rows else focused
        middle = target.mapTo(self._sheet, QPoint(0, target.height() // 2))
        self.ensureVisible(middle.x(), middle.y(), 0, min(target.height(), fits) // 2 + context)

    def _around(self, widget: QWidget) -> list[QWidget]:
        """Return what a widget of this page stands in, from the inside."""
        found: list[QWidget] = []
        parent = widget.parentWidget()
        while parent is not None and parent is not self._sheet:
            found.append(parent)
            parent = parent.parentWidget()
        return found
