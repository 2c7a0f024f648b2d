"""Runs a module of this program in a process of its own, with limits on its time, its memory and what it unpacks."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

HOME = str(Path(__file__).resolve().parents[2])
_running: set["subprocess.Popen[bytes]"] = set()


class TookTooLongError(Exception):
    """The child was ended because its time was up."""


def run_child(module: str, words: list[str], given: bytes, seconds: float) -> tuple[int, bytes]:
    """Return the exit code of `python -m module words` and what it wrote, after it read `given`; TookTooLongError."""
    with subprocess.Popen(  # noqa: S603  this program itself
        [sys.executable, "-P", "-m", module, *words],  # -P: no module from the folder that somebody happens to be in
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": HOME},
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # no black window on Windows
    ) as child:
        _running.add(child)
        try:
            written, _ = child.communicate(given, timeout=seconds)
        except subprocess.TimeoutExpired as error:
            raise TookTooLongError from error
        finally:
            _running.discard(child)
            child.kill()  # nothing to one that has ended
    return child.returncode, written


def end_children() -> None:
    """End what is running, because nobody waits for it any more: it then counts as crashed. From any thread."""
    for child in tuple(_running):
        child.kill()


def limit_this_process(memory: int, seconds: int) -> None:
    """Let the system end this process when it takes more bytes or computes longer, where it can."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415  not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a crash leaves nothing of the file on the disk


def limit_unpacking(room: int) -> None:
    """Let no stream of a PDF unpack to more bytes than this, in this process, nor through more than four filters."""
    from pikepdf import settings  # noqa: PLC0415  only what reads a PDF needs it

    settings.set_qpdf_limits(
        flate_max_memory=room,
        run_length_max_memory=room,
        png_max_memory=room,
        tiff_max_memory=room,
        dct_max_memory=room,
        max_stream_filters=4,
        doc_max_warnings=200,
    )
