"""A line that finds one of many: a choice with long options, or a diagnosis code."""

import re
import unicodedata

from PySide6.QtCore import QEvent, QObject, QStringListModel, Qt
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QCompleter, QListView

from intake_app import codes
from intake_app.codes import Match
from intake_app.questions import Answer, Question
from intake_app.ui.typed_field import TypedField

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
    """A diagnosis code of the release we ship, found by itself, its official words or those of every day."""

    def __init__(self, question: Question) -> None:
        super().__init__(question)
        self.line.setPlaceholderText(f"Code or words ({codes.release()})")

    def read_text(self, text: str) -> tuple[Answer, str]:
        """Return the code at the beginning of the text, when it is one."""
        code = text.split(maxsplit=1)[0].upper()
        for known in (code, f"{code[:3]}.{code[3:]}"):
            if codes.is_known(known):
                return known, ""
        return None, f"This is not a code of the spine list ({codes.release()}). Choose a line, or leave it out."

    def describe(self, value: Answer) -> str:
        """Return the official words of the code, and of which release they are."""
        return f"{codes.words(value)} ({codes.release()})" if codes.is_known(value) else ""

    def list_found(self, text: str) -> list[str]:
        """Return the codes that the text can mean, best first."""
        return [_say_match(match) for match in codes.search(text)]

    def take_line(self, line: str) -> None:
        """Answer with a code and go on; a group of codes shows what it divides into instead."""
        code = line.split(maxsplit=1)[0]
        if codes.is_known(code):
            super().take_line(line)
        else:
            self.line.setText(code)
            self.suggest([_say_match(match) for match in codes.narrower(code)])


def _say_match(match: Match) -> str:
    return f"{match.code}  {match.words}" + ("" if match.billable else ", more exactly …")


def fold(text: str) -> str:
    """Return a text without capitals, accents and marks between words, for comparing."""
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _BETWEEN_WORDS.sub(" ", text.casefold()).strip()
