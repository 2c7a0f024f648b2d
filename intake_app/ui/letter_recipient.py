"""To whom a letter goes: typed freely or found in the directory, kept there by choice; and who is sent a copy."""

from collections.abc import Mapping
from datetime import date

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from db import Store
from intake_app.ui.answer_widget import escape_mnemonic, lead_tab, make_label, set_shown
from intake_app.ui.form import Form
from intake_app.ui.letter_request import is_remembered, say_person
from intake_app.ui.messages import make_button
from intake_app.ui.review_page import RECIPIENT
from intake_app.ui.typed_field import LineEdit, TypedField

COPY_LENGTH = 160  # characters: a name, a role and a clinic
MOST_COPIES = 8
NARROWEST = 120  # pixels: the fields are as wide as the side
KEEP_HELP = "Kept recipients are offered while a name is typed."
COPY_HELP = "One line each, such as the family doctor. The letter lists them."
TOO_LONG = f"A copy's line has at most {COPY_LENGTH} characters."
ENOUGH = f"A letter names at most {MOST_COPIES} who are sent a copy."


class Directory(QCompleter):
    """Offers those who were written to before, found by any part of name, role or clinic."""

    found = Signal(object)  # the recipient

    def __init__(self, store: Store, line: QLineEdit) -> None:
        super().__init__(line)
        self._store = store
        self._listed: dict[str, Mapping[str, str]] = {}
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)  # the store has searched already
        self.setModel(QStringListModel(self))
        line.setCompleter(self)
        line.textEdited.connect(self.search)
        self.activated.connect(self._on_chosen, Qt.ConnectionType.QueuedConnection)

    def search(self, text: str) -> None:
        """Offer whom the text finds."""
        rows = self._store.recipients(text) if text.strip() else []
        self._listed = {say_person(row): row for row in rows}
        model = self.model()
        assert isinstance(model, QStringListModel)  # noqa: S101  set above
        model.setStringList(list(self._listed))

    def _on_chosen(self, words: str) -> None:
        if words in self._listed:
            self.found.emit(self._listed[words])


class RecipientPanel(QWidget):
    """The fields of the recipient, found in the directory or typed."""

    changed = Signal(object)  # the recipient, without blank fields
    keep_asked = Signal()

    def __init__(self, store: Store, today: date) -> None:
        super().__init__()
        self._store = store
        self.form = Form(RECIPIENT, today, margin=0)
        self.keep_button = make_button("Keep in the directory")
        self._kept = make_label("In the directory.", "good")
        name = self.form.fields["name"].widget
        assert isinstance(name, TypedField)  # noqa: S101  a short text is a line
        self.directory = Directory(store, name.line)
        for field in self.form.fields.values():
            if isinstance(field.widget, TypedField):
                field.widget.line.setMinimumWidth(NARROWEST)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.form)
        layout.addWidget(self.keep_button)
        layout.addWidget(self._kept)
        layout.addWidget(make_label(KEEP_HELP, "help"))
        self.form.changed.connect(self._on_changed)
        self.directory.found.connect(self._on_found)
        self.keep_button.clicked.connect(self.keep_asked)

    def show_recipient(self, recipient: Mapping[str, str]) -> None:
        """Show to whom the letter goes."""
        if self.read() != dict(recipient):
            self.form.show_values(recipient)
        self.show_kept(recipient)

    def show_kept(self, recipient: Mapping[str, str]) -> None:
        """Offer to keep the recipient, or say that this is done."""
        is_kept = is_remembered(self._store, recipient)
        set_shown(self.keep_button, shown=bool(recipient) and not is_kept)
        set_shown(self._kept, shown=bool(recipient) and is_kept)

    def read(self) -> dict[str, str]:
        """Return what stands in the fields that are not blank."""
        return {name: text for name, text in self.form.values().items() if text}

    def focus_first(self) -> None:
        """Put the keyboard into the name."""
        self.form.fields["name"].widget.focus_first()

    def _on_changed(self) -> None:
        self.changed.emit(self.read())

    def _on_found(self, row: Mapping[str, str]) -> None:
        self.form.show_values(row)
        self._on_changed()


class CopiesPanel(QWidget):
    """Those who are sent a copy: a line to type the next one, and each with a way to take it off."""

    changed = Signal(object)  # all lines

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._copies: tuple[str, ...] = ()
        self._rows: list[QWidget] = []
        self.line = LineEdit(COPY_LENGTH)
        self.line.setAccessibleName("Copy to")
        self.line.setPlaceholderText("Name, role, clinic")
        self.add_button = make_button("Add", name="Add who is sent a copy")
        self.directory = Directory(store, self.line)
        self._problem = make_label(role="problem")
        self._problem.hide()
        self._list = QVBoxLayout()
        entry = QHBoxLayout()
        entry.addWidget(self.line, 1)
        entry.addWidget(self.add_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self._list)
        layout.addLayout(entry)
        layout.addWidget(self._problem)
        layout.addWidget(make_label(COPY_HELP, "help"))
        self.line.returnPressed.connect(self.add)
        self.add_button.clicked.connect(self.add)
        self.directory.found.connect(lambda row: self.line.setText(say_person(row)))

    def show_copies(self, copies: tuple[str, ...]) -> None:
        """List who is sent a copy."""
        if copies == self._copies:
            return
        self._copies = copies
        for row in self._rows:
            row.hide()
            row.deleteLater()
        self._rows = [self._make_row(number, words) for number, words in enumerate(copies)]
        for row in self._rows:
            self._list.addWidget(row)
        lead_tab(self.add_button, self._rows)

    def add(self) -> None:
        """Put what is typed on the list."""
        words = " ".join(self.line.text().split())
        problem = self.line.refused or (TOO_LONG if len(words) > COPY_LENGTH else "")
        if words and len(self._copies) >= MOST_COPIES:
            problem = ENOUGH
        self._problem.setText(problem)
        set_shown(self._problem, shown=bool(problem))
        if words and not problem:
            self.line.clear()
            if words not in self._copies:
                self._tell((*self._copies, words))

    def _make_row(self, number: int, words: str) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        remove = make_button("Remove", "quiet", f"Remove the copy to {escape_mnemonic(words)}")
        remove.clicked.connect(lambda: self._tell(self._copies[:number] + self._copies[number + 1 :]))
        layout.addWidget(make_label(words), 1)
        layout.addWidget(remove)
        return row

    def _tell(self, copies: tuple[str, ...]) -> None:
        self.show_copies(copies)
        self.line.setFocus()
        self.changed.emit(copies)
