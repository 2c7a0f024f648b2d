"""Compiles the small libraries of this folder and runs Python with one of them under it."""

import json
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from quick_folder import quick_folder

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def build(name, folder):
    """Compile NAME.c and return the library; skip the test where that cannot be done."""
    if platform.system() != "Linux":
        pytest.skip("a disk can be made to fail by LD_PRELOAD on Linux only")
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        pytest.skip("there is no C compiler here to build the failing disk with")
    library = folder / f"{name}.so"
    flags = ["-shared", "-fPIC", "-O1", "-Wall", "-Werror"]
    subprocess.run([compiler, *flags, "-o", str(library), str(HERE / f"{name}.c"), "-ldl"], check=True)
    return library


def run(library, script, *arguments, **environment):
    """Run a script of this folder with a library under it and return what it printed; its complaints fail the test."""
    words = [sys.executable, str(HERE / script), *map(str, arguments)]
    path = f"{ROOT}{os.pathsep}{HERE.parent}"
    env = {**os.environ, "PYTHONPATH": path, "LD_PRELOAD": str(library), **environment}
    done = subprocess.run(words, env=env, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def run_faults(most, *names):
    """Try operations with every kind of fault at up to `most` steps each; return a dict of figures for each kind."""
    with quick_folder() as folder:
        out = run(build("faults", folder), "run_faults.py", folder, most, *names)
    return [json.loads(line) for line in out.splitlines()]
