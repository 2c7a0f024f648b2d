from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

ALT = Qt.KeyboardModifier.AltModifier


def test_the_key_after_the_alt_key_goes_to_the_page_that_was_asked_for(wizard, qtbot):
    before = wizard.page
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_N, ALT)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Y)
    assert wizard.page is not before
    assert wizard.draft.answers == {}


def test_an_alt_key_adds_an_entry_at_once(wizard, qtbot):
    wizard.show_page("treatments")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_A, ALT)
    assert len(wizard.draft.entries("treatments")) == 1


def test_enter_presses_every_button_beside_the_questions(wizard, draft):
    draft.save("saddle_numbness", "yes")
    draft.add_entry("treatments")
    wizard.show_page("treatments")
    asked = wizard.page.column.rows["treatments"].widget
    asked.remove(next(iter(asked.cards)))
    asked.add()
    beside = [wizard.emergency, wizard.foot, wizard.summary, asked.undo_bar, *asked.cards.values()]
    buttons = {button for part in beside for button in part.findChildren(QPushButton) if not button.isCheckable()}
    assert {wizard.next_button, wizard.emergency.button, asked.undo_bar.button} < buttons
    assert [button.text() for button in buttons if not button.autoDefault()] == []


def test_a_screen_reader_reads_what_the_button_says_now(wizard, draft):
    assert wizard.next_button.accessibleName() == "Next: Symptoms"
    wizard.show_page("goals")
    assert wizard.next_button.accessibleName() == "Next: Review"
    draft.save("saddle_numbness", "yes")
    assert wizard.emergency.button.accessibleName() == "Record the hand-off"
