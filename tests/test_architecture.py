"""Reads every import, size and name of the program and fails on what the design forbids."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# A part may import the parts of the rows above its own, and itself. A new module gets its place here.
LAYERS = (
    ("intake_app", "errors"),  # the first stands for intake_app/__init__.py
    ("paths", "dates"),
    ("questions", "codes", "vault"),
    ("flow", "validation"),
    ("case",),
    ("factors", "catalogue", "demo", "plausibility"),
    ("rules",),
    ("rulebook", "handoff"),
    ("letter",),
    ("fhir",),
    ("outgoing",),
    ("records",),
    ("ui",),
    ("app",),
    ("cli",),
    ("__main__",),
)
RANK = {part: rank for rank, parts in enumerate(LAYERS) for part in parts}

# What each part may take from db, which stands at the side; the other parts may take nothing.
FROM_DB = {"ui": {"Store", "StoreError"}, "records": {"*"}, "app": {"*"}, "cli": {"*"}}

# Who may import what. No line: everybody. An empty line: nobody.
WINDOW = ("intake_app.ui", "intake_app.ui.*", "intake_app.app")
PRINT = ("intake_app.letter.pdf*", "intake_app.letter.fonts*")
FILES = ("intake_app.outgoing.*",)  # finished PDFs
STORE = ("db", "db.*")
OWNERS = {
    "PySide6": WINDOW,
    "shiboken6": WINDOW,
    "reportlab": PRINT,
    "pikepdf": (*PRINT, *FILES),
    "PIL": (*PRINT, *FILES),
    "bidi": PRINT,
    "uharfbuzz": PRINT,
    "pypdfium2": ("intake_app.ui.*", *FILES),
    "cryptography": ("intake_app.vault*", "intake_app.outgoing.signing"),
    "pyhanko": ("intake_app.outgoing.signing",),
    "keyring": ("intake_app.vault.device",),
    "sqlite_utils": STORE,
    "sqlcipher3": STORE,
    "filelock": (*STORE, "intake_app.vault.keyslots"),
    "rapidfuzz": (*STORE, "intake_app.codes"),
    "click": ("intake_app.cli",),
    "platformdirs": ("intake_app.paths",),
    # a second SQLite in the process can damage the file
    "sqlite3": (),
    # reading a file must never run it
    "pickle": (),
    "marshal": (),
    "shelve": (),
    # an answer never leaves the machine
    "socket": (),
    "ssl": (),
    "http": (),
    "urllib.request": (),
    "ftplib": (),
    "smtplib": (),
    "xmlrpc": (),
    "webbrowser": (),
    "PySide6.QtNetwork": (),
}
# Imported by their own name, though they arrive with a dependency that pyproject.toml names.
ARRIVES_WITH = {
    "shiboken6": "pyside6-essentials",
    "uharfbuzz": "reportlab",
    "pil": "reportlab",
    "asn1crypto": "pyhanko",
    "pyhanko-certvalidator": "pyhanko",
}

LINES_IN_A_FILE = 400
LINES_IN_A_FUNCTION = 29
EMPTY_WORDS = {"manager", "helper", "helpers", "handler", "service", "util", "utils", "base"}
DANGEROUS_CALLS = {"eval", "exec", "os.system", "os.popen", "yaml.load"}
RICH_TEXT = {"setHtml", "insertHtml", "RichText"}


def test_imports_point_one_way():
    assert not list(faults_in(program(), check_directions))


def test_each_library_is_imported_only_where_it_belongs():
    assert not list(faults_in(program(), check_owners))


def test_every_library_is_declared():
    assert not list(faults_in(program(), check_declared))


def test_nothing_runs_text_and_no_rich_text_goes_unexplained():
    assert not list(faults_in(program(), check_danger))


def test_every_module_says_what_it_is_for():
    assert not list(faults_in(program(), check_opening))


def test_names_say_something():
    assert not list(faults_in(program(), check_names))


def test_errors_are_made_where_they_are_raised():
    assert not list(faults_in(program(), check_errors))


def test_files_and_functions_are_small():
    assert not list(faults_in([*program(), *around()], check_sizes))


def test_the_program_was_found():
    modules = {module_name(path) for path in program()}
    assert {"intake_app", "intake_app.errors", "db", "db.store"} <= modules


@pytest.mark.parametrize(
    ("module", "source", "expected"),
    [
        ("intake_app.case", "from intake_app.factors import evaluate", "case must not import factors"),
        ("intake_app.case", "from intake_app import errors, rules", "case must not import rules"),
        ("intake_app.case", "import intake_app.ui.wizard", "case must not import ui"),
        ("intake_app.case", "if TYPE_CHECKING:\n    from intake_app.ui import x", "must not import ui"),
        ("intake_app.case", "def f():\n    from intake_app.letter import x", "must not import letter"),
        ("intake_app.rules.red_flags", "from ..letter import pdf", "rules must not import letter"),
        ("intake_app.flow", "from intake_app import validation", "flow must not import validation"),
        ("intake_app.novelty", "", "novelty has no place in LAYERS"),
        ("intake_app.case", "from intake_app import novelty", "novelty has no place in LAYERS"),
        ("intake_app.case", "from db import Store", "case must not take Store from db"),
        ("intake_app.ui.wizard", "from db import open_store", "ui must not take open_store from db"),
        ("intake_app.app", "from db.connection import open_database", "only through db itself"),
        ("intake_app.app", "import db.store", "only through db itself"),
        ("db.store", "from intake_app.errors import UserError", "db must not import intake_app"),
    ],
)
def test_a_wrong_direction_is_found(module, source, expected):
    assert expected in " ".join(check_directions(module, source))


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("intake_app.app", "from db import open_store\nfrom intake_app.ui.main_window import MainWindow"),
        ("intake_app.ui.wizard", "from db import Store\nfrom intake_app.ui import review_page"),
        ("intake_app.case", "from intake_app import __version__, errors, questions"),
        ("intake_app.rules.scores", "from . import red_flags\nfrom .. import factors"),
        ("db.store", "import json\nfrom db import tables\nfrom .answers import Answers"),
    ],
)
def test_a_right_direction_passes(module, source):
    assert not list(check_directions(module, source))


@pytest.mark.parametrize(
    ("check", "module", "source"),
    [
        ("owners", "intake_app.letter.blocks", "from reportlab.platypus import Paragraph"),
        ("owners", "intake_app.case", "if TYPE_CHECKING:\n    from PySide6 import QtCore"),
        ("owners", "intake_app.ui.wizard", "from PySide6 import QtWidgets, QtNetwork"),
        ("owners", "intake_app.ui.wizard", "import urllib.request"),
        ("owners", "intake_app.cli", "from sqlite_utils import Database"),
        ("owners", "db.store", "import sqlite3"),
        ("declared", "intake_app.case", "import pytest"),
        ("declared", "intake_app.case", "import a_library_nobody_has"),
        ("danger", "intake_app.case", "eval('1')"),
        ("danger", "intake_app.case", "os.system('ls')"),
        ("danger", "intake_app.case", "subprocess.run('ls', shell=True)"),
        ("danger", "db.store", "with self.db.conn:\n    pass"),
        ("danger", "db.store", "with db.conn as c, open('x'):\n    pass"),
        ("danger", "intake_app.ui.wizard", "label.setTextFormat(Qt.TextFormat.RichText)"),
        ("danger", "intake_app.ui.wizard", "view.setHtml(text)"),
        ("opening", "intake_app.case", "import os"),
        ("opening", "intake_app.case", "# only a comment"),
        ("names", "intake_app.ui.tab_helper", ""),
        ("names", "intake_app.ui.wizard", "class PageManager: pass"),
        ("names", "intake_app.ui.wizard", "class RuleBase: pass"),
        ("names", "intake_app.ui.wizard", "def click_handler(): pass"),
        ("errors", "db.twin", 'GONE = StoreError("It is gone.", "")'),
        ("errors", "db.twin", "GONE: Final = errors.StoreError(*WORDS)"),
        ("sizes", "intake_app.case", "x = 1\n" * 401),
        ("sizes", "intake_app.case", "def f():\n" + "    x = 1\n" * 29),
        ("sizes", "intake_app.case", "class A:\n  async def f(\n  self):\n" + "    x = 1\n" * 28),
    ],
)
def test_an_offence_is_found(check, module, source):
    assert len(list(globals()[f"check_{check}"](module, source))) == 1


@pytest.mark.parametrize(
    ("check", "module", "source"),
    [
        ("owners", "intake_app.letter.pdf_tags", "import pikepdf"),
        ("owners", "db.connection", "from urllib.parse import quote\nimport sqlcipher3"),
        ("declared", "intake_app.ui.wizard", "import json, shiboken6\nfrom PySide6 import QtCore\nimport db"),
        ("danger", "db.store", "with db.atomic():\n    evaluate(conn)"),
        ("danger", "intake_app.ui.wizard", "# our own text, escaped\nview.setHtml(page)"),
        ("danger", "intake_app.ui.wizard", "view.setHtml(page)  # escaped in letter.preview"),
        ("opening", "intake_app.case", '"""What it is for."""'),
        ("names", "db.connection", "def open_database(): pass"),
        ("errors", "db.twin", "GONE = (WHAT, HINT)\ndef f(): return StoreError(*GONE)"),
        ("sizes", "intake_app.case", "x = 1\n" * 400),
        ("sizes", "intake_app.case", "def f():\n    '''One.\n\n    Two.\n    '''\n" + "    x = 1\n" * 28),
    ],
)
def test_what_is_allowed_passes(check, module, source):
    assert not list(globals()[f"check_{check}"](module, source))


def program() -> list[Path]:
    """Return the modules that travel in the wheel."""
    return sorted([*ROOT.glob("intake_app/**/*.py"), *ROOT.glob("db/**/*.py")])


def around() -> list[Path]:
    """Return the Python files that stand around the program."""
    return sorted([ROOT / "dev.py", *ROOT.glob("tests/**/*.py"), *ROOT.glob("resources/**/*.py")])


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def faults_in(paths, check) -> Iterator[str]:
    for path in paths:
        for fault in check(module_name(path), path.read_text(encoding="utf-8")):
            yield f"{path.relative_to(ROOT)}: {fault}"


def read_imports(module: str, source: str) -> Iterator[tuple[str, str]]:
    """Yield (module imported from, name taken or ""), also from inside functions and TYPE_CHECKING."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = module.split(".")[: -node.level] if node.level else []
            origin = ".".join([*above, *filter(None, [node.module])])
            yield from ((origin, alias.name) for alias in node.names)


