"""Ten thousand different intakes, each evaluated in the same process."""

import gc
import os
import time
from pathlib import Path

import pytest
from test_many_intakes import make_cases, measure_kept

from intake_app import factors

INTAKES, CHUNK = 10_000, 500
MOST_GROWTH = 5  # MB


def megabytes():
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@pytest.mark.gate("evaluated intakes", f"{INTAKES:,} intakes, growth under {MOST_GROWTH} MB")
def test_ten_thousand_intakes_take_no_memory(questionnaire, record_property):
    memory, spent = [], 0.0
    for first in range(0, INTAKES, CHUNK):
        cases = list(make_cases(questionnaire, range(first, first + CHUNK)))
        began = time.perf_counter()
        for case in cases:
            factors.evaluate_all(case)
        spent += time.perf_counter() - began
        del cases
        gc.collect()
        memory.append(round(megabytes(), 1))
    kept = measure_kept(questionnaire, 50, 250)
    growth = memory[-1] - memory[1]
    figure = f"{INTAKES:,} intakes, {spent / INTAKES * 1000:.2f} ms each, {memory[0]} to {memory[-1]} MB, growth {growth:.1f}"
    record_property("figure", f"{figure}; {kept:,} bytes of Python's held after 200 more")
    assert growth < MOST_GROWTH
