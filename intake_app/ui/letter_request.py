"""What a letter needs besides the answers: to whom, and why again. Kept until it is issued."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from db import Store

RECIPIENT_FIELDS = ("name", "role", "clinic", "address", "phone", "fax")


@dataclass(frozen=True, slots=True)
class LetterRequest:
    """`recipient` maps RECIPIENT_FIELDS to texts; `why_again` is why there is to be another version."""

    recipient: Mapping[str, str] = field(default_factory=dict)
    why_again: str = ""


def read_request(store: Store, intake_id: str) -> LetterRequest:
    """Return what was typed for this intake's letter; for the next version, what the last letter had."""
    kept = store.setting(_key(intake_id))
    if kept:
        return LetterRequest(**kept)
    letters = store.letters(intake_id)
    return LetterRequest(letters[-1]["recipient"]) if letters else LetterRequest()


def save_request(store: Store, intake_id: str, request: LetterRequest) -> None:
    """Keep what was typed; StoreError if it could not be."""
    store.save_setting(_key(intake_id), asdict(replace(request, recipient=dict(request.recipient))))


def end_request(store: Store, intake_id: str, request: LetterRequest) -> None:
    """Forget what belonged to the letter just issued; the next one goes to the same recipient."""
    save_request(store, intake_id, LetterRequest(request.recipient))


def remember_recipient(store: Store, recipient: Mapping[str, str], now: datetime) -> None:
    """Keep a recipient for the next letter, in place of the one of the same name and clinic."""
    fields = {name: recipient.get(name, "") for name in RECIPIENT_FIELDS}
    if not any(fields.values()):
        return
    same = [r for r in store.recipients() if (r["name"], r["clinic"]) == (fields["name"], fields["clinic"])]
    store.save_recipient(fields | ({"id": same[0]["id"]} if same else {}), now)


def _key(intake_id: str) -> str:
    return f"letter:{intake_id}"
