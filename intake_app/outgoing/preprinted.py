"""An issued letter once more, for paper that bears the clinic's head already: to print, never to keep.

The same letter, or none: both bear the same mark at the foot.
"""

from intake_app import factors, letter
from intake_app.errors import UserError
from intake_app.letter.left_out import leave_out
from intake_app.outgoing import document, proof
from intake_app.questions import Questionnaire

OTHERWISE = (
    "This letter was issued with another version of the program, its rules or questions, and would read otherwise now.",
    "Print the letter as it was issued, on plain paper.",
)


def print_again(pdf: bytes, questionnaire: Questionnaire, head: float) -> bytes:
    """Return the letter of a PDF without its letterhead and its files; so many points at the top of page one stay free.

    UserError if the letter that its data make is not the one that was issued, or if there are no data in it.
    """
    parts = proof.read_parts(pdf)
    case, about = document.read_letter_case(parts.files[document.CASE_FILE], questionnaire)
    case, findings = leave_out(case, factors.evaluate_all(case), about.get("left_out", ()))
    again = letter.compose(case, findings, **{**about, "preprinted": head})
    if again.digest != parts.manifest.get("letter"):
        raise UserError(*OTHERWISE)
    return letter.render(again)
