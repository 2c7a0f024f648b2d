"""Tells when nobody uses the window, somebody is signed in too long, the computer locks, or its clock is set back."""

import sys
import time
from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot

LONGEST = 12 * 3600.0  # seconds that somebody stays signed in, however busy
USUAL_MINUTES = 5
MAY_DIFFER = 300.0  # seconds by which a computer's clock is put right by itself
_TICK = 1000  # milliseconds
_USE = {
    *(QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.Wheel),
    *(QEvent.Type.TouchBegin, QEvent.Type.InputMethod, QEvent.Type.TabletPress),
}
# What tells of a locked screen or of going to sleep on Linux: bus, service, interface, signal, slot.
_TOLD_BY = (
    ("system", "org.freedesktop.login1", "org.freedesktop.login1.Session", "Lock", "on_locked()"),
    ("system", "org.freedesktop.login1", "org.freedesktop.login1.Manager", "PrepareForSleep", "on_told(bool)"),
    ("session", "org.freedesktop.ScreenSaver", "org.freedesktop.ScreenSaver", "ActiveChanged", "on_told(bool)"),
    ("session", "org.gnome.ScreenSaver", "org.gnome.ScreenSaver", "ActiveChanged", "on_told(bool)"),
)


def read_running() -> float:
    """Return seconds that only go forward, also while the computer sleeps where the system counts that."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


class IdleWatch(QObject):
    """Watches one window while it is running; `expired` is told with the reason, once."""

    expired = Signal(str)
    set_back = Signal()  # the computer's clock, by more than a little; what is measured here does not follow it

    def __init__(self, window: QObject, clock: Callable[[], float], now: Callable[[], datetime]) -> None:
        super().__init__(window)
        self._clock, self._now = clock, now
        self._ahead = 0.0  # seconds by which the computer's clock is ahead of the running ones
        self.limit = USUAL_MINUTES * 60.0  # seconds without use
        self._used = self._began = clock()
        self._timer = QTimer(self, interval=_TICK)
        self._timer.timeout.connect(self.check)

    def start(self, limit: float) -> None:
        """Begin anew: somebody has just signed in. `limit` is in seconds."""
        self.limit = limit
        self._used = self._began = self._clock()
        self._ahead = self._measure_ahead()
        self._timer.start()

    def stop(self) -> None:
        """Watch no more."""
        self._timer.stop()

    def touch(self) -> None:
        """Somebody is there; what was too long ago already stays so."""
        self.check()
        self._used = self._clock()

    def check(self) -> None:
        """Tell if it is time."""
        now = self._clock()
        if not self._timer.isActive():
            return
        if now - self._used >= self.limit:
            self._expire("Nobody used the window for a while.")
        elif now - self._began >= LONGEST:
            self._expire("Somebody was signed in for twelve hours.")
        elif (ahead := self._measure_ahead()) < self._ahead - MAY_DIFFER:
            self._ahead = ahead  # it is told once
            self.set_back.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802, D102 Qt's name
        if event.type() in _USE:
            self.touch()
        return super().eventFilter(watched, event)

    @Slot()
    def on_locked(self) -> None:
        """Lock with the computer."""
        if self._timer.isActive():
            self._expire("The computer was locked.")

    @Slot(bool)
    def on_told(self, begins: bool) -> None:  # noqa: FBT001 the system's signal
        """Lock when the screen is locked or the computer goes to sleep, and not when it comes back."""
        if begins:
            self.on_locked()

    def listen(self) -> None:
        """Hear of a locked screen and of sleep, where the system tells: on Linux over D-Bus."""
        if sys.platform != "linux":
            return
        from PySide6.QtCore import SLOT  # noqa: PLC0415 see above
        from PySide6.QtDBus import QDBusConnection  # noqa: PLC0415 only there

        buses = {"system": QDBusConnection.systemBus, "session": QDBusConnection.sessionBus}
        for bus, service, interface, name, slot in _TOLD_BY:  # the stub of connect asks for bytes, which it refuses
            connection = buses[bus]()
            if connection.isConnected():
                connection.connect(service, "", interface, name, self, SLOT(slot))  # type: ignore[call-overload]

    def _measure_ahead(self) -> float:
        return self._now().timestamp() - self._clock()

    def _expire(self, why: str) -> None:
        self._timer.stop()
        self.expired.emit(why)
