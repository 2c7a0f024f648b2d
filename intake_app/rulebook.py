"""The rule book: every rule and number with its source, who has signed it, and which edition a letter was made with."""

import hashlib
import inspect
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from intake_app import dates, paths, rules
from intake_app.factors import GROUPS, LEVELS, RULES, Rule
from intake_app.rules.benchmarks import PROFILES, profile

TAGS = {"C": "confirmed in the source", "P": "partly confirmed", "GK": "general knowledge, not confirmed"}
SIGNATURES, PROFILE = "rule_signatures", "benchmark_profile"  # the clinic's settings
LETTERS = 8  # of a hash: enough to tell editions apart
Signatures = Mapping[str, Mapping[str, str]]  # rule id -> by, on, edition


@dataclass(frozen=True, slots=True)
class Page:
    """What the book says of one rule. `state` is on, off until signed, or signed by whom and when."""

    rule: Rule
    level: str
    sources: tuple[str, ...]
    tag: str
    state: str


@cache
def citations() -> Mapping[str, Mapping[str, Any]]:
    """Map each source's id to what resources/citations.toml says of it."""
    return tomllib.loads((paths.resources() / "citations.toml").read_text("utf-8"))


@cache
def edition() -> str:
    """Return the edition of rules, numbers and sources: it changes when any of them does."""
    folder = paths.resources()
    files = [*Path(rules.__file__).parent.glob("*.py"), *folder.glob("benchmarks/*.toml")]
    files += [folder / "citations.toml", folder / "scores.toml"]
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
            _weakest([citations().get(name, {}).get("tag", "GK") for name in rule.cites]),
            _say_state(rule, signatures, holding),
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
        rows = [
            _row(p.rule.id, p.rule.label, p.level, p.tag, "; ".join(p.sources), p.state)
            for p in book
            if p.rule.group == group
        ]
        if rows:
            head = (
                _row("rule", "what it looks for", "urgency", "evidence", "sources", "state")
                + "|---|---|---|---|---|---|\n"
            )
            parts.append(f"## {title}\n\n{head}{''.join(rows)}")
    for name in PROFILES:
        head = _row("benchmark", "number", "value", "source", "evidence") + "|---|---|---|---|---|\n"
        numbers = "".join(_row(*number) for number in numbers_of(name))
        if numbers:
            parts.append(f"## Benchmarks of {profile(name)['title']} ({name})\n\n{head}{numbers}")
    return "\n".join(parts)


def numbers_of(profile_name: str) -> list[tuple[str, str, str, str, str]]:
    """Return every number of a benchmark profile: benchmark, number, value in words, source, evidence tag."""
    return [
        (part["name"], number, str(value.get("words") or value["value"]), say_source(value["cite"]), value["tag"])
        for part in profile(profile_name).values()
        if isinstance(part, dict) and "name" in part
        for number, value in part.items()
        if isinstance(value, dict)
    ]


def _weakest(tags: list[str]) -> str:
    return max(tags, key=list(TAGS).index, default="GK")


def _say_state(rule: Rule, signatures: Signatures, holding: frozenset[str]) -> str:
    if rule.id in holding:
        one = signatures[rule.id]
        return f"signed by {one['by']} on {dates.say(one['on'])}"
    if not rule.needs_sign_off:
        return "on"
    return "off: it has changed since it was signed" if rule.id in signatures else "off until a clinician signs it"


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"
