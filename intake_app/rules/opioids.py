"""Opioids taken now: which, for how long, and how much a day in morphine milligram equivalents (MME).

The sum is for information, never for changing from one opioid to another; nothing is said about weaning.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any

from intake_app import dates, paths
from intake_app.factors import Absent, Entry, Reader, rule
from intake_app.questions import YES
from intake_app.rules import ledger, spans
from intake_app.rules.phrases import list_words
from intake_app.validation import number_words

LONG = 92  # days: longer than 3 months [C]
HIGH_DOSE = 50  # MME a day, at or above [C]
PURPOSE = "for information, not for dose conversion"
NOT_AVAILABLE = "Opioid dose in MME a day not available"


@cache
def factors() -> Mapping[str, Mapping[str, Any]]:
    """Map each opioid to its MME for one unit a day, or to why it is left out."""
    return tomllib.loads((paths.resources() / "opioids.toml").read_text("utf-8"))


@rule("health", "cns_opioid_2021")
def opioids_taken(a: Reader) -> str | None:
    """Opioids taken now."""
    medicines = _opioids(a)
    said = [list_words((e.peek("name"), e.peek("dose"))) or "name not stated" for e in medicines]
    named = {(e.peek("name") or "").casefold() for e in medicines}
    tried = [e.words("agent") or "opioid among the treatments" for e in _treatments(a)]
    said += [agent for agent in tried if agent.casefold() not in named]
    return f"Opioids now: {'; '.join(dict.fromkeys(said))}." if said else None


@rule("health", "cns_opioid_2021")
def opioids_over_3_months(a: Reader) -> str | None:
    """Opioids for more than 3 months."""
    found = [(e, "since") for e in _opioids(a)] + [(e, "start") for e in _treatments(a)]
    long = []
    for entry, field in found:
        if (since := entry[field]) is None:
            continue
        fewest, most = spans.days_since(since, a.as_of)
        if fewest > LONG:
            long.append(f"since {dates.say(since)}")
        elif most > LONG:
            entry.leave_open(field)
    return f"Opioids {'; '.join(dict.fromkeys(long))}: more than 3 months." if long else None


@rule("health", "cdc_2022", "cns_opioid_2021")
def opioids_50_mme_or_more(a: Reader) -> str | None:
    """Opioids of 50 MME a day or more."""
    entries = _opioids(a)
    if not entries and _treatments(a):
        a.leave_open("medicines")
        return Absent(f"{NOT_AVAILABLE}: an opioid among the treatments is not in the list of medicines.")
    counted = [entry for entry in entries if not _left_out(entry)]
    doses = {entry.path: dose for entry in counted if (dose := _in_mme(entry)) is not None}
    told = [entry for entry in counted if entry.path in doses]
    total = round(sum(doses.values()), 1)
    notes = _say_notes(entries, told)
    least = "" if len(told) == len(counted) else "at least "
    said = f"Opioids, {least}{number_words(total)} MME a day{_say_parts(told, doses)}, {PURPOSE}"
    if total >= HIGH_DOSE:
        return f"{said}; {HIGH_DOSE} or more.{notes}"
    if len(told) < len(counted):
        return Absent(f"{NOT_AVAILABLE}: {'; '.join(_name(e) for e in counted if e not in told)} not complete.{notes}")
    if not told:
        return Absent(f"{NOT_AVAILABLE}.{notes}") if notes else None
    return Absent(f"{said}.{notes}")


def _in_mme(entry: Entry) -> float | None:
    """Return the MME a day of one opioid, None where a part of it is missing or it has no factor."""
    drug = entry["opioid"]
    if drug is None:
        return None
    if drug not in factors():
        entry.leave_open("opioid")
        return None
    if drug == "fentanyl_patch":
        amount = entry["patch_strength"]
    else:
        strength, doses = entry["opioid_mg"], entry["doses_a_day"]
        amount = None if None in (strength, doses) else strength * doses
    return None if amount is None else float(amount * factors()[drug]["factor"])


def _left_out(entry: Entry) -> str:
    return str(factors().get(entry.peek("opioid"), {}).get("left_out", ""))


def _say_notes(entries: list[Entry], told: list[Entry]) -> str:
    """Return what the sum leaves out, and what it counts in full."""
    notes = [f" Not counted: {words}." for words in dict.fromkeys(filter(None, map(_left_out, entries)))]
    if any(ledger.is_as_needed(entry) for entry in told):
        notes.append(" What is taken as needed is counted in full.")
    return "".join(notes)


def _say_parts(told: list[Entry], doses: Mapping[str, float]) -> str:
    """Return what each of several opioids adds to the sum."""
    parts = [f"{_say_dose(entry)}: {number_words(doses[entry.path])}" for entry in told]
    return f" ({'; '.join(parts)})" if len(parts) > 1 else ""


def _say_dose(entry: Entry) -> str:
    if entry.peek("opioid") == "fentanyl_patch":
        return f"fentanyl patch {entry.words('patch_strength')}"
    return f"{entry.words('opioid').lower()} {entry.words('opioid_mg')}, {entry.words('doses_a_day')} a day"


def _name(entry: Entry) -> str:
    return str(entry.peek("name") or entry.words("opioid").lower() or "an opioid")


def _opioids(a: Reader) -> list[Entry]:
    return [entry for entry in a.entries("medicines") or () if entry["kind"] == "opioid"]


def _treatments(a: Reader) -> list[Entry]:
    """Return the opioids among the treatments that still go on; that list may be blank."""
    if a.peek("treatments") is None:
        return []
    entries = a.entries("treatments") or ()
    return [entry for entry in entries if entry.peek("category") == "opioid" and entry.peek("ongoing") == YES]


# What the rule book lists of each rule: its numbers in words.
NUMBERS = {
    "opioids_over_3_months": (f"more than {LONG} days (3 months)",),
    "opioids_50_mme_or_more": (f"{HIGH_DOSE} MME a day or more",),
}
