"""A list of things with questions of their own, such as the treatments tried; "none" is an answer too."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from intake_app import paths
from intake_app.errors import UserError
from intake_app.questions import NONE, Answer, Question
from intake_app.ui.answer_widget import AnswerWidget, make_label
from intake_app.ui.answer_widgets import make_widget
from intake_app.ui.choice_widgets import GOING_ON, ChoicesTiles, OneTile, Tile
from intake_app.ui.draft import Draft
from intake_app.ui.entry_card import EntryCard
from intake_app.ui.field_row import FieldRow
from intake_app.ui.find_field import CodeField
from intake_app.ui.item_texts import FOLDER, find_texts
from intake_app.ui.messages import make_button
from intake_app.ui.prompt_button import PromptButton
from intake_app.ui.recent_codes import list_recent_codes


class AddButton(PromptButton):
    """Adds an entry with Space or its letter. Enter goes on, so that nobody adds one by going on."""

    advanced = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """Go on with Enter."""
        if event.key() in GOING_ON:
            self.advanced.emit()
        else:
            super().keyPressEvent(event)


class NoneTile(OneTile):
    """The one tile that says that a list is empty."""

    def __init__(self, question: Question) -> None:
        tile = Tile(NONE, question.none_text, "tile", one_of=False)
        super().__init__(question, tile, [tile])


class UndoBar(QFrame):
    """Says what was removed and brings it back."""

    restored = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "undo-bar")
        self._entry_id = ""
        self._label = make_label()
        self.button = make_button("Undo", "quiet")
        self.button.clicked.connect(lambda: self.restored.emit(self._entry_id))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 8, 4)
        row.addWidget(self._label, 1)
        row.addWidget(self.button)
        self.hide()

    def offer(self, entry_id: str, name: str) -> None:
        """Offer to bring back an entry."""
        self._entry_id = entry_id
        self._label.setText(f"{name} removed.")
        self.button.setAccessibleName(f"Undo: bring back {name}")
        self.show()


class EntryList(AnswerWidget):
    """The entries of a list as cards; it reads and writes the draft itself.

    One of them is open, and those besides in which something stands that cannot be saved.
    """

    troubled = Signal()  # a problem in the open entry has come or gone

    def __init__(self, question: Question, draft: Draft) -> None:
        super().__init__(question)
        self.draft = draft
        self.cards: dict[str, EntryCard] = {}
        self._recent: tuple[str, ...] | None = None  # codes used lately, read when they are first asked for
        self.add_button = AddButton(f"Add {question.item}", "add")
        self.none_tile = NoneTile(question)
        self.undo_bar = UndoBar()
        self._cards_box = QVBoxLayout()
        self._cards_box.setSpacing(8)
        self._build_layout()
        self.add_button.clicked.connect(self.add)
        self.add_button.advanced.connect(self.advanced)
        self.none_tile.changed.connect(self._on_none_changed)
        self.none_tile.advanced.connect(self.advanced)
        self.undo_bar.restored.connect(self._on_restored)
        draft.changed.connect(self._on_draft_changed)
        draft.saved.connect(self.refresh)
        self.refresh()

    def value(self) -> Answer:
        """Return what the draft holds."""
        return self.draft.answers.get(self.question.id)

    def set_value(self, value: Answer) -> None:  # noqa: ARG002  the draft has it
        """Show what the draft holds; the value is there already."""
        self.refresh()

    def problem(self) -> str:
        """Return what is wrong in the open entry."""
        return next(iter(self.problems().values()), "")

    def problems(self) -> dict[str, str]:
        """Return what is wrong in the entries that are open: path to sentence."""
        return {
            f"{self.question.id}[{number}].{name}": words
            for number, card in enumerate(self.cards.values())
            if card.column
            for name, words in card.column.problems().items()
        }

    def is_unsaved(self) -> bool:
        """Tell whether something stands in an open entry that cannot be saved."""
        return any(card.column.is_unsaved() for card in self.cards.values() if card.column)

    def focus_first(self) -> None:
        """Put the keyboard into the open entry, or on the button that adds one."""
        card = self._open_card()
        if card:
            card.open()
        elif self.none_tile.value():
            self.none_tile.focus_first()
        else:
            self.add_button.setFocus(Qt.FocusReason.TabFocusReason)

    def focus_entry(self, number: int, field_id: str) -> None:
        """Open an entry, counted from 0, at one of its questions."""
        for card in list(self.cards.values())[number : number + 1]:
            card.open()
            if card.column:
                card.column.focus_question(field_id)

    def flush(self) -> None:
        """Let every open entry tell what was typed."""
        for card in list(self.cards.values()):
            if card.column:
                card.column.flush()

    def add(self) -> None:
        """Put an entry at the end and open it."""
        entry_id = self.draft.add_entry(self.question.id)
        if entry_id:
            self.undo_bar.hide()
            self.cards[entry_id].open()

    def remove(self, entry_id: str) -> None:
        """Take an entry off the list and offer to bring it back."""
        number = list(self.cards).index(entry_id) + 1
        self.cards[entry_id].close_up()
        if self.draft.remove_entry(self.question.id, entry_id):
            self.undo_bar.offer(entry_id, f"{self.question.item[:1].upper()}{self.question.item[1:]} {number}")
            self.undo_bar.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Show the draft's entries; cards that are there already stay as they are."""
        entries = self.draft.entries(self.question.id)
        ids = [entry["id"] for entry in entries]
        for gone in self.cards.keys() - set(ids):
            card = self.cards.pop(gone)
            card.hide()
            card.deleteLater()
        for place, entry in enumerate(entries):
            card = self.cards.get(entry["id"]) or self._add_card(entry["id"], place)
            card.show_entry(place + 1, entry, self.draft.unsaved_notes(entry["id"]))
        self.cards = {entry_id: self.cards[entry_id] for entry_id in ids}
        self.none_tile.set_value(NONE if self.value() == NONE else None)
        self.none_tile.setVisible(not entries and bool(self.question.none_text))

    def _add_card(self, entry_id: str, place: int) -> EntryCard:
        card = EntryCard(self.question, entry_id, self._make_row)
        self.cards[entry_id] = card
        self._cards_box.insertWidget(place, card)
        card.show()
        card.opened.connect(self._on_opened)
        card.removed.connect(self.remove)
        card.answered.connect(lambda entry, name, value: self.draft.save(name, value, entry))
        card.ended.connect(self._on_ended)
        card.troubled.connect(self.troubled)
        return card

    def _make_row(self, field: Question) -> FieldRow:
        field, texts = self._add_texts(field)
        widget: AnswerWidget
        if texts and field.type == "choices":
            widget = ChoicesTiles(field, texts)
        else:
            widget = make_widget(field, self.draft.today)
        if isinstance(widget, CodeField):
            widget.recent = self._list_recent
        return FieldRow(field, widget, self.draft.now)

    def _add_texts(self, field: Question) -> tuple[Question, dict[str, str]]:
        """Return a field with the clinic's own words of the items it is about, or with why there are none."""
        try:
            texts = find_texts(self.question, field, paths.data_folder() / FOLDER)
        except UserError as error:
            return replace(field, help=" ".join(filter(None, (field.help, str(error))))), {}
        if texts and field.type != "choices":
            field = replace(field, help=" ".join(texts.values()))
        return field, texts

    def _list_recent(self) -> tuple[str, ...]:
        if self._recent is None:
            self._recent = list_recent_codes(self.draft.store, self.draft.questionnaire)
        return self._recent

    def _build_layout(self) -> None:
        foot = QWidget()
        row = QHBoxLayout(foot)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.add_button)
        row.addWidget(self.none_tile)
        row.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(self._cards_box)
        layout.addWidget(self.undo_bar)
        layout.addWidget(foot)

    def _on_draft_changed(self, question_id: str) -> None:
        if question_id == self.question.id:
            self.refresh()

    def _open_card(self) -> EntryCard | None:
        return next((card for card in self.cards.values() if card.column), None)

    def _on_opened(self, entry_id: str) -> None:
        for other, card in list(self.cards.items()):
            if other != entry_id:
                card.close_up()

    def _on_ended(self, entry_id: str) -> None:
        self.cards[entry_id].close_up()
        self.add_button.setFocus(Qt.FocusReason.TabFocusReason)

    def _on_none_changed(self) -> None:
        self.undo_bar.hide()
        self.draft.save(self.question.id, self.none_tile.value())

    def _on_restored(self, entry_id: str) -> None:
        if self.draft.restore_entry(self.question.id, entry_id):
            self.undo_bar.hide()
            self.cards[entry_id].head.setFocus(Qt.FocusReason.OtherFocusReason)
