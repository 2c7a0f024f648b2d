"""To whom, copies, enclosures, what is left out: on the page, in the letter, and kept."""

import io

import pikepdf
import pypdf
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QApplication

from intake_app.outgoing import child
from intake_app.ui.letter_page import TYPED_LAST
from intake_app.ui.letter_request import LetterRequest, read_issued, read_request


@pytest.fixture
def files(tmp_path):
    folder = tmp_path / "Zzyzx Patient Name"
    folder.mkdir()
    picture = QImage(300, 200, QImage.Format.Format_RGB32)
    picture.fill(0xFFFFFF)
    picture.save(str(folder / "Zzyzx scan.png"))
    with pikepdf.new() as pdf:
        for _ in range(2):
            pdf.add_blank_page(page_size=(200, 300))
        pdf.save(folder / "Zzyzx report.pdf")
    (folder / "notes.txt").write_text("words")
    return folder


def text_of(page):
    words = " ".join(part.extract_text() for part in pypdf.PdfReader(io.BytesIO(page.shown.pdf)).pages)
    return " ".join(words.split())


def wait_preview(page, qtbot):
    qtbot.waitUntil(lambda: page.shown is not None, timeout=20_000)


def type_into(widget, text):
    widget.line.setText(text)
    widget.line.textEdited.emit(text)
    widget.flush()


def titles(page):
    return [one.title for one in page.request.enclosures]


def test_a_recipient_is_typed_freely_and_stands_in_the_letter(open_letter, qtbot):
    page = open_letter()
    type_into(page.side.parts.recipient.form.fields["name"].widget, "Dr Vale")
    wait_preview(page, qtbot)
    assert "Dr Vale" in text_of(page)
    assert read_request(page._store, page._draft.intake_id).recipient == {"name": "Dr Vale", "clinic": "North"}
    assert page.side.parts.folds["recipient"].head.whole_text() == "To: Dr Vale, North"


def test_a_recipient_is_kept_in_the_directory_only_by_choice(open_letter):
    page = open_letter()
    page.side.parts.folds["recipient"].open()
    page.issue()
    assert [row for row in page._store.recipients("lindgren") if row["clinic"] == "North"] == []
    page.side.parts.keep_asked.emit()
    assert [row["name"] for row in page._store.recipients("north") if row["clinic"] == "North"] == ["Dr Lindgren"]
    assert page.side.parts.recipient.keep_button.isHidden()


def test_the_directory_is_searched_while_a_name_is_typed(open_letter, demo_draft, now, qtbot):
    draft = demo_draft()
    for name, clinic in (("Dr Vale", "Quay"), ("Dr Abe", "Quay"), ("Dr Lund", "Hill")):
        draft.store.save_recipient({"name": name, "clinic": clinic, "fax": "555-1"}, now())
    page = open_letter(draft=draft)
    directory = page.side.parts.recipient.directory
    directory.search("quay")
    assert directory.model().stringList() == ["Dr Abe, Quay", "Dr Vale, Quay"]
    directory.activated.emit("Dr Vale, Quay")
    qtbot.waitUntil(lambda: page.request.recipient == {"name": "Dr Vale", "clinic": "Quay", "fax": "555-1"})


def test_copies_are_listed_in_the_letter_and_can_be_taken_off(open_letter, qtbot):
    page = open_letter()
    copies = page.side.parts.copies
    for words in ("Dr Abe, family doctor", "  ", "Dr Abe, family doctor", "Physiotherapy Quay"):
        copies.line.setText(words)
        copies.add()
    wait_preview(page, qtbot)
    assert page.request.copies == ("Dr Abe, family doctor", "Physiotherapy Quay")
    assert "Dr Abe, family doctor; Physiotherapy Quay" in text_of(page)
    copies._rows[0].findChild(QAbstractButton).click()
    assert page.request.copies == ("Physiotherapy Quay",)


def test_a_copy_too_long_is_refused_and_the_typing_stays(open_letter):
    copies = open_letter().side.parts.copies
    copies.line.setText("x" * 161)
    copies.add()
    assert "at most 160 characters" in copies._problem.text()
    assert copies.line.text() == "x" * 161


