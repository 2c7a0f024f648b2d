"""The libraries with known faults are left behind: what is installed, what is pinned, and what is asked for."""

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
import reportlab
from packaging.requirements import Requirement
from packaging.version import Version
from sqlcipher3 import dbapi2

from db import StoreError, connection

ROOT = Path(__file__).resolve().parents[1]
# The first version without the fault: CVE-2023-33733 and fetched pictures; the WAL reset, by the library that holds it;
# what reads strangers' PDFs and pictures, and locks the keys, must not fall behind what we tried either.
SOUND = {"reportlab": "5.1", "sqlcipher3": "0.6.4", "pikepdf": "10.17", "pillow": "12", "cryptography": "45"}
OLDEST_SQLITE = (3, 51, 3)
PIN = re.compile(
    r"^([\w.-]+)(?:\[[\w,-]+\])?==(\S+)(?: ; .*?)?((?: \\\n    --hash=sha256:[0-9a-f]{64})*)$", re.MULTILINE
)
LOCK = (ROOT / "requirements.txt").read_text("utf-8")


@pytest.mark.parametrize("name", SOUND)
def test_check_33_no_library_with_a_known_fault_is_installed_or_pinned(name):
    pinned = {found[1].lower(): found[2] for found in PIN.finditer(LOCK)}
    assert Version(version(name)) >= Version(SOUND[name])
    assert Version(pinned[name]) >= Version(SOUND[name])


def test_check_33_nobody_can_install_an_older_one_of_those_that_are_asked_for():
    asked = map(Requirement, tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"])
    floors = {each.name.lower(): each.specifier for each in asked}
    for name in ("reportlab", "sqlcipher3", "pikepdf", "cryptography"):
        assert not floors[name].contains("0.1"), f"{name} has no oldest version"
    assert not floors["reportlab"].contains("4.4.4")
    assert not floors["sqlcipher3"].contains("0.6.3")


def test_check_33_the_sqlite_that_is_used_cannot_damage_a_wal():
    assert dbapi2.sqlite_version_info >= OLDEST_SQLITE
    assert connection.OLDEST_SQLITE >= OLDEST_SQLITE
    with pytest.raises(StoreError, match="too old"):
        connection.check_library((3, 51, 2))
    assert Version(reportlab.__version__) >= Version("5.1")


def test_check_33_every_package_is_pinned_by_its_hashes():
    lines = [line for line in LOCK.splitlines() if line and not line.startswith((" ", "#"))]
    pins = list(PIN.finditer(LOCK))
    assert len(pins) == len(lines) > 20
    assert not [pin[1] for pin in pins if not pin[3]]
