"""A crash leaves no copy of the memory on the disk."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 200  # waits of 50 ms


@pytest.mark.skipif(not Path("/proc/self/limits").exists(), reason="only Linux tells a program's limits like this")
def test_check_35_the_running_program_allows_no_core_dump(tmp_path):
    environment = os.environ | {"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen", "INTAKE_DATA": str(tmp_path)}
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    if hard == 0:
        pytest.skip("core dumps cannot be allowed here")
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))  # as on a machine where they are on
    try:
        program = subprocess.Popen([sys.executable, "-m", "intake_app"], env=environment)
    finally:
        resource.setrlimit(resource.RLIMIT_CORE, (soft, hard))
    with program:
        try:
            assert wait_for_zero(program.pid) == "0"
        finally:
            program.kill()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a program forbid it")
def test_check_35_no_crash_reporter_and_no_other_program_gets_the_memory():
    asked = "import ctypes; from intake_app import app; app._forbid_looking_in(); print(ctypes.CDLL(None).prctl(3))"
    environment = os.environ | {"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    said = subprocess.run([sys.executable, "-c", asked], env=environment, capture_output=True, check=True)
    assert said.stdout == b"0\n"  # PR_GET_DUMPABLE


def wait_for_zero(pid):
    """Return the soft limit of core dumps once it is zero, or what it still is after a while."""
    for _ in range(PATIENCE):
        lines = Path(f"/proc/{pid}/limits").read_text("ascii").splitlines()
        [limit] = [line.split()[4] for line in lines if line.startswith("Max core file size")]
        if limit == "0":
            break
        time.sleep(0.05)
    return limit
