"""Which widget answers which type of question."""

from collections.abc import Callable
from datetime import date

from intake_app.questions import Question
from intake_app.ui.answer_widget import AnswerWidget
from intake_app.ui.choice_widgets import ChoicesTiles, ChoiceTiles, ScaleTiles, YesNoTiles
from intake_app.ui.date_field import DateField
from intake_app.ui.find_field import CodeField, OptionField
from intake_app.ui.moment_field import MomentField
from intake_app.ui.number_field import NumberField
from intake_app.ui.text_widgets import LongTextField, TextField

MOST_TILES = 12
MOST_LETTERS = 150  # on all tiles together: about three lines of the narrowest window


def make_widget(question: Question, today: date) -> AnswerWidget:
    """Return the widget for a question of any type but `entries`; on `today` depends which dates can be."""
    return _MAKERS[question.type](question, today)


def _make_choice(question: Question, _today: date) -> AnswerWidget:
    words = [text for _, text in question.options]
    are_short = len(words) <= MOST_TILES and sum(map(len, words)) <= MOST_LETTERS
    return ChoiceTiles(question) if are_short else OptionField(question)


def _make_text(question: Question, today: date) -> AnswerWidget:
    return MomentField(question, today) if question.now else TextField(question, today)


def _make_body_map(question: Question, _today: date) -> AnswerWidget:
    from intake_app.ui.body_map import BodyMapField  # noqa: PLC0415  the first picture needs no drawing of a body

    return BodyMapField(question)


_MAKERS: dict[str, Callable[[Question, date], AnswerWidget]] = {
    "yes_no": lambda question, _today: YesNoTiles(question),
    "choice": _make_choice,
    "choices": lambda question, _today: ChoicesTiles(question),
    "scale": lambda question, _today: ScaleTiles(question),
    "number": NumberField,
    "text": _make_text,
    "long_text": LongTextField,
    "date": DateField,
    "code": lambda question, _today: CodeField(question),
    "body_map": _make_body_map,
}
