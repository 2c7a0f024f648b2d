"""Writes a picture of every screen, light and dark, for people to look at."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from db import Store
from intake_app import demo
from intake_app.questions import Questionnaire
from intake_app.records import Records
from intake_app.ui import letter_work, theme
from intake_app.ui.intake_screen import IntakeScreen
from intake_app.ui.letter_request import LetterRequest, save_request
from intake_app.ui.locked_window import LockedWindow
from intake_app.ui.main_window import MainWindow
from intake_app.ui.patient_bar import LETTER, REVIEW
from intake_app.ui.secret_fields import SecretForm
from intake_app.ui.worklist import Worklist

SIZES = {"small": (1024, 700), "large": (1600, 1000)}
THEMES = ("light", "dark")
LETTER_DPI = 110
SETTLE = 150  # milliseconds for layouts and idle building
PATIENCE = 20_000  # milliseconds for a letter
PERSON, PASSWORD = "Ann Lee", "plum-kettle-orbit"
TROUBLE = (
    "The records file is damaged.",
    "Nothing was changed. Restore the last backup; what is there now is kept beside it.",
)


def write_screenshots(
    app: QApplication,
    folder: Path,
    open_store: Callable[[str], Store],
    load_questionnaire: Callable[[], Questionnaire],
    now: Callable[[], datetime],
    *,
    make_records: Callable[[str], Records],
    fill: Callable[[Store], object],
) -> int:
    """Write every screen into a folder, and the pages of a letter; return the exit code.

    `open_store` opens records with the invented patients, others for each name; `make_records` gives those of a name
    that nobody has set up yet, and `fill` puts the invented patients into them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for look in THEMES:
        theme.apply_theme(app, look)
        window = MainWindow(partial(open_store, look), load_questionnaire, now, demo=True)
        _write_walk(window, _walk(window), folder, look)
        if look == THEMES[0] and window.intake and window.intake.letter.shown:
            _write_pages(window.intake.letter.shown.pdf, folder)
        window.close()
        locked = LockedWindow(make_records(look), load_questionnaire, now)
        _write_walk(locked, _walk_locked(locked, fill), folder, look)
        locked.close()
    return 0


def _write_walk(window: MainWindow, walk: Iterator[str], folder: Path, look: str) -> None:
    """Write a picture in each size wherever a walk comes by."""
    window.show()
    for name in walk:
        for size_name, size in SIZES.items():
            window.resize(*size)
            _wait(SETTLE)
            _wait_for(lambda: window.intake is None or not window.intake.letter.view.pages.is_drawing)
            window.grab().save(str(folder / f"{name}-{look}-{size_name}.png"))


def _walk_locked(window: LockedWindow, fill: Callable[[Store], object]) -> Iterator[str]:
    """Set up records with passwords, and go through what is about accounts, trail and backups."""
    _wait(SETTLE)
    yield "set-up"
    door = window.door
    _submit(door.set_up, name=PERSON, new=PASSWORD, again=PASSWORD)
    _wait_for(lambda: door.code_page is not None)
    yield "recovery-code"
    assert door.code_page is not None  # noqa: S101 it was waited for
    door.code_page.confirmed.emit("")
    _wait_for(lambda: window.worklist is not None)
    fill(_store_of(window))
    window.show_worklist()
    _wait_for(lambda: bool(window.records.backups()))
    yield "worklist-signed-in"
    rows = _opened_worklist(window).model.rows
    window.show_intake(rows[0]["intake_id"])
    _wait(SETTLE * 8)
    yield "intake-signed-in"
    window.show_worklist()
    yield from _walk_batch(window)
    yield from _walk_office(window)
    yield from _walk_door(window)


def _walk_door(window: LockedWindow) -> Iterator[str]:
    door = window.door
    window.lock()
    yield "locked"
    _submit(door.sign_in, own="not this one")
    _wait_for(lambda: not door.sign_in.is_busy)
    yield "sign-in-wrong"
    door.forgotten_button.click()
    yield "forgotten"
    window.trouble.show_trouble(*TROUBLE)
    window.trouble.offer("&Restore the backup of 21 November 2026, 08:02", None)
    window.trouble.offer_look(lambda: None)
    window.stack.setCurrentWidget(window.trouble)
    yield "damaged"


def _walk_batch(window: LockedWindow) -> Iterator[str]:
    """Issue the letters of the list in one go; half of them have somebody to go to."""
    store, ids = _store_of(window), [row["intake_id"] for row in _opened_worklist(window).model.rows]
    for intake_id in ids[::2]:
        save_request(store, intake_id, LetterRequest(demo.RECIPIENT))
    assert window.batch is not None  # noqa: S101 it comes with the list
    window.batch.show_letters(ids)
    page = window.batch.page
    assert page is not None  # noqa: S101 the same
    _wait_for(lambda: not page.looking.is_running)
    yield "letters-ready"
    page.issue()
    _wait_for(lambda: not page.is_running)
    yield "letters-issued"
    window.show_worklist()


def _walk_office(window: LockedWindow) -> Iterator[str]:
    window.show_people()
    window.people.show_form("add")
    yield "people"
    window.people.show_form("key")
    yield "people-new-key"
    window.show_trail()
    yield "trail"
    window.show_backups()
    yield "backups"
    window.show_rules()
    yield "rule-book"
    window.show_worklist()


def _submit(form: SecretForm, **texts: str) -> None:
    for name, text in texts.items():
        form.lines[name].setText(text)
    form.submit_button.click()


def _store_of(window: MainWindow) -> Store:
    assert window.store is not None  # noqa: S101 somebody has signed in
    return window.store


def _opened_worklist(window: MainWindow) -> Worklist:
    assert window.worklist is not None  # noqa: S101 the same
    return window.worklist


def _walk(window: MainWindow) -> Iterator[str]:
    """Go from screen to screen and yield the name of each when it is there."""
    _wait(SETTLE)
    worklist = _opened_worklist(window)
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
    _wait_for(lambda: not screen.wizard.summary.fill_next())
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
