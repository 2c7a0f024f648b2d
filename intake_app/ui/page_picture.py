"""The picture below the questions of a page, drawn anew with every answer."""

from collections.abc import Callable, Mapping

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout

from intake_app.case import Case
from intake_app.letter.body_chart import draw_body_chart
from intake_app.letter.pictures import Picture
from intake_app.letter.score_bars import draw_score_bars
from intake_app.letter.timeline import draw_timeline
from intake_app.ui.answer_widget import make_label, set_shown
from intake_app.ui.picture_view import PictureView

SCALE = 1.6  # pixels to a point, so that the words are as large as the help beside a question
MARGIN = 16  # pixels
LEAST = 280.0  # points: the picture is laid out for no less
PICTURES: Mapping[str, tuple[str, Callable[[Case, float], Picture | None]]] = {
    "timeline": ("The treatments in time", draw_timeline),
    "scores": ("The scores", draw_score_bars),
    "body_chart": ("The body chart", lambda case, _: draw_body_chart(case.answers.get("pain_map", ()))),
}


class PagePicture(QFrame):
    """A picture with its title; nothing where there is nothing to draw."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        title, self._draw = PICTURES[kind]
        self._case: Case | None = None
        self._width = 0.0
        self.setProperty("role", "section")
        self.view = PictureView(title)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, 12, MARGIN, 12)
        layout.setSpacing(8)
        layout.addWidget(make_label(title, "section-title"))
        layout.addWidget(self.view)
        self.hide()

    def show_case(self, case: Case) -> None:
        """Draw what the case says now, unless it is there already."""
        width = self._width_there_is()
        if (case, width) == (self._case, self._width):
            return
        self._case, self._width = case, width
        picture = self._draw(case, width)
        self.view.show_picture(picture)
        set_shown(self, shown=picture is not None)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Lay the picture out for the width there is."""
        super().resizeEvent(event)
        if self._case:
            self.show_case(self._case)

    def _width_there_is(self) -> float:
        return max(LEAST, (self.width() - 2 * MARGIN) / SCALE)
