"""Every check of the list that a program with patients' records has to pass has a test that bears its number."""

import ast
import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
LAST = 35
SHARED = {31}  # certificates of a shared server, which there is not
BEARS = re.compile(r"test_check_(\d\d?)_\w+")


def find_checks(source):
    """Yield the number of each test that bears one, unless it has nothing that could fail."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and (found := BEARS.fullmatch(node.name)) and can_fail(node):
            yield int(found[1])


def can_fail(test):
    """Tell whether a test asserts something, expects an error, or leaves that to what it calls."""
    nodes = list(ast.walk(test))
    calls = {ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)}
    return any(isinstance(node, ast.Assert) for node in nodes) or bool(
        {call for call in calls if call == "pytest.raises" or call.startswith(("check", "refuse"))}
    )


def test_every_check_has_a_test_that_bears_its_number():
    found = {}
    for path in HERE.rglob("test_*.py"):
        for number in find_checks(path.read_text("utf-8")):
            found.setdefault(number, set()).add(path.relative_to(HERE))
    assert set(found) == set(range(1, LAST + 1)) - SHARED


@pytest.mark.parametrize(
    ("source", "numbers"),
    [
        ("def test_check_07_it_holds():\n    assert x", [7]),
        ("def test_check_7_it_holds():\n    with pytest.raises(E): f()", [7]),
        ("def test_check_07_it_cannot_fail():\n    pass", []),
        ("def check_07_is_no_test():\n    assert x", []),
        ("# Check 7\ndef test_it_holds():\n    assert x", []),
    ],
)
def test_a_check_is_known_by_its_name(source, numbers):
    assert list(find_checks(source)) == numbers
