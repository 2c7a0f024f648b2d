"""The rule book: every rule and number with its source, who has signed it, and which edition a letter was made with."""

import hashlib
import inspect
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from intake_app import dates, paths, rules
from intake_app.case import Case
from intake_app.factors import GROUPS, LEVELS, RULES, Rule, Status, evaluate
from intake_app.rules import opioids
from intake_app.rules.benchmarks import PROFILES, profile

TAGS = {
    "C": "confirmed in the source",
    "P": "partly confirmed",
    "GK": "general knowledge, not confirmed",
    "D": "design choice of this program, from what the sources name",
    "F": "a fact that is recorded; no threshold",
}
TABLES = "tests/rules/tables"  # where every rule has a table of cases, named like the rule's module
TABLE_OF = {  # modules and rules whose cases stand elsewhere
    "opioids": "health",
    "frailty": "health",
    "reports": "red_flags",
    "time_benchmarks_not_applied": "benchmarks",
    "minor_fall_reported": "red_flags",
    "line_or_procedure_reported": "red_flags",
}
# Numbers of the program that belong to no rule: what, value, source, evidence.
PROGRAM_NUMBERS = (
    ("Safety questions are asked again before a letter", "after 24 hours, a setting", "", "D"),
    ("Level R0", "emergency now", "qld_cpc", "C"),
    ("Level R1", "clinician on the same day", "sa_health_cpc", "C"),
    ("Level R2", "within 30 days", "qld_cpc", "C"),
    ("Level R3", "within 90 days", "qld_cpc", "C"),
    ("Level R4", "within 365 days", "qld_cpc", "C"),
)
SIGNATURES, PROFILE = "rule_signatures", "benchmark_profile"  # the clinic's settings
COLUMNS = (
    "rule", "what it looks for", "example", "urgency", "numbers", "evidence", "sources", "profiles", "state", "tests",
)  # fmt: skip
BENCHMARK = "_benchmark"  # what the ids of rules end with that hold treatments against a profile
LETTERS = 8  # of a hash: enough to tell editions apart
Signatures = Mapping[str, Mapping[str, str]]  # rule id -> by, on, edition


@dataclass(frozen=True, slots=True)
class Page:
    """What the book says of one rule. `state` is on, off until signed, or signed by whom and when.

    `example` is a sentence that it says in its table of cases, `numbers` its thresholds in words, `profiles` the
    benchmark profiles that it compares with, `table` the file of its cases.
    """

    rule: Rule
    level: str
    sources: tuple[str, ...]
    tag: str
    state: str
    example: str
    numbers: tuple[str, ...]
    profiles: tuple[str, ...]
    table: str

    def details(self) -> list[str]:
        """Return, each in one line, the example, the numbers, the profiles, the evidence and the tests."""
        example = [f"For example: {self.example}"] if self.example else []
        numbers = [f"Numbers: {'; '.join(self.numbers)}."] if self.numbers else []
        profiles = [f"Profiles: {', '.join(self.profiles)}."] if self.profiles else []
        return [*example, *numbers, *profiles, f"Evidence: {TAGS[self.tag]}.", f"Tests: {self.table}."]


@cache
def citations() -> Mapping[str, Mapping[str, Any]]:
    """Map each source's id to what resources/citations.toml says of it."""
    return tomllib.loads((paths.resources() / "citations.toml").read_text("utf-8"))


@cache
def examples() -> Mapping[str, str]:
    """Map each rule to a sentence that it says in its table of cases."""
    return tomllib.loads((paths.resources() / "examples.toml").read_text("utf-8"))


@cache
def edition() -> str:
    """Return the edition of rules, numbers and sources: it changes when any of them does."""
    folder = paths.resources()
    files = [*Path(rules.__file__).parent.glob("*.py"), *folder.glob("benchmarks/*.toml")]
    files += [folder / "citations.toml", folder / "opioids.toml", folder / "scores.toml"]
    content = b"\0".join(file.read_bytes() for file in sorted(files, key=lambda file: file.name))
    return hashlib.sha256(content).hexdigest()[:LETTERS]


