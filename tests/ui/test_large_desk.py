"""At 16 point text in the small window nothing of the desk's own pages is cut: list, accounts, trail, rules, keys."""

import pytest
from desk import sign_in
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QDialog, QLabel, QPushButton
from receptionist import click

from intake_app.ui import theme
from intake_app.ui.worklist import LIMIT

LONG = "Wolfeschlegelsteinhausen-Bergerdorff"


@pytest.fixture
def window(qtbot, qapp, clinic, open_window, now):
    """A window of a clinic with a long name, in which somebody has signed in."""
    assert clinic
    usual = QFont(qapp.font())
    large = QFont(usual)
    large.setPointSizeF(16)
    qapp.setFont(large)
    theme.apply_theme(qapp, "light")
    window = open_window()
    sign_in(window, qtbot)
    window.store.save_clinic({"name": "Harbour Spine Clinic for Orthopaedic Care of the North"}, now())
    yield window
    qapp.setStyleSheet("")
    qapp.setFont(usual)


def expect_whole(page):
    buttons = [button for button in page.findChildren(QPushButton) if button.isVisible()]
    assert buttons
    for button in buttons:
        assert button.width() >= button.sizeHint().width(), button.text()
        assert button.height() >= button.minimumSizeHint().height(), button.text()


def test_the_list_with_many_patients(window, qtbot, now):
    with window.store.at_once():
        for number in range(LIMIT):
            person = {"family_name": f"{LONG}-{number:03}", "given_names": "Maximiliane Alexandra"}
            window.store.start_intake(window.store.add_patient(person, now()), now())
    window.show_worklist()
    qtbot.wait(20)
    worklist = window.worklist
    expect_whole(worklist)
    assert worklist.more.width() >= worklist.more.sizeHint().width()
    assert worklist.search.height() >= worklist.search.sizeHint().height()
    assert worklist._clinic.text().endswith("…")
    assert worklist._clinic.toolTip().endswith("of the North")
    assert worklist.table.rowHeight(0) > 2 * worklist.table.fontMetrics().height()


def test_nobody_found_for_a_long_name(window, qtbot):
    window.show_worklist()
    window.worklist.search.setText(f"{LONG}-Montgomery, Maximiliane Alexandra 3 May 1956")
    qtbot.wait(20)
    title = window.worklist.empty.title
    assert title.height() >= title.heightForWidth(title.width()) >= 2 * title.fontMetrics().height()


def test_the_people(window, qtbot):
    window.show_people()
    qtbot.wait(20)
    expect_whole(window.people)
    window.people.message.say(f"{LONG} can sign in now.")
    qtbot.wait(20)
    label = window.people.message.findChild(QLabel)
    assert label.height() >= label.heightForWidth(label.width())
    assert not window.people.list.horizontalScrollBar().isVisible()


def test_the_trail(window, qtbot):
    window.show_trail()
    qtbot.wait(20)
    expect_whole(window.trail)
    for choice in (window.trail.filter.who, window.trail.filter.what):
        assert choice.width() > choice.fontMetrics().horizontalAdvance(choice.currentText()) + 40


def test_the_rules(window, qtbot):
    window.show_rules()
    qtbot.wait(20)
    expect_whole(window.rule_book)
    tree = window.rule_book.tree
    assert tree.columnWidth(0) > tree.viewport().width() / 2


def test_the_keys(window, qtbot):
    window.show_worklist()
    click(window.worklist.keys_button)
    [dialog] = window.findChildren(QDialog)
    qtbot.wait(20)
    assert dialog.height() <= window.height()
    expect_whole(dialog)
    for label in dialog.findChildren(QLabel):
        assert label.width() >= label.sizeHint().width(), label.text()
    dialog.close()


def test_why_records_do_not_open(window, qtbot):
    window.trouble.show_trouble("The records file is damaged.", "Nothing was changed. " * 8)
    window.trouble.offer("&Restore the backup of 21 November 2026, 08:02", None)
    window.stack.setCurrentWidget(window.trouble)
    qtbot.wait(20)
    expect_whole(window.trouble)
