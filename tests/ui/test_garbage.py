"""What nobody can reach any more ends on the window's thread, wherever it was made."""

import gc
import threading

from PySide6.QtCore import QObject


class Made:
    """Something in a cycle, which only the collector can end; it tells on which thread it did."""

    def __init__(self, ended):
        self.itself, self.ended = self, ended

    def __del__(self):
        self.ended.append(threading.get_ident())


def make_many(ended):
    for _ in range(50):
        Made(ended)
    return [[] for _ in range(100_000)]  # far more than Python waits for


def test_what_the_worker_leaves_behind_ends_on_the_windows_thread(qtbot, background):
    owner, ended = QObject(), []
    background.run(owner, lambda: make_many(ended), lambda _: None, ended.append)
    qtbot.waitUntil(lambda: len(ended) >= 50)
    assert set(ended) == {threading.get_ident()}


def test_what_the_window_leaves_behind_does_not_end_on_the_worker(qtbot, background):
    owner, ended, done = QObject(), [], []
    for _ in range(50):
        Made(ended)
    background.run(owner, lambda: make_many([]), done.append, done.append)
    qtbot.waitUntil(lambda: len(ended) >= 50)
    assert set(ended) == {threading.get_ident()}


def test_python_collects_by_itself_again_once_there_is_no_worker(background):
    assert not gc.isenabled()
    background.close()
    assert gc.isenabled()