@cache
def fingerprint(rule_id: str) -> str:
    """Return a hash of one rule and its sources: a signature holds for this and nothing else."""
    rule = RULES[rule_id]
    module = inspect.getmodule(rule.says)  # whole: its numbers stand beside the functions
    parts = [
        rule.label,
        rule.level,
        inspect.getsource(module) if module else "",
        *(repr(citations().get(c)) for c in rule.cites),
    ]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:LETTERS]


def read_signatures(setting: Callable[[str, Any], Any]) -> Signatures:
    """Return the signatures that a store's `setting` keeps."""
    kept: Signatures = setting(SIGNATURES, {})
    return kept


def sign(signatures: Signatures, rule_id: str, by: str, on: date) -> dict[str, Mapping[str, str]]:
    """Return the signatures with one more: a clinician's name, the day, and what exactly was signed."""
    signature = {"by": by, "on": on.isoformat(), "edition": fingerprint(rule_id)}
    return {**signatures, rule_id: signature}


def withdraw(signatures: Signatures, rule_id: str) -> dict[str, Mapping[str, str]]:
    """Return the signatures without that of one rule."""
    return {name: signature for name, signature in signatures.items() if name != rule_id}


def signed(signatures: Signatures) -> frozenset[str]:
    """Return the rules whose signature holds: a rule that has changed since waits for a new one."""
    return frozenset(
        name for name, signature in signatures.items() if name in RULES and signature["edition"] == fingerprint(name)
    )


def list_waiting(case: Case) -> tuple[Rule, ...]:
    """Return the rules that would find something in a case and wait for a clinician's signature."""
    waiting = [rule for rule in RULES.values() if rule.needs_sign_off and rule.id not in case.signed]
    signed_case = replace(case, signed=case.signed | {rule.id for rule in waiting})
    return tuple(rule for rule in waiting if evaluate(rule, signed_case).status is Status.PRESENT)


def say_waiting(case: Case) -> str:
    """Return which rules wait for a signature although they would find something in a case, "" for none."""
    waiting = list_waiting(case)
    if not waiting:
        return ""
    count = "1 rule waits" if len(waiting) == 1 else f"{len(waiting)} rules wait"
    return f"{count} for a signature: {'; '.join(rule.label for rule in waiting)}."


def say_edition(signatures: Signatures) -> str:
    """Return the edition with the rules that were signed, by whom and when, as a letter prints it."""
    return "; ".join((edition(), *say_signatures(signatures)))


def say_signatures(signatures: Signatures) -> tuple[str, ...]:
    """Return for each rule whose signature holds what was signed, by whom and when."""
    return tuple(
        f"“{RULES[name].label}” signed by {signatures[name]['by']} on {dates.say(signatures[name]['on'])}"
        for name in sorted(signed(signatures))
    )


def pages(signatures: Signatures) -> list[Page]:
    """Return the book, rule by rule in the order of the groups."""
    order = list(GROUPS)
    holding = signed(signatures)
    return [
        Page(
            rule,
            LEVELS.get(rule.level, ""),
            tuple(say_source(name) for name in rule.cites),
            rule.tag or _weakest([citations().get(name, {}).get("tag", "GK") for name in rule.cites]),
            _say_state(rule, signatures, holding),
            examples().get(rule.id, ""),
            _numbers(rule),
            tuple(name for name in PROFILES if rule.id.removesuffix(BENCHMARK) in profile(name)),
            f"{TABLES}/{TABLE_OF.get(rule.id) or TABLE_OF.get(_module(rule), _module(rule))}.toml",
        )
        for rule in sorted(RULES.values(), key=lambda rule: order.index(rule.group))
    ]


