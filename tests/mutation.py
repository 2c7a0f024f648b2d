"""Changes every number, comparison, and/or, not and yes/no of the rules, one at a time; each must make a test fail.

    python3 dev.py mutate [--jobs N] [FILE ...]

The rule tables judge each change in a process of their own, and where they see nothing, the whole of tests/rules.
What survives is explained in tests/rules/survivors.toml, or the command fails. FILE is a part of a file's path.
"""

from __future__ import annotations

import argparse
import ast
import importlib.abc
import importlib.util
import os
import re
import signal
import sys
import tempfile
import time
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EXPLAINED = ROOT / "tests" / "rules" / "survivors.toml"
CHANGED = ("intake_app/rules/*.py", "resources/benchmarks/*.toml", "resources/scores.toml", "resources/opioids.toml")
SECONDS = {"tables": 20, "tests": 120}  # of work, however busy the machine; a rule that goes on for ever is found
SWAPS = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
SIGNS = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=", ast.In: "in",
    ast.NotIn: "not in", ast.Is: "is", ast.IsNot: "is not", ast.And: "and", ast.Or: "or",
}  # fmt: skip
SEEN = "ignore::pytest.PytestAssertRewriteWarning"  # they are imported already, on purpose
NOT_CONTENT = {"frozen", "slots", "strict"}  # switches of Python itself
QUOTED = re.compile(r'"[^"]*"')
NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.-])|\b(?:true|false)\b")


@dataclass(frozen=True)
class Mutant:
    """One change: `source` is the whole file with it, `code` the line as it stands."""

    file: str
    line: int
    code: str
    change: str
    source: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What an explanation names: it holds when lines move."""
        return self.file, self.code, self.change


def list_mutants(parts: list[str]) -> list[Mutant]:
    """Return every change of the files whose path holds one of the parts, of all files if there are none."""
    paths = [path for pattern in CHANGED for path in sorted(ROOT.glob(pattern))]
    chosen = [path for path in paths if not parts or any(part in str(path.relative_to(ROOT)) for part in parts)]
    change = {".py": change_code, ".toml": change_data}
    return [m for path in chosen for m in change[path.suffix](str(path.relative_to(ROOT)), path.read_text("utf-8"))]


def change_code(file: str, text: str) -> list[Mutant]:
    """Return the changes of a module."""
    lines, found = text.splitlines(), []
    for index, node in enumerate(ast.walk(mark_switches(ast.parse(text)))):
        for way in range(len(alternatives(node))):
            tree = mark_switches(ast.parse(text))
            changed = list(ast.walk(tree))[index]
            words = alternatives(changed)[way]()
            code = lines[node.lineno - 1].strip()
            found.append(Mutant(file, node.lineno, code, words, ast.unparse(ast.fix_missing_locations(tree))))
    return found


def mark_switches(tree: ast.AST) -> ast.AST:
    """Mark the constants that belong to Python's own switches, so that they stay."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in NOT_CONTENT:
            node.value.is_switch = True
    return tree


def alternatives(node: ast.AST) -> list:
    """Return a function for each way to change a node; it does so and says what it did."""
    if isinstance(node, ast.Compare):
        return [
            lambda at=at, other=other: swap(node.ops, at, other)
            for at, sign in enumerate(node.ops)
            for other in SWAPS[type(sign)]
        ]
    if isinstance(node, ast.BoolOp):
        return [lambda: swap_connective(node)]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return [lambda: drop_not(node)]
    if isinstance(node, ast.Constant) and not hasattr(node, "is_switch"):
        return [lambda value=value: set_value(node, value) for value in other_values(node.value)]
    return []


def other_values(value: object) -> list:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1]
    return [round(value + 0.1, 3), round(value - 0.1, 3)] if isinstance(value, float) else []


def swap(signs: list, at: int, other: type) -> str:
    words = f"{SIGNS[type(signs[at])]} -> {SIGNS[other]}"
    signs[at] = other()
    return words


def swap_connective(node: ast.BoolOp) -> str:
    other = ast.Or if isinstance(node.op, ast.And) else ast.And
    words = f"{SIGNS[type(node.op)]} -> {SIGNS[other]}"
    node.op = other()
    return words


