"""The sources behind the rules that spoke, numbered in the order in which the rules come."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from intake_app import paths
from intake_app.factors import Finding, Rule
from intake_app.letter.fonts import NO_BREAK_SPACE

DASH = "\N{EN DASH}"
LEGEND = "C: confirmed in the primary text. P: partly confirmed. GK: general knowledge."


@dataclass(frozen=True, slots=True)
class References:
    """Which number each source has in this letter."""

    numbers: Mapping[str, int]

    def mark(self, *rules: Rule) -> str:
        """Return the numbers of the rules' sources as they follow a sentence: " [1, 3]"."""
        numbers = sorted({self.numbers[name] for rule in rules for name in rule.cites if name in self.numbers})
        # the numbers stay on one line
        return f" [{_say_ranges(numbers)}]".replace(", ", f",{NO_BREAK_SPACE}") if numbers else ""

    def list_sources(self) -> tuple[str, ...]:
        """Return the sources in words, in the order of their numbers."""
        return tuple(_say(name, citations().get(name, {})) for name in self.numbers)


def number_sources(findings: Iterable[Finding]) -> References:
    """Give every source of a finding that has something to say its number."""
    names = dict.fromkeys(name for finding in findings if finding.sentence for name in finding.rule.cites)
    return References({name: number for number, name in enumerate(names, 1)})


def _say_ranges(numbers: list[int]) -> str:
    """Return numbers with three or more in a row as a span: 1, 3-5."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(
        f"{run[0]}{DASH}{run[-1]}" if len(run) > 2 else ", ".join(map(str, run))  # noqa: PLR2004  a span is shorter
        for run in runs
    )


@cache
def citations() -> Mapping[str, Mapping[str, Any]]:
    """Return every source we know, by its id."""
    found: Mapping[str, Mapping[str, Any]] = tomllib.loads((paths.resources() / "citations.toml").read_text("utf-8"))
    return found


def _say(name: str, source: Mapping[str, Any]) -> str:
    """Return a source in words; its bare id when we do not know it."""
    said = str(source.get("title", name))
    if source.get("by"):
        said = f"{source['by']}: {said}"
    if source.get("year"):
        said += f" ({source['year']})"
    words = ". ".join(part.rstrip(".") for part in (said, str(source.get("link", ""))) if part)
    return f"{words} ({source['tag']})." if source.get("tag") else f"{words}."
