"""The page that issues letters in one go: the ready ones, why not the others, stopped, failing, and saved as files."""

import hashlib

import pikepdf
import pytest
from batch import READY_ONES, batch_of, count_letters, fill, open_batch, run
from desk import shown
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics

from db import open_store
from intake_app.ui import safety_age, theme
from intake_app.ui.batch_page import READY, name_files
from intake_app.ui.draft import Draft
from intake_app.ui.letter_batch import Issued
from intake_app.ui.letter_issue import NO_HANDOFF, NO_RECIPIENT
from intake_app.ui.letter_request import LetterRequest, save_request


@pytest.fixture
def desk(start, questionnaire, now):
    """Return a function that starts the window with invented patients in its list; it returns their intakes, too."""

    def open_desk(names=None):
        window = start()
        intakes = fill(window.store, questionnaire, now, names)
        window.worklist.refresh()
        return window, intakes

    return open_desk


def test_the_ready_are_issued_and_the_others_say_why_not(desk, qtbot, questionnaire, now):
    window, intakes = desk()
    ids = [intakes[name] for name in ("chronic_back_pain", "myelopathy_questions", "stenosis", "herniated_disc")]
    save_request(window.store, intakes["stenosis"], LetterRequest())
    page = open_batch(window, ids, qtbot)
    assert [page.table.words(each) == READY for each in ids] == [True, False, False, True]
    assert safety_age.BEFORE_LETTER in page.table.words(ids[1])
    assert safety_age.confirm_unchanged(Draft(window.store, questionnaire, ids[1], now))
    page.look()
    qtbot.waitUntil(page.issue_button.isVisible, timeout=20_000)
    run(page, qtbot)
    assert page.table.words(ids[1]) == NO_HANDOFF
    assert page.table.words(ids[2]) == NO_RECIPIENT
    assert [page.table.words(each) for each in (ids[0], ids[3])] == ["Version 1 is issued and kept."] * 2
    assert count_letters(window.store, ids) == [1, 0, 0, 1]
    assert page.table.verticalHeader().visualIndex(page.intake_ids.index(ids[0])) > 1, (
        "what needs something stands first"
    )


def test_a_reason_of_any_length_is_shown_whole(desk, qtbot, qapp):
    before = qapp.font(), qapp.palette()
    theme.apply_theme(qapp, "light")
    window, intakes = desk(("just_begun",))
    table = open_batch(window, intakes.values(), qtbot).table
    for count in range(1, 200):
        reason = "as " * count
        table.tell(intakes["just_begun"], reason, needs=True)
        room = QRect(0, 0, table.columnWidth(2) - 24, 2000)  # the style's padding and the edge beside the words
        words = QFontMetrics(table.font()).boundingRect(room, Qt.TextFlag.TextWordWrap, reason)
        assert table.rowHeight(0) >= words.height()
    qapp.setStyleSheet("")
    qapp.setFont(before[0])
    qapp.setPalette(before[1])


def test_cancelled_in_the_middle_what_is_issued_stays_and_no_more_comes(desk, qtbot, path):
    window, intakes = desk(READY_ONES)
    page = open_batch(window, intakes.values(), qtbot)
    page.issuing.told.connect(lambda *_: page.cancel_button.click())
    run(page, qtbot)
    assert len(page.issued) == 1
    assert "1 letter issued. Stopped: 2 not begun, nothing of them is changed." in page.summary.text()
    assert sorted(count_letters(window.store, intakes.values())) == [0, 0, 1]
    assert page.issue_button.text() == "&Issue 2 letters"
    window.close()
    with open_store(path) as store:  # which checks every page of it
        store.audit_verify()
        assert sorted(count_letters(store, intakes.values())) == [0, 0, 1]


