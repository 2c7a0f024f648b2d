"""What is done with an issued letter and with the patient's sheets: saved, printed, packed, locked, drafted."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from PySide6.QtCore import QObject

from intake_app.case import make_case
from intake_app.letter import patient_sheet, safety_net
from intake_app.letter.sections import say_identity
from intake_app.ui import letter_print, letter_shelf, letter_work, outgoing_work
from intake_app.ui.background import take_turns
from intake_app.ui.draft import Draft
from intake_app.ui.letter_about import mark, read_clinic, read_paper, read_preprinted
from intake_app.ui.letter_dialogs import Dialogs
from intake_app.ui.letter_request import Listed, read_issued
from intake_app.ui.letter_send import Sending
from intake_app.ui.letter_side import LetterSide
from intake_app.ui.messages import FOR_PEOPLE

Given = Callable[[bytes], object]  # what happens with a PDF that was made


@dataclass(frozen=True)
class Shown:
    """The PDF on the screen: a preview of a version, or a letter that was issued."""

    pdf: bytes
    version: int
    issued: datetime
    letter_id: str = ""  # "" for a preview


class Outgoing(QObject):
    """Every verb here begins with what is on the screen and ends in a file or on paper that the person chose."""

    def __init__(
        self, draft: Draft, side: LetterSide, dialogs: Dialogs, find_shown: Callable[[], Shown | None]
    ) -> None:
        super().__init__(side)
        self._draft, self._store, self._side, self._dialogs = draft, draft.store, side, dialogs
        self._find_shown = find_shown
        self._verbs: dict[str, Callable[[], object]] = {
            "save_packet": lambda: self._make_packet(self._save_packet),
            "print_packet": lambda: self._make_packet(lambda pdf, of: self._printer("Referral packet", of)(pdf)),
            "print_preprinted": self._print_preprinted,
            "lock": lambda: self._open_box("lock"),
            "mail": lambda: self._open_box("mail"),
            "save_sheet": lambda: self._make_sheet(self._save_sheet),
            "print_sheet": lambda: self._make_sheet(self._printer("Patient information")),
            "save_card": lambda: self._make_card(self._save_card),
            "print_card": lambda: self._make_card(self._printer("Safety card")),
        }
        side.more.asked.connect(self.do)
        side.send.save_asked.connect(self.send)

    def do(self, name: str) -> None:
        """Do what an entry of the menu says."""
        self._verbs[name]()

    def say_language(self) -> None:
        """Say in which language the patient's sheets are."""
        self._side.more.show_language(safety_net.say_language(self._language))

    def save(self) -> None:
        """Write the letter on the screen to where the person says; only issued letters leave the records."""
        if shown := self._issued():
            name = letter_work.name_file(self._draft.intake_id, shown.version, shown.issued)
            self.save_as(name, shown.pdf, shown)

    def print(self) -> None:
        """Print the letter on the screen; only issued letters leave the records."""
        if shown := self._issued():
            self._printer("Referral letter", shown)(shown.pdf)

    def send(self, sending: Sending) -> None:
        """Make the copy or the draft that was asked for, and save it."""
        shown = self._issued()
        if shown is None:
            return
        lock = partial(outgoing_work.lock_copy, shown.pdf, sending.password)
        if sending.task == "lock":
            self._run("Making the copy", lock, partial(self._save_copy, shown))
        elif sending.kind == "packet":
            self._make_packet(lambda pdf, of: self._draft_mail(sending, of, lambda: pdf))
        else:
            self._draft_mail(sending, shown, lock if sending.kind == "password copy" else lambda: shown.pdf)

    def save_as(self, name: str, content: bytes, of: Shown | None = None) -> None:
        """Ask where, write the file there, and say so or why not; `of` is the letter that leaves the records in it."""
        path = self._dialogs.choose_path(self._side, name)
        if path is None:
            return
        try:
            letter_work.save_file(path, content)
        except FOR_PEOPLE as error:
            self._side.message.warn(str(error), "Save elsewhere…", lambda: self.save_as(name, content, of))
            return
        self._side.message.say(f"Saved as {path.name}.")
        self._note("exported", of)

    def _note(self, action: str, of: Shown | None) -> None:
        """Have it in the audit trail that a letter left the records."""
        if of:
            try:
                self._store.note(action, f"letter/{of.letter_id}", self._draft.now())
            except FOR_PEOPLE as error:
                self._warn(error)

    @property
    def _language(self) -> str:
        return str(self._draft.patient["language"] or "")

    def _issued(self) -> Shown | None:
        shown = self._find_shown()
        return shown if shown and shown.letter_id else None

    def _run(self, words: str, work: Callable[[], bytes], done: Given) -> None:
        self._side.busy.run(self, words, outgoing_work.quietly(work), done)

    def _name(self, what: str, of: Shown) -> str:
        """Return the name of a file beside the letter's, which says nothing about the patient either."""
        return letter_work.name_file(self._draft.intake_id, of.version, of.issued).replace("letter", what, 1)

    def _save_packet(self, pdf: bytes, of: Shown) -> None:
        self.save_as(self._name("packet", of), pdf, of)

    def _printer(self, title: str, of: Shown | None = None) -> Given:
        """Return what asks for a printer and prints; `title` names nobody, it stands in the printer's list."""

        def ask_and_print(pdf: bytes) -> None:
            printer = self._dialogs.ask_printer(self._side)
            if printer is None:
                return
            letter_print.prepare(printer, title)
            work = partial(letter_print.print_pdf, pdf, printer)
            self._note("printed", of)
            self._side.busy.run(self, "Printing", work, self._on_printed, given_up=self._on_print_stopped)

        return ask_and_print

    def _on_printed(self, pages: int) -> None:
        self._side.message.say(f"Sent to the printer: {'1 page' if pages == 1 else f'{pages} pages'}.")

    def _on_print_stopped(self) -> None:
        self._side.message.warn("Printing was cancelled. Pages that the printer had already may still come out.")

    def _make_packet(self, done: Callable[[bytes, Shown], object]) -> None:
        """Fetch the enclosures' pages from the records in turns, then have the packet made."""
        shown = self._issued()
        if shown is None:
            return
        listed = read_issued(self._store, shown.letter_id).enclosures
        about = self._address(shown)

        def make(pages: tuple[bytes, ...]) -> None:
            work = partial(outgoing_work.make_packet, shown.pdf, listed, pages, about)
            self._run("Making the packet", work, lambda pdf: done(pdf, shown))

        self._fetch(listed, make)

    def _fetch(self, listed: tuple[Listed, ...], done: Callable[[tuple[bytes, ...]], object]) -> None:
        take_turns(self, letter_shelf.tell_trouble(letter_shelf.fetch(self._store, listed, done), self._warn))

    def _warn(self, error: Exception) -> None:
        self._side.message.warn(str(error))

    def _address(self, shown: Shown) -> outgoing_work.Addressed:
        """Return whom the letter is about and to whom it went, from what was kept with it."""
        row = next(row for row in self._store.letters(self._draft.intake_id) if row["id"] == shown.letter_id)
        patient = json.loads(self._store.letter_case(shown.letter_id))["patient"]
        case = make_case(self._draft.questionnaire, patient, {}, shown.issued.date())
        return outgoing_work.Addressed(say_identity(case), read_clinic(self._store), row["recipient"], shown.issued)

    def _print_preprinted(self) -> None:
        if shown := self._issued():
            questionnaire = self._draft.questionnaire
            height = read_preprinted(self._store)
            work = partial(outgoing_work.draw_preprinted, shown.pdf, questionnaire, height)
            self._run("Making the print", work, self._printer("Referral letter", shown))

    def _open_box(self, task: str) -> None:
        from intake_app.outgoing.password_copy import make_password  # noqa: PLC0415  loads what reads PDFs

        self._side.ask_sending(task, make_password())

    def _save_copy(self, of: Shown, pdf: bytes) -> None:
        self.save_as(self._name("password-copy", of), pdf, of)

    def _draft_mail(self, sending: Sending, of: Shown, attach: Callable[[], bytes]) -> None:
        from intake_app.outgoing.mail_draft import FILE_NAME  # noqa: PLC0415  see above

        clinic = read_clinic(self._store)
        self._run(
            "Making the e-mail draft",
            lambda: outgoing_work.make_draft(sending.email, sending.kind, attach(), clinic),
            lambda draft: self.save_as(FILE_NAME, draft, of),
        )

    def _make_sheet(self, done: Given) -> None:
        clinic, issued, language, seen = read_clinic(self._store), self._draft.now(), self._language, mark(self._draft)
        paper = read_paper(self._store)
        work = partial(patient_sheet.make_sheet, language, clinic, issued, paper=paper, watermark=seen)
        self._run("Making the patient's sheet", work, done)

    def _save_sheet(self, pdf: bytes) -> None:
        self.save_as(patient_sheet.name_sheet(self._language), pdf)

    def _make_card(self, done: Given) -> None:
        clinic, issued, language, seen = read_clinic(self._store), self._draft.now(), self._language, mark(self._draft)
        paper = read_paper(self._store)
        work = partial(safety_net.make_card, language, clinic=clinic, issued=issued, paper=paper, watermark=seen)
        self._run("Making the safety card", work, done)

    def _save_card(self, pdf: bytes) -> None:
        self.save_as(safety_net.name_card(self._language), pdf)
