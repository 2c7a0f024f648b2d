"""The panel at the right: what the answers add up to, live."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QScrollArea, QVBoxLayout, QWidget

from intake_app.factors import Finding
from intake_app.ui import mark
from intake_app.ui.answer_widget import make_label, set_look, set_shown
from intake_app.ui.draft import Draft
from intake_app.ui.elided_button import ElidedButton
from intake_app.ui.mark import Mark
from intake_app.ui.summary_words import Line, Section, count_complete, list_sections, say_urgency

LINE = 22  # pixels: a mark stands beside the first line of its words
_MARKS = {"item-known": mark.DONE, "item-open": mark.UNTOUCHED, "summary-flag": mark.FLAG}


class SummaryLine(QWidget):
    """A line of words, with a mark if it has one; a line that leads to a question is a button."""

    followed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._line: Line | None = None
        self._mark = Mark(14, height=LINE)
        self._label = make_label(role="summary-text")
        self._link = ElidedButton(margin=6)
        self._link.setProperty("role", "summary-link")
        self._link.clicked.connect(self._on_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 1, 0, 1)
        row.setSpacing(8)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._label, 1)
        row.addWidget(self._link, 1)

    def show_line(self, line: Line) -> None:
        """Show a line."""
        if line == self._line:
            return
        self._line = line
        is_link = bool(line.path) and line.look != "summary-flag"
        set_shown(self._mark, shown=line.look in _MARKS)
        self._mark.show_state(_MARKS.get(line.look, mark.UNTOUCHED))
        set_shown(self._label, shown=not is_link)
        set_shown(self._link, shown=is_link)
        if is_link:
            self._link.show_text(line.text)
        else:
            set_look(self._label, role=line.look)
            self._label.setText(line.text)

    def _on_clicked(self) -> None:
        if self._line:
            self.followed.emit(self._line.path)


class SummarySection(QWidget):
    """A heading with its lines; lines are kept and reused, and only what is new is drawn."""

    followed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.title = make_label(role="summary-title")
        self._lines: list[SummaryLine] = []
        self.layout_ = QVBoxLayout(self)
        self.layout_.setContentsMargins(0, 0, 0, 0)
        self.layout_.setSpacing(2)
        self.layout_.addWidget(self.title)

    def show_section(self, section: Section) -> None:
        """Show the lines of a section, or nothing if it has none."""
        set_shown(self, shown=bool(section.lines))
        if self.title.text() != section.title:
            self.title.setText(section.title)
        while len(self._lines) < len(section.lines):
            line = SummaryLine()
            line.followed.connect(self.followed)
            self._lines.append(line)
            self.layout_.addWidget(line)
        for at, widget in enumerate(self._lines):
            if at < len(section.lines):
                widget.show_line(section.lines[at])
            set_shown(widget, shown=at < len(section.lines))


class Summary(QScrollArea):
    """Urgency, safety questions, completeness, what rules found and what is still to obtain."""

    followed = Signal(str)  # the path of a question somebody wants to go to

    def __init__(self, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draft = draft
        self._sections: dict[str, SummarySection] = {}
        self._findings: tuple[Finding, ...] | None = None  # those that are shown, or are being shown
        self._left: list[Section] = []
        self.urgency = make_label(role="urgency")
        self.meter = QProgressBar()
        self.meter.setTextVisible(False)
        self.meter.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setProperty("role", "summary")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._sheet = QFrame()
        self._sheet.setProperty("role", "summary-column")
        self._column = QVBoxLayout(self._sheet)
        self._column.setContentsMargins(16, 16, 16, 24)
        self._column.setSpacing(16)
        self._column.addWidget(self.urgency)
        self._column.addStretch(1)
        self.setWidget(self._sheet)
        self._sheet.hide()  # until there is something on it: filling what can be seen takes five times as long

    def refresh(self) -> None:
        """Show what the draft's answers add up to now."""
        while self.fill_next():
            pass

    def fill_next(self) -> bool:
        """Show the next part of what the draft's answers add up to now; return whether there is more."""
        findings = self._draft.findings()
        if findings is not self._findings:  # from the beginning, when something has changed meanwhile
            self._findings = findings
            self._left = list(list_sections(self._draft.case(), findings))
            self._show_urgency(findings)
        elif self._left:
            section = self._left.pop(0)
            self._section(section.id).show_section(section)
        if not self._left:
            set_shown(self._sheet, shown=True)
        return bool(self._left)

    def _show_urgency(self, findings: tuple[Finding, ...]) -> None:
        level, words = say_urgency(findings)
        self.urgency.setText(words)
        set_look(self.urgency, state=level or "none")
        known, total = count_complete(findings)
        self.meter.setRange(0, max(total, 1))
        self.meter.setValue(known)
        self.meter.setAccessibleName(f"Complete referral: {known} of {total}")

    def _section(self, section_id: str) -> SummarySection:
        if section_id not in self._sections:
            section = self._sections[section_id] = SummarySection()
            section.followed.connect(self.followed)
            self._column.insertWidget(self._column.count() - 1, section)
            if section_id == "completeness":
                section.layout_.insertWidget(1, self.meter)
        return self._sections[section_id]
