"""A million random events in the real window. MONKEY_EVENTS and MONKEY_SEED in the environment change the run."""

import os

from test_monkey import describe, run_monkey

EVENTS = int(os.environ.get("MONKEY_EVENTS", "1000000"))
SEED = int(os.environ.get("MONKEY_SEED", "1"))
WINDOWS = 20
MOST_GROWTH = 50  # MB, from the second window on: by then everything is loaded


def test_a_million_events_find_no_bug_and_take_no_memory():
    found = run_monkey(SEED, EVENTS, WINDOWS, show=True)
    memory = found["memory"]
    growth = memory[-1] - memory[1]
    print(f"\n  monkey: seed {SEED}, {found['events']:,} events in {found['seconds']:.0f} s,")
    print(f"  {len(found['uncaught'])} uncaught, {len(found['warnings'])} warnings of Qt, 0 aborts;")
    print(f"  memory after each window in MB: {memory}; growth {growth:.1f}")
    assert not found["uncaught"], describe(found["uncaught"])
    assert not found["warnings"], describe(found["warnings"])
    assert growth < MOST_GROWTH
