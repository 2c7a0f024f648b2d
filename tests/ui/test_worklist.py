from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from intake_app.ui.worklist import LIMIT, Worklist, guess_patient
from intake_app.ui.worklist_model import say_ago, say_birth, say_name, say_standing, say_who

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


def add(store, family, given="", born="", record="", *, at=NOW):
    fields = {"family_name": family, "given_names": given, "birth_date": born, "record_number": record}
    return store.add_patient(fields, at)


def begin(store, patient_id, *, answers=0, page="", at=NOW):
    intake_id = store.start_intake(patient_id, at)
    for number in range(answers):
        store.save_answer(intake_id, f"q{number}", "yes", at)
    if page:
        store.save_page(intake_id, page)
    return intake_id


def issue(store, intake_id, at=NOW, reason=""):
    store.issue_letter(intake_id, b"%PDF", "{}", "1", {}, "front desk", at, reason)


@pytest.fixture
def worklist(qtbot, store, now):
    worklist = Worklist(store, now)
    qtbot.addWidget(worklist)
    worklist.resize(1024, 700)
    worklist.refresh()
    worklist.show()
    qtbot.waitExposed(worklist)
    worklist.activateWindow()
    worklist.focus_search()
    return worklist


@pytest.fixture
def filled(worklist, store):
    begin(store, add(store, "Lopez", "Maria", "1956-05-03", "004711"), answers=2, page="symptoms")
    begin(store, add(store, "Wolfeschlegelsteinhausenbergerdorff Sr.", "Hubert Blaine", "1914"))
    issue(store, begin(store, add(store, "Nguyễn", "Thị Minh Khai", "1966-02-14", "12"), answers=1))
    worklist.refresh()
    return worklist


def names(worklist):
    return [row["family_name"].split(" ")[0] for row in worklist.model.rows]


def cell(worklist, row, column):
    return worklist.model.index(row, column).data()


def test_the_first_day_says_what_to_do(worklist):
    assert worklist.empty.title.text() == "No patients yet"
    assert worklist.empty.create_button.isVisible()


def test_drafts_come_first(filled):
    assert names(filled)[-1] == "Nguyễn"
    assert set(names(filled)) == {"Lopez", "Wolfeschlegelsteinhausenbergerdorff", "Nguyễn"}


def test_a_row_says_who_and_where_it_stands(filled):
    filled.name_pages({"symptoms": "Symptoms"})
    row = names(filled).index("Lopez")
    assert [cell(filled, row, column) for column in range(4)] == [
        "Lopez, Maria", "3 May 1956 (70)", "004711", "Draft, page Symptoms, 2 answers, just now",
    ]  # fmt: skip
    said = filled.model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith("Lopez, Maria · born 3 May 1956 (70) · record 004711 · Draft")


@pytest.mark.parametrize(
    "typed", ["lopez", "maria lop", "LOPEZ, Maria", "4711", "1956-05-03", "3 May 1956", "lopez 3 May 1956"]
)
def test_a_patient_is_found_by_what_is_heard_at_the_desk(filled, typed):
    filled.search.setText(typed)
    assert names(filled) == ["Lopez"]


def test_accents_need_not_be_typed(filled):
    filled.search.setText("nguyen")
    assert names(filled) == ["Nguyễn"]


def test_a_patient_without_an_intake_is_found(worklist, store):
    patient_id = add(store, "Quiet")
    worklist.search.setText("quiet")
    assert cell(worklist, 0, 3) == "No intake yet"
    with_signal = []
    worklist.intake_asked.connect(with_signal.append)
    worklist.search.returnPressed.emit()
    assert with_signal == [patient_id]


def test_enter_opens_the_only_one_found(filled, qtbot):
    filled.search.setText("lopez")
    with qtbot.waitSignal(filled.intake_opened) as opened:
        qtbot.keyClick(filled.search, Qt.Key.Key_Return)
    assert opened.args == [filled.model.rows[0]["intake_id"]]


def test_down_leads_into_the_list_and_up_back_out(filled, qtbot):
    qtbot.keyClick(filled.search, Qt.Key.Key_Down)
    assert QApplication.focusWidget() is filled.table
    assert filled.table.currentIndex().row() == 0
    qtbot.keyClick(filled.table, Qt.Key.Key_Down)
    assert filled.table.currentIndex().row() == 1
    qtbot.keyClick(filled.table, Qt.Key.Key_Up)
    qtbot.keyClick(filled.table, Qt.Key.Key_Up)
    assert QApplication.focusWidget() is filled.search


def test_enter_in_the_list_opens(filled, qtbot):
    qtbot.keyClick(filled.search, Qt.Key.Key_Down)
    with qtbot.waitSignal(filled.intake_opened) as opened:
        qtbot.keyClick(filled.table, Qt.Key.Key_Return)
    assert opened.args == [filled.model.rows[0]["intake_id"]]


def test_nobody_found_offers_a_new_patient_with_what_was_typed(filled, qtbot):
    filled.search.setText("Ada Lovelace 10 December 1985")
    assert filled.empty.create_button.text() == "New patient “Ada Lovelace 10 December 1985”"
    with qtbot.waitSignal(filled.patient_asked) as asked:
        qtbot.keyClick(filled.search, Qt.Key.Key_Return)
    assert asked.args == [{"family_name": "Lovelace", "given_names": "Ada", "birth_date": "1985-12-10"}]


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ("", {}),
        ("Lopez", {"family_name": "Lopez"}),
        ("Garcia Lopez, Maria José", {"family_name": "Garcia Lopez", "given_names": "Maria José"}),
        ("Maria José Lopez", {"family_name": "Lopez", "given_names": "Maria José"}),
        ("1956-05-03", {"birth_date": "1956-05-03"}),
        ("A-4711", {"record_number": "A-4711"}),
        ("王小明", {"family_name": "王小明"}),
    ],
)
def test_what_was_typed_begins_a_new_patient(typed, fields):
    assert guess_patient(typed) == fields


