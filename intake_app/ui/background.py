"""Runs slow work without freezing the window: the only thread of the program, and turns taken with the window."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar
from weakref import WeakSet

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal

from intake_app.outgoing import child
from intake_app.ui import garbage

T = TypeVar("T")
_open: WeakSet["Background"] = WeakSet()


def take_turns(owner: QObject, work: Iterator[None]) -> None:
    """Do work on the window's thread up to each of its yields, where keys, clicks and drawing have their turn."""
    # Not QTimer.singleShot, which would come before what is to be drawn.
    timer = QTimer(owner, singleShot=True, interval=0)

    def go_on() -> None:
        for _ in work:
            timer.start()
            return

    timer.timeout.connect(go_on)
    timer.start()


class Job:
    """Work that was asked for. Once cancelled, nobody hears of its result; `stop` tells it to end early."""

    def __init__(self, owner: QObject, stop: Callable[[], object]) -> None:
        self.owner, self._stop = owner, stop
        self.cancelled = False
        self.future: Future[None] | None = None

    def cancel(self) -> None:
        """Let the work go unheard, and not begin at all if it has not."""
        self.cancelled = True
        if self.future:
            self.future.cancel()
        self._stop()


class Background(QObject):
    """One worker, first come first served.

    `work` runs on the worker and gets cases, bytes or paths: never a widget, never the open store. `done` and
    `failed` run on the window's thread, and not at all once the owner is gone.
    """

    _finished = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="work")
        self._is_closed = False
        self._jobs: WeakSet[Job] = WeakSet()
        _open.add(self)
        garbage.collect_here(self)
        # Emitted on the worker, so Qt queues the call for the thread this object lives in.
        self._finished.connect(self._deliver)

    def run(
        self,
        owner: QObject,
        work: Callable[[], T],
        done: Callable[[T], Any],
        failed: Callable[[Exception], Any],
        stop: Callable[[], object] = lambda: None,
    ) -> Job:
        """Do `work` when its turn comes; give its result to `done`, or its exception to `failed`.

        Once the program is closing, nothing is done any more, and what is being done is told to `stop`.
        """
        job = Job(owner, stop)
        self._jobs.add(job)
        if self._is_closed:
            job.cancel()
            return job

        def do() -> None:
            # Emitted here and not by Future.add_done_callback, which may call back at once, out of turn.
            try:
                self._finished.emit((job, done, work()))
            except Exception as error:  # noqa: BLE001 whatever it is, `failed` decides
                self._finished.emit((job, failed, error))

        job.future = self._pool.submit(do)
        return job

    def close(self) -> None:
        """Finish the work in progress, drop what has not begun, and tell nobody of anything any more."""
        self._is_closed = True
        for job in tuple(self._jobs):
            job.cancel()
        child.end_children()
        self._pool.shutdown(wait=True, cancel_futures=True)
        _open.discard(self)
        if not _open:
            garbage.collect_anywhere()

    def _deliver(self, message: tuple[Job, Callable[[Any], Any], Any]) -> None:
        job, deliver, value = message
        if not (job.cancelled or self._is_closed) and shiboken6.isValid(job.owner):
            deliver(value)
