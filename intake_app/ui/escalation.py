"""What the clinic wants to be said on the screen at an urgent answer, and how the hand-off goes on from there."""

from db import Store
from intake_app import handoff
from intake_app.questions import Question
from intake_app.ui.draft import Draft

TEXT, PHONE = "escalation_text", "escalation_phone"  # the settings
SHOW_NOW = "The clinic has asked that this answer be shown to a clinician now."
NO_PHONE = "not entered - ask an administrator"
RECORD = "&Record the hand-off"
RECORD_ANOTHER = "&Record another hand-off"
QUESTIONS = (
    Question(
        TEXT,
        "text",
        "What is said on the screen when an answer has to be shown to a clinician at once?",
        "Words at an urgent answer",
        help=f"Blank: {SHOW_NOW}",
        max_length=200,
    ),
    Question(
        PHONE,
        "text",
        "Which telephone number or extension is called then?",
        "Telephone at an urgent answer",
        max_length=60,
    ),
)


def read_settings(store: Store) -> dict[str, str]:
    """Return what the clinic has entered: setting to text, "" where nothing is."""
    return {question.id: str(store.setting(question.id, "")) for question in QUESTIONS}


def say_words(store: Store) -> str:
    """Return the clinic's own words at an urgent answer, or ours."""
    return read_settings(store)[TEXT] or SHOW_NOW


def say_phone(store: Store) -> str:
    """Return whom to call, in a line."""
    return f"Phone: {read_settings(store)[PHONE] or NO_PHONE}"


def say_button(draft: Draft) -> str:
    """Return what the button says that leads to the hand-off."""
    return RECORD_ANOTHER if handoff.is_outrun(draft.case(), draft.findings()) else RECORD


def begin_handoff(draft: Draft, *, waive: bool = False) -> str:
    """Return the question at which the hand-off goes on; one that later flags have outrun is put aside first."""
    if handoff.is_outrun(draft.case(), draft.findings()):
        for name, value in handoff.start_over(draft.case()).items():
            draft.save(name, value)
    return handoff.WAIVED[0] if waive else handoff.first_gap(draft.case(), draft.findings())
