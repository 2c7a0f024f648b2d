"""Looks into a stranger's PDF in a process of its own: what takes too long or too much memory ends there.

Run as `python -m intake_app.outgoing.apart WORK FILE`: the answer is one JSON object on standard output.
"""

import base64
import json
import sys
import warnings
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from intake_app.errors import UserError
from intake_app.outgoing.child import TookTooLongError, limit_this_process, run_child

SECONDS = 60
MEMORY = 3 * 1024**3  # bytes of address space, most of it the libraries'
TOO_MUCH = (
    "This PDF could not be looked into: it takes too long or too much memory.",
    "Ask whoever sent it for the file as it was made.",
)
UNREADABLE = 10  # the exit code for a file in which nothing can be checked, as proof.CODES has it


class RefusedError(UserError):
    """A PDF that cannot be looked into; `code` is the exit code."""

    def __init__(self, what: str, hint: str, code: int) -> None:
        super().__init__(what, hint)
        self.code = code


def verify(path: Path) -> tuple[list[Mapping[str, Any]], int]:
    """Return the checks of a letter, each with name, passed and says, and the exit code; RefusedError if none."""
    answer = _ask("verify", path)
    return answer["checks"], answer["code"]


def extract(path: Path) -> dict[str, bytes]:
    """Return the files inside a letter by name; RefusedError if it is none of ours."""
    return {name: base64.b64decode(content) for name, content in _ask("extract", path)["files"].items()}


def fax(path: Path) -> list[bytes]:
    """Return the pages of a PDF as a fax shows them, each a PNG; RefusedError if it cannot be drawn."""
    return [base64.b64decode(content) for content in _ask("fax", path)["pages"]]


def _ask(work: str, path: Path) -> dict[str, Any]:
    try:
        _, written = run_child("intake_app.outgoing.apart", [work, str(path)], b"", SECONDS)
        answer: dict[str, Any] = json.loads(written)
    except (TookTooLongError, ValueError) as error:  # it was ended, or a library has crashed
        raise RefusedError(*TOO_MUCH, UNREADABLE) from error
    if "refused" in answer:
        raise RefusedError(*answer["refused"])
    return answer


def main(words: list[str]) -> None:
    """Do one piece of work and print its answer."""
    work, path = words
    warnings.simplefilter("ignore")  # nothing about a file is printed
    limit_this_process(MEMORY, SECONDS)
    try:
        answer = _WORK[work](Path(path).read_bytes())
    except MemoryError:
        answer = {"refused": (*TOO_MUCH, UNREADABLE)}
    except OSError as error:
        answer = {"refused": (f"{path} cannot be read: {error.strerror}.", "Check the name and try again.", 1)}
    except UserError as error:
        answer = {"refused": (error.what, error.hint, getattr(error, "code", 1))}
    sys.stdout.write(json.dumps(answer))


def _verify(content: bytes) -> dict[str, Any]:
    from intake_app import paths, questions  # noqa: PLC0415  only this process needs them
    from intake_app.outgoing import proof  # noqa: PLC0415  only this process needs them

    questionnaire = questions.load(paths.resources(), paths.data_folder() / "questions")
    checks = proof.verify(content, questionnaire)
    return {"checks": [asdict(check) for check in checks], "code": proof.exit_code(checks)}


def _extract(content: bytes) -> dict[str, Any]:
    from intake_app.outgoing import proof  # noqa: PLC0415

    files = proof.read_files(content)
    return {"files": {name: base64.b64encode(data).decode() for name, data in files.items()}}


def _fax(content: bytes) -> dict[str, Any]:
    from intake_app.outgoing import fax  # noqa: PLC0415

    try:
        return {"pages": [base64.b64encode(page).decode() for page in fax.fax_pages(content)]}
    except ValueError as error:
        hint = "Ask whoever sent it for the file as it was made."
        raise RefusedError("This PDF is damaged, locked or of no letter's size.", hint, UNREADABLE) from error


_WORK: dict[str, Callable[[bytes], dict[str, Any]]] = {"verify": _verify, "extract": _extract, "fax": _fax}

if __name__ == "__main__":
    main(sys.argv[1:])
