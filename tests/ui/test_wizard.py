from collections import Counter

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QAccessible, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
)

from intake_app.ui import theme
from intake_app.ui.draft import Draft
from intake_app.ui.escalation import NO_PHONE, SHOW_NOW
from intake_app.ui.moment_field import say_moment
from intake_app.ui.wizard import MANY_ENTRIES, WAS_TOLD, Wizard, settle_layouts

PAGES = (
    "safety", "symptoms", "function", "neurology", "diagnoses", "treatments", "imaging", "operations", "alignment",
    "health", "medicines", "goals",
)  # fmt: skip


def press(qtbot, *keys, modifier=Qt.KeyboardModifier.NoModifier):
    for key in keys:
        qtbot.keyClick(QApplication.focusWidget(), key, modifier)


def focused_row(wizard):
    return next(
        (name for name, row in wizard.page.column.rows.items() if row.isAncestorOf(QApplication.focusWidget())),
        "",
    )


def build(wizard):
    for page in wizard.pages.values():
        page.refresh()
        page.column.build()


def open_everything(wizard):
    """Show a page with every question that can be shown, and an open entry in every list."""
    build(wizard)
    wizard.page.column._visible = {question.id for question in wizard.page.page.questions}
    for name, row in wizard.page.column.rows.items():
        row.show()
        if hasattr(row.widget, "add"):
            row.widget.add()
        assert name


def test_opening_an_intake_answers_nothing(wizard, qtbot, store):
    for page_id in wizard.pages:
        wizard.show_page(page_id)
    qtbot.waitUntil(lambda: not wizard._unbuilt)
    assert wizard.draft.answers == store.answers(wizard.draft.intake_id) == {}
    assert store.journal(wizard.draft.intake_id) == []


def test_the_safety_page_is_answered_by_keyboard_alone(wizard, qtbot):
    assert focused_row(wizard) == "saddle_numbness"
    for key in "nnnnnnn":
        press(qtbot, key)
    assert focused_row(wizard) == "weakness_72h"
    press(qtbot, "y", "u", "n")
    assert focused_row(wizard) == "clumsy_hands"
    for key in "nnnnn":
        press(qtbot, key)
    assert focused_row(wizard) == "infection_risks"
    press(qtbot, *"non", Qt.Key.Key_Space, Qt.Key.Key_Return)
    for key in "nnnnnnn":
        press(qtbot, key)
    assert focused_row(wizard) == "fracture_risks"
    press(qtbot, Qt.Key.Key_Space, Qt.Key.Key_Return, "n", "n")
    assert focused_row(wizard) == "safety_asked_by"
    press(qtbot, *"Desk", Qt.Key.Key_Return, *"Dr Example", Qt.Key.Key_Return)
    expected = {"weakness_72h": "yes", "weakness_rapid": "unsure", "infection_risks": ["none"]}
    expected |= {"fracture_risks": ["osteoporosis"], "safety_asked_by": "Desk", "handoff_to": "Dr Example"}
    answers = wizard.draft.store.answers(wizard.draft.intake_id)
    assert {name: answers[name] for name in expected} == expected
    others = {value for name, value in answers.items() if name not in expected}
    assert others == {"no"}


def test_enter_after_the_last_question_turns_the_page(wizard, qtbot):
    wizard.show_page("function")
    wizard.page.focus_path("support_at_home")
    press(qtbot, Qt.Key.Key_Return)
    assert wizard.page.page.id != "function"
    assert wizard.page.isAncestorOf(QApplication.focusWidget())


def test_alt_and_arrows_turn_pages(wizard, qtbot):
    press(qtbot, Qt.Key.Key_Right, modifier=Qt.KeyboardModifier.AltModifier)
    assert wizard.page.page.id == "symptoms"
    press(qtbot, Qt.Key.Key_Left, modifier=Qt.KeyboardModifier.AltModifier)
    assert wizard.page.page.id == "safety"


def test_the_wizard_ends_in_the_review_and_begins_after_the_list(wizard, qtbot):
    wizard.show_page(list(wizard.pages)[-1])
    assert "Review" in wizard.next_button.text()
    with qtbot.waitSignal(wizard.finished):
        wizard.next_button.click()
    wizard.show_page("safety")
    with qtbot.waitSignal(wizard.left):
        wizard.back_button.click()