def say_source(name: str) -> str:
    """Return a source in one line."""
    source = citations().get(name, {})
    parts = (source.get("by", ""), source.get("title", name), str(source.get("year", "")))
    return ". ".join(part for part in parts if part)


def as_markdown(signatures: Signatures) -> str:
    """Return the book as tables: the rules of each group, then the numbers of each benchmark profile."""
    parts = [f"# Rule book {say_edition(signatures)}\n"]
    book = pages(signatures)
    for group, title in GROUPS.items():
        rows = [_row(*_cells(page)) for page in book if page.rule.group == group]
        if rows:
            head = _row(*COLUMNS) + "|---" * len(COLUMNS) + "|\n"
            parts.append(f"## {title}\n\n{head}{''.join(rows)}")
    for name in PROFILES:
        head = _row("benchmark", "number", "value", "source", "evidence") + "|---|---|---|---|---|\n"
        numbers = "".join(_row(*number) for number in numbers_of(name))
        if numbers:
            parts.append(f"## Benchmarks of {profile(name)['title']} ({name})\n\n{head}{numbers}")
    return "\n".join((*parts, _list_factors(), _list_program_numbers(), _list_tags()))


def numbers_of(profile_name: str) -> list[tuple[str, str, str, str, str]]:
    """Return every number of a benchmark profile: benchmark, number, value in words, source, evidence tag."""
    return [
        (part["name"], number, str(value.get("words") or value["value"]), say_source(value["cite"]), value["tag"])
        for part in profile(profile_name).values()
        if isinstance(part, dict) and "name" in part
        for number, value in part.items()
        if isinstance(value, dict)
    ]


def _list_factors() -> str:
    """Return the table of what an opioid is in MME."""
    head = _row("opioid", "MME for 1 mg a day, of a patch for 1 mcg/h", "source", "evidence") + "|---|---|---|---|\n"
    rows = [
        _row(name.replace("_", " "), str(of.get("factor", "not counted")), say_source(of["cite"]), of["tag"])
        for name, of in opioids.factors().items()
    ]
    return f"## Opioids in morphine milligram equivalents (MME)\n\n{head}{''.join(rows)}"


def _cells(of: Page) -> tuple[str, ...]:
    """Return what stands of a rule in each of COLUMNS."""
    told = (of.rule.id, of.rule.label, of.example, of.level, "; ".join(of.numbers), of.tag)
    return (*told, "; ".join(of.sources), ", ".join(of.profiles), of.state, of.table)


def _list_program_numbers() -> str:
    head = _row("number", "value", "source", "evidence") + "|---|---|---|---|\n"
    rows = [_row(what, value, say_source(cite) if cite else "", tag) for what, value, cite, tag in PROGRAM_NUMBERS]
    return f"## Numbers of the program\n\n{head}{''.join(rows)}"


def _list_tags() -> str:
    rows = [_row(tag, words) for tag, words in TAGS.items()]
    return f"## Evidence\n\n{_row('tag', 'meaning')}|---|---|\n{''.join(rows)}"


def _module(rule: Rule) -> str:
    return rule.says.__module__.rpartition(".")[2]


def _numbers(rule: Rule) -> tuple[str, ...]:
    """Return the numbers that stand beside a rule; a benchmark's are in the tables of the profiles."""
    declared: Mapping[str, tuple[str, ...]] = getattr(sys.modules[rule.says.__module__], "NUMBERS", {})
    return declared.get(rule.id, ())


def _weakest(tags: list[str]) -> str:
    return max(tags, key=("C", "P", "GK").index, default="GK")


def _say_state(rule: Rule, signatures: Signatures, holding: frozenset[str]) -> str:
    if rule.id in holding:
        one = signatures[rule.id]
        return f"signed by {one['by']} on {dates.say(one['on'])}"
    if not rule.needs_sign_off:
        return "on"
    return "off: it has changed since it was signed" if rule.id in signatures else "off until a clinician signs it"


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"
