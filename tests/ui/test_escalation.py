"""The hand-off at the desk, through the real window's parts."""

import pytest
from receptionist import click, fill_intake

from intake_app import handoff
from intake_app.ui import escalation
from intake_app.ui.escalation import SHOW_NOW
from intake_app.ui.letter_issue import say_untold
from intake_app.ui.review_page import ReviewPage
from intake_app.ui.wizard import WAS_TOLD

TOLD = {"handoff_to": "Dr Vale", "handoff_at": "09:40", "handoff_by": "Kim"}
WAIVED = {
    "handoff_waived_by": "Dr Vale",
    "handoff_waived_role": "physician",
    "handoff_waived_reason": "Seen an hour ago",
}
SADDLE = "New numbness between the legs (saddle area)"
LEAK = "New leaking of urine or loss of the urge"


@pytest.fixture
def review(qtbot, wizard):
    """Return a function that opens the review of the wizard's intake."""

    def show():
        page = ReviewPage(wizard.draft)
        qtbot.addWidget(page)
        page.show()
        page.refresh()
        return page

    return show


def answer(wizard, answers):
    fill_intake(wizard, answers)
    wizard.show_page("safety")


def add_grade(draft, myotome, side, grade):
    entry = draft.add_entry("motor_grades")
    for name, value in {"myotome": myotome, "side": side, "grade": grade, "weak_since": "2026-11-21"}.items():
        draft.save(name, value, entry)


def is_held(draft):
    return bool(say_untold(draft.case(), draft.findings()))


@pytest.mark.parametrize("settled", [TOLD, WAIVED])
def test_a_later_flag_reopens_the_hand_off_everywhere(wizard, review, settled):
    answer(wizard, {"saddle_numbness": "yes", **settled})
    assert wizard.emergency.title.text() == WAS_TOLD
    assert not is_held(wizard.draft)
    answer(wizard, {"bladder_leak": "yes"})
    assert wizard.emergency.title.text() == SHOW_NOW
    assert f"not recorded to have been told about: {LEAK}." in wizard.emergency.text.text()
    assert wizard.emergency.button.text() == escalation.RECORD_ANOTHER
    assert is_held(wizard.draft)
    page = review()
    box = page.handoff
    assert box.isVisible()
    assert LEAK in box.text.text()


def test_another_hand_off_settles_it_and_the_first_is_kept(wizard):
    answer(wizard, {"saddle_numbness": "yes", **TOLD, "bladder_leak": "yes"})
    wizard.draft.save("handoff_note", "Sending an ambulance.")
    answer(wizard, {"fever": "yes"})
    assert is_held(wizard.draft)
    click(wizard.emergency.button)
    answers = wizard.draft.answers
    assert not set(answers) & {*handoff.ENTERED, handoff.COVERS}
    assert answers["handoff_earlier"].startswith("Handed to Dr Vale, 22 November 2026, 09:40, by Kim.")
    answer(wizard, {"handoff_to": "Dr Abe", "handoff_at": "now", "handoff_by": "Kim"})
    assert not is_held(wizard.draft)
    assert wizard.emergency.title.text() == WAS_TOLD
    assert "Dr Abe" in wizard.emergency.text.text()
    assert wizard.draft.store.answers(wizard.draft.intake_id)["handoff_earlier"] == answers["handoff_earlier"]
    kept = wizard.page.column.rows["handoff_earlier"].widget.edit
    assert kept.isReadOnly()
    assert kept.isVisible()


def test_the_review_leads_to_the_next_hand_off(wizard, review, qtbot):
    answer(wizard, {"saddle_numbness": "yes", **TOLD})
    wizard.draft.save("bladder_leak", "yes")
    page = review()
    with qtbot.waitSignal(page.question_asked) as asked:
        click(page.handoff.waive_button)
    assert asked.args == ["handoff_waived_by"]
    assert "handoff_to" not in wizard.draft.answers
    assert "Dr Vale" in wizard.draft.answers["handoff_earlier"]


def test_mending_the_name_afterwards_settles_no_later_flag(wizard):
    answer(wizard, {"saddle_numbness": "yes", **TOLD})
    wizard.draft.save("bladder_leak", "yes")
    for name in (None, "Dr Vail"):
        wizard.draft.save("handoff_to", name)
        assert is_held(wizard.draft)


def test_undo_takes_back_what_completed_the_hand_off_in_one_step(wizard):
    answer(wizard, {"saddle_numbness": "yes", **TOLD})
    assert "(rule saddle_numbness_reported): New numbness" in wizard.draft.answers["handoff_covers"]
    wizard.undo()
    assert not set(wizard.draft.answers) & {"handoff_by", "handoff_covers"}
    assert is_held(wizard.draft)
    wizard.draft.save("bladder_leak", "yes")
    wizard.draft.save("handoff_by", "Kim")
    assert not is_held(wizard.draft)
    assert LEAK in wizard.draft.answers["handoff_covers"]


