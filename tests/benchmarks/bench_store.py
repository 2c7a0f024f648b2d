"""Saving an answer, each committed with its journal row: the bar is 1 ms in the median."""

import statistics
import time
from datetime import UTC, datetime

from db import open_store

SAVES = 500


def time_saves(path, key):
    """Return how long each of many saves took, in milliseconds."""
    now = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
    with open_store(path, key) as store:
        intake_id = store.start_intake(store.add_patient({"family_name": "Roe"}, now), now)
        times = []
        for number in range(SAVES):
            started = time.perf_counter()
            store.save_answer(intake_id, f"question_{number % 50}", f"answer {number}", now)
            times.append((time.perf_counter() - started) * 1000)
    return times


def test_an_answer_is_saved_within_a_millisecond(tmp_path):
    plain, encrypted = (time_saves(tmp_path / name / "clinic.db", key) for name, key in (("p", None), ("e", b"k" * 32)))
    medians = statistics.median(plain), statistics.median(encrypted)
    print(
        f"\nsaving an answer: median {medians[0]:.2f} ms, encrypted {medians[1]:.2f} ms ({medians[1] / medians[0]:.2f}x)"
    )
    assert max(medians) <= 1
