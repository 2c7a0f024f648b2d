"""Whoever locks at once finds no work left behind that nobody may do any more."""

import pytest
from desk import PATIENT, settle, shown, sign_in
from PySide6.QtWidgets import QApplication

from intake_app.ui.patient_bar import REVIEW


@pytest.fixture
def desk(open_window, qtbot, clinic, now):
    """An intake whose answers a clinician has to be told of, at its review."""
    assert clinic
    window = open_window()
    sign_in(window, qtbot)
    intake_id = window.store.start_intake(window.store.add_patient(PATIENT, now()), now())
    window.store.save_answer(intake_id, "saddle_numbness", "yes", now())
    window.show_intake(intake_id)
    settle(qtbot)
    window.intake.show_part(REVIEW)
    settle(qtbot)
    return window


def test_an_intake_that_was_just_shown_works_out_nothing_after_the_lock(desk, qtbot):
    desk.intake.review.handoff.record_button.click()
    desk.lock()
    QApplication.processEvents()  # pytest-qt fails the test for what nobody caught
    settle(qtbot)
    assert shown(desk) is desk.door


def test_an_intake_that_comes_back_works_out_what_was_put_off(desk, qtbot):
    wizard = desk.intake.wizard
    desk.intake.review.handoff.record_button.click()
    desk.intake.show_part(REVIEW)
    desk.intake.show_question("saddle_numbness")
    settle(qtbot)
    assert wizard.emergency.isVisible()


def test_the_people_are_shown_a_second_time(open_window, qtbot, clinic):
    assert clinic
    window = open_window()
    sign_in(window, qtbot)
    for _ in range(2):
        window.show_people()
        assert window.people.list.count() == 2
        window.people.back_button.click()
    settle(qtbot)
