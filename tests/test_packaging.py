"""What leaves this folder: the wheel, the pinned libraries, and no trace of the machine it was made on."""

import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
REQUIREMENTS = (ROOT / "requirements.txt").read_text(encoding="utf-8")
PINS = {
    canonicalize_name(name): version for name, version in re.findall(r"^([\w.-]+)==(\S+)", REQUIREMENTS, re.MULTILINE)
}

# Written in two halves, or this file would find itself.
REGISTRIES = [
    "py" + "pi.org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "debian" + ".org/debian",
    "conda" + ".anaconda",
]
MACHINE_FOLDERS = ["wo" + "rk", "ro" + "ot", "ho" + "me", "t" + "mp", "o" + "pt", "Us" + "ers"]
TRACES = re.compile(
    "|".join([*map(re.escape, REGISTRIES), rf"(?<![\w.<>$}}/])/(?:{'|'.join(MACHINE_FOLDERS)})/\w"]).encode()
)

ASK_THE_UNPACKED_WHEEL = """
import json, sys
sys.path.insert(0, sys.argv[1])
from intake_app import paths, questions
import db
pages = questions.load(paths.resources()).pages
print(json.dumps({"resources": str(paths.resources()), "db": db.__file__, "pages": len(pages)}))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    run(command, ROOT)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as archive:
        yield archive


@pytest.fixture(scope="module")
def unpacked(wheel, tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    wheel.extractall(folder)
    return folder


def test_the_wheel_holds_the_program_the_store_and_the_resources(wheel):
    source = [path for path in project_files() if path.parts[0] in {"intake_app", "db", "resources"}]
    meant = {path.as_posix() for path in source if not path.name.startswith("make_")}
    expected = {re.sub("^resources/", "intake_app/resources/", name) for name in meant}
    held = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert held == expected
    assert {"db/schema.sql", "intake_app/resources/questions/10_safety.toml"} <= held


def test_the_wheel_carries_its_licence_and_its_command(wheel):
    names = {Path(name).name: name for name in wheel.namelist() if ".dist-info/" in name}
    assert wheel.read(names["LICENSE"]) == (ROOT / "LICENSE").read_bytes()
    assert b"intake-app = intake_app.__main__:main" in wheel.read(names["entry_points.txt"])


def test_the_unpacked_wheel_finds_its_questionnaire_from_another_folder(unpacked, tmp_path):
    command = [sys.executable, "-c", ASK_THE_UNPACKED_WHEEL, str(unpacked)]
    found = json.loads(run(command, tmp_path))
    assert Path(found["resources"]) == unpacked / "intake_app" / "resources"
    assert Path(found["db"]) == unpacked / "db" / "__init__.py"
    assert found["pages"] == len(list((ROOT / "resources" / "questions").glob("*.toml")))


def test_the_unpacked_wheel_starts_from_another_folder(unpacked, tmp_path):
    command = [sys.executable, "-m", "intake_app", "--help"]
    environment = {"PYTHONPATH": str(unpacked), "INTAKE_DATA": str(tmp_path / "data")}
    assert "letter" in run(command, tmp_path, environment)
    assert not list(tmp_path.iterdir())


def test_every_dependency_is_pinned_as_pyproject_asks():
    asked = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["test"]]
    for line in asked:
        requirement = Requirement(line)
        pinned = PINS[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(pinned), f"{line} is pinned to {pinned}: run dev.py lock"


def test_every_pin_has_hashes():
    blocks = re.split(r"\n(?=\S)", REQUIREMENTS.rstrip())
    pins = [block for block in blocks if not block.startswith("#")]
    assert len(pins) == len(PINS)
    assert all(re.match(r"[\w.-]+==\S+.*( \\\n    --hash=sha256:[0-9a-f]{64})+$", block) for block in pins)


def test_no_file_names_a_registry_or_a_folder_of_one_machine():
    faults = [
        f"{path}: {found.group().decode()}"
        for path in project_files()
        for found in TRACES.finditer((ROOT / path).read_bytes())
    ]
    assert not faults


@pytest.mark.parametrize(
    ("text", "is_trace"),
    [
        (f"https://{REGISTRIES[0]}/simple", True),
        (f"open('/{MACHINE_FOLDERS[0]}/main/x')", True),
        (f"see /{MACHINE_FOLDERS[2]}/anna", True),
        (f"exercise at gym/{MACHINE_FOLDERS[2]}/pool", False),
        ("#!/usr/bin/env python3", False),
    ],
)
def test_a_trace_is_recognised(text, is_trace):
    assert bool(TRACES.search(text.encode())) is is_trace


def run(command, folder, environment=None) -> str:
    """Run a command in a folder and return what it printed; its complaint is the test's complaint."""
    variables = {**os.environ, **(environment or {})}
    done = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def project_files() -> list[Path]:
    """Return what a commit would hold, relative to the root; read from .gitignore, since git may be absent."""
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    ignored = {line.strip("/") for line in lines if line and not line.startswith("#")} | {".git"}
    files = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(set(folders) - ignored)
        files += [Path(folder, name).relative_to(ROOT) for name in sorted(set(names) - ignored)]
    return files
