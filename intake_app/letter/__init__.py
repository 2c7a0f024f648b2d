"""The referral letter: from a case and its findings to the pages of a PDF.

    letter = compose(case, findings, clinic=..., recipient=..., issued=..., version=1, ruleset="...")
    pdf = render(letter)

`make_letter` takes what `compose` takes and returns the PDF. `clinic` maps name, address (lines), phone, fax and
email to texts; `recipient` name, role, clinic, address, phone and fax; all but the clinic's name may be blank.
Arguments of `compose`: clinic, recipient, issued (datetime), version=1, ruleset="", rules_signed=(), signed_by="",
watermark="", reason="" and changes=() (what is new in this version), paper="letter" or "a4". A text that no font can
draw is a UserError that names the field, before anything is drawn; `unprintable(case, clinic=..., recipient=...)`
lists them.
"""

from typing import Any

from intake_app.case import Case
from intake_app.factors import Finding
from intake_app.letter.blocks import Letter
from intake_app.letter.printable import refuse_unprintable, unprintable
from intake_app.letter.sections import compose

__all__ = ["Letter", "compose", "make_letter", "render", "unprintable"]


def render(letter: Letter) -> bytes:
    """Return the PDF of a letter; the same letter gives the same bytes."""
    from intake_app.letter import pdf  # noqa: PLC0415  reportlab is only loaded where a letter is drawn

    return pdf.render(letter)


def make_letter(case: Case, findings: tuple[Finding, ...], **about: Any) -> bytes:  # noqa: ANN401  as compose
    """Return the PDF of a case; takes what `compose` takes. UserError names every field that cannot be printed."""
    named = {name: about[name] for name in ("clinic", "recipient")}
    refuse_unprintable(case, **named, letter={"signed_by": about.get("signed_by"), "reason": about.get("reason")})
    return render(compose(case, findings, **about))
