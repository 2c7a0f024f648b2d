"""Nothing that is read is ever run. What tests/test_architecture.py forbids is not repeated here."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = sorted([*ROOT.glob("intake_app/**/*.py"), *ROOT.glob("db/**/*.py")])
# Calls that run a text, or take a name from what was read; modules that start programs or believe what they read.
RUNS = {"compile", "__import__", "execfile", "os.startfile", "os.posix_spawn", "ctypes.CDLL", "runpy.run_path"}
OURSELVES = {"ctypes.CDLL(None)"}  # loads nothing: the process as it is
RUNS_PREFIXES = ("os.exec", "os.spawn", "asyncio.create_subprocess")
BELIEVES = {"yaml", "dill", "cloudpickle", "jsonpickle", "joblib", "code", "codeop", "runpy", "imp", "pty"}
PLAIN_XML = {"xml.etree.ElementTree", "xml.dom.minidom", "xml.dom.pulldom", "xml.sax", "lxml.etree", "xmlrpc"}
STARTERS = {"subprocess", "multiprocessing"}
# Where a program is started on purpose: a second copy of this one, for files of others that may hang or crash it.
MAY_START = {"intake_app/outgoing/child.py"}


def find_runs(path, source):
    """Yield what in a module would run what it reads."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            if (name in RUNS and ast.unparse(node) not in OURSELVES) or name.startswith(RUNS_PREFIXES):
                yield f"{path}:{node.lineno} calls {name}"
        for module in imported(node):
            top = module.split(".")[0]
            if top in BELIEVES or module in PLAIN_XML or (top in STARTERS and path not in MAY_START):
                yield f"{path}:{node.lineno} imports {module}"


def imported(node):
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [node.module, *[f"{node.module}.{alias.name}" for alias in node.names]]
    return []


def test_check_24_nothing_that_is_read_is_run():
    assert PROGRAM
    found = [run for path in PROGRAM for run in find_runs(str(path.relative_to(ROOT)), path.read_text("utf-8"))]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "compile(text, '', 'exec')", "__import__(name)", "os.execv('a', [])", "import subprocess", "import yaml",
        "from xml.etree import ElementTree", "import lxml.etree", "from multiprocessing import Pool",
        "ctypes.CDLL(path)",
    ],
)  # fmt: skip
def test_an_offence_is_found(source):
    assert len(list(find_runs("intake_app/case.py", source))) >= 1
