"""The Meyerding grade of a slip of one vertebra on the next, from its percentage."""

MEYERDING = ((25, 1), (50, 2), (75, 3), (100, 4))  # per cent of slip up to which a grade reaches [C]
ROMAN = ("", "I", "II", "III", "IV", "V")


def meyerding(percent: float) -> int:
    """Return the Meyerding grade, 1 to 5, of a slip in per cent; 0 for no slip."""
    if percent <= 0:
        return 0
    return next((grade for limit, grade in MEYERDING if percent <= limit), 5)


def say_grade_of(percent: float) -> str:
    """Return the grade that a slip in per cent corresponds to, in words."""
    grade = meyerding(percent)
    return f"grade {ROMAN[grade]}" if grade else "no slip"