def test_an_intake_opens_at_the_page_and_with_the_answers_it_was_left_with(wizard, qtbot, store, questionnaire, now):
    wizard.show_page("symptoms")
    wizard.draft.save("leg_pain", "yes")
    wizard.draft.save("leg_areas", ["calf", "big_toe"])
    wizard.draft.save("complaint", "Two\nlines")
    again = Wizard(Draft(store, questionnaire, wizard.draft.intake_id, now))
    qtbot.addWidget(again)
    build(again)
    assert again.page.page.id == "symptoms"
    rows = again.page.column.rows
    shown = {name: row.widget.value() for name, row in rows.items() if row.widget.value() is not None}
    assert shown == {"complaint": "Two\nlines", "leg_pain": "yes", "leg_areas": ["calf", "big_toe"]}


def test_a_page_that_is_gone_from_the_questionnaire_opens_the_first_one(store, qtbot, draft):
    store.save_page(draft.intake_id, "a_page_of_old")
    wizard = Wizard(draft)
    qtbot.addWidget(wizard)
    assert wizard.page.page.id == "safety"


def test_turning_the_page_saves_what_is_being_typed(wizard, qtbot):
    wizard.show_question("safety_asked_by")
    press(qtbot, *"Desk")
    press(qtbot, Qt.Key.Key_Right, modifier=Qt.KeyboardModifier.AltModifier)
    assert wizard.draft.answers["safety_asked_by"] == "Desk"


def test_undo_shows_the_question_it_was_about(wizard, qtbot):
    wizard.draft.save("leg_pain", "yes")
    assert wizard.page.page.id == "safety"
    press(qtbot, Qt.Key.Key_Z, modifier=Qt.KeyboardModifier.ControlModifier)
    assert wizard.draft.answers == {}
    assert (wizard.page.page.id, focused_row(wizard)) == ("symptoms", "leg_pain")
    wizard.undo()
    assert wizard.saved_label.text() == "There is nothing to take back."


def test_an_urgent_answer_raises_the_banner_at_once_and_leads_to_the_hand_off(wizard, qtbot):
    assert wizard.emergency.isHidden()
    press(qtbot, "y")
    assert wizard.emergency.title.text() == SHOW_NOW
    label = wizard.draft.questionnaire.by_id["saddle_numbness"].label
    assert wizard.emergency.text.text() == f"{label}. Phone: {NO_PHONE}."
    wizard.show_page("goals")
    assert wizard.emergency.isVisible()
    wizard.emergency.button.click()
    assert (wizard.page.page.id, focused_row(wizard)) == ("safety", "handoff_to")
    press(qtbot, *"Dr Example", Qt.Key.Key_Return)
    assert "Handed to Dr Example" in wizard.emergency.text.text()


def test_the_banner_goes_when_the_answer_is_taken_back(wizard, qtbot):
    press(qtbot, "y")
    wizard.draft.save("saddle_numbness", None)
    assert wizard.emergency.isHidden()


def test_a_red_flag_marks_its_question_and_its_step_and_nothing_else_is_red(wizard):
    wizard.draft.save("saddle_numbness", "yes")
    build(wizard)
    assert [name for name, row in wizard.page.column.rows.items() if row.property("flag")] == ["saddle_numbness"]
    names = {page: button.accessibleName() for page, button in wizard.steps.buttons.items()}
    assert [page for page, name in names.items() if "red flag" in name] == ["safety"]


def test_the_steps_say_how_far_a_page_has_come(wizard):
    words = wizard.steps.buttons["medicines"]
    assert words.accessibleName() == "Medicines: not started"
    wizard.draft.save("medicines", "none")
    assert words.accessibleName() == "Medicines: 1 of 2 answered"
    wizard.draft.save("allergies", "none")
    assert words.accessibleName() == "Medicines: done"


def test_typing_that_is_not_saved_marks_its_step_and_is_listed(wizard):
    wizard.show_question("onset")
    wizard.page.column.rows["onset"].widget.take_text("ages ago")
    assert list(wizard.problems()) == ["onset"]
    wizard.show_page("safety")
    assert "needs attention" in wizard.steps.buttons["symptoms"].accessibleName()


