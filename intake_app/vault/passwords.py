"""What a password has to be: long enough and not one that everybody tries; nothing else is asked of it.

The rules are those of OWASP ASVS 5.0, 6.2: at least 8 characters, any characters, nothing cut off, no rules about
capitals or digits, common ones refused. Texts are compared in Unicode's form NFC, so that the same accents typed on
another keyboard are the same password.
"""

import re
import unicodedata
from functools import cache

from intake_app import paths
from intake_app.errors import UserError

SHORTEST, LONGEST = 8, 1000
ADVICE = "Take three or four words that have nothing to do with each other, or a sentence."

_WORDS = "common_passwords.txt"
# Keys beside each other, read forwards and backwards.
_ROWS = (
    "1234567890",
    "0123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "qwertzuiop",
    "azertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "yxcvbnm",
    "!@#$%^&*()",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "qazwsxedcrfvtgbyhnujmikolp",
    "147258369",
    "159753",
    "741852963",
)
_SHORTEST_RUN = 3
_LONGEST_BLOCK = 5  # repeated, it is as easy to guess as once
_TWO_WORDS_BELOW = 15  # of so many letters two common words are no passphrase yet
_OLD_LIMIT = 8  # where old systems cut words off, and people still do
_DATE = re.compile(
    r"(0?[1-9]|[12]\d|3[01])\D?(0?[1-9]|[12]\d|3[01])\D?(19|20)\d\d|(19|20)\d\d\D?(0?[1-9]|1[0-2])\D?(0?[1-9]|[12]\d|3[01])"
)
_ENDS = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_DOUBLED = re.compile(r"(.)\1+")
_LOOKALIKES = str.maketrans("0134578@$!|+", "oieastbasiit")


def prepare(password: str) -> bytes:
    """Return a password as it is used: NFC, UTF-8, whole. UserError for half of a character."""
    try:
        return unicodedata.normalize("NFC", password).encode()
    except UnicodeEncodeError:
        raise UserError("The password holds half of a character.", "Type it again.") from None


def check(password: str, name: str = "") -> None:
    """Raise UserError if a new password is too short, too long, common, or the user's own name."""
    length = len(prepare(password).decode())
    if length < SHORTEST:
        raise UserError(f"The password is too short: it needs {SHORTEST} characters, better 15.", ADVICE)
    if length > LONGEST:
        raise UserError(f"The password is too long: at most {LONGEST} characters are taken.", ADVICE)
    if is_common(password):
        raise UserError("This password is one of the first that anybody would try.", ADVICE)
    names = _fold(name).split()
    if {"".join(stem.split()) for stem in _stems(password)} & {*names, "".join(names)} - {""}:
        raise UserError("The password is the user's own name.", ADVICE)


def is_common(password: str) -> bool:
    """Tell whether a password is among those tried first.

    A common word with digits, signs or look-alikes (P@ssw0rd1!), two of them, a block repeated, keys beside each
    other, letters and digits of these kinds mixed (a1b2c3d4), or a date.
    """
    folded = _fold(password)
    return bool(_DATE.fullmatch(folded)) or any(_is_weak(stem) for stem in _stems(folded)) or _is_mixed(folded)


@cache
def _common_words() -> frozenset[str]:
    lines = (paths.resources() / _WORDS).read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _stems(password: str) -> set[str]:
    """Return a password with and without what is put around a word, as typed and with look-alikes read."""
    folded = _fold(password)
    forms = {folded, folded.translate(_LOOKALIKES), _ENDS.sub("", folded)}
    forms |= {form.translate(_LOOKALIKES) for form in forms}
    return {stem for form in forms for stem in (form, _ENDS.sub("", form)) if stem}


def _is_weak(text: str) -> bool:
    words = _common_words()
    if len(text) == _OLD_LIMIT and any(word.startswith(text) for word in words):
        return True
    return text in words or _is_walk(_DOUBLED.sub(r"\1", text)) or _is_repeated(text, words) or _are_two(text, words)


def _is_mixed(text: str) -> bool:
    letters, digits = re.sub(r"\d", "", text), re.sub(r"\D", "", text)
    return all(len(part) < _SHORTEST_RUN or _is_weak(part) for part in (letters, digits))


def _is_repeated(text: str, words: frozenset[str]) -> bool:
    sizes = (size for size in range(1, len(text) // 2 + 1) if len(text) % size == 0)
    return any(
        text == text[:size] * (len(text) // size) and (size <= _LONGEST_BLOCK or text[:size] in words) for size in sizes
    )


def _are_two(text: str, words: frozenset[str]) -> bool:
    pairs = ((text[:place], text[place:]) for place in range(3, len(text) - 2))
    return len(text) < _TWO_WORDS_BELOW and any(first in words and second in words for first, second in pairs)


def _is_walk(text: str) -> bool:
    """Tell whether the text is made of nothing but keys beside each other, in runs of three and more."""
    place = 0
    while place < len(text):
        longest = max(_run_length(text[place:], row) for each in _ROWS for row in (each, each[::-1]))
        if longest < _SHORTEST_RUN:
            return False
        place += longest
    return True


def _run_length(text: str, row: str) -> int:
    """Return how many characters at the beginning of the text stand together in a row of keys."""
    length = 0
    while length < len(text) and text[: length + 1] in row:
        length += 1
    return length
