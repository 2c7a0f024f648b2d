"""The generated views: the answers as anyone with SQL would expect to find them."""

import pytest

SYMPTOMS = {"entries": False, "question": "", "columns": ["fever", "order", "sites"]}
TREATMENTS = {"entries": True, "question": "treatments", "columns": ["kind", "weeks"]}


def rows(store, sql):
    return list(store._db.query(sql))


def test_a_page_is_a_view_with_a_row_for_each_intake(store, intake_id, now):
    store.make_views({"symptoms": SYMPTOMS})
    store.save_answer(intake_id, "fever", "no", now())
    store.save_answer(intake_id, "order", 5.5, now())
    store.save_answer(intake_id, "sites", ["back", "leg"], now())
    patient_id = store.intake(intake_id)["patient_id"]
    blank = store.start_intake(patient_id, now())
    store.discard_intake(store.start_intake(patient_id, now()), now())
    assert sorted(rows(store, "select * from symptoms"), key=str) == sorted(
        [
            {"intake_id": intake_id, "patient_id": patient_id, "fever": "no", "order": 5.5, "sites": '["back","leg"]'},
            {"intake_id": blank, "patient_id": patient_id, "fever": None, "order": None, "sites": None},
        ],
        key=str,
    )


def test_a_list_is_a_view_with_a_row_for_each_entry(store, intake_id, now):
    store.make_views({"treatments": TREATMENTS})
    first, second = (store.add_entry(intake_id, "treatments", now()) for _ in range(2))
    store.add_entry(intake_id, "imaging", now())
    store.save_answer(intake_id, "kind", "pills", now(), entry_id=second)
    store.save_answer(intake_id, "weeks", 6, now(), entry_id=second)
    store.save_answer(intake_id, "weeks", 1, now())
    store.remove_entry(first, now())
    patient_id = store.intake(intake_id)["patient_id"]
    expected = {"entry_id": second, "intake_id": intake_id, "patient_id": patient_id, "position": 1}
    assert rows(store, "select * from treatments") == [expected | {"kind": "pills", "weeks": 6}]


def test_views_are_made_again_only_when_the_shape_changed(store, read):
    store.make_views({"symptoms": SYMPTOMS, "treatments": TREATMENTS})
    writes = store._db.conn.total_changes
    store.make_views({"symptoms": SYMPTOMS, "treatments": dict(TREATMENTS)})
    assert store._db.conn.total_changes == writes
    store.make_views({"symptoms": SYMPTOMS | {"columns": ["night_pain"]}})
    assert read(store, "select name from sqlite_master where type = 'view'") == [("symptoms",)]
    assert [column.name for column in store._db["symptoms"].columns] == ["intake_id", "patient_id", "night_pain"]


@pytest.mark.parametrize(
    "shape",
    [
        {'symptoms"; drop table answers; --': SYMPTOMS},
        {"Symptoms": SYMPTOMS},
        {"": SYMPTOMS},
        {"symptoms\n": SYMPTOMS},
        {"symptoms": SYMPTOMS | {"columns": ["fever'"]}},
        {"symptoms": SYMPTOMS | {"columns": ["1st"]}},
        {"treatments": TREATMENTS | {"question": "a' or '1"}},
        {"symptoms": SYMPTOMS | {"columns": ["fever", "fever"]}},
        {"symptoms": SYMPTOMS | {"columns": ["intake_id"]}},
        {"answers": SYMPTOMS},
    ],
    ids=range(10),
)
def test_a_name_that_could_do_harm_is_refused(store, read, shape):
    store.make_views({"treatments": TREATMENTS})
    before = read(store, "select name, sql from sqlite_master order by name")
    with pytest.raises(ValueError, match="name"):
        store.make_views(shape)
    assert read(store, "select name, sql from sqlite_master order by name") == before
