"""Check 27: whatever fails at whichever step of a save, a letter, a migration or a first start, nothing told is lost."""

import pytest
from faults.operations import OPERATIONS
from faults.preload import run_faults

STEPS = 6  # of each operation and kind here; the soak tries all


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_failing_disk_loses_nothing_and_is_told_in_a_sentence(name):
    figures = run_faults(STEPS, name)
    assert [kind["mode"] for kind in figures] == ["kill", "torn", "short", "eio", "enospc", "fsync"]
    for kind in figures:
        assert kind["wrong"] == []
        assert kind["bugs"] == []
        assert kind["runs"] >= 2
    ends = {kind["mode"]: set(kind["ends"]) for kind in figures}
    assert ends["kill"] == ends["torn"] == {"killed"}
    assert ends["short"] == {"went on"}
    for mode in ("eio", "enospc", "fsync"):
        assert any(end.startswith("sentence: ") for end in ends[mode])


def test_a_careless_writer_is_found():
    found = {kind["mode"]: kind for kind in run_faults(STEPS, "careless")}
    assert found["torn"]["wrong"]
    assert found["eio"]["bugs"]
