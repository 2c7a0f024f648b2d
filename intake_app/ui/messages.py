"""What went wrong or what was done, said where the person looks; and the one dialog for a bug."""

import faulthandler
import sys
import threading
import traceback
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from db import StoreError
from intake_app.errors import UserError
from intake_app.ui.answer_widget import make_label, set_look

FOR_PEOPLE = (UserError, StoreError)  # what says what to do; all else is a bug
BUG = "Something went wrong in the program."
ANSWERS_SAVED = "The answers are saved."
NOT_REAL = "DEMO, not real patients. Nothing entered here is kept."
LOG_NAME = "errors.log"
SIDE_BY_SIDE = 480  # pixels from which the buttons stand beside the sentence
STOPPED = 130  # the exit code after Ctrl+C


def make_button(text: str, role: str = "", name: str = "") -> QPushButton:
    """Return a button that Enter presses, too; `name` is for screen readers where the text says too little."""
    button = QPushButton(text)
    button.setAutoDefault(True)
    button.setAccessibleName(name or text.replace("&", ""))
    if role:
        button.setProperty("role", role)
    return button


class MessageLine(QFrame):
    """A line in the page: a sentence and at most one thing to do about it. Hidden while it has nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = make_label(wrap=True)
        self._button = make_button("")
        self._close = make_button("✕", "quiet", "Close this message")
        self._act: Callable[[], object] | None = None
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(14, 8, 8, 8)
        self._box.setSpacing(8)
        self._box.addWidget(self._label, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self._button)
        buttons.addStretch()
        buttons.addWidget(self._close)
        self._box.addLayout(buttons)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)  # room to spare is not for it
        self._button.clicked.connect(self._on_clicked)
        self._close.clicked.connect(self.clear)
        self.clear()

    @property
    def text(self) -> str:
        """What the line says; empty while it is hidden."""
        return "" if self.isHidden() else self._label.text()

    @property
    def button(self) -> QPushButton:
        """The button for what can be done."""
        return self._button

    def say(self, text: str, action: str = "", act: Callable[[], object] | None = None) -> None:
        """Tell what was done, with something to do about it such as Undo."""
        self._show("info", text, action, act)

    def warn(self, text: str, action: str = "", act: Callable[[], object] | None = None) -> None:
        """Tell what is wrong, with something to do about it."""
        self._show("notice", f"⚠  {text}", action, act)

    def clear(self) -> None:
        """Say nothing."""
        self._act = None
        self.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802, D102 Qt's name
        super().resizeEvent(event)
        sides = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        wanted = sides[self.width() >= SIDE_BY_SIDE]
        if self._box.direction() != wanted:
            self._box.setDirection(wanted)

    def _show(self, role: str, text: str, action: str, act: Callable[[], object] | None) -> None:
        self._act = act
        self._label.setText(text)
        self.setAccessibleName(text)
        self._button.setText(action)
        self._button.setAccessibleName(action.replace("&", ""))
        self._button.setVisible(bool(action))
        set_look(self, role=role)
        self.show()

    def _on_clicked(self) -> None:
        act = self._act
        self.clear()
        if act:
            act()


def make_demo_bar() -> QFrame:
    """Return the bar that says on every screen that this is not real."""
    bar = QFrame()
    bar.setProperty("role", "demo")
    layout = QHBoxLayout(bar)
    layout.setContentsMargins(16, 5, 16, 5)
    layout.addStretch()
    layout.addWidget(make_label(NOT_REAL, wrap=False))
    layout.addStretch()
    return bar


class CrashReport(QObject):
    """Writes a bug to the log and tells of it once, from whichever thread it came."""

    told = Signal(str)  # an error that is for people and that nobody has shown
    _crashed = Signal()

    def __init__(
        self,
        log: Path,
        show: Callable[[str], object],
        now: Callable[[], datetime],
        leave: Callable[[int], object] = QApplication.exit,
    ) -> None:
        super().__init__()
        self._log, self._show, self._now, self._leave = log, show, now, leave
        self._is_showing = False
        self._crashed.connect(self._on_crashed, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Become what happens to every exception that nobody caught: Python would print its message."""
        sys.excepthook = self.report
        threading.excepthook = lambda bug: self._report_hidden(bug.exc_value, bug.exc_traceback)
        sys.unraisablehook = lambda bug: self._report_hidden(bug.exc_value, bug.exc_traceback)

    def report(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Log where it happened, and tell the person. Ctrl+C still ends the program; what is no bug is only told."""
        if issubclass(kind, KeyboardInterrupt):
            self._leave(STOPPED)
            return
        if isinstance(error, FOR_PEOPLE):
            self.told.emit(str(error))
            return
        write_log(self._log, describe_bug(error, trace), self._now())
        self._crashed.emit()

    def _report_hidden(self, error: BaseException | None, trace: TracebackType | None) -> None:
        """Report what ended a thread, or what Python came upon where nothing can be raised."""
        if error:
            self.report(type(error), error, trace)

    @Slot()
    def _on_crashed(self) -> None:
        if not self._is_showing:
            self._is_showing = True
            try:
                self._show(str(self._log))
            finally:
                self._is_showing = False


def describe_bug(error: BaseException, trace: TracebackType | None) -> str:
    """Return type, files and lines: neither the message nor any value, because both may hold an answer."""
    places = [f"  {Path(f.filename).name}:{f.lineno} {f.name}" for f in traceback.extract_tb(trace)]
    names = [type(error).__name__]
    cause = error.__cause__ or error.__context__
    while cause:
        names.append(f"from {type(cause).__name__}")
        cause = cause.__cause__ or cause.__context__
    return "\n".join([" ".join(names), *places])


def write_log(log: Path, text: str, now: datetime) -> None:
    """Add to the log; a log that cannot be written must not hide the bug behind another one."""
    try:
        with log.open("a", encoding="utf-8") as file:
            file.write(f"{now.isoformat(timespec='seconds')} {text}\n")
        log.chmod(0o600)
    except OSError:
        return


def watch_for_faults(log: Path) -> None:
    """Have a crash of the interpreter itself leave its stack, which holds no values, in the log."""
    try:
        file = log.open("a", encoding="utf-8")  # open as long as the program runs
    except OSError:
        return
    faulthandler.enable(file)


def show_crash_dialog(log: str) -> None:
    """Tell that the program made a mistake, that nothing is lost, and where the log is."""
    from PySide6.QtWidgets import QMessageBox  # noqa: PLC0415 hardly ever needed

    box = QMessageBox(QMessageBox.Icon.Warning, "Spine intake", BUG)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText(
        f"{ANSWERS_SAVED} Close the program and start it again; it goes on where you were.\n\n"
        f"What happened is written, without any answers, in\n{log}"
    )
    go_on = box.addButton("Go on", QMessageBox.ButtonRole.RejectRole)
    leave = box.addButton("Close the program", QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(leave)
    box.setEscapeButton(go_on)
    box.exec()
    if box.clickedButton() is leave:
        QApplication.exit(1)
