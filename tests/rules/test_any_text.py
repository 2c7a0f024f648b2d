"""Any text can be read, at any moment of its typing, and how long it takes grows with its length only."""

import pytest
from strategies import HOSTILE

from intake_app.rules import emergencies, negation
from intake_app.rules.documented import Condition

YEAR = 2026
REACH = 200  # characters
CONDITIONS = [one for one in vars(emergencies).values() if isinstance(one, Condition) and one.said]
CES = emergencies.CAUDA_EQUINA.said
TYPED = """No fracture, discitis or CES but?
CES safety net given; history of cauda equina syndrome 2019, decompressed!
Cauda
Equina Syndrome \u2022 although not excluded, except no CES in March, now numb"""
NEXT_TO_NOTHING = (
    *("But", "but but", "however", "Although ", "though", "except", "But, however."),
    *(
        "",
        " ",
        "\n",
        "\t",
        "\n\n\n",
        "\v",
        "\x00",
        ".",
        ". . .",
        "?",
        "!",
        ";",
        ",",
        ":",
        "-",
        "\u2022",
        "\u2022 \u2022",
    ),
    *("no", "No.", "nil", "not", "or", "and", "no or", "?\n?", "#", "C", "CES", "ces", "2019", "no \u2022 but", "n't"),
)


def read_every_way(text):
    for condition in CONDITIONS:
        negation.find_named(text, condition.said)
        negation.find_present(text, condition.said, YEAR)


@pytest.mark.parametrize("text", NEXT_TO_NOTHING)
def test_a_text_with_next_to_nothing_in_it_names_nothing_more(text):
    read_every_way(text)
    assert bool(negation.find_named(text, CES)) == (text.lower() == "ces")


def test_every_hostile_text_can_be_read():
    for text in HOSTILE:
        read_every_way(text)
        assert negation.find_named(f"{text}\nCES", CES), text


def test_a_text_can_be_read_after_every_letter_typed():
    for typed in range(len(TYPED) + 1):
        read_every_way(TYPED[:typed])
        read_every_way(TYPED[typed:])


def test_a_text_is_read_three_ways_at_most():
    assert len(negation._read("one line")) == 1
    assert len(negation._read("A title\nOf Two Lines")) == 1
    assert len(negation._read("Large disc\nat L4/5")) == 2
    assert len(negation._read("Cauda\nEquina\nL4/5 disc\nand more")) == 3
    assert len(negation._read(TYPED * 50)) <= 3


def test_a_denial_reaches_no_further_than_a_list_is_long():
    for far, is_named in ((REACH, False), (REACH + 1, True)):
        between = " " + "x" * (far - len("no  or ")) + " or "
        assert bool(negation.find_named(f"no{between}CES", CES)) is is_named
        assert bool(negation.find_named(f"Here no{between}CES", CES)) is is_named


def test_how_it_ended_is_looked_for_no_further_than_that():
    for far, is_past in ((REACH, True), (REACH + 1, False)):
        text = f"CES{'x'.rjust(far - len(' surgery'), ',')} surgery 2015"
        assert bool(negation.find_present(text, CES, YEAR)) is not is_past


def test_a_thing_named_many_times_is_named_and_a_denial_of_many_times_is_one():
    assert negation.find_present("CES 2018 " * 400 + "now", CES, YEAR)
    assert negation.find_present("CES 2018 " * 400, CES, YEAR) == ""
    assert negation.find_named("no CES, " * 400, CES) == ""
    assert negation.find_named("no CES, " * 400 + "CES", CES)
    assert negation.find_named("CES\n" * 400, CES)


def test_what_takes_a_denial_back_counts_wherever_it_stands_behind():
    assert negation.find_named("no CES", CES) == ""
    assert negation.find_named(f"no CES {'x ' * 1000} pending", CES)
    assert negation.find_named("results pending, no CES", CES) == ""
    assert negation.find_named("not excluded? no CES", CES) == ""


def test_the_sentence_of_two_lines_is_told_in_one():
    assert negation.find_named("Seen today. Cauda\nEquina Syndrome. Home.", CES) == "Cauda Equina Syndrome."
