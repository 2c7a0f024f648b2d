"""Runs operations while the disk fails at every n-th step; loaded with faults.c, it prints a line of JSON for each kind.

    run_faults.py FOLDER MOST OPERATION ...

MOST is the number of steps of each operation and kind that are tried, spread evenly; 0 tries all.
"""

import ctypes
import json
import os
import shutil
import signal
import sys
import traceback
from collections import Counter
from pathlib import Path

from faults.intake import records
from faults.operations import CARELESS, OPERATIONS, WRONG

from db import StoreError, list_rescued
from intake_app.errors import UserError

MODES = ("kill", "torn", "short", "eio", "enospc", "fsync")
KNOWN = OPERATIONS | CARELESS
LIBRARY = ctypes.CDLL(None)


def run_one(operation, folder, mode, step):
    """Work in a process of its own; return what it told and how it ended: steps, "killed" or the error's words."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            work(operation, folder, mode, step, write)
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        lines = [json.loads(line) for line in pipe.read().split(b"\n")[:-1]]
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        lines.append({"end": "killed" if os.WTERMSIG(status) == signal.SIGKILL else "aborted"})
    told = {line["told"] for line in lines if "told" in line}
    return told, next((line["end"] for line in lines if "end" in line), "bug: it ended without a word")


def work(operation, folder, mode, step, write):
    def say(**words):
        os.write(write, json.dumps(words).encode() + b"\n")

    LIBRARY.faults_arm(str(folder).encode(), mode.encode(), ctypes.c_long(step))
    try:
        operation.work(folder, lambda words: say(told=words))
    except (StoreError, UserError) as error:
        say(end=f"sentence: {error.what} | {error.hint}")
    except BaseException as error:  # noqa: BLE001 whatever it is, it is a bug
        frames = [f"{Path(f.filename).name}:{f.lineno}" for f in traceback.extract_tb(error.__traceback__)]
        say(end=f"bug: {type(error).__name__} {error} at {' '.join(frames[-4:])}")
    say(end=f"steps: {LIBRARY.faults_count()}")


def check(operation, folder, told):
    try:
        wrong = operation.check(folder, told)
    except (StoreError, *WRONG) as error:
        wrong = [f"unreadable: {type(error).__name__} {error}"]
    return wrong + [f"a false alarm: {name}" for name, _ in list_rescued(records(folder))]


def try_kind(name, base, mode, most):
    """Try one operation with one kind of fault at every step; return the figures."""
    operation, folder = KNOWN[name], base.with_name("run")
    found = {"operation": name, "mode": mode, "runs": 0, "told": 0, "wrong": [], "bugs": [], "ends": Counter()}
    shutil.copytree(base, folder)
    _, end = run_one(operation, folder, mode, 10**9)
    steps = int(end.removeprefix("steps: "))
    shutil.rmtree(folder)
    tried = (
        range(1, steps + 1) if not most or steps <= most else [1 + n * (steps - 1) // (most - 1) for n in range(most)]
    )
    for step in tried:
        shutil.copytree(base, folder)
        told, end = run_one(operation, folder, mode, step)
        found["runs"] += 1
        found["told"] += len(told)
        found["ends"]["went on" if end.startswith("steps") else end] += 1
        found["wrong"] += [f"step {step}: {what}" for what in check(operation, folder, told)]
        found["bugs"] += [f"step {step}: {end}"] if end.startswith(("bug", "aborted")) else []
        shutil.rmtree(folder)
    return found


def main():
    folder, most = Path(sys.argv[1]), int(sys.argv[2])
    for name in sys.argv[3:] or OPERATIONS:
        base = folder / name / "base"
        base.mkdir(parents=True)
        KNOWN[name].prepare(base)
        for mode in MODES:
            print(json.dumps(try_kind(name, base, mode, most)), flush=True)


if __name__ == "__main__":
    main()
