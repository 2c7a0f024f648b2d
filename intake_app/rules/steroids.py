"""Steroids taken for long, as the list of medicines tells them."""

from intake_app import dates
from intake_app.factors import Reader
from intake_app.rules import spans
from intake_app.rules.phrases import list_words

LONG_TERM = 90  # days, more than: what counts as long here, a design choice


def find_long_term(a: Reader) -> str:
    """Return the steroids of the list that are taken for more than 90 days, in words; "" for none.

    One without a date is left open; a blank list changes nothing, since long-term steroids are asked about by name.
    """
    entries = [] if a.peek("medicines") is None else a.entries("medicines") or ()
    said = []
    for entry in (entry for entry in entries if entry.peek("kind") == "steroid"):
        if (since := entry["since"]) is None:
            continue
        fewest, most = spans.days_since(since, a.as_of)
        if fewest > LONG_TERM:
            said.append(list_words((entry.peek("name") or "steroid", f"since {dates.say(since)}")))
        elif most > LONG_TERM:
            entry.leave_open("since")
    return "; ".join(said)