def test_a_disk_that_fails_is_told_and_nothing_is_lost(wizard, broken_store, qtbot):
    broken_store(broken=True)
    press(qtbot, "n")
    assert wizard.trouble.title.text().startswith("Not saved: ")
    assert "stays here" in wizard.trouble.text.text()
    assert wizard.saved_label.text() == ""
    broken_store(broken=False)
    wizard.trouble.button.click()
    assert wizard.trouble.isHidden()
    assert wizard.draft.store.answers(wizard.draft.intake_id) == {"saddle_numbness": "no"}
    assert wizard.saved_label.text() == "All answers are saved."


def test_a_line_of_the_summary_leads_to_its_question(wizard):
    wizard.summary.followed.emit("imaging")
    assert (wizard.page.page.id, focused_row(wizard)) == ("imaging", "imaging")


def test_the_summary_counts_what_a_complete_referral_needs(wizard, qtbot):
    qtbot.waitUntil(lambda: wizard.summary.meter.value() == 0)
    wizard.draft.save("operations", "none")
    assert (wizard.summary.meter.value(), wizard.summary.meter.maximum()) == (1, 8)


@pytest.mark.parametrize("page_id", PAGES)
def test_every_control_of_every_page_has_a_name_and_every_text_is_plain(wizard, page_id):
    wizard.show_page(page_id)
    open_everything(wizard)
    nameless = [
        path
        for path, interface in walk(QAccessible.queryAccessibleInterface(wizard))
        if interface.state().focusable and not interface.text(QAccessible.Text.Name).strip()
    ]
    assert nameless == []
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in wizard.findChildren(QLabel))


@pytest.mark.parametrize("page_id", PAGES)
def test_no_two_controls_of_a_page_share_a_letter(wizard, page_id):
    wizard.draft.save("saddle_numbness", "yes")
    wizard.show_page(page_id)
    open_everything(wizard)
    buttons = [button for button in wizard.findChildren(QAbstractButton) if button.isVisible()]
    letters = Counter(QKeySequence.mnemonic(button.text()).toString() for button in buttons)
    del letters[""]
    assert letters
    assert {letter for letter, times in letters.items() if times > 1} == set()


@pytest.mark.parametrize("page_id", PAGES)
def test_tab_walks_through_every_page_and_comes_back(wizard, page_id, qtbot):
    wizard.show_page(page_id)
    build(wizard)
    start, seen = QApplication.focusWidget(), []
    for _ in range(400):
        press(qtbot, Qt.Key.Key_Tab)
        if QApplication.focusWidget() is start:
            break
        seen.append(QApplication.focusWidget())
    else:
        pytest.fail("Tab does not come back")
    assert wizard.next_button in seen
    fields = [*wizard.page.findChildren(QLineEdit), *wizard.page.findChildren(QPlainTextEdit)]
    missed = [w for w in fields if w.isVisible() and w is not start and w not in seen]
    assert missed == []


def walk(interface, path=""):
    for at in range(interface.childCount()):
        child = interface.child(at)
        if child is not None and child.isValid() and not child.state().invisible:
            name = f"{path}/{child.role().name}"
            yield name, child
            yield from walk(child, name)


def test_the_walk_finds_the_buttons(wizard):
    found = [interface for _, interface in walk(QAccessible.queryAccessibleInterface(wizard))]
    names = {interface.text(QAccessible.Text.Name) for interface in found}
    assert any(name.startswith("Yes: New numbness") for name in names)
    assert wizard.findChildren(QPushButton)


