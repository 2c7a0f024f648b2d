"""Where the pages of enclosures lie until and after their letter is issued: in the records, in pieces.

A piece is small, so that keeping or fetching one takes no time that the window would feel.
"""

import uuid
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Sequence

from db import Store, StoreError
from intake_app.ui.letter_request import Listed

PIECE = 192 * 1024  # bytes
GONE = StoreError("The pages of an enclosure are not in the records.", "Remove the enclosure and add the file again.")


def keep(store: Store, content: bytes, done: Callable[[str], object]) -> Iterator[None]:
    """Keep an enclosure's pages, a piece at each turn, and give its id to `done`; StoreError if it could not be."""
    shelf_id = uuid.uuid4().hex
    for number, start in enumerate(range(0, len(content), PIECE)):
        store.save_setting(_key(shelf_id, number), b64encode(content[start : start + PIECE]).decode())
        yield
    done(shelf_id)


def fetch(store: Store, listed: Sequence[Listed], done: Callable[[tuple[bytes, ...]], object]) -> Iterator[None]:
    """Fetch the pages of enclosures, a piece at each turn, and give them to `done`; StoreError if one is gone."""
    found = []
    for one in listed:
        pieces: list[bytes] = []
        while piece := store.setting(_key(one.id, len(pieces))):
            pieces.append(b64decode(piece))
            yield
        if not pieces:
            raise GONE
        found.append(b"".join(pieces))
    done(tuple(found))


def discard(store: Store, shelf_id: str) -> Iterator[None]:
    """Take an enclosure's pages out of the records, a piece at each turn."""
    number = 0
    while store.setting(_key(shelf_id, number)):
        store.save_setting(_key(shelf_id, number), None)
        number += 1
        yield


def tell_trouble(work: Iterator[None], tell: Callable[[Exception], object]) -> Iterator[None]:
    """Do work in turns; where the records cannot be read or written, tell it and do no more."""
    try:
        yield from work
    except StoreError as error:
        tell(error)


def _key(shelf_id: str, number: int) -> str:
    return f"enclosure:{shelf_id}:{number}"
