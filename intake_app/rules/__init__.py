"""The clinical content: importing this package registers every rule, group by group in the order of the letter."""

from intake_app.rules import (  # noqa: I001  the order is the order in which findings are listed
    red_flags,
    motor_grades,
    reports,
    conservative_care,
    benchmarks,
    indication,
    history,
    neurology,
    concordance,
    complexity,
    health,
    scores,
    completeness,
)

__all__ = [
    "benchmarks",
    "completeness",
    "complexity",
    "concordance",
    "conservative_care",
    "health",
    "history",
    "indication",
    "motor_grades",
    "neurology",
    "red_flags",
    "reports",
    "scores",
]
