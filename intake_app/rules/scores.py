"""Scores from the clinic's paper forms: the latest of each kind, its published band, and the change since the last."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any

from intake_app import dates, paths
from intake_app.factors import Absent, Entry, Reader, rule
from intake_app.questions import NONE
from intake_app.rules.phrases import capital
from intake_app.validation import number_words

START_LOW = 3  # of the total, and of the distress part [C]
PAIR = 2  # forms that a change is between
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
    for value in (_from_field(of, entry), _from_points(of, entry), _from_percent(of, entry)):
        if value is not None:
            return float(value)
    entry[of["field"]]  # remembered as blank
    return None


def _from_field(of: Mapping[str, Any], entry: Entry) -> float | None:
    """Return the score as given; where the form says so, a missing item is replaced by the mean of the others."""
    value = entry.peek(of["field"])
    if value is None or not _fills_up(of, entry):
        return None if value is None else float(value)
    filled = value * of["items"] / entry.peek("items_answered")
    return float(min(round(filled, 1), of["points_in_all"]))


def _fills_up(of: Mapping[str, Any], entry: Entry) -> bool:
    answered = entry.peek("items_answered")
    return of.get("mean_for_missing", False) and answered is not None and of["least_items"] <= answered < of["items"]


def _from_points(of: Mapping[str, Any], entry: Entry) -> float | None:
    """Return the per cent of the points that the items answered allow; None where they are too few."""
    points = entry.peek(of["points"]) if "points" in of else None
    if points is None or (answered := entry["items_answered"]) is None or answered < of["least_items"]:
        return None
    possible: int = min(answered, of["items"]) * of["points_each"]
    if points > possible:
        entry.leave_open(of["points"])  # more than the items can give
        return None
    return float(round(100 * points / possible, 1))


def _from_percent(of: Mapping[str, Any], entry: Entry) -> float | None:
    """Return the points that a score in per cent stands for."""
    percent = entry.peek(of["percent"]) if "percent" in of else None
    return None if percent is None else round(percent * of["points_in_all"] / 100, 1)


def find_doubt(of: Mapping[str, Any], entry: Entry) -> str:
    """Return why a form gets neither band nor change: its numbers do not agree, or it is another scale."""
    version = entry.peek("version") or ""
    if "other_version" in of and re.search(of["other_version"], version, re.IGNORECASE):
        return f"; version “{version}” is another scale, no band"
    return _say_impossible(entry) if of["name"] == "STarT Back" else _say_disagreement(of, entry)


def _say_disagreement(of: Mapping[str, Any], entry: Entry) -> str:
    """Return that a score and what stands beside it in points or per cent do not agree."""
    given = entry.peek(of.get("field", "")) if "agree_within" in of else None
    if given is None:
        return ""
    if "points" in of:
        points, other, unit = entry.peek(of["points"]), _from_given_points(of, entry), " points"
    else:
        points, other, unit = entry.peek(of["percent"]), _from_percent(of, entry), " %"
    near = [given, _from_field(of, entry)]
    if other is None or any(abs(other - one) <= of["agree_within"] for one in near if one is not None):
        return ""
    means = f"{number_words(other)}{of['unit'] or ' points'}"
    return f"; {number_words(points)}{unit} {'are' if unit == ' points' else 'is'} {means}, which does not agree"


def _from_given_points(of: Mapping[str, Any], entry: Entry) -> float | None:
    """Return the per cent of points that stand beside a score; without the items answered it cannot be told."""
    points, answered = entry.peek(of["points"]), entry.peek("items_answered")
    if points is None or not answered:
        return None
    return float(round(100 * points / (min(answered, of["items"]) * of["points_each"]), 1))


def _say_impossible(entry: Entry) -> str:
    """Return that the distress part of STarT Back is more than its total."""
    total, distress = entry.peek("start_total"), entry.peek("start_distress")
    if total is None or distress is None or distress <= total:
        return ""
    return f"; distress part {distress:g} of a total of {total:g}, which does not agree"


def band(of: Mapping[str, Any], value: float) -> str:
    """Return the words of the published band that a score falls into, "" if none is published."""
    return next((words for upper, words in of["bands"] if value <= upper), "")


def say_change(of: Mapping[str, Any], before: float, after: float) -> str:
    """Return the change between two scores beside the published important change."""
    change = round(after - before, 2)
    percent = f" ({change / before * 100:+.0f} %)" if before else ""
    said = f"{change:+g} points{percent}"
    if "change" not in of:
        return said
    by_percent = "change_percent" in of and before and round(abs(change) / before * 100, 6) >= of["change_percent"]
    reached = "reached" if abs(change) >= of["change"] or by_percent else "not reached"
    return f"{said}, important change of {of['change_words']} {reached}"


def _say_direction(of: Mapping[str, Any], kind: str, change: float) -> str:
    """Return whether a change is for the better or the worse, "" where nothing changed or no direction is known."""
    better = of.get("better", "")
    better = better.get(kind, "") if isinstance(better, dict) else better
    gain = {"higher": change, "lower": -change, "": 0}[better]
    if gain > 0:
        return " for the better"
    return " for the worse" if gain < 0 else ""


def _register(name: str, of: Mapping[str, Any]) -> None:
    def says(a: Reader) -> str | None:
        entries = a.entries("scores")
        forms = [entry for entry in entries or () if entry["instrument"] == of.get("instrument", name)]
        scored = [(entry, value) for entry in forms if (value := score(of, entry)) is not None]
        if not scored:
            return Absent(f"{of['name']} recorded without its score{_say_too_few(of, forms[-1])}.") if forms else None
        return " ".join(_say(a, of, history) for history in _by_kind(of, scored))

    says.__name__, says.__doc__ = f"score_{name}", of["name"]
    rule("scores", *of["cites"])(says)


def _by_kind(of: Mapping[str, Any], scored: list[tuple[Entry, float]]) -> list[list[tuple[Entry, float]]]:
    """Group the scores by scale, where an instrument has several, each group in the order of its dates."""
    groups: dict[Any, list[tuple[Entry, float]]] = {}
    for entry, value in scored:
        groups.setdefault(entry[of["kind"]] if "kind" in of else "", []).append((entry, value))
    return [sorted(group, key=lambda one: one[0]["date"] or "") for group in groups.values()]


def _find_now(a: Reader, of: Mapping[str, Any], entry: Entry) -> float | None:
    """Return the score of this intake itself, where a page asks for it."""
    kind = entry.peek(of["kind"]) if "now" in of else None
    return None if kind is None else a.peek(of["now"].format(kind=kind))


def _say(a: Reader, of: Mapping[str, Any], history: list[tuple[Entry, float]]) -> str:
    """Return the last score with its date and band, the change before it, then how it was obtained."""
    entry, value = history[-1]
    now = _find_now(a, of, entry)
    kind = (entry.peek(of["kind"]) or "") if "kind" in of else ""
    doubt = find_doubt(of, entry)
    top = f" of {of['top']}" if of["top"] and not of["unit"] and "another scale" not in doubt else ""
    date = dates.say(entry["date"]) if entry["date"] else "date not given"
    band_words = doubt or _say_band(of, entry, value)
    name = f"{of['name']} {kind.replace('_', ' ')}".rstrip()
    said = [f"{name} {number_words(value)}{top}{of['unit']} ({date}){_say_filled(of, entry)}{band_words}."]
    if now is not None:
        said.append(f"In this intake {number_words(now)}{top}.")
    if change := _say_since(a, of, kind, history, now):
        said.append(change)
    if details := _details(of, entry):
        said.append(f"{capital(details)}.")
    return " ".join(said)


def _say_filled(of: Mapping[str, Any], entry: Entry) -> str:
    """Return that the mean of the others stands for an item, where it does."""
    if entry.peek(of.get("field", "start_total")) is None or not _fills_up(of, entry):
        return ""
    return f"; {number_words(entry.peek(of['field']))} points of {entry.peek('items_answered'):g} items"


def _say_since(
    a: Reader, of: Mapping[str, Any], kind: str, history: list[tuple[Entry, float]], now: float | None
) -> str:
    """Return the change since the form before, or why it is not worked out; "" where there is nothing to compare."""
    forms = [(value, entry["date"], entry.peek("version"), find_doubt(of, entry)) for entry, value in history]
    if now is not None:
        forms.append((now, a.as_of.isoformat(), None, ""))
    if len(forms) < PAIR or not all(date for _, date, _, _ in forms):
        return ""
    (before, earlier, one, doubt), (after, later, two, other_doubt) = forms[-PAIR:]
    if doubt or other_doubt:
        return ""
    if later.startswith(earlier):  # the same day, or one within the month or year given
        return "Change not worked out: the dates do not tell which form came first."
    if one and two and one != two:
        return f"Change not worked out: versions {one} and {two}."
    return f"Change{_say_direction(of, kind, after - before)}: {say_change(of, before, after)}."


def _details(of: Mapping[str, Any], entry: Entry) -> str:
    """Return version, who filled it in, items answered, and the rule for missing items."""
    version, mode = entry.peek("version"), entry.peek("mode")
    given = (f"version {version}" if version else "", MODES[mode] if mode else "", _say_items(of, entry))
    return "; ".join(filter(None, (", ".join(filter(None, given)), of.get("note", ""))))


def _say_items(of: Mapping[str, Any], entry: Entry) -> str:
    answered, rule_of_form = entry.peek("items_answered"), of.get("missing", "")
    if answered is None:
        return f"rule of the form: {rule_of_form}" if rule_of_form else ""
    whole = of.get("form_items", of.get("items"))  # of all scales of the form
    if whole is not None and answered > whole:
        return f"{answered:g} items are said to be answered, the form has {whole}"
    here = f" (this scale has {of['items']})" if "form_items" in of else ""
    items = f" of {whole}" if whole else ""
    complete = answered == whole or not rule_of_form
    return f"{answered:g}{items} items answered{here}" + ("" if complete else f", {rule_of_form}")


def _say_too_few(of: Mapping[str, Any], entry: Entry) -> str:
    """Return that a form has too few items answered to be scored, "" where that is not so."""
    answered = entry.peek("items_answered")
    few = answered is not None and "least_items" in of and answered < of["least_items"]
    return f"; not scorable, {answered:g} of {of['items']} items answered" if few else ""


def _say_band(of: Mapping[str, Any], entry: Entry, value: float) -> str:
    if of["name"] == "STarT Back":
        return _say_start_back(entry)
    words = band(of, value)
    return _say_too_few(of, entry) or (f"; published band {words}" if words else "")


def _say_start_back(entry: Entry) -> str:
    """Return the published group: total up to 3 low, distress up to 3 medium, distress from 4 high."""
    total, distress = entry["start_total"], entry.peek("start_distress")
    if total is not None and total <= START_LOW:
        return "; published group low"
    if distress is None:
        return "; distress part not given"
    return f"; distress part {distress:g}, published group {'medium' if distress <= START_LOW else 'high'}"


def _list_numbers(of: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the bands, the least items and the important change of an instrument, in words."""
    bands = tuple(words for _, words in of["bands"])
    if of["name"] == "STarT Back":
        bands = (f"total up to {START_LOW} low", f"distress up to {START_LOW} medium, above it high")
    items = (f"at least {of['least_items']} of {of['items']} items",) if "least_items" in of else ()
    return (*bands, *items, *((f"important change: {of['change_words']}",) if "change" in of else ()))


for _name, _of in instruments().items():
    _register(_name, _of)


# What the rule book lists of each rule: its numbers in words.
NUMBERS = {f"score_{name}": _list_numbers(of) for name, of in instruments().items()}