def test_undo_of_another_hand_off_brings_back_the_first(wizard):
    answer(wizard, {"saddle_numbness": "yes", **TOLD})
    wizard.draft.save("bladder_leak", "yes")
    before = dict(wizard.draft.answers)
    click(wizard.emergency.button)
    while wizard.draft.answers != before:
        assert wizard.draft.undo()
    assert is_held(wizard.draft)


def test_a_time_that_is_none_holds_the_hand_off_open(wizard):
    answer(wizard, {"saddle_numbness": "yes", **TOLD, "handoff_at": "zzz"})
    assert "handoff_at" not in wizard.draft.answers
    assert "Give a time" in wizard.page.column.rows["handoff_at"].note.text()
    assert is_held(wizard.draft)


@pytest.mark.parametrize(
    ("changed", "question", "sentence"),
    [
        ({"handoff_waived_by": "Kim front desk"}, "handoff_waived_by", handoff.NO_CLINICIAN),
        ({"handoff_waived_role": "other"}, "handoff_waived_role", handoff.NO_CLINICIAN),
        ({"handoff_waived_reason": "n"}, "handoff_waived_reason", handoff.NO_REASON),
    ],
)
def test_a_waiver_by_the_desk_or_without_a_reason_is_told_at_its_field(wizard, changed, question, sentence):
    answer(wizard, {"saddle_numbness": "yes", **WAIVED, **changed})
    note = wizard.page.column.rows[question].note
    assert note.isVisible()
    assert sentence in note.text()
    assert wizard.emergency.title.text() == SHOW_NOW
    assert is_held(wizard.draft)
    assert wizard.saved_label.text() == "All answers are saved; some need attention."
    wizard.show_question("onset")
    wizard.page.column.rows["onset"].widget.take_text("32 May")
    assert wizard.saved_label.text() == "Some typing is not saved."


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"handoff_to": "not yet"}, handoff.NO_ONE_TOLD),
        ({"handoff_by": "?"}, handoff.NO_TELLER),
        ({"handoff_at": "20 Nov 2026 09:40"}, handoff.TOO_EARLY.format("22 November 2026, 10:00")),
    ],
)
def test_a_hand_off_to_nobody_or_before_the_answers_is_told_at_its_field(wizard, changed, sentence):
    answer(wizard, {"saddle_numbness": "yes", **TOLD, **changed})
    [question] = changed
    note = wizard.page.column.rows[question].note
    assert note.isVisible()
    assert sentence in note.text()
    assert is_held(wizard.draft)
    assert "handoff_covers" not in wizard.draft.answers
    click(wizard.emergency.button)
    assert wizard.page.column.rows[question].isAncestorOf(wizard.focusWidget())
    wizard.draft.save(question, {**TOLD, "handoff_at": "22 November 2026, 09:40"}[question])
    assert not is_held(wizard.draft)
    assert not note.isVisible()


def test_what_an_examination_adds_to_a_flag_reopens_the_hand_off(wizard):
    weak = {"examined": "yes", "strength": "reduced"}
    answer(wizard, weak)
    add_grade(wizard.draft, "L5", "left", "4-")
    answer(wizard, TOLD)
    assert not is_held(wizard.draft)
    add_grade(wizard.draft, "L4", "right", "1")
    assert is_held(wizard.draft)
    assert wizard.emergency.title.text() == SHOW_NOW
    assert "told about: Muscle grades (changed since then)." in wizard.emergency.text.text()
    assert wizard.emergency.button.text() == escalation.RECORD_ANOTHER


def test_the_clinics_own_words_and_telephone_stand_in_the_banner_and_the_review(wizard, review, store):
    answer(wizard, {"saddle_numbness": "yes"})
    assert wizard.emergency.title.text() == SHOW_NOW
    assert wizard.emergency.text.text() == f"{SADDLE}. Phone: not entered - ask an administrator."
    store.save_setting(escalation.TEXT, "Fetch the duty doctor from room 4.")
    store.save_setting(escalation.PHONE, "extension 112")
    answer(wizard, {"bladder_leak": "yes"})
    assert wizard.emergency.title.text() == "Fetch the duty doctor from room 4."
    assert "Phone: extension 112." in wizard.emergency.text.text()
    assert "Fetch the duty doctor from room 4. Phone: extension 112." in review().handoff.text.text()
