#!/usr/bin/env python3
"""Prepare this folder and start the program or its tests, with nothing but Python 3.11 or newer.

    python3 dev.py run [ARGUMENTS]    start the program; without a screen, write a demo letter
    python3 dev.py test [ARGUMENTS]   run the tests; the arguments go to pytest
    python3 dev.py bench              run the benchmarks
    python3 dev.py soak               run the long tests
    python3 dev.py mutate [FILE ...]  change the rules one number at a time; every change must fail a test
    python3 dev.py lock [--upgrade]   write requirements.txt again from pyproject.toml

On Windows say "py dev.py run". The first start makes .venv and installs what requirements.txt pins.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parent
REQUIREMENTS = ROOT / "requirements.txt"
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "installed"
LOCK = ROOT / ".venv.lock"
DEMO = ROOT / "letters-demo"
COMPARED = ROOT / "tests" / "benchmarks" / "requirements.txt"
COMPARED_IN = ROOT / ".venv-bench"

UV_INSTALL = ["pip", "install", "--quiet", "--python", str(PYTHON)]
PIP_INSTALL = ["install", "--quiet", "--disable-pip-version-check"]
OPEN_QT = "from PySide6.QtWidgets import QApplication; QApplication([])"

# What the system must hold: for any start of Qt, for a window on a Linux screen, to install anything.
SYSTEM_PACKAGES = {
    "apt-get": {
        "qt": "libgl1 libegl1 libxkbcommon0 libdbus-1-3 libfontconfig1 libglib2.0-0",
        "screen": "libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxcb-xkb1 libxkbcommon-x11-0"
        " libcups2",  # printers
        "pip": "python3-venv",
    },
    "dnf": {
        "qt": "mesa-libGL mesa-libEGL libxkbcommon dbus-libs fontconfig glib2",
        "screen": "xcb-util-cursor xcb-util-wm xcb-util-keysyms libxkbcommon-x11",
        "pip": "python3-pip",
    },
}


def run(arguments: list[str]) -> int:
    """Start the program; without a screen, write an invented patient's letter and say where it is."""
    prepare()
    if has_screen():
        check_qt(dict(os.environ))
        return start(["intake_app", *arguments])
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    check_qt(environment)
    if arguments and not arguments[0].startswith("-"):
        return start(["intake_app", *arguments], environment)  # letter, check ...: these need no window
    say("There is no screen here, so an invented patient gets a letter instead of a window.")
    code = start(["intake_app", "demo", "-o", str(DEMO)], environment)
    for letter in sorted(DEMO.glob("*.pdf")) if code == 0 else ():
        say(f"The letter is at {letter}")
    return code


def test(arguments: list[str]) -> int:
    """Run the tests without opening windows, unless the caller names another QT_QPA_PLATFORM."""
    prepare()
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    check_qt(environment)
    return start(["pytest", "-q", *arguments], environment, ROOT)


def bench(arguments: list[str]) -> int:
    """Run tests/benchmarks/bench_*.py and show their figures, beside the libraries that are only compared with."""
    if COMPARED.is_file():
        prepare()
        prepare_compared()
        arguments = ["-o", f"pythonpath=tests {COMPARED_IN.name}", *arguments]
    return test(["tests/benchmarks", "-o", "python_files=bench_*.py", "-p", "no:cacheprovider", "-s", *arguments])


def soak(arguments: list[str]) -> int:
    """Run tests/soak/soak_*.py, which take long on purpose."""
    return test(["tests/soak", "-o", "python_files=soak_*.py", "-p", "no:cacheprovider", "-s", *arguments])


def mutate(arguments: list[str]) -> int:
    """Change every number and comparison of the rules, one at a time, and see that a test finds it."""
    prepare()
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    return start(["tests.mutation", *arguments], environment, ROOT)


def lock(arguments: list[str]) -> int:
    """Pin every dependency with its hashes for all platforms; the file names no address it came from."""
    prepare()
    options = ["--universal", "--generate-hashes", "--extra=test", "--no-annotate", "--quiet"]
    options += ["--no-emit-index-url", "--no-emit-find-links", "--custom-compile-command=python3 dev.py lock"]
    output = ["--output-file=requirements.txt", "pyproject.toml"]
    return start(["uv", "pip", "compile", *options, *arguments, *output], folder=ROOT)


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "run": run,
    "test": test,
    "bench": bench,
    "soak": soak,
    "mutate": mutate,
    "lock": lock,
}


def prepare() -> None:
    """Make .venv hold what requirements.txt pins, and this project; do nothing when neither changed."""
    with one_at_a_time():
        libraries, project = wanted = wanted_state()
        found = installed_state()
        if found == wanted:
            return
        STAMP.unlink(missing_ok=True)  # whatever is interrupted from here on is done again
        if found[0] != libraries:
            build_venv()
        install_project()
        write_whole(STAMP, f"{libraries}\n{project}\n")
        say("Ready.")


