"""The one window: patients, the forms, an intake, or why the records cannot be opened."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QPaintEvent, QShortcut
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from db import Store, StoreError
from intake_app.ui.batch_way import BatchWay
from intake_app.ui.messages import FOR_PEOPLE, make_demo_bar
from intake_app.ui.worklist import Worklist

# Everything below is built after the first picture of the worklist, so that the program starts quickly.
if TYPE_CHECKING:
    from intake_app.questions import Questionnaire
    from intake_app.ui.background import Background
    from intake_app.ui.clinic_form import ClinicForm
    from intake_app.ui.intake_screen import IntakeScreen
    from intake_app.ui.letter_batch import Desk
    from intake_app.ui.letter_page import ChoosePath
    from intake_app.ui.patient_form import PatientForm
    from intake_app.ui.rule_book import RuleBook
    from intake_app.ui.trouble_page import TroublePage
    from intake_app.vault import Session

TITLE = "Spine intake"
SIZE = (1180, 780)
SMALLEST = (960, 600)


class MainWindow(QMainWindow):
    """Opens the store, shows the worklist, and takes a person from there to the letter and back.

    `open_store` and `load_questionnaire` are called when they are needed, and again after a failure.
    """

    painted = Signal()  # the first picture is on the screen
    session: "Session | None" = None  # of whoever signed in, where the records are encrypted

    def __init__(
        self,
        open_store: Callable[[], Store],
        load_questionnaire: Callable[[], "Questionnaire"],
        now: Callable[[], datetime],
        *,
        demo: bool = False,
        choose_path: "ChoosePath | None" = None,
    ) -> None:
        super().__init__()
        self._open_store, self._load_questionnaire, self._now = open_store, load_questionnaire, now
        self._demo, self._choose_path = demo, choose_path
        self._was_painted = self._was_loaded = False
        self.store: Store | None = None
        self.worklist: Worklist | None = None
        self.batch: BatchWay | None = None
        self.intake: IntakeScreen | None = None
        self.setWindowTitle(f"{TITLE} (demo)" if demo else TITLE)  # never a name: titles show in task bars
        self.setMinimumSize(*SMALLEST)
        self.resize(*SIZE)
        self.stack = QStackedWidget()
        self._set_centre()
        self._add_keys()
        self.open_records()

    @cached_property
    def questionnaire(self) -> "Questionnaire":
        """The questions, read when they are first needed."""
        return self._load_questionnaire()

    @cached_property
    def background(self) -> "Background":
        """The worker."""
        from intake_app.ui.background import Background  # noqa: PLC0415 see above

        return Background(self)

    @cached_property
    def trouble(self) -> "TroublePage":
        """The page that says why there are no records."""
        from intake_app.ui.trouble_page import TroublePage  # noqa: PLC0415 see above

        page = TroublePage()
        page.retried.connect(self.open_records)
        page.quit_asked.connect(self.close)
        self.stack.addWidget(page)
        return page

    @cached_property
    def clinic_form(self) -> "ClinicForm":
        """The letterhead."""
        from intake_app.ui.clinic_form import ClinicForm  # noqa: PLC0415 see above

        form = ClinicForm(self._opened_store(), self._now, self.background)
        form.saved.connect(self.show_worklist)
        form.left.connect(self.show_worklist)
        self.stack.addWidget(form)
        return form

    @cached_property
    def rule_book(self) -> "RuleBook":
        """The rules with their sources and signatures."""
        from intake_app.ui.rule_book import RuleBook  # noqa: PLC0415 see above

        book = RuleBook(self._opened_store(), self._now)
        book.left.connect(self.show_worklist)
        self.stack.addWidget(book)
        return book

    @cached_property
    def patient_form(self) -> "PatientForm":
        """The patient's particulars."""
        from intake_app.ui.patient_form import PatientForm  # noqa: PLC0415 see above

        page = self.questionnaire.patient
        form = PatientForm(self._opened_store(), page, self._now, is_demo=self._demo)
        form.created.connect(self.begin_intake)
        form.changed.connect(self._on_patient_changed)
        form.other_opened.connect(self._on_other_opened)
        form.left.connect(self.show_worklist)
        self.stack.addWidget(form)
        return form

    def open_records(self) -> None:
        """Open the clinic's records; where that cannot be done, say why in the window."""
        try:
            self.store = self.store or self._open_store()
            clinic = self.store.clinic()
        except StoreError as error:
            self._show_trouble(error.what, error.hint)
            return
        if self.worklist is None:
            self.worklist = self._make_worklist(self.store)
            self.stack.addWidget(self.worklist)
        if clinic is None and self.store.may("save_clinic"):
            self.show_clinic()
        else:
            self.show_worklist()
        if self._was_painted:
            self._finish_start()

    def show_worklist(self) -> None:
        """Go to the patients, with the keyboard in the search box."""
        if self.worklist is None or not self._can_leave():
            return
        self._close_intake()
        clinic = self._opened_store().clinic()
        self.worklist.show_clinic(clinic["name"] if clinic else "")
        self.worklist.refresh()
        self.stack.setCurrentWidget(self.worklist)
        self.worklist.focus_search()
        if self._was_painted:
            self._offer_unfinished()

    def show_clinic(self) -> None:
        """Go to the letterhead."""
        if self.store:
            self.stack.setCurrentWidget(self.clinic_form)
            self.clinic_form.show_clinic(self.store.clinic())

    def show_rules(self) -> None:
        """Go to the rule book."""
        self.stack.setCurrentWidget(self.rule_book)
        self.rule_book.refresh()

    def show_new_patient(self, fields: Mapping[str, str]) -> None:
        """Go to a new patient, with what is known already."""
        if self.worklist and self._can_leave():
            self._close_intake()
            self.stack.setCurrentWidget(self.patient_form)
            self.patient_form.show_new(fields)

    def show_patient(self, patient_id: str) -> None:
        """Go to a patient's particulars, to be corrected."""
        patient = self._opened_store().patient(patient_id)
        self.stack.setCurrentWidget(self.patient_form)
        self.patient_form.show_patient(patient)

    def begin_intake(self, patient_id: str) -> None:
        """Begin an intake of a patient."""
        try:
            intake_id = self._opened_store().start_intake(patient_id, self._now())
        except StoreError as error:
            self.show_worklist()
            self.warn(str(error))
            return
        self.show_intake(intake_id)

    def show_intake(self, intake_id: str) -> None:
        """Open an intake where it was left."""
        from intake_app.ui.intake_screen import IntakeScreen  # noqa: PLC0415 see above
        from intake_app.ui.letter_page import ask_path  # noqa: PLC0415 see above

        store = self._opened_store()
        try:
            choose = self._choose_path or ask_path
            self._close_intake()
            screen = IntakeScreen(store, self.questionnaire, intake_id, self._now, self.background, choose, self.stack)
            store.mark_open(intake_id)
        except FOR_PEOPLE as error:
            self.warn(str(error))
            return
        screen.left.connect(self._on_intake_left)
        screen.patient_asked.connect(self.show_patient)
        self.intake = screen
        self.stack.addWidget(screen)
        self.stack.setCurrentWidget(screen)

    def warn(self, text: str) -> None:
        """Say what is wrong where the person is looking."""
        line = self.intake.message if self.intake else self.worklist.message if self.worklist else None
        if line:
            line.warn(text)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, D102 Qt's name
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            self.painted.emit()
            QTimer.singleShot(0, self, self._finish_start)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802, D102 Qt's name
        if not self._can_leave():
            event.ignore()
            return
        self._keep_form()
        self._close_intake()
        if "background" in vars(self):
            self.background.close()
        if self.store:
            with suppress(StoreError):  # a full disk must not keep the window open
                self.store.sign_out(self._now())
            self.store.close()
            self.store = None
        event.accept()

    def _finish_start(self) -> None:
        """Do what could wait until something was to be seen."""
        from intake_app.ui.background import take_turns  # noqa: PLC0415 see above

        take_turns(self.worklist or self, self._do_rest())

    def _do_rest(self) -> Iterator[None]:
        """Read the questions, offer to continue, and load what is needed next, in moments too short to be felt."""
        from intake_app import catalogue, rules  # noqa: F401, PLC0415 see above
        from intake_app.ui.late_start import offer_to_continue  # noqa: PLC0415 see above

        yield
        if self.store is None or self.worklist is None:
            yield from self._load_rest()
            return
        try:
            steps = {page.id: page.step for page in self.questionnaire.pages}
            self.store.make_views(catalogue.view_shape(self.questionnaire))
        except FOR_PEOPLE as error:
            self._show_trouble(error.what, error.hint)
            return
        self.worklist.search.show_icon()
        self.worklist.name_pages(steps)
        if self.stack.currentWidget() is self.worklist:
            self._offer_unfinished()
            offer_to_continue(self.store, self.worklist, steps, self.show_intake)
        yield
        worklist = self.worklist
        yield from self._load_rest()
        if self.store and self.worklist is worklist:  # it may have been locked or closed meanwhile
            _built = self.patient_form  # now, so that a new patient need not wait for it

    def _load_rest(self) -> Iterator[None]:
        from intake_app.ui.late_start import load_rest  # noqa: PLC0415 see above

        if not self._was_loaded:
            self._was_loaded = True
            yield from load_rest(self.background)

    def _offer_unfinished(self) -> None:
        from intake_app.ui.late_start import offer_unfinished  # noqa: PLC0415 see above

        assert self.worklist is not None  # noqa: S101 only called with one
        offer_unfinished(self._opened_store(), self.worklist, self.show_new_patient)

    def _on_new_patient(self) -> None:
        """Begin a new patient, unless one is being entered already."""
        if not self._is_form_shown():
            self.show_new_patient({})

    def _on_intake_left(self) -> None:
        self._close_intake()
        self.show_worklist()

    def _on_patient_changed(self, patient_id: str) -> None:
        """Go back to the intake, whose patient has new particulars."""
        if self.intake and self.intake.draft.patient["id"] == patient_id:
            self.stack.setCurrentWidget(self.intake)
            self.intake.show_patient()
        else:
            self.show_worklist()

    def _on_other_opened(self, patient_id: str) -> None:
        """Show the patient who was there already, with the intakes there are."""
        self.show_worklist()
        if self.worklist and self.stack.currentWidget() is self.worklist:
            self.worklist.show_patient(self._opened_store().patient(patient_id))

    def _can_leave(self) -> bool:
        """Tell whether the screen can be left; where not, it says why."""
        if self._is_form_shown() and not self.patient_form.can_leave():
            return False
        if self.intake is None or self.intake.can_leave():
            return True
        self.stack.setCurrentWidget(self.intake)  # where it says why not
        return False

    def _is_form_shown(self) -> bool:
        return "patient_form" in vars(self) and self.stack.currentWidget() is self.patient_form

    def _keep_form(self) -> None:
        """Keep what is being typed into the form on the screen, before the store is closed."""
        for name in ("patient_form", "clinic_form"):
            if name in vars(self) and not vars(self)[name].isHidden():
                vars(self)[name].flush()

    def _close_intake(self) -> None:
        if self.intake and self.store:
            self.stack.removeWidget(self.intake)
            self.intake.deleteLater()
            self.intake = None
            self.store.mark_open(None)

    def _opened_store(self) -> Store:
        assert self.store is not None  # noqa: S101 only the trouble page is shown without a store
        return self.store

    def _make_worklist(self, store: Store) -> Worklist:
        worklist = Worklist(store, self._now)
        worklist.intake_opened.connect(self.show_intake)
        worklist.intake_asked.connect(self.begin_intake)
        worklist.patient_asked.connect(self.show_new_patient)
        worklist.clinic_asked.connect(self.show_clinic)
        worklist.rules_asked.connect(self.show_rules)
        worklist.keys_asked.connect(self._show_keys)
        self.batch = BatchWay(worklist, self.stack, self._find_desk, lambda: self.background)
        self.batch.left.connect(self.show_worklist)
        self.batch.intake_asked.connect(self.show_intake)
        return worklist

    def _find_desk(self) -> "Desk":
        """Return what the worker needs to issue letters: a way to open the records for itself."""
        from intake_app.ui.letter_batch import Desk  # noqa: PLC0415 see above

        store, session = self._opened_store(), self.session
        # The key is not copied here, so that locking wipes it.
        return Desk(lambda: store.open_twin(session.key if session else None), self.questionnaire, self._now)

    def _show_trouble(self, what: str, hint: str) -> None:
        self.stack.setCurrentWidget(self.trouble)
        self.trouble.show_trouble(what, hint)

    def _show_keys(self) -> None:
        from intake_app.ui.keys_help import show_keys  # noqa: PLC0415 see above

        show_keys(self)

    def _set_centre(self) -> None:
        centre = QWidget()
        layout = QVBoxLayout(centre)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        if self._demo:
            layout.addWidget(make_demo_bar())
        layout.addWidget(self.stack)
        self.setCentralWidget(centre)

    def _add_keys(self) -> None:
        for key, act in (
            ("Ctrl+F", self.show_worklist),
            ("Ctrl+N", self._on_new_patient),
            ("F1", self._show_keys),
        ):
            QShortcut(QKeySequence(key), self).activated.connect(act)
