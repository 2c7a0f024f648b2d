"""The letter: looked at before it is issued, issued whole, and every version kept."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from intake_app import handoff
from intake_app.case import Case
from intake_app.letter import left_out
from intake_app.ui import clinic_logo, letter_issue, letter_work, outgoing_work, safety_age, trace_work
from intake_app.ui.background import Background, Job
from intake_app.ui.draft import Draft
from intake_app.ui.letter_about import compose_about, mark, read_clinic
from intake_app.ui.letter_dialogs import ChoosePath, Dialogs, ask_path
from intake_app.ui.letter_outgoing import Outgoing, Shown
from intake_app.ui.letter_request import (
    LetterRequest,
    read_issued,
    read_request,
    remember_recipient,
    save_request,
)
from intake_app.ui.letter_side import LetterSide
from intake_app.ui.letter_trace import TracePanel
from intake_app.ui.letter_view import LetterView
from intake_app.ui.letter_work import Unprintable
from intake_app.ui.messages import FOR_PEOPLE

__all__ = ["ChoosePath", "LetterPage", "ask_path"]

TYPED_LAST = "What you typed last is in the letter now. Look at it and issue it again."
CHANGED_MEANWHILE = "Something changed while the letter was being signed. Look at the preview and issue it again."


class LetterPage(QWidget):
    """At the left what the letter is and what can be done with it, at the right its pages."""

    question_asked = Signal(str)
    review_asked = Signal()
    previewed = Signal()  # there is a preview, or a reason why there is none
    issued = Signal()

    def __init__(
        self,
        draft: Draft,
        background: Background,
        choose_path: ChoosePath = ask_path,
        dialogs: Dialogs | None = None,
    ) -> None:
        super().__init__()
        self._draft, self._store, self._background = draft, draft.store, background
        self._job: Job | None = None
        self._wanted: tuple[Any, ...] = ()  # what the preview was made from
        self._about: dict[str, Any] = {}
        self._case: Case | None = None
        self.shown: Shown | None = None
        self.request = LetterRequest()
        dialogs = dialogs or Dialogs(choose_path)
        self.side = LetterSide(draft, background, dialogs)
        self.view = LetterView(background)
        self.trace = TracePanel()
        self.outgoing = Outgoing(draft, self.side, dialogs, lambda: self.shown)
        self._left = QStackedWidget()
        self._lay_out()
        self._connect()

    def refresh(self) -> None:
        """Show the letter that stands: the last issued one, or after a change a preview of the next."""
        self.request = read_request(self._store, self._draft.intake_id)
        self.side.parts.enclosures.clear_up()
        letters = self._store.letters(self._draft.intake_id)
        self.side.show_versions(letters, self._draft.now())
        self.outgoing.say_language()
        self.side.message.clear()
        is_closed = self._store.intake(self._draft.intake_id)["closed_at"] is not None
        if letters and is_closed:
            self.show_version(letters[-1]["id"])
        else:
            self.preview()

    def preview(self, *, again: bool = False) -> None:
        """Have the next version made from the answers as they are now, unless it is on the screen already."""
        case, findings = self._draft.case(), self._draft.findings()
        letters = self._store.letters(self._draft.intake_id)
        version = len(letters) + 1
        wanted = self._want(version)
        parts = {page.id: page.title for page in left_out.list_optional(case)}
        self.side.parts.left_out.show_parts(parts)
        self.side.show_preview(version, self.request)
        self._say_blocks()
        if wanted == self._wanted and self.shown and not self.shown.letter_id and not again:
            self.side.allow(issue=True, save=False)
            return
        self._about = compose_about(self._draft, self.request, letters)
        work = partial(letter_work.make_letter, case, findings, self._about)
        self._make(case, work, wanted, version, self._about["issued"])

    def show_version(self, letter_id: str) -> None:
        """Show a letter as it was issued."""
        self._drop_job()
        row = next(row for row in self._store.letters(self._draft.intake_id) if row["id"] == letter_id)
        try:
            pdf = self._store.letter_pdf(letter_id)
        except FOR_PEOPLE as error:
            self.side.message.warn(str(error))
            return
        issued = datetime.fromisoformat(row["issued_at"]).astimezone(self._draft.now().tzinfo)
        self.side.show_issued(row, issued, read_issued(self._store, letter_id))
        self._show(Shown(pdf, row["version"], issued, letter_id))

    def cancel(self) -> None:
        """Give up the letter that is being made."""
        if self._job:
            self._drop_job()
            self._on_given_up()

    def issue(self) -> None:
        """Keep the letter on the screen, to the byte, as the intake's next version; signed, if that is asked for.

        Alt+I leaves the keyboard in its field: what was typed there last has to be in the letter first.
        """
        before = self.request
        self.side.flush()
        if self.request != before:
            self.side.message.say(TYPED_LAST)
            return
        shown = self.shown
        if shown is None or shown.letter_id or self._case is None or self._say_blocks():
            return
        if shown.version > 1 and not self.request.why_again:
            self.side.ask_reason()
        elif self._wanted != self._want(shown.version):
            self.preview()  # the patient was corrected, or it was made on another day and would carry its date
        elif self.side.parts.sign.is_on:
            self._sign(self._case, shown.version)
        else:
            self._keep(shown.pdf, self._case)

    def save(self) -> None:
        """Write the letter on the screen to where the person says; only issued letters leave the records."""
        self.outgoing.save()

    def _sign(self, case: Case, version: int) -> None:
        """Have the letter made once more, by whom it is signed printed in it, and signed; then keep that."""
        panel = self.side.parts.sign
        given = panel.read()
        if given is None:
            self.side.parts.folds["sign"].open()
            return
        path, passphrase = given
        findings, about, at = self._draft.findings(), self._about, self._draft.now()

        def work(_progress: object) -> bytes:
            signing = outgoing_work.Signing(outgoing_work.read_file(path), passphrase, at)
            return outgoing_work.make_signed(case, findings, about, signing)

        self.side.allow(issue=False, save=False)
        self.side.busy.run(
            self,
            "Signing the letter",
            work,
            lambda pdf: self._on_signed(pdf, case, version),
            failed=self._on_not_signed,
            given_up=lambda: self.side.allow(issue=True, save=False),
        )

    def _on_signed(self, pdf: bytes, case: Case, version: int) -> None:
        if self._wanted == self._want(version) and not self._job:
            self._keep(pdf, case)
        else:
            self.preview()
            self.side.message.warn(CHANGED_MEANWHILE)

    def _on_not_signed(self, error: Exception) -> None:
        self.side.allow(issue=True, save=False)
        if not isinstance(error, FOR_PEOPLE):
            raise error
        self.side.parts.folds["sign"].open()
        self.side.parts.sign.refuse(str(error))

    def _keep(self, pdf: bytes, case: Case) -> None:
        """Keep a finished letter; where the records cannot be written, nothing is lost and it can be tried again."""
        try:
            row = letter_issue.keep_letter(self._draft, case, pdf, self.request)
        except FOR_PEOPLE as error:
            self.side.message.warn(str(error), "Try again", lambda: self._keep(pdf, case))
            return
        self.side.parts.sign.forget()
        self.side.parts.enclosures.forget_removed()
        self.refresh()
        self.side.message.say(f"Version {row['version']} is issued and kept.")
        self.side.print_button.setFocus()
        self.issued.emit()

    def _want(self, version: int) -> tuple[Any, ...]:
        """Return everything a letter made now would say: a preview of anything else is not the letter."""
        case = self._draft.case()
        asked = dict(case.answered_at)  # the letter says when
        clinic = read_clinic(self._store), clinic_logo.read_kept(self._store)
        return (case.answers, asked, case.patient, self.request, clinic, version, self._draft.today, mark(self._draft))

    def _say_blocks(self) -> bool:
        """Say what holds the letter back, and return whether something does."""
        untold = handoff.is_open(self._draft.case(), self._draft.findings())
        aged = safety_age.find_aged(self._draft)
        self.side.show_block(letter_issue.NO_HANDOFF if untold else "")
        self.side.show_aged(safety_age.say_aged(self._draft, aged))
        return untold or bool(aged)

    def _on_safety_asked(self) -> None:
        """Go to the first safety question that has to be asked again."""
        for name in safety_age.find_aged(self._draft)[:1]:
            self.question_asked.emit(name)

    def _make(
        self,
        case: Case,
        work: Callable[[], bytes | Unprintable],
        wanted: tuple[Any, ...],
        version: int,
        issued: datetime,
    ) -> None:
        self._drop_job()
        self._case, self._wanted, self.shown = case, wanted, None
        self.side.message.clear()
        self._job = self.side.busy.run(
            self,
            "Making the letter",
            lambda _: work(),
            lambda made: self._on_made(made, version, issued),
            failed=self._on_failed,
            given_up=self._on_given_up,
        )

    def _drop_job(self) -> None:
        self.side.busy.drop(self._job)
        self._job = None

    def _on_given_up(self) -> None:
        self._job = None
        self.side.message.warn("No preview was made.", "Make it now", lambda: self.preview(again=True))

    def _on_made(self, made: bytes | Unprintable, version: int, issued: datetime) -> None:
        self._job = None
        if isinstance(made, Unprintable):
            self.view.pages.clear()
            action = "Go to the field" if made.path else "Go to the review"
            self.side.message.warn(str(made.error), action, lambda: self._go_to(made.path))
        else:
            self._show(Shown(made, version, issued))
        self.previewed.emit()

    def _on_failed(self, error: Exception) -> None:
        self._job = None
        self._offer(error, lambda: self.preview(again=True))

    def _offer(self, error: Exception, again: Callable[[], object]) -> None:
        """Say what went wrong, with a button that tries it again."""
        if not isinstance(error, FOR_PEOPLE):
            raise error
        self.side.message.warn(str(error), "Try again", again)

    def _show(self, shown: Shown) -> None:
        self.shown = shown
        is_letter = bool(shown.letter_id)
        self.side.allow(issue=not is_letter, save=is_letter)
        self._background.run(
            self,
            lambda: letter_work.measure_pages(shown.pdf),
            lambda sizes: self.view.pages.show_pdf(shown.pdf, sizes),
            lambda error: self._offer(error, lambda: self._show(shown)),
        )
        self.trace.show_traced(())

    def _ask_traces(self) -> None:
        """Once the pages are drawn, have it found out where their sentences come from."""
        if shown := self.shown:
            work = partial(trace_work.trace_letter, shown.pdf, self._draft.questionnaire)
            done = partial(self._show_traced, shown)
            self._background.run(self, work, done, self._on_not_traced)

    def _show_traced(self, shown: Shown, traced: tuple[trace_work.Traced, ...]) -> None:
        if shown is self.shown:
            self.view.pages.show_traced(traced)
            self.trace.show_traced(traced)

    def _on_not_traced(self, error: Exception) -> None:
        if not isinstance(error, FOR_PEOPLE):
            raise error
        self.trace.show_traced((), str(error))

    def _on_trace_asked(self, is_asked: bool) -> None:  # noqa: FBT001  Qt's signal
        self._left.setCurrentWidget(self.trace if is_asked else self.side)
        if is_asked:
            self.trace.list.setFocus()
        else:
            self.view.pages.mark(-1)

    def _on_pointed(self, row: int) -> None:
        self.view.trace_button.setChecked(True)
        self.trace.choose(row)

    def _go_to(self, path: str) -> None:
        if path:
            self.question_asked.emit(path)
        else:
            self.review_asked.emit()

    def _on_reason(self, reason: str) -> None:
        """Keep why there is another version, and print it."""
        self._on_request(replace(self.request, why_again=reason))

    def _on_request(self, request: LetterRequest) -> None:
        """Keep what was settled beside the answers, and print it."""
        if request == self.request:
            return
        self.request = request
        self.preview()
        self._keep_request()

    def _keep_request(self) -> None:
        try:
            save_request(self._store, self._draft.intake_id, self.request, self._draft.now())
        except FOR_PEOPLE as error:
            self.side.message.warn(str(error), "Try again", self._keep_request)

    def _on_keep_recipient(self) -> None:
        """Keep the recipient in the directory."""
        try:
            remember_recipient(self._store, self.request.recipient, self._draft.now())
        except FOR_PEOPLE as error:
            self.side.message.warn(str(error))
        self.side.parts.recipient.show_kept(self.request.recipient)

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._left.addWidget(self.side)
        self._left.addWidget(self.trace)
        self._left.setFixedWidth(self.side.width())
        layout.addWidget(self._left)
        layout.addWidget(self.view, 1)

    def _connect(self) -> None:
        self.side.issue_asked.connect(self.issue)
        self.side.save_asked.connect(self.save)
        self.side.print_asked.connect(self.outgoing.print)
        self.side.reason_typed.connect(self._on_reason)
        self.side.review_asked.connect(self.review_asked)
        self.side.safety_asked.connect(self._on_safety_asked)
        self.side.version_asked.connect(self.show_version)
        self.side.parts.changed.connect(self._on_request)
        self.side.parts.keep_asked.connect(self._on_keep_recipient)
        self.view.trace_asked.connect(self._on_trace_asked)
        self.view.pages.drawn.connect(self._ask_traces)
        self.view.pages.pointed.connect(self._on_pointed)
        self.trace.chosen.connect(self.view.pages.mark)
