"""Signs a finished letter with a clinician's certificate (PAdES), and says of a signed file whether it still holds.

Needs the extra `sign` (pyHanko), which is loaded only when a letter is signed or a signature checked. A signed letter
stays PDF/UA-1 and PDF/A-3a, and its own bytes are final: sign last.
"""

import asyncio
import io
import logging
import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pikepdf
from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from pikepdf import Array, Dictionary, Name, String

from intake_app.errors import UserError
from intake_app.letter.pdf_archive import end_streams

if TYPE_CHECKING:
    from collections.abc import Callable

FIELD = "ReferralSignature"
SAYS = {"en": "Electronic signature of the letter", "es": "Firma electrónica de la carta"}
PRINTED_AND_LOCKED = 132  # flags of the annotation
SIGNATURES_FINAL = 3  # flags of the form: there are signatures, and the file may only be added to
REASON = "Referral letter issued"
HEXADECIMAL = re.compile(rb"<(?:[0-9a-f]+|[0-9A-F]+)>")
WRITTEN_WITH_SIGNATURE = ("/Version", "/Extensions")  # of the catalogue
REMAINS = re.compile(rb"/ByteRange|/ETSI\.CAdES\.detached|/adbe\.pkcs7")
MISSING = (
    "Signing needs a part of the program that is not installed here.",
    "Ask who looks after this computer to install the extra “sign” of Spine intake.",
)


@dataclass(frozen=True, slots=True)
class Certificate:
    """Whose certificate it is, who issued it, and from when until when it may be used."""

    subject: str
    issuer: str
    begins: datetime
    ends: datetime
    self_issued: bool


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """What is known of a file's signature; `sentence` says it to a person.

    `state`: "unsigned", "intact", "altered" (the signed text is not what was signed), "extended" (something was added
    after signing), "damaged" (the signature or the file cannot be read). `at` is the signer's own clock.
    """

    state: str
    sentence: str
    by: str = ""
    at: datetime | None = None
    certificate: Certificate | None = None

    @property
    def intact(self) -> bool:
        """Tell whether the file is, to the byte, what was signed."""
        return self.state == "intact"


UNSIGNED = SignatureReport("unsigned", "This file carries no signature.")
UNREADABLE = SignatureReport("damaged", "The file is damaged: its signature cannot be read. Do not use it.")


def read_certificate(pkcs12_file: bytes, passphrase: str) -> Certificate:
    """Return whose certificate a PKCS#12 file (.p12, .pfx) holds; UserError if it cannot be used for signing."""
    return _load(pkcs12_file, passphrase)[0]


def sign(pdf: bytes, pkcs12_file: bytes, passphrase: str, *, signed_at: datetime) -> bytes:
    """Return a letter signed by the holder of a certificate at `signed_at` (aware, and named in the signature).

    UserError: wrong passphrase, damaged file, no key in it, certificate not yet or no longer valid or not meant for
    signatures, letter signed before, pyHanko not installed.
    """
    certificate, key = _load(pkcs12_file, passphrase)
    _refuse_unfit(certificate, key, signed_at)
    signer = _make_signer(pkcs12_file, passphrase)
    return asyncio.run(_sign(add_field(pdf), signer, certificate.subject, signed_at))


def _load(pkcs12_file: bytes, passphrase: str) -> tuple[Certificate, x509.Certificate]:
    try:
        key, found, _ = pkcs12.load_key_and_certificates(pkcs12_file, passphrase.encode() or None)
    except ValueError as error:
        if "password" in str(error):  # the library's own word for it
            raise UserError("The passphrase does not open this certificate file.", "Type it again.") from error
        raise UserError(
            "The certificate file is damaged or is not a certificate file (.p12 or .pfx).", "Choose another file."
        ) from error
    if key is None or found is None:
        raise UserError(
            "The certificate file holds no private key, so nothing can be signed with it.",
            "Export the certificate again, together with its private key.",
        )
    return _describe(found), found


def _describe(found: x509.Certificate) -> Certificate:
    return Certificate(
        _common_name(found.subject),
        _common_name(found.issuer),
        found.not_valid_before_utc,
        found.not_valid_after_utc,
        found.subject == found.issuer,
    )


def _common_name(name: x509.Name) -> str:
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else name.rfc4514_string()


