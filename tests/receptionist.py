"""A receptionist: gives answers through mouse and keyboard, as the widgets on the screen take them."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from intake_app import dates
from intake_app.letter.words import answer_words
from intake_app.ui.choice_widgets import TileGroup
from intake_app.ui.entry_list import EntryList
from intake_app.ui.find_field import CodeField, OptionField

PATIENCE = 300  # waits of 10 ms
TOUCHABLE = 12  # pixels: a button less high is not laid out yet


def click(button):
    """Click a button, once it is on the screen."""
    for _ in range(PATIENCE):
        QApplication.processEvents()
        if button.isVisible() and button.height() >= TOUCHABLE:
            break
        QTest.qWait(10)
    assert button.height() >= TOUCHABLE, "it is not there"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def type_text(widget, text):
    """Type into a line or a text; letters that no key of this keyboard has come as from an input method."""
    widget.setFocus()
    for line_number, line in enumerate(text.split("\n")):
        if line_number:
            QTest.keyClick(widget, Qt.Key.Key_Return)
        if line.isascii():
            QTest.keyClicks(widget, line)
        else:
            event = QInputMethodEvent()
            event.setCommitString(line)
            QApplication.sendEvent(widget, event)


def give(widget, value):
    """Answer one question by its widget, once it is on the screen."""
    QApplication.processEvents()
    if isinstance(widget, TileGroup):
        for key in value if isinstance(value, list) else [value]:
            tile = next(tile for tile in widget.tiles if tile.key == str(key))
            click(tile)
    elif isinstance(widget, EntryList):
        give_entries(widget, value)
    elif isinstance(widget, OptionField | CodeField):
        type_text(widget.line, answer_words(widget.question, value) if isinstance(widget, OptionField) else value)
        QTest.keyClick(widget.popup, Qt.Key.Key_Return)
    elif widget.question.type == "date":
        type_text(widget.line, dates.say(value))
        QTest.keyClick(widget.line, Qt.Key.Key_Return)
    elif widget.question.type == "long_text":
        edit = widget.findChild(QPlainTextEdit)
        type_text(edit, value)
        QTest.keyClick(edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    else:
        type_text(widget.line, value if isinstance(value, str) else f"{value:g}")
        QTest.keyClick(widget.line, Qt.Key.Key_Return)


def give_entries(widget, value):
    """Fill a list: say that it is empty, or add each entry with its button."""
    if value == "none":
        click(widget.none_tile.tiles[0])
        return
    for entry in value:
        click(widget.add_button)
        card = list(widget.cards.values())[-1]
        for question in widget.question.fields:  # in the order in which they appear
            if question.id in entry:
                assert card.column.focus_question(question.id), question.id
                give(card.column.rows[question.id].widget, entry[question.id])


def fill_patient(form, patient):
    """Fill in who the patient is."""
    for name, value in patient.items():
        give(form.form.fields[name].widget, value)


def fill_intake(wizard, answers):
    """Go through the pages and answer what the case answers, in the order of the questions."""
    for page in wizard.draft.questionnaire.pages:
        given = [q.id for q in page.questions if q.id in answers]
        wizard.show_page(page.id)
        for name in given:
            assert wizard.show_question(name), f"{name} is not shown"
            give(wizard.page.column.rows[name].widget, answers[name])
