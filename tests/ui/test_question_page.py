import random

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from intake_app.ui.question_page import QuestionPage, Sheet

PAGE_HEIGHT = 680  # pixels
FEW_TIMES, MANY_TIMES = 400, 4_000  # that a page asks its sheet how high it wants to be


@pytest.fixture
def open_page(qtbot, draft, questionnaire):
    def make(page_id):
        page = QuestionPage(next(page for page in questionnaire.pages if page.id == page_id), draft)
        qtbot.addWidget(page)
        draft.changed.connect(lambda _name: page.refresh())
        page.resize(800, 600)
        page.show()
        page.activateWindow()
        qtbot.waitUntil(page.isActiveWindow)
        page.focus_first()
        while page.build_next():
            pass
        return page

    return make


def type_keys(qtbot, keys):
    for key in keys:
        qtbot.keyClick(QApplication.focusWidget(), key)


def asked(page):
    return [name for name, row in page.column.rows.items() if not row.isHidden()]


def test_a_question_appears_with_the_answer_that_calls_for_it_and_the_keyboard_goes_there(open_page, qtbot):
    page = open_page("symptoms")
    page.focus_path("leg_pain")
    assert "leg_side" not in asked(page)
    type_keys(qtbot, "y")
    assert "leg_side" in asked(page)
    assert page.column.rows["leg_side"].isAncestorOf(QApplication.focusWidget())


def test_nothing_is_squashed_or_shown_for_a_moment_while_the_rest_of_a_page_is_built(qtbot, qapp, draft, questionnaire):
    page = QuestionPage(questionnaire.pages[0], draft)
    qtbot.addWidget(page)
    page.resize(800, 600)
    page.build_visible()
    page.show()
    qtbot.waitExposed(page)
    first = next(iter(page.column.rows.values()))
    seen, is_left = set(), True
    while is_left:
        is_left = page.build_next()
        qapp.processEvents()
        seen |= {name for name, row in page.column.rows.items() if row.isVisible()}
        assert first.height() >= first.heightForWidth(first.width())
    assert seen == page.column._visible
    assert seen < set(page.column.rows)


def test_a_hidden_question_keeps_its_answer(open_page, draft):
    page = open_page("symptoms")
    draft.save("leg_pain", "yes")
    draft.save("leg_side", "left")
    draft.save("leg_pain", "no")
    assert "leg_side" not in asked(page)
    assert draft.answers["leg_side"] == "left"
    assert "leg_side" not in draft.case().answers
    draft.save("leg_pain", "yes")
    assert page.column.rows["leg_side"].widget.value() == "left"


def test_the_keyboard_is_never_on_a_hidden_question(open_page, draft):
    page = open_page("symptoms")
    draft.save("leg_pain", "yes")
    page.focus_path("leg_areas")
    draft.save("leg_pain", "no")
    focused = QApplication.focusWidget()
    assert page.column.rows["leg_pain"].isAncestorOf(focused)


def test_a_page_opens_at_the_first_question_without_an_answer(open_page, draft):
    for name in ("saddle_numbness", "bladder_start"):
        draft.save(name, "no")
    page = open_page("safety")
    assert page.column.rows["bladder_leak"].isAncestorOf(QApplication.focusWidget())


def test_the_question_with_the_keyboard_is_in_sight(open_page, qtbot):
    page = open_page("safety")
    for _ in range(12):
        type_keys(qtbot, "n")
        row = next(row for row in page.column.rows.values() if row.isAncestorOf(QApplication.focusWidget()))
        top = row.mapTo(page.viewport(), row.rect().topLeft()).y()
        assert top >= 0
        assert top + row.height() <= page.viewport().height()


def test_a_path_into_a_list_opens_its_entry(open_page, draft):
    ids = [draft.add_entry("treatments") for _ in range(3)]
    page = open_page("treatments")
    assert page.focus_path("treatments[2].response")
    cards = page.column.rows["treatments"].widget.cards
    assert cards[ids[2]].column.rows["response"].isAncestorOf(QApplication.focusWidget())


def test_a_path_to_a_hidden_question_is_refused(open_page):
    assert not open_page("symptoms").focus_path("leg_side")


def test_now_puts_in_the_day_and_the_time(open_page, draft, now):
    draft.save("weakness_72h", "yes")
    draft.save("handoff_to", "Dr Example")
    page = open_page("safety")
    row = page.column.rows["handoff_at"]
    row.findChild(QPushButton).click()
    assert draft.answers["handoff_at"] == f"22 November 2026, {now():%H:%M}"


def test_wrong_typing_is_told_at_its_question_and_listed(open_page, draft):
    draft.save("onset", "2026-05")
    page = open_page("symptoms")
    row = page.column.rows["onset"]
    row.widget.take_text("long ago")
    assert "Give a date" in row.note.text()
    assert "answer given before is kept" in row.note.text()
    assert list(page.problems()) == ["onset"]
    assert draft.answers["onset"] == "2026-05"
    draft.save("leg_pain", "yes")
    assert row.widget.line.text() == "long ago"
    row.widget.take_text("June 2026")
    assert (row.note.isHidden(), page.problems(), draft.answers["onset"]) == (True, {}, "2026-06")


def test_typing_elsewhere_does_not_disturb_what_is_being_typed(open_page, draft, qtbot):
    page = open_page("symptoms")
    field = page.column.rows["walking_distance"].widget
    qtbot.keyClicks(field.line, "two hund")
    draft.save("leg_pain", "yes")
    assert field.line.text() == "two hund"
    qtbot.keyClicks(field.line, "red metres")
    qtbot.keyClick(field.line, Qt.Key.Key_Return)
    assert draft.answers["walking_distance"] == "two hundred metres"


def test_an_answer_the_store_refuses_is_told_at_its_question(open_page, draft, broken_store):
    page = open_page("safety")
    broken_store(broken=True)
    row = page.column.rows["fever"]
    row.widget._answer("yes")
    assert "Not saved yet" in row.note.text()
    assert row.widget.value() == "yes"
    broken_store(broken=False)
    draft.retry()
    page.refresh()
    assert row.note.isHidden()


def test_sections_without_questions_are_hidden(open_page, draft):
    page = open_page("neurology")
    titles = [w for widgets, _ in page.column._sections for w in widgets[:-1]]
    assert all(title.isHidden() for title in titles)
    draft.save("examined", "yes")
    assert not any(title.isHidden() for title in titles)


def test_a_sheet_that_never_settles_on_a_height_is_fitted_once_for_each_size(open_page, qtbot, monkeypatch):
    asked_for, chance = [], random.Random(1)

    class RestlessSheet(Sheet):
        """Asks for another height each time, as words do that another width breaks elsewhere; not for ever."""

        def heightForWidth(self, width):  # noqa: N802  Qt's name
            asked_for.append(width)
            return PAGE_HEIGHT + chance.randrange(40) if len(asked_for) < MANY_TIMES else PAGE_HEIGHT

    monkeypatch.setattr("intake_app.ui.question_page.Sheet", RestlessSheet)
    page = open_page("function")
    qtbot.wait(20)
    asked_for.clear()
    for height in range(PAGE_HEIGHT - 40, PAGE_HEIGHT + 40, 4):  # where its bar may be needed or not
        page.resize(570, height)
        qtbot.wait(1)
    assert len(asked_for) < FEW_TIMES
