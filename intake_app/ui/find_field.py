"""A line that finds one of many: a choice with long options, or a diagnosis code."""

import re
import unicodedata
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QStringListModel, Qt
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QCompleter, QListView

from intake_app import codes
from intake_app.codes import Match
from intake_app.questions import Answer, Question
from intake_app.ui.answer_widget import make_label, set_shown
from intake_app.ui.choice_widgets import ChoiceTiles
from intake_app.ui.typed_field import TypedField

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_BETWEEN_WORDS = re.compile(r"[^\w.+%]+")


class FindField(TypedField):
    """Type the beginning of any words, choose with the arrows and Enter; the arrow down shows what there is."""

    def __init__(self, question: Question) -> None:
        super().__init__(question, limit=200)
        self._model = QStringListModel(self)
        self.popup = QListView()
        self.popup.setProperty("role", "suggestions")
        self.popup.setAccessibleName(f"Suggestions for {question.text}")
        self.completer = QCompleter(self._model, self)
        self.completer.setPopup(self.popup)
        self.completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.completer.setMaxVisibleItems(12)
        self.completer.setWidget(self.line)
        self.completer.activated.connect(self.take_line)
        self.line.typed.connect(self._on_typed)
        self.line.installEventFilter(self)

    def list_found(self, text: str) -> list[str]:
        """Return the lines to choose from for what is typed; for "" what there is without typing."""
        raise NotImplementedError

    def take_line(self, line: str) -> None:
        """Answer with a chosen line and go on."""
        self.take_text(line)
        self.advanced.emit()

    def suggest(self, lines: list[str]) -> None:
        """Show lines to choose from beneath the field; none hides them."""
        self._model.setStringList(lines)
        if lines:
            self.completer.complete()
            self.popup.setCurrentIndex(self._model.index(0))
        else:
            self.popup.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        """Open the list with the arrow down."""
        is_pressed = event.type() == QEvent.Type.KeyPress
        if is_pressed and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Down:
            self.suggest(self.list_found("" if self.value() is not None else self.line.text()))
            return True
        return super().eventFilter(watched, event)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802  Qt's name
        """Take the list away with the field: it is a window of its own and would hold the keyboard."""
        self.popup.hide()
        super().hideEvent(event)

    def _on_typed(self, text: str) -> None:
        self.suggest(self.list_found(text) if text.strip() else [])


class OptionField(FindField):
    """A choice with many or long options."""

    def __init__(self, question: Question) -> None:
        super().__init__(question)
        self.line.setPlaceholderText("Type to find, or press the arrow down")

    def read_text(self, text: str) -> tuple[Answer, str]:
        """Return the option with these words."""
        folded = fold(text)
        for key, words in self.question.options:
            if folded in (key, fold(words)):
                return key, ""
        return None, "This is not on the list. Choose a line, or empty the field."

    def write_value(self, value: Answer) -> str:
        """Return the words of the option; one that is no longer offered as it stands."""
        return self.question.option_text(value)

    def list_found(self, text: str) -> list[str]:
        """Return the options in which every typed word begins a word."""
        wanted = fold(text).split()
        return [words for _, words in self.question.options if all(f" {word}" in f" {fold(words)}" for word in wanted)]


class CodeField(FindField):
    """A diagnosis code of the release we ship, found by itself, its official words or those of every day.

    A group of codes is an answer too, a draft of one: what it lacks is said beneath, with the choices that complete
    it. `recent` gives the codes used lately, which come first.
    """

    def __init__(self, question: Question) -> None:
        super().__init__(question)
        self.recent: Callable[[], Iterable[str]] = tuple
        self.line.setPlaceholderText("Code or words; the arrow down shows codes used lately")
        self.choices: ChoiceTiles | None = None
        self._asked = ""  # the group whose choices are shown
        self._lacking = make_label("", "strong")
        self._lacking.hide()
        layout = self.layout()
        assert layout is not None  # noqa: S101  every typed field has one
        layout.addWidget(make_label(f"List: {codes.release()}", "help"))
        layout.addWidget(self._lacking)

    def read_text(self, text: str) -> tuple[Answer, str]:
        """Return the code, or the group of codes, at the beginning of the text, when it is one."""
        code = text.split(maxsplit=1)[0].upper()
        for listed in (code, f"{code[:3]}.{code[3:]}"):
            if codes.is_listed(listed):
                return listed, ""
        return None, f"This is not a code of the spine list ({codes.release()}). Choose a line, or leave it out."

    def describe(self, value: Answer) -> str:
        """Return the official words of the code."""
        return codes.words(value) if codes.is_listed(value) else ""

    def list_found(self, text: str) -> list[str]:
        """Return the codes that the text can mean, best first; for "" those used lately."""
        return [_say_match(match) for match in codes.search(text, recent=self.recent())]

    def take_line(self, line: str) -> None:
        """Answer with a code and go on, or to what it still lacks."""
        self.take_text(line.split(maxsplit=1)[0])
        self._go_on()

    def lacking(self) -> str:
        """Return what is still missing until the code is billable; "" when nothing is."""
        return self._lacking.text() if self.choices else ""

    def set_value(self, value: Answer) -> None:
        """Show a code, and what it lacks."""
        super().set_value(value)
        self._ask_more()

    def flush(self) -> None:
        """Take what is typed, and ask for what it lacks."""
        super().flush()
        self._ask_more()

    def _ask_more(self) -> None:
        """Show the choices that complete the code; none when it is complete."""
        code = str(self.value() or "")
        group = code if not self.problem() and codes.missing(code) else ""
        if group == self._asked:
            return
        self._asked = group
        if self.choices:
            self.choices.hide()
            self.choices.deleteLater()
            self.choices = None
        if group:
            self._lacking.setText(f"{group} is not complete. Still missing: {codes.missing(group)}, as documented.")
            self._add_choices(group)
        set_shown(self._lacking, shown=bool(group))

    def _add_choices(self, group: str) -> None:
        label = f"{self.question.label}: {codes.missing(group)}"
        question = Question("narrower", "choice", label, label, options=tuple(codes.choices(group)))
        self.choices = tiles = ChoiceTiles(question)
        layout = self.layout()
        assert layout is not None  # noqa: S101  every typed field has one
        layout.addWidget(tiles)
        tiles.changed.connect(lambda: self._on_chosen(str(tiles.value())))
        tiles.advanced.connect(self.advanced)

    def _on_chosen(self, code: str) -> None:
        self.take_text(code)
        self._go_on()

    def _on_return(self) -> None:
        self._finish()
        self._go_on()

    def _go_on(self) -> None:
        """Put the keyboard on what the code still lacks, or go on."""
        if self.choices:
            self.choices.show()  # now: left to the layout it would happen after the keyboard has been put there
            self.choices.focus_first()
        else:
            self.advanced.emit()


def _say_match(match: Match) -> str:
    return f"{match.code}  {match.words}" + ("" if match.billable else ", more exactly …")


def fold(text: str) -> str:
    """Return a text without capitals, accents and marks between words, for comparing."""
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _BETWEEN_WORDS.sub(" ", text.casefold()).strip()
