"""A date as people give it, told back in words so that day and month cannot be mixed up."""

from datetime import date

from PySide6.QtCore import QLocale

from intake_app import dates, validation
from intake_app.questions import Answer, Question
from intake_app.ui.typed_field import TypedField

DAYS_IN_WORDS = 14  # up to here a time ago is told in days
WEEKS_IN_WORDS = 26  # then in weeks, months and years
MONTHS_IN_WORDS = 24
BIRTH_DATE = "birth_date"


class DateField(TypedField):
    """One line for a day, a month or a year."""

    def __init__(self, question: Question, today: date) -> None:
        super().__init__(question, width=200)
        self._today = today
        self._month_first = is_month_first()
        self.line.setPlaceholderText("3 May 2026, 5/2026, 2026")
        self.row.addStretch()

    def read_text(self, text: str) -> tuple[Answer, str]:
        """Return the date as precise as it was given."""
        given = dates.read_typed(text, month_first=self._month_first)
        problem = validation.problem(self.question, given or text, self._today)
        return (None, problem) if problem else (given, "")

    def write_value(self, value: Answer) -> str:
        """Return the date in words."""
        return dates.say(value)

    def describe(self, value: Answer) -> str:
        """Return the date in words, and the age or how long ago it was."""
        if self.question.id == BIRTH_DATE:
            age = dates.age(value, self._today)
            return dates.say(value) + (f", {age} years old" if age is not None else "")
        distance = describe_distance(value, self._today)
        return dates.say(value) + (f", {distance}" if distance else "")


def is_month_first() -> bool:
    """Tell whether this computer's owner writes 5/3/2026 for 3 May."""
    pattern = QLocale.system().dateFormat(QLocale.FormatType.ShortFormat)
    return "M" in pattern and "d" in pattern and pattern.index("M") < pattern.index("d")


def describe_distance(given: str, today: date) -> str:
    """Return how long ago a day or a month was, roughly and in words; "" for a year alone or a day to come."""
    first, last = dates.span(given)
    middle = first + (last - first) / 2
    days = (today - middle).days
    if given.count("-") == 0 or last > today:
        return "today" if given.count("-") and days == 0 and first == last else ""
    if dates.is_exact(given) and days < DAYS_IN_WORDS:
        return {0: "today", 1: "yesterday"}.get(days, f"{days} days ago")
    weeks, months = round(days / 7), round(days / 30.44)
    if weeks <= WEEKS_IN_WORDS:
        return f"about {weeks} weeks ago"
    return f"about {months} months ago" if months <= MONTHS_IN_WORDS else f"about {round(months / 12)} years ago"
