"""The pages of enclosures, into the records and out of them in pieces.

A piece is small, so that keeping or fetching one takes no time that the window would feel.
"""

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from db import Store, StoreError
from intake_app.ui.letter_request import Listed

if TYPE_CHECKING:
    from intake_app.outgoing.enclosures import Enclosure

PIECE = 192 * 1024  # bytes
_CHANGED = ("The pages of an enclosure are not as they were added.", "Remove the enclosure and add the file again.")


def keep(
    store: Store, intake_id: str, enclosure: "Enclosure", now: datetime, done: Callable[[str], object]
) -> Iterator[None]:
    """Keep an enclosure, a piece at each turn, and give its id to `done`; StoreError if it could not be."""
    content, digest = enclosure.content, hashlib.sha256()
    pieces = range(0, len(content), PIECE)
    for start in pieces:
        digest.update(content[start : start + PIECE])
        yield
    about = {name: getattr(enclosure, name) for name in ("kind", "pages", "notes")}
    about |= {"size": len(content), "sha256": digest.hexdigest()}
    kept_id = store.add_enclosure(intake_id, about, now)
    for start in pieces:
        yield
        store.add_piece(kept_id, content[start : start + PIECE])
    done(kept_id)


def fetch(store: Store, listed: Sequence[Listed], done: Callable[[tuple[bytes, ...]], object]) -> Iterator[None]:
    """Fetch the pages of enclosures, a piece at each turn, and give them to `done`; StoreError if one is not whole."""
    found = []
    for one in listed:
        about, pieces, digest = store.enclosure(one.id), list[bytes](), hashlib.sha256()
        while piece := store.enclosure_piece(one.id, len(pieces)):
            pieces.append(piece)
            digest.update(piece)
            yield
        if digest.hexdigest() != about["sha256"]:
            raise StoreError(*_CHANGED)
        found.append(b"".join(pieces))
    done(tuple(found))


def clear_up(store: Store, intake_id: str, spared: Collection[str], now: datetime) -> Iterator[None]:
    """Remove what no letter has and the next one will not, but for what is spared; some pieces at each turn."""
    for kept_id in store.unlisted_enclosures(intake_id):
        while kept_id not in spared and store.remove_enclosure(kept_id, now):
            yield


def tell_trouble(work: Iterator[None], tell: Callable[[Exception], object]) -> Iterator[None]:
    """Do work in turns; where the records cannot be read or written, tell it and do no more."""
    try:
        yield from work
    except StoreError as error:
        tell(error)
