"""Scores from the clinic's paper forms: the latest of each kind, its published band, and the change since the last."""

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any

from intake_app import dates, paths
from intake_app.factors import Absent, Entry, Reader, rule
from intake_app.questions import NONE
from intake_app.validation import number_words

MODES = {"self": "by the patient alone", "staff": "read aloud by staff", "clinician": "by a clinician"}


@cache
def instruments() -> Mapping[str, Mapping[str, Any]]:
    """Map each instrument to what is known of its score."""
    return tomllib.loads((paths.resources() / "scores.toml").read_text("utf-8"))


def score(of: Mapping[str, Any], entry: Entry) -> float | None:
    """Return the score of one filled-in form, or None when a part that it needs is missing."""
    if "count" in of:
        ticked = entry[of["count"]]
        return None if ticked is None else float(sum(item != NONE for item in ticked))
    if "sum" in of:
        parts = [entry[item] for item in of["sum"]]
        return None if None in parts else float(sum(map(int, parts)))
    value = entry[of["field"]]
    return None if value is None else float(value)


def band(of: Mapping[str, Any], value: float) -> str:
    """Return the words of the published band that a score falls into, "" if none is published."""
    return next((words for upper, words in of["bands"] if value <= upper), "")


def say_change(of: Mapping[str, Any], before: float, after: float) -> str:
    """Return the change between two scores beside the published important change."""
    change = after - before
    percent = f" ({change / before * 100:+.0f} %)" if before else ""
    said = f"{change:+g} points{percent} since the one before"
    if "change" not in of:
        return said
    by_percent = "change_percent" in of and before and abs(change) / before * 100 >= of["change_percent"]
    reaches = "reaches" if abs(change) >= of["change"] or by_percent else "does not reach"
    return f"{said}; this {reaches} the published important change of {of['change_words']}"


def _register(name: str, of: Mapping[str, Any]) -> None:
    def says(a: Reader) -> str | None:
        entries = a.entries("scores")
        forms = [entry for entry in entries or () if entry["instrument"] == name]
        scored = [(entry, value) for entry in forms if (value := score(of, entry)) is not None]
        if not scored:
            return Absent(f"{of['name']} recorded without its score.") if forms else None
        return " ".join(_say(of, kind) for kind in _by_kind(of, scored))

    says.__name__, says.__doc__ = f"score_{name}", of["name"]
    rule("scores", *of["cites"])(says)


def _by_kind(of: Mapping[str, Any], scored: list[tuple[Entry, float]]) -> list[list[tuple[Entry, float]]]:
    """Group the scores by scale, where an instrument has several, each group in the order of its dates."""
    groups: dict[Any, list[tuple[Entry, float]]] = {}
    for entry, value in scored:
        groups.setdefault(entry[of["kind"]] if "kind" in of else "", []).append((entry, value))
    return [sorted(group, key=lambda one: one[0]["date"] or "") for group in groups.values()]


def _say(of: Mapping[str, Any], history: list[tuple[Entry, float]]) -> str:
    entry, value = history[-1]
    kind = f" {str(entry.peek(of['kind'])).replace('_', ' ')}" if "kind" in of and entry.peek(of["kind"]) else ""
    top = f" of {of['top']}" if of["top"] and not of["unit"] else ""
    said = f"{of['name']}{kind} {number_words(value)}{top}{of['unit']}{_details(of, entry)}."
    if len(history) > 1 and all(one["date"] for one, _ in history):
        said += f" Change: {say_change(of, history[-2][1], value)}."
    return said


def _details(of: Mapping[str, Any], entry: Entry) -> str:
    """Return date, version, who filled it in, items answered, the band and the rule for missing items."""
    date, version, mode = entry["date"], entry.peek("version"), entry.peek("mode")
    parts = [
        f"on {dates.say(date)}" if date else "date not given",
        f"version {version}" if version else "",
        f"filled in {MODES[mode]}" if mode else "",
    ]
    return f" ({', '.join(filter(None, parts))}){_say_items(of, entry)}{_say_band(of, entry)}"


def _say_items(of: Mapping[str, Any], entry: Entry) -> str:
    answered = entry.peek("items_answered")
    if answered is None:
        return f"; rule of the form: {of['missing']}"
    if answered > of.get("items", answered):
        return f"; {answered:g} items are said to be answered, the form has {of['items']}"
    few = answered < of.get("least_items", 0)
    items = f" of {of['items']}" if "items" in of else ""  # where the scales of a form differ in length
    return f"; {answered:g}{items} items answered, {'not scorable: ' if few else ''}{of['missing']}"


def _say_band(of: Mapping[str, Any], entry: Entry) -> str:
    if of["name"] == "STarT Back":
        return _say_start_back(entry)
    value = score(of, entry)
    words = band(of, value) if value is not None else ""
    few = (entry.peek("items_answered") or of.get("items", 0)) < of.get("least_items", 0)
    return f"; published band {words}" if words and not few else ""


def _say_start_back(entry: Entry) -> str:
    """Return the published group: total up to 3 low, distress up to 3 medium, distress from 4 high."""
    total, distress = entry["start_total"], entry.peek("start_distress")
    low = 3
    if total is not None and total <= low:
        return "; published group low"
    if distress is None:
        return "; distress part not given"
    return f"; distress part {distress:g}, published group {'medium' if distress <= low else 'high'}"


for _name, _of in instruments().items():
    _register(_name, _of)
