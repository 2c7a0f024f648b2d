"""The pages of a letter on the screen, drawn by the worker one after the other."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from intake_app.ui import letter_work
from intake_app.ui.answer_widget import make_label
from intake_app.ui.background import Background, Job
from intake_app.ui.letter_paper import Paper
from intake_app.ui.letter_work import PageImage
from intake_app.ui.messages import make_button
from intake_app.ui.trace_work import Traced

STEPS = (0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0)
FIT = 0.0  # the zoom that fills the width
_SCREEN_DPI = 96
_MARGIN = 24
_WIDEST_FIT = 1.35
_SIGHT = 80  # pixels around a sentence that are in sight with it


class Pages(QScrollArea):
    """The pages below one another. Page Up and Page Down turn them, Ctrl+plus and Ctrl+minus change their size."""

    drawn = Signal()  # every page is on the screen
    turned = Signal(int, int)  # page in front, of how many
    pointed = Signal(int)  # the sentence that was clicked, by its row

    def __init__(self, background: Background) -> None:
        super().__init__()
        self._background = background
        self._pdf = b""
        self._sizes: list[tuple[float, float]] = []
        self._labels: list[Paper] = []
        self._traced: tuple[Traced, ...] = ()
        self._jobs: list[Job] = []
        self._waiting = 0
        self.zoom = FIT
        self.setWidgetResizable(True)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Pages of the letter")
        column = QWidget()
        column.setProperty("role", "desk")
        self._layout = QVBoxLayout(column)
        self._layout.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        self._layout.setSpacing(_MARGIN)
        self.setWidget(column)
        self._settled = QTimer(self, singleShot=True, interval=120)
        self._settled.timeout.connect(self._draw)
        self.verticalScrollBar().valueChanged.connect(self._tell_page)

    def show_pdf(self, pdf: bytes, sizes: list[tuple[float, float]]) -> None:
        """Show a PDF from its first page; `sizes` are its pages' in points."""
        self._pdf, self._sizes, self._traced = pdf, sizes, ()
        for label in self._labels:
            label.deleteLater()
        self._labels = [self._make_page(number) for number in range(len(sizes))]
        self.verticalScrollBar().setValue(0)
        self._draw()

    def clear(self) -> None:
        """Show nothing."""
        self.show_pdf(b"", [])

    def show_traced(self, traced: Sequence[Traced]) -> None:
        """Say of each sentence where it comes from when the mouse is over it."""
        self._traced = tuple(traced)
        for number, label in enumerate(self._labels):
            label.show_traced(number, self._traced)

    def mark(self, row: int) -> None:
        """Mark a sentence, by its row among those traced, and have it in sight; -1 marks none."""
        for label in self._labels:
            label.mark(row)
        for spot in self._traced[row].spots[:1] if row >= 0 else ():
            label = self._labels[spot.page]
            place = label.place_of(spot)
            self.ensureVisible(label.x() + int(place.x()), label.y() + int(place.center().y()), 0, _SIGHT)

    @property
    def papers(self) -> list[Paper]:
        """The pages."""
        return self._labels

    @property
    def texts(self) -> list[str]:
        """What the pages say, for those who do not see them."""
        return [label.accessibleDescription() for label in self._labels]

    @property
    def is_drawing(self) -> bool:
        """Whether a page is still to be drawn in its present size."""
        return bool(self._waiting) or self._settled.isActive()

    @property
    def scale(self) -> float:
        """The size of a page against paper at the screen's nominal resolution."""
        if self.zoom or not self._sizes:
            return self.zoom or 1.0
        room = self.viewport().width() - 2 * _MARGIN - 2
        widest = max(width for width, _ in self._sizes) * _SCREEN_DPI / 72
        return float(min(max(room / widest, STEPS[0]), _WIDEST_FIT))

    def step(self, direction: int) -> None:
        """Take the next size up (1) or down (-1)."""
        now = self.scale
        larger = [step for step in STEPS if step > now + 0.01]
        smaller = [step for step in STEPS if step < now - 0.01]
        if direction > 0 and larger:
            self.set_zoom(larger[0])
        elif direction < 0 and smaller:
            self.set_zoom(smaller[-1])

    def set_zoom(self, zoom: float) -> None:
        """Show the pages at a size, or FIT the width."""
        self.zoom = zoom
        self._draw()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802, D102 Qt's name
        bar = self.verticalScrollBar()
        if event.key() in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            forward = event.key() == Qt.Key.Key_PageDown
            tops = [label.y() - _MARGIN for label in self._labels]
            ahead = [y for y in tops if y > bar.value() + 2] if forward else [y for y in tops if y < bar.value() - 2]
            if ahead:
                bar.setValue(ahead[0] if forward else ahead[-1])
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            bar.setValue(0 if event.key() == Qt.Key.Key_Home else bar.maximum())
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802, D102 Qt's name
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.step(1 if event.angleDelta().y() > 0 else -1)
        else:
            super().wheelEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802, D102 Qt's name
        super().resizeEvent(event)
        if self.zoom == FIT and self._sizes:
            self._settled.start()

    def _make_page(self, number: int) -> Paper:
        label = Paper(self._sizes[number])
        label.setScaledContents(True)  # the last drawing fills the page until it is drawn in its new size
        label.pointed.connect(self.pointed)
        label.setAccessibleName(f"Page {number + 1} of {len(self._sizes)}")
        self._layout.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter)
        return label

    def _draw(self) -> None:
        """Have every page drawn at the present size; what was asked for before is not wanted any more."""
        for job in self._jobs:
            job.cancel()
        pdf, pixels = self._pdf, self.devicePixelRatioF()
        dots = _SCREEN_DPI * self.scale * pixels
        self._jobs, self._waiting = [], len(self._labels)
        for number, (label, size) in enumerate(zip(self._labels, self._sizes, strict=True)):
            label.setFixedSize(*(round(points * _SCREEN_DPI * self.scale / 72) for points in size))
            self._jobs.append(
                self._background.run(
                    self,
                    partial(letter_work.draw_page, pdf, number, dots),
                    partial(self._show_page, label, pixels),
                    _raise,
                )
            )
        self._tell_page()

    def _show_page(self, label: Paper, pixels: float, image: PageImage) -> None:
        picture = QImage(image.pixels, image.width, image.height, image.stride, QImage.Format.Format_RGB32)
        picture.setDevicePixelRatio(pixels)
        label.setPixmap(QPixmap.fromImage(picture))
        label.setAccessibleDescription(image.text)
        self._waiting -= 1
        if not self._waiting:
            self._tell_page()  # only now every page is in its place
            self.drawn.emit()

    def _tell_page(self) -> None:
        middle = self.verticalScrollBar().value() + self.viewport().height() // 2
        above = [number for number, label in enumerate(self._labels, 1) if 0 < label.y() <= middle]  # 0: no place yet
        self.turned.emit(above[-1] if above else min(1, len(self._labels)), len(self._labels))


