"""Keeps a finished letter in the records, and tells what has to be settled before one may be issued."""

from collections.abc import Mapping
from typing import Any

from intake_app import handoff, rulebook
from intake_app.case import Case, write_case_file
from intake_app.factors import Finding
from intake_app.ui import safety_age
from intake_app.ui.draft import Draft
from intake_app.ui.letter_request import LetterRequest, list_choices

NO_HANDOFF = (
    "Clinic protocol asks that a clinician is told about this patient's answers first."
    " Record to whom, when and by whom it was handed over, or which clinician decided otherwise, and why."
)
NO_RECIPIENT = "Nobody is named to whom it goes. Name the recipient beside the letter."
NO_REASON = "A letter was issued before; it has to be said why there is another. Give the reason beside the letter."
IS_ISSUED = "Its letter is issued, and nothing has changed since."


def keep_letter(draft: Draft, case: Case, pdf: bytes, request: LetterRequest) -> Mapping[str, Any]:
    """Keep a letter as the intake's next version, with what it was made from; StoreError if it could not be."""
    return draft.store.issue_letter(
        draft.intake_id,
        pdf,
        write_case_file(case),
        rulebook.say_edition(rulebook.read_signatures(draft.store.setting)),
        request.recipient,
        str(case.answers.get("prepared_by") or ""),  # or else whoever has signed in
        draft.now(),
        request.why_again,
        list_choices(request),
    )


def find_gap(draft: Draft, request: LetterRequest) -> str:
    """Return what is missing before a letter can be issued without anybody looking at it; "" if nothing is."""
    if draft.store.intake(draft.intake_id)["closed_at"]:
        return IS_ISSUED
    if draft.store.letters(draft.intake_id) and not request.why_again:
        return NO_REASON
    if not request.recipient:
        return NO_RECIPIENT
    return safety_age.say_aged(draft, safety_age.find_aged(draft))


def say_untold(case: Case, findings: tuple[Finding, ...]) -> str:
    """Return that a clinician has to be told first; "" if nobody has."""
    return NO_HANDOFF if handoff.is_open(case, findings) else ""
