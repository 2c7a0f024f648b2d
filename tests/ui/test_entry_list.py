import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from intake_app.ui.entry_card import name_entry
from intake_app.ui.entry_list import EntryList


@pytest.fixture
def question(questionnaire):
    return questionnaire.by_id["treatments"]


@pytest.fixture
def treatments(qtbot, draft, question):
    widget = EntryList(question, draft)
    qtbot.addWidget(widget)
    widget.resize(700, 900)
    widget.show()
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow)
    return widget


def option_for(question, field_id):
    """Return the words of a kind of treatment that shows a field."""
    fields = {field.id: field for field in question.fields}
    return fields["category"].option_text(fields[field_id].shown_when["category"][0])


def click(qtbot, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_new_list_says_nothing(treatments, draft):
    assert (treatments.value(), draft.answers, treatments.cards) == (None, {}, {})


def test_adding_opens_an_entry_with_the_keyboard_on_its_first_question(treatments, draft, qtbot):
    click(qtbot, treatments.add_button)
    [entry] = draft.entries("treatments")
    card = treatments.cards[entry["id"]]
    assert card.column.rows["category"].isAncestorOf(QApplication.focusWidget())


def test_an_answer_in_an_entry_is_saved_and_named_in_its_line(treatments, draft, qtbot):
    click(qtbot, treatments.add_button)
    [card] = treatments.cards.values()
    card.column.build()
    card.column.rows["category"].widget.take_text("Supervised physical therapy")
    card.column.rows["sessions"].widget.take_text("12")
    assert draft.store.answers(draft.intake_id) == draft.answers
    assert card.head.whole_text() == "Treatment 1: Supervised physical therapy, 12 sessions"


def test_none_is_an_answer_that_adding_takes_back(treatments, draft, qtbot):
    click(qtbot, treatments.none_tile.tiles[0])
    assert draft.answers == {"treatments": "none"}
    click(qtbot, treatments.none_tile.tiles[0])
    assert draft.answers == {}
    click(qtbot, treatments.none_tile.tiles[0])
    click(qtbot, treatments.add_button)
    assert len(draft.entries("treatments")) == 1
    assert treatments.none_tile.isHidden()
    assert treatments.none_tile.value() is None


def test_only_one_entry_is_open_and_only_it_has_widgets(treatments, qtbot):
    click(qtbot, treatments.add_button)
    click(qtbot, treatments.add_button)
    first, second = treatments.cards.values()
    assert (first.column, second.column is not None) == (None, True)
    click(qtbot, first.head)
    assert (first.column is not None, second.column) == (True, None)
    click(qtbot, first.head)
    assert first.column is None


def test_closing_an_entry_saves_what_was_just_typed(treatments, draft, qtbot):
    click(qtbot, treatments.add_button)
    [card] = treatments.cards.values()
    qtbot.keyClicks(card.column.rows["agent"].widget.line, "Ibuprofen")
    click(qtbot, card.head)
    assert draft.entries("treatments")[0]["agent"] == "Ibuprofen"


def test_an_entry_with_typing_that_cannot_be_saved_stays_open(treatments, draft):
    treatments.add()
    first, *_ = treatments.cards.values()
    first.column.build()
    start = first.column.rows["start"].widget
    start.take_text("soon")
    treatments.add()
    first.head.click()
    assert first.column.rows["start"].widget is start
    assert (start.line.text(), first.head.isChecked()) == ("soon", True)
    assert list(treatments.problems()) == ["treatments[0].start"]
    assert treatments.is_unsaved()
    start.take_text("2026")
    first.head.click()
    assert first.column is None
    assert draft.entries("treatments")[0]["start"] == "2026"


def test_a_removed_entry_comes_back_with_undo(treatments, draft, qtbot):
    ids = [draft.add_entry("treatments") for _ in range(3)]
    draft.save("agent", "Ibuprofen", ids[1])
    click(qtbot, treatments.cards[ids[1]].remove_button)
    assert list(treatments.cards) == [ids[0], ids[2]]
    assert treatments.undo_bar.isVisible()
    assert QApplication.focusWidget() is treatments.undo_bar.button
    click(qtbot, treatments.undo_bar.button)
    assert list(treatments.cards) == ids
    assert treatments.cards[ids[1]].head.whole_text() == "Treatment 2: Ibuprofen"
    assert treatments.undo_bar.isHidden()


def test_undo_of_the_only_entry_works_after_none_was_said(treatments, draft, qtbot):
    entry = draft.add_entry("treatments")
    click(qtbot, treatments.cards[entry].remove_button)
    draft.save("treatments", "none")
    treatments._on_restored(entry)
    assert draft.answers == {"treatments": [{"id": entry}]}


def test_questions_of_an_entry_follow_its_answers(treatments, question, qtbot):
    click(qtbot, treatments.add_button)
    [card] = treatments.cards.values()
    side = card.column.rows["side"]
    assert side.isHidden()
    card.column.rows["category"].widget.take_text(option_for(question, "side"))
    assert side.isVisible()


def test_an_end_before_the_start_is_told_at_the_end(treatments, question, draft, qtbot):
    click(qtbot, treatments.add_button)
    [card] = treatments.cards.values()
    card.column.build()
    rows = card.column.rows
    rows["category"].widget.take_text(option_for(question, "ongoing"))
    rows["ongoing"].widget._answer("no")
    rows["start"].widget.take_text("May 2026")
    rows["end"].widget.take_text("April 2026")
    assert "April 2026 is before" in rows["end"].note.text()
    assert list(treatments.problems()) == ["treatments[0].end"]
    assert draft.entries("treatments")[0]["end"] == "2026-04"


def test_enter_on_the_add_button_goes_on_and_adds_nothing(treatments, draft, qtbot):
    with qtbot.waitSignal(treatments.advanced):
        qtbot.keyClick(treatments.add_button, Qt.Key.Key_Return)
    assert draft.answers == {}
    qtbot.keyClick(treatments.add_button, Qt.Key.Key_Space)
    assert len(draft.entries("treatments")) == 1


def test_enter_after_the_last_question_closes_the_entry(treatments, qtbot):
    click(qtbot, treatments.add_button)
    [card] = treatments.cards.values()
    card.column.focus_question("note")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert card.column is None
    assert QApplication.focusWidget() is treatments.add_button


def test_two_hundred_entries_are_shown_and_the_last_one_opens(treatments, draft, store):
    for _ in range(200):
        store.add_entry(draft.intake_id, "treatments", draft.now())
    draft._read_again()
    treatments.refresh()
    assert len(treatments.cards) == 200
    treatments.focus_entry(199, "agent")
    assert list(treatments.cards.values())[199].column.rows["agent"].isAncestorOf(QApplication.focusWidget())


def test_the_line_of_an_entry_is_cut_where_it_gets_too_long(question):
    line = name_entry(question, 3, {"agent": "x" * 300})
    assert line.startswith("Treatment 3: xxx")
    assert line.endswith("…")
    assert len(line) < 200


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        ({}, "Treatment 1: nothing entered yet"),
        ({"sessions": 1}, "Treatment 1: 1 session"),
        ({"response": "temporary", "temporary_weeks": 3}, "Treatment 1: Better for some weeks only, 3 weeks"),
    ],
)
def test_the_line_of_an_entry_says_what_it_holds(question, entry, line):
    assert name_entry(question, 1, entry) == line


