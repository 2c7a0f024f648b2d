"""Works through a list on the worker, one thing after the other; it can be stopped between two."""

from collections import deque
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from intake_app.errors import UserError
from intake_app.ui.background import Background, Job
from intake_app.ui.messages import FOR_PEOPLE

MISTAKE = ("The program made a mistake with this one.", "Open it and try it alone; the others go on.")


class Round(QObject):
    """One piece of work for each of several ids, such as a letter for each intake; one that fails stops no other.

    The window goes on: it gets its turn between two, and what else the worker is asked for does, too.
    """

    told = Signal(str, object)  # an id, and what its work returned, or the error for people where it failed
    ended = Signal()

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._waiting: deque[str] = deque()
        self._work: Callable[[str], object] = str
        self._job: Job | None = None
        self.is_running = False
        self._turn = QTimer(self, singleShot=True, interval=0)  # keys, clicks and drawing come in between
        self._turn.timeout.connect(self._go_on)

    def start(self, ids: Sequence[str], work: Callable[[str], object]) -> None:
        """Begin; `work` runs on the worker, what becomes of each id is told as it comes."""
        self._waiting, self._work, self.is_running = deque(ids), work, True
        self._turn.start()

    def stop(self) -> None:
        """Begin no more; what is being worked on is finished and told."""
        self._waiting.clear()

    def _go_on(self) -> None:
        if not self._waiting:
            self._end()
            return
        one = self._waiting.popleft()
        done, failed = partial(self._tell, one), partial(self._on_failed, one)
        self._job = self._background.run(self, partial(self._work, one), done, failed)

    def _on_failed(self, one: str, error: Exception) -> None:
        if isinstance(error, FOR_PEOPLE):
            self._tell(one, error)
        else:
            self._tell(one, UserError(*MISTAKE))
            raise error

    def _tell(self, one: str, outcome: object) -> None:
        self.told.emit(one, outcome)
        self._turn.start()

    def _end(self) -> None:
        self._waiting.clear()
        self.is_running = False
        self.ended.emit()
