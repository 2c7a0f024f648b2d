"""Many letters in one go: the ready ones are issued, the others say why not, and it can be stopped."""

import hashlib

import pytest

from intake_app import demo
from intake_app.app import fill_store
from intake_app.ui import safety_age
from intake_app.ui.draft import Draft
from intake_app.ui.letter_batch import BatchDialog
from intake_app.ui.letter_issue import IS_ISSUED, NO_HANDOFF, NO_REASON, NO_RECIPIENT
from intake_app.ui.letter_request import LetterRequest, save_request

SURGEON = LetterRequest({"name": "Dr Lindgren"})


@pytest.fixture
def intakes(store, questionnaire, now):
    """Keep all invented patients and return their intakes by the demo's name."""
    cases = demo.cases(questionnaire, now().date())
    fill_store(store, list(cases.values()), now())
    found = {}
    for name, case in cases.items():
        [row] = store.worklist(case.patient["family_name"])
        found[name] = row["intake_id"]
        save_request(store, row["intake_id"], SURGEON)
    return found


@pytest.fixture
def open_dialog(qtbot, store, questionnaire, now, background):
    def show(ids):
        dialog = BatchDialog(store, questionnaire, ids, now, background)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return show


def run(dialog, qtbot):
    with qtbot.waitSignal(dialog.batch.ended, timeout=60_000):
        dialog.start_button.click()
    return [dialog.list.item(row).text() for row in range(dialog.list.count())]


def test_the_ready_are_issued_and_the_others_say_why_not(open_dialog, intakes, store, qtbot, questionnaire, now):
    ids = [intakes[name] for name in ("chronic_back_pain", "myelopathy_questions", "stenosis", "herniated_disc")]
    save_request(store, intakes["stenosis"], LetterRequest())
    dialog = open_dialog(ids)
    told = run(dialog, qtbot)
    assert "Version 1 is issued and kept." in told[0]
    assert safety_age.BEFORE_LETTER in told[1]
    safety_age.confirm_unchanged(Draft(store, questionnaire, ids[1], now))
    dialog = open_dialog(ids)
    told[1] = run(dialog, qtbot)[1]
    assert NO_HANDOFF in told[1]
    assert NO_RECIPIENT in told[2]
    assert "Version 1 is issued and kept." in told[3]
    assert [len(store.letters(intake_id)) for intake_id in ids] == [1, 0, 0, 1]
    assert "0 of 4 letters were issued." in dialog.summary.text()
    assert dialog.close_button.isEnabled()


def test_each_is_the_letter_that_its_own_page_would_issue(
    open_dialog, intakes, store, qtbot, open_letter, questionnaire, now
):
    intake_id = intakes["chronic_back_pain"]
    page = open_letter(draft=Draft(store, questionnaire, intake_id, now), request=SURGEON)
    seen = page.shown.pdf
    run(open_dialog([intake_id]), qtbot)
    [row] = store.letters(intake_id)
    assert row["sha256"] == hashlib.sha256(seen).hexdigest()


def test_a_second_run_issues_nothing_twice(open_dialog, intakes, store, qtbot):
    dialog = open_dialog([intakes["chronic_back_pain"]])
    run(dialog, qtbot)
    assert IS_ISSUED in run(dialog, qtbot)[0]
    assert len(store.letters(intakes["chronic_back_pain"])) == 1


def test_another_version_needs_its_reason(open_dialog, intakes, store, qtbot, now):
    intake_id = intakes["chronic_back_pain"]
    run(open_dialog([intake_id]), qtbot)
    store.save_answer(intake_id, "occupation", "Foreman", now())
    assert NO_REASON in run(open_dialog([intake_id]), qtbot)[0]
    save_request(store, intake_id, LetterRequest(SURGEON.recipient, "New work"))
    assert "Version 2 is issued" in run(open_dialog([intake_id]), qtbot)[0]


def test_cancelled_in_the_middle_what_is_issued_stays_and_no_more_comes(open_dialog, intakes, store, qtbot, background):
    ids = [intakes[name] for name in ("chronic_back_pain", "stenosis", "herniated_disc")]
    dialog = open_dialog(ids)
    dialog.batch.told.connect(lambda *_: dialog.cancel_button.click())
    run(dialog, qtbot)
    assert [len(store.letters(intake_id)) for intake_id in ids] == [1, 0, 0]
    assert "Cancelled: 2 not looked at." in dialog.summary.text()
    background.run(dialog, lambda: None, lambda _: None, lambda _: None)
    qtbot.wait(300)
    assert [len(store.letters(intake_id)) for intake_id in ids] == [1, 0, 0]


def test_closing_stops_it(open_dialog, intakes, store, qtbot):
    ids = [intakes[name] for name in ("chronic_back_pain", "stenosis")]
    dialog = open_dialog(ids)
    dialog.start_button.click()
    dialog.close()
    qtbot.wait(300)
    assert not dialog.batch.is_running
    assert sum(len(store.letters(intake_id)) for intake_id in ids) == 0


def test_a_letter_that_cannot_be_printed_says_which_field(open_dialog, intakes, store, qtbot, now):
    store.save_answer(intakes["stenosis"], "limits", "Lifting \U0001f9ff", now())
    assert "Limits in daily life" in run(open_dialog([intakes["stenosis"]]), qtbot)[0]


def test_a_store_that_cannot_be_written_loses_nothing(open_dialog, intakes, qtbot, broken_store):
    broken_store(broken=True)
    told = run(open_dialog([intakes["stenosis"], intakes["chronic_back_pain"]]), qtbot)
    assert all("cannot be changed" in words for words in told)
    broken_store(broken=False)
    assert "is issued" in run(open_dialog([intakes["stenosis"]]), qtbot)[0]
