"""A folder in memory, where there is one: for tests that write much and do not ask what a disk keeps."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEMORY = "/dev/shm"  # noqa: S108 only a place for throw-away files


@contextmanager
def quick_folder() -> Iterator[Path]:
    """Make a folder and delete it at the end."""
    place = MEMORY if os.access(MEMORY, os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="quick-", dir=place))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