def test_the_codes_of_other_intakes_are_offered_first(qtbot, draft, questionnaire, now):
    store = draft.store
    for code in ("M54.2", "M48.062"):
        other = store.start_intake(store.add_patient({"family_name": "Other"}, now()), now())
        store.save_answer(other, "code", code, now(), entry_id=store.add_entry(other, "diagnoses", now()))
    diagnoses = EntryList(questionnaire.by_id["diagnoses"], draft)
    qtbot.addWidget(diagnoses)
    diagnoses.add()
    [card] = diagnoses.cards.values()
    found = card.column.rows["code"].widget.list_found("")
    assert {line.split()[0] for line in found} == {"M54.2", "M48.062"}


def test_an_incomplete_code_is_saved_as_it_stands(qtbot, draft, questionnaire):
    diagnoses = EntryList(questionnaire.by_id["diagnoses"], draft)
    qtbot.addWidget(diagnoses)
    diagnoses.add()
    [card] = diagnoses.cards.values()
    card.column.rows["code"].widget.take_line("M48.06")
    [entry] = draft.store.answers(draft.intake_id)["diagnoses"]
    assert entry["code"] == "M48.06"
    assert diagnoses.problems() == {}


def test_an_opened_entry_is_there_at_once_and_whole_soon_after(treatments, question, qtbot):
    click(qtbot, treatments.add_button)
    [card] = treatments.cards.values()
    built = len(card.column.rows)
    assert 0 < built < len(question.fields)
    qtbot.waitUntil(lambda: len(card.column.rows) == len(question.fields))


def test_closing_an_entry_that_is_still_being_built(treatments, qtbot):
    click(qtbot, treatments.add_button)
    [card] = treatments.cards.values()
    card.close_up()
    qtbot.wait(20)
    assert card.column is None
