"""Scores for the first page: value, band, date and change; how the form was filled in stands in the details."""

import re
from collections.abc import Iterator

from intake_app.factors import Finding, Rule
from intake_app.letter.blocks import Paragraph
from intake_app.letter.sources import References
from intake_app.letter.words import join_listed, lower_first
from intake_app.rules.scores import instruments

PREFIX = "score_"  # what the ids of the rules begin with; behind it stands the instrument
_SENTENCE = re.compile(r"(?<=\.) (?=[A-Z])")
_BAND = re.compile(r"; published band \d[^,;]*(?=, )")  # its numbers are not needed where it has a name
_CHANGE = re.compile(
    r"Change(?P<way> for the (?:better|worse))?: (?P<points>[+-][\d.]+) points(?: \([^)]*\))?"
    r"(?:, important change of .*?(?P<reached> not)? reached)?\.$"
)
_DATE = re.compile(r" \((\d{1,2} )?([A-Z][a-z]{2})[a-z]*( \d{4})\)")


def say_scores(findings: tuple[Finding, ...], references: References, most: int = 8) -> tuple[Paragraph, ...]:
    """Return the scores in one paragraph, at most so many, and which others there are."""
    told = [finding for finding in findings if finding.rule.group == "scores" and finding.sentence]
    said = [_say_score(finding) for finding in told[:most]]
    others = join_listed(finding.rule.label for finding in told[most:])
    more = f" In the details: {others}." if others else ""
    rules: list[Rule] = [finding.rule for finding in told]
    return (Paragraph(" ".join(said) + more + references.mark(*rules)),) if said else ()


def _say_score(finding: Finding) -> str:
    """Return a rule's sentence without who filled in the form, how many items, and the form's own small print."""
    name = instruments().get(finding.rule.id.removeprefix(PREFIX), {}).get("name", finding.rule.label)
    sentences = _SENTENCE.split(finding.sentence)
    kept = [one for one in sentences if one.startswith((name, "Change", "In this intake"))] or sentences
    return "; ".join(_tidy(kept)) + "."


def _tidy(sentences: list[str]) -> Iterator[str]:
    for place, sentence in enumerate(sentences):
        if changed := _CHANGE.fullmatch(sentence):
            yield _say_change(changed)
            continue
        words = _DATE.sub(r" (\1\2\3)", _BAND.sub("", sentence.rstrip(".")))
        yield lower_first(words) if place else words


def _say_change(changed: re.Match[str]) -> str:
    points = changed["points"].lstrip("+-")
    way = changed["way"] or f" of {changed['points']} points"
    said = f"change{way}" + (f" by {points} point{'' if points == '1' else 's'}" if changed["way"] else "")
    if "important change" not in changed[0]:
        return said
    return f"{said}, {'below' if changed['reached'] else 'at or above'} the published minimum"
