"""A small round mark: how far something has come, by shape as well as by colour."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from intake_app.ui import theme

UNTOUCHED, STARTED, DONE, ATTENTION, FLAG = "untouched", "started", "done", "attention", "flag"
_COLOURS = {UNTOUCHED: "border", STARTED: "accent", DONE: "accent", ATTENTION: "amber_line", FLAG: "red"}
_TICK = ((-0.45, 0.0), (-0.12, 0.34), (0.48, -0.34))


class Mark(QWidget):
    """An empty ring, a half disc, a tick, or an exclamation mark."""

    def __init__(self, size: int = 18, height: int = 0) -> None:
        super().__init__()
        self._state = UNTOUCHED
        self._size = size
        self.setFixedSize(QSize(size, max(size, height)))  # the mark stands in the middle of its height
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_state(self, state: str) -> None:
        """Show one of the states above."""
        if state != self._state:
            self._state = state
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802  Qt's name
        """Draw the mark in the colours of the theme."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(self._size / 2, self.height() / 2)
        radius = self._size / 2 - 1.5
        disc = QRectF(-radius, -radius, 2 * radius, 2 * radius)
        shade = theme.colour(_COLOURS[self._state])
        painter.setPen(QPen(shade, 1.6))
        painter.setBrush(shade if self._state in (DONE, ATTENTION, FLAG) else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(disc)
        if self._state == STARTED:
            painter.setBrush(shade)
            painter.drawPie(disc, 90 * 16, -180 * 16)
        elif self._state == DONE:
            self._draw_line(painter, [QPointF(x * radius, y * radius) for x, y in _TICK])
        elif self._state in (ATTENTION, FLAG):
            self._draw_line(painter, [QPointF(0, -0.5 * radius), QPointF(0, 0.1 * radius)])
            self._draw_line(painter, [QPointF(0, 0.5 * radius), QPointF(0, 0.52 * radius)])
        painter.end()

    def _draw_line(self, painter: QPainter, points: list[QPointF]) -> None:
        ink = QColor(theme.colour("surface"))
        painter.setPen(QPen(ink, 1.9, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        painter.drawPolyline(QPolygonF(points))
