"""Answers, entries and the journal: nothing is lost, everything can be taken back."""

import json
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db import StoreError

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
EXAMPLES = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture
def start(shared, now):
    """Return a function that starts a new intake in the shared store."""
    return lambda: shared.start_intake(shared.add_patient({"family_name": "Invented"}, now()), now())


def same(left, right):
    """Tell whether two JSON values are alike to the letter: 1 is not true and 1.0 is not 1."""
    return json.dumps(left) == json.dumps(right)


def test_an_answer_comes_back(store, intake_id, now):
    store.save_answer(intake_id, "weeks_of_pain", 12, now())
    assert store.answers(intake_id) == {"weeks_of_pain": 12}


@given(value=VALUES.filter(lambda value: value is not None), question=TEXTS, author=TEXTS)
@EXAMPLES
def test_any_value_comes_back_as_stored(shared, start, now, value, question, author):
    intake_id = start()
    shared.save_answer(intake_id, question, value, now(), author)
    assert same(shared.answers(intake_id), {question: value})
    assert shared.journal(intake_id)[0]["author"] == author


@pytest.mark.parametrize(
    "text",
    [
        "\0",
        "a\0b",
        "\u202eabc",
        "👩‍👩‍👧",
        "L4<L5 & L5>S1",
        "' or 1=1 --",
        "\r\n",
        "e\u0301",
        "é",
        "山田",
        "x" * 1_000_000,
    ],
    ids=range(11),
)
def test_hostile_text_comes_back_as_typed(store, intake_id, now, text):
    store.save_answer(intake_id, "own_words", text, now())
    assert store.answers(intake_id)["own_words"] == text


@pytest.mark.parametrize("value", ["\ud800", ["a", {"b": "\udfff"}], {"\ud83d": 1}])
def test_half_a_character_is_refused_with_a_sentence(store, intake_id, now, value):
    with pytest.raises(StoreError, match="half of a character") as caught:
        store.save_answer(intake_id, "own_words", value, now())
    assert caught.value.hint
    assert caught.value.__suppress_context__
    assert store.answers(intake_id) == {}
    assert store.journal(intake_id) == []


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [float("-inf")], 10**5000], ids=range(4))
def test_a_number_that_is_none_is_refused_without_repeating_it(store, intake_id, now, value):
    with pytest.raises(StoreError, match=r"^The number is not one"):
        store.save_answer(intake_id, "weight", value, now())


def test_blank_is_not_no(store, intake_id, now):
    store.save_answer(intake_id, "fever", "no", now())
    store.save_answer(intake_id, "weight_loss", "", now())
    store.save_answer(intake_id, "smoker", value=False, now=now())
    assert store.answers(intake_id) == {"fever": "no", "weight_loss": "", "smoker": False}
    assert "night_pain" not in store.answers(intake_id)


@given(values=st.lists(VALUES, min_size=1, max_size=6))
@EXAMPLES
def test_the_last_answer_wins_and_can_be_taken_back(shared, start, now, values):
    intake_id = start()
    for value in values:
        shared.save_answer(intake_id, "q", value, now())
    assert same(shared.answers(intake_id).get("q"), values[-1])
    shared.save_answer(intake_id, "q", None, now())
    assert shared.answers(intake_id) == {}
    journal = shared.journal(intake_id)
    for before, after in pairwise(journal):
        assert same(before["new_value"], after["old_value"])


def test_an_answer_taken_back_is_kept_in_the_journal(store, intake_id, now):
    store.save_answer(intake_id, "fever", "yes", now(), "Ann")
    store.save_answer(intake_id, "fever", None, now(), "Ben")
    told = [(row["old_value"], row["new_value"], row["author"]) for row in store.journal(intake_id)]
    assert told == [(None, "yes", "Ann"), ("yes", None, "Ben")]


def test_an_unchanged_answer_writes_nothing(store, intake_id, now):
    store.save_answer(intake_id, "fever", "yes", now())
    before = (store.intake(intake_id), store.journal(intake_id), store.answered_at(intake_id))
    writes = store._db.conn.total_changes
    store.save_answer(intake_id, "fever", "yes", now(), "somebody else")
    store.save_answer(intake_id, "never_given", None, now())
    assert store._db.conn.total_changes == writes
    assert (store.intake(intake_id), store.journal(intake_id), store.answered_at(intake_id)) == before
    assert not store._db.conn.in_transaction


def test_a_number_and_its_text_are_different_answers(store, intake_id, now):
    for value in (7, "7", 7.0, True, 1):
        store.save_answer(intake_id, "q", value, now())
        assert same(store.answers(intake_id)["q"], value)
    assert len(store.journal(intake_id)) == 5


