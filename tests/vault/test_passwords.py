"""What a password has to be: long enough and not common, and nothing else (ASVS 5.0, 6.2)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake_app.errors import UserError
from intake_app.vault import passwords

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)


def refusal(password, name=""):
    try:
        passwords.check(password, name)
    except UserError as error:
        return error.what if error.hint else "no hint"
    return ""


@pytest.mark.parametrize(
    "password",
    [
        "plum-ket", "plum kettle orbit", "vxkq27mz", "ggj8-krw2", "ünïcödé-wörter", "🐢🐢 slow 🐢 walk", "山田の背中は痛い",
        "correct horse battery staple", "a sentence about rain", "12849037465", "x7" * 7 + "plum" * 9, "        a", "password of nobody here",
    ],
)  # fmt: skip
def test_check_04_any_characters_will_do(password):
    assert refusal(password, "Ann Lee") == ""


@pytest.mark.parametrize(
    ("password", "words"),
    [("", "too short"), ("sevensi", "too short"), ("🐢" * 7, "too short"), ("x" * 1001, "too long")],
)
def test_check_04_length_is_counted_in_characters(password, words):
    assert words in refusal(password)


def test_check_04_a_long_password_is_taken():
    assert refusal("plum kettle " * 83) == ""
    assert passwords.prepare("plum kettle " * 83) == b"plum kettle " * 83


@pytest.mark.parametrize(
    "password",
    """password Password1! P@ssw0rd pa$$word12 passw0rd 12345678 123456789 0987654321 11111111 11223344 12341234 abcabcabc
    qwertyuiop qwerty123 1qaz2wsx 1q2w3e4r asdfasdf zxcvbnm1 abcd1234 a1b2c3d4 1a2b3c4d a1234567 iloveyou2 letmein123
    sunshine Summer2026! winter24# football1 liverpoo michael1 jordan23 welcome123 changeme! admin123 trustno1 testtest
    drowssap spineclinic frontdesk1 patient2026 01011990 1990-12-31 31.12.1990 monkeydragon \uff50assword""".split(),  # noqa: SIM905
)
def test_check_04_what_anybody_would_try_is_refused(password):
    assert "first that anybody would try" in refusal(password)


@pytest.mark.parametrize("password", ["Ann Lee 2026", "annlee99!", "wojciechowska"])
def test_the_users_own_name_is_refused(password):
    assert "own name" in refusal(password, "Wojciechowska" if password.startswith("w") else "Ann Lee")


def test_the_words_are_many_and_in_small_letters():
    words = passwords._common_words()
    assert len(words) > 1500
    assert all(word == word.casefold() for word in words)


@given(TEXTS)
@settings(max_examples=80, deadline=None)
def test_any_text_gets_an_answer(text):
    refusal(text, text)
    assert passwords.prepare(text).decode()[:0] == ""


@given(st.sampled_from(sorted(passwords._common_words())), st.integers(0, 9999))
@settings(max_examples=80, deadline=None)
def test_a_common_word_with_a_number_is_common(word, number):
    assert passwords.is_common(f"{word.title()}{number}!")


def test_accents_typed_either_way_are_one_password():
    assert passwords.prepare("cafe\u0301") == passwords.prepare("caf\u00e9") != passwords.prepare("cafe")
