"""What leaves the records with an issued letter: printed, packed, locked, drafted; and the patient's sheets."""

import io
import stat
from email import message_from_bytes, policy

import pikepdf
import pypdf
import pytest

from intake_app.ui import letter_about, outgoing_work
from intake_app.ui.letter_request import LetterRequest, Listed
from intake_app.ui.letter_send import Sending


def text_of(pdf, password=None):
    words = " ".join(part.extract_text() for part in pypdf.PdfReader(io.BytesIO(pdf), password=password).pages)
    return " ".join(words.split())


@pytest.fixture
def issued(open_letter, tmp_path):
    def show(**options):
        page = open_letter(path=tmp_path, **options)
        page.issue()
        assert page.shown.letter_id, page.side.message.text
        return page

    return show


@pytest.fixture
def saved(qtbot, tmp_path):
    """Return a function that waits for a file and returns what it holds."""

    def wait(page, name):
        file = tmp_path / name.format(page._draft.intake_id[:6])
        qtbot.waitUntil(file.exists, timeout=30_000)
        assert "Wieczorek" not in file.name
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        return file.read_bytes()

    return wait


@pytest.fixture
def printed(qtbot, tmp_path):
    def wait(page):
        qtbot.waitUntil(lambda: "Sent to the printer" in page.side.message.text, timeout=60_000)
        return pypdf.PdfReader(tmp_path / "paper.pdf")

    return wait


def wait_message(page, qtbot, words):
    qtbot.waitUntil(lambda: words in page.side.message.text, timeout=30_000)


def test_a_preview_is_neither_saved_nor_printed_nor_packed(open_letter, tmp_path):
    page = open_letter(path=tmp_path)
    before = sorted(tmp_path.rglob("*"))
    page.outgoing.save()
    page.outgoing.print()
    for name in ("save_packet", "print_packet", "print_preprinted"):
        assert not page.side.more.actions_by_name[name].isEnabled()
        page.outgoing.do(name)
    page.outgoing.send(Sending("lock", "letter", "", "long enough secret"))
    assert not page.side.busy.is_busy
    assert sorted(tmp_path.rglob("*")) == before


def test_the_letter_is_printed_whole(issued, printed):
    page = issued()
    page.side.print_button.click()
    sheets = printed(page).pages
    letter = pypdf.PdfReader(io.BytesIO(page.shown.pdf)).pages
    assert len(sheets) == len(letter)
    # printed on its own paper or on the printer's, never cut
    assert sheets[0].mediabox.height >= 780
    assert [row["action"] for row in page._store.audit(1)] == ["printed"]


def test_what_is_printed_is_the_page(issued, printed, tmp_path):
    from intake_app.ui import letter_work

    page = issued()
    page.side.print_button.click()
    printed(page)
    image = letter_work.draw_page((tmp_path / "paper.pdf").read_bytes(), 0, 50)
    dark = sum(1 for value in image.pixels[::4] if value < 128)
    assert dark > 500


def test_the_packet_holds_the_letter_and_what_was_enclosed_with_it(issued, saved, demo_draft):
    from intake_app.outgoing.enclosures import Enclosure
    from intake_app.ui import letter_shelf

    draft, kept = demo_draft("chronic_back_pain"), []
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(200, 300))
        pdf.add_blank_page(page_size=(200, 300))
        out = io.BytesIO()
        pdf.save(out)
    enclosure = Enclosure("", "PDF", 2, out.getvalue())
    for _ in letter_shelf.keep(draft.store, draft.intake_id, enclosure, draft.now(), kept.append):
        pass
    listed = Listed(kept[0], "MRI report", "PDF", 2)
    page = issued(draft=draft, request=LetterRequest({"name": "Dr Lindgren"}, enclosures=(listed,)))
    page.outgoing.do("save_packet")
    packet = saved(page, "packet-20261122-{}-v1.pdf")
    letter = pypdf.PdfReader(io.BytesIO(page.shown.pdf))
    reader = pypdf.PdfReader(io.BytesIO(packet))
    assert len(reader.pages) == 1 + len(letter.pages) + 2
    assert "MRI report (PDF, 2 pages)" in text_of(packet)
    assert "archive copy" in text_of(packet)
    assert "Wieczorek" not in reader.pages[0].extract_text()


def test_a_packet_whose_pages_are_not_whole_says_so(issued, qtbot, demo_draft):
    draft = demo_draft("chronic_back_pain")
    about = {"kind": "PDF", "pages": 2, "notes": [], "size": 99, "sha256": "of something else"}
    listed = Listed(draft.store.add_enclosure(draft.intake_id, about, draft.now()), "MRI report", "PDF", 2)
    page = issued(draft=draft, request=LetterRequest({"name": "Dr Lindgren"}, enclosures=(listed,)))
    page.outgoing.do("print_packet")
    wait_message(page, qtbot, "not as they were added")


