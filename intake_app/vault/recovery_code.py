"""The recovery code: 160 bits as letters and digits that can be written down, read aloud and typed."""

import base64
import hashlib
import re
import secrets

from intake_app.errors import UserError

CODE_BYTES = 20
_CHECK_LETTERS = 4
_GROUP = 4
# As base32 has them (RFC 4648: A-Z and 2-7), so 0, 1 and 8 can only be a misread O, I and B.
_MISREAD = str.maketrans("018", "OIB")
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015_.]+")


def make_code() -> tuple[bytes, str]:
    """Return a new code as bytes and as it is printed: nine groups of four, the last to tell a slip."""
    code = secrets.token_bytes(CODE_BYTES)
    return code, write_code(code)


def write_code(code: bytes) -> str:
    """Return a code as it is printed."""
    letters = _letters(code) + _check_letters(code)
    return "-".join(letters[start : start + _GROUP] for start in range(0, len(letters), _GROUP))


def read_code(text: str) -> bytes:
    """Return the code that was typed; capitals, spaces and 0 for O or 1 for I do not matter. UserError for a slip."""
    letters = _SEPARATORS.sub("", text).upper().translate(_MISREAD)
    slip = UserError(
        "This is not a recovery code: a letter is wrong, missing or too many.",
        "Compare it with the paper, group by group, and type it again.",
    )
    try:
        code = base64.b32decode(letters[:-_CHECK_LETTERS])
    except ValueError:
        raise slip from None
    if len(code) != CODE_BYTES or letters[-_CHECK_LETTERS:] != _check_letters(code):
        raise slip
    return code


def _letters(content: bytes) -> str:
    return base64.b32encode(content).decode().rstrip("=")


def _check_letters(code: bytes) -> str:
    return _letters(hashlib.sha256(code).digest())[:_CHECK_LETTERS]
