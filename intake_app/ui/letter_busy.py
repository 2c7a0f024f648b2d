"""Says that something is being made, how far it is, and lets it be given up: one line for all slow work of a page."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from intake_app.ui.answer_widget import make_label
from intake_app.ui.background import Background, Job
from intake_app.ui.messages import FOR_PEOPLE, MessageLine, make_button

T = TypeVar("T")
PATIENCE = 300  # milliseconds before it is said that something takes its time
LOOK_AGAIN = 100  # milliseconds between two looks at how far it is


@dataclass
class Progress:
    """How far some work is; the worker counts `done` up to `total` and gives up where it finds `stopped`."""

    total: int = 0  # 0 as long as it is not known
    done: int = 0
    stopped: bool = False


@dataclass(frozen=True)
class _Running:
    job: Job
    words: str
    progress: Progress
    given_up: Callable[[], object]


class BusyLine(QWidget):
    """Runs work of a page on the worker. Hidden while there is none, and while it is too quick to be noticed."""

    def __init__(self, background: Background, message: MessageLine) -> None:
        super().__init__()
        self._background, self._message = background, message
        self._running: list[_Running] = []
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE)
        self._look = QTimer(self, interval=LOOK_AGAIN)
        self._words = make_label()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self.cancel_button = make_button("Cancel", "quiet")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._words, 2)
        layout.addWidget(self._bar, 1)
        layout.addWidget(self.cancel_button)
        self._patience.timeout.connect(self._show_latest)
        self._look.timeout.connect(self._show_progress)
        self.cancel_button.clicked.connect(self.cancel)
        self.hide()

    @property
    def is_busy(self) -> bool:
        """Tell whether something is being made."""
        return bool(self._running)

    def run(
        self,
        owner: QObject,
        words: str,
        work: Callable[[Progress], T],
        done: Callable[[T], object],
        *,
        failed: Callable[[Exception], object] | None = None,
        given_up: Callable[[], object] = lambda: None,
    ) -> Job:
        """Do `work` on the worker; `words` say what is made ("Making the letter"). What fails is said on the line."""
        progress = Progress()

        def deliver(outcome: Callable[[], object]) -> None:
            self._end(job)
            outcome()

        job = self._background.run(
            owner,
            lambda: work(progress),
            lambda made: deliver(lambda: done(made)),
            lambda error: deliver(lambda: (failed or self.tell)(error)),
            stop=partial(setattr, progress, "stopped", True),  # noqa: FBT003  as setattr has it
        )
        self._running.append(_Running(job, words, progress, given_up))
        self._patience.start()
        return job

    def cancel(self) -> None:
        """Give up what was begun last."""
        if self._running:
            latest = self._running[-1]
            self.drop(latest.job)
            latest.given_up()

    def drop(self, job: Job | None) -> None:
        """Let work go that is not wanted any more, without a word."""
        for running in self._running:
            if running.job is job:
                running.job.cancel()
        self._end(job)

    def tell(self, error: Exception) -> None:
        """Say why something could not be made; a bug stays one."""
        if not isinstance(error, FOR_PEOPLE):
            raise error
        self._message.warn(str(error))

    def _end(self, job: Job | None) -> None:
        self._running = [running for running in self._running if running.job is not job]
        if not self._running:
            self._patience.stop()
            self._look.stop()
            self.hide()
        elif self.isVisible():
            self._show_latest()

    def _show_latest(self) -> None:
        latest = self._running[-1]
        self._words.setText(f"{latest.words}…")
        self._bar.setAccessibleName(latest.words)
        self.cancel_button.setAccessibleName(f"Cancel: {latest.words}")
        self._show_progress()
        self._look.start()
        self.show()

    def _show_progress(self) -> None:
        progress = self._running[-1].progress
        self._bar.setRange(0, progress.total)  # 0: it runs to and fro
        self._bar.setValue(progress.done)
