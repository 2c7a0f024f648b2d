"""Answers that are chosen: yes, no or unsure; one tile; several chips; a number from 0 to 10."""

import time
from collections.abc import Mapping
from types import MappingProxyType

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from intake_app.questions import NO, SCALE_TOP, UNSURE, YES, Answer, Question
from intake_app.ui.answer_widget import AnswerWidget, escape_mnemonic, make_label
from intake_app.ui.flow_box import FlowBox

STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Down: 1,
}
CLEARING = (Qt.Key.Key_Backspace, Qt.Key.Key_Delete)
GOING_ON = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
TYPING_PAUSE = 0.9  # seconds after which a letter begins a new word, and a digit a new number
MANY_CHIPS = 14  # from here on chips are set smaller
SCALE_ENDS = ("none", "worst")


class Tile(QPushButton):
    """One possible answer. Its group decides what a press does."""

    def __init__(self, key: str, text: str, role: str, *, one_of: bool) -> None:
        super().__init__(escape_mnemonic(text))
        self.key, self.words = key, text
        self.setCheckable(True)
        self.setAutoExclusive(one_of)  # so that a screen reader calls it a radio button
        self.setProperty("role", role)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAutoDefault(False)

    def mark(self, *, on: bool) -> None:
        """Show whether it is chosen; also the last of a group can be taken back."""
        if self.isChecked() == on:
            return
        exclusive = self.autoExclusive()
        self.setAutoExclusive(False)
        self.setChecked(on)
        self.setAutoExclusive(exclusive)

    def nextCheckState(self) -> None:  # noqa: N802  Qt's name
        """Leave the mark to the group, which is told by `clicked`."""

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """Give the group what it understands; Space presses the button, as everywhere."""
        group = self.asker()
        if not (group and group.take_key(self, event)):
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802  Qt's name
        """Let Tab come back to this one."""
        super().focusInEvent(event)
        if group := self.asker():
            group.remember(self)

    def asker(self) -> "TileGroup | None":
        """Return the widget whose answer this is."""
        parent = self.parent()
        while parent is not None and not isinstance(parent, TileGroup):
            parent = parent.parent()
        return parent


class TileGroup(AnswerWidget):
    """Tiles that answer one question: one stop for Tab, arrows inside, Backspace takes the answer back."""

    clicked = Signal(str)

    def __init__(self, question: Question, box: QWidget, tiles: list[Tile]) -> None:
        super().__init__(question)
        self.tiles = tiles
        self._typed, self._typed_at = "", 0.0
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(box)
        for tile in tiles:
            tile.setAccessibleName(f"{tile.words}: {question.label}")
            tile.clicked.connect(self._on_clicked)
        self.remember(tiles[0])

    def focus_first(self) -> None:
        """Put the keyboard on what is chosen, or on the first tile."""
        chosen = next((tile for tile in self.tiles if tile.isChecked()), self.tiles[0])
        chosen.setFocus(Qt.FocusReason.TabFocusReason)

    def remember(self, stop: Tile) -> None:
        """Make one tile the place where Tab stops."""
        for tile in self.tiles:
            policy = Qt.FocusPolicy.StrongFocus if tile is stop else Qt.FocusPolicy.ClickFocus
            if tile.focusPolicy() != policy:
                tile.setFocusPolicy(policy)

    def take_key(self, tile: Tile, event: QKeyEvent) -> bool:
        """Do what a key means on a tile; return whether it means anything."""
        if event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier):
            return False
        key = Qt.Key(event.key())
        if key in STEPS:
            at = (self.tiles.index(tile) + STEPS[key]) % len(self.tiles)
            self.tiles[at].setFocus(Qt.FocusReason.OtherFocusReason)
        elif key in CLEARING:
            self._answer(None)
        elif key in GOING_ON:
            self.advanced.emit()
        elif event.text().strip():
            return self._take_letter(event.text().lower())
        else:
            return False
        return True

    def _take_letter(self, letter: str) -> bool:
        """Go to the tile whose words begin with what is being typed."""
        moment = time.monotonic()
        self._typed = letter if moment - self._typed_at > TYPING_PAUSE else self._typed + letter
        self._typed_at = moment
        found = next((tile for tile in self.tiles if tile.words.lower().startswith(self._typed)), None)
        if found:
            found.setFocus(Qt.FocusReason.OtherFocusReason)
        return found is not None

    def _on_clicked(self) -> None:
        tile = self.sender()
        if isinstance(tile, Tile):
            self._press(tile)

    def _press(self, tile: Tile) -> None:
        """Choose the tile's answer, or take it back."""
        raise NotImplementedError

    def _answer(self, value: Answer) -> None:
        """Take a new answer from the person."""
        if value != self.value():
            self.set_value(value)
            self.changed.emit()


class OneTile(TileGroup):
    """Tiles of which one at most is chosen; pressing it again takes the answer back."""

    _value: Answer = None

    def value(self) -> Answer:
        """Return the key of the chosen tile."""
        return self._value

    def set_value(self, value: Answer) -> None:
        """Mark the tile of this key; an old key that is no tile any more is kept unmarked."""
        self._value = value
        for tile in self.tiles:
            tile.mark(on=value is not None and tile.key == str(value))

    def _press(self, tile: Tile) -> None:
        self._answer(None if tile.isChecked() else tile.key)


