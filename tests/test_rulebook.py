from dataclasses import replace
from datetime import date

import pytest

from intake_app import factors, rulebook
from intake_app.case import make_case

TODAY = date(2026, 11, 22)
WAITING = sorted(rule.id for rule in factors.RULES.values() if rule.needs_sign_off)


def test_every_rule_stands_in_the_book_once_with_known_sources():
    pages = rulebook.pages({})
    assert sorted(page.rule.id for page in pages) == sorted(factors.RULES)
    for page in pages:
        assert page.sources, page.rule.id
        assert page.tag in rulebook.TAGS, page.rule.id


def test_what_is_only_general_knowledge_waits_for_a_signature():
    for page in rulebook.pages({}):
        if page.tag == "GK":
            assert page.rule.needs_sign_off, page.rule.id
    assert WAITING


@pytest.mark.parametrize("rule_id", WAITING)
def test_a_signature_turns_a_rule_on_and_is_printed(rule_id):
    signatures = rulebook.sign({}, rule_id, "Dr Ada Vale, neurosurgeon", TODAY)
    assert rulebook.signed({}) == frozenset()
    assert rulebook.signed(signatures) == {rule_id}
    label = factors.RULES[rule_id].label
    assert f"“{label}” signed by Dr Ada Vale, neurosurgeon on 22 November 2026" in rulebook.say_edition(signatures)
    [page] = [page for page in rulebook.pages(signatures) if page.rule.id == rule_id]
    assert page.state == "signed by Dr Ada Vale, neurosurgeon on 22 November 2026"
    assert rulebook.signed(rulebook.withdraw(signatures, rule_id)) == frozenset()


def test_a_rule_that_changed_since_waits_again():
    signatures = rulebook.sign({}, WAITING[0], "Dr Ada Vale", TODAY)
    changed = {WAITING[0]: {**signatures[WAITING[0]], "edition": "another"}}
    assert rulebook.signed(changed) == frozenset()
    [page] = [page for page in rulebook.pages(changed) if page.rule.id == WAITING[0]]
    assert page.state == "off: it has changed since it was signed"
    assert rulebook.say_edition(changed) == rulebook.edition()


def test_a_rule_that_is_gone_is_forgotten():
    assert rulebook.signed({"an_old_rule": {"by": "x", "on": "2026-01-01", "edition": "y"}}) == frozenset()


def test_a_rule_that_waits_finds_nothing_until_it_is_signed(questionnaire):
    case = make_case(questionnaire, {}, {}, TODAY)
    assert not {f.rule.id for f in factors.evaluate_all(case)} & set(WAITING)
    signed = replace(case, signed=frozenset(WAITING))
    assert set(WAITING) <= {f.rule.id for f in factors.evaluate_all(signed)}


def test_the_book_as_markdown_holds_every_rule_and_every_number():
    text = rulebook.as_markdown({})
    for rule_id in factors.RULES:
        assert f"| {rule_id} |" in text
    for name in ("US-payer-generic", "AU-VIC", "UK-12wk"):
        assert rulebook.numbers_of(name)
        for number in rulebook.numbers_of(name):
            assert number[3] in text
    assert "6 consecutive weeks" in text


def test_the_book_lists_what_an_opioid_is_in_mme():
    book = rulebook.as_markdown({})
    row = next(line for line in book.splitlines() if line.startswith("| fentanyl patch |"))
    assert "| 2.4 |" in row
    assert row.endswith("| C |")
    assert "| buprenorphine | not counted |" in book


@pytest.mark.parametrize("changed", ["citations.toml", "opioids.toml", "scores.toml", "benchmarks/AU-VIC.toml"])
def test_the_edition_changes_with_what_it_is_made_of(monkeypatch, tmp_path, changed):
    before = rulebook.edition()
    copy_numbers(rulebook.paths.resources(), tmp_path)
    (tmp_path / changed).write_text("# other numbers\n")
    monkeypatch.setattr(rulebook.paths, "resources", lambda: tmp_path)
    rulebook.edition.cache_clear()
    try:
        assert rulebook.edition() != before
    finally:
        rulebook.edition.cache_clear()


def copy_numbers(source, target):
    (target / "benchmarks").mkdir()
    profiles = (f"benchmarks/{path.name}" for path in source.glob("benchmarks/*.toml"))
    for name in ("citations.toml", "opioids.toml", "scores.toml", *profiles):
        (target / name).write_bytes((source / name).read_bytes())