def part_of(module: str, name: str = "") -> str:
    """Return the row entry a module of intake_app belongs to; a name taken from the package itself may be one."""
    pieces = module.split(".")
    if len(pieces) > 1:
        return pieces[1]
    return "intake_app" if name in {"", "__version__"} else name


def check_directions(module: str, source: str) -> Iterator[str]:
    in_db, part = module.split(".", 1)[0] == "db", part_of(module)
    if not in_db and part not in RANK:
        yield f"{part} has no place in LAYERS"
    for origin, name in read_imports(module, source):
        top = origin.split(".")[0]
        if top == "intake_app" and in_db:
            yield "db must not import intake_app"
        elif top == "intake_app" and part in RANK:
            yield from check_layer(part, part_of(origin, name))
        elif top == "db" and not in_db:
            yield from check_side(part, origin, name)


def check_layer(part: str, other: str) -> Iterator[str]:
    if other not in RANK:
        yield f"{other} has no place in LAYERS"
    elif other != part and RANK[other] >= RANK[part]:
        yield f"{part} must not import {other}"


def check_side(part: str, origin: str, name: str) -> Iterator[str]:
    allowed = FROM_DB.get(part, set())
    if origin != "db" or not name:
        yield f"{origin} is reached only through db itself: from db import ..."
    elif not allowed & {"*", name}:
        yield f"{part} must not take {name} from db"


