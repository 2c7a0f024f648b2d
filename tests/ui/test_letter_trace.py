"""Where a sentence comes from: beside the pages by keyboard, on the pages by mouse."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QToolTip

from intake_app.ui import trace_work


@pytest.fixture
def traced(open_letter, qtbot):
    page = open_letter("stenosis")
    qtbot.waitUntil(lambda: page.trace.list.count() > 0, timeout=30_000)
    return page


def find(page, words):
    return next(n for n, one in enumerate(page.trace._traced) if words in one.trace.sentence)


def middle_of(page, row):
    spot = page.trace._traced[row].spots[0]
    paper = page.view.pages.papers[spot.page]
    return paper, paper.place_of(spot).center().toPoint()


def test_each_sentence_tells_rule_sources_and_answers(traced):
    row = find(traced, "Walks before stopping")
    traced.view.trace_button.click()
    traced.trace.choose(row)
    said = traced.trace.said
    assert "Rule: " in said
    assert "Answers:" in said
    assert "6 minutes" in said
    numbered = find(traced, "ZCQ symptom severity")
    traced.trace.choose(numbered)
    assert "Stucki" in traced.trace.said


def test_the_list_is_reached_by_keyboard_and_marks_the_page(traced, qtbot):
    traced.view.trace_button.click()
    assert traced._left.currentWidget() is traced.trace
    traced.trace.list.setCurrentRow(0)
    qtbot.keyClick(traced.trace.list, Qt.Key.Key_Down)
    assert traced.trace.list.currentRow() == 1
    assert traced.view.pages.papers[0]._marked == 1
    traced.view.trace_button.click()
    assert traced._left.currentWidget() is traced.side
    assert traced.view.pages.papers[0]._marked == -1


def test_the_mouse_over_a_sentence_shows_where_it_comes_from(traced, qtbot):
    row = find(traced, "BMI 33.6")
    paper, at = middle_of(traced, row)
    assert paper.row_at(at) == row
    none = Qt.MouseButton.NoButton
    over = QPointF(paper.mapToGlobal(at))
    moved = QMouseEvent(QEvent.Type.MouseMove, QPointF(at), over, none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(paper, moved)
    assert paper._over == row
    qtbot.waitUntil(lambda: "Rule: " in QToolTip.text())


def test_a_click_on_a_sentence_opens_it_beside_the_pages(traced, qtbot):
    row = find(traced, "BMI 33.6")
    paper, at = middle_of(traced, row)
    qtbot.mouseClick(paper, Qt.MouseButton.LeftButton, pos=at)
    assert traced.trace.list.currentRow() == row
    assert traced._left.currentWidget() is traced.trace


def test_the_mark_is_drawn_where_the_sentence_stands(traced):
    row = find(traced, "BMI 33.6")
    paper, at = middle_of(traced, row)
    paper._over = -1
    before = paper.grab().toImage()
    paper.mark(row)
    after = paper.grab().toImage()
    box = paper.place_of(traced.trace._traced[row].spots[0]).toRect()
    corner = box.topLeft() + QPoint(1, 1)
    assert before.pixelColor(corner) != after.pixelColor(corner)
    assert before.pixelColor(2, 2) == after.pixelColor(2, 2)
    assert box.contains(at)


def test_an_issued_letter_tells_it_from_its_own_data(traced, qtbot):
    traced.issue()
    assert traced.trace.list.count() == 0
    qtbot.waitUntil(lambda: traced.trace.list.count() > 0, timeout=30_000)


def test_a_letter_without_its_data_says_why_there_is_nothing(open_letter, demo_draft, now, qtbot):
    from intake_app import letter
    from intake_app.case import write_case_file

    draft = demo_draft()
    pdf = letter.make_letter(draft.case(), draft.findings(), clinic={"name": "A"}, recipient={}, issued=now())
    draft.store.issue_letter(draft.intake_id, pdf, write_case_file(draft.case()), "1", {}, "desk", now())
    page = open_letter(draft=draft)
    qtbot.waitUntil(lambda: "manifest" in page.trace._help.text(), timeout=30_000)


def test_what_looks_like_markup_is_told_as_typed():
    from intake_app.ui.letter_paper import _escape

    assert "&lt;b&gt;" in _escape("<b>")
    assert _escape("") == ""


def test_a_sentence_that_is_nowhere_has_no_spot(traced):
    assert trace_work.find_spots(traced.shown.pdf, ["Nobody ever wrote this.", ""]) == [(), ()]