def test_escape_stops_first_and_leaves_then(desk, qtbot):
    window, intakes = desk(READY_ONES)
    page = open_batch(window, intakes.values(), qtbot)
    page.issue_button.click()
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert shown(window) is page
    qtbot.waitUntil(lambda: not page.is_running, timeout=20_000)
    assert sum(count_letters(window.store, intakes.values())) == len(page.issued) < 3
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert shown(window) is window.worklist
    assert batch_of(window) is None


def test_one_that_cannot_be_printed_says_which_field_and_the_others_go_on(desk, qtbot, now):
    window, intakes = desk(READY_ONES)
    window.store.save_answer(intakes["stenosis"], "limits", "Lifting \U0001f9ff", now())
    page = open_batch(window, intakes.values(), qtbot)
    run(page, qtbot)
    assert "Limits in daily life" in page.table.words(intakes["stenosis"])
    assert count_letters(window.store, (intakes[name] for name in READY_ONES)) == [1, 0, 1]


def test_a_disk_that_fails_in_the_middle_loses_nothing_and_says_so(desk, qtbot, monkeypatch):
    window, intakes = desk(READY_ONES)
    page = open_batch(window, intakes.values(), qtbot)
    whole = window.store.open_twin

    def open_full(key=None):
        twin = whole(key)
        [(pages,)] = twin._db.execute("pragma page_count").fetchall()
        twin._db.execute(f"pragma max_page_count = {pages + 1}")  # as if the disk were full
        return twin

    fill_up = page.issuing.told.connect(lambda *_: monkeypatch.setattr(window.store, "open_twin", open_full))
    run(page, qtbot)
    page.issuing.told.disconnect(fill_up)
    assert sorted(count_letters(window.store, intakes.values())) == [0, 0, 1]
    refused = [page.table.words(each) for each in intakes.values() if each not in page.issued]
    assert all("The disk is full" in words for words in refused)
    window.store.audit_verify()
    monkeypatch.undo()
    page.look()
    qtbot.waitUntil(page.issue_button.isVisible, timeout=20_000)
    run(page, qtbot)
    assert count_letters(window.store, intakes.values()) == [1, 1, 1]


def test_the_letters_are_saved_under_names_that_say_nothing(desk, qtbot, tmp_path):
    window, intakes = desk(READY_ONES)
    page = open_batch(window, intakes.values(), qtbot)
    page._choose_folder = lambda _: tmp_path / "out"
    (tmp_path / "out").mkdir()
    run(page, qtbot)
    page.save_button.click()
    qtbot.waitUntil(lambda: not page.is_running, timeout=20_000)
    assert page.summary.text() == "3 letters saved."
    files = sorted((tmp_path / "out").iterdir())
    assert {file.name for file in files} == {f"letter-20261122-{each[:6]}-v1.pdf" for each in intakes.values()}
    sums = {hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    assert sums == {window.store.letters(each)[0]["sha256"] for each in intakes.values()}
    for file in files:
        with pikepdf.open(file) as pdf:
            assert len(pdf.pages) > 0
    noted = {row["record"] for row in window.store.audit() if row["action"] == "exported"}
    assert noted == {f"letter/{issued.letter_id}" for issued in page.issued.values()}


def test_a_folder_that_cannot_be_written_is_said_and_choosing_none_does_nothing(desk, qtbot, tmp_path):
    window, intakes = desk(("chronic_back_pain",))
    page = open_batch(window, intakes.values(), qtbot)
    run(page, qtbot)
    page._choose_folder = lambda _: None
    page.save_button.click()
    assert not page.is_running
    page._choose_folder = lambda _: tmp_path / "not there"
    page.save_button.click()
    qtbot.waitUntil(lambda: not page.is_running, timeout=20_000)
    assert "could not be saved there" in page.table.words(intakes["chronic_back_pain"])
    assert page.summary.text() == "0 letters saved."


def test_two_letters_never_get_the_same_name(now):
    alike = [Issued(f"{number}", f"abcdef{number:026}", 1, now()) for number in range(2)]
    assert len(set(name_files(alike).values())) == 2
