"""Every kind of fault at every step of every operation of the store."""

from collections import Counter

import pytest
from faults.operations import OPERATIONS
from faults.preload import run_faults


@pytest.mark.parametrize("name", OPERATIONS)
def test_no_fault_at_any_step_loses_anything(name):
    figures = run_faults(0, name)
    print()
    for kind in figures:
        ends = Counter()
        for end, count in kind["ends"].items():
            ends[end.split(":")[0]] += count
        figure = (
            f"{kind['runs']:4} runs, {kind['told']:4} told, {len(kind['wrong'])} lost or torn, {len(kind['bugs'])} bare"
        )
        print(f"  {name:8} {kind['mode']:7} {figure}   {dict(ends)}")
    assert not [wrong for kind in figures for wrong in kind["wrong"]]
    assert not [bug for kind in figures for bug in kind["bugs"]]
