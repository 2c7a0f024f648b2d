import re
import unicodedata

import pytest
from bidi import get_display
from reportlab.pdfbase import ttfonts

from intake_app.letter.blocks import Run
from intake_app.letter.fonts import MissingGlyphError
from intake_app.letter.pdf_faces import _char_of, load, measure
from intake_app.letter.pdf_tags import Element
from intake_app.letter.pdf_text import SISTERS, Style, break_lines

STYLE = Style(9, 12)
MIRROR = str.maketrans("()[]", ")(][")


def words_of(line):
    return "".join(piece.text for piece in line.pieces)


def test_lines_are_as_full_as_they_can_be_and_no_wider():
    text = "Walks ten minutes before stopping and then sits down for a while. " * 5
    lines = break_lines(text, STYLE, 200)
    assert all(line.width <= 200 for line in lines)
    assert "".join(words_of(line) for line in lines) == text.strip()
    following = [words_of(line).split()[0] for line in lines[1:]]
    for line, word in zip(lines, following, strict=False):
        assert line.width + measure("sans", f" {word}") * STYLE.size > 200


def test_a_word_wider_than_the_line_is_broken_and_nothing_of_it_is_lost():
    lines = break_lines("see " + "W" * 300, STYLE, 150)
    assert all(line.width <= 150 for line in lines)
    assert "".join(words_of(line) for line in lines) == "see " + "W" * 300


def test_marks_stay_with_their_letter_when_a_word_is_broken():
    lines = break_lines("q\u0303" * 100, STYLE, 60)
    assert len(lines) > 5
    assert all(words_of(line)[0] == "q" for line in lines)


def test_a_bold_stretch_is_drawn_at_once_spaces_and_all():
    [line] = break_lines((Run("so much to say", bold=True), " about it"), STYLE, 200)
    assert [piece.text for piece in line.pieces] == ["so much to say ", "about it"]
    assert len({measure(face, " ") for face in SISTERS}) == 1


def test_line_breaks_of_the_writer_are_kept():
    assert [words_of(line) for line in break_lines("one\ntwo\n\nfour", STYLE, 200)] == ["one ", "two ", "", "four"]


def test_the_space_that_ends_a_line_is_no_part_of_its_width():
    line, _ = break_lines("one\ntwo", STYLE, 200)
    assert line.width == pytest.approx(break_lines("one", STYLE, 200)[0].width)


def test_bold_words_keep_their_place_in_the_line():
    [line] = break_lines(("a ", Run("b", bold=True), ", c ", Run("d", italic=True)), STYLE, 200)
    assert [(piece.face, piece.text) for piece in line.pieces] == [
        ("sans", "a "), ("sans-bold", "b"), ("sans", ", c "), ("sans-italic", "d"),
    ]  # fmt: skip
    assert [piece.x for piece in line.pieces] == sorted(piece.x for piece in line.pieces)


def test_ideographs_break_anywhere_but_before_a_closing_mark():
    lines = break_lines("王小明。" * 30, STYLE, 100)
    assert len(lines) > 5
    assert all(not words_of(line).startswith("。") for line in lines)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("שלום", "םולש"),
        ("Patient said שלום עולם twice", "Patient said םלוע םולש twice"),
        ("name שלום, 3 May", "name םולש, 3 May"),
        ("said (שלום) and", "said (םולש) and"),
        ("said שלום (עולם) and", "said (םלוע) םולש and"),
        ("שלום עולם, ab", "ab ,םלוע םולש"),
        ("name שלום 3 May, said", "name םולש 3 May, said"),
        ("name שלום 8/10, said", "name 8/10 םולש, said"),
        ("name שלום, 8/10 said", "name םולש, 8/10 said"),
        ("agent שלום 3 (עולם) 50%; then", "agent 50% (םלוע) 3 םולש; then"),
        ("כהן, דוד · born 3 May 1958 · record 12", "דוד ,ןהכ · born 3 May 1958 · record 12"),
    ],
)
def test_right_to_left_words_are_turned_in_their_place(text, expected):
    [line] = break_lines(text, STYLE, 400)
    assert words_of(line) == expected


