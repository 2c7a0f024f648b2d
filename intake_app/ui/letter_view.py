"""The pages of a letter on the screen, drawn by the worker one after the other."""

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from intake_app.ui import letter_work
from intake_app.ui.answer_widget import make_label
from intake_app.ui.background import Background, Job
from intake_app.ui.letter_work import PageImage
from intake_app.ui.messages import make_button

STEPS = (0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0)
FIT = 0.0  # the zoom that fills the width
_SCREEN_DPI = 96
_MARGIN = 24
_WIDEST_FIT = 1.35


class Pages(QScrollArea):
    """The pages below one another. Page Up and Page Down turn them, Ctrl+plus and Ctrl+minus change their size."""

    drawn = Signal()  # every page is on the screen
    turned = Signal(int, int)  # page in front, of how many

    def __init__(self, background: Background) -> None:
        super().__init__()
        self._background = background
        self._pdf = b""
        self._sizes: list[tuple[float, float]] = []
        self._labels: list[QLabel] = []
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
        self._pdf, self._sizes = pdf, sizes
        for label in self._labels:
            label.deleteLater()
        self._labels = [self._make_page(number) for number in range(len(sizes))]
        self.verticalScrollBar().setValue(0)
        self._draw()

    def clear(self) -> None:
        """Show nothing."""
        self.show_pdf(b"", [])

    @property
    def texts(self) -> list[str]:
        """What the pages say, for those who do not see them."""
        return [label.accessibleDescription() for label in self._labels]

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

    def _make_page(self, number: int) -> QLabel:
        label = QLabel()
        label.setProperty("role", "paper")
        label.setTextFormat(Qt.TextFormat.PlainText)
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

    def _show_page(self, label: QLabel, pixels: float, image: PageImage) -> None:
        picture = QImage(image.pixels, image.width, image.height, image.stride, QImage.Format.Format_RGB32)
        picture.setDevicePixelRatio(pixels)
        label.setPixmap(QPixmap.fromImage(picture))
        label.setAccessibleDescription(image.text)
        self._waiting -= 1
        if not self._waiting:
            self.drawn.emit()

    def _tell_page(self) -> None:
        middle = self.verticalScrollBar().value() + self.viewport().height() // 2
        above = [number for number, label in enumerate(self._labels, 1) if label.y() <= middle]
        self.turned.emit(above[-1] if above else min(1, len(self._labels)), len(self._labels))


class LetterView(QWidget):
    """The pages with the buttons for their size above them."""

    def __init__(self, background: Background) -> None:
        super().__init__()
        self.pages = Pages(background)
        self._where = make_label(role="muted", wrap=False)
        self.pages.turned.connect(self._on_turned)
        bar = QHBoxLayout()
        bar.setContentsMargins(16, 6, 16, 6)
        bar.setSpacing(4)
        bar.addWidget(self._where)
        bar.addStretch()
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
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(bar)
        layout.addWidget(self.pages, 1)
        self.setFocusProxy(self.pages)

    def _on_turned(self, page: int, count: int) -> None:
        self._where.setText(f"Page {page} of {count}" if count else "")


def _raise(error: Exception) -> None:
    raise error
