"""Signing with a certificate: only when a letter is issued, and "signed" only where it is true."""

import io

import pypdf
import pytest
from PySide6.QtWidgets import QLabel

from intake_app.outgoing import signing
from intake_app.ui import letter_sign, outgoing_work
from tests.sample_certificate import PASSPHRASE, make_certificate


@pytest.fixture
def sign(open_letter, tmp_path):
    """Return a function that opens a letter with the box ticked, the certificate chosen and a passphrase typed."""

    def show(passphrase, file=None):
        path = tmp_path / "lind.p12"
        path.write_bytes(make_certificate() if file is None else file)
        page = open_letter(certificate=path)
        panel = page.side.parts.sign
        panel.box.click()
        panel.file_button.click()
        panel.passphrase.setText(passphrase)
        return page

    return show


def text_of(page):
    words = " ".join(part.extract_text() for part in pypdf.PdfReader(io.BytesIO(page.shown.pdf)).pages)
    return " ".join(words.split())


def letters(page):
    return page._store.letters(page._draft.intake_id)


def test_the_issued_letter_is_signed_and_says_so(sign, qtbot):
    page = sign(PASSPHRASE)
    assert "not signed" in text_of(page)
    page.side.issue_button.click()
    qtbot.waitUntil(lambda: len(letters(page)) == 1, timeout=30_000)
    qtbot.waitUntil(lambda: page.shown is not None)
    report = signing.check_signature(page.shown.pdf)
    assert report.intact
    assert report.by == "Dr Ada Lind"
    assert "Signed: Dr Ada Lind" in text_of(page)
    assert "not signed" not in text_of(page)
    assert page.shown.pdf == page._store.letter_pdf(page.shown.letter_id)


def test_afterwards_nothing_is_remembered(sign, qtbot):
    page = sign(PASSPHRASE)
    page.issue()
    qtbot.waitUntil(lambda: len(letters(page)) == 1, timeout=30_000)
    assert page.side.parts.sign.passphrase.text() == ""
    assert not page.side.parts.sign.is_on


@pytest.mark.parametrize(
    ("passphrase", "file", "says"),
    [
        ("wrong", None, "The passphrase does not open this certificate file."),
        (PASSPHRASE, b"nothing", "The certificate file is damaged"),
        (PASSPHRASE, make_certificate(begins=-9, ends=-3), "expired"),
    ],
)
def test_what_cannot_be_signed_is_not_issued_and_everything_stays(sign, qtbot, passphrase, file, says):
    page = sign(passphrase, file)
    seen = page.shown
    page.issue()
    qtbot.waitUntil(lambda: says in page.side.parts.sign._problem.text(), timeout=30_000)
    assert letters(page) == []
    assert page.shown is seen
    assert page.side.issue_button.isEnabled()
    assert page.side.parts.folds["sign"].head.isChecked()


def test_without_a_file_it_is_asked_for(open_letter):
    page = open_letter()
    page.side.parts.sign.box.click()
    page.issue()
    assert letters(page) == []
    assert page.side.parts.sign._problem.text() == letter_sign.NO_FILE


def test_signing_can_be_cancelled(sign):
    page = sign(PASSPHRASE)
    page.issue()
    page.side.busy.cancel()
    assert letters(page) == []
    assert page.side.issue_button.isEnabled()


def test_without_the_extra_it_is_said_how_to_get_it(open_letter, monkeypatch):
    monkeypatch.setattr(outgoing_work, "can_sign", lambda: False)
    panel = open_letter().side.parts.sign
    assert not panel.box.isEnabled()
    assert any("intake-app[sign]" in label.text() for label in panel.findChildren(QLabel))


def test_a_passphrase_is_not_shown_in_a_traceback():
    given = outgoing_work.Signing(b"", "secret", None)
    assert "secret" not in repr(given)