@pytest.mark.parametrize(
    ("quotation", "expected"),
    [
        ("שלום עולם", "םלוע םולש"),
        ("כאב מאז 2020 (ימין) 8/10", "8/10 (ןימי) 2020 זאמ באכ"),
        ("כאב [MRI] 50%, מ-3/5/2024", "3/5/2024-מ ,50% [MRI] באכ"),
        ("כאב L4-L5 ימין.", ".ןימי L4-L5 באכ"),
        ("5 כאב", "באכ 5"),
        ("8/10 and (כאב) since", "8/10 and (באכ) since"),
        ("נוטל Gabapentin 300 mg (לילה) 8", "8 (הליל) Gabapentin 300 mg לטונ"),
        ("אמר “כאב” 3", "3 ”באכ“ רמא"),
    ],
)
def test_a_quotation_runs_its_own_way_and_moves_nothing_around_it(quotation, expected):
    [line] = break_lines(f"He said “{quotation}”. On 3 May “{quotation}”, 2 weeks.", STYLE, 500)
    assert words_of(line) == f"He said “{expected}”. On 3 May “{expected}”, 2 weeks."
    assert [piece.x for piece in line.pieces] == sorted(piece.x for piece in line.pieces)
    assert line.says == f"He said “{quotation}”. On 3 May “{quotation}”, 2 weeks."


def test_a_latin_name_keeps_its_place_in_an_arabic_quotation():
    [line] = break_lines("He said “أتناول Gabapentin منذ 2024/05/03 (مساء) 8/10” then", STYLE, 400)
    seen = unicodedata.normalize("NFKC", words_of(line))
    assert seen == "He said “8/10 (ءاسم) 2024/05/03 ذنم Gabapentin لوانتأ” then"


def test_every_line_of_a_long_quotation_is_turned_by_itself():
    quotation = " ".join(["הכאב החל בשנת 2020 (צד ימין) ומאז הוא 8/10, ב-MRI נמצא L4-L5 ושיפור 50% בלבד"] * 2)
    lines = break_lines(f"He said “{quotation}” and left.", STYLE, 200)
    assert len(lines) > 3
    assert "".join(line.says for line in lines) == f"He said “{quotation}” and left."
    for line in lines:
        isolated = line.says.strip().replace("“", "“\u2067").replace("”", "\u2069”")
        isolated = isolated if "“" in isolated else f"\u2067{isolated}"
        assert words_of(line).translate(MIRROR) == re.sub("[\u2067\u2069]", "", get_display(isolated, base_dir="L"))


def test_composed_lines_run_from_left_to_right_whatever_name_they_begin_with():
    [line] = break_lines((Run("כהן דוד", bold=True), " · born 3 May 1958"), STYLE, 400)
    assert words_of(line).endswith(" · born 3 May 1958")


def test_arabic_letters_are_joined():
    [line] = break_lines("محمد", STYLE, 400)
    assert words_of(line) == "\ufeaa\ufee4\ufea4\ufee3"


def test_arabic_vowels_are_drawn_over_their_letters():
    [line] = break_lines("العَرَبِيَّة", STYLE, 400)
    assert "\u0651" in words_of(line)


def test_what_is_drawn_in_another_order_is_kept_as_it_was_written():
    first, *more = break_lines("Patient said שלום עולם twice. " * 4, STYLE, 200)
    assert first.says.startswith("Patient said שלום עולם twice. Patient")
    assert "".join(line.says for line in (first, *more)) == ("Patient said שלום עולם twice. " * 4).strip()
    assert break_lines("q\u0303", STYLE, 200)[0].says == "q\u0303"
    assert break_lines("as drawn, 王小明", STYLE, 200)[0].says == ""


def test_every_line_knows_what_it_belongs_to():
    paragraph = Element("P")
    assert {line.tag for line in break_lines("word " * 99, STYLE, 200, paragraph)} == {paragraph}


def test_codes_are_mapped_to_characters_by_the_hundred_and_never_to_nothing():
    written = ttfonts.makeToUnicodeCMap("x", [0, 32, *range(0x100, 0x1C8), 0x1F600])
    assert re.findall(r"(\d+) beginbfchar", written) == ["100", "100", "2"]
    assert "<0000>" not in written
    assert "<CA> <D83DDE00>" in written


def test_what_no_font_has_is_refused():
    with pytest.raises(MissingGlyphError):
        break_lines("नमस्ते", STYLE, 400)
    with pytest.raises(MissingGlyphError):
        measure("sans", "王")


def test_a_glyph_without_a_character_is_refused():
    with pytest.raises(MissingGlyphError, match=r"U\+0078"):
        _char_of(load("sans"), 0, "x")
