"""Every kind of fault at every step of every operation of the store."""

from collections import Counter

import pytest
from faults.operations import OPERATIONS
from faults.preload import run_faults


@pytest.mark.gate("disk faults", "0 lost or torn, 0 without a sentence")
@pytest.mark.parametrize("name", OPERATIONS)
def test_no_fault_at_any_step_loses_anything(name, record_property):
    figures = run_faults(0, name)
    for kind in figures:
        ends = Counter()
        for end, count in kind["ends"].items():
            ends[end.split(":")[0]] += count
        figure = (
            f"{kind['runs']:4} runs, {kind['told']:4} told, {len(kind['wrong'])} lost or torn, {len(kind['bugs'])} bare"
        )
        print(f"  {name:8} {kind['mode']:7} {figure}   {dict(ends)}")
    wrong = [wrong for kind in figures for wrong in kind["wrong"]]
    bugs = [bug for kind in figures for bug in kind["bugs"]]
    runs, told = (sum(kind[count] for kind in figures) for count in ("runs", "told"))
    figure = f"{runs:,} runs, {told:,} told, {len(wrong)} lost or torn, {len(bugs)} without a sentence"
    record_property("figure", figure)
    assert not wrong
    assert not bugs
