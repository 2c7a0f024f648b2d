"""Finding a patient by what was heard at the desk: any word order, no accents, beginnings of words."""

import re
import unicodedata
from collections.abc import Mapping

# Letters that carry their mark inside, which Unicode does not take apart; \u0131 is the i without a dot.
_PLAIN_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "\u0131": "i", "æ": "ae", "œ": "oe"})
# As typed and as typeset: ' ` acute, left and right quotation marks, modifier letters.
_APOSTROPHES = re.compile("['`\u00b4\u2018\u2019\u02bb\u02bc]")
MOST_WORDS = 20
_NOT_A_WORD = re.compile(r"[\W_]+")
_NOT_A_NUMBER = re.compile(r"[^\w./-]+")


def fold_words(text: str) -> list[str]:
    """Return the words as compared: small letters, no accents, O'Brien one word and Garcia-Lopez two."""
    letters = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text).casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _NOT_A_WORD.sub(" ", plain.translate(_PLAIN_LETTERS)).split()


def make_search_key(patient: Mapping[str, str]) -> str:
    """Return all that a patient can be found by, each word after a space: ' garcia lopez maria 1956-05-03'."""
    names = f"{patient['family_name']} {patient['given_names']}"
    family, given = fold_words(patient["family_name"]), fold_words(patient["given_names"])
    number = fold_words(patient["record_number"])
    phrases = [
        [*family, *given],
        fold_words(_APOSTROPHES.sub(" ", names)),  # O'Brien is also looked for as Brien
        # Some names are written without spaces, in either order.
        ["".join(family + given)],
        ["".join(given + family)],
        [_fold_number(patient["record_number"])],
        number,
        [part.lstrip("0") for part in number],
        [patient["birth_date"]],
    ]
    return " " + " ".join(dict.fromkeys(" ".join(words) for words in phrases if any(words)))


def make_filter(text: str, column: str) -> tuple[str, list[str]]:
    """Return an SQL condition on a search key and its parameters: every word looked for begins one there.

    instr() has no wildcards or syntax, so no text can mean anything but itself. Words after the twentieth are
    left out: nobody has so many names, and SQLite refuses a condition of a thousand.
    """
    conditions, parameters = ["1"], []
    for term in text.split()[:MOST_WORDS]:
        words = " ".join(fold_words(term))
        if words:  # a lone comma finds nothing and excludes nothing
            forms = sorted({words, _fold_number(term)})
            conditions.append("(" + " or ".join(f"instr({column}, ?)" for _ in forms) + ")")
            parameters += [f" {form}" for form in forms]
    return " and ".join(conditions), parameters


def _fold_number(text: str) -> str:
    return _NOT_A_NUMBER.sub("", text.casefold())
