"""The column beside a letter's pages: what it is, what can be done with it, and the versions there are."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal, SignalInstance
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from intake_app import dates
from intake_app.questions import Question
from intake_app.ui.answer_widget import make_label, set_shown
from intake_app.ui.background import Background
from intake_app.ui.draft import Draft
from intake_app.ui.form import Form, dress_side
from intake_app.ui.letter_busy import BusyLine
from intake_app.ui.letter_dialogs import Dialogs
from intake_app.ui.letter_enclosures import say_enclosures
from intake_app.ui.letter_more import MoreMenu
from intake_app.ui.letter_parts import LetterParts
from intake_app.ui.letter_request import LetterRequest, say_person
from intake_app.ui.letter_send import SendBox
from intake_app.ui.messages import MessageLine, make_button

WIDTH = 340
REASON = Question("reason", "text", "Why is there another version?", "Reason", max_length=300)
NOT_ISSUED = "Not issued yet. It will be kept exactly as it stands on the screen."
NO_REASON = "Say in a line why there is another version; it is printed in the letter."
ISSUED_HELP = "This letter cannot change any more. After a change in the intake, the next one is version {next}."
FRONT_DESK = "the front desk"  # where nobody has signed in
SAVE_HELP = "It is written only where you say."


class LetterSide(QScrollArea):
    """Says and asks; the page decides."""

    issue_asked = Signal()
    print_asked = Signal()
    save_asked = Signal()
    review_asked = Signal()
    safety_asked = Signal()
    reason_typed = Signal(str)
    version_asked = Signal(str)  # letter id

    def __init__(self, draft: Draft, background: Background, dialogs: Dialogs) -> None:
        super().__init__()
        self.message = MessageLine()
        self.busy = BusyLine(background, self.message)
        self.aged_button = make_button("&Ask them again")
        self.issue_button = make_button("&Issue letter", "primary")
        self.print_button = make_button("&Print…", "primary", "Print the letter")
        self.save_button = make_button("&Save as PDF…")
        self.more = MoreMenu()
        self.send = SendBox()
        self.parts = LetterParts(draft, self.busy, dialogs)
        self.reason = Form((REASON,), draft.today, margin=0)
        self.block, self.aged = QFrame(), QFrame()
        self._title = make_label(role="group-title")
        self._about = make_label(role="muted")
        self._recipient = make_label()
        self._help = make_label(role="help")
        self._block_text, self._aged_text = make_label(), make_label()
        self._versions = QVBoxLayout()
        self._rows: list[QWidget] = []
        self._lay_out()
        self.issue_button.clicked.connect(self.issue_asked)
        self.print_button.clicked.connect(self.print_asked)
        self.save_button.clicked.connect(self.save_asked)
        self.reason.changed.connect(lambda: self.reason_typed.emit(self.reason.values()["reason"]))
        self.reason.entered.connect(self.issue_button.setFocus)

    def show_preview(self, version: int, request: LetterRequest) -> None:
        """Say that this is not a letter yet."""
        self._title.setText("Preview of the letter" if version == 1 else f"Preview of version {version}")
        self._about.setText(NOT_ISSUED)
        self._help.setText("")
        set_shown(self.reason, shown=version > 1)
        if self.reason.values()["reason"] != request.why_again:
            self.reason.show_values({"reason": request.why_again})
        self.parts.show_request(request)
        self.allow(issue=False, save=False)
        self._set_issued(issued=False)

    def show_issued(self, row: Mapping[str, Any], issued: datetime, request: LetterRequest) -> None:
        """Say which letter this is, and what went with it."""
        self._title.setText(f"Letter version {row['version']}")
        by = row["issued_by"] or FRONT_DESK
        self._about.setText(f"Issued {dates.say_day(issued.date())} at {issued:%H:%M} by {by}.")
        self._recipient.setText("\n".join(_say_went(row["recipient"], request)))
        self._help.setText(f"{SAVE_HELP} {ISSUED_HELP.format(next=row['version'] + 1)}")
        set_shown(self.reason, shown=False)
        self._set_issued(issued=True)
        self.show_block("")
        self.show_aged("")
        self.message.clear()

    def show_versions(self, letters: Sequence[Mapping[str, Any]], now: datetime) -> None:
        """List what was issued, the newest first."""
        for widget in self._rows:
            widget.deleteLater()
        self._rows = []
        if letters:
            self._rows.append(make_label("Versions", "section-title"))
        for row in reversed(letters):
            day = datetime.fromisoformat(row["issued_at"]).astimezone(now.tzinfo).date()
            link = make_button(f"Version {row['version']}, {dates.say_day(day)}", "link")
            link.clicked.connect(lambda _=False, i=row["id"]: self.version_asked.emit(i))
            self._rows.append(link)
            if row["reason"]:
                self._rows.append(make_label(row["reason"], "help"))
        for widget in self._rows:
            self._versions.addWidget(widget)

    def show_block(self, text: str) -> None:
        """Say what holds the letter back; "" when nothing does."""
        self._block_text.setText(text)
        set_shown(self.block, shown=bool(text))

    def show_aged(self, text: str) -> None:
        """Say that the safety questions have to be asked again; "" when they have not."""
        self._aged_text.setText(text)
        set_shown(self.aged, shown=bool(text))

    def allow(self, *, issue: bool, save: bool) -> None:
        """Allow what can be done with what is on the screen."""
        self.issue_button.setEnabled(issue)
        for button in (self.save_button, self.print_button):
            button.setEnabled(save)
        self.more.allow(issued=save)

    def flush(self) -> None:
        """Take what is still being typed."""
        self.reason.flush()
        self.parts.flush()

    def ask_reason(self) -> None:
        """Ask why there is another version."""
        self.reason.fields["reason"].tell(NO_REASON)
        self.reason.fields["reason"].widget.focus_first()

    def ask_sending(self, task: str, password: str) -> None:
        """Open the box for a copy with a password or an e-mail draft, and have it in sight."""
        self.message.clear()
        self.send.open(task, password)
        QTimer.singleShot(0, self.send, lambda: self.ensureWidgetVisible(self.send.save_button))

    @property
    def text(self) -> str:
        """What the column says about the letter."""
        return " ".join(label.text() for label in (self._title, self._about, self._recipient))

    def _set_issued(self, *, issued: bool) -> None:
        for widget in (self.print_button, self.save_button, self._recipient, self._help):
            set_shown(widget, shown=issued)
        set_shown(self.issue_button, shown=not issued)
        set_shown(self.parts, shown=not issued)
        self.send.close_box()

    def _lay_out(self) -> None:
        _fill_box(self.block, "flag", self._block_text, make_button("Go to the &review"), self.review_asked)
        _fill_box(self.aged, "notice", self._aged_text, self.aged_button, self.safety_asked)
        column = QFrame()
        layout = QVBoxLayout(column)
        layout.setContentsMargins(20, 20, 20, 24)
        layout.setSpacing(12)
        said = (self._title, self._about, self._recipient, self.busy, self.message, self.block, self.aged)
        done = (self.reason, self.issue_button, self.print_button, self.save_button)
        for widget in (*said, *done, self.parts, self.more, self.send, self._help):
            layout.addWidget(widget)
        layout.addSpacing(8)
        self._versions.setSpacing(4)
        layout.addLayout(self._versions)
        layout.addStretch()
        dress_side(self, column, WIDTH)


def _fill_box(box: QFrame, role: str, text: QLabel, button: QPushButton, pressed: SignalInstance) -> None:
    """Make a box of a text that holds the letter back, and the button that leads to where it is settled."""
    box.setProperty("role", role)
    layout = QVBoxLayout(box)
    layout.setContentsMargins(14, 12, 14, 12)
    button.clicked.connect(pressed)
    layout.addWidget(text)
    layout.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
    box.hide()


def _say_went(recipient: Mapping[str, str], request: LetterRequest) -> list[str]:
    """Return to whom a letter went, and with what."""
    person = say_person(recipient)
    lines = [f"To {person}" if person else "No recipient named"]
    lines += [f"Copies to {'; '.join(request.copies)}"] if request.copies else []
    lines += [f"Enclosures: {say_enclosures(request.enclosures)}"] if request.enclosures else []
    return lines
