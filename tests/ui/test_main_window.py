import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from db import StoreError, open_store
from intake_app import questions
from intake_app.errors import UserError
from intake_app.ui.intake_screen import NOT_SAVED
from intake_app.ui.messages import NOT_REAL
from intake_app.ui.patient_bar import INTAKE, LETTER, REVIEW

ANNA = {"family_name": "Example", "given_names": "Anna", "birth_date": "1956-05-03", "record_number": "4711"}


def anna(window, now):
    patient_id = window.store.add_patient(ANNA, now())
    return window.store.start_intake(patient_id, now())


def press(qtbot, key, modifier=Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(QApplication.focusWidget(), key, modifier)


def shown(window):
    return window.stack.currentWidget()


def test_the_first_start_asks_for_the_clinic_and_then_shows_the_patients(start, qtbot):
    window = start(clinic=False)
    assert shown(window) is window.clinic_form
    qtbot.keyClicks(QApplication.focusWidget(), "Harbour Clinic")
    window.clinic_form.save_button.click()
    assert shown(window) is window.worklist
    assert QApplication.focusWidget() is window.worklist.search


def test_the_search_box_has_the_keyboard_from_the_start(start):
    window = start()
    assert QApplication.focusWidget() is window.worklist.search


def test_a_patient_is_made_and_an_intake_begins_by_keyboard_alone(start, qtbot):
    window = start()
    qtbot.keyClicks(QApplication.focusWidget(), "Ada Lovelace")
    press(qtbot, Qt.Key.Key_Return)
    assert shown(window) is window.patient_form
    while QApplication.focusWidget() is not window.patient_form.save_button:
        press(qtbot, Qt.Key.Key_Tab)
    press(qtbot, Qt.Key.Key_Return)
    assert shown(window) is window.intake
    assert window.intake.bar.text.startswith("Lovelace, Ada")
    [row] = window.store.worklist()
    assert (row["family_name"], row["given_names"]) == ("Lovelace", "Ada")


def test_an_intake_opens_on_the_page_where_it_was_left(start, now):
    window = start()
    intake_id = anna(window, now)
    window.store.save_page(intake_id, "imaging")
    window.show_intake(intake_id)
    assert window.intake.wizard.page.page.id == "imaging"


def test_after_a_crash_it_leads_back_to_where_it_was(start, path, now):
    with open_store(path) as store:
        store.save_clinic({"name": "Harbour Clinic"}, now())
        intake_id = store.start_intake(store.add_patient(ANNA, now()), now())
        store.save_page(intake_id, "symptoms")
        store.mark_open(intake_id)
    window = start(clinic=False)
    line = window.worklist.interrupted
    assert line.text == "You were in the middle of the intake of Example, Anna, page Symptoms. Nothing was lost."
    assert QApplication.focusWidget() is line.button
    line.button.click()
    assert window.intake.draft.intake_id == intake_id
    assert window.intake.wizard.page.page.id == "symptoms"


def test_a_window_closed_in_good_order_was_not_interrupted(start, path, now):
    window = start()
    window.show_intake(anna(window, now))
    window.close()
    with open_store(path) as store:
        assert store.interrupted_intake() is None


def test_a_patient_half_typed_before_a_crash_is_offered_again(start, path, now):
    with open_store(path) as store:
        store.save_clinic({"name": "Harbour Clinic"}, now())
        store.save_setting("unfinished_patient", ANNA)
    window = start(clinic=False)
    assert "entering a new patient, Example, Anna" in window.worklist.interrupted.text
    window.worklist.interrupted.button.click()
    assert window.patient_form.form.values()["birth_date"] == "1956-05-03"


def test_keys_lead_everywhere(start, qtbot, now):
    window = start()
    window.show_intake(anna(window, now))
    control = Qt.KeyboardModifier.ControlModifier
    for key, part in ((Qt.Key.Key_R, window.intake.review), (Qt.Key.Key_I, window.intake.wizard)):
        press(qtbot, key, control)
        assert window.intake._stack.currentWidget() is part
    press(qtbot, Qt.Key.Key_F, control)
    assert shown(window) is window.worklist
    press(qtbot, Qt.Key.Key_N, control)
    assert shown(window) is window.patient_form


def test_ctrl_n_does_not_wipe_a_patient_being_typed(start, qtbot):
    window = start()
    press(qtbot, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(QApplication.focusWidget(), "Lovelace")
    press(qtbot, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert window.patient_form.form.values()["family_name"] == "Lovelace"


def test_a_new_patient_asked_for_right_after_the_start_stays_on_the_screen(start, qtbot):
    window = start()
    press(qtbot, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    line = QApplication.focusWidget()
    list(window._do_rest())  # what is done in idle moments
    assert shown(window) is window.patient_form
    assert line.isVisible()
    assert QApplication.focusWidget() is line


def test_f1_lists_the_keys(start, qtbot):
    window = start()
    press(qtbot, Qt.Key.Key_F1)
    texts = [label.text() for label in window.findChildren(QLabel)]
    assert "Find a patient" in texts


def test_the_patient_can_be_corrected_from_the_intake(start, now):
    window = start()
    window.show_intake(anna(window, now))
    window.intake.bar.change_button.click()
    line = window.patient_form.form.fields["given_names"].widget.line
    line.setText("Annabel")
    line.textEdited.emit("Annabel")
    window.patient_form.save_button.click()
    assert shown(window) is window.intake
    assert "Annabel" in window.intake.bar.text
    assert window.intake.draft.case().patient["given_names"] == "Annabel"


def test_the_same_person_is_found_instead_of_made_twice(start, now):
    window = start()
    anna(window, now)
    window.show_new_patient({"family_name": "Example", "birth_date": "1956-05-03"})
    window.patient_form.advice.opened.emit(window.store.find_patients("")[0]["id"])
    assert shown(window) is window.worklist
    assert window.worklist.selected()["family_name"] == "Example"


def test_from_the_intake_over_the_review_to_a_kept_letter(start, now, qtbot):
    window = start()
    intake_id = anna(window, now)
    window.show_intake(intake_id)
    window.intake.wizard.finished.emit()
    assert window.intake._stack.currentWidget() is window.intake.review
    window.intake.review.preview_button.click()
    letter = window.intake.letter
    qtbot.waitUntil(lambda: letter.shown is not None, timeout=20_000)
    letter.side.issue_button.click()
    [row] = window.store.letters(intake_id)
    assert window.store.letter_pdf(row["id"]) == letter.shown.pdf
    window.intake.leave()
    assert window.worklist.model.index(0, 3).data() == "Letter version 1 issued 22 November 2026"
    window.show_intake(intake_id)
    assert window.intake._stack.currentWidget() is letter or window.intake._stack.currentWidget().shown


def test_changing_an_answer_from_the_review_leads_to_its_question(start, now):
    window = start()
    window.show_intake(anna(window, now))
    window.intake.draft.save("leg_pain", "yes")
    window.intake.show_part(REVIEW)
    window.intake.review.question_asked.emit("leg_side")
    assert window.intake._stack.currentWidget() is window.intake.wizard
    assert window.intake.wizard.page.page.id == "symptoms"
    window.intake.show_part(LETTER)
    window.intake.letter.question_asked.emit("patient.given_names")
    assert shown(window) is window.patient_form


def test_an_answer_that_could_not_be_saved_is_not_left_behind(start, now):
    window = start()
    intake_id = anna(window, now)
    window.show_intake(intake_id)
    window.store._db.execute("pragma query_only = 1")
    window.intake.draft.save("leg_pain", "yes")
    window.intake.leave()
    assert shown(window) is window.intake
    assert window.intake.message.text.endswith(NOT_SAVED)
    assert not window.close()
    window.store._db.execute("pragma query_only = 0")
    window.intake.leave()
    assert shown(window) is window.worklist
    assert window.store.answers(intake_id) == {"leg_pain": "yes"}


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (StoreError("The records file is damaged.", "Restore the last backup."), "The records file is damaged."),
        (StoreError("The program is already running with these records.", "Go to its window."), "already running"),
    ],
)
def test_records_that_cannot_be_opened_are_told_in_the_window(start, path, now, error, words):
    def refuse():
        raise error

    openers = iter([refuse, lambda: open_store(path)])

    def open_next():
        return next(openers)()

    with open_store(path) as store:
        store.save_clinic({"name": "Harbour Clinic"}, now())
    window = start(opener=open_next)
    assert shown(window) is window.trouble
    assert words in window.trouble.text
    assert error.hint in window.trouble.text
    window.trouble.retry_button.click()
    assert shown(window) is window.worklist


def test_a_second_copy_says_that_the_first_is_running(start, path, now):
    with open_store(path) as store:
        store.save_clinic({"name": "Harbour Clinic"}, now())
        window = start(opener=lambda: open_store(path))
        assert "already running" in window.trouble.text
        before = path.read_bytes()
        window.trouble.retry_button.click()
        assert "already running" in window.trouble.text
        assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 100])
