"""The search for a diagnosis code, key by key: the bar is 5 ms to the first results."""

import statistics
import time

from intake_app import codes

TYPED = (
    "slipped disc left",
    "lumbar stenosis with claudication",
    "m51.36",
    "spndylolisthesis",
    "low back pain",
    "neck",
)


def test_every_keystroke_finds_within_5_ms():
    codes.warm()
    times = []
    for text in TYPED:
        for end in range(1, len(text) + 1):
            started = time.perf_counter()
            codes.search(text[:end])
            times.append((time.perf_counter() - started) * 1000)
    print(f"\ncode search: median {statistics.median(times):.2f} ms, longest {max(times):.2f} ms of {len(times)} keys")
    assert max(times) <= 5
