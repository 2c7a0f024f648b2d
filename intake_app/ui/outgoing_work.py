"""The slow work around what goes out with a letter or beside it, for the background: read, signed, packed, locked.

The parts that read and write PDFs are loaded here, on the worker, where nobody waits for them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intake_app.case import Case
from intake_app.errors import UserError
from intake_app.factors import Finding
from intake_app.questions import Questionnaire
from intake_app.ui.letter_busy import Progress
from intake_app.ui.letter_request import Listed

if TYPE_CHECKING:
    from intake_app.outgoing.enclosures import Enclosure

POINTS = 72 / 25.4  # in a millimetre
LARGEST = 64 * 1024 * 1024  # bytes of a file that are read at all: what is allowed says resources/enclosures.toml


@dataclass(frozen=True, slots=True)
class Addressed:
    """What packet and e-mail say besides the letter: arguments of `packet.make_packet`."""

    identity: str
    clinic: Mapping[str, str]
    recipient: Mapping[str, str]
    issued: datetime


@dataclass(frozen=True, slots=True)
class Signing:
    """A clinician's certificate file, and the passphrase that opens it: held in memory while a letter is signed."""

    pkcs12_file: bytes
    passphrase: str
    at: datetime

    def __repr__(self) -> str:
        """Show nothing of it in a traceback."""
        return "Signing(…)"


def read_enclosures(paths: Sequence[Path], progress: Progress) -> "list[Enclosure | UserError]":
    """Return every file as it can be enclosed, or why it cannot; the titles are left to the desk."""
    from intake_app.outgoing import enclosures  # noqa: PLC0415  see above

    progress.total = len(paths) if len(paths) > 1 else 0
    found: list[Enclosure | UserError] = []
    for path in paths:
        if progress.stopped:
            break
        try:
            found.append(enclosures.read_enclosure(path.name, read_file(path)))
        except UserError as error:
            found.append(error)
        progress.done += 1
    return found


def end_reading() -> None:
    """End the process that reads an enclosure nobody waits for any more."""
    from intake_app.outgoing import child  # noqa: PLC0415  see above

    child.end_children()


def read_file(path: Path) -> bytes:
    """Return what a file holds; UserError if it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST)
    except OSError as error:
        raise UserError(
            f"“{path.name}” could not be read ({error.strerror or type(error).__name__}).", "Choose another file."
        ) from None


def list_enclosures(listed: Sequence[Listed]) -> tuple[str, ...]:
    """Return one line for each enclosure, as the packet has it."""
    from intake_app.outgoing import enclosures  # noqa: PLC0415  see above

    return enclosures.list_enclosures(tuple(_enclose(one, b"") for one in listed))


def make_packet(pdf: bytes, listed: Sequence[Listed], pages: Sequence[bytes], about: Addressed) -> bytes:
    """Return the packet of an issued letter and its enclosures, `pages` being theirs."""
    from intake_app.outgoing import packet  # noqa: PLC0415  see above

    enclosed = [_enclose(one, content) for one, content in zip(listed, pages, strict=True)]
    return packet.make_packet(
        pdf,
        enclosed,
        identity=about.identity,
        clinic=about.clinic,
        recipient=about.recipient,
        issued=about.issued,
    )


def draw_preprinted(pdf: bytes, questionnaire: Questionnaire, height: float) -> bytes:
    """Return an issued letter once more for paper whose own letterhead is so many mm high: to print, never to keep."""
    from intake_app.outgoing import preprinted  # noqa: PLC0415  see above

    return preprinted.print_again(pdf, questionnaire, height * POINTS)


def lock_copy(pdf: bytes, password: str) -> bytes:
    """Return a copy of a letter that opens with a password."""
    from intake_app.outgoing import password_copy  # noqa: PLC0415  see above

    return password_copy.lock_copy(pdf, password)


def make_draft(email: str, kind: str, pdf: bytes, clinic: Mapping[str, str]) -> bytes:
    """Return an e-mail draft with one file attached; `kind` is a key of `mail_draft.NAMES`."""
    from intake_app.outgoing import mail_draft  # noqa: PLC0415  see above

    return mail_draft.make_draft(email, [mail_draft.MailPart(kind, pdf)], clinic)


def make_signed(case: Case, findings: tuple[Finding, ...], about: Mapping[str, Any], signing: Signing) -> bytes:
    """Return a letter that says by whom it is signed and is: to the byte what is to be kept."""
    from intake_app.outgoing import document  # noqa: PLC0415  see above
    from intake_app.outgoing import signing as signatures  # noqa: PLC0415  see above

    holder = signatures.read_certificate(signing.pkcs12_file, signing.passphrase).subject

    def sign(pdf: bytes) -> bytes:
        return signatures.sign(pdf, signing.pkcs12_file, signing.passphrase, signed_at=signing.at)

    return document.make_document(case, findings, {**about, "signed_by": holder}, sign=sign)


def can_sign() -> bool:
    """Tell whether the part of the program that signs is installed."""
    return find_spec("pyhanko") is not None


def quietly(work: Callable[[], bytes]) -> Callable[[Progress], bytes]:
    """Return work that does not say how far it is."""
    return lambda _: work()


def _enclose(listed: Listed, content: bytes) -> "Enclosure":
    from intake_app.outgoing.enclosures import Enclosure  # noqa: PLC0415  see above

    return Enclosure(listed.title, listed.kind, listed.pages, content, listed.notes)
