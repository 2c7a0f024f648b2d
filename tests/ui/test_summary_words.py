from datetime import timedelta

import pytest

from intake_app.letter.planning import red_flag_questions
from intake_app.ui.draft import Draft
from intake_app.ui.summary_words import find_flagged, list_sections, say_urgency, say_urgent


def lines(draft, section_id):
    sections = {section.id: section for section in list_sections(draft.case(), draft.findings())}
    return sections[section_id].lines


@pytest.mark.usefixtures("qapp")
def test_a_blank_intake_adds_up_to_nothing(store, questionnaire, now):
    patient = store.add_patient({"family_name": "Example"}, now())
    draft = Draft(store, questionnaire, store.start_intake(patient, now()), now)
    sections = list_sections(draft.case(), draft.findings())
    found = {section.id: section.lines for section in sections if section.id not in ("completeness", "red_flags")}
    assert not any(found.values())
    assert say_urgency(draft.findings()) == ("", "Urgency: nothing recorded yet")
    assert find_flagged(draft.case(), draft.findings()) == ()


def test_red_flags_are_told_in_the_words_of_the_questions_only(draft):
    draft.save("saddle_numbness", "yes")
    draft.save("fever", "unsure")
    draft.save("bladder_leak", "no")
    count, *rest = lines(draft, "red_flags")
    assert count.text.startswith("3 of ")
    labels = draft.questionnaire.by_id
    assert [(line.text, line.look) for line in rest] == [
        (labels["saddle_numbness"].label, "summary-flag"),
        (f"Unsure: {labels['fever'].label}", "summary-text"),
    ]
    assert say_urgency(draft.findings()) == ("R0", "Emergency now")


def test_every_urgent_finding_names_an_answer_also_one_that_is_no_yes(draft):
    draft.save("examined", "yes")
    draft.save("saddle_sensation", "absent")
    assert say_urgency(draft.findings())[0] == "R0"
    assert draft.questionnaire.by_id["saddle_sensation"].label in say_urgent(draft.case(), draft.findings())


def test_an_urgent_finding_in_a_list_names_the_list(draft):
    draft.save("examined", "yes")
    entry = draft.add_entry("motor_grades")
    for name, value in {"myotome": "L5", "side": "left", "grade": "2", "weak_since": "2026-11-20"}.items():
        draft.save(name, value, entry)
    assert say_urgency(draft.findings())[0] == "R1"
    assert draft.questionnaire.by_id["motor_grades"].label in say_urgent(draft.case(), draft.findings())


def test_nothing_is_said_about_what_was_answered_no(draft):
    for question in draft.questionnaire.pages[0].questions:
        if question.type == "yes_no":
            draft.save(question.id, "no")
    assert len(lines(draft, "red_flags")) == 1
    assert say_urgency(draft.findings())[0] == ""


def test_a_missing_item_leads_to_its_question(draft):
    open_items = {line.text: line.path for line in lines(draft, "completeness") if line.path}
    assert len(open_items) == 8
    assert open_items["Spinal imaging"] == "imaging"
    draft.save("imaging", "none")
    assert "Spinal imaging" not in {line.text for line in lines(draft, "completeness") if line.path}


def test_what_is_still_to_obtain_comes_from_pages_already_begun_and_can_be_found(draft):
    assert lines(draft, "open") == ()
    entry = draft.add_entry("treatments")
    draft.save("category", "physical_therapy", entry)
    asked = [line for line in lines(draft, "open") if line.path]
    assert asked
    assert all(line.path.startswith("treatments") for line in asked)
    for line in asked:
        assert draft.questionnaire.find(line.path)
        assert " of supervised physical therapy" in line.text or "[" not in line.path


def test_safety_questions_all_answered_no_are_told_with_their_time(draft):
    for question in red_flag_questions(draft.case()):
        draft.save(question.id, "no" if question.type == "yes_no" else ["none"])
    assert [line.text for line in lines(draft, "red_flags")][1:] == [
        "No red-flag answers recorded at 22 November 2026 at 10:00"
    ]
    draft.save("fever", "unsure")
    assert not any("No red-flag" in line.text for line in lines(draft, "red_flags"))


def test_the_last_of_many_safety_questions_does_not_tell_the_time_of_all(draft, now):
    first, *others = red_flag_questions(draft.case())
    draft.now = lambda: now() - timedelta(days=52)
    for question in others:
        draft.save(question.id, "no" if question.type == "yes_no" else ["none"])
    draft.now = now
    draft.save(first.id, "no")
    assert [line.text for line in lines(draft, "red_flags")][1:] == [
        "No red-flag answers recorded between 1 October 2026 and 22 November 2026"
    ]


def test_a_sentence_about_hundreds_of_entries_is_cut(draft):
    for _ in range(60):
        draft.save("category", "nsaid", draft.add_entry("treatments"))
    told = lines(draft, "conservative_care")
    assert max(len(line.text) for line in told) <= 450
    assert any(line.text.endswith("(in full in the letter)") for line in told)
