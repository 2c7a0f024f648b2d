"""What a PDF shows and says, summed up: the same however the file is packed, another as soon as a sign is changed."""

import hashlib
from collections.abc import Iterable
from typing import Any

from pikepdf import Array, Dictionary, Object, Stream

NOT_SHOWN = ("/Parent", "/Annots", "/StructParents", "/Tabs", "/Metadata")  # of a page: nothing that is drawn
PACKING = ("/Length", "/Filter", "/DecodeParms", "/DL")  # of a stream: how it is stored, not what it holds
_Known = dict[tuple[int, int], bytes]


def hash_pages(pdf: Any) -> tuple[str, ...]:  # noqa: ANN401  a pikepdf.Pdf
    """Return for each page the SHA-256 of all that is drawn on it: content, fonts and pictures, however packed."""
    known: _Known = {}
    return tuple(_hash_page(page.obj, known) for page in pdf.pages)


def hash_behind(pdf: Any, apart: Iterable[Any]) -> str:  # noqa: ANN401
    """Return the SHA-256 of all but what is drawn: tags, title, dates, bookmarks, without the streams kept `apart`."""
    pages = [page.obj for page in pdf.pages]
    known = {page.objgen: f"page {number}".encode() for number, page in enumerate(pages)}
    known |= {stream.objgen: b"apart" for stream in apart}
    behind = [pdf.Root, pdf.trailer.get("/Info"), *(page.get(name) for page in pages for name in NOT_SHOWN[1:])]
    return hashlib.sha256(b"".join(_digest(one, known) for one in behind)).hexdigest()


def _hash_page(page: Any, known: _Known) -> str:  # noqa: ANN401
    shown = {name: page[name] for name in page.keys() if name not in NOT_SHOWN}  # noqa: SIM118  a PDF dictionary
    parts = [name.encode() + _digest(shown[name], known) for name in sorted(shown)]
    return hashlib.sha256(b"".join(parts)).hexdigest()


def _digest(thing: Any, known: _Known) -> bytes:  # noqa: ANN401
    """Return the SHA-256 of a PDF object with all that it refers to; one met again inside itself counts once."""
    if not isinstance(thing, Object):
        return hashlib.sha256(repr(thing).encode()).digest()
    place = thing.objgen
    if place != (0, 0):
        if place in known:
            return known[place]
        known[place] = b"itself"
    digest = hashlib.sha256(_content(thing, known)).digest()
    if place != (0, 0):
        known[place] = digest
    return digest


def _content(thing: Any, known: _Known) -> bytes:  # noqa: ANN401
    if isinstance(thing, Array):
        return b"[" + b"".join(_digest(one, known) for one in thing)
    if not isinstance(thing, Dictionary | Stream):
        return bytes(thing.unparse(resolved=True))
    held = thing.stream_dict if isinstance(thing, Stream) else thing
    names = sorted(name for name in held.keys() if name not in (*PACKING, "/Parent"))  # noqa: SIM118
    # How many there are, and each in a sum of its own: what moves from the one part into the other changes the whole.
    content = b"<%d" % len(names)
    content += b"".join(hashlib.sha256(name.encode()).digest() + _digest(held[name], known) for name in names)
    return content + (thing.read_bytes() if isinstance(thing, Stream) else b"")
