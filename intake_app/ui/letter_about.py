"""What a letter says besides the answers: letterhead, recipient, version, what goes with it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from db import Store
from intake_app import rulebook
from intake_app.case import make_case
from intake_app.letter.changes import list_changes
from intake_app.ui import clinic_logo, outgoing_work
from intake_app.ui.draft import Draft
from intake_app.ui.letter_request import LetterRequest

NOT_REAL = "NOT REAL"
PREPRINTED = "preprinted_mm"  # the setting
USUAL_PREPRINTED = 40  # mm
PAPER, USUAL_PAPER = "paper", "letter"  # the setting, and what it is until the clinic says otherwise


def compose_about(draft: Draft, request: LetterRequest, letters: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what `letter.compose` takes for the next version; `letters` are those issued before."""
    store = draft.store
    changes = _list_changes(draft, request, letters[-1]["id"]) if letters else ()
    about = {
        "clinic": read_clinic(store),
        "recipient": dict(request.recipient),
        "issued": draft.now(),
        "version": len(letters) + 1,
        "ruleset": rulebook.edition(),
        "rules_signed": rulebook.say_signatures(rulebook.read_signatures(store.setting)),
        "reason": request.why_again,
        "changes": changes,
        "watermark": mark(draft),
        "paper": read_paper(store),
    }
    beside = {
        "copies": tuple({"name": words} for words in request.copies),
        "enclosures": outgoing_work.list_enclosures(request.enclosures) if request.enclosures else (),
        "left_out": request.left_out,
        "logo": clinic_logo.read_kept(store),
    }
    return about | {name: value for name, value in beside.items() if value}


def _list_changes(draft: Draft, request: LetterRequest, letter_id: str) -> tuple[str, ...]:
    """Return what is new since the letter with this id, without what is left out of the next one."""
    case, earlier = draft.case(), json.loads(draft.store.letter_case(letter_id))
    before = make_case(case.questionnaire, earlier["patient"], earlier.get("answers", {}), case.as_of)
    return list_changes(before, case, request.left_out)


def read_clinic(store: Store) -> dict[str, str]:
    """Return the letterhead; a field that was never filled in is blank."""
    return {name: text or "" for name, text in (store.clinic() or {}).items()}


def read_paper(store: Store) -> str:
    """Return on what paper the clinic prints: "letter" or "a4"."""
    return str(store.setting(PAPER, USUAL_PAPER))


def read_preprinted(store: Store) -> float:
    """Return how much of the first page the letterhead of pre-printed paper takes, in mm."""
    return float(store.setting(PREPRINTED, USUAL_PREPRINTED))


def mark(draft: Draft) -> str:
    """Return the watermark of an invented patient's letters."""
    return NOT_REAL if draft.patient["is_demo"] else ""
