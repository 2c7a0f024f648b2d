"""The questions for files and folders: answered, closed by the lock, and left by the page that asked."""

from pathlib import Path

import pytest
import shiboken6
from desk import shown, sign_in
from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QVBoxLayout, QWidget
from receptionist import click

from intake_app.ui import file_dialogs

CSV = "CSV (*.csv)"
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(qtbot):
    """A page in a window."""
    window, page = QWidget(), QWidget()
    QVBoxLayout(window).addWidget(page)
    qtbot.addWidget(window)
    window.show()
    page.kept = window  # qtbot holds it weakly
    return page


def meanwhile(act):
    """Do something with the dialog as soon as it is there."""

    def look():
        dialog = QApplication.activeModalWidget()
        if dialog is None or not dialog.isActiveWindow():
            QTimer.singleShot(10, look)
            return
        act(dialog)

    QTimer.singleShot(0, look)


def test_where_to_save_is_suggested_and_taken(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    meanwhile(QFileDialog.accept)
    assert file_dialogs.ask_save(page, "Export", "trail.csv", CSV) == tmp_path / "trail.csv"


def test_a_file_several_files_and_a_folder(page, tmp_path):
    for name in ("one.csv", "two.csv"):
        (tmp_path / name).write_text("1")

    def choose(*names):
        def act(dialog):
            dialog.setDirectory(str(tmp_path))
            dialog.findChild(QWidget, "fileNameEdit").setText(" ".join(f'"{name}"' for name in names))
            dialog.accept()

        return act

    meanwhile(choose("one.csv"))
    assert file_dialogs.ask_open(page, "Open", CSV) == tmp_path / "one.csv"
    meanwhile(choose("one.csv", "two.csv"))
    assert file_dialogs.ask_several(page, "Open", CSV) == [tmp_path / "one.csv", tmp_path / "two.csv"]
    meanwhile(choose(str(tmp_path)))
    assert file_dialogs.ask_folder(page, "Folder") == tmp_path


@pytest.mark.parametrize("end", [QFileDialog.reject, QFileDialog.close])
def test_a_question_that_is_closed_chooses_nothing(page, end):
    for ask in (
        lambda: file_dialogs.ask_save(page, "Export", "trail.csv", CSV),
        lambda: file_dialogs.ask_open(page, "Open", CSV),
        lambda: file_dialogs.ask_folder(page, "Folder"),
    ):
        meanwhile(end)
        assert ask() is None
    meanwhile(end)
    assert file_dialogs.ask_several(page, "Open", CSV) == []


@pytest.fixture
def settings(tmp_path):
    """Return the file in which Qt remembers folders; the account's own one is left alone."""
    native, user = QSettings.Format.NativeFormat, QSettings.Scope.UserScope
    usual = Path(QSettings(user, "QtProject").fileName())
    QSettings.setPath(native, user, str(tmp_path))
    yield Path(QSettings(user, "QtProject").fileName())
    QSettings.setPath(native, user, str(usual.parent))


@pytest.mark.parametrize("before", ["", "file:///other/program"])
def test_no_folder_is_remembered_beyond_the_question(page, tmp_path, settings, qtbot, before):
    patient = tmp_path / "Quillfeather Anna"
    patient.mkdir()
    if before:
        QSettings(QSettings.Scope.UserScope, "QtProject").setValue("FileDialog/lastVisited", before)

    def act(dialog):
        dialog.setDirectory(str(patient))
        dialog.findChild(QWidget, "fileNameEdit").setText("letter.csv")
        gone.append(dialog)
        dialog.accept()

    gone = []
    meanwhile(act)
    assert file_dialogs.ask_save(page, "Export", "trail.csv", CSV) == patient / "letter.csv"
    qtbot.waitUntil(lambda: not shiboken6.isValid(gone[0]))
    kept = QSettings(QSettings.Scope.UserScope, "QtProject")
    kept.sync()
    assert kept.value("FileDialog/lastVisited", "") == before
    assert "Quillfeather" not in (settings.read_text("utf-8") if settings.exists() else "")


def test_a_page_that_is_gone_takes_no_dialog_with_it(page):
    def act(dialog):
        shiboken6.delete(page)
        assert shiboken6.isValid(dialog)
        dialog.reject()

    meanwhile(act)
    assert file_dialogs.ask_save(page, "Export", "trail.csv", CSV) is None


@pytest.mark.parametrize("by_key", [True, False])
def test_the_lock_closes_an_open_question_and_no_file_is_written(open_window, qtbot, clinic, tmp_path, by_key):
    assert clinic
    window = open_window()
    sign_in(window, qtbot)
    window.show_trail()
    before = sorted(tmp_path.rglob("*.csv"))
    meanwhile(lambda dialog: qtbot.keyClick(dialog, Qt.Key.Key_L, CONTROL) if by_key else window.lock())
    click(window.trail.export_button)
    assert (shown(window), window.session, window.store) == (window.door, None, None)
    assert QApplication.activeModalWidget() is None
    assert sorted(tmp_path.rglob("*.csv")) == before
    sign_in(window, qtbot)
    assert shown(window) is window.trail


def test_the_list_of_keys_locks_too_and_keeps_the_window_in_use(open_window, qtbot, clinic, running):
    assert clinic
    window = open_window()
    sign_in(window, qtbot)
    click(window.worklist.keys_button)
    [dialog] = window.findChildren(QDialog)
    qtbot.waitUntil(dialog.isActiveWindow)
    running.seconds += 4 * 60
    qtbot.keyClick(dialog.windowHandle(), Qt.Key.Key_Down)
    running.seconds += 4 * 60
    window.idle.check()
    assert shown(window) is window.worklist
    qtbot.keyClick(dialog, Qt.Key.Key_L, CONTROL)
    assert shown(window) is window.door
    assert not shiboken6.isValid(dialog) or not dialog.isVisible()
