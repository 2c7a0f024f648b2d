"""The write-ahead log as a crash left it: SQLite drops without a word what stands behind a frame that does not check.

A power cut breaks only what was written last, and nobody was told that this is kept. That something was kept and cannot
be read any more is proved by each of three things, because they are written only once the log is safe on the disk: a
frame that goes on from a commit, the index beside the log, and pages of it in the database. The form of the log:
https://www.sqlite.org/fileformat2.html#the_write_ahead_log; of the index: https://www.sqlite.org/walformat.html
"""

import re
import struct
import sys
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO, NamedTuple

from db.errors import DAMAGED, StoreError
from db.files import ASIDE, beside, copy_file, sync_folder

_HEADER = struct.Struct(">II8x8sII")  # magic, bytes of a page, salts, sums
_FRAME = struct.Struct(">8s8sII")  # head, salts, sums
_INDEX = struct.Struct("=16xI12x8sII48xI")  # frames kept, salts, sums; behind a second copy of these: frames moved
_SUMMED_OF_HEADER, _SUMMED_OF_INDEX = 24, 40  # bytes
_OWN_ORDER = "<" if sys.byteorder == "little" else ">"
_ORDERS = {0x377F0682: "<", 0x377F0683: ">"}  # of the bytes in a word that is summed
_TIME = "%Y-%m-%d-%H%M%S"
_RESCUED = f"{ASIDE}rescue-"

Sums = tuple[int, int]


class Frame(NamedTuple):
    """A page as it was changed, and the checksums up to the frame before it and up to this one, as they stand there.

    `head` is the page's number, and the size of the database if a transaction ends here, otherwise 0.
    """

    before: Sums
    head: bytes
    salts: bytes
    sums: Sums
    content: bytes

    @property
    def page(self) -> int:
        """The number of the page, from 1."""
        return int.from_bytes(self.head[:4])

    @property
    def is_commit(self) -> bool:
        """Whether a transaction ends here."""
        return any(self.head[4:])


class Log(NamedTuple):
    """A log and what its index says: how many frames of it were kept, and how many of those the database has by now.

    The frames since it was begun anew have its salts; behind them stand older ones. If its header is not whole, SQLite
    takes nothing of it.
    """

    order: str
    is_whole: bool
    salts: bytes
    frames: list[Frame]
    kept: int
    moved: int


def rescue_log(path: Path, page_bytes: int) -> None:
    """Look after the log of an encrypted database that nobody has opened since the crash.

    If something in it was kept and cannot be read, both are copied to another name (`list_rescued`). SQLite then opens
    the database with what can be read, or without the log if the database has all of it already. StoreError if it has
    a part of it: with less than that, it is not as it was at any moment.
    """
    log = _read_log(path, page_bytes)
    good, taken = _count_readable(log)
    with path.open("rb") as database:
        is_ahead = log.moved > taken or any(_has_page(log, frame, database) for frame in log.frames[taken:])
        if not is_ahead and log.kept <= taken and not _goes_on(log, good):
            return
        _copy_aside(path)
        if is_ahead and not _has_all(log, database):
            raise StoreError(*DAMAGED)
    if is_ahead:
        for ending in ("-wal", "-shm"):
            beside(path, ending).unlink(missing_ok=True)
        sync_folder(path.parent)


def list_rescued(path: Path) -> list[tuple[str, datetime]]:
    """Return the names of the copies that `rescue_log` made, and when each log was last written to."""
    name = re.compile(re.escape(f"{path.name}{_RESCUED}") + r"(\d{4}-\d\d-\d\d-\d{6})")
    found = [name.fullmatch(copy.name.removesuffix("-wal")) for copy in path.parent.glob(f"{path.name}{_RESCUED}*-wal")]
    return sorted((each[0], datetime.strptime(each[1], _TIME).astimezone()) for each in found if each)


def add_up(sums: Sums, data: bytes, order: str) -> Sums:
    """Return the checksums of some data, going on from those of what stands before it."""
    first, second = sums
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for one, other in zip(words[::2], words[1::2], strict=True):
        first = (first + one + second) & 0xFFFFFFFF
        second = (second + other + first) & 0xFFFFFFFF
    return first, second


