import re
from pathlib import Path

import pytest
from reportlab.pdfbase.ttfonts import TTFontFile

from intake_app.letter import fonts

FACES = sorted(path.stem for path in fonts.folder().glob("*.ttf"))


@pytest.mark.parametrize("face", FACES)
def test_a_face_draws_exactly_what_its_coverage_says(face):
    drawn = set(TTFontFile(str(fonts.file_of(face))).charToGlyph)
    said = re.compile(f"[{fonts.coverage()[face]}]")
    assert {code for code in range(0x30000) if said.match(chr(code))} == drawn - {0xFFFF}  # which ends a font's table


def test_every_face_is_looked_into():
    assert set(FACES) == set(fonts.coverage())
    assert fonts.missing("") == ""


def test_the_fonts_are_small_enough_to_travel_and_their_licences_are_with_them():
    assert sum(path.stat().st_size for path in fonts.folder().iterdir()) < 9_000_000
    licences = "".join(path.read_text("utf-8") for path in sorted(fonts.folder().glob("LICENSE-*")))
    assert all(f"{face}.ttf" in licences for face in FACES)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Maria Sample, L4-L5 ≥ 3", ""),
        ("Nguyễn Đỗ Łukasz Ελληνικά Їжак", ""),
        ("王小明 テスト 김철수 שלום مرحبا 😀", ""),
        ("a\u202eb\u200bc\ufeff\u00ad", ""),
        ("e\u0301", ""),
        ("नम नम", "नम"),
        ("🤖 and \ue000", "🤖\ue000"),
        ("tab\tline\nbreak", ""),
    ],
)
def test_what_no_font_draws_is_told(text, expected):
    assert fonts.missing(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("e\u0301", "é"),
        ("a\tb\u3000c", "a b c"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("12\u202f%", "12\u00a0%"),
        ("\u202eevil\u202c", "evil"),
    ],
)
def test_a_text_is_drawn_composed_and_without_what_only_steers(text, expected):
    assert fonts.normalise(text) == expected


def test_a_character_finds_the_first_face_that_has_it():
    assert fonts.split_by_face("plain") == [("sans", "plain")]
    assert fonts.split_by_face("plain", bold=True) == [("sans-bold", "plain")]
    assert fonts.split_by_face("plain", italic=True) == [("sans-italic", "plain")]
    parts = fonts.split_by_face("Wang 王小明, 김 ✓ שלום")
    assert "".join(text for _, text in parts) == "Wang 王小明, 김 ✓ שלום"
    assert [(face, text.strip()) for face, text in parts] == [
        ("sans", "Wang"), ("han", "王小明"), ("sans", ","), ("hangul", "김"), ("sans", ""), ("others", "✓ שלום"),
    ]  # fmt: skip


def test_a_text_without_a_font_is_never_dropped_silently():
    with pytest.raises(fonts.MissingGlyphError, match=r"U\+0928"):
        fonts.split_by_face("न")


def test_the_program_finds_the_fonts_where_the_wheel_puts_them():
    assert fonts.folder().name == "fonts"
    assert Path(fonts.file_of("sans")).is_file()
