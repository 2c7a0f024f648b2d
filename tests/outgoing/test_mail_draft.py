"""The e-mail draft: opens unsent, carries what was chosen whole, and names nobody but the addressee."""

import email
import email.policy

import pytest

from intake_app.errors import UserError
from intake_app.outgoing.mail_draft import FILE_NAME, NAMES, MailPart, make_draft

CLINIC = {"name": "Clínica Harbour", "phone": "207 555 0100"}
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40
WORKS = "desk@mercy-spine.example"


def read(draft):
    return email.message_from_bytes(draft, policy=email.policy.default)


def test_it_opens_for_writing_and_holds_what_was_chosen_to_the_byte():
    mail = read(make_draft(WORKS, [MailPart("password copy", PDF), MailPart("packet", PDF[::-1])], CLINIC))
    assert mail["X-Unsent"] == "1"
    assert mail["To"] == WORKS
    assert [part.get_filename() for part in mail.iter_attachments()] == [
        "referral-letter-with-password.pdf",
        "referral-packet.pdf",
    ]
    assert [part.get_content() for part in mail.iter_attachments()] == [PDF, PDF[::-1]]
    assert {part.get_content_type() for part in mail.iter_attachments()} == {"application/pdf"}


def test_its_headers_say_nothing_but_what_a_draft_needs():
    mail = read(make_draft(WORKS, [MailPart("letter", PDF)], CLINIC))
    assert set(mail.keys()) == {"X-Unsent", "Subject", "To", "MIME-Version", "Content-Type"}
    assert mail["Subject"] == "Referral letter"


def test_no_name_of_a_file_tells_anything():
    for name in (FILE_NAME, *NAMES.values()):
        assert set(name.rpartition(".")[0].split("-")) <= {
            "referral",
            "letter",
            "with",
            "password",
            "packet",
            "patient",
            "information",
        }


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("letter", "a referral letter as a PDF."),
        ("password copy", "the password by telephone, not by e-mail"),
        ("packet", "the letter and its enclosures"),
        ("patient sheet", "information sheet for patients"),
    ],
)
def test_the_words_say_what_is_attached_and_from_whom(kind, says):
    body = read(make_draft(WORKS, [MailPart(kind, PDF)], CLINIC)).get_body().get_content()
    assert says in " ".join(body.split())
    assert "Clínica Harbour" in body
    assert "207 555 0100" in body
    assert "by mistake" in body


def test_a_draft_without_an_address_is_for_the_mail_program_to_address():
    assert read(make_draft("  ", [MailPart("letter", PDF)], {}))["To"] is None


@pytest.mark.parametrize(
    "address",
    [
        "desk", "desk@", "@clinic.example", "desk@clinic", "a@b.example, c@d.example", "Maria Sample <m@s.example>",
        "desk@clinic.example\nBcc: all@world.example", "desk@clinic.example Bcc", "désk@clinic.example", "a b@c.example",
        "desk@.", "desk@@clinic.example", "\x00@clinic.example",
    ],
)  # fmt: skip
def test_what_is_no_single_plain_address_is_refused(address):
    with pytest.raises(UserError, match="is not an e-mail address"):
        make_draft(address, [MailPart("letter", PDF)], CLINIC)


def test_a_clinics_name_begins_no_header():
    mail = read(make_draft(WORKS, [MailPart("letter", PDF)], CLINIC | {"name": "Quay\r\nBcc: all@world.example"}))
    assert mail["Bcc"] is None
    assert "Bcc: all@world.example" in mail.get_body().get_content()


def test_nothing_attached_or_too_much_is_refused():
    with pytest.raises(UserError, match="Nothing is attached"):
        make_draft(WORKS, [], CLINIC)
    with pytest.raises(UserError, match="more than 20 MB"):
        make_draft(WORKS, [MailPart("packet", b"%PDF" + bytes(21 * 1024 * 1024))], CLINIC)