def prepare_compared() -> None:
    """Put the libraries that the benchmarks compare with into a folder of their own: .venv stays as it is locked."""
    stamp, wanted = COMPARED_IN / "installed", hashlib.sha256(COMPARED.read_bytes()).hexdigest()
    with one_at_a_time():
        if stamp.is_file() and stamp.read_text(encoding="utf-8").split()[0] == wanted:
            return
        say("Installing the libraries that the benchmarks compare with")
        shutil.rmtree(COMPARED_IN, ignore_errors=True)
        target = ["--target", str(COMPARED_IN), "--require-hashes", "-r", str(COMPARED)]
        if not succeeds([str(PYTHON), "-m", "uv", *UV_INSTALL, *target]):
            fail("They could not be installed; the lines above say why. Is the network reachable?")
        write_whole(stamp, wanted)


def wanted_state() -> tuple[str, str]:
    """Return a digest of what decides the libraries and where they are, and one for the project."""
    python = ".".join(map(str, sys.version_info[:2]))
    libraries = hashlib.sha256(f"{python} {platform.machine()} {ROOT}\n".encode() + REQUIREMENTS.read_bytes())
    project = hashlib.sha256((ROOT / "pyproject.toml").read_bytes())
    return libraries.hexdigest(), project.hexdigest()


def installed_state() -> tuple[str, str]:
    """Return the digests of the last finished installation, or two empty texts when there is none."""
    if not (STAMP.is_file() and PYTHON.exists()):
        return "", ""
    libraries, project = STAMP.read_text(encoding="utf-8").split()
    return libraries, project


def build_venv() -> None:
    """Make .venv from nothing and fill it: PySide6's wheels share files and cannot be taken out singly."""
    say(f"Making {VENV} with Python {platform.python_version()}")
    venv.EnvBuilder(clear=True, with_pip=False, symlinks=os.name != "nt").create(VENV)
    say("Installing the libraries; the first time this fetches about 150 MB")
    for install in find_installers():
        if succeeds([*install, "--require-hashes", "-r", str(REQUIREMENTS)]):
            return
        say("That did not work; trying another way")
    fail("The libraries could not be installed; the lines above say why. Is the network reachable?")


def find_installers() -> Iterator[list[str]]:
    """Yield the ways to fill .venv, fastest first; a later one is made ready when the earlier failed."""
    if uv := shutil.which("uv"):
        yield [uv, *UV_INSTALL]
    pip = find_pip()
    only_uv = VENV / "uv.txt"
    only_uv.write_text(pinned_lines("uv"), encoding="utf-8")
    if succeeds([*pip, "--require-hashes", "-r", str(only_uv)]):
        yield [str(PYTHON), "-m", "uv", *UV_INSTALL]
    yield pip


def find_pip() -> list[str]:
    """Return a pip that fills .venv: Python's own copy, the system's, or the one that apt brings."""
    own = [str(PYTHON), "-m", "pip", *PIP_INSTALL]
    if has_ensurepip():
        return own
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip", "--python", str(PYTHON), *PIP_INSTALL]
    if install_system_packages("pip") and has_ensurepip():
        return own
    return fail(f"This Python can install nothing: it has no pip. Do this, then try again:\n  {advice('pip')}")


def has_ensurepip() -> bool:
    """Put Python's own pip into .venv; return whether it has one, which Debian packages separately."""
    importlib.invalidate_caches()  # apt may have brought it while we run
    return bool(importlib.util.find_spec("ensurepip")) and succeeds([str(PYTHON), "-m", "ensurepip"])


def pinned_lines(name: str) -> str:
    """Return the lines of requirements.txt that pin this one package with its hashes."""
    text = REQUIREMENTS.read_text(encoding="utf-8")
    block = re.search(rf"^{re.escape(name)}==.*\n(?:[ \t]+.*\n)*", text, re.MULTILINE)
    return block.group() if block else ""


