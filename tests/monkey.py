"""Somebody who hits keys and buttons of the real window at random, and says what the program made of it.

    python monkey.py FOLDER SEED EVENTS WINDOWS

One line of JSON: events, seconds, what nobody caught (each with the last events before it), Qt's warnings, and how much
memory the program has after each window; they come one after the other, with records of their own. Anything modal is refused by a timer; nothing prints. Each window is told of on standard error, and the
signal TERM ends the run early and in good order.
"""

import ctypes
import gc
import json
import os
import random
import signal
import sys
import time
import traceback
from collections import deque
from datetime import datetime
from functools import partial
from pathlib import Path

os.environ |= {"QT_QPA_PLATFORM": "offscreen", "CUPS_SERVER": "nowhere.invalid"}

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt, QTimer, qInstallMessageHandler
from PySide6.QtGui import QInputMethodEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from strategies import HOSTILE

from db import open_store
from intake_app import app as program
from intake_app import demo, paths, questions, rules  # noqa: F401  registers the rules
from intake_app.ui.main_window import MainWindow
from intake_app.ui.patient_bar import INTAKE, LETTER, REVIEW

KEY = bytes(range(32))
QUIET = 40  # milliseconds after which something modal is refused
K, MOD = Qt.Key, Qt.KeyboardModifier
KEYS = [
    *[K.Key_Tab] * 6, *[K.Key_Return] * 4, *[K.Key_Space] * 4, *[K.Key_Backtab] * 2, K.Key_Escape, K.Key_Up, K.Key_Down,
    K.Key_Left, K.Key_Right, K.Key_PageUp, K.Key_PageDown, K.Key_Home, K.Key_End, K.Key_Backspace, K.Key_Delete,
    K.Key_Y, K.Key_N, K.Key_U, K.Key_A, K.Key_M, K.Key_0, K.Key_1, K.Key_2, K.Key_5, K.Key_9, K.Key_Minus, K.Key_Period,
]  # fmt: skip
SHORTCUTS = [
    *[(key, MOD.ControlModifier) for key in (K.Key_F, K.Key_N, K.Key_L, K.Key_Z, K.Key_A, K.Key_C, K.Key_V, K.Key_P)],
    *[(key, MOD.ControlModifier) for key in (K.Key_Return, K.Key_Tab, K.Key_End, K.Key_Home)],
    *[(key, MOD.AltModifier) for key in (K.Key_Left, K.Key_Right, K.Key_N, K.Key_B, K.Key_I, K.Key_S, K.Key_R, K.Key_C)],
    (K.Key_F1, MOD.NoModifier), (K.Key_Tab, MOD.ShiftModifier), (K.Key_Left, MOD.ShiftModifier),
]  # fmt: skip
TEXTS = [*HOSTILE, "2026-05-03", "L5", "M54.16", "nsaid", "7", "3.5", "Invented", "x" * 400, "word " * 900]
IGNORED = ("This plugin does not support", "OpenType support missing")  # of the screenless platform and its fonts


