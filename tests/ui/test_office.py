"""The way to the pages about accounts and records, and back: by Escape, by the lock, and nothing comes up beside it."""

import pytest
from batch import fill, open_batch
from desk import settle, shown, sign_in
from locked import ORBIT
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget
from receptionist import click, type_text

from intake_app.ui.office import SHOWN_BY


class Shown(QObject):
    """Notes what is shown as a window of its own."""

    def __init__(self):
        super().__init__()
        self.windows = []

    def eventFilter(self, watched, event):  # noqa: N802
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.windows.append(f"{type(watched).__name__} {watched.accessibleName()}")
        return False


def test_nothing_but_the_window_comes_up_on_the_way_through_its_pages(open_window, qtbot, qapp, clinic):
    """A widget that is shown before it has a place is a window for a moment, and takes the keyboard with it."""
    assert clinic
    window, seen = open_window(), Shown()
    qapp.installEventFilter(seen)
    sign_in(window, qtbot)
    window.show_people()
    for action in window.people.buttons:
        window.people.show_form(action)
        window.people.form.cancel_button.click()
    for show in (window.show_trail, window.show_backups, window.show_rules, window.show_clinic):
        show()
    window.show_worklist()
    window.show_new_patient({"family_name": "Example"})
    window.lock()
    window.door.forgotten_button.click()
    qtbot.wait(20)
    qapp.removeEventFilter(seen)
    assert seen.windows == []


def test_escape_leads_back_from_a_form_and_then_from_the_page(open_window, qtbot, clinic):
    assert clinic
    window = open_window()
    sign_in(window, qtbot)
    for show in (window.show_people, window.show_trail, window.show_backups, window.show_rules):
        show()
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
        assert shown(window) is window.worklist
    window.show_people()
    click(window.people.buttons["add"])
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert (shown(window), window.people.form) == (window.people, None)
    assert window.people.buttons["add"].hasFocus()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert shown(window) is window.worklist


def test_the_lock_is_in_sight_where_letters_are_issued_in_one_go(open_window, qtbot, clinic, questionnaire, now):
    assert clinic
    window = open_window()
    sign_in(window, qtbot)
    intakes = fill(window.store, questionnaire, now, ("just_begun",))
    window.worklist.refresh()
    open_batch(window, intakes.values(), qtbot)
    assert window._corner.isVisible()
    click(window._corner)
    assert shown(window) is window.door


@pytest.mark.parametrize("name", ["clinic_form", "rule_book", "people", "trail", "backups"])
def test_whoever_locked_on_a_page_is_back_on_it_and_nobody_else(open_window, qtbot, clinic, name):
    assert clinic
    window = open_window()
    for back in (True, False):
        sign_in(window, qtbot)
        getattr(window, SHOWN_BY[name])()
        window.lock()
        settle(qtbot)
        sign_in(window, qtbot, *([] if back else ["Fay Desk", ORBIT]))
        assert shown(window) is (getattr(window, name) if back else window.worklist)
        window.lock()


def test_a_letterhead_without_a_name_is_typed_on_after_the_lock(open_window, qtbot, clinic):
    assert clinic
    window = open_window()
    sign_in(window, qtbot)
    window.show_clinic()
    fields = window.clinic_form.form.fields
    fields["name"].widget.line.clear()
    type_text(fields["name"].widget.line, " ")
    fields["address"].widget.focus_first()
    type_text(QApplication.focusWidget(), "12 Quay Street")
    window.lock()
    settle(qtbot)
    sign_in(window, qtbot)
    values = window.clinic_form.form.values()
    assert (values["name"], values["address"]) == ("", "12 Quay Street")
    assert window.store.clinic()["name"] == "Harbour Clinic"
    window.lock()
    sign_in(window, qtbot)
    assert shown(window) is window.clinic_form
