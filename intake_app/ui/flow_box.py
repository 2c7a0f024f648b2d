"""A box that sets its children in lines, as words are set in a paragraph."""

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

WIDE = 100_000  # wider than any screen
WIDEST = 440  # pixels: a button that is wider has its words in two lines, so that it fits the narrowest column


class FlowBox(QWidget):
    """Places its children one after the other, and those that do not fit any more in the next line."""

    def __init__(self, gap: int = 8) -> None:
        super().__init__()
        self._gap = gap
        self._items: list[QWidget] = []
        self._sizes: list[QSize] = []
        self._heights: dict[int, int] = {}
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def add(self, widget: QWidget) -> None:
        """Put a widget at the end."""
        widget.setParent(self)
        self._items.append(widget)
        self._sizes.clear()

    def heightForWidth(self, width: int) -> int:  # noqa: N802  Qt's name
        """Return the height the lines need at a width, in pixels."""
        if width not in self._heights:
            self._heights[width] = self._set_lines(width, move=False).height()
        return self._heights[width]

    def sizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """Return the size of everything in one line."""
        return QSize(self._set_lines(WIDE, move=False).width(), self.heightForWidth(WIDE))

    def minimumSizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """Return the size of the widest child: anything wider wraps."""
        sizes = self._measure()
        return QSize(
            max((size.width() for size in sizes), default=0),
            max((size.height() for size in sizes), default=0),
        )

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Set the lines anew."""
        super().resizeEvent(event)
        self._set_lines(self.width(), move=True)

    def event(self, event: QEvent) -> bool:
        """Measure again when a child asks for another size."""
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.StyleChange, QEvent.Type.FontChange):
            before = list(self._sizes)
            self._sizes.clear()
            if self._measure() != before:
                self._heights.clear()
                self.updateGeometry()
                self._set_lines(self.width(), move=True)
        return super().event(event)

    def _measure(self) -> list[QSize]:
        if not self._sizes:
            for item in self._items:
                item.ensurePolished()
                if isinstance(item, QPushButton) and item.sizeHint().width() > WIDEST:
                    item.setText(break_in_two(item.text()))
                self._sizes.append(item.sizeHint())
            self._heights.clear()
        return self._sizes

    def _set_lines(self, width: int, *, move: bool) -> QSize:
        """Return the size of all lines at a width; `move` puts the children there, in the middle of their line."""
        left = top = widest = 0
        line: list[tuple[QWidget, QSize, int]] = []
        for item, size in zip(self._items, self._measure(), strict=True):
            if line and left + size.width() > width:
                top += self._end_line(line, top, move=move) + self._gap
                left = 0
            line.append((item, size, left))
            widest = max(widest, left + size.width())
            left += size.width() + self._gap
        return QSize(widest, top + self._end_line(line, top, move=move))

    def _end_line(self, line: list[tuple[QWidget, QSize, int]], top: int, *, move: bool) -> int:
        """Return the height of a line, which is empty afterwards."""
        height = max((size.height() for _, size, _ in line), default=0)
        if move:
            for item, size, left in line:
                room = max(self.width() - left, 1)
                item.setGeometry(left, top + (height - size.height()) // 2, min(size.width(), room), size.height())
        line.clear()
        return height


def break_in_two(words: str) -> str:
    """Return words in two lines of about the same length; as they are when there are two lines already, or one word."""
    places = [at for at, letter in enumerate(words) if letter == " "]
    if "\n" in words or not places:
        return words
    middle = min(places, key=lambda at: abs(at - len(words) / 2))
    return f"{words[:middle]}\n{words[middle + 1 :]}"