def test_enclosures_are_read_listed_and_kept(open_letter, files, qtbot):
    page = open_letter(files=[files / "Zzyzx scan.png", files / "Zzyzx report.pdf"])
    panel = page.side.parts.enclosures
    page.side.parts.folds["enclosures"].open()
    panel.add_button.click()
    qtbot.waitUntil(lambda: len(panel.rows) == 2, timeout=30_000)
    panel.rows[1].line.setText("MRI report")
    panel.rows[1].line.editingFinished.emit()
    wait_preview(page, qtbot)
    assert "Enclosure 1 (PNG, 1 page)" in text_of(page)
    assert "MRI report (PDF, 2 pages)" in text_of(page)
    assert "Zzyzx" not in text_of(page)
    assert page.side.parts.folds["enclosures"].head.whole_text() == "Enclosures: 2 (3 pages)"
    assert read_request(page._store, page._draft.intake_id) == page.request


def test_a_refused_file_says_why_and_the_others_are_taken(open_letter, files, qtbot):
    page = open_letter(files=[files / "notes.txt", files / "Zzyzx scan.png", files / "gone.pdf"])
    page.side.parts.enclosures.add()
    qtbot.waitUntil(lambda: len(page.side.parts.enclosures.rows) == 1, timeout=30_000)
    assert "“notes.txt” is neither a PDF nor a JPEG or PNG picture." in page.side.parts.enclosures.note.text
    assert "“gone.pdf” could not be read" in page.side.parts.enclosures.note.text


def test_an_enclosure_that_is_taken_off_can_be_put_back(open_letter, files, qtbot):
    page = open_letter(files=[files / "Zzyzx scan.png"])
    panel = page.side.parts.enclosures
    panel.add()
    qtbot.waitUntil(lambda: len(panel.rows) == 1, timeout=30_000)
    before = page.request.enclosures
    panel.rows[0].removed.emit()
    assert page.request.enclosures == ()
    assert panel.rows == ()
    panel.note.button.click()
    assert page.request.enclosures == before


def test_putting_an_enclosure_back_keeps_what_was_typed_since(open_letter, files, qtbot):
    page = open_letter(files=[files / "Zzyzx scan.png", files / "Zzyzx report.pdf"])
    panel = page.side.parts.enclosures
    panel.add()
    qtbot.waitUntil(lambda: len(panel.rows) == 2, timeout=30_000)
    panel.rows[0].removed.emit()
    panel.rows[0].line.setText("MRI report")
    panel.rows[0].line.editingFinished.emit()
    panel.note.button.click()
    assert titles(page)[1] == "MRI report"
    assert [one.kind for one in page.request.enclosures] == ["PNG", "PDF"]


def test_what_is_taken_off_leaves_the_records_once_it_cannot_be_put_back(open_letter, files, qtbot):
    page = open_letter(files=[files / "Zzyzx scan.png"])
    panel, store, intake_id = page.side.parts.enclosures, page._store, page._draft.intake_id
    panel.add()
    qtbot.waitUntil(lambda: len(panel.rows) == 1, timeout=30_000)
    [before] = page.request.enclosures
    panel.rows[0].removed.emit()
    page.refresh()
    wait_preview(page, qtbot)
    assert store.unlisted_enclosures(intake_id) == [before.id], "there is still a way back"
    page.issue()
    qtbot.waitUntil(lambda: store.unlisted_enclosures(intake_id) == [])
    assert panel.note.isHidden()
    assert [row["action"] for row in store.audit(1)] == ["enclosure removed"]


def test_reading_an_enclosure_can_be_cancelled(open_letter, files, qtbot, monkeypatch):
    page = open_letter(files=[files / "Zzyzx scan.png"])
    qtbot.waitUntil(lambda: not page.side.busy.is_busy, timeout=20_000)
    sleeping = "import time; time.sleep(60)"
    monkeypatch.setattr(
        "intake_app.outgoing.quarantine.run_child",
        lambda *_: child.run_child("timeit", ["-n1", "-r1", sleeping], b"", 60),
    )
    page.side.parts.enclosures.add()
    qtbot.waitUntil(lambda: bool(child._running), timeout=20_000)
    qtbot.waitUntil(page.side.busy.isVisible)
    page.side.busy.cancel_button.click()
    qtbot.waitUntil(lambda: not child._running, timeout=20_000)
    assert not page.side.busy.is_busy
    assert page.request.enclosures == ()
    assert "cancelled" in page.side.parts.enclosures.note._label.text()
    page.preview(again=True)
    wait_preview(page, qtbot)


def test_what_is_left_out_is_said_in_the_letter_and_not_told(open_letter, qtbot):
    page = open_letter()
    assert "Warehouse worker" in text_of(page)
    boxes = page.side.parts.left_out.boxes
    assert all(box.isChecked() for box in boxes.values())
    name = page._draft.questionnaire.page_of("occupation").id
    boxes[name].click()
    wait_preview(page, qtbot)
    assert "Warehouse worker" not in text_of(page)
    assert "Left out on request of the sender" in text_of(page)
    page.issue()
    assert read_issued(page._store, page.shown.letter_id).left_out == (name,)


