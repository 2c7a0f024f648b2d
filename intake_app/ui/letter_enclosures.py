"""What goes with a letter: files, read in a process of their own, listed with title and pages, and removable."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from intake_app.errors import UserError
from intake_app.ui import file_dialogs, letter_shelf, outgoing_work
from intake_app.ui.answer_widget import lead_tab, make_label, set_look, set_shown
from intake_app.ui.background import take_turns
from intake_app.ui.draft import Draft
from intake_app.ui.letter_busy import BusyLine
from intake_app.ui.letter_request import Listed
from intake_app.ui.messages import MessageLine, make_button
from intake_app.ui.typed_field import LineEdit

if TYPE_CHECKING:
    from intake_app.outgoing.enclosures import Enclosure

ChooseFiles = Callable[[QWidget], Sequence[Path]]
TITLE_LENGTH = 120  # characters
ADD_HELP = "PDF, JPEG or PNG. The letter lists them by the titles given here; the name of a file is printed nowhere."
NOT_ADDED = "Reading was cancelled; what was not listed yet is not enclosed."
TOO_LONG = f"A title has at most {TITLE_LENGTH} characters."


def ask_files(parent: QWidget) -> list[Path]:
    """Ask which files to enclose."""
    kinds = "Documents and pictures (*.pdf *.jpg *.jpeg *.png);;All files (*)"
    return file_dialogs.ask_several(parent, "Add enclosures", kinds)


class EnclosureRow(QFrame):
    """One enclosure: its title to be typed, what it is, and what was left out of it."""

    titled = Signal(str)
    removed = Signal()

    def __init__(self, number: int, listed: Listed) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.line = LineEdit(TITLE_LENGTH)
        self.line.setText(listed.title)
        self.line.setAccessibleName(f"Title of enclosure {number}")
        self.line.setPlaceholderText("What is it? MRI report, 3 May 2026")
        self._problem = make_label(role="problem")
        self._problem.hide()
        remove = make_button("Remove", "quiet", f"Remove enclosure {number}")
        remove.clicked.connect(self.removed)
        self.line.editingFinished.connect(self.flush)
        foot = QHBoxLayout()
        foot.addWidget(make_label(f"{number} · {listed.kind}, {say_pages(listed.pages)}", "muted"), 1)
        foot.addWidget(remove)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 4)
        layout.setSpacing(4)
        layout.addWidget(self.line)
        layout.addWidget(self._problem)
        for note in listed.notes:
            layout.addWidget(make_label(note, "help"))
        layout.addLayout(foot)

    def flush(self) -> None:
        """Take the title that stands there, or say why it cannot be one."""
        title = " ".join(self.line.text().split())
        problem = self.line.refused or (TOO_LONG if len(title) > TITLE_LENGTH else "")
        self._problem.setText(problem)
        set_shown(self._problem, shown=bool(problem))
        set_look(self.line, state="problem" if problem else "")
        if not problem:
            self.titled.emit(title)


class EnclosurePanel(QWidget):
    """The list of enclosures, and the button that adds to it."""

    changed = Signal(object)  # all that are listed

    def __init__(self, draft: Draft, busy: BusyLine, choose_files: ChooseFiles) -> None:
        super().__init__()
        self._draft, self._busy, self._choose_files = draft, busy, choose_files
        self._listed: tuple[Listed, ...] = ()
        self._rows: list[EnclosureRow] = []
        self._removed: list[str] = []  # can be put back
        self._coming = 0  # are being kept and not listed yet
        self.add_button = make_button("Add enclosures…", "add")
        self.note = MessageLine()  # its own: the page says of each new preview that it is made
        self._list = QVBoxLayout()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self._list)
        layout.addWidget(self.note)
        layout.addWidget(self.add_button)
        layout.addWidget(make_label(ADD_HELP, "help"))
        self.add_button.clicked.connect(self.add)

    @property
    def rows(self) -> tuple[EnclosureRow, ...]:
        """The rows, in the order of the enclosures."""
        return tuple(self._rows)

    def show_enclosures(self, listed: tuple[Listed, ...]) -> None:
        """List what is enclosed; rows that stay keep the keyboard."""
        if listed == self._listed:
            return
        titles_only = [replace(one, title="") for one in listed] == [replace(one, title="") for one in self._listed]
        self._listed = listed
        if titles_only:
            return
        for row in self._rows:
            row.hide()
            row.deleteLater()
        self._rows = [self._make_row(number, one) for number, one in enumerate(listed)]
        for row in self._rows:
            self._list.addWidget(row)
        lead_tab(self.add_button, self._rows)

    def add(self) -> None:
        """Ask for files and have them read on the worker."""
        chosen = tuple(self._choose_files(self))
        self.note.clear()
        if chosen:
            words = "Reading the enclosure" if len(chosen) == 1 else "Reading the enclosures"
            self._busy.run(
                self,
                words,
                partial(outgoing_work.read_enclosures, chosen),
                self._on_read,
                given_up=self._on_given_up,
            )

    def flush(self) -> None:
        """Take the titles that are still being typed."""
        for row in self.rows:
            row.flush()

    def forget_removed(self) -> None:
        """Do not offer any more to put back what was taken off: the letter is issued."""
        if self._removed:
            self._removed = []
            self.note.clear()

    def clear_up(self) -> None:
        """Take out of the records what was taken off the list, or cut off while it was kept; if that fails, later."""
        if not self._coming:
            draft = self._draft
            work = letter_shelf.clear_up(draft.store, draft.intake_id, self._removed, draft.now())
            take_turns(self, letter_shelf.tell_trouble(work, lambda _: None))

    def _on_read(self, read: "Sequence[Enclosure | UserError]") -> None:
        refused = [one for one in read if isinstance(one, UserError)]
        taken = [one for one in read if not isinstance(one, UserError)]
        if refused:
            self.note.warn("\n".join(map(str, refused)), "Choose again…", self.add)
        if taken:
            take_turns(self, letter_shelf.tell_trouble(self._keep(taken), lambda error: self.note.warn(str(error))))

    def _keep(self, taken: "Sequence[Enclosure]") -> Iterator[None]:
        draft = self._draft
        self._coming += 1
        try:
            for one in taken:
                put_on_list = partial(self._put_on_list, one)
                yield from letter_shelf.keep(draft.store, draft.intake_id, one, draft.now(), put_on_list)
        finally:
            self._coming -= 1

    def _put_on_list(self, enclosure: "Enclosure", kept_id: str) -> None:
        one = Listed(kept_id, enclosure.title, enclosure.kind, enclosure.pages, enclosure.notes)
        self._tell((*self._listed, one))
        self._rows[-1].line.setFocus()

    def _on_given_up(self) -> None:
        outgoing_work.end_reading()
        self.note.warn(NOT_ADDED)

    def _make_row(self, number: int, listed: Listed) -> EnclosureRow:
        row = EnclosureRow(number + 1, listed)
        row.titled.connect(lambda title: self._on_titled(listed.id, title))
        row.removed.connect(lambda: self._on_removed(number))
        return row

    def _on_titled(self, shelf_id: str, title: str) -> None:
        """Take a title; also from a row that is going, whose enclosure is not listed any more."""
        listed = tuple(replace(one, title=title) if one.id == shelf_id else one for one in self._listed)
        if listed != self._listed:
            self._tell(listed)

    def _on_removed(self, number: int) -> None:
        one = self._listed[number]
        self._removed.append(one.id)
        self._tell((*self._listed[:number], *self._listed[number + 1 :]))
        self.add_button.setFocus()
        self.note.say(f"Enclosure {number + 1} is taken off.", "Undo", lambda: self._restore(one, number))

    def _restore(self, one: Listed, number: int) -> None:
        """Put an enclosure back where it was; what was typed or added since stays."""
        self._removed.remove(one.id)
        self._tell((*self._listed[:number], one, *self._listed[number:]))

    def _tell(self, listed: tuple[Listed, ...]) -> None:
        self.show_enclosures(listed)
        self.changed.emit(listed)


def say_pages(count: int) -> str:
    """Return a number of pages in words."""
    return "1 page" if count == 1 else f"{count} pages"


def say_enclosures(listed: Sequence[Listed]) -> str:
    """Return how much is enclosed, in a few words."""
    if not listed:
        return "none"
    return f"{len(listed)} ({say_pages(sum(one.pages for one in listed))})"
