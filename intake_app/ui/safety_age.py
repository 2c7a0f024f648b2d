"""How long ago the safety questions were asked, and whether they have to be asked again before a letter is issued."""

from datetime import timedelta

from db import Store
from intake_app.letter.front_page import list_asked, say_span
from intake_app.letter.planning import ASKED_AGAIN, SAFETY
from intake_app.letter.words import say_moment
from intake_app.ui.draft import Draft

HOURS = "safety_hours"  # the setting; 0 means never
USUAL_HOURS = 24
AHEAD = timedelta(minutes=5)  # by which the clocks of a clinic may differ
UNCHANGED = "&All answers are unchanged, asked again now"
OTHERS_UNCHANGED = "&All other answers are unchanged, asked again now"
HOW = "Read each question again. Change what is different; then confirm the rest with the button."
RECORDED = "Recorded: asked again now, the answers are unchanged."
BEFORE_LETTER = "They have to be asked again before a letter is issued."


def read_hours(store: Store) -> int:
    """Return after how many hours the clinic wants the safety questions asked again; 0 for never."""
    return int(store.setting(HOURS, USUAL_HOURS))


def find_aged(draft: Draft) -> tuple[str, ...]:
    """Return the answered safety questions that were last asked longer ago than the clinic allows.

    Those too whose time has not come yet: the clock was ahead, and nobody knows how long ago it was.
    """
    hours = read_hours(draft.store)
    if not hours or draft.store.intake(draft.intake_id)["closed_at"]:  # its letter is issued
        return ()
    oldest, latest = draft.now() - timedelta(hours=hours), draft.now() + AHEAD
    asked = list_asked(draft.case(), latest)
    return tuple(name for name, moment in asked.items() if not oldest <= moment <= latest)


def say_aged(draft: Draft, aged: tuple[str, ...]) -> str:
    """Return which safety questions were asked too long ago, in a sentence; "" when none was."""
    if not aged:
        return ""
    latest = draft.now() + AHEAD
    asked = list_asked(draft.case(), latest)
    times = [asked[name] for name in aged]
    hours = read_hours(draft.store)
    ago = f"more than {hours} hours ago" if hours > 1 else "more than an hour ago"
    if max(times) > latest:
        ago = "by a clock that was ahead"
    which = "The safety questions were" if len(aged) == len(asked) else f"{len(aged)} of the safety questions were"
    if len(aged) == 1:
        which = "One of the safety questions was"
    return f"{which} last asked {say_span(times, 'on ')}, {ago}. {BEFORE_LETTER}"


def confirm_unchanged(draft: Draft) -> bool:
    """Record that every safety question was asked again now and its answer is the same; return whether it is stored."""
    return draft.save(ASKED_AGAIN, say_moment(draft.now()))


def say_confirmation(draft: Draft, aged: tuple[str, ...]) -> str:
    """Return what the button says that confirms the answers."""
    return UNCHANGED if len(aged) == len(list_asked(draft.case())) else OTHERS_UNCHANGED


def is_about_safety(page_id: str) -> bool:
    """Tell whether a page is the one with the safety questions."""
    return page_id == SAFETY
