"""The body chart to press on, with a list beside it that does the same by keyboard."""

import time

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QListWidget, QListWidgetItem, QSizePolicy, QVBoxLayout, QWidget

from intake_app.letter import body_chart
from intake_app.letter.pictures import Picture, box
from intake_app.questions import OF, Answer, Question, split_mark
from intake_app.ui import theme
from intake_app.ui.answer_widget import AnswerWidget, make_label
from intake_app.ui.choice_widgets import CLEARING, GOING_ON, TYPING_PAUSE, Tile
from intake_app.ui.flow_box import FlowBox
from intake_app.ui.picture_view import paint_picture, polygon

HEIGHT = 300.0  # points of the figures as they are drawn
SCALE = 1.42  # pixels to a point
SIDE_BY_SIDE = 640  # pixels from which the list stands beside the figures
LIST_WIDTH = 210  # pixels, at least
LIST_HEIGHT = 240
SWATCH = QSize(26, 16)
HINT = "Press a part of the body, or go through the list: 1 to 5 or Space mark a part, Backspace clears it."
KEYS = "Keys here: {}; Backspace clears."


class BodyMapField(AnswerWidget):
    """Marks such as `right_calf:numbness`. The quality chosen above is what a press makes or takes back."""

    def __init__(self, question: Question) -> None:
        super().__init__(question)
        self._value: list[str] | None = None
        self.quality = next(iter(body_chart.body().qualities))
        self.tiles = [self._make_tile(n, *one) for n, one in enumerate(body_chart.body().qualities.items(), 1)]
        self.figures = Figures()
        self.figures.pressed.connect(self._on_pressed)
        self.figures.hovered.connect(self._say_region)
        self.parts = PartsList(question)
        self.parts.typed.connect(self._on_typed)
        self.parts.currentRowChanged.connect(self._on_row_changed)
        self.parts.itemDoubleClicked.connect(lambda item: self._mark(item.data(Qt.ItemDataRole.UserRole), self.quality))
        self.words = make_label("", "help")
        self._lay_out()
        self._choose(self.quality)
        self._show()

    def value(self) -> Answer:
        """Return the marks in the order of the drawing; None for none."""
        return None if self._value is None else list(self._value)

    def set_value(self, value: Answer) -> None:
        """Show these marks; old ones that the drawing does not have any more are kept unseen."""
        self._value = list(value) if value else None
        self._show()

    def focus_first(self) -> None:
        """Put the keyboard on the list of parts."""
        if self.parts.currentRow() < 0:
            self.parts.setCurrentRow(0)
        self.parts.setFocus(Qt.FocusReason.TabFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Put the list beside the figures where there is room."""
        super().resizeEvent(event)
        sides = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        wanted = sides[0] if self.width() >= SIDE_BY_SIDE else sides[1]
        if self._box.direction() != wanted:
            self._box.setDirection(wanted)

    def _lay_out(self) -> None:
        row = FlowBox(gap=6)
        for tile in self.tiles:
            row.add(tile)
        self._box = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._box.setSpacing(12)
        self._box.addWidget(self.figures, 0, Qt.AlignmentFlag.AlignTop)
        self._box.addWidget(self.parts, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(row)
        layout.addLayout(self._box)
        layout.addWidget(self.words)

    def _make_tile(self, number: int, key: str, words: str) -> Tile:
        tile = Tile(key, f" {number}  {words}", "chip", one_of=True)
        tile.setAccessibleName(f"{words}: what a press on the body marks. {self.question.label}")
        tile.setIconSize(SWATCH)
        tile.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        tile.clicked.connect(lambda: self._choose(key))
        return tile

    def _choose(self, quality: str) -> None:
        """Make one quality what a press marks."""
        self.quality = quality
        for tile in self.tiles:
            tile.mark(on=tile.key == quality)
        self._draw_swatches()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        """Draw the swatches anew in another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw_swatches()

    def _draw_swatches(self) -> None:
        for tile in self.tiles:
            ratio = self.devicePixelRatioF()
            picture = QPixmap(SWATCH * ratio)
            picture.setDevicePixelRatio(ratio)
            picture.fill(theme.colour("surface"))
            painter = QPainter(picture)
            width, height = (side / SCALE - 0.8 for side in (SWATCH.width(), SWATCH.height()))
            area = box(0.4, 0.4, width, height, body_chart.FILL_OF[tile.key])
            paint_picture(painter, Picture(0, 0, (area,), ""), SCALE)
            painter.end()
            tile.setIcon(QIcon(picture))

    def _on_pressed(self, region: str) -> None:
        self.parts.show_part(region)
        self._mark(region, self.quality)

    def _on_typed(self, region: str, key: str) -> None:
        """Do what a key on the list means: a digit or Space marks, Backspace clears, Enter goes on."""
        if key.isdigit():
            quality = self.tiles[int(key) - 1].key
            self._choose(quality)
            self._mark(region, quality)
        elif key == " ":
            self._mark(region, self.quality)
        elif key == "clear":
            self._answer([mark for mark in self._value or () if split_mark(mark)[0] != region])
        else:
            self.advanced.emit()

    def _mark(self, region: str, quality: str) -> None:
        """Make a mark, or take it back where it is."""
        chosen = set(self._value or ()) ^ {f"{region}{OF}{quality}"}
        self._answer([mark for mark, _ in self.question.options if mark in chosen])

    def _answer(self, marks: list[str]) -> None:
        value = marks or None
        if value != self._value:
            self.set_value(value)
            self.changed.emit()

    def _on_row_changed(self, _row: int) -> None:
        self.figures.show_current(self.parts.current())
        self._say_region(self.parts.current())

    def _say_region(self, region: str) -> None:
        """Say which part is meant, its usual dermatomes, and what each key marks: the list may hide the chips."""
        found = next((one for one in body_chart.body().regions if one.id == region), None)
        usual = f" · usual dermatomes: {', '.join(found.dermatomes)}" if found and found.dermatomes else ""
        keys = KEYS.format(", ".join(tile.text().strip() for tile in self.tiles).replace("  ", " "))
        self.words.setText(f"{found.name.capitalize()}{usual}\n{keys}" if found else HINT)

    def _show(self) -> None:
        marked = body_chart.group_marks(self._value or ())
        self.parts.show_marks(marked)
        self.figures.show_marks(tuple(self._value or ()))
        self._say_region(self.parts.current() if self.parts.hasFocus() else "")


class Figures(QWidget):
    """Both figures. A press tells the part of the body; the pointer and the list light one up."""

    pressed = Signal(str)
    hovered = Signal(str)  # "" for none

    def __init__(self) -> None:
        super().__init__()
        self._picture = body_chart.draw_figures((), HEIGHT)
        self._painted = QPixmap()  # the figures without what is lit
        self._current = self._hovered = ""
        self.setMouseTracking(True)
        self.setFixedSize(round(self._picture.width * SCALE), round(HEIGHT * SCALE))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("Body chart")

    def show_marks(self, marks: tuple[str, ...]) -> None:
        """Draw these marks."""
        self._picture = body_chart.draw_figures(marks, HEIGHT)
        self._painted = QPixmap()
        self.setAccessibleDescription(self._picture.says)
        self.update()

    def show_current(self, region: str) -> None:
        """Light up the part that the list is at."""
        self._current = region
        self.update()

    def place_of(self, region: str) -> QPointF:
        """Return a place in the middle of a part, in pixels."""
        found = next(one for one in body_chart.body().regions if one.id == region)
        return polygon(body_chart.outline_of(found, body_chart.scale_of(HEIGHT))).boundingRect().center() * SCALE

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802  Qt's name
        """Tell the part that was pressed."""
        region = self._region_at(event.position())
        if region and event.button() == Qt.MouseButton.LeftButton:
            self.pressed.emit(region)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802  Qt's name
        """Light up the part below the pointer."""
        self._hover(self._region_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        """Put out the light."""
        super().leaveEvent(event)
        self._hover("")

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  Qt's name
        """Paint the figures, then the edges of the parts that are lit."""
        if self._painted.isNull():
            self._painted = self._paint_figures()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._painted)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(SCALE, SCALE)
        scale = body_chart.scale_of(HEIGHT)
        for region in body_chart.body().regions:
            if region.id in (self._current, self._hovered):
                painter.setPen(QPen(theme.colour("accent"), 2.0 if region.id == self._current else 1.2))
                painter.drawPolygon(polygon(body_chart.outline_of(region, scale)))
        painter.end()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        """Paint anew in another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._painted = QPixmap()

    def _paint_figures(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(self.size() * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        paint_picture(painter, self._picture, SCALE)
        painter.end()
        return pixmap

    def _region_at(self, place: QPointF) -> str:
        found = body_chart.find_region(place.x() / SCALE, place.y() / SCALE, HEIGHT)
        return found.id if found else ""

    def _hover(self, region: str) -> None:
        if region != self._hovered:
            self._hovered = region
            self.hovered.emit(region or self._current)
            self.update()


class PartsList(QListWidget):
    """Every part of the body with what is marked there; letters go to a part, as in any list."""

    typed = Signal(str, str)  # the part, and a digit, " ", "clear" or "on"

    def __init__(self, question: Question) -> None:
        super().__init__()
        self._names = {region.id: region.name for region in body_chart.body().regions}
        self._letter_at = 0.0  # when a letter of a name was typed
        self._rows = {region: row for row, region in enumerate(self._names)}
        self.setAccessibleName(f"{question.label}: parts of the body")
        self.setAccessibleDescription(HINT)
        self.setMinimumSize(LIST_WIDTH, LIST_HEIGHT)
        self.setUniformItemSizes(True)
        for region, name in self._names.items():
            item = QListWidgetItem(name.capitalize(), self)
            item.setData(Qt.ItemDataRole.UserRole, region)

    def current(self) -> str:
        """Return the part that the keyboard is at; "" for none."""
        item = self.currentItem()
        return str(item.data(Qt.ItemDataRole.UserRole)) if item else ""

    def show_part(self, region: str) -> None:
        """Go to a part."""
        self.setCurrentRow(self._rows[region])

    def show_marks(self, marked: dict[str, list[str]]) -> None:
        """Write beside each part what is marked there."""
        qualities = body_chart.body().qualities
        for region, row in self._rows.items():
            said = ", ".join(qualities[quality] for quality in marked.get(region, ()))
            name = self._names[region].capitalize()
            item = self.item(row)
            text = f"{name}: {said}" if said else name
            if item.text() != text:
                item.setText(text)
                font = item.font()
                font.setBold(bool(said))
                item.setFont(font)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """Tell the keys that mark; the others move through the list."""
        told = self._meaning(event)
        if told == " " and self._is_typing_a_name():
            self.keyboardSearch(" ")
        elif told and self.current():
            self.typed.emit(self.current(), told)
        else:
            self._letter_at = time.monotonic() if event.text().isalpha() else 0.0
            super().keyPressEvent(event)

    def _is_typing_a_name(self) -> bool:
        """Tell whether a space belongs to the name of a part that is being typed."""
        now = time.monotonic()
        is_typing = now - self._letter_at < TYPING_PAUSE
        self._letter_at = now if is_typing else 0.0
        return is_typing

    def _meaning(self, event: QKeyEvent) -> str:
        if event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier):
            return ""
        if event.key() in CLEARING:
            return "clear"
        if event.key() in GOING_ON:
            return "on"
        allowed = [" ", *(str(n) for n in range(1, len(body_chart.body().qualities) + 1))]
        return event.text() if event.text() in allowed else ""
