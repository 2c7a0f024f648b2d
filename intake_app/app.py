"""Builds store, questionnaire and window: the only place that knows all parts."""
# ruff: noqa: E402  the order of what happens here decides how soon there is something to be seen

import gc

gc.disable()  # while everything is being loaded there is nothing to throw away; on again below

import os
import sys
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

# First of all: once PySide6 is there, it reads the source of every module that is imported, which takes time.
from db import Store, open_store
from intake_app import dates, errors, paths  # noqa: F401 so that they come before PySide6
from intake_app.records import DATABASE, Records

# isort: split
from PySide6.QtWidgets import QApplication

from intake_app.ui import messages, theme
from intake_app.ui.locked_window import LockedWindow
from intake_app.ui.main_window import TITLE, MainWindow

if TYPE_CHECKING:
    from intake_app.case import Case
    from intake_app.questions import Questionnaire

gc.freeze()  # what is loaded stays, and need not be looked through again
gc.enable()

PR_SET_DUMPABLE = 4  # of prctl(2)
DEMO_PREFIX = "spine-intake-demo-"


def run(
    *,
    demo: bool = False,
    theme: str | None = None,
    screenshots: Path | None = None,
    data: Path | None = None,
) -> int:
    """Show the window until it is closed and return the exit code.

    `demo` works in a folder of its own that is deleted at the end; `data` overrides where the records are.
    """
    os.umask(0o077)  # whatever is written is for this account only
    _forbid_core_dumps()
    if demo or screenshots:
        import tempfile  # noqa: PLC0415 only here

        # Never beneath the clinic's folder: what is thrown away here must not be mistaken for records.
        with tempfile.TemporaryDirectory(prefix=DEMO_PREFIX, ignore_cleanup_errors=True) as folder:
            return _show(Path(folder), theme, demo=True, screenshots=screenshots)
    return _show(data or paths.data_folder(), theme)


def _show(folder: Path, wanted_theme: str | None, *, demo: bool = False, screenshots: Path | None = None) -> int:
    app = _make_app(wanted_theme)
    log = folder / messages.LOG_NAME
    report = messages.CrashReport(log, messages.show_crash_dialog, _now)
    report.install()
    if screenshots:
        from intake_app.ui.screenshots import write_screenshots  # noqa: PLC0415 only here

        return write_screenshots(
            app,
            screenshots,
            lambda name: _open_demo(folder / name),
            _load_questionnaire,
            _now,
            make_records=lambda name: Records(folder / f"{name}-locked", _now),
            fill=_fill_demo,
        )
    if demo:
        window = MainWindow(partial(_open_demo, folder), _load_questionnaire, _now, demo=True)
    else:
        window = LockedWindow(Records(folder, _now), _load_questionnaire, _now)
    report.told.connect(window.warn)
    window.painted.connect(_forbid_looking_in)
    window.painted.connect(lambda: messages.watch_for_faults(log))
    window.show()
    return app.exec()


def _forbid_core_dumps() -> None:
    """Keep what is in memory, keys and answers, from being written to the disk when the program crashes."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 only there

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _forbid_looking_in() -> None:
    """Keep crash reporters, which that limit does not bind, and the account's other programs out of the memory."""
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415 only there

        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def _make_app(wanted_theme: str | None) -> QApplication:
    # As an option, because setStyle() hands out the style, for which PySide6 loads every kind of style there is.
    app = QApplication.instance() or QApplication([*sys.argv[:1], "-style", theme.STYLE])
    assert isinstance(app, QApplication)  # noqa: S101 for the type checker
    app.setApplicationName(TITLE)
    app.setDesktopFileName("spine-intake")
    theme.apply_theme(app, wanted_theme)
    return app


def _now() -> datetime:
    return datetime.now().astimezone()


def _load_questionnaire() -> "Questionnaire":
    # After the first picture; the rules register themselves.
    from intake_app import questions, rules  # noqa: F401, PLC0415

    return questions.load(paths.resources(), paths.data_folder() / "questions")


def _open_demo(folder: Path) -> Store:
    """Open throw-away records, filled with invented patients the first time."""
    store = open_store(folder / DATABASE)
    if store.clinic() is None:
        _fill_demo(store)
    return store


def _fill_demo(store: Store) -> None:
    from intake_app import demo  # noqa: PLC0415 only here

    fill_store(store, demo.cases(_load_questionnaire(), _now().date()).values(), _now())


def fill_store(store: Store, cases: Iterable["Case"], now: datetime) -> None:
    """Put invented patients with their intakes into an empty store."""
    from intake_app import demo  # noqa: PLC0415 only here

    store.save_clinic(demo.CLINIC, now)
    store.save_recipient(demo.RECIPIENT, now)
    for number, case in enumerate(cases):
        then = now - timedelta(minutes=17 * number**3)
        patient_id = store.add_patient({k: str(v) for k, v in case.patient.items()}, then, is_demo=True)
        intake_id = store.start_intake(patient_id, then)
        for question_id, value in case.answers.items():
            if isinstance(value, tuple) and case.questionnaire.by_id[question_id].type == "entries":
                for entry in value:
                    entry_id = store.add_entry(intake_id, question_id, then)
                    for field_id, field in entry.items():
                        store.save_answer(intake_id, field_id, field, then, entry_id=entry_id)
            else:
                store.save_answer(intake_id, question_id, value, then)
        last = list(case.answers)[-1]
        store.save_page(intake_id, case.questionnaire.page_of(last).id)