class LetterView(QWidget):
    """The pages with the buttons for their size above them, and the one for where their sentences come from."""

    trace_asked = Signal(bool)

    def __init__(self, background: Background) -> None:
        super().__init__()
        self.pages = Pages(background)
        self._where = make_label(role="muted", wrap=False)
        self.pages.turned.connect(self._on_turned)
        self.trace_button = make_button("Where it comes &from", "quiet")
        self.trace_button.setCheckable(True)
        self.trace_button.toggled.connect(self.trace_asked)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._make_bar())
        layout.addWidget(self.pages, 1)

    def _make_bar(self) -> QHBoxLayout:
        bar = QHBoxLayout()
        bar.setContentsMargins(16, 6, 16, 6)
        bar.setSpacing(4)
        bar.addWidget(self._where)
        bar.addStretch()
        bar.addWidget(self.trace_button)
        for words, name, key, act in (
            ("Smaller", "Smaller", "Ctrl+-", lambda: self.pages.step(-1)),
            ("Page width", "Page width", "Ctrl+0", lambda: self.pages.set_zoom(FIT)),
            ("Larger", "Larger", "Ctrl++", lambda: self.pages.step(1)),
        ):
            button = make_button(words, "quiet", name)
            button.setShortcut(key)
            button.setToolTip(f"{name} ({key})")
            button.clicked.connect(act)
            bar.addWidget(button)
        return bar

    def _on_turned(self, page: int, count: int) -> None:
        self._where.setText(f"{page} of {count}" if count else "")  # short: at large text the buttons need the line
        self._where.setAccessibleName(f"Page {page} of {count}" if count else "")


def _raise(error: Exception) -> None:
    raise error
