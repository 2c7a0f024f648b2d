"""A number with its unit, typed as people write it."""

from datetime import date

from intake_app import validation
from intake_app.questions import Answer, Question
from intake_app.ui.answer_widget import make_label
from intake_app.ui.typed_field import TypedField
from intake_app.ui.typed_numbers import read_number


class NumberField(TypedField):
    """A number; no arrows, because a wheel or a key must not change an answer unseen."""

    def __init__(self, question: Question, today: date) -> None:
        super().__init__(question, width=140)
        self._today = today
        if question.unit:
            self.row.addWidget(make_label(question.unit, "unit", wrap=False))
        self.row.addStretch()

    def read_text(self, text: str) -> tuple[Answer, str]:
        """Return the number in the unit of the question; whole numbers without a point."""
        number = read_number(text, self.question.unit, self.question.decimals)
        problem = validation.problem(self.question, text if number is None else number, self._today)
        if number is None or problem:
            return None, problem or ""
        return (int(number) if number.is_integer() else number), ""

    def write_value(self, value: Answer) -> str:
        """Return the number without a needless point."""
        return validation.number_words(value)

    def describe(self, value: Answer) -> str:
        """Return the number in the unit when it was typed in another."""
        typed = self.line.text().strip().replace(",", ".")
        words = f"{validation.number_words(value)} {self.question.unit}".strip()
        is_plain = typed.replace(" ", "") in (words.replace(" ", ""), validation.number_words(value))
        return "" if is_plain or typed.replace(".", "").isdigit() else words
