"""What a letter needs besides the answers: to whom, what goes with it, and why again. Kept until it is issued."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from db import Store

RECIPIENT_FIELDS = ("name", "role", "clinic", "address", "phone", "fax")


@dataclass(frozen=True, slots=True)
class Listed:
    """An enclosure as the letter lists it; the pages themselves lie on the shelf under `id`."""

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
    """Return what was typed for this intake's letter; for the next version, what the last letter had."""
    kept = store.setting(_key(intake_id))
    if kept:
        return _read(kept)
    letters = store.letters(intake_id)
    return LetterRequest(letters[-1]["recipient"]) if letters else LetterRequest()


def save_request(store: Store, intake_id: str, request: LetterRequest) -> None:
    """Keep what was typed; StoreError if it could not be."""
    store.save_setting(_key(intake_id), asdict(replace(request, recipient=dict(request.recipient))))


def end_request(store: Store, intake_id: str, letter_id: str, request: LetterRequest) -> None:
    """Keep what went with the letter just issued; the next one is the same but for the reason, which is asked anew.

    Nothing is written that stands there already: the recipient is kept with the letter itself.
    """
    if request.copies or request.enclosures or request.left_out:
        save_request(store, letter_id, request)
    if request.why_again:
        save_request(store, intake_id, replace(request, why_again=""))


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
    listed = tuple(Listed(**one | {"notes": tuple(one["notes"])}) for one in kept.get("enclosures", ()))
    lists = {name: tuple(kept.get(name, ())) for name in ("copies", "left_out")}
    return LetterRequest(kept["recipient"], kept["why_again"], enclosures=listed, **lists)


def _key(record_id: str) -> str:
    return f"letter:{record_id}"