def check_owners(module: str, source: str) -> Iterator[str]:
    for origin, name in read_imports(module, source):
        dotted = f"{origin}.{name}."
        for library, owners in OWNERS.items():
            if dotted.startswith(f"{library}.") and not any(fnmatch(module, owner) for owner in owners):
                yield f"{module} must not import {library}"


def check_declared(module: str, source: str) -> Iterator[str]:
    declared, known = declared_names(), packages_distributions()
    for origin, _ in read_imports(module, source):
        top = origin.split(".")[0]
        if top in sys.stdlib_module_names or top in {"intake_app", "db"}:
            continue
        names = {canonical(name) for name in [top, *known.get(top, [])]}
        names |= {ARRIVES_WITH[name] for name in names & ARRIVES_WITH.keys()}
        if not names & declared:
            yield f"{module} imports {top}, which pyproject.toml does not name"


def declared_names() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    lines = [*project["dependencies"], *extras["sign"], *extras["keyring"]]
    return {canonical(re.split(r"[^\w.-]", line, maxsplit=1)[0]) for line in lines}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def check_danger(module: str, source: str) -> Iterator[str]:
    lines = ["", *source.splitlines()]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in DANGEROUS_CALLS:
            yield f"{module}:{node.lineno} calls {ast.unparse(node.func)}"
        elif isinstance(node, ast.keyword) and node.arg == "shell" and ast.unparse(node.value) != "False":
            yield f"{module}:{node.lineno} starts a shell"
        elif isinstance(node, ast.withitem) and ast.unparse(node.context_expr).endswith(".conn"):
            yield f"{module}: with db.conn does not roll back in sqlite-utils 4"
        elif isinstance(node, ast.Attribute) and node.attr in RICH_TEXT and not explained(lines, node.lineno):
            yield f"{module}:{node.lineno} uses {node.attr} without a comment that says why it is safe"


