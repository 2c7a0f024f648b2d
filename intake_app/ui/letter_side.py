"""The column beside a letter's pages: what it is, what can be done with it, and the versions there are."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QScrollArea, QVBoxLayout, QWidget

from intake_app import dates
from intake_app.questions import Question
from intake_app.ui.answer_widget import make_label, set_shown
from intake_app.ui.form import Form, dress_side
from intake_app.ui.letter_request import LetterRequest
from intake_app.ui.messages import MessageLine, make_button

WIDTH = 340
PATIENCE = 300  # milliseconds before it is said that something takes its time
REASON = Question("reason", "text", "Why is there another version?", "Reason", max_length=300)
NOT_ISSUED = "Not issued yet. It will be kept exactly as it stands on the screen."
NO_REASON = "Say in a line why there is another version; it is printed in the letter."
ISSUED_HELP = "This letter cannot change any more. After a change in the intake, the next one is version {next}."
SAVE_HELP = "To print it, save it and open the file. It is written only where you say."


class LetterSide(QScrollArea):
    """Says and asks; the page decides."""

    issue_asked = Signal()
    save_asked = Signal()
    cancelled = Signal()
    review_asked = Signal()
    preview_asked = Signal()
    reason_typed = Signal(str)
    version_asked = Signal(str)  # letter id

    def __init__(self, today: date) -> None:
        super().__init__()
        self.message = MessageLine()
        self.issue_button = make_button("&Issue letter", "primary")
        self.save_button = make_button("&Save as PDF…")
        self.reason = Form((REASON,), today, margin=0)
        self.block = QFrame()
        self._title = make_label(role="group-title")
        self._about = make_label(role="muted")
        self._recipient = make_label()
        self._help = make_label(role="help")
        self._block_text = make_label()
        self._busy = QWidget()
        self._versions = QVBoxLayout()
        self._rows: list[QWidget] = []
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE)
        self._patience.timeout.connect(self._busy.show)
        self._lay_out()
        self.issue_button.clicked.connect(self.issue_asked)
        self.save_button.clicked.connect(self.save_asked)
        self.reason.changed.connect(lambda: self.reason_typed.emit(self.reason.values()["reason"]))
        self.reason.entered.connect(self.issue_button.setFocus)

    def show_preview(self, version: int, request: LetterRequest) -> None:
        """Say that this is not a letter yet."""
        self._title.setText("Preview of the letter" if version == 1 else f"Preview of version {version}")
        self._about.setText(NOT_ISSUED)
        self._recipient.setText(_say_recipient(request.recipient))
        self._help.setText("")
        set_shown(self.reason, shown=version > 1)
        if self.reason.values()["reason"] != request.why_again:
            self.reason.show_values({"reason": request.why_again})
        self.allow(issue=False, save=False)
        set_shown(self.issue_button, shown=True)
        set_shown(self.save_button, shown=False)

    def show_issued(self, row: Mapping[str, Any], issued: datetime) -> None:
        """Say which letter this is."""
        self._title.setText(f"Letter version {row['version']}")
        self._about.setText(f"Issued {dates.say_day(issued.date())} at {issued:%H:%M} by {row['issued_by']}.")
        self._recipient.setText(_say_recipient(row["recipient"]))
        self._help.setText(f"{SAVE_HELP}\n\n{ISSUED_HELP.format(next=row['version'] + 1)}")
        set_shown(self.reason, shown=False)
        set_shown(self.issue_button, shown=False)
        set_shown(self.save_button, shown=True)
        self.show_block("")
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

    def show_busy(self, *, busy: bool) -> None:
        """Say that the letter is being made, once it takes long enough to be noticed."""
        if busy:
            self.message.clear()
            self._patience.start()
        else:
            self._patience.stop()
            self._busy.hide()

    def show_block(self, text: str) -> None:
        """Say what holds the letter back; "" when nothing does."""
        self._block_text.setText(text)
        set_shown(self.block, shown=bool(text))

    def allow(self, *, issue: bool, save: bool) -> None:
        """Allow what can be done with what is on the screen."""
        self.issue_button.setEnabled(issue)
        self.save_button.setEnabled(save)

    def ask_reason(self) -> None:
        """Ask why there is another version."""
        self.reason.fields["reason"].tell(NO_REASON)
        self.reason.fields["reason"].widget.focus_first()

    @property
    def text(self) -> str:
        """What the column says about the letter."""
        return " ".join(label.text() for label in (self._title, self._about, self._recipient))

    def _lay_out(self) -> None:
        self._make_block()
        self._make_busy()
        column = QFrame()
        layout = QVBoxLayout(column)
        layout.setContentsMargins(20, 20, 20, 24)
        layout.setSpacing(12)
        for widget in (
            self._title,
            self._about,
            self._recipient,
            self._busy,
            self.message,
            self.block,
            self.reason,
        ):
            layout.addWidget(widget)
        for button in (self.issue_button, self.save_button):
            layout.addWidget(button)
        layout.addWidget(self._help)
        layout.addSpacing(16)
        self._versions.setSpacing(4)
        layout.addLayout(self._versions)
        layout.addStretch()
        dress_side(self, column, WIDTH)

    def _make_block(self) -> None:
        self.block.setProperty("role", "flag")
        layout = QVBoxLayout(self.block)
        layout.setContentsMargins(14, 12, 14, 12)
        button = make_button("Go to the &review")
        button.clicked.connect(self.review_asked)
        layout.addWidget(self._block_text)
        layout.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self.block.hide()

    def _make_busy(self) -> None:
        layout = QHBoxLayout(self._busy)
        layout.setContentsMargins(0, 0, 0, 0)
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setAccessibleName("Making the letter")
        cancel = make_button("Cancel", "quiet", "Cancel making the letter")
        cancel.clicked.connect(self.cancelled)
        layout.addWidget(make_label("Making the letter…", wrap=False))
        layout.addWidget(bar, 1)
        layout.addWidget(cancel)
        self._busy.hide()


def _say_recipient(recipient: Mapping[str, str]) -> str:
    names = [recipient[name] for name in ("name", "role", "clinic") if recipient.get(name)]
    return f"To {', '.join(names)}" if names else "No recipient named"
