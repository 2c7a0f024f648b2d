"""The recovery code: read aloud, written down and typed again."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake_app.errors import UserError
from intake_app.vault.recovery_code import CODE_BYTES, make_code, read_code, write_code

CODE = bytes(range(CODE_BYTES))


def test_a_new_code_is_160_bits_in_nine_groups_of_four():
    codes = [make_code() for _ in range(20)]
    assert len({code for code, _ in codes}) == 20
    for code, printed in codes:
        assert len(code) * 8 == 160
        assert re.fullmatch(r"([A-Z2-7]{4}-){8}[A-Z2-7]{4}", printed)
        assert read_code(printed) == code


@given(st.binary(min_size=CODE_BYTES, max_size=CODE_BYTES))
def test_any_code_comes_back_however_it_is_typed(code):
    printed = write_code(code)
    misread = printed.replace("O", "0").replace("I", "1").replace("B", "8")
    for typed in (
        printed.lower(),
        printed.replace("-", " "),
        printed.replace("-", ""),
        f"  {misread}\n",
        printed.replace("-", " \u2013 "),
    ):
        assert read_code(typed) == code


@pytest.mark.parametrize("slip", [lambda c: c[:-1], lambda c: c + "A", lambda _: "", lambda c: "7" + c[1:], lambda c: c.replace("A", "E", 1), lambda c: "é" + c[1:], lambda c: c[1] + c[0] + c[2:] if c[0] != c[1] else "x", lambda c: c[:4], lambda _: "ABCD" * 3], ids=range(9))  # fmt: skip
def test_a_slip_is_told_before_anything_is_tried(slip):
    with pytest.raises(UserError, match="not a recovery code") as caught:
        read_code(slip("KAAB" + write_code(CODE)[4:]))
    assert "group by group" in caught.value.hint


def test_every_single_wrong_letter_is_found():
    printed = write_code(CODE)
    for place, letter in enumerate(printed):
        if letter != "-":
            with pytest.raises(UserError):
                read_code(printed[:place] + ("A" if letter != "A" else "E") + printed[place + 1 :])
