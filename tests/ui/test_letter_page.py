import hashlib
import json
import re
import stat
from datetime import timedelta

import pytest

from intake_app.ui.letter_page import LetterPage
from intake_app.ui.letter_request import LetterRequest, save_request

SURGEON = {"name": "Dr Lindgren", "clinic": "Northgate"}


@pytest.fixture
def open_page(qtbot, demo_draft, background):
    def show(name="chronic_back_pain", path=None, draft=None):
        draft = draft or demo_draft(name)
        save_request(draft.store, draft.intake_id, LetterRequest(SURGEON))
        page = LetterPage(draft, background, lambda _parent, suggested: path and path / suggested)
        qtbot.addWidget(page)
        page.resize(1100, 800)
        page.show()
        page.refresh()
        return page

    return show


@pytest.fixture
def preview(open_page, qtbot):
    def show(*args, **kwargs):
        page = open_page(*args, **kwargs)
        qtbot.waitUntil(lambda: page.shown is not None, timeout=20_000)
        qtbot.waitUntil(lambda: any(page.view.pages.texts), timeout=20_000)
        return page

    return show


def letters(page):
    return page._store.letters(page._draft.intake_id)


def wait_drawn(page, qtbot):
    qtbot.waitUntil(lambda: page.view.pages.texts and all(page.view.pages.texts), timeout=20_000)


def test_a_preview_is_no_letter(preview):
    page = preview()
    assert "Not issued yet" in page.side.text
    assert letters(page) == []
    assert page.side.issue_button.isEnabled()
    assert not page.side.save_button.isVisible()


def test_the_pages_say_what_the_letter_says(preview, qtbot):
    page = preview()
    wait_drawn(page, qtbot)
    text = " ".join(" ".join(page.view.pages.texts).split())
    for words in ("Wieczorek", "Dr Lindgren", "NOT REAL", "Four years of low back pain"):
        assert words in text


def test_what_was_on_the_screen_is_what_is_kept_to_the_byte(preview, qtbot):
    page = preview()
    seen = page.shown.pdf
    with qtbot.waitSignal(page.issued):
        page.side.issue_button.click()
    [row] = letters(page)
    assert page._store.letter_pdf(row["id"]) == seen
    assert row["sha256"] == hashlib.sha256(seen).hexdigest()
    assert (row["version"], row["recipient"], row["issued_by"]) == (1, SURGEON, "D. Morrow")
    kept = json.loads(page._store.letter_case(row["id"]))
    assert kept["answers"]["occupation"] == "Warehouse worker"
    assert page._store.intake(page._draft.intake_id)["closed_at"]
    assert "issued and kept" in page.side.message.text


def test_a_preview_of_what_is_no_longer_so_is_not_issued(preview, qtbot):
    page = preview()
    before = page.shown.pdf
    page._draft.patient = page._draft.patient | {"family_name": "Corrected"}
    page.issue()
    assert letters(page) == []
    qtbot.waitUntil(lambda: page.shown is not None, timeout=20_000)
    assert page.shown.pdf != before
    page.issue()
    [row] = letters(page)
    assert json.loads(page._store.letter_case(row["id"]))["patient"]["family_name"] == "Corrected"


def test_issuing_twice_makes_one_letter(preview):
    page = preview()
    page.issue()
    page.issue()
    assert len(letters(page)) == 1


def test_an_issued_letter_is_saved_where_the_person_says(preview, tmp_path):
    page = preview(path=tmp_path)
    page.issue()
    page.side.save_button.click()
    [file] = [path for path in tmp_path.iterdir() if path.suffix == ".pdf"]
    assert file.read_bytes() == page.shown.pdf
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "Wieczorek" not in file.name
    assert "DEMO-105" not in file.name
    assert file.name in page.side.message.text


def test_not_choosing_a_place_writes_nothing(preview, tmp_path):
    page = preview(path=None)
    page.issue()
    before = sorted(tmp_path.rglob("*"))
    page.save()
    assert sorted(tmp_path.rglob("*")) == before


def test_a_folder_that_cannot_be_written_keeps_the_letter(preview, tmp_path):
    page = preview(path=tmp_path / "missing")
    page.issue()
    page.save()
    assert "could not be saved there" in page.side.message.text
    assert len(letters(page)) == 1


def test_a_preview_cannot_be_saved(preview, tmp_path):
    page = preview(path=tmp_path)
    page.save()
    assert not list(tmp_path.glob("*.pdf"))


def test_an_emergency_is_not_issued_before_a_clinician_was_told(preview, qtbot):
    page = preview("myelopathy_questions")
    assert page.side.block.isVisible()
    page.issue()
    assert letters(page) == []
    for name in ("handoff_to", "handoff_at", "handoff_by"):
        page._draft.save(name, "Dr Vale")
    page.refresh()
    qtbot.waitUntil(lambda: page.shown is not None, timeout=20_000)
    assert not page.side.block.isVisible()
    page.issue()
    assert len(letters(page)) == 1