def _refuse_unfit(certificate: Certificate, found: x509.Certificate, at: datetime) -> None:
    if at < certificate.begins:
        raise UserError(
            f"The certificate of {certificate.subject} is valid only from {certificate.begins:%Y-%m-%d}.",
            "Use another certificate, or check this computer's date.",
        )
    if at > certificate.ends:
        raise UserError(
            f"The certificate of {certificate.subject} expired on {certificate.ends:%Y-%m-%d}.",
            "Ask its issuer for a new one.",
        )
    try:
        usage = found.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not (usage.digital_signature or usage.content_commitment):
        raise UserError(
            f"The certificate of {certificate.subject} is not meant for signatures.",
            "Choose the certificate that was issued for signing.",
        )


def _make_signer(pkcs12_file: bytes, passphrase: str) -> Any:  # noqa: ANN401  pyHanko is loaded late
    _load_pyhanko()
    from pyhanko.sign.signers import SimpleSigner  # noqa: PLC0415

    return SimpleSigner.load_pkcs12_data(pkcs12_file, other_certs=(), passphrase=passphrase.encode() or None)


def add_field(content: bytes) -> bytes:
    """Return a letter with an empty signature field that a screen reader can name: pyHanko's own would have no tag."""
    with _open(content) as pdf:
        if "/AcroForm" in pdf.Root:
            raise UserError("This letter is signed already.", "To change it, issue a new version.")
        page = pdf.pages[-1].obj
        tree = pdf.Root.StructTreeRoot
        place = int(tree.ParentTreeNextKey)
        language = str(pdf.Root.get("/Lang", "en"))[:2]
        says = String(SAYS.get(language, SAYS["en"]))
        field = pdf.make_indirect(
            Dictionary(
                Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T=String(FIELD), TU=says, Contents=says,
                F=PRINTED_AND_LOCKED, Rect=Array([0, 0, 0, 0]), P=page, StructParent=place,
            )
        )  # fmt: skip
        page.Annots = Array([*page.get("/Annots", ()), field])
        pdf.Root.AcroForm = pdf.make_indirect(Dictionary(Fields=Array([field]), SigFlags=SIGNATURES_FINAL))
        _tag(pdf, field, page, says)
        out = io.BytesIO()
        pdf.save(
            out,
            fix_metadata_version=False,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
        return end_streams(out.getvalue())


def empty_field(pdf: pikepdf.Pdf) -> None:
    """Take out of an open file what `sign` writes after `add_field`: it differs with every signature and is not shown.

    That is the signature, and which version of PDF pyHanko counts it to. A field of anybody else's is emptied too.
    """
    for name in WRITTEN_WITH_SIGNATURE:
        if name in pdf.Root:
            del pdf.Root[name]
    for field in pdf.Root.get("/AcroForm", Dictionary()).get("/Fields", Array()):
        if field.get("/FT") == Name.Sig and "/V" in field:
            del field["/V"]


def _open(content: bytes) -> pikepdf.Pdf:
    try:
        return pikepdf.open(io.BytesIO(content))
    except pikepdf.PdfError as error:
        raise UserError("The letter's file is damaged.", "Take the letter from the records again.") from error


def _tag(pdf: pikepdf.Pdf, field: pikepdf.Object, page: pikepdf.Object, says: String) -> None:
    """Give the field its place at the end of the letter's tags."""
    tree = pdf.Root.StructTreeRoot
    document = tree.K[0] if isinstance(tree.K, Array) else tree.K
    element = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Form, P=document, Pg=page, Alt=says))
    element.K = Dictionary(Type=Name.OBJR, Obj=field, Pg=page)
    document.K = Array([*document.K, element]) if isinstance(document.K, Array) else Array([document.K, element])
    place = int(field.StructParent)
    pikepdf.NumberTree(tree.ParentTree)[place] = element
    tree.ParentTreeNextKey = place + 1


