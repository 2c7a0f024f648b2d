"""The mutation run changes what it says it changes; `python3 dev.py mutate` does the rest, in minutes."""

import mutation
import pytest

CODE = """
LIMIT = 42
def f(a, b):
    return a <= LIMIT and not b is None or a in (1.5,)
"""


def test_every_number_comparison_and_connective_of_a_module_is_changed():
    found = {(m.line, m.change) for m in mutation.change_code("x.py", CODE)}
    assert found == {
        (2, "42 -> 43"), (2, "42 -> 41"), (4, "<= -> <"), (4, "<= -> >"), (4, "and -> or"), (4, "or -> and"),
        (4, "not -> "), (4, "is -> is not"), (4, "in -> not in"), (4, "1.5 -> 1.6"), (4, "1.5 -> 1.4"),
    }  # fmt: skip


def test_one_thing_is_changed_at_a_time():
    sources = [m.source for m in mutation.change_code("x.py", CODE)]
    assert len(set(sources)) == len(sources)
    assert "LIMIT = 43" in sources[0]
    assert "a <= LIMIT and" in sources[0]


def test_the_switches_of_python_stay():
    assert mutation.change_code("x.py", "zip(a, b, strict=True)") == []
    assert len(mutation.change_code("x.py", "ask(b, open=True)")) == 1


def test_numbers_of_a_data_file_are_changed_outside_its_texts():
    text = 'days = { value = 42, words = "6 weeks" }  # 6 weeks\nbands = [[20, "0 to 20"]]\nuse = true\n'
    found = [(m.line, m.change, m.source.splitlines()[m.line - 1]) for m in mutation.change_data("x.toml", text)]
    assert found == [
        (1, "42 -> 43", 'days = { value = 43, words = "6 weeks" }  # 6 weeks'),
        (1, "42 -> 41", 'days = { value = 41, words = "6 weeks" }  # 6 weeks'),
        (2, "20 -> 21", 'bands = [[21, "0 to 20"]]'),
        (2, "20 -> 19", 'bands = [[19, "0 to 20"]]'),
        (3, "true -> false", "use = false"),
    ]


def test_every_rule_benchmark_score_and_dose_is_changed():
    changed = {mutant.file for mutant in mutation.list_mutants(["red_flags", ".toml"])}
    benchmarks = {f"resources/benchmarks/{name}.toml" for name in ("AU-VIC", "UK-12wk", "US-payer-generic")}
    assert changed == {"intake_app/rules/red_flags.py", "resources/scores.toml", "resources/opioids.toml", *benchmarks}


@pytest.mark.parametrize("key", mutation.read_explained())
def test_an_explained_change_is_still_possible_and_says_why(key):
    file, code, _ = key
    lines = [line.strip() for line in (mutation.ROOT / file).read_text("utf-8").splitlines()]
    assert code in lines
    assert len(mutation.read_explained()[key]) > 20