def drop_not(node: ast.UnaryOp) -> str:
    node.operand = ast.UnaryOp(ast.Not(), node.operand)
    return "not -> "


def set_value(node: ast.Constant, value: object) -> str:
    words = f"{node.value} -> {value}"
    node.value = value
    return words


def change_data(file: str, text: str) -> list[Mutant]:
    """Return the changes of the numbers and of true and false in a TOML file, outside texts and comments."""
    lines, found = text.splitlines(keepends=True), []
    for at, line in enumerate(lines):
        bare = QUOTED.sub(lambda match: "_" * len(match[0]), line).split("#")[0]
        for match in NUMBER.finditer(bare):
            old = tomllib.loads(f"x = {match[0]}")["x"]
            for value in other_values(old):
                new = str(value).lower()
                changed = f"{line[: match.start()]}{new}{line[match.end() :]}"
                whole = "".join([*lines[:at], changed, *lines[at + 1 :]])
                found.append(Mutant(file, at + 1, line.strip(), f"{match[0]} -> {new}", whole))
    return found


class ChangedModule(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives out one module with its change in it."""

    def __init__(self, mutant: Mutant) -> None:
        self._name = mutant.file.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        self._mutant = mutant

    def find_spec(self, name, _path=None, _target=None):
        if name != self._name:
            return None
        is_package = self._mutant.file.endswith("__init__.py")
        return importlib.util.spec_from_loader(name, self, is_package=is_package)

    def exec_module(self, module):
        module.__file__ = str(ROOT / self._mutant.file)
        if self._mutant.file.endswith("__init__.py"):
            module.__path__ = [str((ROOT / self._mutant.file).parent)]
        exec(compile(self._mutant.source, module.__file__, "exec"), module.__dict__)  # noqa: S102 that is the task


def read_tables() -> list[tuple]:
    """Return the rows of the rule tables as (rule id, row, case), and forget the rules they were read with."""
    spec = importlib.util.spec_from_file_location("rule_tables", ROOT / "tests" / "rules" / "conftest.py")
    tables = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tables)
    from intake_app import factors, paths, questions

    asked = questions.load(paths.resources())
    rows = [
        (rule_id, row, tables.make_case(asked, row))
        for rule_id, table in tables.read_tables().items()
        for row, _ in tables.read_rows(table)
    ]
    load_what_tests_load()
    factors.RULES.clear()
    for name in [name for name in sys.modules if name.startswith(("intake_app.rules", "intake_app.letter"))]:
        del sys.modules[name]
    del sys.modules["intake_app"].rules
    return rows


def load_what_tests_load() -> None:
    """Import once what every run of the tests would import again."""
    for name in (
        "pytest",
        "pytestqt.plugin",
        "hypothesis.strategies",
        "PySide6.QtTest",
        "PySide6.QtWidgets",
        "strategies",
    ):
        importlib.import_module(name)


def judge_by_tables(rows: list[tuple], file: str) -> bool:
    """Return whether every row of the tables still finds what it says."""
    import intake_app.rules  # noqa: F401  with the change in it
    from intake_app import factors

    ours = file.removesuffix(".py").replace("/", ".")
    near_first = sorted(rows, key=lambda each: factors.RULES[each[0]].says.__module__ != ours)
    for rule_id, row, case in near_first:
        found = factors.evaluate(factors.RULES[rule_id], case)
        says = row.get("says", "")
        if found.status.value != row["status"] or (found.sentence if says == "-" else says not in found.sentence):
            return False
    return True


def judge_by_tests(_rows: list[tuple], _file: str) -> bool:
    """Return whether all of tests/rules passes; what takes longest comes last."""
    import pytest

    options = ["-x", "-q", "-p", "no:cacheprovider", "--no-header", "--hypothesis-seed=0", "--tb=no", "-W", SEEN]
    files = sorted((ROOT / "tests" / "rules").glob("test_*.py"))
    quickest = sorted(files, key=lambda path: ("@QUICK" in path.read_text("utf-8"), path.stem == "test_tables"))
    return pytest.main([*options, *map(str, quickest)]) == 0


JUDGES = {"tables": judge_by_tables, "tests": judge_by_tests}


def start_judging(mutant: Mutant, judge: str, rows: list[tuple]) -> int:
    """Judge a change in a new process; return its id. It ends with 0 where nothing was seen."""
    if child := os.fork():
        return child
    signal.setitimer(signal.ITIMER_PROF, SECONDS[judge])
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)
    code = 1
    try:
        if mutant.file.endswith(".py"):
            sys.meta_path.insert(0, ChangedModule(mutant))
        else:
            put_beside(mutant)
        code = 0 if JUDGES[judge](rows, mutant.file) else 1
    finally:
        os._exit(code)  # whatever it raised was seen


def put_beside(mutant: Mutant) -> None:
    """Let this process read its resources from a folder in which one file is changed."""
    from intake_app import paths

    real, folder = paths.resources(), Path(tempfile.mkdtemp(dir=os.environ["MUTANTS"]))
    inside = Path(mutant.file).relative_to("resources")
    for path in real.iterdir():
        if path.name != inside.parts[0]:
            (folder / path.name).symlink_to(path)
    (folder / inside).parent.mkdir(exist_ok=True)
    for path in (real / inside).parent.iterdir() if len(inside.parts) > 1 else ():
        (folder / inside).with_name(path.name).symlink_to(path)
    (folder / inside).unlink(missing_ok=True)
    (folder / inside).write_text(mutant.source, "utf-8")
    paths.resources = lambda: folder


def judge_all(mutants: list[Mutant], judge: str, rows: list[tuple], jobs: int) -> list[Mutant]:
    """Return the changes that a judge does not see, in their order."""
    running, unseen = {}, []
    waiting = list(reversed(mutants))
    while waiting or running:
        while waiting and len(running) < jobs:
            mutant = waiting.pop()
            running[start_judging(mutant, judge, rows)] = mutant
        child, status = os.wait()
        if status == 0:
            unseen.append(running[child])
        del running[child]
    return sorted(unseen, key=mutants.index)


def read_explained() -> dict[tuple[str, str, str], str]:
    """Return why each known survivor is one."""
    told = tomllib.loads(EXPLAINED.read_text("utf-8")).get("survivor", [])
    return {(each["file"], each["code"], each["change"]): each["why"] for each in told}


def report(mutants: list[Mutant], survivors: list[Mutant], seconds: float) -> int:
    """Print what was found and return the exit code: 1 where a survivor is not explained."""
    explained = read_explained()
    killed = Counter(m.file for m in mutants) - Counter(m.file for m in survivors)
    for file, count in Counter(m.file for m in mutants).items():
        print(f"{file:45} {killed[file]:4} of {count:4} found")
    open_ones = [m for m in survivors if m.key not in explained]
    for mutant in open_ones:
        print(f"SURVIVED {mutant.file}:{mutant.line}: {mutant.change}    in: {mutant.code}")
    files, keys = {m.file for m in mutants}, {m.key for m in survivors}
    for key in explained:
        if key[0] in files and key not in keys:
            print(f"explained, and found by a test or gone: {key}")
    print(
        f"{len(mutants)} changes: {len(mutants) - len(survivors)} found, {len(survivors) - len(open_ones)} explained,"
        f" {len(open_ones)} not explained; {seconds:.0f} s"
    )
    return 1 if open_ones else 0


def main() -> int:
    options = argparse.ArgumentParser(prog="dev.py mutate")
    options.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options.add_argument("parts", nargs="*")
    told = options.parse_args()
    sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
    began = time.monotonic()
    mutants, rows = list_mutants(told.parts), read_tables()
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        os.environ["MUTANTS"] = folder
        unchanged = Mutant("resources/scores.toml", 0, "", "", (ROOT / "resources" / "scores.toml").read_text("utf-8"))
        for judge in JUDGES:
            if not judge_all([unchanged], judge, rows, 1):
                print(f"The {judge} fail without any change. Mend them first.")
                return 2
        survivors = judge_all(mutants, "tables", rows, told.jobs)
        print(f"{len(mutants)} changes, {len(survivors)} left to the rest of the tests", flush=True)
        survivors = judge_all(survivors, "tests", rows, told.jobs)
    return report(mutants, survivors, time.monotonic() - began)


if __name__ == "__main__":
    sys.exit(main())