def test_a_clinicians_name_and_reason_let_it_go_and_are_printed(preview, qtbot):
    page = preview("myelopathy_questions")
    page._draft.save("handoff_waived_by", "Dr Vale")
    page._draft.save("handoff_waived_role", "physician")
    page._draft.save("handoff_waived_reason", "Seen by me this morning")
    page.refresh()
    words = "waived by Dr Vale.*Seen by me this morning"
    qtbot.waitUntil(
        lambda: bool(re.search(words, " ".join(" ".join(page.view.pages.texts[:1]).split()))), timeout=20_000
    )
    page.issue()
    assert len(letters(page)) == 1


def test_the_next_version_asks_why_and_lists_what_changed(preview, qtbot):
    page = preview()
    page.issue()
    first = page.shown.pdf
    page._draft.save("occupation", "Foreman")
    page.refresh()
    qtbot.waitUntil(lambda: page.shown is not None, timeout=20_000)
    page.issue()
    assert len(letters(page)) == 1
    assert "why there is another" in page.side.reason.fields["reason"]._problem.text()
    line = page.side.reason.fields["reason"].widget.line
    line.setText("New work")
    line.textEdited.emit("New work")
    page.side.reason.fields["reason"].widget.flush()
    qtbot.waitUntil(lambda: page.shown is not None, timeout=20_000)
    qtbot.waitUntil(lambda: "New work" in " ".join(page.view.pages.texts), timeout=20_000)  # not the one before
    wait_drawn(page, qtbot)
    text = " ".join(" ".join(page.view.pages.texts).split())
    assert "Occupation: was “Warehouse worker”, now “Foreman”." in text
    page.issue()
    one, two = letters(page)
    assert (one["version"], two["version"], two["reason"]) == (1, 2, "New work")
    assert page._store.letter_pdf(one["id"]) == first


def test_an_older_version_can_be_looked_at(preview):
    page = preview()
    page.issue()
    [row] = letters(page)
    page.side.version_asked.emit(row["id"])
    assert page.shown.letter_id == row["id"]
    assert page.side.text.startswith("Letter version 1")


def test_a_character_no_font_has_is_told_with_a_way_to_its_field(open_page, demo_draft, qtbot):
    draft = demo_draft("chronic_back_pain")
    draft.save("limits", "Lifting \U0001f9ff")
    page = open_page(draft=draft)
    with qtbot.waitSignal(page.previewed, timeout=20_000):
        pass
    assert "Limits in daily life" in page.side.message.text
    assert page.shown is None
    assert not page.side.issue_button.isEnabled()
    with qtbot.waitSignal(page.question_asked) as asked:
        page.side.message.button.click()
    assert asked.args == ["limits"]


def test_making_a_letter_can_be_given_up(open_page):
    page = open_page()
    page.cancel()
    assert page.shown is None
    assert page.side.message.text.endswith("No preview was made.")


def test_a_preview_of_yesterday_is_made_anew_before_it_is_issued(preview, qtbot, now):
    page = preview()
    page._draft.now = lambda: now() + timedelta(days=1)
    page.issue()
    assert letters(page) == []
    qtbot.waitUntil(lambda: page.shown is not None, timeout=20_000)
    page.issue()
    assert len(letters(page)) == 1


def test_a_store_that_cannot_be_written_loses_nothing(preview, broken_store):
    page = preview()
    broken_store(broken=True)
    page.issue()
    assert "cannot be changed" in page.side.message.text
    broken_store(broken=False)
    assert letters(page) == []
    page.side.message.button.click()
    assert len(letters(page)) == 1


def test_a_letter_begins_at_its_first_page_also_before_the_pages_have_their_places(preview, qtbot):
    page, told = preview(), []
    page.view.pages.turned.connect(lambda number, count: told.append((number, count)))
    page.issue()
    qtbot.waitUntil(lambda: len(told) > 1)
    assert {number for number, _ in told} == {1}
    assert told[0][1] > 1


def test_the_pages_can_be_made_larger_and_smaller(preview):
    pages = preview().view.pages
    fit = pages.scale
    pages.step(1)
    assert pages.scale > fit
    pages.step(-1)
    pages.step(-1)
    assert pages.scale < fit
    pages.set_zoom(0)
    assert pages.scale == fit


def test_a_letter_says_who_has_signed_in_and_issued_it(open_letter, demo_draft, now):
    draft = demo_draft()
    draft.store.sign_in(draft.store.add_user("Ann Lee", "administrator", now()), now())
    draft.save("prepared_by", None)
    page = open_letter(draft=draft)
    page.issue()
    assert "by Ann Lee." in page.side.text
