import re
import stat
import sys
import threading

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from intake_app.errors import UserError
from intake_app.ui import messages
from intake_app.ui.messages import CrashReport, MessageLine

CANARY = "canary-answer-4711"


@pytest.fixture
def line(qtbot):
    line = MessageLine()
    qtbot.addWidget(line)
    return line


@pytest.fixture
def report(qapp, tmp_path, now):
    assert qapp
    shown = []
    report = CrashReport(tmp_path / "errors.log", shown.append, now)
    report.shown = shown
    return report


def crash(report):
    try:
        int(CANARY)  # its message quotes the text
    except ValueError:
        report.report(*sys.exc_info())


def test_a_line_says_nothing_until_there_is_something(line):
    assert (line.text, line.isHidden()) == ("", True)


def test_what_can_be_done_is_done_once(line):
    done = []
    line.say("Taken off the list.", "&Undo", lambda: done.append(1))
    assert line.text == "Taken off the list."
    line.button.click()
    assert (done, line.text) == ([1], "")


def test_text_is_never_markup(line):
    line.say("L4<L5 & L5>S1")
    assert line.text == "L4<L5 & L5>S1"


def test_a_bug_is_logged_without_any_answer(report, tmp_path, qtbot):
    crash(report)
    qtbot.waitUntil(lambda: bool(report.shown))
    log = (tmp_path / "errors.log").read_text("utf-8")
    assert "ValueError" in log
    assert re.search(r"test_messages\.py:\d+ crash", log)
    assert CANARY not in log
    assert report.shown == [str(tmp_path / "errors.log")]
    assert stat.S_IMODE((tmp_path / "errors.log").stat().st_mode) == 0o600


class Leaving:
    def __del__(self):
        int(CANARY)


def leave():
    Leaving()


def end_a_thread():
    thread = threading.Thread(target=int, args=(CANARY,))
    thread.start()
    thread.join()


@pytest.mark.parametrize("happens", [leave, end_a_thread])
def test_a_bug_where_nothing_can_be_raised_is_logged_and_not_printed(
    report, tmp_path, qtbot, monkeypatch, capfd, happens
):
    for place, name in ((sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook")):
        monkeypatch.setattr(place, name, getattr(place, name))  # put back afterwards
    report.install()
    happens()
    qtbot.waitUntil(lambda: bool(report.shown))
    said = capfd.readouterr()
    assert "ValueError" in (tmp_path / "errors.log").read_text("utf-8")
    assert CANARY not in (tmp_path / "errors.log").read_text("utf-8") + said.out + said.err


def test_the_causes_of_a_bug_are_named_without_their_words():
    error = RuntimeError(CANARY)
    error.__cause__ = KeyError(CANARY)
    told = messages.describe_bug(error, None)
    assert told.splitlines()[0] == "RuntimeError from KeyError"
    assert CANARY not in told


def test_an_error_for_people_is_told_and_not_logged(report, tmp_path, qtbot):
    with qtbot.waitSignal(report.told) as told:
        report.report(UserError, UserError("The disk is full.", "Free some space."), None)
    assert told.args == ["The disk is full. Free some space."]
    assert not (tmp_path / "errors.log").exists()


def test_a_log_that_cannot_be_written_hides_nothing(qtbot, tmp_path, now):
    shown = []
    report = CrashReport(tmp_path / "missing" / "errors.log", shown.append, now)
    crash(report)
    qtbot.waitUntil(lambda: bool(shown))


def test_a_bug_while_telling_of_a_bug_opens_no_second_dialog(tmp_path, now, qtbot):
    shown = []

    def show(log):
        shown.append(log)
        crash(report)
        QApplication.processEvents()

    report = CrashReport(tmp_path / "errors.log", show, now)
    crash(report)
    qtbot.waitUntil(lambda: bool(shown))
    qtbot.wait(5)
    assert len(shown) == 1


def test_the_dialog_promises_what_is_true_and_quotes_nothing(qapp):
    seen = []

    def look():
        box = qapp.activeModalWidget()
        assert isinstance(box, QMessageBox)
        seen.append(f"{box.text()} {box.informativeText()}")
        box.escapeButton().click()

    QTimer.singleShot(0, look)
    messages.show_crash_dialog("/somewhere/errors.log")
    assert messages.ANSWERS_SAVED in seen[0]
    assert "/somewhere/errors.log" in seen[0]


def test_ctrl_c_ends_the_program_and_is_no_bug(tmp_path, now, qtbot):
    left, shown = [], []
    report = CrashReport(tmp_path / "errors.log", shown.append, now, left.append)
    report.report(KeyboardInterrupt, KeyboardInterrupt(), None)
    qtbot.wait(5)
    assert (left, shown) == ([130], [])
    assert not (tmp_path / "errors.log").exists()
