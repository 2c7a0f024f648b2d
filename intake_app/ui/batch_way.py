"""The way from the list to the letters that are issued in one go, and back: one batch at a time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget

from intake_app.ui.messages import FOR_PEOPLE
from intake_app.ui.worklist import Worklist

# Loaded where it is used: hardly ever right after the start.
if TYPE_CHECKING:
    from db import Store
    from intake_app.ui.background import Background
    from intake_app.ui.batch_page import BatchPage
    from intake_app.ui.letter_batch import Desk, Issued
    from intake_app.ui.round import Round

FINISH_FIRST = "Other letters are still being issued. Wait for them, or stop them first."


@dataclass(frozen=True)
class Batch:
    """What was at work, or in front, when the window locked: ids only."""

    intake_ids: tuple[str, ...]
    began: datetime
    was_running: bool
    was_shown: bool


class BatchWay(QObject):
    """Opens the page for what is selected in the list, and tells there how far it is once it is left.

    It ends with the list, when the window locks: what is issued stays issued, and no more is begun. Who locked it is
    told so afterwards and can go on.
    """

    left = Signal()  # to the list
    intake_asked = Signal(str)

    def __init__(
        self,
        worklist: Worklist,
        stack: QStackedWidget,
        find_desk: "Callable[[], Desk]",
        find_background: "Callable[[], Background]",
    ) -> None:
        super().__init__(worklist)
        self._worklist, self._stack = worklist, stack
        self._find_desk, self._find_background = find_desk, find_background
        self._looking: Round | None = None
        self.page: BatchPage | None = None
        worklist.letters_asked.connect(self.show_letters)
        worklist.ready_asked.connect(self.choose_ready)
        stack.currentChanged.connect(self._tell)

    def show_letters(self, intake_ids: Sequence[str]) -> None:
        """Show the page with these intakes, and which of them are ready; nothing is issued yet."""
        if self.page and self.page.is_running:
            self._worklist.message.warn(FINISH_FIRST)
            return
        self._drop_page()
        self._worklist.message.clear()
        rows = {row.get("intake_id"): row for row in self._worklist.model.rows}
        self._make_page([rows[intake_id] for intake_id in intake_ids])
        self._show_page()

    def find_batch(self) -> Batch | None:
        """Return what is at work, or in front; None if there is neither."""
        page = self.page
        if page is None or not (page.is_running or self._stack.currentWidget() is page):
            return None
        return Batch(page.intake_ids, page.began, page.is_running, self._stack.currentWidget() is page)

    def go_on(self, store: "Store", batch: Batch) -> None:
        """Lead back to what was at work, or in front, when the window locked; what was not begun is not begun now."""
        from intake_app.ui.letter_batch import find_issued, read_patient  # noqa: PLC0415 see above

        try:
            patients = [read_patient(store, intake_id) for intake_id in batch.intake_ids]
            issued = find_issued(store, batch.intake_ids, batch.began)
        except FOR_PEOPLE as error:  # such as an intake that is not in a backup
            self._worklist.message.warn(str(error))
            return
        page = self._make_page(patients, issued)
        page.was_cut_off = batch.was_running
        if batch.was_shown:
            self._show_page()
        else:
            page.look()

    def _make_page(self, patients: Sequence[Mapping[str, Any]], issued: "Sequence[Issued]" = ()) -> "BatchPage":
        from intake_app.ui.batch_page import BatchPage  # noqa: PLC0415 see above

        page = self.page = BatchPage(self._find_desk(), self._find_background(), patients, issued=issued)
        page.left.connect(self._on_left)
        page.intake_asked.connect(self.intake_asked)
        page.moved.connect(self._tell)
        page.ended.connect(self._on_ended)
        self._stack.addWidget(page)
        return page

    def choose_ready(self, intake_ids: Sequence[str]) -> None:
        """Select the intakes in the list whose letters can be issued, once it is known which these are."""
        from intake_app.ui import letter_batch  # noqa: PLC0415 see above
        from intake_app.ui.round import Round  # noqa: PLC0415 see above

        if self._looking and self._looking.is_running:
            return
        ready: list[str] = []
        self._looking = looking = Round(self._find_background(), self)
        looking.told.connect(lambda intake_id, gap: ready.extend([] if gap else [intake_id]))
        looking.ended.connect(partial(self._choose, ready))
        looking.start(intake_ids, partial(letter_batch.find_gap, self._find_desk()))
        self._worklist.message.say("Looking which letters are ready…", "Cancel", looking.stop)

    def _choose(self, ready: list[str]) -> None:
        self._worklist.choose(ready)
        if not ready:
            self._worklist.message.say("No letter in this list is ready. “Issue letters…” tells why not.")
            return
        count = "1 letter is" if len(ready) == 1 else f"{len(ready)} letters are"
        self._worklist.message.say(f"{count} ready and selected.", "Issue t&hem…", self._worklist.issue_button.click)
        self._worklist.message.button.setFocus()

    def _show_page(self) -> None:
        if self.page:
            self._stack.setCurrentWidget(self.page)
            self.page.table.setFocus()
            self.page.look()  # what was not ready may have been mended

    def _on_left(self) -> None:
        self.left.emit()  # which may not be possible now
        if self.page and not self.page.is_running and self._stack.currentWidget() is not self.page:
            self._drop_page()
            self._worklist.letters.clear()

    def _on_ended(self) -> None:
        self._worklist.choose(())
        if self._stack.currentWidget() is self._worklist:
            self._worklist.refresh()

    def _tell(self) -> None:
        """Say in the list how far the letters are that were left, with the way back to them."""
        if self.page and self._stack.currentWidget() is not self.page:
            self._worklist.letters.say(self.page.say_state(), "Sho&w", self._show_page)
        else:
            self._worklist.letters.clear()

    def _drop_page(self) -> None:
        if self.page:
            self._stack.removeWidget(self.page)
            self.page.deleteLater()
            self.page = None
