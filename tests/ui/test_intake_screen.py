"""What is typed and corrected reaches the letter, the review and the records, whichever way a page is left."""

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from db import open_store
from intake_app.ui.field_row import NOT_SAVED
from intake_app.ui.intake_screen import NOT_UNDERSTOOD
from intake_app.ui.patient_bar import LETTER, REVIEW

ANNA = {"family_name": "Example", "given_names": "Anna", "birth_date": "1956-05-03", "record_number": "4711"}


def anna(window, now):
    patient_id = window.store.add_patient(ANNA, now())
    return window.store.start_intake(patient_id, now())


def shown(window):
    return window.stack.currentWidget()


def type_over(qtbot, line, text):
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)


def correct_name(qtbot, window, name):
    window.intake.bar.change_button.click()
    type_over(qtbot, window.patient_form.form.fields["family_name"].widget.line, name)
    window.patient_form.save_button.click()
    assert shown(window) is window.intake


def wait_for_letter(qtbot, window):
    qtbot.waitUntil(lambda: window.intake.letter.shown is not None, timeout=20_000)
    qtbot.waitUntil(lambda: any(window.intake.letter.view.pages.texts), timeout=20_000)


def test_a_name_corrected_under_a_preview_is_the_name_in_the_letter(start, qtbot, now):
    window = start()
    window.show_intake(anna(window, now))
    window.intake.show_part(LETTER)
    wait_for_letter(qtbot, window)
    before = window.intake.letter.shown
    correct_name(qtbot, window, "Corrected")
    assert window.intake.letter.shown is None
    wait_for_letter(qtbot, window)
    assert window.intake.letter.shown.pdf != before.pdf
    window.intake.letter.issue()
    [letter] = window.store.letters(window.intake.draft.intake_id)
    assert json.loads(window.store.letter_case(letter["id"]))["patient"]["family_name"] == "Corrected"


def test_a_name_that_could_not_be_printed_is_mended_and_the_letter_is_there(start, qtbot, now):
    window = start()
    window.show_intake(anna(window, now))
    window.intake.draft.patient = {**window.intake.draft.patient, "family_name": "\U00013000"}
    window.store.change_patient(window.intake.draft.patient["id"], {"family_name": "\U00013000"}, now())
    with qtbot.waitSignal(window.intake.letter.previewed, timeout=20_000):
        window.intake.show_part(LETTER)
    assert window.intake.letter.side.message.button.text() == "Go to the field"
    window.intake.letter.side.message.button.click()
    assert shown(window) is window.patient_form
    type_over(qtbot, window.patient_form.form.fields["family_name"].widget.line, "Example")
    window.patient_form.save_button.click()
    wait_for_letter(qtbot, window)


def test_a_name_corrected_after_issuing_gives_a_version_that_says_so(start, qtbot, now):
    window = start()
    intake_id = anna(window, now)
    window.show_intake(intake_id)
    window.intake.show_part(LETTER)
    wait_for_letter(qtbot, window)
    window.intake.letter.issue()
    correct_name(qtbot, window, "Corrected")
    assert "Preview of version 2" in window.intake.letter.side.text
    pages = window.intake.letter.view.pages
    said = (
        "Family name: was “Example”, now “Corrected”."  # the pages of version 1 stay until those of version 2 are there
    )
    qtbot.waitUntil(lambda: said in " ".join(" ".join(pages.texts).split()), timeout=20_000)


@pytest.mark.parametrize("is_new", [True, False])
def test_a_patient_being_typed_outlives_closing_the_window(start, qtbot, path, now, is_new):
    window = start()
    if is_new:
        window.show_new_patient({})
    else:
        window.show_intake(anna(window, now))
        window.intake.bar.change_button.click()
    type_over(qtbot, window.patient_form.form.fields["family_name"].widget.line, "Corrected")
    assert window.close()
    with open_store(path) as store:
        found = store.setting("unfinished_patient") if is_new else store.find_patients("")[0]
        assert found["family_name"] == "Corrected"


def test_a_letterhead_being_typed_outlives_closing_the_window(start, qtbot, path):
    window = start(clinic=False)
    qtbot.keyClicks(QApplication.focusWidget(), "Harbour Clinic")
    assert window.close()
    with open_store(path) as store:
        assert store.clinic()["name"] == "Harbour Clinic"


def test_a_letterhead_without_a_name_is_not_kept_by_closing(start, qtbot, path):
    window = start()
    window.show_clinic()
    type_over(qtbot, window.clinic_form.form.fields["name"].widget.line, " ")
    assert window.close()
    with open_store(path) as store:
        assert store.clinic()["name"] == "Harbour Clinic"


def type_height(qtbot, window, text):
    window.intake.show_question("height")
    qtbot.keyClicks(window.intake.wizard.page.column.rows["height"].widget.line, text)


def test_typing_that_cannot_be_saved_stands_there_on_coming_back_and_in_the_review(start, qtbot, now):
    window = start()
    window.show_intake(anna(window, now))
    type_height(qtbot, window, "900")
    window.intake.show_question("complaint")
    window.intake.show_part(REVIEW)
    [check] = [check for check in window.intake.review.checks.checks if check.path == "height"]
    assert check.text.startswith("Height: ")
    window.intake.show_question("height")
    row = window.intake.wizard.page.column.rows["height"]
    assert row.widget.line.text() == "900"
    assert NOT_SAVED in row.note.text()
    assert "height" not in window.intake.draft.answers


def test_leaving_typing_that_cannot_be_saved_is_said_once(start, qtbot, now):
    window = start()
    window.show_intake(anna(window, now))
    type_height(qtbot, window, "900")
    window.intake.leave()
    assert shown(window) is window.intake
    assert window.intake.message.text.endswith(NOT_UNDERSTOOD)
    assert window.intake.message.button.text() == "Leave without it"
    window.intake.message.button.click()
    assert shown(window) is window.worklist


def test_closing_over_typing_that_cannot_be_saved_is_stopped_once(start, qtbot, now):
    window = start()
    window.show_intake(anna(window, now))
    type_height(qtbot, window, "900")
    assert not window.close()
    assert window.intake.message.text.endswith(NOT_UNDERSTOOD)
    assert window.close()


def stops_of_tab(qtbot):
    """Return every stop of Tab, beginning and ending with what has the keyboard now."""
    stops = [QApplication.focusWidget()]
    while len(stops) == 1 or stops[-1] is not stops[0]:
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        assert QApplication.focusWidget() not in stops[1:], "going round without coming back"
        stops.append(QApplication.focusWidget())
    return stops


def test_tab_leads_from_the_pages_to_everything_that_can_be_done_with_a_letter(start, qtbot, now):
    window = start()
    window.activateWindow()
    window.show_intake(anna(window, now))
    window.intake.show_part(LETTER)
    wait_for_letter(qtbot, window)
    letter = window.intake.letter
    assert letter.view.pages.hasFocus()
    stops = stops_of_tab(qtbot)
    side = letter.side
    wanted = {side.issue_button, side.more.button, letter.view.trace_button}
    assert wanted | {fold.head for fold in side.parts.folds.values()} <= set(stops)
    names = [fold.head for fold in side.parts.folds.values()]
    assert [stop for stop in stops if stop in names] == names
