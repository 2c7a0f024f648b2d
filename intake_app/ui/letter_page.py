"""The letter: looked at before it is issued, issued whole, saved where a person says, and every version kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from intake_app import handoff, rulebook
from intake_app.case import Case, write_case_file
from intake_app.ui import letter_work
from intake_app.ui.background import Background, Job
from intake_app.ui.draft import Draft
from intake_app.ui.letter_changes import list_changes
from intake_app.ui.letter_request import (
    LetterRequest,
    end_request,
    read_request,
    remember_recipient,
    save_request,
)
from intake_app.ui.letter_side import LetterSide
from intake_app.ui.letter_view import LetterView
from intake_app.ui.letter_work import Unprintable
from intake_app.ui.messages import FOR_PEOPLE

ChoosePath = Callable[[QWidget, str], Path | None]  # parent, suggested name -> where to save, or None
FRONT_DESK = "front desk"
NO_HANDOFF = (
    "Clinic protocol asks that a clinician is told about this patient's answers first."
    " Record to whom, when and by whom it was handed over, or which clinician decided otherwise, and why."
)


def ask_path(parent: QWidget, name: str) -> Path | None:
    """Ask where to save a letter."""
    chosen, _ = QFileDialog.getSaveFileName(parent, "Save the letter as a PDF", name, "PDF (*.pdf)")
    return Path(chosen) if chosen else None


@dataclass(frozen=True)
class Shown:
    """The PDF on the screen: a preview of a version, or a letter that was issued."""

    pdf: bytes
    version: int
    issued: datetime
    letter_id: str = ""  # "" for a preview


class LetterPage(QWidget):
    """At the left what the letter is and what can be done with it, at the right its pages."""

    question_asked = Signal(str)
    review_asked = Signal()
    previewed = Signal()  # there is a preview, or a reason why there is none
    issued = Signal()

    def __init__(self, draft: Draft, background: Background, choose_path: ChoosePath = ask_path) -> None:
        super().__init__()
        self._draft, self._store, self._background = draft, draft.store, background
        self._choose_path = choose_path
        self._job: Job | None = None
        self._wanted: tuple[Any, ...] = ()  # what the preview was made from
        self._case: Case | None = None
        self.shown: Shown | None = None
        self.request = LetterRequest()
        self.side = LetterSide(draft.today)
        self.view = LetterView(background)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.side)
        layout.addWidget(self.view, 1)
        self.setFocusProxy(self.view)
        self.side.issue_asked.connect(self.issue)
        self.side.save_asked.connect(self.save)
        self.side.cancelled.connect(self.cancel)
        self.side.reason_typed.connect(self._on_reason)
        self.side.review_asked.connect(self.review_asked)
        self.side.version_asked.connect(self.show_version)
        self.side.preview_asked.connect(lambda: self.preview(again=True))

    def refresh(self) -> None:
        """Show the letter that stands: the last issued one, or after a change a preview of the next."""
        self.request = read_request(self._store, self._draft.intake_id)
        letters = self._store.letters(self._draft.intake_id)
        self.side.show_versions(letters, self._draft.now())
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
        clinic = self._read_clinic()
        issued = self._draft.now()
        wanted = self._want(version)
        self.side.show_preview(version, self.request)
        self._say_blocks()
        if wanted == self._wanted and self.shown and not self.shown.letter_id and not again:
            return
        changes = list_changes(self._store.letter_case(letters[-1]["id"]), case) if letters else ()
        about = {
            "clinic": clinic,
            "recipient": dict(self.request.recipient),
            "issued": issued,
            "version": version,
            "ruleset": rulebook.edition(),
            "rules_signed": rulebook.say_signatures(self._signatures()),
            "reason": self.request.why_again,
            "changes": changes,
            "watermark": letter_work.NOT_REAL if self._draft.patient["is_demo"] else "",
        }
        self._make(case, partial(letter_work.make_letter, case, findings, about), wanted, version, issued)

    def show_version(self, letter_id: str) -> None:
        """Show a letter as it was issued."""
        self.cancel()
        row = next(row for row in self._store.letters(self._draft.intake_id) if row["id"] == letter_id)
        try:
            pdf = self._store.letter_pdf(letter_id)
        except FOR_PEOPLE as error:
            self.side.message.warn(str(error))
            return
        issued = datetime.fromisoformat(row["issued_at"]).astimezone(self._draft.now().tzinfo)
        self.side.show_issued(row, issued)
        self._show(Shown(pdf, row["version"], issued, letter_id))

    def cancel(self) -> None:
        """Give up the letter that is being made."""
        if self._job:
            self._job.cancel()
            self._job = None
            self.side.show_busy(busy=False)
            self.side.message.warn("No preview was made.", "Make it now", lambda: self.preview(again=True))

    def issue(self) -> None:
        """Keep the letter on the screen, to the byte, as the intake's next version."""
        shown = self.shown
        if shown is None or shown.letter_id or self._case is None or self._say_blocks():
            return
        if shown.version > 1 and not self.request.why_again:
            self.side.ask_reason()
            return
        if self._wanted != self._want(shown.version):
            self.preview()  # the patient was corrected, or it was made on another day and would carry its date
            return
        try:
            row = self._keep(shown, self._case)
        except FOR_PEOPLE as error:
            self.side.message.warn(str(error), "Try again", self.issue)
            return
        self.refresh()
        self.side.message.say(f"Version {row['version']} is issued and kept.")
        self.side.save_button.setFocus()
        self.issued.emit()

    def save(self) -> None:
        """Write the letter on the screen to where the person says; only issued letters leave the records."""
        shown = self.shown
        if shown is None or not shown.letter_id:
            return
        path = self._choose_path(self, letter_work.name_file(self._draft.intake_id, shown.version, shown.issued))
        if path is None:
            return
        try:
            letter_work.save_file(path, shown.pdf)
        except FOR_PEOPLE as error:
            self.side.message.warn(str(error), "Save elsewhere…", self.save)
            return
        self.side.message.say(f"Saved as {path.name}.")

    def _keep(self, shown: Shown, case: Case) -> Mapping[str, Any]:
        now, store, intake_id = self._draft.now(), self._store, self._draft.intake_id
        issued_by = str(case.answers.get("prepared_by") or FRONT_DESK)
        row = store.issue_letter(
            intake_id,
            shown.pdf,
            write_case_file(case),
            rulebook.say_edition(self._signatures()),
            self.request.recipient,
            issued_by,
            now,
            self.request.why_again,
        )
        remember_recipient(store, self.request.recipient, now)
        end_request(store, intake_id, self.request)
        return row

    def _want(self, version: int) -> tuple[Any, ...]:
        """Return everything a letter made now would say: a preview of anything else is not the letter."""
        case = self._draft.case()
        return (case.answers, case.patient, self.request, self._read_clinic(), version, self._draft.today)

    def _read_clinic(self) -> dict[str, str]:
        return {name: text or "" for name, text in (self._store.clinic() or {}).items()}

    def _signatures(self) -> rulebook.Signatures:
        return rulebook.read_signatures(self._store.setting)

    def _say_blocks(self) -> bool:
        """Say what holds the letter back, and return whether something does."""
        held = handoff.is_open(self._draft.case(), self._draft.findings())
        self.side.show_block(NO_HANDOFF if held else "")
        return held

    def _make(
        self,
        case: Case,
        work: Callable[[], bytes | Unprintable],
        wanted: tuple[Any, ...],
        version: int,
        issued: datetime,
    ) -> None:
        if self._job:
            self._job.cancel()
        self._case, self._wanted, self.shown = case, wanted, None
        self.side.show_busy(busy=True)
        self._job = self._background.run(self, work, lambda made: self._on_made(made, version, issued), self._on_failed)

    def _on_made(self, made: bytes | Unprintable, version: int, issued: datetime) -> None:
        self._job = None
        self.side.show_busy(busy=False)
        if isinstance(made, Unprintable):
            self.view.pages.clear()
            self.side.message.warn(str(made.error), "Go to the field", lambda: self._go_to(made.path))
        else:
            self._show(Shown(made, version, issued))
        self.previewed.emit()

    def _on_failed(self, error: Exception) -> None:
        self._job = None
        self.side.show_busy(busy=False)
        if not isinstance(error, FOR_PEOPLE):
            raise error
        self.side.message.warn(str(error), "Try again", lambda: self.preview(again=True))

    def _show(self, shown: Shown) -> None:
        self.shown = shown
        self.side.allow(issue=not shown.letter_id, save=bool(shown.letter_id))
        self._background.run(
            self,
            lambda: letter_work.measure_pages(shown.pdf),
            lambda sizes: self.view.pages.show_pdf(shown.pdf, sizes),
            self._on_failed,
        )

    def _go_to(self, path: str) -> None:
        if path:
            self.question_asked.emit(path)
        else:
            self.review_asked.emit()

    def _on_reason(self, reason: str) -> None:
        """Keep why there is another version, and print it."""
        if reason != self.request.why_again:
            self.request = replace(self.request, why_again=reason)
            try:
                save_request(self._store, self._draft.intake_id, self.request)
            except FOR_PEOPLE as error:
                self.side.message.warn(str(error))
            self.preview()
