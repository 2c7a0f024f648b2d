"""How long ago the safety questions were asked, and whether they have to be asked again before a letter is issued."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from db import Store
from intake_app.case import Case
from intake_app.letter.planning import ASKED_AGAIN, SAFETY, red_flag_questions
from intake_app.letter.words import say_moment
from intake_app.ui.draft import Draft

HOURS = "safety_hours"  # the setting; 0 means never
USUAL_HOURS = 24
UNCHANGED = "&All answers are unchanged, asked again now"
OTHERS_UNCHANGED = "&All other answers are unchanged, asked again now"
HOW = "Read each question again. Change what is different; then confirm the rest with the button."
RECORDED = "Recorded: asked again now, the answers are unchanged."
BEFORE_LETTER = "They have to be asked again before a letter is issued."


def read_hours(store: Store) -> int:
    """Return after how many hours the clinic wants the safety questions asked again; 0 for never."""
    return int(store.setting(HOURS, USUAL_HOURS))


def find_aged(draft: Draft) -> tuple[str, ...]:
    """Return the answered safety questions that were last asked longer ago than the clinic allows."""
    hours = read_hours(draft.store)
    if draft.store.intake(draft.intake_id)["closed_at"]:  # its letter is issued
        return ()
    oldest = draft.now() - timedelta(hours=hours)
    return tuple(name for name, moment in _list_asked(draft.case()) if moment < oldest) if hours else ()


def say_aged(draft: Draft, aged: tuple[str, ...]) -> str:
    """Return which safety questions were asked too long ago, in a sentence; "" when none was."""
    if not aged:
        return ""
    asked = dict(_list_asked(draft.case()))
    oldest = min(asked[name] for name in aged)
    hours = read_hours(draft.store)
    ago = f"more than {hours} hours ago" if hours > 1 else "more than an hour ago"
    which = "The safety questions were" if len(aged) == len(asked) else f"{len(aged)} of the safety questions were"
    if len(aged) == 1:
        which = "One of the safety questions was"
    return f"{which} last asked on {say_moment(oldest)}, {ago}. {BEFORE_LETTER}"


def say_last_asked(case: Case) -> str:
    """Return when a safety question was last asked, in words; "" when it is not known."""
    times = [moment for _, moment in _list_asked(case)]
    return say_moment(max(times)) if times else ""


def confirm_unchanged(draft: Draft) -> bool:
    """Record that every safety question was asked again now and its answer is the same; return whether it is stored."""
    return draft.save(ASKED_AGAIN, say_moment(draft.now()))


def say_confirmation(draft: Draft, aged: tuple[str, ...]) -> str:
    """Return what the button says that confirms the answers."""
    return UNCHANGED if len(aged) == len(dict(_list_asked(draft.case()))) else OTHERS_UNCHANGED


def is_about_safety(page_id: str) -> bool:
    """Tell whether a page is the one with the safety questions."""
    return page_id == SAFETY


def _list_asked(case: Case) -> Iterator[tuple[str, datetime]]:
    """Yield every safety question that has an answer, and when it was last asked."""
    again = case.answered_at.get(ASKED_AGAIN)
    for question in red_flag_questions(case):
        moment = case.answered_at.get(question.id)
        if question.id in case.answers and moment:
            yield question.id, max(moment, again) if again else moment