@pytest.mark.parametrize("left_out", [(), ("health", "medicines")])
def test_on_pre_printed_paper_the_letterhead_is_left_to_the_paper(issued, left_out):
    page = issued(request=LetterRequest({"name": "Dr Lindgren"}, left_out=left_out))
    plain = outgoing_work.draw_preprinted(page.shown.pdf, page._draft.questionnaire, 40)
    clinic = page._store.clinic()["name"]
    assert clinic in text_of(page.shown.pdf)
    first = pypdf.PdfReader(io.BytesIO(plain)).pages[0].extract_text().split("Problem")[0]
    assert clinic not in first
    assert "Dr Lindgren" in first


def test_letter_sheet_and_card_are_made_for_the_clinics_paper(issued, saved, demo_draft):
    draft = demo_draft("chronic_back_pain")
    draft.store.save_setting(letter_about.PAPER, "a4")
    page = issued(draft=draft)
    page.outgoing.do("save_sheet")
    sheet = saved(page, "patient-information-en.pdf")
    page.outgoing.do("save_card")
    card = saved(page, "safety-card-en.pdf")
    heights = [pypdf.PdfReader(io.BytesIO(pdf)).pages[0].mediabox.height for pdf in (page.shown.pdf, sheet, card)]
    assert [round(height) for height in heights] == [842, 842, 842]  # points


def test_the_copy_opens_with_the_password_only(issued, saved):
    page = issued()
    page.side.more.actions_by_name["lock"].trigger()
    box = page.side.send
    password = box.password.text()
    assert len(password) == 14
    box.save_button.click()
    copy = saved(page, "password-copy-20261122-{}-v1.pdf")
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(io.BytesIO(copy))
    assert "Wieczorek" in text_of(copy, password)
    assert page.shown.pdf == page._store.letter_pdf(page.shown.letter_id)


def test_a_password_too_short_is_refused_and_the_box_stays(issued, qtbot):
    page = issued()
    page.outgoing.do("lock")
    page.side.send.password.setText("short")
    page.side.send.save_button.click()
    wait_message(page, qtbot, "too short")
    assert not page.side.send.isHidden()


def test_a_closed_box_has_forgotten_the_password(issued):
    page = issued()
    page.outgoing.do("lock")
    page.side.send.close_button.click()
    assert page.side.send.password.text() == ""
    assert page.side.send.isHidden()


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("password copy", "referral-letter-with-password.pdf"),
        ("letter", "referral-letter.pdf"),
        ("packet", "referral-packet.pdf"),
    ],
)
def test_the_e_mail_draft_has_the_file_and_names_nobody(issued, saved, kind, name):
    page = issued()
    page.outgoing.do("mail")
    box = page.side.send
    assert box.kinds["password copy"].isChecked()
    box.kinds[kind].setChecked(True)
    assert box._lock.isHidden() == (kind != "password copy")
    box.email.setText("desk@north.example")
    box.save_button.click()
    draft = message_from_bytes(saved(page, "referral-letter.eml"), policy=policy.SMTP)
    assert draft["To"] == "desk@north.example"
    assert [part.get_filename() for part in draft.iter_attachments()] == [name]
    assert "Wieczorek" not in draft.as_string()


def test_an_address_that_is_none_is_refused(issued, qtbot):
    page = issued()
    page.outgoing.do("mail")
    page.side.send.email.setText("not an address")
    page.side.send.save_button.click()
    wait_message(page, qtbot, "is not an e-mail address")


@pytest.mark.parametrize(
    ("name", "file"), [("save_sheet", "patient-information-es.pdf"), ("save_card", "safety-card-es.pdf")]
)
def test_the_patients_sheets_are_saved_in_the_patients_language(open_letter, demo_draft, saved, tmp_path, name, file):
    draft = demo_draft()
    draft.store.change_patient(draft.patient["id"], {"language": "Español"}, draft.now())
    draft.patient = draft.store.patient(draft.patient["id"])
    page = open_letter(path=tmp_path, draft=draft)
    action = page.side.more.actions_by_name[name]
    assert "In Spanish." in action.toolTip()
    action.trigger()
    assert saved(page, file).startswith(b"%PDF")


@pytest.mark.parametrize("name", ["print_sheet", "print_card"])
def test_the_patients_sheets_are_printed_beside_the_letter(open_letter, printed, tmp_path, name):
    page = open_letter(path=tmp_path)
    page.outgoing.do(name)
    assert len(printed(page).pages) >= 1


def test_a_card_that_cannot_be_printed_says_why(open_letter, demo_draft, tmp_path, qtbot):
    draft = demo_draft()
    draft.store.save_clinic({"name": "Clinic \U00013000"}, draft.now())
    page = open_letter(path=tmp_path, draft=draft)
    page.outgoing.do("save_card")
    wait_message(page, qtbot, "fonts lack")
    assert list(tmp_path.glob("*.pdf")) == []


def test_no_printer_no_print(open_letter):
    page = open_letter(path=None)
    page.issue()
    page.outgoing.print()
    assert not page.side.busy.is_busy


def test_what_was_saved_is_in_the_audit_trail_without_a_name(issued, saved):
    page = issued()
    page.side.save_button.click()
    saved(page, "letter-20261122-{}-v1.pdf")
    [row] = page._store.audit(1)
    assert (row["action"], row["record"]) == ("exported", f"letter/{page.shown.letter_id}")