def test_a_file_that_is_no_database_is_left_as_it_is(start, path, content):
    path.parent.mkdir()
    path.write_bytes(content)
    window = start(opener=lambda: open_store(path))
    assert shown(window) is window.trouble
    assert path.read_bytes() == content


def test_a_mistake_in_a_question_file_is_told_and_can_be_tried_again(start, questionnaire):
    calls = []

    def load():
        calls.append(1)
        if len(calls) == 1:
            raise UserError("90_own.toml: nose needs a type.", "Mend the file or take it out of the folder.")
        return questionnaire

    window = start(loader=load)
    assert "90_own.toml" in window.trouble.text
    window.trouble.retry_button.click()
    assert shown(window) is window.worklist


def test_no_name_ever_stands_in_a_window_title(start, now, qtbot):
    window = start()
    window.show_intake(anna(window, now))
    for part in (INTAKE, REVIEW, LETTER):
        window.intake.show_part(part)
        qtbot.wait(1)
    titles = {widget.windowTitle() for widget in QApplication.topLevelWidgets()}
    assert not [title for title in titles if "Example" in title or "4711" in title]


def test_the_demo_says_so_on_every_screen(start, now):
    window = start(demo=True)
    bar = next(label for label in window.findChildren(QLabel) if label.text() == NOT_REAL)
    assert bar.isVisible()
    window.show_intake(anna(window, now))
    assert bar.isVisible()


