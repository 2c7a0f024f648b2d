"""The last look: what is missing, what to check, to whom the letter goes, and every answer beside it."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtWidgets import QCompleter, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from intake_app import handoff
from intake_app.questions import Question
from intake_app.ui import escalation
from intake_app.ui.answer_review import AnswerReview
from intake_app.ui.answer_widget import lead_tab, make_label, set_shown
from intake_app.ui.checks import Check, list_checks, list_problems
from intake_app.ui.draft import Draft
from intake_app.ui.form import Form, dress_side
from intake_app.ui.letter_request import LetterRequest, read_request, save_request
from intake_app.ui.messages import FOR_PEOPLE, MessageLine, make_button
from intake_app.ui.summary import SummarySection
from intake_app.ui.summary_words import list_sections
from intake_app.ui.typed_field import TypedField

if TYPE_CHECKING:
    from collections.abc import Mapping

SIDE_WIDTH = 400
SHOWN_SECTIONS = ("completeness", "open")
SIGN_OFF = ("referrer_name", "referrer_role", "prepared_by")
RECIPIENT = (
    Question("name", "text", "Name", "Name", max_length=120),
    Question("role", "text", "Role or department", "Role", max_length=120),
    Question("clinic", "text", "Clinic", "Clinic", max_length=120),
    Question("address", "long_text", "Address", "Address", max_length=400),
    Question("phone", "text", "Phone", "Phone", max_length=60),
    Question("fax", "text", "Fax", "Fax", max_length=60),
)
HANDOFF_TITLE = "Tell a clinician before this letter is issued"
HANDOFF_TEXT = "Record who was told, when and by whom, or which clinician decided otherwise, and why."
NO_RECIPIENT = Check("The letter is addressed to nobody yet.", "letter.recipient")
NOT_SIGNED = "Printed as the referring clinician. The letter says that it is not signed."


class HandoffBox(QFrame):
    """Stands there while a clinician has to be told, and leads to the fields where that is settled."""

    question_asked = Signal(str)

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self.setProperty("role", "flag")
        self._draft = draft
        self.text = make_label()
        self.record_button = make_button(escalation.RECORD)
        self.waive_button = make_button("A clinician decided otherwise", "link")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 14)
        layout.setSpacing(8)
        layout.addWidget(make_label(HANDOFF_TITLE, "red"))
        layout.addWidget(self.text)
        layout.addWidget(self.record_button, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.waive_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.record_button.clicked.connect(lambda: self._go_on(waive=False))
        self.waive_button.clicked.connect(lambda: self._go_on(waive=True))

    def refresh(self) -> None:
        """Say what the clinic asks for and what is recorded so far; hidden while nobody has to be told."""
        draft, case, findings = self._draft, self._draft.case(), self._draft.findings()
        call = f"{escalation.say_words(draft.store)} {escalation.say_phone(draft.store)}."
        self.text.setText("\n".join(filter(None, (call, handoff.say(case, findings), HANDOFF_TEXT))))
        self.record_button.setText(escalation.say_button(draft))
        set_shown(self, shown=handoff.is_open(case, findings))

    def _go_on(self, *, waive: bool) -> None:
        self.question_asked.emit(escalation.begin_handoff(self._draft, waive=waive))


class CheckList(QWidget):
    """Warnings with a way to each; none of them holds the letter back."""

    question_asked = Signal(str)

    def __init__(self, before: QWidget) -> None:
        super().__init__()
        self._before = before  # what Tab comes from
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self._rows: list[QWidget] = []
        self.checks: tuple[Check, ...] | None = None

    def show_checks(self, checks: tuple[Check, ...]) -> None:
        """Show a line for each check."""
        if checks == self.checks:
            return
        self.checks = checks
        for row in self._rows:
            row.deleteLater()
        self._rows = [self._make_row(check) for check in checks] or [make_label("Nothing to look at again.", "good")]
        for row in self._rows:
            self._layout.addWidget(row)
        lead_tab(self._before, self._rows)

    def _make_row(self, check: Check) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(make_label(check.text, "problem"), 1)
        if check.path:
            button = make_button("Mend", "link", f"Mend: {check.text}")
            button.clicked.connect(lambda: self.question_asked.emit(check.path))
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return row


class ReviewPage(QWidget):
    """Left: what to look at, to whom, who refers. Right: the answers. Below: on to the letter."""

    question_asked = Signal(str)
    letter_asked = Signal()

    def __init__(self, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draft = draft
        self._recipients: dict[str, Mapping[str, str]] = {}
        self.request = LetterRequest()
        self.handoff = HandoffBox(draft)
        self.checks = CheckList(self.handoff.waive_button)
        self.sections = {name: SummarySection() for name in SHOWN_SECTIONS}
        self.recipient = Form(RECIPIENT, draft.today, margin=0)
        questions = draft.questionnaire.by_id
        self.sign_off = Form([questions[name] for name in SIGN_OFF if name in questions], draft.today, margin=0)
        self.answers = AnswerReview()
        self.message = MessageLine()
        self.preview_button = make_button("&Preview letter", "primary")
        self._completer = QCompleter(self)
        self._completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self._lay_out()
        self._connect()

    def refresh(self, problems: "Mapping[str, str] | None" = None) -> None:
        """Show the intake as it is now; `problems` are what is wrong in the wizard's fields, path to sentence."""
        case, findings = self._draft.case(), self._draft.findings()
        self.request = read_request(self._draft.store, self._draft.intake_id)
        self.handoff.refresh()
        unnamed = () if self.request.recipient else (NO_RECIPIENT,)
        self.checks.show_checks((*list_problems(case, problems or {}), *unnamed, *list_checks(case)))
        for section in list_sections(case, findings):
            if section.id in self.sections:
                self.sections[section.id].show_section(section)
        self.recipient.show_values(self.request.recipient)
        self.sign_off.show_values(self._draft.answers)
        self.answers.show_case(case)
        self._suggest()
        self.message.clear()

    def flush(self) -> None:
        """Save what is still being typed."""
        for form in (self.recipient, self.sign_off):
            form.values()

    def focus_first(self) -> None:
        """Put the keyboard on what has to be done first."""
        if self.handoff.isVisible():
            self.handoff.record_button.setFocus()
        elif not self.request.recipient.get("name"):
            self.recipient.fields["name"].widget.focus_first()
        else:
            self.preview_button.setFocus()

    def _suggest(self) -> None:
        """Offer those who were written to before, while a name is typed."""
        kept = self._draft.store.recipients()
        self._recipients = {" · ".join(filter(None, (r["name"], r["role"], r["clinic"]))): r for r in kept}
        self._completer.setModel(QStringListModel(list(self._recipients), self._completer))

    def _on_suggestion(self, words: str) -> None:
        self.recipient.show_values(self._recipients[words])
        self._on_request_typed()
        self.preview_button.setFocus()

    def _on_request_typed(self) -> None:
        """Keep what was typed at once; blank fields are left out."""
        recipient = {name: text for name, text in self.recipient.values().items() if text}
        request = replace(self.request, recipient=recipient)
        if request == self.request:
            return
        try:
            save_request(self._draft.store, self._draft.intake_id, request, self._draft.now())
        except FOR_PEOPLE as error:
            self.message.warn(str(error), "Try again", self._on_request_typed)
            return
        self.request = request
        self.message.clear()

    def _on_check(self, path: str) -> None:
        if path == NO_RECIPIENT.path:
            self.recipient.fields["name"].widget.focus_first()
        else:
            self.question_asked.emit(path)

    def _on_sign_off_typed(self) -> None:
        for name, field in self.sign_off.fields.items():
            value = field.widget.value()
            if not field.widget.problem() and value != self._draft.answers.get(name):
                self._draft.save(name, value)

    def _connect(self) -> None:
        for part in (self.handoff, self.answers):
            part.question_asked.connect(self.question_asked)
        self.checks.question_asked.connect(self._on_check)
        for section in self.sections.values():
            section.followed.connect(self.question_asked)
        self.recipient.changed.connect(self._on_request_typed)
        self.recipient.entered.connect(self.preview_button.setFocus)
        self.sign_off.changed.connect(self._on_sign_off_typed)
        self.sign_off.entered.connect(self.preview_button.setFocus)
        self.preview_button.clicked.connect(self.letter_asked)
        name = self.recipient.fields["name"].widget
        if isinstance(name, TypedField):
            name.line.setCompleter(self._completer)
        self._completer.activated.connect(self._on_suggestion, Qt.ConnectionType.QueuedConnection)

    def _lay_out(self) -> None:
        side = QFrame()
        column = QVBoxLayout(side)
        column.setContentsMargins(20, 20, 20, 24)
        column.setSpacing(10)
        column.addWidget(self.handoff)
        for title, parts in (
            ("Look at again before issuing", [self.checks]),
            ("Letter to", [self.recipient]),
            ("Referring clinician", [make_label(NOT_SIGNED, "help"), self.sign_off]),
            ("What specialists ask for", list(self.sections.values())),
        ):
            column.addSpacing(10)
            column.addWidget(make_label(title, "section-title"))
            for part in parts:
                column.addWidget(part)
        column.addStretch()
        area = QScrollArea()
        dress_side(area, side, SIDE_WIDTH)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(area)
        body.addWidget(self.answers, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(body, 1)
        layout.addWidget(self._make_foot())

    def _make_foot(self) -> QFrame:
        foot = QFrame()
        foot.setProperty("role", "footer")
        row = QHBoxLayout(foot)
        row.setContentsMargins(24, 8, 24, 8)
        row.addWidget(self.message, 1)
        row.addStretch()
        row.addWidget(self.preview_button)
        return foot
