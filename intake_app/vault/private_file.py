"""Writes a small file whole or not at all, readable by this account only."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from intake_app.errors import UserError


def write_private(path: Path, content: bytes) -> None:
    """Put the content in the file's place, for good when this returns: a crash leaves the old or the new, never half.

    Raises UserError if the disk is full, read-only or gone; the old file is then as it was.
    """
    try:
        handle, part = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # mode 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, path)  # noqa: PTH105 the tests make each call of os fail
        except BaseException:
            with suppress(OSError):
                os.unlink(part)  # noqa: PTH108 the same
            raise
    except OSError as error:
        raise UserError(
            f"{path.name} could not be written: {error.strerror}.",
            "Nothing was changed. Make sure that the disk has free space and may be written, then try again.",
        ) from error
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut; where folders cannot be opened (Windows) it does anyway."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
