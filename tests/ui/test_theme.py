import re

import pytest
from PySide6.QtGui import QFontDatabase, QFontInfo
from PySide6.QtWidgets import QLineEdit

from intake_app import paths
from intake_app.ui import theme

THEMES = {"light": theme.LIGHT, "dark": theme.DARK}


@pytest.fixture(autouse=True)
def _undressed(qapp):
    before = qapp.font(), qapp.palette(), qapp.styleSheet(), qapp.property("theme")
    yield
    qapp.setFont(before[0])
    qapp.setPalette(before[1])
    qapp.setStyleSheet(before[2])
    qapp.setProperty("theme", before[3])


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize(("text", "background"), theme.TEXT_PAIRS)
def test_every_text_can_be_read(name, text, background):
    tokens = THEMES[name]
    assert theme.contrast(tokens[text], tokens[background]) >= 4.5


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize(("mark", "background"), theme.MARK_PAIRS)
def test_every_mark_and_edge_can_be_seen(name, mark, background):
    tokens = THEMES[name]
    assert theme.contrast(tokens[mark], tokens[background]) >= 3


def test_contrast_is_measured_as_wcag_does():
    assert theme.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert theme.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_both_themes_have_the_same_colours():
    assert theme.LIGHT.keys() == theme.DARK.keys()


@pytest.mark.parametrize("name", THEMES)
def test_every_token_of_the_sheet_is_filled_in(name):
    sheet = theme.style_sheet(name, 11)
    assert "@" not in sheet
    for token in re.findall(r"url\(([^)]+)\)", sheet):
        assert (paths.resources() / "icons" / token.rsplit("/", 1)[-1]).is_file()


@pytest.mark.parametrize("name", THEMES)
def test_every_edge_has_a_colour(name):
    edges = re.findall(r"solid ([^;}\s]+)", theme.style_sheet(name, 11))
    assert edges
    assert [edge for edge in edges if not re.fullmatch(r"#[0-9a-f]{6}|transparent", edge)] == []


def test_the_sheet_is_understood_by_qt(qapp, qtbot):
    theme.apply_theme(qapp, "light")
    line = QLineEdit()
    qtbot.addWidget(line)
    line.show()
    assert line.palette().color(line.backgroundRole()).name() == theme.LIGHT["surface"]


def test_the_theme_can_change_while_running(qapp):
    theme.apply_theme(qapp, "dark")
    assert (theme.current_theme(), theme.colour("window").name()) == ("dark", theme.DARK["window"])
    theme.apply_theme(qapp, "light")
    assert (theme.current_theme(), theme.colour("window").name()) == ("light", theme.LIGHT["window"])


def test_text_is_never_smaller_than_the_system_wants(qapp):
    font = qapp.font()
    font.setPointSizeF(18)
    qapp.setFont(font)
    theme.apply_theme(qapp, "light")
    assert qapp.font().pointSizeF() == 18
    assert "font-size: 18.0pt" in qapp.styleSheet() or "29.7pt" in qapp.styleSheet()


def test_our_own_font_is_used(qapp):
    theme.apply_theme(qapp, "light")
    assert "Noto Sans" in QFontDatabase.families()
    assert QFontInfo(qapp.font()).family() == "Noto Sans"


def test_a_font_is_loaded_once(qapp):
    """Qt would keep every copy, with all that it ever drew from it: each window would take its own megabytes."""

    def next_number():
        number = QFontDatabase.addApplicationFont(str(paths.resources() / "fonts" / "sans.ttf"))
        QFontDatabase.removeApplicationFont(number)
        return number

    theme.apply_theme(qapp, "light")
    list(theme.load_rare_fonts())
    before = next_number()
    theme.apply_theme(qapp, "light")
    list(theme.load_rare_fonts())
    assert next_number() == before


def test_red_is_only_for_red_flags():
    sheet = (paths.resources() / "style.qss").read_text("utf-8")
    rules = re.findall(r"([^{}]+)\{([^}]*)\}", re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL))
    red = [selector.strip() for selector, body in rules if "@red" in body or "@on_red" in body]
    flagged = ("flag", "red", "urgency", "banner")
    assert red
    assert [selector for selector in red if not any(word in selector for word in flagged)] == []
