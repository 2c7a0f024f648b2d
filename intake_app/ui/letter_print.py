"""Prints finished PDFs: asked for in the printer's own dialog, drawn on the worker a strip at a time."""

import time
from collections.abc import Callable

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QWidget

from intake_app.errors import UserError
from intake_app.ui import letter_work
from intake_app.ui.letter_busy import Progress

AskPrinter = Callable[[QWidget], QPrinter | None]
DOTS = 300  # per inch
STRIP = 40  # lines drawn in one go: the window has its turn in between
_NOT_PRINTED = (
    "The printer could not be opened.",
    "Check that it is switched on and connected, or save the file and print that.",
)


def ask_printer(parent: QWidget) -> QPrinter | None:
    """Ask on which printer, which pages and how many copies; None if nothing is to be printed."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    dialog = QPrintDialog(printer, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)  # or it goes on using a printer that is no more
    return printer if dialog.exec() == QDialog.DialogCode.Accepted else None


def prepare(printer: QPrinter, title: str) -> QPrinter:
    """Return a printer that takes pages as they are; `title` stands in the list of the printer's jobs."""
    printer.setDocName(title)
    printer.setCreator("Spine intake")
    printer.setFullPage(True)  # a letter has its own margins
    printer.setResolution(DOTS)
    return printer


def print_pdf(pdf: bytes, printer: QPrinter, progress: Progress) -> int:
    """Print a PDF on a prepared printer, for the worker; return how many pages. UserError if it cannot be opened."""
    sizes = letter_work.measure_pages(pdf)
    first, last = printer.fromPage() or 1, printer.toPage() or len(sizes)
    wanted = range(max(first, 1), min(last, len(sizes)) + 1)
    painter = QPainter()
    if not painter.begin(printer):
        raise UserError(*_NOT_PRINTED)
    try:
        progress.total = len(wanted)
        for number in wanted:
            if progress.stopped:
                printer.abort()
                break
            if number != wanted.start:
                printer.newPage()
            _draw(painter, letter_work.draw_page(pdf, number - 1, DOTS), printer)
            progress.done += 1
    finally:
        painter.end()
    return progress.done


def _draw(painter: QPainter, page: letter_work.PageImage, printer: QPrinter) -> None:
    """Draw a page at its size, or smaller where the paper is: never cut."""
    picture = QImage(page.pixels, page.width, page.height, page.stride, QImage.Format.Format_RGB32)
    paper = printer.pageLayout().fullRectPixels(printer.resolution())
    painter.resetTransform()
    scale = min(paper.width() / page.width, paper.height() / page.height, 1.0)
    painter.scale(scale, scale)
    for top in range(0, page.height, STRIP):
        strip = QRect(0, top, page.width, min(STRIP, page.height - top))
        painter.drawImage(strip, picture, strip)
        time.sleep(0)  # Qt held Python's lock meanwhile: the window's turn
