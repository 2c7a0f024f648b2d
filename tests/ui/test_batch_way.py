"""From the list to many letters by keyboard and mouse, going on meanwhile, locking and closing in the middle."""

import pytest
from batch import READY_ONES, SURGEON, batch_of, count_letters, fill, open_batch, run
from desk import settle, shown, sign_in, texts
from locked import ANN, ORBIT, PLUM
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QApplication

from db import open_store
from intake_app.ui.batch_page import BatchPage
from intake_app.ui.batch_way import Batch
from intake_app.ui.letter_request import LetterRequest, save_request

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def desk(start, questionnaire, now):
    """Return a function that starts the window with invented patients in its list; it returns their intakes, too."""

    def open_desk(names=None):
        window = start()
        intakes = fill(window.store, questionnaire, now, names)
        window.worklist.refresh()
        return window, intakes

    return open_desk


def test_by_keyboard_from_the_list_to_issued_letters(desk, qtbot):
    window, intakes = desk(("chronic_back_pain", "stenosis", "just_begun"))
    qtbot.keyClick(window.worklist.search, Qt.Key.Key_Down)
    for _ in range(2):
        qtbot.keyClick(window.worklist.table, Qt.Key.Key_Down, SHIFT)
    assert len(window.worklist.chosen()) == 3
    assert window.worklist.more.text() == "3 selected"
    assert not window.worklist.open_button.isEnabled()
    qtbot.keyClick(window.worklist.table, Qt.Key.Key_Return)
    page = shown(window)
    assert isinstance(page, BatchPage)
    qtbot.waitUntil(page.issue_button.isVisible, timeout=20_000)
    assert page.issue_button.text() == "&Issue 2 letters"
    assert QApplication.focusWidget() is page.issue_button
    with qtbot.waitSignal(page.ended, timeout=60_000):
        qtbot.keyClick(page.issue_button, Qt.Key.Key_Return)
    assert count_letters(window.store, intakes.values()) == [1, 1, 0]
    assert page.summary.text().startswith("2 letters issued. 1 not issued: ")
    qtbot.keyClick(page.table, Qt.Key.Key_Escape)
    assert shown(window) is window.worklist


def test_by_mouse_each_with_ctrl_and_by_space_bar(desk, qtbot):
    window, intakes = desk(("chronic_back_pain", "stenosis", "just_begun"))
    table = window.worklist.table
    for number, modifier in ((0, Qt.KeyboardModifier.NoModifier), (2, CONTROL)):
        place = table.visualRect(table.model().index(number, 0)).center()
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, modifier, place)
    rows = window.worklist.model.rows
    assert window.worklist.chosen() == [rows[0], rows[2]]
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Space)
    assert window.worklist.chosen() == [rows[0]]
    qtbot.keyClick(table, Qt.Key.Key_Up, CONTROL)
    qtbot.keyClick(table, Qt.Key.Key_Space)
    assert window.worklist.chosen() == [rows[0], rows[1]]
    qtbot.mouseClick(window.worklist.issue_button, Qt.MouseButton.LeftButton)
    assert set(batch_of(window).intake_ids) == {rows[0]["intake_id"], rows[1]["intake_id"]}
    assert set(batch_of(window).intake_ids) < set(intakes.values())


def test_all_that_are_ready_are_selected_at_once(desk, qtbot):
    window, intakes = desk()
    window.worklist.ready_button.click()
    assert "Looking" in window.worklist.message.text
    qtbot.waitUntil(lambda: "ready and selected" in window.worklist.message.text, timeout=20_000)
    chosen = {row["intake_id"] for row in window.worklist.chosen()}
    assert {intakes[name] for name in READY_ONES} <= chosen
    assert intakes["just_begun"] not in chosen
    assert intakes["myelopathy_questions"] not in chosen
    window.worklist.message.button.click()
    page = batch_of(window)
    qtbot.waitUntil(page.issue_button.isVisible, timeout=20_000)
    assert page.summary.text() == f"{len(chosen)} letters ready."


def test_where_none_is_ready_that_is_said(desk, qtbot):
    window, _ = desk(("just_begun",))
    window.worklist.ready_button.click()
    qtbot.waitUntil(lambda: "No letter in this list is ready" in window.worklist.message.text, timeout=20_000)
    assert window.worklist.chosen() == []