@pytest.fixture
def themed(qtbot, qapp, draft):
    """Return a function that shows a wizard in the theme, without which nothing knows its height for a width."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # or all that tests have left is styled, too
    theme.apply_theme(qapp, "light")

    def show():
        wizard = Wizard(draft)
        qtbot.addWidget(wizard)
        wizard.resize(1024, 700)
        wizard.show()
        return wizard

    yield show
    qapp.setStyleSheet("")


def squeezed(wizard):
    """Return the rows of the page on the screen that are less high than their words need."""
    rows = {name: row for name, row in wizard.page.column.rows.items() if row.isVisible()}
    assert rows
    return [name for name, row in rows.items() if row.height() < row.heightForWidth(row.width())]


def test_no_row_is_squeezed_while_the_pages_are_built(themed):
    wizard = themed()
    while wizard._unbuilt:
        QApplication.processEvents()
        wizard._build_ahead()
        assert squeezed(wizard) == []


def test_a_row_that_appears_has_its_height_when_layouts_are_settled(themed):
    wizard = themed()
    build(wizard)
    wizard.draft.save("saddle_numbness", "yes")  # asks since when
    settle_layouts()
    assert wizard.page.column.rows["bladder_bowel_onset"].isVisible()
    assert squeezed(wizard) == []


def test_an_urgent_answer_from_before_is_told_as_soon_as_the_intake_is_on_the_screen(qtbot, draft):
    draft.save("saddle_numbness", "yes")
    wizard = Wizard(draft)
    qtbot.addWidget(wizard)
    wizard.show()
    qtbot.waitUntil(wizard.emergency.isVisible)
    assert wizard.page.column.rows["saddle_numbness"].property("flag")


def test_with_very_many_entries_what_they_add_up_to_follows_the_answer(wizard, draft, qtbot):
    for _ in range(MANY_ENTRIES + 1):
        draft.save("category", "nsaid", draft.add_entry("treatments"))
    wizard.show_page("safety")
    draft.save("saddle_numbness", "yes")
    assert draft.store.answers(draft.intake_id)["saddle_numbness"] == "yes"
    qtbot.waitUntil(wizard.emergency.isVisible)
    qtbot.waitUntil(lambda: wizard.summary.urgency.text() == "Emergency now")


def test_only_the_page_in_front_is_there_for_the_keyboard(wizard):
    assert [page for page in wizard.pages.values() if page.isVisible()] == [wizard.page]
    while wizard._unbuilt:
        QApplication.processEvents()
    wizard.show_page("health")
    assert [page.page.id for page in wizard.pages.values() if page.isVisible()] == ["health"]


def test_what_has_the_keyboard_stays_in_sight_where_the_room_shrinks(themed, qtbot):
    wizard = themed()
    wizard.resize(1024, 640)
    while wizard._unbuilt:
        QApplication.processEvents()
    wizard.draft.save("saddle_numbness", "yes")
    qtbot.wait(50)
    wizard.show_question("handoff_to")
    qtbot.wait(50)
    qtbot.keyClicks(QApplication.focusWidget(), "Dr Example")
    press(qtbot, Qt.Key.Key_Return)
    assert focused_row(wizard) == "handoff_at"
    wizard.resize(1024, 440)

    def is_in_sight():
        row = wizard.page.column.rows["handoff_at"]
        top = row.mapTo(wizard.page.viewport(), row.rect().topLeft()).y()
        return top >= 0 and top + row.height() <= wizard.page.viewport().height()

    qtbot.waitUntil(is_in_sight)


def test_now_answers_and_goes_on_to_the_next_question(wizard, qtbot):
    wizard.draft.save("saddle_numbness", "yes")
    wizard.draft.save("handoff_to", "Dr Example")
    wizard.show_question("handoff_at")
    press(qtbot, Qt.Key.Key_Tab, Qt.Key.Key_Space)
    assert wizard.draft.answers["handoff_at"] == say_moment(wizard.draft.now())
    assert focused_row(wizard) == "handoff_by"


def test_the_banner_can_be_read_before_and_after_a_clinician_was_told(themed):
    wizard = themed()
    wizard.draft.save("saddle_numbness", "yes")
    words = (wizard.emergency.title, wizard.emergency.text)
    loud = {label.palette().windowText().color().name() for label in words}
    told = {"handoff_to": "Dr Example", "handoff_at": "22 November 2026, 09:40", "handoff_by": "Ann"}
    for name, value in told.items():
        wizard.draft.save(name, value)
    assert wizard.emergency.title.text() == WAS_TOLD
    quiet = {label.palette().windowText().color().name() for label in words}
    assert quiet.isdisjoint(loud)


def test_a_list_with_a_blank_entry_is_not_done(wizard, draft):
    entry = draft.add_entry("treatments")
    assert wizard.steps.buttons["treatments"].accessibleName() == "Treatments: an entry is blank"
    draft.save("category", "nsaid", entry)
    assert wizard.steps.buttons["treatments"].accessibleName() == "Treatments: done"
