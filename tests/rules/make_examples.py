"""Writes resources/examples.toml again, which gives the rule book one sentence of each rule from its table of cases.

python -m tests.rules.make_examples

A sentence that its table still says stays as it is; else it is the first of a row that finds the rule present.
"""

import json

from intake_app import factors, paths, questions, rulebook
from intake_app.factors import Status
from tests.rules.conftest import make_case, read_rows, read_tables

HEAD = (
    "# One sentence of each rule, as it says it in its table of cases in tests/rules/tables; a test holds the two"
    " together.\n# python -m tests.rules.make_examples writes it again.\n"
)


def find_examples():
    """Return a sentence for each rule, in the order of the letter."""
    asked, tables, old = questions.load(paths.resources()), read_tables(), rulebook.examples()
    found = {}
    for rule in factors.RULES.values():
        cases = (make_case(asked, row) for row, _ in read_rows(tables[rule.id]))
        told = [finding for case in cases if (finding := factors.evaluate(rule, case)).sentence]
        told.sort(key=lambda finding: (finding.sentence != old.get(rule.id), finding.status is not Status.PRESENT))
        found[rule.id] = told[0].sentence
    return found


def main():
    lines = [f"{rule_id} = {json.dumps(words, ensure_ascii=False)}\n" for rule_id, words in find_examples().items()]
    (paths.resources() / "examples.toml").write_text(HEAD + "".join(lines), "utf-8")


if __name__ == "__main__":
    main()