def test_every_control_has_a_name_and_no_key_stands_twice(start, now):
    window = start()
    window.show_intake(anna(window, now))
    window.intake.show_part(REVIEW)
    window.patient_form.show_new({})
    window.clinic_form.show_clinic(None)
    screens = [window.worklist, window.patient_form, window.clinic_form, window.intake.review, window.intake.letter]
    for screen in screens:
        keys = []
        for widget in screen.findChildren(QWidget):
            if isinstance(widget, QAbstractButton) and widget.isVisibleTo(screen):
                assert widget.accessibleName() or widget.text(), (screen, widget.parent(), widget.property("role"))
                keys += [widget.shortcut().toString()] if not widget.shortcut().isEmpty() else []
        assert len(keys) == len(set(keys)), (screen, keys)


def test_the_questions_of_the_clinic_are_read_after_the_first_picture(start, questionnaire):
    loads = []

    def load():
        loads.append(1)
        return questionnaire

    window = start(loader=load)
    assert loads == [1]
    assert isinstance(window.questionnaire, questions.Questionnaire)
    assert loads == [1]


def test_wrong_typing_about_the_patient_stops_leaving_once(start, qtbot):
    window = start()
    window.show_new_patient({"family_name": "Example"})
    line = window.patient_form.form.fields["birth_date"].widget.line
    line.setFocus()
    qtbot.keyClicks(line, "31 February 1980")
    window.show_worklist()
    assert shown(window) is window.patient_form
    assert "needs attention" in window.patient_form.message.text
    window.show_worklist()
    assert shown(window) is window.worklist


def test_wrong_typing_about_the_patient_stops_closing_once(start, qtbot):
    window = start()
    window.show_new_patient({"family_name": "Example"})
    qtbot.keyClicks(window.patient_form.form.fields["birth_date"].widget.line, "nonsense")
    assert not window.close()
    assert window.isVisible()
    assert window.close()


def test_leaving_without_the_wrong_typing_is_one_press(start, qtbot):
    window = start()
    window.show_new_patient({"family_name": "Example"})
    qtbot.keyClicks(window.patient_form.form.fields["birth_date"].widget.line, "nonsense")
    window.show_worklist()
    window.patient_form.message.button.click()
    assert shown(window) is window.worklist
    assert "new patient, Example" in window.worklist.interrupted.text


def test_cancelling_a_new_patient_asks_for_nothing(start, qtbot):
    window = start()
    window.show_new_patient({"family_name": "Example"})
    qtbot.keyClicks(window.patient_form.form.fields["birth_date"].widget.line, "nonsense")
    window.patient_form.back_button.click()
    assert shown(window) is window.worklist
    assert window.worklist.interrupted.text == ""
