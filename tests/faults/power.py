"""Cuts the power in what recorder.c has recorded, and says what is then lost or cannot be read.

The model of the disk is the strictest one: of a file only what was there at its last fsync is certain, of a folder only
the names at its own last fsync. Of the rest any part may have reached the disk, in any order, the last of it torn.
Files and names are modelled apart: a name may be lost while the file is whole, and the other way round.
"""

import json
import shutil
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from faults import day

from db import StoreError, list_rescued, open_store

SECTOR = 512
HEADER = struct.Struct("<cQqII")


class Entry(NamedTuple):
    """One line of the record."""

    what: str
    inode: int
    offset: int
    path: str
    data: bytes


@dataclass
class File:
    """A file's contents: what is certain, and the changes since its last fsync."""

    certain: bytearray = field(default_factory=bytearray)
    waiting: list[Entry] = field(default_factory=list)


@dataclass
class Disk:
    """A folder's files by inode, the names that are certain, and the changes of names since the folder's last fsync."""

    folder: str
    folder_inode: int
    files: dict[int, File] = field(default_factory=dict)
    certain: dict[str, int] = field(default_factory=dict)
    current: dict[str, int] = field(default_factory=dict)
    waiting: list[dict[str, int | None]] = field(default_factory=list)

    def take(self, entry):
        """Do what the record says."""
        if entry.what in "WT":
            self.files.setdefault(entry.inode, File()).waiting.append(entry)
        elif entry.what == "S" and entry.inode == self.folder_inode:
            self.certain, self.waiting = dict(self.current), []
        elif entry.what == "S":
            file = self.files.setdefault(entry.inode, File())
            for change in file.waiting:
                apply(file.certain, change)
            file.waiting = []
        elif entry.what in "CRU":
            self._rename(entry)

    def _rename(self, entry):
        name = Path(entry.path).name
        if entry.what == "C":
            change = {name: entry.inode}
        elif entry.what == "R":
            change = {Path(entry.data.decode()).name: self.current.get(name), name: None}
        else:
            change = {name: None}
        self.current = {n: i for n, i in (self.current | change).items() if i is not None}
        self.waiting.append(change)

    def cut(self, chance):
        """Return what is on the disk after a power cut now: contents by name."""
        names = dict(self.certain)
        keep = chance.choice((0, 0.5, 1))
        in_order = chance.random() < 0.5
        for change in self.waiting:
            if chance.random() < keep:
                names |= change
            elif in_order:
                break
        keep = chance.choice((0, 0.5, 0.9, 1))
        found = {inode: self._contents(inode, keep, chance) for inode in {i for i in names.values() if i is not None}}
        return {name: found[inode] for name, inode in names.items() if inode is not None}

    def _contents(self, inode, keep, chance):
        file = self.files.get(inode, File())
        contents = bytearray(file.certain)
        for change in file.waiting:
            if chance.random() < keep:
                torn = change.what == "W" and chance.random() < 0.3
                sectors = chance.randrange(len(change.data) // SECTOR + 1) if torn else 0
                apply(contents, change._replace(data=change.data[: sectors * SECTOR]) if torn else change)
        return contents


def apply(contents, change):
    """Write or truncate."""
    end = change.offset + len(change.data)
    if change.what == "T" and len(contents) > change.offset:
        del contents[change.offset :]
    elif len(contents) < end:
        contents.extend(bytes(end - len(contents)))
    if change.what == "W":
        contents[change.offset : end] = change.data


def read_record(log):
    """Return the entries of a record."""
    raw, at, entries = log.read_bytes(), 0, []
    while at < len(raw):
        what, inode, offset, length, size = HEADER.unpack_from(raw, at)
        at += HEADER.size
        path, data = raw[at : at + length], raw[at + length : at + length + size]
        entries.append(Entry(what.decode(), inode, offset, path.decode(), data))
        at += length + size
    return entries


def cut_often(entries, folder, cuts, chance, check=None):
    """Cut the power at so many random places of the record; return what was wrong after each, in words.

    `check` is given the folder as it is then and all lines that were told, as dicts; without it that of `day.py`.
    """
    places = sorted(chance.randrange(1, len(entries) + 1) for _ in range(cuts))
    disk, told, done, wrong = Disk(str(folder), folder.stat().st_ino), [], 0, []
    after = folder.with_name("after")
    for place in places:
        for entry in entries[done:place]:
            disk.take(entry)
            if entry.what == "A":
                told += map(json.loads, entry.data.splitlines())
        done = place
        put_down(disk.cut(chance), after)
        wrong += [f"cut {place}: {what}" for what in (check or check_day)(after, told)]
    return wrong


def put_down(files, after):
    shutil.rmtree(after, ignore_errors=True)
    after.mkdir(mode=0o700)
    for name, contents in files.items():
        (after / name).write_bytes(contents)


def check_day(after, told):
    """Return what of all that was told is not there."""
    wrong = check_file(after, max((line["file"] for line in told if "file" in line), default=0))
    path = after / "clinic.db"
    if not path.exists() and not told:
        return wrong
    try:
        with open_store(path, day.KEY) as store:
            wrong += check_store(store, told)
    except StoreError as error:
        wrong.append(f"unreadable: {error}")
    return wrong + [f"a false alarm: {name}" for name, _ in list_rescued(path)]


def check_store(store, told):
    wrong = [] if store._db.execute("pragma integrity_check").fetchall() == [("ok",)] else ["corrupt"]
    intakes = store.worklist()
    if not intakes:
        return wrong + (["lost the intake"] if told else [])
    answers = store.answers(intakes[0]["intake_id"])
    last = {line["question"]: line["turn"] for line in told if "question" in line}
    wrong += [f"lost {name}" for name, turn in last.items() if answers.get(name, {"turn": 0})["turn"] < turn]
    letters = store.letters(intakes[0]["intake_id"])
    wrong += ["torn letter" for row in letters if store.letter_pdf(row["id"]) != day.pdf_of(row["version"])]
    if len(letters) < max((line["letter"] for line in told if "letter" in line), default=0):
        wrong.append("lost a letter")
    return wrong


def check_file(after, version):
    """The file saved last is whole, or a later one is."""
    path = after / "letter.pdf"
    if not path.exists():
        return ["lost the file"] if version else []
    versions = {day.pdf_of(each): each for each in range(1, day.OPENINGS + 1)}
    found = versions.get(path.read_bytes(), 0)
    return (
        []
        if found >= max(version, 1)
        else [f"version {found} of the file, {version} was told" if found else "torn file"]
    )


def record_day(library, folder, number, run):
    """Let a day be recorded; return its entries."""
    return record(library, folder, run, "day.py", folder, number)


def record(library, folder, run, script, *arguments):
    """Let what a script does in a new folder be recorded; return the entries."""
    folder.mkdir(mode=0o700)
    log = folder.with_name("record")
    settings = {"RECORD_FOLDER": str(folder), "RECORD_LOG": str(log)}
    run(library, script, *arguments, **settings)
    return read_record(log)
