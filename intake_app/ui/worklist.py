"""The first screen: find a patient, go on with an intake, begin another."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from intake_app import dates
from intake_app.ui.answer_widget import make_label, set_look
from intake_app.ui.elided_label import ElidedLabel
from intake_app.ui.messages import FOR_PEOPLE, MessageLine, make_button
from intake_app.ui.patient_table import PatientTable, SearchBox
from intake_app.ui.worklist_empty import EmptyList
from intake_app.ui.worklist_model import Row, WorklistModel, is_draft, is_open, say_name

if TYPE_CHECKING:
    from db import Store

LIMIT = 200
MARGIN, GAP = 32, 8  # pixels
_MINUTE = 60_000  # milliseconds


def guess_patient(text: str) -> dict[str, str]:
    """Return what was typed to find a patient as the beginnings of a new one: a date, a number or a name."""
    text = " ".join(text.split())
    born, rest = _split_date(text)
    fields = {"birth_date": born} if born else {}
    if rest and any(c.isdigit() for c in rest):
        return {**fields, "record_number": rest}
    family, comma, given = rest.partition(",")
    if not comma:  # as spoken: the family name last
        given, _, family = rest.rpartition(" ")
    names = {"family_name": family.strip(), "given_names": given.strip()}
    return fields | {name: value for name, value in names.items() if value}


def _split_date(text: str) -> tuple[str, str]:
    """Return the birth date at the end of a text, or "", and the text before it."""
    from intake_app.ui.date_field import is_month_first  # noqa: PLC0415 not needed for the first picture

    words = text.split()
    for start in range(max(0, len(words) - 3), len(words)):
        given = dates.read_typed(" ".join(words[start:]), month_first=is_month_first())
        if given:
            return given, " ".join(words[:start]).rstrip(",")
    return "", text


class Worklist(QWidget):
    """Every intake, drafts first. It reads the store and never keeps what it has read beyond the screen."""

    intake_opened = Signal(str)  # intake id
    intake_asked = Signal(str)  # patient id: begin another intake
    patient_asked = Signal(dict)  # what was typed, as fields of a new patient
    clinic_asked = Signal()
    rules_asked = Signal()
    keys_asked = Signal()
    letters_asked = Signal(list)  # ids of the intakes whose letters are wanted in one go
    ready_asked = Signal(list)  # intake ids: choose those whose letters can be issued

    def __init__(self, store: "Store", now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store, self._now = store, now
        self._may_issue = store.may("issue_letter")
        self.search = SearchBox()
        self.model = WorklistModel(self)
        self.table = PatientTable(self.model)
        self.message, self.interrupted = MessageLine(), MessageLine()
        self.letters = MessageLine()  # those being issued
        self.clinic_button = make_button("&Letterhead", "quiet")
        self.rules_button = make_button("&Rule book", "quiet")
        self.keys_button = make_button("&Keys", "quiet", "Keys, F1")
        self.head = QHBoxLayout()  # whoever else has something to say there adds it
        self._clinic = ElidedLabel("muted")
        self.new_button = make_button("&New patient", "primary", "New patient")
        self.open_button = make_button("&Open")
        self.intake_button = make_button("New &intake", name="New intake for this patient")
        self.issue_button = make_button("Issue le&tters…", name="Issue the letters of the selected intakes")
        self.discard_button = make_button("&Discard draft", "quiet")
        self.ready_button = make_button("&Select all that are ready", "link")
        self.bring_back_button = make_button("&Bring back")
        self.discarded_button = make_button("Show discarded drafts", "link")
        self.discarded_button.setCheckable(True)
        self.more = make_label(role="muted", wrap=False)
        self.empty = EmptyList()
        self._middle = QStackedWidget()
        self._foot, self._halves = QBoxLayout(QBoxLayout.Direction.LeftToRight), (QHBoxLayout(), QHBoxLayout())
        self._lay_out()
        self._connect()

    def refresh(self) -> None:
        """Read the list again; what was selected stays selected."""
        selected, chosen = self.selected(), [row["intake_id"] for row in self.chosen()]
        text = self.search.text()
        try:
            rows = self._find(text)
        except FOR_PEOPLE as error:
            self.message.warn(str(error), "Try again", self.refresh)
            return
        self.model.show_rows(rows, self._now())
        self._select(selected)
        if len(chosen) > 1:
            self.choose(chosen)
        if not rows:
            show = self.empty.show_no_discarded if self.discarded_button.isChecked() else self.empty.show_nobody
            show(text)
        self._middle.setCurrentIndex(0 if rows else 1)
        self._show_actions()

    def name_pages(self, steps: Mapping[str, str]) -> None:
        """Say from now on which page an intake is on; the questionnaire is read after the first picture."""
        self.model.refresh_words(self._now(), steps)

    def selected(self) -> Row | None:
        """Return the row the keyboard is on, or None."""
        index = self.table.currentIndex()
        return self.model.rows[index.row()] if index.isValid() else None

    def chosen(self) -> list[Row]:
        """Return the rows that are selected and have an intake, as they stand in the list."""
        numbers = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return [self.model.rows[number] for number in numbers if self.model.rows[number].get("intake_id")]

    def choose(self, intake_ids: Collection[str]) -> None:
        """Select the rows of these intakes, and no others."""
        last, chosen = self.model.columnCount() - 1, QItemSelection()
        for number, row in enumerate(self.model.rows):
            if row.get("intake_id") in intake_ids:
                chosen.select(self.model.index(number, 0), self.model.index(number, last))
        self.table.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def show_clinic(self, name: str) -> None:
        """Say whose patients these are."""
        self._clinic.show_text(name)

    def show_patient(self, patient: Row) -> None:
        """Show the intakes of one patient."""
        self.search.setText(patient["record_number"] or f"{patient['family_name']} {patient['given_names']}")
        self._on_went_down()

    def offer_to_continue(self, words: str, go_on: Callable[[], object]) -> None:
        """Tell of work that was on the screen when the program ended, and lead back to it."""
        self.interrupted.say(words, "&Continue", go_on)
        set_look(self.interrupted.button, role="primary")

    def focus_search(self) -> None:
        """Put the keyboard where a name can be typed over the last one."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def ask_for_patient(self) -> None:
        """Begin a new patient with what was typed."""
        self.patient_asked.emit(guess_patient(self.search.text()))

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802, D102 Qt's name
        super().showEvent(event)
        self._clock.start()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802, D102 Qt's name
        super().resizeEvent(event)
        self._set_foot()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802, D102 Qt's name
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.model.refresh_words(self._now())

    def _find(self, text: str) -> list[Row]:
        """Find by the text as typed, then by the birth date it may be; patients without intakes come last."""
        if self.discarded_button.isChecked():
            return list(self._store.worklist(text, LIMIT, discarded=True))
        if not text.strip():
            return list(self._store.worklist("", LIMIT))
        texts = [text]
        born, rest = _split_date(text)
        if born and f"{rest} {born}".strip() != text:
            texts.append(f"{rest} {born}")
        for wanted in texts:
            rows: list[Row] = list(self._store.worklist(wanted, LIMIT))
            listed = {row["patient_id"] for row in rows}
            found = self._store.find_patients(wanted)
            rows += [p | {"patient_id": p["id"]} for p in found if p["id"] not in listed]
            if rows:
                return rows[:LIMIT]
        return []

    def _show_actions(self) -> None:
        row, discarded = self.selected(), self.discarded_button.isChecked()
        count = len(self.chosen())
        is_one = row is not None and count <= 1
        self.open_button.setEnabled(is_one)
        self.intake_button.setEnabled(is_one)
        self.discard_button.setEnabled(row is not None and is_one and is_draft(row))
        self.bring_back_button.setEnabled(is_one)
        self.issue_button.setEnabled(bool(count) and self._may_issue)
        self.ready_button.setEnabled(self._may_issue)
        for button in (self.open_button, self.intake_button, self.issue_button, self.discard_button):
            button.setVisible(not discarded)
        self.ready_button.setVisible(not discarded and any(map(is_open, self.model.rows)))
        self.bring_back_button.setVisible(discarded)
        many = f"The first {LIMIT}. Type more to find others." if len(self.model.rows) >= LIMIT else ""
        self.more.setText(f"{count} selected" if count > 1 else many)
        self._set_foot()

    def _select(self, wanted: Row | None) -> None:
        for number, row in enumerate(self.model.rows):
            if wanted and row.get("intake_id") == wanted.get("intake_id"):
                self.table.selectRow(number)
                return

    def _on_returned(self) -> None:
        """Open the only one found, create the one not found, and otherwise let the list decide."""
        if not self.model.rows:
            self.ask_for_patient()
        elif len(self.model.rows) == 1:
            self.table.selectRow(0)
            self._on_opened()
        else:
            self._on_went_down()

    def _on_went_down(self) -> None:
        if self.model.rows:
            self.table.setFocus()
            self.table.selectRow(max(self.table.currentIndex().row(), 0))

    def _on_went_up(self) -> None:
        self.table.clearSelection()
        self.table.setCurrentIndex(QModelIndex())
        self.focus_search()

    def _on_opened(self) -> None:
        row = self.selected()
        if self.discarded_button.isChecked():
            self._on_brought_back()
        elif len(self.chosen()) > 1:
            self._on_letters_asked()
        elif row and row.get("intake_id"):
            self.intake_opened.emit(row["intake_id"])
        elif row:
            self.intake_asked.emit(row["patient_id"])

    def _on_letters_asked(self) -> None:
        """Those that are selected, or the one the keyboard is on."""
        if self.issue_button.isEnabled():
            self.letters_asked.emit([row["intake_id"] for row in self.chosen()])

    def _on_ready_asked(self) -> None:
        self.ready_asked.emit([row["intake_id"] for row in self.model.rows if is_open(row)])

    def _on_intake_asked(self) -> None:
        if row := self.selected():
            self.intake_asked.emit(row["patient_id"])

    def _on_discarded(self) -> None:
        row = self.selected()
        if not row or not self.discard_button.isEnabled():
            return
        if self._try(lambda: self._store.discard_intake(row["intake_id"], self._now())):
            name, intake_id = say_name(row), row["intake_id"]
            self.message.say(f"The draft of {name} was taken off the list.", "&Undo", lambda: self._restore(intake_id))
            self.message.button.setFocus()

    def _on_brought_back(self) -> None:
        if row := self.selected():
            name, intake_id = say_name(row), row["intake_id"]
            if self._try(lambda: self._store.restore_intake(intake_id, self._now())):
                self.discarded_button.setChecked(False)
                self.message.say(f"The draft of {name} is on the list again.")

    def _on_filtered(self) -> None:
        shown = self.discarded_button.isChecked()
        self.discarded_button.setText("Back to the list" if shown else "Show discarded drafts")
        self.discarded_button.setAccessibleName(self.discarded_button.text())
        self.refresh()

    def _restore(self, intake_id: str) -> None:
        if self._try(lambda: self._store.restore_intake(intake_id, self._now())):
            self.focus_search()

    def _try(self, change: Callable[[], object]) -> bool:
        """Change the store and show the list as it is then; tell why if that could not be done."""
        try:
            change()
        except FOR_PEOPLE as error:
            self.message.warn(str(error))
            return False
        self.refresh()
        return True

    def _lay_out(self) -> None:
        head = self.head
        head.addWidget(make_label("Patients", "page-title", wrap=False))
        head.addSpacing(12)
        head.addWidget(self._clinic, 1, Qt.AlignmentFlag.AlignBottom)
        for button in (self.rules_button, self.clinic_button, self.keys_button):
            head.addWidget(button)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.search, 1)
        # As high as the box beside it; a height of its own would limit that of the box, too.
        self.new_button.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred)
        top.addWidget(self.new_button)
        self._middle.addWidget(self.table)
        self._middle.addWidget(self.empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, 24, MARGIN, 20)
        layout.setSpacing(16)
        layout.addLayout(self.head)
        layout.addWidget(self.interrupted)
        layout.addWidget(self.letters)
        layout.addLayout(top)
        layout.addWidget(self.message)
        layout.addWidget(self._middle, 1)
        layout.addLayout(self._foot)
        self._lay_out_foot()

    def _lay_out_foot(self) -> None:
        """At the left what is done with what is selected, at the right what concerns the list."""
        left, right = self._halves
        for button in (self.open_button, self.intake_button, self.issue_button, self.discard_button):
            left.addWidget(button)
        left.addWidget(self.bring_back_button)
        left.addStretch()
        right.addStretch()
        for widget in (self.more, self.ready_button, self.discarded_button):
            right.addWidget(widget)
        for half in self._halves:
            half.setSpacing(GAP)
            self._foot.addLayout(half)
        self._foot.setSpacing(GAP)

    def _set_foot(self) -> None:
        """Set its halves one below the other where both are too long for one line."""
        for half in self._halves:
            half.invalidate()  # it would remember the words from before
        wanted = sum(half.sizeHint().width() for half in self._halves) + GAP
        sides = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._foot.setDirection(sides[wanted <= self.width() - 2 * MARGIN])

    def _connect(self) -> None:
        self._clock = QTimer(self)
        self._clock.setInterval(_MINUTE)
        self._clock.timeout.connect(lambda: self.model.refresh_words(self._now()))
        self.search.textChanged.connect(self.refresh)
        self.search.returnPressed.connect(self._on_returned)
        self.search.went_down.connect(self._on_went_down)
        self.table.went_up.connect(self._on_went_up)
        self.table.opened.connect(self._on_opened)
        self.table.deleted.connect(self._on_discarded)
        self.table.selectionModel().currentChanged.connect(self._show_actions)
        self.table.selectionModel().selectionChanged.connect(self._show_actions)
        self.new_button.clicked.connect(self.ask_for_patient)
        self.clinic_button.clicked.connect(self.clinic_asked)
        self.rules_button.clicked.connect(self.rules_asked)
        self.keys_button.clicked.connect(self.keys_asked)
        self.empty.create_button.clicked.connect(self.ask_for_patient)
        self.open_button.clicked.connect(self._on_opened)
        self.intake_button.clicked.connect(self._on_intake_asked)
        self.issue_button.clicked.connect(self._on_letters_asked)
        self.ready_button.clicked.connect(self._on_ready_asked)
        self.discard_button.clicked.connect(self._on_discarded)
        self.bring_back_button.clicked.connect(self._on_brought_back)
        self.discarded_button.toggled.connect(self._on_filtered)
