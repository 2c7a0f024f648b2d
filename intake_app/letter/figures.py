"""Which picture stands where in the letter; each says in words what the answers beside it say."""

from intake_app.case import Case
from intake_app.letter.blocks import Figure
from intake_app.letter.body_chart import draw_body_chart
from intake_app.letter.history import ROWS
from intake_app.letter.score_bars import draw_score_bars
from intake_app.letter.timeline import draw_timeline

FRONT_WIDTH = 450.0  # points beside a zone's name; what is too wide is drawn smaller
DETAILS_WIDTH = 450.0
BODY_HEIGHT = 235.0
BODY_MAP = "pain_map"


def draw_for_front(case: Case) -> tuple[Figure, ...]:
    """Return the small timeline that stands below the treatments: one says nothing, and many fill the page."""
    several = 1 < len(case.entries("treatments")) <= ROWS
    picture = draw_timeline(case, FRONT_WIDTH, small=True) if several else None
    return (Figure(picture, can_go=True),) if picture else ()


def draw_for_page(case: Case, page_id: str) -> tuple[Figure, ...]:
    """Return the picture that belongs to a page of the questionnaire, in the details."""
    if page_id == "symptoms":
        picture = draw_body_chart(case.answers.get(BODY_MAP, ()), BODY_HEIGHT)
    elif page_id == "scores":
        picture = draw_score_bars(case, DETAILS_WIDTH)
    elif page_id == "treatments":
        picture = draw_timeline(case, DETAILS_WIDTH)
    else:
        return ()
    return (Figure(picture),) if picture else ()
