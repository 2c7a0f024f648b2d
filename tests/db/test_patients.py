"""The clinic, its patients and the people it writes to; finding them again."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db import StoreError, open_store
from db.search import MOST_WORDS

ANN = {
    "family_name": "O'Brien-Łukasz",
    "given_names": "Zoë Ann",
    "birth_date": "1956-05-03",
    "record_number": "A-004711",
}
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@pytest.fixture
def add(store, now):
    return lambda **fields: store.add_patient(fields, now())


def found(store, text):
    return {row["id"] for row in store.find_patients(text)}


def test_there_is_no_clinic_until_it_was_entered(store, now):
    assert store.clinic() is None
    first = now()
    store.save_clinic({"name": "Spine Clinic", "phone": "1"}, first)
    store.save_clinic({"phone": "2"}, now())
    clinic = store.clinic()
    assert (clinic["name"], clinic["phone"], clinic["fax"]) == ("Spine Clinic", "2", "")
    assert clinic["created_at"] == first.isoformat(timespec="microseconds")


def test_the_clinic_keeps_its_id(path, now):
    with open_store(path) as store:
        store.save_clinic({"name": "Before"}, now())
        before = store.clinic()["id"]
    with open_store(path) as store:
        store.save_clinic({"name": "After"}, now())
        assert store.clinic()["id"] == before


def test_a_setting_is_any_json_value(store):
    assert store.setting("size") is None
    assert store.setting("size", 11) == 11
    store.save_setting("size", {"text": [1, None]})
    store.save_setting("dark", value=False)
    assert store.setting("size", 11) == {"text": [1, None]}
    assert store.setting("dark", default=True) is False


def test_a_patient_comes_back(store, now):
    moment = now()
    patient_id = store.add_patient(ANN, moment, is_demo=True)
    patient = store.patient(patient_id)
    assert {name: patient[name] for name in ANN} == ANN
    assert patient["phone"] == ""
    assert patient["is_demo"] is True
    assert patient["created_at"] == patient["changed_at"] == moment.isoformat(timespec="microseconds")
    assert "search_key" not in patient


def test_a_changed_patient_is_found_by_the_new_name_only(store, add, now):
    patient_id = add(family_name="Before", phone="1")
    store.change_patient(patient_id, {"family_name": "After"}, now())
    assert store.patient(patient_id)["phone"] == "1"
    assert found(store, "after") == {patient_id}
    assert found(store, "before") == set()


def test_unknown_fields_are_a_bug_and_never_reach_the_database(store, now):
    with pytest.raises(ValueError, match="no such field: id"):
        store.add_patient({"id": "x"}, now())
    with pytest.raises(ValueError, match='no such field: name" text'):
        store.save_clinic({'name" text': "x"}, now())
    with pytest.raises(TypeError, match="these fields are texts: phone"):
        store.add_patient({"phone": 5}, now())


def test_half_a_character_in_a_name_is_told(store, now):
    with pytest.raises(StoreError, match="half of a character"):
        store.add_patient({"family_name": "\ud800"}, now())
    assert store.find_patients("") == []


def test_an_unknown_patient_is_told(store, now):
    for reach in (store.patient, lambda patient_id: store.change_patient(patient_id, {}, now())):
        with pytest.raises(StoreError, match="This patient is not in the records"):
            reach("nobody")


@pytest.mark.parametrize(
    "text",
    ["o'brien", "OBRIEN", "O\u2019Brien", "brien", "lukasz", "ŁUKASZ", "obrien-luk", "zoe", "ann obr", "Zoë, Luk", "zoe\tann",
     "A-004711", "004711", "4711", "a-00", "1956-05-03", "1956", "obrienl", "luk 1956-05", "  zoe  ", '"zoe"', "zoe*"],
)  # fmt: skip
def test_a_patient_is_found(store, add, text):
    add(family_name="Somebody", given_names="Else", birth_date="1956-03-05", record_number="")
    wanted = add(**ANN)
    assert wanted in found(store, text)


@pytest.mark.parametrize("text", ["nn", "rien", "711", "05-03", "zoe else", "_oe", "zoe or 1=1", "1956-03"])
def test_a_patient_is_not_found(store, add, text):
    add(family_name="Else", given_names="Somebody")
    add(**ANN)
    assert found(store, text) == set()


@pytest.mark.parametrize("text", ["%", ",", '"', "zoe %"])
def test_signs_alone_look_for_nothing(store, add, text):
    assert {add(**ANN)} == found(store, text)


@pytest.mark.parametrize("text", ["王小明", "王", "小明", "小明 王", "小明王"])
def test_names_written_without_spaces_are_found_however_typed(store, add, text):
    assert {add(family_name="王", given_names="小明")} == found(store, text)


def test_no_text_finds_those_changed_last(store, add, now):
    first, second, third = (add(family_name=name) for name in "ABC")
    store.change_patient(first, {"phone": "1"}, now())
    assert [row["id"] for row in store.find_patients("", limit=2)] == [first, third]
    assert second in found(store, "  ")


def test_those_found_are_in_the_order_of_their_names(store, add):
    for name in ("Özil", "Olsen", "Ober"):
        add(family_name=name)
    assert [row["family_name"] for row in store.find_patients("o")] == ["Ober", "Olsen", "Özil"]


@given(text=st.text(max_size=60), name=TEXTS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_can_break_the_search_or_the_tables(shared, now, read, text, name):
    tables = read(shared, "select name, sql from sqlite_master order by name")
    patient_id = shared.add_patient({"family_name": name, "record_number": name}, now())
    for rows in (shared.find_patients(text), shared.worklist(text), shared.recipients(text)):
        assert isinstance(rows, list)
    assert shared.patient(patient_id)["family_name"] == name
    if any(character.isalnum() for character in name):
        assert any(row["id"] == patient_id for row in shared.find_patients(name, limit=10_000))
    assert read(shared, "select name, sql from sqlite_master order by name") == tables


@pytest.mark.parametrize(
    "text", ['"unbalanced', "NEAR(", "a* OR b:", "'; drop table patients; --", "\0", "\ud800", "(" * 99]
)
def test_search_syntax_is_only_text(store, add, text):
    add(**ANN)
    assert isinstance(store.find_patients(text), list)


def test_a_page_of_words_in_the_search_box_is_no_error(store, add):
    wanted = add(**ANN)
    assert found(store, "zoe " * 5000) == {wanted}
    assert found(store, "zoe " * MOST_WORDS + "nobody") == {wanted}
    assert found(store, "zoe " * (MOST_WORDS - 1) + "nobody") == set()


@pytest.mark.parametrize(
    ("family", "given", "birth_date", "number"),
    [
        ("O'Brien-Łukasz", "Zoë Ann", "1956-05-03", ""),
        ("OBrien Lukasz", "Zoe", "1956-05-03", ""),
        ("Obrein Lukasz", "Zoe Ann", "1956-05-03", ""),
        ("Zoe Ann", "O'Brien-Lukasz", "1956-05-03", ""),
        ("Lukasz", "Zoë Ann", "1956-05-03", ""),
        ("New-Married", "Zoë Ann", "1956-05-03", ""),
        ("Lukasz", "", "1956-05-03", ""),
        ("Quite", "Different", "1999-01-01", "A-004711"),
    ],
)
def test_who_may_be_the_same_person_is_told(store, add, family, given, birth_date, number):
    wanted = add(**ANN)
    assert [row["id"] for row in store.similar_patients(family, given, birth_date, number)] == [wanted]


@pytest.mark.parametrize(
    ("family", "given", "birth_date", "number"),
    [
        ("O'Brien-Łukasz", "Zoë Ann", "1956-05-04", ""),
        ("O'Brien-Łukasz", "Zoë Ann", "", ""),
        ("Gruber", "Martha", "1956-05-03", ""),
        ("O'Brien-Łukasz", "Tom", "1956-05-03", ""),
        ("Gruber", "", "1956-05-03", ""),
        ("", "", "", ""),
        ("Gruber", "Martha", "1999-01-01", "4711"),
    ],
)
def test_who_is_somebody_else_is_not_told(store, add, family, given, birth_date, number):
    add(**ANN)
    add(family_name="Blank")
    assert store.similar_patients(family, given, birth_date, number) == []


def test_recipients_are_kept_changed_and_taken_off_the_list(store, now):
    first = store.save_recipient({"name": "Dr Zöe Surgeon", "clinic": "Spine Centre"}, now())
    second = store.save_recipient({"name": "Dr A. Other", "role": "Neurologist"}, now())
    assert store.save_recipient({"id": first, "fax": "99"}, now()) == first
    assert [row["name"] for row in store.recipients()] == ["Dr A. Other", "Dr Zöe Surgeon"]
    [row] = store.recipients("surg zoe")
    assert (row["id"], row["fax"], row["clinic"]) == (first, "99", "Spine Centre")
    assert [row["id"] for row in store.recipients("neuro")] == [second]
    store.remove_recipient(first, now())
    assert [row["id"] for row in store.recipients()] == [second]


def test_a_corrected_patient_has_a_letter_to_come(store, add, now):
    patient, other = add(family_name="Example"), add(family_name="Sample")
    issued, others = (store.start_intake(one, now()) for one in (patient, other))
    for intake in (issued, others):
        store.issue_letter(intake, b"pdf", "{}", "1", {}, "desk", now())
    store.change_patient(patient, {"family_name": "Example"}, now())
    assert store.intake(issued)["closed_at"]
    store.change_patient(patient, {"phone": "555", "address": "Quay 1", "language": "de"}, now())
    assert store.intake(issued)["closed_at"], "none of this is who the patient is"
    store.change_patient(patient, {"family_name": "Corrected"}, now())
    assert store.intake(issued)["closed_at"] is None
    assert store.intake(others)["closed_at"]
    assert [row["intake_id"] for row in store.worklist()] == [issued, others]
