"""Intake after intake is evaluated in one process without keeping anything of it."""

import gc
import tracemalloc

from strategies import make_random_case

from intake_app import factors, rules  # noqa: F401  registers the rules

INTAKES = 60  # the soak evaluates ten thousand
FIRST = 20  # that fill what is read once and kept
MOST_KEPT = 20_000  # bytes; a single intake with its findings is more


def make_cases(questionnaire, numbers):
    """Yield a case with half of the questions answered for each number, no two of them the same."""
    asked = [question.id for question in questionnaire.questions]
    for number in numbers:
        yield make_random_case(questionnaire, asked[number % 2 :: 2], number)


def measure_kept(questionnaire, first, last):
    """Return how many bytes are still held after making and evaluating the intakes from one number to another."""
    for case in make_cases(questionnaire, range(first)):
        factors.evaluate_all(case)
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for case in make_cases(questionnaire, range(first, last)):
        factors.evaluate_all(case)
    del case
    gc.collect()
    kept = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    return kept


def test_evaluating_keeps_nothing(questionnaire):
    assert measure_kept(questionnaire, FIRST, FIRST + INTAKES) < MOST_KEPT
