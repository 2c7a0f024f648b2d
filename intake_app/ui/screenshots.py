"""Writes a picture of every screen, light and dark, for people to look at."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from db import Store
from intake_app.questions import Questionnaire
from intake_app.ui import letter_work, theme
from intake_app.ui.intake_screen import IntakeScreen
from intake_app.ui.main_window import MainWindow
from intake_app.ui.patient_bar import LETTER, REVIEW

SIZES = {"small": (1024, 700), "large": (1600, 1000)}
THEMES = ("light", "dark")
LETTER_DPI = 110
SETTLE = 150  # milliseconds for layouts and idle building
PATIENCE = 20_000  # milliseconds for a letter


def write_screenshots(
    app: QApplication,
    folder: Path,
    open_store: Callable[[str], Store],
    load_questionnaire: Callable[[], Questionnaire],
    now: Callable[[], datetime],
) -> int:
    """Write every screen into a folder, and the pages of a letter; return the exit code.

    `open_store` opens records with the invented patients, others for each name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for look in THEMES:
        theme.apply_theme(app, look)
        window = MainWindow(partial(open_store, look), load_questionnaire, now, demo=True)
        window.show()
        for name in _walk(window):
            for size_name, size in SIZES.items():
                window.resize(*size)
                _wait(SETTLE)
                window.grab().save(str(folder / f"{name}-{look}-{size_name}.png"))
        if look == THEMES[0] and window.intake and window.intake.letter.shown:
            _write_pages(window.intake.letter.shown.pdf, folder)
        window.close()
    return 0


def _walk(window: MainWindow) -> Iterator[str]:
    """Go from screen to screen and yield the name of each when it is there."""
    _wait(SETTLE)
    worklist = window.worklist
    assert worklist is not None  # noqa: S101 the demo's records always open
    rows = {row["family_name"]: row for row in worklist.model.rows}
    yield "worklist"
    worklist.search.setText("Somebody New 3 May 1956")
    yield "worklist-nobody"
    worklist.search.clear()
    window.show_clinic()
    yield "letterhead"
    window.show_new_patient({"family_name": "Achterberg", "given_names": "Rosalinde", "birth_date": "1979-04-11"})
    yield "patient"
    window.show_worklist()
    window.show_intake(rows["Achterberg"]["intake_id"])
    yield from _walk_intake(_opened(window))
    window.show_worklist()
    window.show_intake(rows["Nguyễn"]["intake_id"])
    screen = _opened(window)
    screen.wizard.show_page(window.questionnaire.pages[0].id)
    yield "emergency"
    screen.show_part(REVIEW)
    yield "review-emergency"
    window.show_worklist()
    window.show_intake(rows["Achterberg"]["intake_id"])
    yield from _walk_letter(_opened(window))


def _walk_intake(screen: IntakeScreen) -> Iterator[str]:
    for number, page in enumerate(screen.draft.questionnaire.pages, 1):
        screen.wizard.show_page(page.id)
        yield f"page-{number:02}-{page.id}"
    screen.show_part(REVIEW)
    screen.review.answers.build()
    yield "review"


def _walk_letter(screen: IntakeScreen) -> Iterator[str]:
    screen.show_part(LETTER)
    _wait_for(lambda: screen.letter.shown is not None)
    _wait(SETTLE * 4)
    yield "letter-preview"
    screen.letter.issue()
    _wait(SETTLE * 4)
    yield "letter-issued"


def _opened(window: MainWindow) -> IntakeScreen:
    assert window.intake is not None  # noqa: S101 it has just been opened
    return window.intake


def _write_pages(pdf: bytes, folder: Path) -> None:
    for number in range(len(letter_work.measure_pages(pdf))):
        page = letter_work.draw_page(pdf, number, LETTER_DPI)
        image = QImage(page.pixels, page.width, page.height, page.stride, QImage.Format.Format_RGB32)
        image.save(str(folder / f"letter-page-{number + 1}.png"))


def _wait(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _wait_for(is_there: Callable[[], bool]) -> None:
    for _ in range(PATIENCE // SETTLE):
        if is_there():
            return
        _wait(SETTLE)