class Monkey:
    """Does one random thing at a time to the window it is given."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.window = None
        self.done, self.is_told_to_end = 0, False
        self.last = deque(maxlen=12)
        self.uncaught, self.warnings = [], []
        self._kinds = [self.click, self.press, self.press_shortcut, self.type_text, self.turn_wheel, self.point]
        self._kinds += [self.resize, self.go_on]
        self._weights = [40, 32, 5, 10, 6, 3, 0.1, 0.15]

    def act(self) -> None:
        """Do something, and let the program answer most times."""
        [kind] = self.chance.choices(self._kinds, self._weights)
        self.done += 1
        kind()
        if self.chance.random() < 0.5:
            QApplication.processEvents()

    def click(self) -> None:
        self._touch(QTest.mouseDClick if self.chance.random() < 0.03 else QTest.mouseClick)

    def point(self) -> None:
        at = QPoint(self.chance.randrange(self.window.width()), self.chance.randrange(self.window.height()))
        if child := self.window.childAt(at):
            self._note("point", child)
            QTest.mouseMove(child, child.mapFrom(self.window, at))

    def _touch(self, how) -> None:
        window = QApplication.activePopupWidget() or self.window
        at = QPoint(self.chance.randrange(window.width()), self.chance.randrange(window.height()))
        child = window.childAt(at) or window
        button = Qt.MouseButton.RightButton if self.chance.random() < 0.02 else Qt.MouseButton.LeftButton
        self._note(how.__name__, child)
        how(child, button, MOD.NoModifier, child.mapFrom(window, at))

    def press(self) -> None:
        self._press(self.chance.choice(KEYS), MOD.NoModifier)

    def press_shortcut(self) -> None:
        self._press(*self.chance.choice(SHORTCUTS))

    def _press(self, key, modifiers) -> None:
        target = QApplication.activePopupWidget() or QApplication.focusWidget() or self.window
        self._note(f"{modifiers.name} {key.name}", target)
        QTest.keyClick(target, key, modifiers)

    def type_text(self) -> None:
        target = QApplication.focusWidget() or self.window
        text = self.chance.choice(TEXTS)
        self._note(f"text of {len(text)} {text[:12]!r}", target)
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(target, event)

    def turn_wheel(self) -> None:
        at = QPoint(self.chance.randrange(self.window.width()), self.chance.randrange(self.window.height()))
        child = self.window.childAt(at) or self.window
        self._note("wheel", child)
        turn = QPoint(0, self.chance.choice((-240, -120, 120, 240)))
        place, screen = QPointF(child.mapFrom(self.window, at)), QPointF(self.window.mapToGlobal(at))
        none = Qt.MouseButton.NoButton
        phase = Qt.ScrollPhase.NoScrollPhase
        QApplication.sendEvent(child, QWheelEvent(place, screen, QPoint(), turn, none, MOD.NoModifier, phase, False))  # noqa: FBT003 Qt's order

    def resize(self) -> None:
        size = self.chance.randrange(960, 1900), self.chance.randrange(600, 1200)
        self._note(f"resize {size}", self.window)
        self.window.resize(*size)

    def go_on(self) -> None:
        """Go where hitting at random seldom leads: into an intake, to another page, the review, the letter."""
        self._note("go on", self.window)
        if intake := self.window.intake:
            to = self.chance.choice([*[page.id for page in intake.draft.questionnaire.pages], REVIEW, LETTER])
            if to in (REVIEW, LETTER):
                intake.show_part(to)
            else:
                intake.show_part(INTAKE)
                intake.wizard.show_page(to)
        elif self.window.store and (rows := self.window.store.worklist()):
            self.window.show_intake(self.chance.choice(rows)["intake_id"])

    def catch(self, kind, error, trace) -> None:
        """Keep what nobody caught; `sys.excepthook`."""
        where = "".join(traceback.format_exception(kind, error, trace)[-6:])
        self.uncaught.append({"event": self.done, "before": list(self.last), "what": where})

    def hear(self, _kind, _context, message) -> None:
        """Keep what Qt complains of."""
        if not message.startswith(IGNORED):
            self.warnings.append({"event": self.done, "before": list(self.last), "what": message})

    def _note(self, what: str, target: QWidget) -> None:
        self.last.append(f"{self.done} {what} -> {type(target).__name__} {target.accessibleName()[:40]!r}")


def open_window(folder: Path, chosen: Path, now) -> MainWindow:
    """Show the window over records with invented patients in them."""
    asked = questions.load(paths.resources())
    opener = partial(open_store, folder / "clinic.db", KEY)
    with opener() as store:
        if store.clinic() is None:
            program.fill_store(store, demo.cases(asked, now().date()).values(), now())
    ways = iter(range(10**9))
    window = MainWindow(opener, lambda: asked, now, choose_path=lambda *_: chosen if next(ways) % 2 else None)
    window.show()
    QTest.qWait(200)
    return window


def close_window(window: MainWindow) -> float:
    """Close a window whatever it says, throw away what it leaves behind, and return the memory in use in MB."""
    if window.intake:
        window.intake.draft._refused.clear()
        window.intake.can_leave()
    for _ in range(3):
        if window.close():
            break
    window.deleteLater()
    for _ in range(5):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()
        gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def refuse_modal() -> None:
    """Close what would wait for somebody."""
    for widget in (QApplication.activePopupWidget(), QApplication.activeModalWidget()):
        if widget:
            widget.close()


def main(folder: Path, seed: int, events: int, windows: int) -> None:
    app = program._make_app(None)
    monkey, memory, began = Monkey(seed), [], time.monotonic()
    sys.excepthook = monkey.catch
    signal.signal(signal.SIGTERM, lambda *_: setattr(monkey, "is_told_to_end", True))
    qInstallMessageHandler(monkey.hear)
    timer = QTimer(interval=QUIET)
    timer.timeout.connect(refuse_modal)
    timer.start()
    for number in range(windows):
        records = folder / str(number)
        monkey.window = open_window(records, folder / "letter.pdf", lambda: datetime.now().astimezone())
        while monkey.done < events * (number + 1) // windows and not monkey.is_told_to_end:
            monkey.act()
            if not monkey.window.isVisible():  # it found a way to close it
                close_window(monkey.window)
                monkey.window = open_window(records, folder / "letter.pdf", lambda: datetime.now().astimezone())
        memory.append(round(close_window(monkey.window), 1))
        bugs = f"{len(monkey.uncaught)} uncaught, {len(monkey.warnings)} warnings"
        print(f"  {monkey.done:,} events, {memory[-1]} MB, {bugs}", file=sys.stderr, flush=True)
        if monkey.is_told_to_end:
            break
    found = {"events": monkey.done, "seed": seed, "seconds": round(time.monotonic() - began, 1), "memory": memory}
    print(json.dumps(found | {"uncaught": monkey.uncaught, "warnings": monkey.warnings}), flush=True)
    qInstallMessageHandler(None)
    app.quit()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:5]))
