"""The recovery code on the screen, this once: to be printed or written down, and proved by typing two of its groups."""

import secrets
from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from intake_app.ui.answer_widget import make_label
from intake_app.ui.messages import make_button
from intake_app.ui.secret_fields import make_middle
from intake_app.ui.typed_field import ShortLine

TITLE = "The recovery code"
INTRO = (
    "Whoever has this code can open the records without a password. It is shown this once. Print it or write it down,"
    " and keep the paper where only the head of the clinic gets at it, away from this computer."
)
WITHOUT = "Without a password and without this code nobody can ever open the records again."
ASKED = 2
LONGEST_GROUP = 200  # characters that are taken; a group has four
WRONG = "This is not what stands there. Compare it with your paper, not with the screen."
NO_PRINTER = "No printer is set up on this computer. Write the code down."
PRINTED = "It was sent to the printer. Check the paper."
WIDTH = 620

Print = Callable[[QWidget, str], str]  # parent, code -> what to say


class CodePage(QWidget):
    """Shows a code until two of its groups were typed."""

    confirmed = Signal(str)  # the code

    def __init__(self, print_code: "Print | None" = None) -> None:
        super().__init__()
        self._print = print_code or print_on_paper
        self._code = ""
        self.asked: list[int] = []
        self.lines = [ShortLine(LONGEST_GROUP) for _ in range(ASKED)]
        self._code_label = make_label(wrap=False)
        self._code_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._labels = [make_label(role="strong", wrap=False) for _ in range(ASKED)]
        self.problem = make_label(role="problem")
        self.problem.hide()
        self.told = make_label(role="help")
        self.print_button = make_button("&Print it")
        self.done_button = make_button("I &have it on paper", "primary")
        self.print_button.clicked.connect(self._on_print)
        self.done_button.clicked.connect(self._on_done)
        for number, line in enumerate(self.lines):
            line.returnPressed.connect(
                lambda n=number: self.lines[n + 1].setFocus() if n + 1 < ASKED else self._on_done()
            )
        self._lay_out()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(
            make_middle(
                make_label(TITLE, "page-title"),
                make_label(INTRO),
                make_label(WITHOUT, "help"),
                self._make_sheet(),
                width=WIDTH,
            )
        )

    def show_code(self, code: str) -> None:
        """Show a new code, and ask for two of its groups."""
        self._code = code
        groups = code.split("-")
        self.asked = sorted(secrets.SystemRandom().sample(range(len(groups)), ASKED))
        rows = [groups[start : start + 3] for start in range(0, len(groups), 3)]
        self._code_label.setText("\n".join("  -  ".join(row) for row in rows))
        self._code_label.setAccessibleName(", ".join(groups))
        for place, label, line in zip(self.asked, self._labels, self.lines, strict=True):
            words = f"Group {place + 1} of {len(groups)}"
            label.setText(words)
            line.setAccessibleName(words)
            line.clear()
        self.told.setText("")
        self.problem.hide()
        self.print_button.setFocus()

    def forget(self) -> None:
        """Show the code no more."""
        self._code = ""
        self._code_label.clear()
        self._code_label.setAccessibleName("")
        for line in self.lines:
            line.clear()

    def _on_print(self) -> None:
        self.told.setText(self._print(self, self._code))

    def _on_done(self) -> None:
        groups = self._code.split("-")
        for place, line in zip(self.asked, self.lines, strict=True):
            if line.text().strip().upper() != groups[place]:
                self.problem.setText(f"Group {place + 1}: {WRONG}")
                self.problem.show()
                line.setFocus()
                return
        code = self._code
        self.forget()
        self.confirmed.emit(code)

    def _make_sheet(self) -> QFrame:
        sheet = QFrame()
        sheet.setProperty("role", "sheet")
        layout = QVBoxLayout(sheet)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(8)
        font = QFont("monospace")
        font.setPointSize(17)
        font.setStyleHint(QFont.StyleHint.Monospace)
        self._code_label.setFont(font)
        layout.addWidget(self._code_label)
        layout.addWidget(self.print_button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self.told)
        layout.addWidget(make_label("To be sure that it is on paper, type two of its groups from there:"))
        row = QHBoxLayout()
        for label, line in zip(self._labels, self.lines, strict=True):
            label.setBuddy(line)
            row.addWidget(label)
            row.addWidget(line)
        layout.addLayout(row)
        layout.addWidget(self.problem)
        layout.addWidget(self.done_button, 0, Qt.AlignmentFlag.AlignLeft)
        return sheet


def print_on_paper(parent: QWidget, code: str) -> str:
    """Ask for a printer and print the code; return what to say about it."""
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo  # noqa: PLC0415 hardly ever needed

    if not QPrinterInfo.availablePrinterNames():
        return NO_PRINTER
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    dialog = QPrintDialog(printer, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)  # or it goes on using a printer that is no more
    if dialog.exec() != QPrintDialog.DialogCode.Accepted:
        return ""
    draw_paper(printer, code)
    return PRINTED


def draw_paper(device: object, code: str) -> None:
    """Draw the paper with the code on a printer."""
    from PySide6.QtPrintSupport import QPrinter  # noqa: PLC0415 hardly ever needed

    assert isinstance(device, QPrinter)  # noqa: S101 for the type checker
    painter = QPainter(device)
    inch = device.resolution()
    place = QPoint(inch, inch)
    for words, size in (("Recovery code of Spine intake", 16), (INTRO, 10), (code, 18), (WITHOUT, 10)):
        font = painter.font()
        font.setPointSize(size)
        painter.setFont(font)
        area = painter.viewport().adjusted(place.x(), place.y(), -inch, 0)
        used = painter.drawText(area, Qt.TextFlag.TextWordWrap, words)
        place.setY(place.y() + _height(used) + inch // 4)
    painter.end()


def _height(used: object) -> int:
    from PySide6.QtCore import QRect  # noqa: PLC0415 for the type checker

    return used.height() if isinstance(used, QRect) else 0