def test_the_journal_is_written_with_the_answer_or_neither(store, intake_id, now):
    store._db.execute("create trigger broken before insert on journal begin select raise(abort, 'broken'); end")
    with pytest.raises(Exception, match="broken"):
        store.save_answer(intake_id, "fever", "yes", now())
    assert store.answers(intake_id) == {}
    assert not store._db.conn.in_transaction


def test_an_answer_of_an_unknown_intake_is_a_bug(store, now):
    with pytest.raises(Exception, match="FOREIGN KEY"):
        store.save_answer("nobody", "fever", "yes", now())


def test_a_time_without_zone_is_a_bug(store, intake_id):
    with pytest.raises(ValueError, match="time zone"):
        store.save_answer(intake_id, "fever", "yes", datetime(2026, 1, 1))  # noqa: DTZ001 that is the fault


def test_times_are_kept_to_the_microsecond_whatever_the_zone(store, intake_id):
    moment = datetime(2026, 11, 22, 23, 30, 15, 123456, tzinfo=timezone(timedelta(hours=-5)))
    store.save_answer(intake_id, "fever", "yes", moment)
    store.save_answer(intake_id, "kind", "pills", moment, entry_id=store.add_entry(intake_id, "treatments", moment))
    assert store.answered_at(intake_id) == {"fever": moment}
    assert store.answered_at(intake_id)["fever"].tzinfo is UTC


def test_entries_are_lists_in_their_order(store, intake_id, now):
    first, second = (store.add_entry(intake_id, "treatments", now()) for _ in range(2))
    store.save_answer(intake_id, "kind", "injection", now(), entry_id=second)
    store.save_answer(intake_id, "kind", "physical_therapy", now(), entry_id=first)
    assert store.answers(intake_id) == {
        "treatments": [{"kind": "physical_therapy", "id": first}, {"kind": "injection", "id": second}]
    }


def test_an_entry_without_answers_is_there(store, intake_id, now):
    entry = store.add_entry(intake_id, "treatments", now())
    assert store.answers(intake_id) == {"treatments": [{"id": entry}]}


def test_an_entry_keeps_its_own_id(store, intake_id, now):
    entry = store.add_entry(intake_id, "treatments", now())
    store.save_answer(intake_id, "id", "not this", now(), entry_id=entry)
    assert store.answers(intake_id) == {"treatments": [{"id": entry}]}


def test_an_answer_about_an_entry_of_another_intake_is_a_bug(store, intake_id, now):
    other = store.start_intake(store.intake(intake_id)["patient_id"], now())
    entry = store.add_entry(other, "treatments", now())
    with pytest.raises(ValueError, match="not of this intake"):
        store.save_answer(intake_id, "kind", "pills", now(), entry_id=entry)


def test_none_is_an_answer_until_there_is_an_entry(store, intake_id, now):
    store.save_answer(intake_id, "treatments", "none", now())
    assert store.answers(intake_id) == {"treatments": "none"}
    entry = store.add_entry(intake_id, "treatments", now())
    assert store.answers(intake_id) == {"treatments": [{"id": entry}]}
    store.remove_entry(entry, now())
    assert store.answers(intake_id) == {}, "the none was taken back, so the list is blank again"


def test_another_answer_about_a_list_is_left_alone_by_an_entry(store, intake_id, now):
    store.save_answer(intake_id, "treatments", "unsure", now())
    entry = store.add_entry(intake_id, "treatments", now())
    store.remove_entry(entry, now())
    assert store.answers(intake_id) == {"treatments": "unsure"}


def test_living_entries_win_over_none(store, intake_id, now):
    entry = store.add_entry(intake_id, "treatments", now())
    store.save_answer(intake_id, "treatments", "none", now())
    assert store.answers(intake_id) == {"treatments": [{"id": entry}]}
    store.remove_entry(entry, now())
    assert store.answers(intake_id) == {"treatments": "none"}


def test_a_removed_entry_is_restored_in_its_place_with_its_answers(store, intake_id, now):
    first, second = (store.add_entry(intake_id, "treatments", now()) for _ in range(2))
    store.save_answer(intake_id, "kind", "brace", now(), entry_id=first)
    store.remove_entry(first, now())
    third = store.add_entry(intake_id, "treatments", now())
    store.restore_entry(first, now())
    entries = store.answers(intake_id)["treatments"]
    assert entries == [{"kind": "brace", "id": first}, {"id": second}, {"id": third}]


