"""Walks through an intake: steps at the left, the questions in the middle, what they add up to at the right."""

import time
from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from db import StoreError
from intake_app import codes, handoff
from intake_app.ui import escalation, safety_age
from intake_app.ui.banners import Banner
from intake_app.ui.draft import Draft
from intake_app.ui.question_page import QuestionPage
from intake_app.ui.steps import Steps
from intake_app.ui.summary import Summary
from intake_app.ui.summary_words import find_flagged, say_urgent
from intake_app.ui.wizard_foot import BACK, SAVED, TO_LIST, WizardFoot

SLICE = 0.008  # seconds of building pages ahead before the window may do something else
MANY_ENTRIES = 60  # in all lists: with more, working out what they add up to is put off until the answer is shown
ROOMY = 1280  # pixels from which the sides are wider
SIDES = {True: (212, 312), False: (172, 262)}  # widths of steps and summary
LINE = 70  # letters: the width of the questions that the steps leave, whatever they need themselves
UNSAVED = "Some typing is not saved."
TROUBLED = "All answers are saved; some need attention."  # a waiver that does not hold, or two that contradict
WAS_TOLD = "A clinician was told about these answers."


class Wizard(QWidget):
    """One intake on the screen. Every answer is saved as it is given, and no page insists on one."""

    finished = Signal()  # the last page is done: on to the review
    left = Signal()  # back to the list
    asked_again = Signal()  # the safety answers were confirmed

    def __init__(self, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.draft = draft
        # Everything is made inside what it stands in: whatever is moved there later is styled all over again.
        self.stack = QStackedWidget(self)
        self.pages = {page.id: QuestionPage(page, draft, self.stack) for page in draft.questionnaire.pages}
        self.steps = Steps(draft.questionnaire.pages, self)
        self.summary = Summary(draft, self)
        self.emergency = Banner("banner-emergency", escalation.RECORD)
        self.trouble = Banner("banner-problem", "&Try again")
        self.aged = Banner("banner-problem", safety_age.UNCHANGED)
        self.foot = WizardFoot()
        self.back_button, self.next_button = self.foot.back_button, self.foot.next_button
        self.undo_button, self.saved_label = self.foot.undo_button, self.foot.saved_label
        self._unbuilt = list(self.pages.values())
        self._flagged: frozenset[str] = frozenset()
        self._rest: Iterator[None] = iter(())  # what can wait
        self._waiting = QTimer(self, singleShot=True, interval=0)
        self._waiting.timeout.connect(self._go_on)
        self._build_layout()
        self._connect()
        self._add_keys()
        self._show_stack(draft.store.intake(draft.intake_id)["page"] or "")
        self.page.build_visible(beyond=0)  # before it is shown: what comes later appears later, too
        self._refresh_steps()

    @property
    def page(self) -> QuestionPage:
        """The page on the screen."""
        page = self.stack.currentWidget()
        assert isinstance(page, QuestionPage)  # noqa: S101  nothing else is on the stack
        return page

    def show_page(self, page_id: str) -> None:
        """Turn to a page and put the keyboard on its first question without an answer."""
        self._turn_to(page_id)
        self.page.focus_first()

    def show_question(self, path: str) -> bool:
        """Turn to a question such as `leg_pain` or `treatments[2].end`; return whether it is shown at present."""
        question_id = path.partition("[")[0].partition(".")[0]
        if question_id not in self.draft.questionnaire.by_id:  # of a page that is there no more
            return False
        self._turn_to(self.draft.questionnaire.page_of(question_id).id)
        return self.page.focus_path(path)

    def turn(self, step: int) -> None:
        """Turn to the next page (1) or the one before (-1), or out of the wizard at either end."""
        ids = list(self.pages)
        at = ids.index(self.page.page.id) + step
        if at == len(ids):
            self.page.flush()
            self.finished.emit()
        elif at < 0:
            self.page.flush()
            self.left.emit()
        else:
            self.show_page(ids[at])

    def undo(self) -> None:
        """Take back the last answer and show its question."""
        self.page.flush()
        question_id = self.draft.undo()
        if question_id:
            self.show_question(question_id)
        self.saved_label.setText("Taken back." if question_id else "There is nothing to take back.")

    def problems(self) -> dict[str, str]:
        """Return the typing that is not saved and the answers that contradict each other: path to sentence."""
        return {path: words for page in self.pages.values() for path, words in page.problems().items()}

    def is_unsaved(self) -> bool:
        """Tell whether there is typing that cannot be saved and goes when the wizard goes."""
        return any(page.is_unsaved() for page in self.pages.values())

    def flush(self) -> None:
        """Save what is still being typed."""
        self.page.flush()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  Qt's name
        """Put the keyboard on the first open question; all else is worked out and built in idle moments."""
        super().showEvent(event)
        self.page.focus_first()
        settle_layouts()
        self._follow()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802  Qt's name
        """Put off what is still to be worked out: after a lock nobody may read the records for it."""
        super().hideEvent(event)
        self._waiting.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Give the questions the room they need."""
        super().resizeEvent(event)
        steps, summary = SIDES[self.width() >= ROOMY]
        spare = self.width() - summary - LINE * self.fontMetrics().averageCharWidth()
        self.steps.setFixedWidth(max(steps, min(self.steps.needed_width(), spare)))
        self.summary.setFixedWidth(summary)

    def _build_layout(self) -> None:
        middle = QVBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.stack, 1)
        middle.addWidget(self.foot)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self.steps)
        body.addLayout(middle, 1)
        body.addWidget(self.summary)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.emergency)
        whole.addWidget(self.trouble)
        whole.addWidget(self.aged)
        whole.addLayout(body, 1)

    def _connect(self) -> None:
        for page in self.pages.values():
            page.hide()  # or what is not on the stack yet would be shown with it
            page.ended.connect(lambda: self.turn(1))
            page.troubled.connect(self._refresh_steps)
        self.steps.chosen.connect(self.show_page)
        self.summary.followed.connect(self.show_question)
        self.emergency.pressed.connect(lambda: self.show_question(escalation.begin_handoff(self.draft)))
        self.trouble.pressed.connect(self.draft.retry)
        self.aged.pressed.connect(self._on_unchanged)
        self.back_button.clicked.connect(lambda: self.turn(-1))
        self.next_button.clicked.connect(lambda: self.turn(1))
        self.undo_button.clicked.connect(self.undo)
        self.draft.changed.connect(self._on_changed)
        self.draft.failed.connect(self._on_failed)
        self.draft.saved.connect(self._on_saved)

    def _add_keys(self) -> None:
        keys = {"Alt+Left": lambda: self.turn(-1), "Alt+Right": lambda: self.turn(1), "Ctrl+Z": self.undo}
        for key, act in keys.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _turn_to(self, page_id: str) -> None:
        """Put another page in front, built and up to date, and remember it."""
        if page_id != self.page.page.id:
            self.page.flush()
            self.pages[page_id].build_visible()
            self.pages[page_id].show_picture()
            self._show_stack(page_id)
            self.draft.save_page(page_id)
            self._refresh_steps()

    def _show_stack(self, page_id: str) -> None:
        """Put a page in front; an unknown one means the first."""
        ids = list(self.pages)
        page = self.pages.get(page_id) or self.pages[ids[0]]
        if self.stack.indexOf(page) < 0:
            self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)
        at = ids.index(page.page.id)
        following = self.draft.questionnaire.pages[at + 1].step if at + 1 < len(ids) else "Review"
        self.foot.show_ways(BACK if at else TO_LIST, following)

    def _follow(self) -> None:
        """Have what can wait done from the beginning, each part in a turn of its own."""
        self._rest = self._do_rest()
        self._waiting.start()

    def _go_on(self) -> None:
        for _ in self._rest:
            self._waiting.start()
            return

    def _do_rest(self) -> Iterator[None]:
        """Work out what the answers add up to, let everything follow it, then build this page and those ahead."""
        self.draft.findings()
        yield
        self._refresh_flags()
        self._refresh_steps()
        self.page.refresh()
        yield
        self.page.build_visible()
        yield
        self.page.show_picture()
        while self.summary.fill_next():
            yield
        while self._unbuilt:
            self._build_ahead()
            yield
        codes.warm()  # so that the first key in a field for codes is as quick as the next

    def _build_ahead(self) -> None:
        """Build for a moment: what is left of the page on the screen, then the pages in their order."""
        ends = time.perf_counter() + SLICE
        self._unbuilt.sort(key=lambda page: page is not self.page)
        while self._unbuilt and time.perf_counter() < ends:
            if not self._unbuilt[0].build_next():
                self._unbuilt.pop(0).lay_out(self.stack.size())
                break
        settle_layouts()

    def _on_changed(self, _question_id: str) -> None:
        """Show the answer, and what all add up to: at once, or with very many entries when the answer is shown."""
        if self.draft.count_entries() > MANY_ENTRIES:
            self.page.refresh()
            self._follow()
        else:
            self._refresh_all()

    def _refresh_all(self) -> None:
        """Work out once what the answers add up to, and show it everywhere."""
        self._refresh_flags()
        self.summary.refresh()
        self._refresh_steps()
        self.page.refresh()
        self.page.show_picture()

    def _refresh_flags(self) -> None:
        """Show red flags at their questions, and what the clinic wants a clinician to see now."""
        case, findings = self.draft.case(), self.draft.findings()
        self._flagged = frozenset(find_flagged(case, findings))
        for page in self.pages.values():
            page.show_flags(self._flagged)
            page.mark_stale()
        is_open = handoff.is_open(case, findings)
        title = (
            (escalation.say_words(self.draft.store) if is_open else WAS_TOLD) if handoff.is_called_for(findings) else ""
        )
        phone = f"{escalation.say_phone(self.draft.store)}." if is_open else ""
        told = " ".join(filter(None, (say_urgent(case, findings), phone, handoff.say(case, findings))))
        self.emergency.say(title, told, escalation.say_button(self.draft) if is_open else "Change the hand-off (&R)")
        self.emergency.show_settled(settled=not is_open)

    def _refresh_steps(self) -> None:
        """Show how far every page has come, and whether everything on the screen is saved."""
        troubled = {page_id for page_id, page in self.pages.items() if page.problems()}
        self.steps.show_states(self.draft.answers, self.page.page.id, troubled, self._flagged)
        if not self.draft.unsaved:
            self.saved_label.setText(UNSAVED if self.is_unsaved() else TROUBLED if troubled else SAVED)
        self._refresh_age()

    def _refresh_age(self) -> None:
        """Say on the page with the safety questions that they have to be asked again."""
        aged: tuple[str, ...] = ()
        if self.isVisible() and safety_age.is_about_safety(self.page.page.id):
            aged = safety_age.find_aged(self.draft)
        words = safety_age.say_confirmation(self.draft, aged) if aged else ""
        self.aged.say(safety_age.say_aged(self.draft, aged), safety_age.HOW if aged else "", words)

    def _on_unchanged(self) -> None:
        """Record that the safety questions were asked again."""
        if safety_age.confirm_unchanged(self.draft):
            self.saved_label.setText(safety_age.RECORDED)
            self.page.focus_first()
            self.asked_again.emit()

    def _on_failed(self, error: StoreError) -> None:
        self.saved_label.setText("")
        self.trouble.say(
            f"Not saved: {error.what[:1].lower()}{error.what[1:]}", f"{error.hint} Your typing stays here."
        )

    def _on_saved(self) -> None:
        self.trouble.say("")
        self._refresh_all()


def settle_layouts() -> None:
    """Let every page grow to what was put on it now: a request climbs one level each turn, and squeezes meanwhile."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
