from datetime import datetime, timedelta, timezone

import pytest

from db import StoreError
from intake_app import factors, rulebook
from intake_app.ui.draft import Draft


@pytest.fixture
def again(store, questionnaire, intake_id, now):
    """Return a function that opens the same intake anew, as after a restart."""
    return lambda: Draft(store, questionnaire, intake_id, now)


def test_nothing_is_answered_until_somebody_answers(draft):
    assert draft.answers == {}
    assert draft.case().answers == {}


def test_an_answer_is_in_the_store_when_save_returns(draft, again):
    assert draft.save("leg_pain", "yes")
    assert again().answers == {"leg_pain": "yes"}


def test_none_takes_an_answer_back(draft, again):
    draft.save("leg_pain", "yes")
    draft.save("leg_pain", None)
    assert again().answers == draft.answers == {}


def test_the_change_is_told_with_its_question(draft, qtbot):
    with qtbot.waitSignal(draft.changed) as told:
        draft.save("leg_pain", "yes")
    assert told.args == ["leg_pain"]


def test_a_field_of_an_entry_tells_the_list_it_stands_on(draft, qtbot, again):
    entry = draft.add_entry("treatments")
    with qtbot.waitSignal(draft.changed) as told:
        draft.save("agent", "Ibuprofen", entry)
    assert told.args == ["treatments"]
    assert again().answers == draft.answers == {"treatments": [{"id": entry, "agent": "Ibuprofen"}]}


def test_adding_an_entry_takes_none_back(draft, again):
    draft.save("treatments", "none")
    entry = draft.add_entry("treatments")
    assert again().answers == draft.answers == {"treatments": [{"id": entry}]}


def test_a_removed_entry_comes_back_in_its_place_with_its_answers(draft, again):
    first, second = draft.add_entry("treatments"), draft.add_entry("treatments")
    draft.save("agent", "Ibuprofen", first)
    draft.remove_entry("treatments", first)
    assert [entry["id"] for entry in draft.entries("treatments")] == [second]
    draft.restore_entry("treatments", first)
    assert again().answers == draft.answers
    assert draft.entries("treatments")[0] == {"id": first, "agent": "Ibuprofen"}


def test_a_list_whose_only_entry_was_removed_is_not_answered(draft, again):
    draft.remove_entry("treatments", draft.add_entry("treatments"))
    assert again().answers == draft.answers == {}


def test_restoring_takes_none_back(draft, again):
    entry = draft.add_entry("treatments")
    draft.remove_entry("treatments", entry)
    draft.save("treatments", "none")
    draft.restore_entry("treatments", entry)
    assert again().answers == draft.answers == {"treatments": [{"id": entry}]}


def test_undo_takes_back_the_last_change_and_then_the_one_before(draft, again):
    draft.save("leg_pain", "yes")
    draft.save("leg_pain", "no")
    assert [draft.undo(), draft.answers] == ["leg_pain", {"leg_pain": "yes"}]
    assert [draft.undo(), draft.answers] == ["leg_pain", {}]
    assert draft.undo() == ""
    assert again().answers == {}


def test_undo_of_a_field_of_an_entry_names_its_list(draft):
    entry = draft.add_entry("treatments")
    draft.save("side", "left", entry)
    assert draft.undo() == "treatments"
    assert draft.answers == {"treatments": [{"id": entry}]}


def test_undo_of_an_entry_removes_it(draft):
    draft.add_entry("treatments")
    assert draft.undo() == "treatments"
    assert draft.answers == {}


def test_findings_follow_the_answers(draft):
    before = draft.findings()
    assert draft.findings() is before
    draft.save("saddle_numbness", "yes")
    assert draft.findings() is not before


def test_what_the_store_refuses_stays_and_is_stored_with_the_next_answer(draft, again, broken_store, qtbot):
    broken_store(broken=True)
    with qtbot.waitSignal(draft.failed) as told:
        assert not draft.save("leg_pain", "yes")
    assert isinstance(told.args[0], StoreError)
    assert draft.answers == {"leg_pain": "yes"}
    assert "leg_pain" in draft.unsaved_notes()
    assert again().answers == {}
    broken_store(broken=False)
    with qtbot.waitSignal(draft.saved):
        assert draft.save("arm_pain", "no")
    assert again().answers == {"leg_pain": "yes", "arm_pain": "no"}
    assert not draft.unsaved


def test_the_last_of_two_refused_answers_is_stored(draft, again, broken_store):
    broken_store(broken=True)
    draft.save("leg_pain", "yes")
    draft.save("leg_pain", "no")
    broken_store(broken=False)
    assert draft.retry()
    assert again().answers == {"leg_pain": "no"}


def test_lists_and_undo_tell_when_the_store_fails_and_change_nothing(draft, broken_store, qtbot):
    entry = draft.add_entry("treatments")
    before = dict(draft.answers)
    broken_store(broken=True)
    acts = (
        lambda: draft.add_entry("treatments"),
        lambda: draft.remove_entry("treatments", entry),
        draft.undo,
        lambda: draft.save_page("symptoms"),
    )
    for act in acts:
        with qtbot.waitSignal(draft.failed):
            assert not act()
    assert draft.answers == before


def test_the_clinics_benchmarks_and_signatures_hold_for_its_intakes(draft, store):
    waiting = next(rule.id for rule in factors.RULES.values() if rule.needs_sign_off)
    assert waiting not in {f.rule.id for f in draft.findings()}
    store.save_setting(rulebook.PROFILE, "AU-VIC")
    store.save_setting(rulebook.SIGNATURES, rulebook.sign({}, waiting, "Dr Vale", draft.today))
    draft.save("leg_pain", "yes")
    assert draft.case().profile == "AU-VIC"
    assert waiting in {f.rule.id for f in draft.findings()}


def test_an_answer_the_store_refused_goes_and_comes_back_with_its_entry(draft, store, broken_store):
    treatment, study = draft.add_entry("treatments"), draft.add_entry("imaging")
    broken_store(broken=True)
    draft.save("agent", "Naproxen", treatment)
    assert not draft.remove_entry("treatments", treatment)
    broken_store(broken=False)
    assert draft.remove_entry("treatments", treatment)
    assert draft.remove_entry("imaging", study)
    assert draft.restore_entry("imaging", study)
    assert draft.restore_entry("treatments", treatment)
    assert draft.answers == store.answers(draft.intake_id)
    assert draft.answers["treatments"] == [{"id": treatment, "agent": "Naproxen"}]
    assert draft.unsaved == frozenset()


def test_times_are_told_on_the_clinics_clock(store, questionnaire, intake_id):
    zone = timezone(timedelta(hours=-5))
    noon = datetime(2026, 11, 22, 12, 0, tzinfo=zone)
    store.save_answer(intake_id, "fever", "no", noon)
    draft = Draft(store, questionnaire, intake_id, lambda: noon)
    assert draft.case().answered_at["fever"].hour == 12
