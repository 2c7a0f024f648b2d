import pytest
from PySide6.QtCore import Qt

from intake_app.letter.pictures import FILLS, Area, Dot, Label, Picture, Stroke, box
from intake_app.ui import theme
from intake_app.ui.picture_view import MOST_SCALE, PictureView

SHAPES = (
    box(10, 10, 20, 20, "ink"),
    box(40, 10, 20, 20, "paper"),
    Dot(80, 20, 8),
    Dot(80, 50, 8, open=True),
    Stroke(((5, 70), (95, 70)), weight=3),
    Label(50, 95, "Words", 10, 60, "middle"),
)


@pytest.fixture
def show(qtbot):
    def show(picture, width=150):
        view = PictureView("A picture")
        qtbot.addWidget(view)
        view.show_picture(picture)
        view.resize(width, view.heightForWidth(width))
        view.show()
        return view

    return show


def colour_at(view, x, y):
    image = view.grab().toImage()
    scale = view.scale_at(view.width()) * image.devicePixelRatio()
    return image.pixelColor(int(x * scale), int(y * scale)).name()


@pytest.fixture
def dress(qapp):
    yield lambda look: theme.apply_theme(qapp, look)
    theme.apply_theme(qapp, "light")


@pytest.mark.parametrize("look", ["light", "dark"])
def test_inks_have_the_colours_of_the_theme(dress, show, look):
    dress(look)
    view = show(Picture(100, 100, SHAPES, ""))
    text, surface = theme.colour("text").name(), theme.colour("surface").name()
    assert colour_at(view, 20, 20) == colour_at(view, 80, 20) == colour_at(view, 50, 70) == text
    assert colour_at(view, 50, 20) == surface
    assert colour_at(view, 80, 50) != text


@pytest.mark.parametrize("fill", FILLS)
def test_a_fill_is_neither_empty_nor_full(show, fill):
    view = show(Picture(100, 100, (Area(box(10, 10, 80, 80).points, fill),), ""))
    image = view.grab().toImage()
    ground = image.pixelColor(3, 3).lightness()
    inside = [abs(image.pixelColor(x, y).lightness() - ground) > 90 for x in range(30, 100) for y in range(30, 100)]
    assert 0.05 < sum(inside) / len(inside) < 0.6


def test_the_sentence_is_what_a_screen_reader_hears(show):
    view = show(Picture(100, 100, SHAPES, "Two boxes and some words."))
    assert (view.accessibleName(), view.accessibleDescription()) == ("A picture", "Two boxes and some words.")
    view.show_picture(None)
    assert view.accessibleDescription() == ""
    assert view.focusPolicy() == Qt.FocusPolicy.NoFocus


def test_it_is_as_high_as_its_width_asks_and_never_blown_up(show):
    view = show(Picture(100, 50, SHAPES[:1], ""))
    assert view.heightForWidth(150) == 75
    assert view.heightForWidth(1000) == round(50 * MOST_SCALE)
    view.show_picture(None)
    assert view.heightForWidth(150) == 0


def test_words_that_do_not_fit_are_cut_and_touch_nothing(show):
    view = show(Picture(100, 40, (Label(0, 20, "W" * 400, 10, 40),), ""))
    image = view.grab().toImage()
    ground = image.pixelColor(image.width() - 1, 0)
    right = range(int(image.width() * 0.42), image.width())
    assert all(image.pixelColor(x, y) == ground for x in right for y in range(image.height()))
