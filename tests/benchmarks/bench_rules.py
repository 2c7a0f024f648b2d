"""All rules over one intake: the bar is 5 ms for a usual one; a very long one and memory over many are told too."""

import gc
import statistics
import sys
import time
from datetime import date
from pathlib import Path

import intake_app.rules  # noqa: F401  registers the rules
from intake_app import factors
from intake_app.case import make_case, read_case_file

CASES = Path(__file__).parents[1] / "cases"
AS_OF = date(2026, 11, 22)
USUAL, LONG = 10, 200  # treatments
INTAKES = 10_000
FEW_BLOCKS = 500  # what the test runner itself may take meanwhile
KINDS = ("nsaid", "physical_therapy", "esi_interlaminar", "brace", "home_exercise", "opioid")


def filled(questionnaire, treatments):
    """Return the longest published case with every safety question answered and many treatments."""
    case = read_case_file((CASES / "stenosis_revision.json").read_text("utf-8"), questionnaire, AS_OF)
    safety = {q.id: "no" for q in questionnaire.pages[0].questions if q.type == "yes_no" and not q.shown_when}
    tried = tuple(
        {
            "category": KINDS[n % len(KINDS)],
            "start": f"2026-{n % 9 + 1:02}-{n % 27 + 1:02}",
            "ongoing": "no",
            "end": f"2026-10-{n % 27 + 1:02}",
            "response": "none",
        }
        for n in range(treatments)
    )
    return make_case(questionnaire, case.patient, {**case.answers, **safety, "treatments": tried}, AS_OF)


def measure(case, rounds=30):
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        factors.evaluate_all(case)
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times), min(times)


def test_all_rules_over_a_usual_intake_take_5_ms(questionnaire):
    median, best = measure(filled(questionnaire, USUAL))
    many, _ = measure(filled(questionnaire, LONG), rounds=5)
    blank, _ = measure(make_case(questionnaire, {}, {}, AS_OF))
    print(f"\nall {len(factors.RULES)} rules: {USUAL} treatments median {median:.2f} ms (best {best:.2f})")
    print(f"{LONG} treatments {many:.1f} ms; blank intake {blank:.2f} ms")
    assert best <= 5  # the machine may be busy with something else meanwhile


def test_ten_thousand_intakes_leave_no_memory_behind(questionnaire):
    cases = [filled(questionnaire, treatments) for treatments in range(3)]
    blocks = []
    for number in range(INTAKES + 1):
        if number % (INTAKES // 4) == 0:
            gc.collect()
            blocks.append(sys.getallocatedblocks())
        factors.evaluate_all(cases[number % 3])
    print(f"\nmemory blocks after each quarter of {INTAKES} intakes: {blocks}")
    assert blocks[-1] - blocks[1] < FEW_BLOCKS