def test_removing_or_restoring_twice_is_once(store, intake_id, now):
    entry = store.add_entry(intake_id, "treatments", now())
    store.restore_entry(entry, now())
    store.remove_entry(entry, now())
    store.remove_entry(entry, now())
    assert [row["kind"] for row in store.journal(intake_id)] == ["entry added", "entry removed"]


def test_an_unknown_entry_is_told(store, now):
    with pytest.raises(StoreError, match="This entry is not in the records"):
        store.remove_entry("nothing", now())


def test_nothing_to_undo(store, intake_id, now):
    assert store.undo_last(intake_id, now()) is None


def test_undo_goes_further_back_each_time(store, intake_id, now):
    for value in ("no", "unsure", "yes"):
        store.save_answer(intake_id, "fever", value, now())
    undone = [store.undo_last(intake_id, now(), "Ann") for _ in range(4)]
    assert [each and each["value"] for each in undone] == ["unsure", "no", None, None]
    assert undone[0] == {"kind": "answered", "question": "fever", "entry_id": "", "value": "unsure"}
    assert undone[3] is None
    assert store.answers(intake_id) == {}
    assert [row["undoes"] for row in store.journal(intake_id)] == [None, None, None, 3, 2, 1]
    assert store.journal(intake_id)[-1]["author"] == "Ann"


def test_a_new_change_is_undone_before_the_older_ones(store, intake_id, now):
    store.save_answer(intake_id, "fever", "no", now())
    store.save_answer(intake_id, "fever", "yes", now())
    store.undo_last(intake_id, now())
    store.save_answer(intake_id, "night_pain", "yes", now())
    assert store.undo_last(intake_id, now())["question"] == "night_pain"
    assert store.undo_last(intake_id, now())["question"] == "fever"
    assert store.answers(intake_id) == {}


def test_undoing_an_entry_brings_back_the_none_it_replaced(store, intake_id, now):
    store.save_answer(intake_id, "treatments", "none", now())
    entry = store.add_entry(intake_id, "treatments", now())
    undone = store.undo_last(intake_id, now())
    assert undone == {"kind": "entry added", "question": "treatments", "entry_id": entry, "value": "none"}
    assert store.answers(intake_id) == {"treatments": "none"}


def test_undo_stays_inside_its_intake(store, intake_id, now):
    other = store.start_intake(store.intake(intake_id)["patient_id"], now())
    store.save_answer(intake_id, "fever", "yes", now())
    assert store.undo_last(other, now()) is None
    assert store.answers(intake_id) == {"fever": "yes"}


ANSWERS = st.sampled_from([None, "none", "yes", 1])
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("answer"), st.sampled_from(["fever", "treatments"]), ANSWERS),
        st.tuples(st.just("entry answer"), st.integers(0, 3), ANSWERS),
        st.tuples(st.just("add"), st.sampled_from(["treatments", "imaging"]), st.none()),
        st.tuples(st.just("remove"), st.integers(0, 3), st.none()),
        st.tuples(st.just("restore"), st.integers(0, 3), st.none()),
        st.tuples(st.just("undo"), st.none(), st.none()),
    ),
    max_size=12,
)


def act(store, intake_id, now, entries, step):
    """Do one step of a property; a step about an entry that is not there does nothing."""
    verb, what, value = step
    if verb == "answer":
        store.save_answer(intake_id, what, value, now())
    elif verb == "add":
        entries.append(store.add_entry(intake_id, what, now()))
    elif verb == "undo":
        store.undo_last(intake_id, now())
    elif what < len(entries) and verb == "entry answer":
        store.save_answer(intake_id, "kind", value, now(), entry_id=entries[what])
    elif what < len(entries):
        (store.remove_entry if verb == "remove" else store.restore_entry)(entries[what], now())


@given(steps=ACTS)
@EXAMPLES
def test_any_changes_undone_step_by_step_return_to_the_start(shared, start, now, steps):
    intake_id, entries, states = start(), [], [{}]
    for step in steps:
        written = len(shared.journal(intake_id))
        act(shared, intake_id, now, entries, step)
        if step[0] == "undo":
            states = states[:-1] or states
        elif len(shared.journal(intake_id)) > written:
            states.append(shared.answers(intake_id))
        assert shared.answers(intake_id) == states[-1]
    while len(states) > 1:
        assert shared.undo_last(intake_id, now()) is not None
        states.pop()
        assert shared.answers(intake_id) == states[-1]
    assert shared.undo_last(intake_id, now()) is None
    assert shared.answers(intake_id) == {}