class YesNoTiles(OneTile):
    """Yes, no and unsure, answered by Y, N and U, which also go on to the next question."""

    def __init__(self, question: Question) -> None:
        words = {YES: "Yes", NO: "No", UNSURE: "Unsure"}
        tiles = [Tile(key, text, "segment", one_of=True) for key, text in words.items()]
        super().__init__(question, _set_in_a_row(tiles, gap=4), tiles)

    def _take_letter(self, letter: str) -> bool:
        tile = next((tile for tile in self.tiles if tile.key[0] == letter), None)
        if not tile:
            return False
        tile.setFocus(Qt.FocusReason.OtherFocusReason)
        self._answer(tile.key)
        self.advanced.emit()
        return True


class ChoiceTiles(OneTile):
    """A few options of which one holds."""

    def __init__(self, question: Question) -> None:
        tiles = [Tile(key, text, "tile", one_of=True) for key, text in question.options]
        super().__init__(question, _set_in_lines(tiles), tiles)


class ScaleTiles(OneTile):
    """0 to 10; digits type it, 1 then 0 gives 10."""

    def __init__(self, question: Question) -> None:
        tiles = [Tile(str(n), str(n), "scale", one_of=True) for n in range(SCALE_TOP + 1)]
        super().__init__(question, _set_scale(tiles), tiles)

    def _press(self, tile: Tile) -> None:
        self._answer(None if tile.isChecked() else int(tile.key))

    def _take_letter(self, letter: str) -> bool:
        moment = time.monotonic()
        is_second = moment - self._typed_at <= TYPING_PAUSE
        number = f"{self._typed}{letter}" if is_second else letter
        found = next((tile for tile in self.tiles if tile.key in (number, letter)), None)
        if is_second and number == str(SCALE_TOP):
            found = self.tiles[SCALE_TOP]
        self._typed, self._typed_at = letter, moment
        if found:
            found.setFocus(Qt.FocusReason.OtherFocusReason)
            self._answer(int(found.key))
        return found is not None


class ChoicesTiles(TileGroup):
    """Options of which several hold; those that stand alone clear the others, and are cleared by them.

    `texts` are what some options say at length; it stands beside them.
    """

    def __init__(self, question: Question, texts: Mapping[str, str] = MappingProxyType({})) -> None:
        is_long = len(question.options) > MANY_CHIPS
        tiles = [Tile(key, text, "chip", one_of=False) for key, text in question.options]
        for tile in tiles:
            tile.setProperty("compact", is_long)
        super().__init__(question, _set_beside(tiles, texts) if texts else _set_in_lines(tiles, gap=6), tiles)
        for tile in tiles:
            if tile.key in texts:
                tile.setAccessibleName(f"{tile.words}: {texts[tile.key]}")
        self._value: list[str] | None = None

    def value(self) -> Answer:
        """Return the keys of what is chosen, in the order of the options; None for nothing."""
        return None if self._value is None else list(self._value)

    def set_value(self, value: Answer) -> None:
        """Mark what is chosen; old keys that are no options any more are kept unmarked."""
        self._value = list(value) if value else None
        for tile in self.tiles:
            tile.mark(on=tile.key in (self._value or ()))

    def _press(self, tile: Tile) -> None:
        chosen = set(self._value or ()) ^ {tile.key}
        if tile.key in chosen:
            alone = set(self.question.alone)
            chosen = {tile.key} if tile.key in alone else chosen - alone
        order = [key for key, _ in self.question.options]
        known = [key for key in order if key in chosen]
        self._answer(known or None)


def _set_in_lines(tiles: list[Tile], gap: int = 8) -> QWidget:
    box = FlowBox(gap)
    for tile in tiles:
        box.add(tile)
    return box


class TileText(QLabel):
    """The words beside a tile; a click on them is a click on the tile."""

    def __init__(self, tile: Tile, text: str) -> None:
        super().__init__(text)
        self._tile = tile
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802  Qt's name
        """Press the tile."""
        super().mouseReleaseEvent(event)
        self._tile.click()


def _set_beside(tiles: list[Tile], texts: Mapping[str, str]) -> QWidget:
    """Put each tile in a line of its own, with its words beside it."""
    box = QWidget()
    grid = QGridLayout(box)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(1, 1)
    for line, tile in enumerate(tiles):
        if tile.key in texts:
            grid.addWidget(tile, line, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(TileText(tile, texts[tile.key]), line, 1)
        else:
            grid.addWidget(tile, line, 0, 1, 2, Qt.AlignmentFlag.AlignLeft)
    return box


def _set_in_a_row(tiles: list[Tile], gap: int) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(gap)
    for tile in tiles:
        row.addWidget(tile)
    row.addStretch()
    return box


def _set_scale(tiles: list[Tile]) -> QWidget:
    box = FlowBox(gap=4)
    box.add(make_label(SCALE_ENDS[0], "end-word", wrap=False))
    for tile in tiles:
        box.add(tile)
    box.add(make_label(SCALE_ENDS[1], "end-word", wrap=False))
    return box
