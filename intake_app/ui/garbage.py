"""Throws away what nobody can reach any more on the window's thread alone.

Python does it on whichever thread has just made one object too many. On the worker that would end widgets there, and
Qt's objects must end on the thread they live on: the process dies of it once in a long while.
"""

import gc

from PySide6.QtCore import QObject, QTimer

EVERY = 500  # milliseconds
DUE = {2: 30, 1: 10}  # after so many of the next younger: everything is looked through, for 40 ms, each third minute


def collect_here(owner: QObject) -> None:
    """Stop Python from collecting by itself, and do it on this thread from now on, as long as `owner` lives."""
    gc.disable()
    timer = QTimer(owner, interval=EVERY)
    timer.timeout.connect(_collect)
    timer.start()


def collect_anywhere() -> None:
    """Let Python collect by itself again: there is no other thread any more."""
    gc.enable()


def _collect() -> None:
    """Collect what is new, or the oldest generation that is due; its count goes up each time the younger is collected.

    The count of the youngest tells nothing here: it goes down again when something else is given back.
    """
    counts = gc.get_count()
    gc.collect(next((generation for generation, most in DUE.items() if counts[generation] >= most), 0))
