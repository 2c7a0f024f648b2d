"""Files around the database: private, written whole, surviving a power cut."""

import os
from contextlib import suppress
from pathlib import Path

PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
ASIDE = ".before-"  # what the copy of a database has behind its name, with why and when it was made
_CHUNK = 1 << 20


def beside(path: Path, ending: str) -> Path:
    """Return the file of the same name with something behind it."""
    return path.with_name(path.name + ending)


def has_bytes(path: Path) -> bool:
    """Tell whether there is anything in a file."""
    return path.exists() and path.stat().st_size > 0


def make_folder(path: Path) -> None:
    """Make a folder for this account only, and those above it."""
    path.mkdir(PRIVATE_FOLDER, parents=True, exist_ok=True)


def make_empty(path: Path) -> None:
    """Make a new empty file for this account only; OSError if there is one."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, PRIVATE_FILE))


def remove_database(path: Path) -> None:
    """Remove a database that is of no use, with what SQLite keeps beside it."""
    for ending in ("", "-wal", "-shm", "-journal"):
        beside(path, ending).unlink(missing_ok=True)


def remove_folder(folder: Path) -> None:
    """Remove a folder of ours with the files in it, as far as that is possible; none of ours has folders in it."""
    with suppress(OSError):
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()


def copy_file(source: Path, target: Path) -> None:
    """Copy a file, whole or not at all, and for good when this returns; what was in the target's place is replaced."""
    part = beside(target, ".part")
    part.unlink(missing_ok=True)
    make_empty(part)
    try:
        with source.open("rb") as old, part.open("wb") as new:
            while chunk := old.read(_CHUNK):
                new.write(chunk)
            new.flush()
            os.fsync(new.fileno())
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def write_file(target: Path, content: bytes) -> None:
    """Write a new file of a few bytes, for good when this returns."""
    make_empty(target)
    with target.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_file(path: Path) -> None:
    """Make what was written to a file survive a power cut."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make new names in a folder survive a power cut."""
    with suppress(PermissionError):  # Windows opens no folders, and needs no such thing
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