def test_a_red_flags_answers_cannot_be_left_out(open_letter, qtbot):
    page = open_letter("myelopathy_questions")
    for box in page.side.parts.left_out.boxes.values():
        box.click()
    qtbot.waitUntil(lambda: "rests on answers" in page.side.message.text, timeout=20_000)
    assert page.shown is None
    assert not page.side.issue_button.isEnabled()


def test_only_one_part_is_open_at_a_time(open_letter):
    folds = open_letter().side.parts.folds
    for name in ("recipient", "copies"):
        folds[name].head.click()
    assert [name for name, fold in folds.items() if fold.head.isChecked()] == ["copies"]


def test_nothing_in_the_side_is_wider_than_the_side(open_letter):
    page = open_letter()
    for fold in page.side.parts.folds.values():
        fold.head.click()
        QApplication.processEvents()
        assert page.side.widget().width() <= page.side.viewport().width(), fold.head.whole_text()


def test_every_control_has_a_name_and_no_key_is_given_twice(open_letter):
    page = open_letter()
    page.side.send.open("mail", "secret word")
    buttons = [button for button in page.findChildren(QAbstractButton) if button.isVisibleTo(page)]
    assert all(button.accessibleName() or button.text() for button in buttons)
    keys = [b.text()[b.text().index("&") + 1].lower() for b in buttons if "&" in b.text().replace("&&", "")]
    assert sorted(keys) == sorted(set(keys))
    entries = [action.text() for action in page.side.more.actions_by_name.values()]
    letters = [text[text.index("&") + 1].lower() for text in entries]
    assert sorted(letters) == sorted(set(letters))


def test_a_broken_store_keeps_the_typing(open_letter, broken_store):
    page = open_letter()
    broken_store(broken=True)
    type_into(page.side.parts.recipient.form.fields["name"].widget, "Dr Vale")
    assert "cannot be changed" in page.side.message.text
    assert page.request.recipient["name"] == "Dr Vale"
    broken_store(broken=False)
    assert read_request(page._store, page._draft.intake_id) == LetterRequest({"name": "Dr Lindgren", "clinic": "North"})
    page.side.message.button.click()
    assert read_request(page._store, page._draft.intake_id).recipient["name"] == "Dr Vale"


def tab_order(page):
    chain = [page.nextInFocusChain()]
    while chain[-1] is not page:
        chain.append(chain[-1].nextInFocusChain())
    return chain


def test_tab_goes_through_an_open_part_before_the_next(open_letter):
    page = open_letter()
    parts = page.side.parts
    parts.folds["left_out"].open()
    order = tab_order(page)
    boxes = list(parts.left_out.boxes.values())
    assert boxes
    wanted = [parts.folds["left_out"].head, *boxes, parts.folds["sign"].head]
    assert [order.index(widget) for widget in wanted] == sorted(order.index(widget) for widget in wanted)


def test_tab_comes_to_what_was_added_to_an_open_part(open_letter):
    page = open_letter()
    parts = page.side.parts
    parts.folds["copies"].open()
    parts.copies.line.setText("Family doctor")
    parts.copies.add()
    [remove] = [b for b in parts.copies.findChildren(QAbstractButton) if b.accessibleName().startswith("Remove")]
    order = tab_order(page)
    assert order.index(parts.copies.add_button) < order.index(remove) < order.index(parts.folds["enclosures"].head)


def test_what_is_typed_last_is_in_the_letter_before_it_is_issued(open_letter, files, qtbot):
    page = open_letter(files=[files / "Zzyzx report.pdf"])
    parts = page.side.parts
    parts.folds["enclosures"].open()
    parts.enclosures.add()
    qtbot.waitUntil(lambda: len(page.request.enclosures) == 1, timeout=20_000)
    wait_preview(page, qtbot)
    parts.enclosures.rows[0].line.setText("MRI report")  # and Alt+I before the field is left
    parts.copies.line.setText("Family doctor")
    page.issue()
    assert page.side.message.text == TYPED_LAST
    assert page._store.letters(page._draft.intake_id) == []
    wait_preview(page, qtbot)
    page.issue()
    [letter] = page._store.letters(page._draft.intake_id)
    issued = read_issued(page._store, letter["id"])
    assert [one.title for one in issued.enclosures] == ["MRI report"]
    assert issued.copies == ("Family doctor",)
    assert page.shown.letter_id == letter["id"]