def test_what_is_not_ready_opens_from_the_page_and_is_looked_at_again(desk, qtbot):
    window, intakes = desk(("chronic_back_pain", "stenosis"))
    save_request(window.store, intakes["stenosis"], LetterRequest())
    page = open_batch(window, intakes.values(), qtbot)
    run(page, qtbot)
    assert page.table.chosen() == intakes["stenosis"]
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert window.intake.draft.intake_id == intakes["stenosis"]
    save_request(window.store, intakes["stenosis"], SURGEON)
    window.show_worklist()
    assert window.worklist.letters.text == "1 of 2 letters issued."
    window.worklist.letters.button.click()
    qtbot.waitUntil(page.issue_button.isVisible, timeout=20_000)
    run(page, qtbot)
    assert count_letters(window.store, intakes.values()) == [1, 1]


def test_the_list_is_free_meanwhile_and_answers_are_kept(desk, qtbot):
    window, intakes = desk((*READY_ONES, "just_begun"))
    page = open_batch(window, [intakes[name] for name in READY_ONES], qtbot)
    page.issue_button.click()
    window.show_worklist()
    assert window.worklist.letters.text.startswith("Letters are being issued: ")
    window.show_intake(intakes["just_begun"])
    given = 0
    while page.is_running:
        given += 1
        assert window.intake.draft.save("occupation", f"Number {given}")
        qtbot.wait(5)
    assert given > 1
    assert window.store.answers(intakes["just_begun"])["occupation"] == f"Number {given}"
    assert count_letters(window.store, intakes.values()) == [1, 1, 1, 0]
    window.store.audit_verify()
    window.show_worklist()
    assert window.worklist.letters.text == "3 of 3 letters issued."
    assert shown(window) is window.worklist


def test_only_one_batch_at_a_time(desk, qtbot):
    window, intakes = desk(READY_ONES)
    page = open_batch(window, intakes.values(), qtbot)
    page.issue_button.click()
    window.show_worklist()
    window.worklist.choose(intakes.values())
    window.worklist.issue_button.click()
    assert "Other letters are still being issued" in window.worklist.message.text
    assert batch_of(window) is page
    qtbot.waitUntil(lambda: not page.is_running, timeout=60_000)


def test_who_may_not_issue_is_not_offered_it(desk, monkeypatch, qtbot):
    window, intakes = desk(("chronic_back_pain",))
    monkeypatch.setattr(window.worklist, "_may_issue", False)
    window.worklist.choose(intakes.values())
    assert not window.worklist.issue_button.isEnabled()
    assert not window.worklist.ready_button.isEnabled()
    qtbot.keyClick(window.worklist.table, Qt.Key.Key_Down)
    assert batch_of(window) is None


def test_a_patient_without_an_intake_cannot_be_issued(desk, now):
    window, _ = desk(("just_begun",))
    window.store.add_patient({"family_name": "Quiet"}, now())
    window.worklist.search.setText("quiet")
    select = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
    window.worklist.table.selectionModel().select(window.worklist.model.index(0, 0), select)
    assert not window.worklist.issue_button.isEnabled()


@pytest.mark.parametrize("how", ["key", "idle"])
def test_locking_ends_it_and_leaves_nothing_on_the_screen(open_window, qtbot, clinic, questionnaire, now, running, how):
    assert clinic
    window = open_window()
    sign_in(window, qtbot)
    intakes = fill(window.store, questionnaire, now, READY_ONES)
    window.worklist.refresh()
    page = open_batch(window, intakes.values(), qtbot)
    names = [row["family_name"] for row in window.worklist.model.rows]
    with qtbot.waitSignal(page.issuing.told, timeout=20_000):
        page.issue_button.click()
    if how == "key":
        qtbot.keyClick(window, Qt.Key.Key_L, CONTROL)
    else:
        running.seconds += 6 * 60
        window.idle.check()
    assert shown(window) is window.door
    settle(qtbot)
    assert [text for text in texts() if any(name in text for name in names)] == []
    qtbot.wait(300)  # time for a letter that must not come
    sign_in(window, qtbot, "Fay Desk", ORBIT)
    assert batch_of(window) is None
    letters = [letter for each in intakes.values() for letter in window.store.letters(each)]
    assert 1 <= len(letters) < 3
    window.lock()
    sign_in(window, qtbot)
    window.store.audit_verify()
    trail = [(row["action"], row["user_name"]) for row in reversed(window.store.audit())]
    out = trail.index(("signed out", ANN), trail.index(("issued", ANN)))
    assert all(action != "issued" for action, _ in trail[out:]), "nothing is issued by somebody who is gone"


