"""What a letter needs besides the answers: to whom, what goes with it, and why again. Kept until it is issued."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from db import Store

RECIPIENT_FIELDS = ("name", "role", "clinic", "address", "phone", "fax")


@dataclass(frozen=True, slots=True)
class Listed:
    """An enclosure as the letter lists it; the pages themselves are in the records under `id`."""

    id: str
    title: str
    kind: str
    pages: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LetterRequest:
    """`recipient` maps RECIPIENT_FIELDS to texts, `why_again` is why there is to be another version.

    `copies` are those who are sent one too, a line each; `left_out` the parts that are not to be printed.
    """

    recipient: Mapping[str, str] = field(default_factory=dict)
    why_again: str = ""
    copies: tuple[str, ...] = ()
    enclosures: tuple[Listed, ...] = ()
    left_out: tuple[str, ...] = ()


def read_request(store: Store, intake_id: str) -> LetterRequest:
    """Return what was settled for this intake's next letter; before that, what the last letter had."""
    return _read(store.letter_choices(intake_id))


def read_issued(store: Store, letter_id: str) -> LetterRequest:
    """Return what an issued letter was made with."""
    return _read(store.choices_of_letter(letter_id))


def save_request(store: Store, intake_id: str, request: LetterRequest, now: datetime | None = None) -> None:
    """Keep what was settled for the next letter; StoreError if it could not be."""
    store.save_letter_choices(intake_id, list_choices(request), now or datetime.now(UTC))


def list_choices(request: LetterRequest) -> dict[str, Any]:
    """Return a request as the records keep it."""
    return {
        "recipient": dict(request.recipient),
        "why_again": request.why_again,
        "copies": list(request.copies),
        "left_out": list(request.left_out),
        "enclosures": [{"id": one.id, "title": one.title} for one in request.enclosures],
    }


def remember_recipient(store: Store, recipient: Mapping[str, str], now: datetime) -> None:
    """Keep a recipient for other letters, in place of the one of the same name and clinic."""
    fields = {name: recipient.get(name, "") for name in RECIPIENT_FIELDS}
    if not any(fields.values()):
        return
    same = [r for r in store.recipients() if (r["name"], r["clinic"]) == (fields["name"], fields["clinic"])]
    store.save_recipient(fields | ({"id": same[0]["id"]} if same else {}), now)


def is_remembered(store: Store, recipient: Mapping[str, str]) -> bool:
    """Tell whether a recipient stands in the directory as it is."""
    fields = {name: recipient.get(name, "") for name in RECIPIENT_FIELDS}
    return any(all(row[name] == text for name, text in fields.items()) for row in store.recipients())


def say_person(recipient: Mapping[str, str]) -> str:
    """Return a recipient in a line."""
    return ", ".join(recipient[name] for name in ("name", "role", "clinic") if recipient.get(name))


def _read(kept: Mapping[str, Any]) -> LetterRequest:
    listed = (Listed(**one | {"notes": tuple(one["notes"])}) for one in kept["enclosures"])
    lists = (tuple(kept["copies"]), tuple(listed), tuple(kept["left_out"]))
    return LetterRequest(kept["recipient"], kept["why_again"], *lists)
