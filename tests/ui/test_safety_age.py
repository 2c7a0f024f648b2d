from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from intake_app.ui import safety_age
from intake_app.ui.intake_screen import IntakeScreen
from intake_app.ui.patient_bar import INTAKE, LETTER

ASKED = ("saddle_numbness", "bladder_start", "fever")


@pytest.fixture
def clock(now):
    """Return a clock that can be set on: clock.hours is what has passed."""

    class Clock:
        hours = 0.0

        def __call__(self):
            return now() + timedelta(hours=self.hours)

    return Clock()


@pytest.fixture
def now_of(clock, draft):
    draft.now = clock
    return draft


@pytest.fixture
def asked(now_of):
    for name in ASKED:
        now_of.save(name, "no")
    return now_of


@pytest.fixture
def screen(qtbot, questionnaire, clock, background, asked):
    screen = IntakeScreen(asked.store, questionnaire, asked.intake_id, clock, background, lambda *_: None)
    qtbot.addWidget(screen)
    screen.resize(1280, 800)
    screen.show()
    screen.activateWindow()
    qtbot.waitExposed(screen)
    return screen


@pytest.mark.parametrize(("hours", "count"), [(0, 0), (24, 0), (24.1, 3), (100, 3)])
def test_safety_answers_age_after_a_day(asked, clock, hours, count):
    clock.hours = hours
    assert len(safety_age.find_aged(asked)) == count


@pytest.mark.parametrize(("setting", "count"), [(0, 0), (48, 0), (1, 3)])
def test_the_clinic_decides_how_long(asked, clock, store, setting, count):
    store.save_setting(safety_age.HOURS, setting)
    clock.hours = 30
    assert len(safety_age.find_aged(asked)) == count


def test_those_asked_on_several_days_are_told_with_the_first_and_the_last(asked, clock):
    clock.hours = 24.5
    asked.save("aneurysm", "no")
    clock.hours = 100
    aged = safety_age.find_aged(asked)
    assert safety_age.say_aged(asked, aged) == (
        "The safety questions were last asked between 22 November 2026 and 23 November 2026, more than 24 hours ago."
        f" {safety_age.BEFORE_LETTER}"
    )


@pytest.mark.parametrize("hours", [0.1, 5, 24 * 365 * 10])
def test_what_was_answered_while_the_clock_was_ahead_is_asked_again(asked, clock, hours):
    clock.hours = -hours
    aged = safety_age.find_aged(asked)
    assert aged == ASKED
    assert safety_age.say_aged(asked, aged) == (
        "The safety questions were last asked on 22 November 2026 at 10:00, by a clock that was ahead."
        f" {safety_age.BEFORE_LETTER}"
    )
    assert safety_age.confirm_unchanged(asked)
    assert safety_age.find_aged(asked) == ()
    clock.hours += 30
    assert safety_age.find_aged(asked) == ASKED


def test_clocks_that_differ_by_minutes_ask_nothing_again(asked, clock):
    clock.hours = -0.05
    assert safety_age.find_aged(asked) == ()


def test_nothing_asked_is_nothing_aged(now_of, clock):
    clock.hours = 100
    assert safety_age.find_aged(now_of) == ()


def test_an_answer_given_anew_is_not_aged_any_more(asked, clock):
    clock.hours = 30
    asked.save("fever", None)
    asked.save("fever", "no")
    aged = safety_age.find_aged(asked)
    assert aged == ("saddle_numbness", "bladder_start")
    assert safety_age.say_aged(asked, aged).startswith("2 of the safety questions were last asked on 22 November 2026")
    assert safety_age.say_confirmation(asked, aged) == safety_age.OTHERS_UNCHANGED


def test_confirming_stamps_all_of_them_through_the_journal(asked, clock, store):
    clock.hours = 30
    assert safety_age.confirm_unchanged(asked)
    assert safety_age.find_aged(asked) == ()
    last = store.journal(asked.intake_id)[-1]
    assert (last["question"], last["new_value"]) == (safety_age.ASKED_AGAIN, "23 November 2026 at 16:00")
    assert store.answers(asked.intake_id)["fever"] == "no"
    clock.hours = 60
    assert len(safety_age.find_aged(asked)) == len(ASKED)


def test_taking_the_confirmation_back_asks_again(asked, clock):
    clock.hours = 30
    safety_age.confirm_unchanged(asked)
    assert asked.undo() == safety_age.ASKED_AGAIN
    assert len(safety_age.find_aged(asked)) == len(ASKED)


def test_the_letter_waits_until_the_answers_are_confirmed(screen, clock, qtbot):
    letter = screen.letter
    screen.show_part(LETTER)
    qtbot.waitUntil(lambda: letter.shown is not None, timeout=20_000)
    assert letter.side.aged.isHidden()
    clock.hours = 30
    letter.issue()
    assert "last asked on 22 November 2026 at 10:00, more than 24 hours ago" in letter.side._aged_text.text()
    assert screen.draft.store.letters(screen.draft.intake_id) == []
    qtbot.mouseClick(letter.side.aged_button, Qt.MouseButton.LeftButton)
    assert (screen._part, screen.wizard.page.page.id) == (INTAKE, "safety")
    qtbot.waitUntil(lambda: "asked again before a letter" in screen.wizard.aged.title.text())
    qtbot.mouseClick(screen.wizard.aged.button, Qt.MouseButton.LeftButton)
    assert screen._part == LETTER
    assert letter.side.aged.isHidden()
    qtbot.waitUntil(lambda: letter.shown is not None, timeout=20_000)
    with qtbot.waitSignal(letter.issued):
        letter.issue()


def test_the_safety_page_alone_asks(screen, clock):
    clock.hours = 30
    screen.wizard.show_page("symptoms")
    assert screen.wizard.aged.isHidden()
    screen.wizard.show_page("safety")
    assert screen.wizard.aged.isVisible()
    screen.wizard.undo()  # the last safety answer: given no more
    assert screen.wizard.aged.isVisible()


def test_undoing_the_confirmation_on_the_screen(screen, clock):
    clock.hours = 30
    screen.wizard.show_page("safety")
    screen.wizard._on_unchanged()
    assert screen.wizard.aged.isHidden()
    screen.wizard.undo()
    assert screen.wizard.aged.isVisible()
    assert screen.wizard.saved_label.text() == "Taken back."


def test_an_issued_letter_asks_for_nothing(screen, clock, store, now):
    store.issue_letter(screen.draft.intake_id, b"pdf", "{}", "1", {}, "desk", now())
    clock.hours = 300
    assert safety_age.find_aged(screen.draft) == ()
