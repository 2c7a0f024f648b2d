import threading

import pytest

from intake_app.errors import UserError
from intake_app.ui.letter_busy import BusyLine
from intake_app.ui.messages import MessageLine


@pytest.fixture
def line(qtbot, background):
    line = BusyLine(background, MessageLine())
    qtbot.addWidget(line)
    qtbot.addWidget(line._message)
    line._patience.setInterval(0)
    return line


@pytest.fixture
def gate():
    gate = threading.Event()
    yield gate
    gate.set()


def test_it_says_what_is_made_and_how_far_it_is(line, gate, qtbot):
    def work(progress):
        progress.total, progress.done = 4, 3
        gate.wait(20)
        return "made"

    made = []
    line.run(line, "Making it", work, made.append)
    qtbot.waitUntil(lambda: (line._bar.maximum(), line._bar.value()) == (4, 3))
    assert line._words.text() == "Making it…"
    assert line.cancel_button.accessibleName() == "Cancel: Making it"
    gate.set()
    qtbot.waitUntil(lambda: made == ["made"])
    assert line.isHidden()
    assert not line.is_busy


def test_what_is_quick_is_not_told(qtbot, background):
    line = BusyLine(background, MessageLine())
    qtbot.addWidget(line)
    qtbot.addWidget(line._message)
    shown, made = [], []
    line.run(line, "Making it", lambda _: 1, lambda one: (made.append(one), shown.append(line.isVisible())))
    qtbot.waitUntil(lambda: made == [1])
    assert shown == [False]


def test_cancel_stops_the_work_and_drops_its_result(line, gate, qtbot):
    seen, made, told = [], [], []

    def work(progress):
        gate.wait(20)
        seen.append(progress.stopped)

    line.run(line, "Making it", work, made.append, given_up=lambda: told.append("given up"))
    qtbot.waitUntil(line.isVisible)
    line.cancel_button.click()
    assert line.isHidden()
    assert told == ["given up"]
    gate.set()
    qtbot.waitUntil(lambda: seen == [True])
    assert made == []


def test_cancel_takes_the_latest_and_the_others_go_on(line, gate, qtbot):
    made = []
    line.run(line, "First", lambda _: gate.wait(20), made.append)
    line.run(line, "Second", lambda _: "second", made.append)
    qtbot.waitUntil(lambda: line._words.text() == "Second…")
    line.cancel()
    assert line._words.text() == "First…"
    gate.set()
    qtbot.waitUntil(lambda: made == [True])


def test_what_fails_is_said(line, qtbot):
    def work(_progress):
        raise UserError("It cannot be made.", "Try another.")

    line.run(line, "Making it", work, lambda _: None)
    qtbot.waitUntil(lambda: "It cannot be made." in line._message.text)
    assert not line.is_busy
