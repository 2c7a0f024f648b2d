"""Asks for files and folders in the desktop's own dialog; the lock, and whatever else closes it, ends the question."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEventLoop, QSettings
from PySide6.QtWidgets import QFileDialog, QWidget

# What Qt's own dialog writes down in plain text for all programs of the account: a folder may be named after a patient.
_FOLDERS = ("FileDialog/history", "FileDialog/lastVisited")


def ask_save(parent: QWidget, title: str, name: str, kinds: str) -> Path | None:
    """Ask where to save a file, `name` being suggested; `kinds` as in "CSV (*.csv)". None if it is not to be saved."""
    dialog = QFileDialog(parent.window(), title, name, kinds)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    return next(iter(_ask(dialog)), None)


def ask_open(parent: QWidget, title: str, kinds: str) -> Path | None:
    """Ask for a file there is; None if none is chosen."""
    dialog = QFileDialog(parent.window(), title, "", kinds)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    return next(iter(_ask(dialog)), None)


def ask_several(parent: QWidget, title: str, kinds: str) -> list[Path]:
    """Ask for files there are."""
    dialog = QFileDialog(parent.window(), title, "", kinds)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    return _ask(dialog)


def ask_folder(parent: QWidget, title: str) -> Path | None:
    """Ask for a folder; None if none is chosen."""
    dialog = QFileDialog(parent.window(), title)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return next(iter(_ask(dialog)), None)


def _ask(dialog: QFileDialog) -> list[Path]:
    """Return what is chosen; nothing once it is closed.

    Neither exec() nor the functions of QFileDialog: with a dialog of the desktop itself they go on asking after the
    lock has closed it, and crash when the page that asked is deleted meanwhile. So it belongs to the window, too.
    """
    settings, loop = _open_settings(), QEventLoop()
    before = {name: settings.value(name) for name in _FOLDERS}
    dialog.destroyed.connect(partial(_forget_folders, before))  # only then has it written them
    dialog.finished.connect(loop.quit)
    dialog.open()
    loop.exec()
    chosen = dialog.selectedFiles() if dialog.result() == QFileDialog.DialogCode.Accepted else []
    dialog.deleteLater()
    return [Path(each) for each in chosen]


def _forget_folders(before: Mapping[str, object]) -> None:
    settings = _open_settings()
    for name, value in before.items():
        if value is None:
            settings.remove(name)
        else:
            settings.setValue(name, value)
    settings.sync()


def _open_settings() -> QSettings:
    return QSettings(QSettings.Scope.UserScope, "QtProject")
