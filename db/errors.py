"""Turns what SQLite and the disk report into sentences a person at the desk can act on."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from sqlcipher3 import dbapi2


class StoreError(Exception):
    """Says what happened to the clinic's records and what to do about it; anything else is a bug."""

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.what} {self.hint}".strip()


class OtherKeyError(StoreError):
    """Says that no page of the records opens with the key; the key may be the wrong one, or the file not be theirs."""


SAVED = "Everything saved before is kept."
FULL = (
    "The disk is full, so the last change could not be saved.",
    f"Free some space on the disk and try again. {SAVED}",
)
READ_ONLY = (
    "The records cannot be changed: the file, its folder or the disk is read-only.",
    "Ask whoever looks after this computer to let your account write to that folder, then start again.",
)
UNREADABLE = (
    "The records file cannot be opened.",
    "Check that the disk is connected and that your account may read the folder, then start again.",
)
RESTORE = "Nothing was changed. Keep the file as it is and restore the last backup."
DAMAGED = ("The records file is damaged.", RESTORE)
OTHER_KEY = ("The records file does not open with this key, or is damaged.", RESTORE)

# https://www.sqlite.org/rescode.html: the primary codes that are the world's fault and not a bug of ours.
_SENTENCES = {
    3: READ_ONLY,  # PERM
    5: ("Another program is using the records.", "Close it and try again."),  # BUSY
    8: READ_ONLY,  # READONLY
    10: (  # IOERR
        "The disk could not be read or written.",
        f"Check that the disk is connected and has free space, then try again. {SAVED}",
    ),
    11: DAMAGED,  # CORRUPT
    13: FULL,  # FULL
    14: UNREADABLE,  # CANTOPEN
    26: DAMAGED,  # NOTADB
}
_NO_CODES = (0, 1)  # none, and that there was an error
_CODES = {
    "database is locked": 5,
    "attempt to write a readonly database": 8,
    "disk I/O error": 10,
    "database disk image is malformed": 11,
    "database or disk is full": 13,
    "unable to open database file": 14,
    "file is not a database": 26,
}
_NO_TEXT = "Could not decode to UTF-8"  # a text that nothing of ours has written
_SYSTEM_SENTENCES = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EACCES: READ_ONLY,
    errno.EPERM: READ_ONLY,
    errno.EROFS: READ_ONLY,
}
_UNPRINTABLE = (
    "The text holds half of a character, which cannot be stored.",
    "Delete the text and type it again.",
)


@contextmanager
def plain_errors() -> Iterator[None]:
    """Run database or file work; raise StoreError where the disk or the text is to blame, and let bugs pass.

    No message repeats a value: SQLite's own texts name tables and columns only.
    """
    try:
        yield
    except UnicodeEncodeError:
        # Without its cause: that exception carries the whole answer.
        raise StoreError(*_UNPRINTABLE) from None
    except dbapi2.Error as error:
        if str(error).startswith(_NO_TEXT):
            raise StoreError(*DAMAGED) from None  # the same
        # The low byte is the primary code; the rest says which system call it was. Copying tells only the words.
        code = getattr(error, "sqlite_errorcode", 0)
        if code in _NO_CODES:
            code = _CODES.get(str(error), 0)
        sentence = _SENTENCES.get(code & 0xFF)
        if sentence is None:
            raise
        raise StoreError(*sentence) from error
    except OSError as error:
        raise StoreError(*_SYSTEM_SENTENCES.get(error.errno or 0, UNREADABLE)) from error
