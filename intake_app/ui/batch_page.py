"""The page on which the letters of several intakes are issued in one go: what is ready, how far it is, what is left."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from intake_app.ui import file_dialogs, letter_batch
from intake_app.ui.answer_widget import make_label
from intake_app.ui.background import Background
from intake_app.ui.batch_table import BatchTable
from intake_app.ui.letter_batch import Desk, Issued
from intake_app.ui.letter_issue import IS_ISSUED
from intake_app.ui.letter_work import name_file
from intake_app.ui.messages import MessageLine, make_button
from intake_app.ui.round import Round

TITLE = "Issue letters"
INTRO = (
    "Every letter that is ready is issued as it would be on its own page. The others stay as they are,"
    " and what each of them needs stands beside it."
)
READY = "Ready"
STOPPING = "Stopping after this one…"
KEPT = "Version {} is issued and kept."
CUT_OFF = "Stopped when the window locked: {}"
ChooseFolder = Callable[[QWidget], Path | None]


def ask_folder(parent: QWidget) -> Path | None:
    """Ask for a folder."""
    return file_dialogs.ask_folder(parent, "A folder for the letters")


class BatchPage(QWidget):
    """First it is looked which letters are ready; then they are issued; then they can be saved as files.

    It can be left while it works. `patients` are rows with intake_id and the patient's particulars, `issued` are those
    of them whose letters were issued here before the window locked.
    """

    left = Signal()
    intake_asked = Signal(str)
    moved = Signal()  # one more is done, or it has ended
    ended = Signal()  # issuing has ended
    was_cut_off = False  # by the lock, and nothing was issued since

    def __init__(
        self,
        desk: Desk,
        background: Background,
        patients: Sequence[Mapping[str, Any]],
        choose_folder: ChooseFolder = ask_folder,
        *,
        issued: Sequence[Issued] = (),
    ) -> None:
        super().__init__()
        self._desk, self._choose_folder = desk, choose_folder
        self.intake_ids = tuple(patient["intake_id"] for patient in patients)
        self.began = desk.now()
        self._ready: list[str] = []
        self._wanted = self._done = 0
        self.issued = {each.intake_id: each for each in issued}
        self.looking, self.issuing, self.saving = (Round(background, self) for _ in range(3))
        self.message, self.bar = MessageLine(), QProgressBar()
        self.summary = make_label(role="strong")
        self.table = BatchTable(patients, desk.now().date())
        self.issue_button = make_button("&Issue", "primary")
        self.cancel_button = make_button("&Cancel")
        self.save_button = make_button("Save all as &PDF…")
        self.open_button = make_button("&Open")
        self.back_button = make_button("&Back to the list", "quiet")
        self._lay_out()
        self._connect()
        for each in issued:
            self.table.tell(each.intake_id, KEPT.format(each.version), needs=False)

    @property
    def is_running(self) -> bool:
        """Tell whether letters are being issued or saved."""
        return self.issuing.is_running or self.saving.is_running

    def look(self) -> None:
        """Look which are ready, of those that are not issued yet."""
        if self.looking.is_running or self.is_running:
            return
        self._ready = []
        ids = [intake_id for intake_id in self.intake_ids if intake_id not in self.issued]
        self._begin(self.looking, ids, partial(letter_batch.find_gap, self._desk))

    def issue(self) -> None:
        """Issue every letter that is ready."""
        self.was_cut_off = False
        self.message.clear()
        self._begin(self.issuing, self._ready, partial(letter_batch.issue, self._desk))

    def cancel(self) -> None:
        """Stop; the letter being worked on is finished first, and what is issued stays issued."""
        for each in (self.looking, self.issuing, self.saving):
            each.stop()
        self.cancel_button.setEnabled(False)
        self.summary.setText(STOPPING)

    def save(self) -> None:
        """Write the letters issued here into a folder that the person chooses."""
        folder = self._choose_folder(self)
        if folder is None:
            return
        self.message.clear()
        files = {intake_id: folder / name for intake_id, name in name_files(list(self.issued.values())).items()}
        letters = {intake_id: issued.letter_id for intake_id, issued in self.issued.items()}
        work = partial(letter_batch.save, self._desk)
        self._begin(self.saving, list(letters), lambda intake_id: work(files[intake_id], letters[intake_id]))

    def say_state(self) -> str:
        """Return in a sentence how far issuing is, or how it ended."""
        if self.issuing.is_running:
            return f"Letters are being issued: {self._done} of {self._wanted}."
        words = f"{len(self.issued)} of {_count(len(self.intake_ids))} issued"
        words += f", {len(self._ready)} more ready." if self._ready else "."
        return CUT_OFF.format(words) if self.was_cut_off else words

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802, D102 Qt's name
        if event.key() == Qt.Key.Key_Escape and self.cancel_button.isEnabled():
            self.cancel()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _begin(self, what: Round, ids: Sequence[str], work: Callable[[str], object]) -> None:
        self._wanted, self._done = len(ids), 0
        self.bar.setRange(0, len(ids))
        self.bar.setValue(0)
        what.start(list(ids), work)
        self._show_progress()
        self._allow()
        if what is not self.looking:
            self.cancel_button.setFocus()

    def _count_one(self) -> None:
        self._done += 1
        self.bar.setValue(self._done)
        if self.cancel_button.isEnabled():
            self._show_progress()
        self.moved.emit()

    def _on_looked(self, intake_id: str, gap: object) -> None:
        if not gap:
            self._ready.append(intake_id)
        self.table.tell(intake_id, str(gap) or READY, needs=bool(gap) and gap != IS_ISSUED)
        self._count_one()

    def _on_issued(self, intake_id: str, outcome: object) -> None:
        if isinstance(outcome, Issued):
            self.issued[intake_id] = outcome
            self._ready.remove(intake_id)
            self.table.tell(intake_id, KEPT.format(outcome.version), needs=False)
        else:
            self.table.tell(intake_id, str(outcome), needs=True)
        self._count_one()

    def _on_saved(self, intake_id: str, outcome: object) -> None:
        if outcome:
            self.table.tell(intake_id, str(outcome), needs=True)
        else:
            words = f"Version {self.issued[intake_id].version} is issued, kept and saved."
            self.table.tell(intake_id, words, needs=False)
        self._count_one()

    def _on_look_ended(self) -> None:
        self._end()
        words = [f"{_count(len(self._ready))} ready"]
        words += [f"{others} not"] if (others := self.table.count_needs(self.intake_ids)) else []
        words += [f"{len(self.issued)} issued"] if self.issued else []
        said = f"{', '.join(words)}."
        self.summary.setText(CUT_OFF.format(said) if self.was_cut_off else said)
        (self.issue_button if self._ready else self.table).setFocus()

    def _on_issue_ended(self) -> None:
        self._end()
        self.summary.setText(self._sum_up())
        self.table.setFocus()
        if self.save_button.isEnabled():
            self.save_button.setFocus()
        self.ended.emit()

    def _on_save_ended(self) -> None:
        self._end()
        saved = self._wanted - self.table.count_needs(self.issued)
        stopped = self._wanted - self._done
        self.summary.setText(f"{_count(saved - stopped)} saved." + (" Stopped." if stopped else ""))

    def _sum_up(self) -> str:
        issued, left = len(self.issued), self._wanted - self._done
        words = [f"{_count(issued)} issued."]
        if left:
            words.append(f"Stopped: {left} not begun, nothing of them is changed.")
        if others := self.table.count_needs(self.intake_ids):
            words.append(f"{others} not issued: what each needs stands beside it. Open it, and mend that.")
        return " ".join(words)

    def _end(self) -> None:
        self.table.sort()
        self._allow()
        self.moved.emit()

    def _show_progress(self) -> None:
        words = {self.looking: "Looking which are ready", self.issuing: "Issuing", self.saving: "Saving"}
        doing = next((words[each] for each in words if each.is_running), "")
        self.summary.setText(f"{doing}: {self._done} of {self._wanted}.")

    def _allow(self) -> None:
        """Offer what can be done now."""
        busy = self.looking.is_running or self.is_running
        self.bar.setVisible(busy)
        self.cancel_button.setVisible(busy)
        self.cancel_button.setEnabled(busy)
        self.issue_button.setVisible(not busy and bool(self._ready))
        self.issue_button.setText(f"&Issue {_count(len(self._ready))}")
        self.issue_button.setAccessibleName(self.issue_button.text().replace("&", ""))
        self.save_button.setVisible(not busy and bool(self.issued))
        self.open_button.setEnabled(bool(self.table.chosen()))

    def _on_opened(self) -> None:
        if intake_id := self.table.chosen():
            self.intake_asked.emit(intake_id)

    def _lay_out(self) -> None:
        self.bar.setAccessibleName("How many are done")
        self.bar.setTextVisible(False)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.issue_button, self.cancel_button, self.save_button, self.open_button):
            buttons.addWidget(button)
        buttons.addStretch()
        buttons.addWidget(self.back_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(32, 24, 32, 20)
        layout.setSpacing(12)
        for widget in (make_label(TITLE, "page-title"), make_label(INTRO, "page-intro"), self.message, self.summary):
            layout.addWidget(widget)
        layout.addWidget(self.bar)
        layout.addWidget(self.table, 1)
        layout.addLayout(buttons)

    def _connect(self) -> None:
        for each, told, ended in (
            (self.looking, self._on_looked, self._on_look_ended),
            (self.issuing, self._on_issued, self._on_issue_ended),
            (self.saving, self._on_saved, self._on_save_ended),
        ):
            each.told.connect(told)
            each.ended.connect(ended)
        self.issue_button.clicked.connect(self.issue)
        self.cancel_button.clicked.connect(self.cancel)
        self.save_button.clicked.connect(self.save)
        self.open_button.clicked.connect(self._on_opened)
        self.back_button.clicked.connect(self.left)
        self.table.opened.connect(self._on_opened)
        self.table.moved.connect(self._allow)


def name_files(issued: Sequence[Issued]) -> dict[str, str]:
    """Return a file's name for each letter by its intake's id: without anything personal, and no two the same."""
    names: dict[str, str] = {}
    for each in issued:
        name = name_file(each.intake_id, each.version, each.at)
        names[each.intake_id] = f"letter-{each.intake_id}-v{each.version}.pdf" if name in names.values() else name
    return names


def _count(letters: int) -> str:
    return "1 letter" if letters == 1 else f"{letters} letters"
