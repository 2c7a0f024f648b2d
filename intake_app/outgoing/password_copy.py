"""A copy of a letter that opens with a password: for e-mail, never for the archive, and it says so on every page.

PDF/A forbids a password, and a signature does not outlive one: the copy drops the claim and the signature. Tags stay,
so it can be read aloud like the letter itself.
"""

import io
import secrets
import unicodedata

import pikepdf
from pikepdf import Array, Encryption, Name, Pdf, Permissions, Rectangle, String

from intake_app.errors import UserError

SHORTEST = 10  # characters: a file can be tried against many passwords
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32 characters
LONGEST = 127  # bytes: what the format keeps
SAYS = {
    "en": "Password copy. The archive copy is the clinic's own file of this letter.",
    "es": "Copia con contraseña. La copia de archivo es el documento original de la clínica.",
}


def make_password() -> str:
    """Return a password of 60 bits that can be told by telephone: three groups of four, nothing that looks alike."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))


def lock_copy(pdf: bytes, password: str) -> bytes:
    """Return a copy of a letter, encrypted with AES-256 (revision 6), that says it is not the archive copy.

    What is attached inside the letter is encrypted with it. UserError: password too short, too long or with
    characters that cannot be typed again; letter damaged or locked already.
    """
    secret = _check(password)
    try:
        with Pdf.open(io.BytesIO(pdf)) as copy:
            says = SAYS.get(str(copy.Root.get("/Lang", "en"))[:2], SAYS["en"])
            _drop_signature(copy)
            _stamp(copy, says)
            _declare(copy, says)
            out = io.BytesIO()
            lock = Encryption(owner=secret, user=secret, R=6, allow=Permissions(accessibility=True))
            copy.save(out, encryption=lock, fix_metadata_version=False, preserve_pdfa=False)
            return out.getvalue()
    except pikepdf.PasswordError as error:
        raise UserError(
            "The letter has a password already.", "Make the copy from the letter in the records."
        ) from error
    except pikepdf.PdfError as error:
        raise UserError("The letter's file is damaged.", "Take the letter from the records again.") from error


def _check(password: str) -> str:
    """Return a password as every viewer will understand it when it is typed."""
    plain = unicodedata.normalize("NFKC", password)
    if len(plain) < SHORTEST:
        raise UserError(
            f"The password is too short: it needs at least {SHORTEST} characters.",
            "Use the one that the program offers, or four words.",
        )
    if len(plain.encode()) > LONGEST:
        raise UserError("The password is too long.", "Use at most 60 characters.")
    if not plain.isprintable() or plain != plain.strip():
        raise UserError(
            "The password begins or ends with a space, or holds a character that cannot be typed.",
            "Use letters, figures and signs, and spaces only between them.",
        )
    return plain


def _drop_signature(copy: Pdf) -> None:
    """Take out the signature, which the lock would break, and its place among the tags."""
    form = copy.Root.get("/AcroForm")
    if form is None:
        return
    del copy.Root["/AcroForm"]
    tree = copy.Root.StructTreeRoot
    places = pikepdf.NumberTree(tree.ParentTree)
    for page in copy.pages:
        for field in page.obj.get("/Annots", Array()):
            element = places[int(field.StructParent)]
            kids = element.P.K
            element.P.K = Array([kid for kid in kids if not _is_same(kid, element)])
            del places[int(field.StructParent)]
        if "/Annots" in page.obj:
            del page.obj["/Annots"]


def _is_same(kid: object, element: pikepdf.Object) -> bool:
    return isinstance(kid, pikepdf.Object) and kid.is_indirect and kid.objgen == element.objgen


def _stamp(copy: Pdf, says: str) -> None:
    """Write above every page what this file is; beside the tags, since the title already says it aloud."""
    from intake_app.letter import pdf_stamps  # noqa: PLC0415  reportlab is only loaded where something is drawn

    _, _, width, height = (float(side) for side in copy.pages[0].mediabox)
    stamps = [pdf_stamps.Stamp(says, "")] * len(copy.pages)
    with Pdf.open(io.BytesIO(pdf_stamps.draw_stamps(stamps, width, height))) as sheets:
        for page, sheet in zip(copy.pages, sheets.pages, strict=True):
            page.add_overlay(sheet, Rectangle(0, 0, width, height))


def _declare(copy: Pdf, says: str) -> None:
    """Say in title and description what this file is, and claim no longer to be an archive."""
    with copy.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as meta:
        title = f"{meta.get('dc:title', '')} · {says}".removeprefix(" · ")
        for claim in ("pdfaid:part", "pdfaid:conformance", "pdfaid:rev"):
            if claim in meta:
                del meta[claim]
        meta["dc:title"] = title
        meta["dc:description"] = says
    copy.docinfo[Name.Title] = String(title)
    copy.docinfo[Name.Subject] = String(says)