def explained(lines: list[str], number: int) -> bool:
    """Return whether a line, or the one above it, carries a comment."""
    return "#" in lines[number] + lines[number - 1]


def check_opening(module: str, source: str) -> Iterator[str]:
    if not ast.get_docstring(ast.parse(source)):
        yield f"{module} does not open with a sentence that says what it is for"


def check_names(module: str, source: str) -> Iterator[str]:
    named = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    defined = [node.name for node in ast.walk(ast.parse(source)) if isinstance(node, named)]
    for name in [*module.split("."), *defined]:
        words = re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+", name)
        if words and words[-1].lower() in EMPTY_WORDS:
            yield f"{module}: {name} says nothing about what it is"


def check_errors(module: str, source: str) -> Iterator[str]:
    """Find errors made once and for all: they keep the frames of each time they are raised, passphrases and all."""
    for node in ast.parse(source).body:
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        if isinstance(value, ast.Call) and ast.unparse(value.func).endswith("Error"):
            yield f"{module}:{node.lineno} makes an error that outlives its raising"


def check_sizes(module: str, source: str) -> Iterator[str]:
    if len(source.splitlines()) > LINES_IN_A_FILE:
        yield f"{module} has {len(source.splitlines())} lines"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and count_lines(node) > LINES_IN_A_FUNCTION:
            yield f"{module}: {node.name} has {count_lines(node)} lines"


def count_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count from the signature to the end, without decorators and docstring."""
    total = (function.end_lineno or 0) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is None:
        return total
    return total - ((first.end_lineno or 0) - first.lineno + 1)