def test_typing_that_looks_like_a_button_key_stays_what_it_is(filled):
    filled.search.setText("Smith & Sons")
    assert filled.empty.create_button.text() == "New patient “Smith && Sons”"
    filled.search.setText("x" * 150)
    assert len(filled.empty.create_button.text()) < 60


def test_another_intake_can_begin_for_somebody_known(filled, qtbot):
    filled.search.setText("lopez")
    qtbot.keyClick(filled.search, Qt.Key.Key_Down)
    with qtbot.waitSignal(filled.intake_asked) as asked:
        filled.intake_button.click()
    assert asked.args == [filled.model.rows[0]["patient_id"]]


def test_a_draft_is_taken_off_and_put_back(filled, qtbot, store):
    filled.search.setText("lopez")
    qtbot.keyClick(filled.search, Qt.Key.Key_Down)
    qtbot.keyClick(filled.table, Qt.Key.Key_Delete)
    assert cell(filled, 0, 3) == "No intake yet"
    assert filled.message.text == "The draft of Lopez, Maria was taken off the list."
    filled.message.button.click()
    assert cell(filled, 0, 3).startswith("Draft")
    assert [row["family_name"] for row in store.worklist("lopez")] == ["Lopez"]


def test_an_issued_letter_cannot_be_discarded(filled, qtbot, store):
    filled.search.setText("nguyen")
    qtbot.keyClick(filled.search, Qt.Key.Key_Down)
    assert not filled.discard_button.isEnabled()
    qtbot.keyClick(filled.table, Qt.Key.Key_Delete)
    assert len(store.worklist("nguyen")) == 1


def test_what_the_records_refuse_is_said_and_nothing_changes(filled, qtbot, broken_store):
    filled.search.setText("lopez")
    qtbot.keyClick(filled.search, Qt.Key.Key_Down)
    broken_store(broken=True)
    qtbot.keyClick(filled.table, Qt.Key.Key_Delete)
    assert "cannot be changed" in filled.message.text
    assert names(filled) == ["Lopez"]


def test_the_selection_stays_when_the_list_is_read_again(filled, qtbot):
    qtbot.keyClick(filled.search, Qt.Key.Key_Down)
    qtbot.keyClick(filled.table, Qt.Key.Key_Down)
    before = filled.selected()["intake_id"]
    filled.refresh()
    assert filled.selected()["intake_id"] == before


def test_a_long_list_is_cut_and_says_so(worklist, store):
    patient_id = add(store, "Many")
    with store._saving():
        for number in range(LIMIT + 5):
            row = {
                "id": f"{number:032}",
                "patient_id": patient_id,
                "started_at": "2026",
                "changed_at": "2026-11-22T10:00:00+00:00",
            }
            store._db.table("intakes").insert(row)
    worklist.refresh()
    assert worklist.model.rowCount() == LIMIT
    assert worklist.more.text() == f"The first {LIMIT}. Type more to find others."


def test_a_huge_paste_neither_freezes_nor_is_taken(worklist):
    worklist.search.setText("x" * 1_000_000)
    assert len(worklist.search.text()) == worklist.search.maxLength()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "just now"), (59, "just now"), (60, "1 minute ago"), (12 * 60, "12 minutes ago"), (3600, "1 hour ago"),
        (9 * 3600, "9 hours ago"), (26 * 3600, "yesterday"), (9 * 86400, "on 13 November 2026"),
    ],
)  # fmt: skip
def test_times_are_told_in_words(seconds, words):
    assert say_ago(NOW - timedelta(seconds=seconds), NOW) == words


def test_where_it_stands_after_a_letter(store):
    intake_id = begin(store, add(store, "Lopez"), answers=1)
    issue(store, intake_id)
    [row] = store.worklist()
    assert say_standing(row, {}, NOW) == "Letter version 1 issued 22 November 2026"
    store.save_answer(intake_id, "q0", "no", NOW)
    [row] = store.worklist()
    assert say_standing(row, {}, NOW) == "Changed since letter version 1, 1 answer, just now"


def test_what_is_not_known_is_not_invented():
    blank = {"family_name": "", "given_names": "", "birth_date": "", "record_number": ""}
    assert say_name(blank) == "No name yet"
    assert say_who(blank, NOW.date()) == "No name yet"
    assert say_birth("1956", NOW.date()) == "1956"


def test_a_discarded_draft_is_found_and_brought_back(worklist, store, now):
    intake_id = begin(store, add(store, "Gone"))
    begin(store, add(store, "Here"))
    store.discard_intake(intake_id, now())
    worklist.discarded_button.click()
    assert [row["intake_id"] for row in worklist.model.rows] == [intake_id]
    worklist.table.selectRow(0)
    worklist.bring_back_button.click()
    assert not worklist.discarded_button.isChecked()
    assert {row["family_name"] for row in worklist.model.rows} == {"Gone", "Here"}
    assert "on the list again" in worklist.message.text
