import threading

import shiboken6
from PySide6.QtCore import QObject, QThread, QTimer

from intake_app.errors import UserError
from intake_app.ui.background import take_turns


def test_work_is_done_elsewhere_and_told_here(qtbot, background):
    owner, told = QObject(), []
    here = threading.get_ident()
    background.run(owner, threading.get_ident, lambda there: told.append((there, threading.get_ident())), told.append)
    qtbot.waitUntil(lambda: bool(told))
    [(there, told_on)] = told
    assert there != here
    assert told_on == here


def test_what_goes_wrong_is_told_to_the_one_who_asked(qtbot, background):
    owner, told = QObject(), []

    def fail():
        raise UserError("The disk is full.")

    background.run(owner, fail, lambda _: told.append("done"), lambda error: told.append(str(error)))
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["The disk is full."]


def test_a_result_for_a_closed_window_is_dropped(qtbot, background):
    owner, other, told = QObject(), QObject(), []
    go_on = threading.Event()
    background.run(owner, go_on.wait, lambda _: told.append("gone"), told.append)
    background.run(other, lambda: None, lambda _: told.append("here"), told.append)
    owner.deleteLater()
    qtbot.wait(1)
    go_on.set()
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["here"]


def test_cancelled_work_is_not_heard_of(qtbot, background):
    owner, told = QObject(), []
    go_on = threading.Event()
    first = background.run(owner, go_on.wait, lambda _: told.append("first"), told.append)
    second = background.run(owner, lambda: told.append("begun"), lambda _: told.append("second"), told.append)
    background.run(owner, lambda: None, lambda _: told.append("third"), told.append)
    first.cancel()
    second.cancel()
    go_on.set()
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["third"]


def test_closing_waits_for_what_is_being_done(qtbot):
    from intake_app.ui.background import Background

    background, owner, done = Background(), QObject(), []
    background.run(owner, lambda: (QThread.msleep(30), done.append(1)), lambda _: done.append("told"), done.append)
    background.run(owner, lambda: done.append(2), lambda _: None, done.append)
    background.close()
    assert done == [1]
    qtbot.wait(5)
    assert done == [1]


def test_work_in_turns_leaves_the_window_its_own_between_them(qtbot):
    told = []

    def work():
        for number in range(3):
            told.append(number)
            QTimer.singleShot(0, lambda number=number: told.append(f"window after {number}"))
            yield

    owner = QObject()
    take_turns(owner, work())
    qtbot.waitUntil(lambda: len(told) == 6)
    assert told == [0, "window after 0", 1, "window after 1", 2, "window after 2"]


def test_work_in_turns_ends_with_its_owner(qtbot):
    told = []

    def work():
        while True:
            told.append("turn")
            yield

    owner = QObject()
    take_turns(owner, work())
    qtbot.waitUntil(lambda: len(told) > 3)
    shiboken6.delete(owner)
    count = len(told)
    qtbot.wait(20)
    assert len(told) == count


def test_closing_tells_what_is_being_done_to_stop(qtbot):
    from intake_app.ui.background import Background
    from intake_app.ui.letter_busy import BusyLine
    from intake_app.ui.messages import MessageLine

    background, message, begun, stopped = Background(), MessageLine(), threading.Event(), []
    busy = BusyLine(background, message)
    for widget in (message, busy):
        qtbot.addWidget(widget)

    def work(progress):
        begun.set()
        while not progress.stopped:
            QThread.msleep(1)
        stopped.append(1)

    busy.run(busy, "Reading", work, stopped.append)
    assert begun.wait(20)
    background.close()
    assert stopped == [1]
