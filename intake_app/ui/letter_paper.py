"""One page of a letter on the screen: under the mouse, a sentence says where it comes from."""

import html
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QToolTip

from intake_app.ui import theme, trace_work
from intake_app.ui.trace_work import Spot, Traced

NEAR = 2.0  # pixels around a sentence that count as it
VEIL = 70  # of 255: how much of the page's ink the mark covers
NONE = -1


class Paper(QLabel):
    """A page, `size` in points."""

    pointed = Signal(int)  # the sentence that was clicked, by its row among those traced

    def __init__(self, size: tuple[float, float]) -> None:
        super().__init__()
        self._size = size
        self._spots: list[tuple[int, Spot]] = []
        self._traced: tuple[Traced, ...] = ()
        self._marked = self._over = NONE
        self.setProperty("role", "paper")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setMouseTracking(True)

    def show_traced(self, page: int, traced: Sequence[Traced]) -> None:
        """Know the sentences of the letter; the page is counted from 0."""
        self._traced = tuple(traced)
        self._spots = [(row, spot) for row, one in enumerate(traced) for spot in one.spots if spot.page == page]
        self.mark(NONE)

    def mark(self, row: int) -> None:
        """Mark a sentence if it is on this page."""
        self._marked = row
        self.update()

    def place_of(self, spot: Spot) -> QRectF:
        """Return where a spot is, in pixels."""
        scale = self.width() / self._size[0]
        return QRectF(spot.left * scale, spot.top * scale, spot.width * scale, spot.height * scale)

    def row_at(self, at: QPointF) -> int:
        """Return the row of the sentence at a point, or -1."""
        near = (row for row, spot in self._spots if self.place_of(spot).adjusted(-NEAR, -NEAR, NEAR, NEAR).contains(at))
        return next(near, NONE)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802, D102 Qt's name
        super().mouseMoveEvent(event)
        row = self.row_at(event.position())
        if row != self._over:
            self._over = row
            self.setCursor(Qt.CursorShape.PointingHandCursor if row >= 0 else Qt.CursorShape.ArrowCursor)
            said = trace_work.say(self._traced[row].trace) if row >= 0 else ""
            QToolTip.showText(event.globalPosition().toPoint(), _escape(said), self)
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802, D102 Qt's name
        super().mousePressEvent(event)
        if (row := self.row_at(event.position())) >= 0:
            self.pointed.emit(row)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, D102 Qt's name
        super().paintEvent(event)
        wanted = {self._marked, self._over} - {NONE}
        if not wanted:
            return
        painter = QPainter(self)
        veil = QColor(theme.LIGHT["accent"])  # paper is white in every theme
        veil.setAlpha(VEIL)
        for row, spot in self._spots:
            if row in wanted:
                painter.fillRect(self.place_of(spot).adjusted(-NEAR, -NEAR, NEAR, NEAR), veil)
        painter.end()


def _escape(text: str) -> str:
    """Return a text for a tool tip, which would take for markup what looks like it."""
    return f"<p style='white-space:pre-wrap'>{html.escape(text)}</p>" if text else ""