@pytest.fixture
def cut_off(open_window, qtbot, clinic, questionnaire, now):
    """Return a function that locks the window in the middle of three letters and signs in again.

    `leave` is what is done before it locks.
    """
    assert clinic
    window = open_window()
    sign_in(window, qtbot)
    intakes = fill(window.store, questionnaire, now, READY_ONES)
    window.worklist.refresh()

    def cut_off(leave=lambda _window: None):
        page = open_batch(window, intakes.values(), qtbot)
        with qtbot.waitSignal(page.issuing.told, timeout=20_000):
            page.issue_button.click()
        leave(window)
        window.lock()
        settle(qtbot)
        sign_in(window, qtbot)
        qtbot.waitUntil(lambda: not batch_of(window).looking.is_running, timeout=20_000)
        return window, intakes

    return cut_off


def test_who_locked_in_the_middle_is_told_and_goes_on(cut_off, qtbot):
    window, intakes = cut_off()
    page = shown(window)
    assert isinstance(page, BatchPage)
    assert page.summary.text().startswith("Stopped when the window locked: ")
    before = sum(count_letters(window.store, intakes.values()))
    assert len(page.issued) == before, "also the one that was being made when it locked"
    assert page.issue_button.text() == f"&Issue {'1 letter' if before == 2 else '2 letters'}"
    run(page, qtbot)
    assert count_letters(window.store, intakes.values()) == [1, 1, 1]
    assert page.save_button.isVisible()
    assert len(page.issued) == 3
    assert page.summary.text() == "3 letters issued."


def test_who_locked_while_letters_were_issued_elsewhere_is_told_on_the_list(cut_off):
    window, _ = cut_off(leave=lambda window: window.show_worklist())
    assert shown(window) is window.worklist
    assert window.worklist.letters.text.startswith("Stopped when the window locked: ")
    window.worklist.letters.button.click()
    assert shown(window) is batch_of(window)


def test_letters_that_are_not_in_the_records_any_more_are_no_mistake(cut_off, now):
    window, intakes = cut_off()
    gone = Batch(("0" * 32, *intakes.values()), now(), was_running=True, was_shown=True)
    window.batch.go_on(window.store, gone)
    assert window.worklist.message.text


def test_in_encrypted_records_the_letters_are_by_who_is_signed_in(open_window, qtbot, clinic, questionnaire, now):
    assert clinic
    window = open_window()
    sign_in(window, qtbot)
    intakes = fill(window.store, questionnaire, now, READY_ONES)
    window.lock()
    sign_in(window, qtbot, "Fay Desk", ORBIT)
    page = open_batch(window, intakes.values(), qtbot)
    run(page, qtbot)
    assert count_letters(window.store, intakes.values()) == [1, 1, 1]
    window.lock()
    sign_in(window, qtbot, typed=PLUM)
    assert [row["user_name"] for row in window.store.audit() if row["action"] == "issued"] == ["Fay Desk"] * 3
    window.store.audit_verify()


def test_closing_the_window_leaves_whole_letters_and_whole_records(desk, qtbot, path):
    window, intakes = desk(READY_ONES)
    page = open_batch(window, intakes.values(), qtbot)
    with qtbot.waitSignal(page.issuing.told, timeout=20_000):
        page.issue_button.click()
    window.close()
    with open_store(path) as store:
        store.audit_verify()
        for intake_id in intakes.values():
            letters = store.letters(intake_id)
            assert (store.intake(intake_id)["closed_at"] is not None) == bool(letters)
            assert all(store.letter_pdf(letter["id"]).startswith(b"%PDF") for letter in letters)
