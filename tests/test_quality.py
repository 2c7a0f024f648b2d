"""The linter, the formatter and the type checker, so that one command says whether a change may go in."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    "command",
    [
        "ruff check",
        "ruff format --check",
        "mypy",
        "mypy dev.py",
        "mypy --platform=win32 dev.py",
    ],
)
def test_the_code_passes(command):
    words = [sys.executable, "-m", *command.split()]
    result = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
