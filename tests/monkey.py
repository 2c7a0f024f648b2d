"""Somebody who hits keys and buttons of the real window at random, and says what the program made of it.

    python monkey.py FOLDER SEED EVENTS WINDOWS

One line of JSON: events, seconds, what nobody caught (each with the last events before it), Qt's warnings, how much
memory the program has once it has shown everything, and how much after each window; they come one after the other,
with records of their own. Anything modal is refused by a timer; nothing prints. Each window and each fault is told of
on standard error, and the signal TERM ends the run early and in good order. FOLDER/last holds the last events at any
moment: should the process crash, that is all there is to go by.
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
from pathlib import Path

os.environ |= {"QT_QPA_PLATFORM": "offscreen", "CUPS_SERVER": "nowhere.invalid"}

from locked import ANN, CHEAP, PLUM
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt, QTimer, qInstallMessageHandler
from PySide6.QtGui import QInputMethodEvent, QPixmapCache, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from strategies import HOSTILE

from intake_app import app as program
from intake_app import demo, paths, questions, rules, vault  # noqa: F401  registers the rules
from intake_app.letter import fonts
from intake_app.records import Records
from intake_app.ui.locked_window import LockedWindow
from intake_app.ui.patient_bar import INTAKE, LETTER, REVIEW
from intake_app.ui.secret_fields import OWN
from intake_app.vault import tries

LAST, TRACE = "last", 2_000  # the file of the last events, and its bytes
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
SCRIPTS = "".join(c for c in " ".join(HOSTILE[8:19]) if c.isprintable() and not fonts.missing(c))
MEMORY = ctypes.CDLL(None)
# Of mallopt(3). Above this size a block is given back when it is freed; otherwise the C library keeps up to 64 MB for the
# next one, which would hide what the program itself keeps.
GIVEN_BACK = -3, 1_000_000
PAGE = 30  # milliseconds that a page is looked at
# Events after which what nobody can reach is thrown away. The program does it by the clock, the whole each third minute
# (ui.garbage): a person does less than this in that time, and the monkey a hundred times as much.
THIRD_MINUTE = 1_000
LOOKS = 400  # after which a letter that is not drawn will not be
IGNORED = ("This plugin does not support", "OpenType support missing")  # of the screenless platform and its fonts


class Monkey:
    """Does one random thing at a time to the window it is given."""

    def __init__(self, seed: int, trace: int) -> None:
        self.chance = random.Random(seed)
        self._trace = trace  # the open file of the last events
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
        if self.done % THIRD_MINUTE == 0:
            gc.collect()
        if self.window.stack.currentWidget() is vars(self.window).get("door") and self.chance.random() < 0.03:
            self._note("sign in", self.window)
            sign_in(self.window)
        if self.chance.random() < 0.5:
            QApplication.processEvents()
            # What was thrown away goes, as in the program's own loop: outside of one, Qt would keep it.
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

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
        elif is_at_desk(self.window):
            offices = [self.window.show_people, self.window.show_trail, self.window.show_backups]
            rows = self.window.store.worklist()
            if rows and self.chance.random() < 0.8:
                self.window.show_intake(self.chance.choice(rows)["intake_id"])
            else:
                self.chance.choice(offices)()

    def catch(self, kind, error, trace) -> None:
        """Keep what nobody caught; `sys.excepthook`."""
        where = "".join(traceback.format_exception(kind, error, trace))
        self.uncaught.append({"event": self.done, "before": list(self.last), "what": where})
        print(where, file=sys.stderr, flush=True)

    def hear(self, _kind, _context, message) -> None:
        """Keep what Qt complains of."""
        if not message.startswith(IGNORED):
            self.warnings.append({"event": self.done, "before": list(self.last), "what": message})
            print(message, file=sys.stderr, flush=True)

    def _note(self, what: str, target: QWidget) -> None:
        self.last.append(f"{self.done} {what} -> {type(target).__name__} {target.accessibleName()[:40]!r}")
        os.pwrite(self._trace, "\n".join(self.last).encode().ljust(TRACE), 0)


def now() -> datetime:
    return datetime.now().astimezone()


def open_window(folder: Path, chosen: Path) -> LockedWindow:
    """Show the window over records with invented patients in them, and sign in."""
    asked = questions.load(paths.resources())
    records = Records(folder, now)
    if records.find() == "new":
        session, _code = vault.create_vault(records.path, "clinic", ANN, PLUM, CHEAP)
        with records.open(session) as store:
            records.sign_in(store, session)
            program.fill_store(store, demo.cases(asked, now().date()).values(), now())
            store.sign_out(now())
    ways = iter(range(10**9))
    window = LockedWindow(
        records,
        lambda: asked,
        now,
        choose_path=lambda *_: chosen if next(ways) % 2 else None,
        print_code=lambda *_: "Printed.",
    )
    window.show()
    QTest.qWait(200)
    assert sign_in(window)
    return window


def is_at_desk(window: LockedWindow) -> bool:
    """Tell whether somebody is signed in."""
    return window.worklist is not None and window.store is not None and bool(window.store.user_id)


def sign_in(window: LockedWindow) -> bool:
    """Type the password at the door, as if the wait after wrong ones were over; return whether it opens."""
    tries.start(window.records.path)
    window.door.show_sign_in([ANN], name=ANN)
    QTest.keyClicks(window.door.sign_in.lines[OWN], PLUM)
    QTest.keyClick(window.door.sign_in.lines[OWN], K.Key_Return)
    for _ in range(LOOKS):
        QTest.qWait(PAGE)
        if is_at_desk(window):
            return True
    return False


def show_everything(window: LockedWindow) -> None:
    """Go once through every screen, in every script: what is loaded for them stays, and is no growth."""
    store = window.store
    patient_id = store.add_patient({"family_name": SCRIPTS, "sex": "female", "birth_date": "1970-01-01"}, now())
    intake_id = store.start_intake(patient_id, now())
    for question in window.questionnaire.questions:
        if question.type in ("text", "long_text"):
            store.save_answer(intake_id, question.id, SCRIPTS[: question.max_length], now())
    for row in store.worklist():
        window.show_intake(row["intake_id"])
        show_parts(window)
    screens = [window.show_worklist, lambda: window.show_new_patient({}), window.show_clinic, window.show_rules]
    for show in (*screens, window.show_people, window.show_trail, window.show_backups):
        show()
        QTest.qWait(PAGE)
    window.lock()
    assert sign_in(window)


def show_parts(window: LockedWindow) -> None:
    """Show every page of the open intake, its review and its letter, until the letter is there."""
    for page in window.questionnaire.pages:
        window.intake.show_part(INTAKE)
        window.intake.wizard.show_page(page.id)
        QTest.qWait(PAGE)
    window.intake.show_part(REVIEW)
    QTest.qWait(PAGE)
    window.intake.show_part(LETTER)
    for _ in range(LOOKS):
        QTest.qWait(PAGE)
        if (papers := window.intake.letter.view.pages.papers) and not any(p.pixmap().isNull() for p in papers):
            return
    raise AssertionError("the letter did not come")


def close_window(window: LockedWindow) -> float:
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
    QPixmapCache.clear()
    MEMORY.malloc_trim(0)
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def refuse_modal() -> None:
    """Close what would wait for somebody."""
    for widget in (QApplication.activePopupWidget(), QApplication.activeModalWidget()):
        if widget:
            widget.close()


def play(monkey: Monkey, folder: Path, events: int, windows: int) -> list[float]:
    """Let the monkey at one window after the other; return the memory after each, in MB."""
    memory = []
    for number in range(windows):
        records = folder / str(number)
        monkey.window = open_window(records, folder / "letter.pdf")
        while monkey.done < events * (number + 1) // windows and not monkey.is_told_to_end:
            monkey.act()
            if not monkey.window.isVisible():  # it found a way to close it
                close_window(monkey.window)
                monkey.window = open_window(records, folder / "letter.pdf")
        memory.append(round(close_window(monkey.window), 1))
        bugs = f"{len(monkey.uncaught)} uncaught, {len(monkey.warnings)} warnings"
        print(f"  {monkey.done:,} events, {memory[-1]} MB, {bugs}", file=sys.stderr, flush=True)
        if monkey.is_told_to_end:
            break
    return memory


def main(folder: Path, seed: int, events: int, windows: int) -> None:
    MEMORY.mallopt(*GIVEN_BACK)
    app = program._make_app(None)
    monkey = Monkey(seed, os.open(folder / LAST, os.O_CREAT | os.O_WRONLY, 0o600))
    sys.excepthook = monkey.catch
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # not as an exception in the midst of Qt's work, which cannot bear it
    signal.signal(signal.SIGTERM, lambda *_: setattr(monkey, "is_told_to_end", True))
    qInstallMessageHandler(monkey.hear)
    timer = QTimer(interval=QUIET)
    timer.timeout.connect(refuse_modal)
    timer.start()
    window = open_window(folder / "first", folder / "letter.pdf")
    show_everything(window)
    shown = round(close_window(window), 1)
    del window
    print(f"  everything was shown once, {shown} MB", file=sys.stderr, flush=True)
    began = time.monotonic()
    memory = play(monkey, folder, events, windows)
    found = {"events": monkey.done, "seed": seed, "seconds": round(time.monotonic() - began, 1)}
    found |= {"shown": shown, "memory": memory, "uncaught": monkey.uncaught, "warnings": monkey.warnings}
    print(json.dumps(found), flush=True)
    qInstallMessageHandler(None)
    app.quit()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:5]))
