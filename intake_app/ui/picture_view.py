"""Shows a picture of the letter on the screen, in the colours of the theme, with its sentence for a screen reader."""

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from intake_app.letter.pictures import Area, Dot, Ink, Label, Picture, Points, Shape, Stroke, texture
from intake_app.ui import theme

TOKENS: dict[Ink, str] = {"ink": "text", "grey": "muted", "paper": "surface"}
MOST_SCALE = 1.8  # pixels to a point of the picture


class PictureView(QWidget):
    """A picture as wide as there is room for. It takes no keyboard: the sentence says the same."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.picture: Picture | None = None
        self.setAccessibleName(name)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_picture(self, picture: Picture | None) -> None:
        """Show a picture, or none."""
        if picture == self.picture:
            return
        sizes = [(one.width, one.height) for one in (picture, self.picture) if one]
        self.picture = picture
        self.setAccessibleDescription(picture.says if picture else "")
        if len(set(sizes)) != 1 or len(sizes) == 1:
            self.updateGeometry()
        self.update()

    def scale_at(self, width: int) -> float:
        """Return how many pixels a point of the picture has at a width."""
        return min(MOST_SCALE, width / self.picture.width) if self.picture else 1.0

    def heightForWidth(self, width: int) -> int:  # noqa: N802  Qt's name
        """Return the height of the picture at a width, in pixels."""
        return round(self.picture.height * self.scale_at(width)) if self.picture else 0

    def sizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """Return the size of the picture at the width there is."""
        return QSize(self.width(), self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """Leave the height to the width."""
        return QSize(1, self.heightForWidth(self.width()))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  Qt's name
        """Paint the picture."""
        if self.picture:
            painter = QPainter(self)
            paint_picture(painter, self.picture, self.scale_at(self.width()))
            painter.end()


def paint_picture(painter: QPainter, picture: Picture, scale: float) -> None:
    """Paint a picture at the painter's origin, so many pixels to a point."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(scale, scale)
    for shape in picture.shapes:
        _paint(painter, shape)
    painter.restore()


def polygon(points: Points) -> QPolygonF:
    """Return points as Qt takes them."""
    return QPolygonF([QPointF(x, y) for x, y in points])


def _paint(painter: QPainter, shape: Shape) -> None:
    if isinstance(shape, Label):
        _paint_label(painter, shape)
    elif isinstance(shape, Stroke):
        painter.setPen(_pen(shape.ink, shape.weight, shape.dash))
        painter.drawPolyline(polygon(shape.points))
    elif isinstance(shape, Dot):
        _paint_dot(painter, shape)
    else:
        _paint_area(painter, shape)


def _paint_area(painter: QPainter, area: Area) -> None:
    shape = polygon(area.points)
    if ink := next((ink for ink in TOKENS if ink == area.fill), None):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_colour(ink))
        painter.drawPolygon(shape)
    for mark in texture(area.points, area.fill):
        _paint(painter, mark)
    if area.line:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(_pen(area.line, area.weight, area.dash))
        painter.drawPolygon(shape)


def _paint_dot(painter: QPainter, dot: Dot) -> None:
    painter.setPen(_pen(dot.ink, 0.6, ()) if dot.open else QPen(Qt.PenStyle.NoPen))
    painter.setBrush(QColor(Qt.GlobalColor.transparent) if dot.open else _colour(dot.ink))
    painter.drawEllipse(QPointF(dot.x, dot.y), dot.radius, dot.radius)


def _paint_label(painter: QPainter, label: Label) -> None:
    """Paint a line of text in the program's font, cut where its room ends."""
    finer = 8  # Qt sets type in whole pixels: it is set larger and painted smaller
    font = QFont(QApplication.font())
    font.setPixelSize(max(1, round(label.size * finer)))
    font.setBold(label.bold)
    metrics = QFontMetricsF(font)
    words = metrics.elidedText(" ".join(label.text.split()), Qt.TextElideMode.ElideRight, label.room * finer)
    width = metrics.horizontalAdvance(words) / finer
    left = label.x - {"start": 0.0, "middle": width / 2, "end": width}[label.anchor]
    painter.save()
    painter.translate(left, label.y)
    painter.scale(1 / finer, 1 / finer)
    painter.setFont(font)
    painter.setPen(_colour(label.ink))
    painter.drawText(QPointF(0, 0), words)
    painter.restore()


def _pen(ink: Ink, weight: float, dash: tuple[float, ...]) -> QPen:
    pen = QPen(_colour(ink), weight)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if dash:
        pen.setDashPattern([part / weight for part in dash])
    return pen


def _colour(ink: Ink) -> QColor:
    return theme.colour(TOKENS[ink])
