import re

import pytest
from bidi import get_base_level, get_display
from hypothesis import assume, given
from hypothesis import strategies as st

from intake_app.letter.pdf_bidi import find_levels, order_line

SIGNS = "אבגabcمحد0123٣٤ ()[]{}/.,:%-+\"'!?\u00d7€#;·\u064e\u05b8"
WORDS = st.text(SIGNS, min_size=1, max_size=14).map(str.strip).filter(lambda text: re.search("[אבגمحد٣٤]", text))
ISOLATES = re.compile("[\u2066-\u2069]")


def see(text, *, alone=False):
    """Return the characters from left to right, none mirrored."""
    return "".join(text[place] for place in order_line(find_levels(text, alone=alone)))


def expect(text, base):
    """Return what another implementation of the algorithm makes of it."""
    return ISOLATES.sub("", get_display(text, base_dir=base))


@given(words=WORDS)
def test_quotations_are_isolated_as_unicode_has_it(words):
    assert see(f"said “{words}”, 3 times") == expect(f"said “\u2068{words}\u2069”, 3 times", "L")


@given(words=WORDS, more=WORDS)
def test_two_quotations_do_not_move_each_other(words, more):
    assert see(f"“{words}” “{more}”") == expect(f"“\u2068{words}\u2069” “\u2068{more}\u2069”", "L")


@given(words=WORDS)
def test_a_text_alone_that_begins_and_mostly_runs_to_the_left_does_so_as_a_whole(words):
    letters = [char for char in words if char.isalpha()]
    assume(get_base_level(words) and len(re.findall("[a-c]", words)) < len(letters) / 2)
    assert see(words, alone=True) == expect(words, "R")


@pytest.mark.parametrize(
    "text",
    [
        "agent <שלום 3 (עולם) 50%>; then",
        "said <שלום (עולם)> and (<שלום>)",
        "said <שלום (עולם 3)> and (<שלום 3>)",
        "<כהן, דוד> · born 3 May; <לוי> · 5 June",
        "<רחוב 5, כהן>, 5; <לוי>",
        "<רחוב 5/4> · <רחוב> 5 May, <רחוב> 5th, <רחוב 5>.",
        "“<שלום>” <עולם>, “a 3 <עולם>",
    ],
)
def test_words_without_marks_are_isolated_with_the_numbers_and_brackets_among_them(text):
    assert see(re.sub("[<>]", "", text)) == expect(text.replace("<", "\u2067").replace(">", "\u2069"), "L")


def test_what_runs_to_the_right_has_no_levels():
    assert find_levels("Nguyễn 王小明 8/10 (right)", alone=True) == ()
    assert find_levels("", alone=False) == ()


def test_brackets_nested_deeper_than_the_algorithm_counts_are_drawn_all_the_same():
    text = "“א" + "(" * 99 + "b" + ")" * 99 + "”"
    assert sorted(see(text)) == sorted(text)