async def _sign(content: bytes, signer: Any, name: str, at: datetime) -> bytes:  # noqa: ANN401
    """Return the file with the field filled: the steps of pyHanko's `sign_pdf`, at a time that is given."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415
    from pyhanko.sign.fields import SigSeedSubFilter  # noqa: PLC0415
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner  # noqa: PLC0415
    from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes  # noqa: PLC0415

    writer: Any = IncrementalPdfFileWriter(io.BytesIO(content))
    # it would write the metadata anew, without the schema that PDF/A asks for; `test_signing` watches this name
    writer._update_meta = lambda: None  # noqa: SLF001
    about = PdfSignatureMetadata(field_name=FIELD, reason=REASON, name=name, subfilter=SigSeedSubFilter.PADES)
    session = PdfSigner(about, signer).init_signing_session(writer, existing_fields_only=True)
    session.system_time = at
    room = await session.estimate_signature_container_size(None)
    prepared = session.prepare_tbs_document(validation_info=None, bytes_reserved=room)
    digest, out = prepared.digest_tbs_document()
    attributes = PdfCMSSignedAttributes(signing_time=at)
    done = await prepared.perform_signature(digest.document_digest, attributes)
    await done.post_signature_processing(out)
    out.seek(0)
    return bytes(out.read())


def is_signed(pdf: bytes) -> bool:
    """Tell whether a readable PDF carries a filled signature field; says nothing of whether it holds."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        form = opened.Root.get("/AcroForm", Dictionary())
        return any(field.get("/FT") == Name.Sig and "/V" in field for field in form.get("/Fields", Array()))


def check_signature(pdf: bytes) -> SignatureReport:
    """Return whether a file is what was signed, by whom and when; UserError if pyHanko is not installed.

    Nothing is fetched: whether the issuer is to be trusted, and whether the certificate was called back, is not judged.
    """
    _load_pyhanko()
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415

    try:
        found = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
        if found:
            return _report(found[0], pdf)
    except Exception:  # noqa: BLE001  a file that was tampered with breaks a reader anywhere
        return UNREADABLE
    return UNREADABLE if REMAINS.search(pdf) else UNSIGNED


def _load_pyhanko() -> None:
    """Load pyHanko, which takes half a second, and keep it from writing about a file into a log."""
    try:
        import pyhanko.sign  # noqa: PLC0415
    except ImportError as error:
        raise UserError(*MISSING) from error
    for name in (pyhanko.__name__, "pyhanko_certvalidator"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _report(embedded: Any, pdf: bytes) -> SignatureReport:  # noqa: ANN401
    from pyhanko.sign.validation import validate_pdf_signature  # noqa: PLC0415
    from pyhanko.sign.validation.status import SignatureCoverageLevel  # noqa: PLC0415
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415

    roots = ValidationContext(trust_roots=[embedded.signer_cert], allow_fetching=False)
    status = validate_pdf_signature(embedded, roots, skip_diff=True)
    certificate = _describe(x509.load_der_x509_certificate(embedded.signer_cert.dump()))
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    if not status.intact:
        state = "altered"
    elif not status.valid or not _is_clean(embedded, pdf):
        state = "damaged"
    else:
        state = "intact" if whole else "extended"
    at = embedded.self_reported_timestamp
    return SignatureReport(state, SENTENCES[state](certificate, at), certificate.subject, at, certificate)


def _is_clean(embedded: Any, pdf: bytes) -> bool:  # noqa: ANN401
    """Tell whether the room kept for the signature holds it and nothing else: no signature covers its own room."""
    from asn1crypto.parser import peek  # type: ignore[import-untyped]  # noqa: PLC0415

    start, length, end, _ = (int(number) for number in embedded.byte_range)
    room = bytes(embedded.pkcs7_content)
    return bool(HEXADECIMAL.fullmatch(pdf[start + length : end])) and not room[peek(room) :].strip(b"\0")


def _say_intact(certificate: Certificate, at: datetime | None) -> str:
    when = f" on {at:%Y-%m-%d at %H:%M}" if at else ""
    said = f"Signed by {certificate.subject}{when} and unchanged since."
    if at and not certificate.begins <= at <= certificate.ends:
        said += " The certificate was not valid at that time."
    if certificate.self_issued:
        return f"{said} The certificate was issued by its holder: ask whether it is theirs."
    return f"{said} The certificate was issued by {certificate.issuer}; this program does not judge the issuer."


SENTENCES: "dict[str, Callable[[Certificate, datetime | None], str]]" = {
    "intact": _say_intact,
    "altered": lambda who, _: f"The file was changed after {who.subject} signed it. Do not use it.",
    "extended": lambda who, _: f"Something was added to the file after {who.subject} signed it. Do not rely on it.",
    "damaged": lambda who, _: f"The signature in the name of {who.subject} is damaged. Do not rely on it.",
}
