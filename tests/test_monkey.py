"""Whoever hits keys and buttons at random finds no bug, no complaint of Qt's and no end of the program."""

import json
import os
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE

from quick_folder import quick_folder

HERE = Path(__file__).parent
SEED, EVENTS, WINDOWS = 20261122, 6_000, 2  # the soak does a million


def run_monkey(seed, events, windows, *, show=False):
    """Let the monkey play in a process of its own and return what it says; with `show`, what it tells meanwhile is seen."""
    path = f"{HERE.parent}{os.pathsep}{HERE}"
    words = [sys.executable, "-X", "faulthandler", str(HERE / "monkey.py")]
    with quick_folder() as folder:
        words += [str(folder), str(seed), str(events), str(windows)]
        last = folder / "last"
        last.touch()
        done = subprocess.run(
            words,
            env=os.environ | {"PYTHONPATH": path},
            stdout=PIPE,
            stderr=None if show else PIPE,
            text=True,
            check=False,
        )
        before = last.read_text("utf-8").strip()
    assert done.returncode == 0, f"it ended with {done.returncode} after\n{before}\n{(done.stderr or '')[-4000:]}"
    return json.loads(done.stdout)


def describe(found):
    """Return what went wrong and what was done before, for a person to do again."""
    told = [f"event {each['event']}\n{chr(10).join(each['before'])}\n{each['what']}" for each in found]
    return "\n\n".join(told[:3])


def test_random_keys_and_clicks_find_no_bug():
    found = run_monkey(SEED, EVENTS, WINDOWS)
    assert found["events"] == EVENTS
    assert not found["uncaught"], describe(found["uncaught"])
    assert not found["warnings"], describe(found["warnings"])