def install_project() -> None:
    """Install this project from its folder, so that an edit counts at once; needs no network."""
    options = ["--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    inside = ([str(PYTHON), "-m", "uv", *UV_INSTALL], [str(PYTHON), "-m", "pip", *PIP_INSTALL])
    if not any(succeeds([*install, *options]) for install in inside):
        fail("This project could not be installed into .venv; the lines above say why.")


def check_qt(environment: dict[str, str]) -> None:
    """Make sure that Qt opens with this environment; install what the system lacks where that is allowed."""
    needs = ("qt",) if environment.get("QT_QPA_PLATFORM") == "offscreen" else ("qt", "screen")
    words = qt_complaint(environment)
    if "could not connect to display" in words:
        fail(f"The screen that DISPLAY names does not answer ({environment.get('DISPLAY')}).")
    if words and install_system_packages(*needs):
        words = qt_complaint(environment)
    if words and platform.system() == "Linux":
        fail(f"Qt cannot start here:\n  {words}\nInstall what it needs, then try again:\n  {advice(*needs)}")
    if words:
        fail(f"Qt cannot start here:\n  {words}\nIt needs Windows 10 or macOS 13, or newer.")


def qt_complaint(environment: dict[str, str]) -> str:
    """Return why Qt cannot open, in its own words, or an empty text when it can."""
    command = [str(PYTHON), "-c", OPEN_QT]
    attempt = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if attempt.returncode == 0:
        return ""
    lines = [line for line in attempt.stderr.splitlines() if line and not line.startswith((" ", "Traceback"))]
    return "\n  ".join(lines[:3]) or f"exit code {attempt.returncode}"


def install_system_packages(*needs: str) -> bool:
    """Let apt install what is needed, as root on Debian and its relatives; return whether it did."""
    if not (is_root() and shutil.which("apt-get")):
        return False
    say(f"The system lacks something; doing this: {advice(*needs)}")
    apt = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-y"]
    succeeds([*apt, "update"])  # a failure shows again, and better explained, in the next line
    names = " ".join(SYSTEM_PACKAGES["apt-get"][need] for need in needs).split()
    return succeeds([*apt, "install", "--no-install-recommends", *names])


def advice(*needs: str) -> str:
    """Return the command a person can type to install what is needed; Debian's names where none is known."""
    manager = next(filter(shutil.which, SYSTEM_PACKAGES), "apt-get")
    names = " ".join(SYSTEM_PACKAGES[manager][need] for need in needs)
    return f"{'' if is_root() else 'sudo '}{manager} install -y {names}"


def is_root() -> bool:
    """Return whether system packages may be installed; Windows has no such user."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def has_screen() -> bool:
    """Return whether a window can be shown, or the caller has decided by naming a Qt platform."""
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return platform.system() in {"Windows", "Darwin"} or any(os.environ.get(name) for name in names)


def start(module: list[str], environment: dict[str, str] | None = None, folder: Path | None = None) -> int:
    """Run a module of .venv to its end and return its exit code; Ctrl+C is left to the module to answer."""
    with subprocess.Popen([str(PYTHON), "-m", *module], env=environment, cwd=folder) as child:
        while child.poll() is None:
            with contextlib.suppress(KeyboardInterrupt):
                child.wait()
    return child.returncode if child.returncode >= 0 else 128 - child.returncode


def succeeds(command: list[str]) -> bool:
    """Run a command and return whether it succeeded; of its words only the complaints are shown."""
    silent = subprocess.DEVNULL
    done = subprocess.run(command, stdout=silent, cwd=ROOT, close_fds=False, check=False)
    return done.returncode == 0


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold a lock that the system takes back when this process and its installers end, however they end."""
    with LOCK.open("a+b") as file:
        os.set_inheritable(file.fileno(), True)  # noqa: FBT003 - an installer that outlives us holds it on
        if not take_lock(file.fileno()):
            say("Waiting for another dev.py that is installing")
        while not take_lock(file.fileno()):
            time.sleep(0.2)
        yield


def take_lock(handle: int) -> bool:
    """Try to lock an open file for this process and return whether it is ours now."""
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - exists only there

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415 - exists only here

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def write_whole(path: Path, text: str) -> None:
    """Write a small file so that it is never seen half written."""
    beside = path.with_suffix(".new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def say(words: str) -> None:
    """Tell the person what happens, before the installers' own lines."""
    print(f"dev.py: {words}", flush=True)


def fail(words: str) -> NoReturn:
    """Stop with a sentence and exit code 1."""
    sys.exit(f"dev.py: {words}")


def main() -> int:
    """Do what the first argument names and return the exit code; 2 when it names nothing known."""
    if sys.version_info < (3, 11):  # noqa: UP036 - an older Python must hear it from us
        fail(f"Python 3.11 or newer is needed; this is {platform.python_version()} ({sys.executable}).")
    name, *arguments = sys.argv[1:] or [""]
    if name not in COMMANDS:
        print(__doc__)
        return 0 if name in {"help", "-h", "--help"} else 2
    try:
        return COMMANDS[name](arguments)
    except OSError as fault:
        fail(f"{fault}\nIs the disk full, or a program running from {VENV}? Close it and try again.")
    except KeyboardInterrupt:
        fail("Stopped. The next start carries on from here.")


if __name__ == "__main__":
    sys.exit(main())
