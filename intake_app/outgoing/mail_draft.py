"""An e-mail draft as a file that opens in the clinic's own mail program, ready to be looked at and sent by a person.

The program sends nothing. Nobody is named in the draft but the addressee: not in its headers, its file name, the names
of what is attached, or its words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from intake_app.errors import UserError
from intake_app.outgoing.enclosures import limits
from intake_app.outgoing.quarantine import MEGABYTE

FILE_NAME = "referral-letter.eml"
SUBJECT = "Referral letter"
NAMES = {  # what may be attached: its kind, and the name it travels under
    "letter": "referral-letter.pdf",
    "password copy": "referral-letter-with-password.pdf",
    "packet": "referral-packet.pdf",
    "patient sheet": "patient-information.pdf",
}
GREETING = "Dear colleague,"
SENTENCES = {
    "letter": "Attached is a referral letter as a PDF.",
    "password copy": (
        "Attached is a referral letter as a PDF that opens with a password. We tell you the password by telephone, not"
        " by e-mail."
    ),
    "packet": "Attached is a referral packet as a PDF: the letter and its enclosures.",
    "patient sheet": "Attached is our information sheet for patients.",
}
MISSENT = "If this message reached you by mistake, please tell us and delete it."


@dataclass(frozen=True, slots=True)
class MailPart:
    """A file to attach: its kind is a key of NAMES, its content a PDF."""

    kind: str
    content: bytes


def make_draft(recipient_email: str, parts: Sequence[MailPart], clinic: Mapping[str, str]) -> bytes:
    """Return an unsent e-mail (.eml, to be saved as FILE_NAME) with PDFs attached.

    `recipient_email` may be blank, to be chosen in the mail program.
    UserError: an address that is none, nothing attached, or more than mail servers take.
    """
    if not parts:
        raise UserError("Nothing is attached to the e-mail.", "Choose the letter or its password copy.")
    room = limits()["packet_megabytes"]
    if sum(len(part.content) for part in parts) > room * MEGABYTE:
        raise UserError(
            f"The attachments have more than {room} MB, which many mail servers refuse.", "Fax or post them."
        )
    draft = EmailMessage(policy=SMTP)
    draft["X-Unsent"] = "1"  # opens for writing, not for reading
    draft["Subject"] = SUBJECT
    if recipient_email.strip():
        draft["To"] = _read_address(recipient_email.strip())
    draft.set_content(_write_body(parts, clinic))
    for part in parts:
        draft.add_attachment(part.content, maintype="application", subtype="pdf", filename=NAMES[part.kind])
    return draft.as_bytes()


def _read_address(text: str) -> Address:
    """Return one plain address; no name beside it, no second one, nothing that could begin another header."""
    try:
        address = Address(addr_spec=text)
        text.encode("ascii")
    except (ValueError, IndexError, MessageError) as error:
        raise _not_an_address(text) from error
    if not text.isprintable() or " " in text or "." not in address.domain.strip("."):
        raise _not_an_address(text)
    return address


def _not_an_address(text: str) -> UserError:
    return UserError(f"“{text}” is not an e-mail address.", "Write one address such as desk@clinic.example.")


def _write_body(parts: Sequence[MailPart], clinic: Mapping[str, str]) -> str:
    sentences = dict.fromkeys(SENTENCES[part.kind] for part in parts)
    sender = [clinic[key] for key in ("name", "phone") if clinic.get(key)]
    return "\n\n".join((GREETING, *sentences, MISSENT, "\n".join(("Kind regards", *sender)))) + "\n"
