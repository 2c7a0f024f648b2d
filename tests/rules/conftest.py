"""Tables of answers and what a rule finds in them: how a rule is tested."""

import json
import re
import tomllib
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

import intake_app.rules  # noqa: F401  registers the rules
from intake_app import factors
from intake_app.case import read_case_file

AS_OF = date(2026, 6, 30)
TABLES = Path(__file__).parent / "tables"


def read_tables():
    """Map rule ids to their tables; [one_answer] holds the rules that read one yes or no."""
    found = {}
    for path in sorted(TABLES.glob("*.toml")):
        data = tomllib.loads(path.read_text("utf-8"))
        data.pop("levels", None)
        for rule_id, question in data.pop("one_answer", {}).items():
            found[rule_id] = (
                f"{question} | status\n---\nyes | present\nno | absent\nunsure | not assessed\n | not assessed"
            )
        assert not found.keys() & data.keys()
        found |= data
    return found


def read_rows(table):
    """Yield the cells of each row as a mapping from column to text, blank cells left out."""
    header, _rule, *lines = table.strip().splitlines()
    names = [name.strip() for name in header.split("|")]
    for line in lines:
        cells = [cell.strip() for cell in line.split("|")]
        assert len(cells) == len(names), line
        yield {name: cell for name, cell in zip(names, cells, strict=True) if cell}, line.strip()


def make_case(questionnaire, row):
    """Return the case of a row; the answers must be such as the program itself would accept."""
    day = date.fromisoformat(row.get("as_of", AS_OF.isoformat()))
    data = {"patient": {"family_name": "Table"}, "answers": {}}
    if row.get("safety") == "no":
        data["answers"] = answer_safety_with_no(questionnaire)
    for name, cell in row.items():
        if name in ("as_of", "status", "profile", "says", "safety"):
            continue
        text = re.sub(r"D-(\d+)", lambda days: (day - timedelta(int(days[1]))).isoformat(), cell)
        if name.startswith("patient."):
            data["patient"][name.removeprefix("patient.")] = text
        else:
            data["answers"][name] = read_cell(questionnaire.by_id[name], text)
    case = read_case_file(json.dumps(data), questionnaire, day)
    return replace(case, profile=row.get("profile", case.profile))


def answer_safety_with_no(questionnaire):
    """Return no to every safety question that is asked when all are no."""
    asked = [q for q in questionnaire.pages[0].questions if not q.shown_when]
    given = {"yes_no": "no", "choices": ["none"]}
    return {q.id: given[q.type] for q in asked if q.type in given}


def read_cell(question, text):
    """Read a cell: a, b for choices; JSON, or key=value key=value; key=value for the entries of a list."""
    if text.startswith(("[", "{")):
        return json.loads(text)
    if question.type in ("number", "scale"):
        return json.loads(text)
    if question.type == "choices":
        return text.split(",")
    if question.type == "entries" and text != "none":
        return [read_entry(question, entry) for entry in text.split(";")]
    return text


def read_entry(question, text):
    fields = {field.id: field for field in question.fields}
    pairs = (pair.split("=") for pair in text.split())
    return {name: read_cell(fields[name], value) for name, value in pairs}


def pytest_generate_tests(metafunc):
    if "tabled_rule" in metafunc.fixturenames:
        metafunc.parametrize("tabled_rule", read_tables())
    if "rule" in metafunc.fixturenames:
        metafunc.parametrize("rule", factors.RULES.values(), ids=lambda rule: rule.id)


@pytest.fixture(scope="session")
def tables():
    return read_tables()


@pytest.fixture(scope="session")
def levels():
    return tomllib.loads((TABLES / "red_flags.toml").read_text("utf-8"))["levels"]


@pytest.fixture
def find(questionnaire):
    """Evaluate one rule on the answers of a row."""

    def evaluate(rule_id, row):
        return factors.evaluate(factors.RULES[rule_id], make_case(questionnaire, row))

    return evaluate


@pytest.fixture
def check_rule(find):
    def check(rule_id, table):
        for row, line in read_rows(table):
            found = find(rule_id, row)
            assert found.status.value == row["status"], f"{rule_id}: {line}\n{found.sentence} {found.missing}"
            if row.get("says") == "-":
                assert not found.sentence, f"{rule_id}: {line}\n{found.sentence}"
            elif "says" in row:
                assert row["says"] in found.sentence, f"{rule_id}: {line}\n{found.sentence}"

    return check


@pytest.fixture
def sentences_of(find, tables):
    """Return every sentence that a rule says in its table."""

    def say(rule_id):
        return [found.sentence for row, _ in read_rows(tables[rule_id]) if (found := find(rule_id, row)).sentence]

    return say


@pytest.fixture
def case_of(questionnaire):
    """Make a case from the cells of a table."""
    return lambda row: make_case(questionnaire, row)
