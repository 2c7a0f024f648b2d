"""The referral letter: from a case and its findings to the pages of a PDF.

    letter = compose(case, findings, clinic=..., recipient=..., issued=..., version=1, ruleset="...")
    pdf = render(letter)

The PDF can be read aloud (PDF/UA-1) and archived (PDF/A-3a). `render` and `make_letter` take attachments=(), files
that travel inside it.

`make_letter` takes what `compose` takes and returns the PDF. `clinic` maps name, address (lines), phone, fax and
email to texts; `recipient` name, role, clinic, address, phone and fax; all but the clinic's name may be blank.
Arguments of `compose`: clinic, recipient, issued (datetime), version=1, ruleset="", rules_signed=(), signed_by="",
watermark="", reason="" and changes=() (what is new in this version), copies=() (to whom else it goes, each as
recipient), enclosures=() (a line each), left_out=() (ids of pages; `left_out.leave_out` has to take their answers
out of the case first), logo=None, preprinted=0 (for print only), paper="letter" or "a4". A text that no font can
draw is a UserError that names the field, before anything is drawn; `unprintable(case, clinic=..., recipient=...)`
lists them.
"""

from typing import TYPE_CHECKING, Any

from intake_app.case import Case
from intake_app.factors import Finding
from intake_app.letter.blocks import Attachment, Letter, Logo
from intake_app.letter.left_out import leave_out
from intake_app.letter.printable import name_texts, refuse_unprintable, unprintable
from intake_app.letter.sections import compose

if TYPE_CHECKING:
    from intake_app.letter.pdf_archive import Attachments

__all__ = ["Attachment", "Letter", "Logo", "compose", "make_letter", "render", "unprintable"]


def render(letter: Letter, attachments: "Attachments" = ()) -> bytes:
    """Return the PDF of a letter; the same letter and attachments give the same bytes.

    Attachments may be a function from the pages' sums (SHA-256, hexadecimal) to attachments that name them.
    """
    from intake_app.letter import pdf  # noqa: PLC0415  reportlab is only loaded where a letter is drawn

    return pdf.render(letter, attachments)


def make_letter(
    case: Case,
    findings: tuple[Finding, ...],
    *,
    attachments: "Attachments" = (),
    **about: Any,  # noqa: ANN401  as compose
) -> bytes:
    """Return the PDF of a case; takes what `compose` takes. UserError names every field that cannot be printed."""
    refuse_unprintable(case, **name_texts(about))
    case, findings = leave_out(case, findings, about.get("left_out", ()))
    return render(compose(case, findings, **about), attachments)
