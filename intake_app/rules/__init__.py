"""The clinical content: importing this package registers every rule, group by group in the order of the letter."""

from intake_app.rules import (  # noqa: I001  the order is the order in which findings are listed
    red_flags,
    motor_grades,
    reports,
    deficits,
    conservative_care,
    benchmarks,
    indication,
    history,
    neurology,
    concordance,
    complexity,
    health,
    frailty,
    opioids,
    scores,
    completeness,
)

__all__ = [
    "benchmarks",
    "completeness",
    "complexity",
    "concordance",
    "conservative_care",
    "deficits",
    "frailty",
    "health",
    "history",
    "indication",
    "motor_grades",
    "neurology",
    "opioids",
    "red_flags",
    "reports",
    "scores",
]
