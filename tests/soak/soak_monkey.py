"""A million random events in the real window. MONKEY_EVENTS and MONKEY_SEED in the environment change the run.

Before the first event the program shows each of its screens once, in every script: fonts, code lists and pieces of
letters that it keeps from then on are no growth. Growth is what it has when the last of the windows is closed, less
what it had when the first was: 19 windows and 950,000 events later. All figures are printed.
"""

import os

import pytest
from test_monkey import describe, run_monkey

EVENTS = int(os.environ.get("MONKEY_EVENTS", "1000000"))
SEED = int(os.environ.get("MONKEY_SEED", "1"))
WINDOWS = 20
MOST_GROWTH = 50  # MB


@pytest.mark.gate("monkey", f"{EVENTS:,} events, 0 uncaught, 0 warnings, 0 aborts, growth under {MOST_GROWTH} MB")
def test_a_million_events_find_no_bug_and_take_no_memory(record_property):
    found = run_monkey(SEED, EVENTS, WINDOWS, show=True)
    growth = found["memory"][-1] - found["memory"][0]
    print(f"  memory in MB: {found['shown']} once everything was shown, after each window {found['memory']}")
    faults = f"{len(found['uncaught'])} uncaught, {len(found['warnings'])} warnings, 0 aborts"
    record_property("figure", f"seed {SEED}, {found['events']:,} events, {faults}, growth {growth:.1f} MB")
    assert found["events"] == EVENTS
    assert not found["uncaught"], describe(found["uncaught"])
    assert not found["warnings"], describe(found["warnings"])
    assert growth < MOST_GROWTH