def _read_log(path: Path, page_bytes: int) -> Log:
    raw, step = beside(path, "-wal").read_bytes().ljust(_HEADER.size, b"\0"), _FRAME.size + page_bytes
    magic, _, salts, *sums = _HEADER.unpack_from(raw)
    order, before = _ORDERS.get(magic, _OWN_ORDER), (sums[0], sums[1])
    is_whole = add_up((0, 0), raw[:_SUMMED_OF_HEADER], order) == before
    frames = []
    for at in range(_HEADER.size, len(raw) - step + 1, step):
        frames.append(_read_frame(before, raw[at : at + step]))
        before = frames[-1].sums
    if frames and not is_whole:
        salts = frames[0].salts
    return Log(order, is_whole, salts, frames, *_read_index(path, salts))


def _read_frame(before: Sums, raw: bytes) -> Frame:
    head, salts, first, second = _FRAME.unpack_from(raw)
    return Frame(before, head, salts, (first, second), raw[_FRAME.size :])


def _read_index(path: Path, salts: bytes) -> tuple[int, int]:
    """Return how many frames were kept and moved, by the index; 0 if there is none that is whole and of this log."""
    index = beside(path, "-shm")
    raw = (index.read_bytes() if index.exists() else b"").ljust(_INDEX.size, b"\0")
    kept, of_log, *sums, moved = _INDEX.unpack_from(raw)
    is_whole = tuple(sums) == add_up((0, 0), raw[:_SUMMED_OF_INDEX], _OWN_ORDER)
    return (kept, min(kept, moved)) if is_whole and of_log == salts else (0, 0)


def _count_readable(log: Log) -> tuple[int, int]:
    """Return how many frames check, and how many SQLite takes: those up to the last commit among them."""
    good = taken = 0
    for frame in log.frames if log.is_whole else []:
        if not _was_written(log, frame, frame.content):
            break
        good += 1
        if frame.is_commit:
            taken = good
    return good, taken


def _goes_on(log: Log, good: int) -> bool:
    """Tell whether behind the first frame that does not check one goes on from a commit.

    Nothing is written behind a commit that was not kept: the next one takes its place.
    """
    behind = pairwise(log.frames[good:])
    return any(one.is_commit and _was_written(log, other, other.content) for one, other in behind)


def _has_all(log: Log, database: BinaryIO) -> bool:
    """Tell whether the database has the last of each page in the log."""
    if log.moved and log.moved == log.kept:
        return True
    last = max((number for number, frame in enumerate(log.frames, 1) if frame.salts == log.salts), default=0)
    newest = {frame.page: frame for frame in log.frames[:last]}
    return last >= log.kept and all(
        _has_page(log, frame, database) or _read_page(frame, database) == frame.content for frame in newest.values()
    )


def _has_page(log: Log, frame: Frame, database: BinaryIO) -> bool:
    """Tell whether the database has the page that a frame was written with, even if the frame itself is broken."""
    return _was_written(log, frame, _read_page(frame, database))


def _was_written(log: Log, frame: Frame, content: bytes) -> bool:
    """Tell whether a frame of this log was written with this content, and behind the frame before it."""
    return frame.salts == log.salts and add_up(frame.before, frame.head + content, log.order) == frame.sums


def _read_page(frame: Frame, database: BinaryIO) -> bytes:
    """Return what the database has in the place of a frame's page."""
    size = len(frame.content)
    database.seek(max(frame.page - 1, 0) * size)
    return database.read(size).ljust(size, b"\0")


def _copy_aside(path: Path) -> None:
    """Copy the database and its log as they are, once: however often it is tried to open them."""
    written = datetime.fromtimestamp(beside(path, "-wal").stat().st_mtime).astimezone()
    aside = beside(path, f"{_RESCUED}{written:{_TIME}}")
    if not beside(aside, "-wal").exists():
        for ending in ("", "-wal"):
            copy_file(beside(path, ending), beside(aside, ending))
