import pytest
from fax import ink_in, render
from hypothesis import given
from hypothesis import strategies as st

from intake_app.letter.pdf_pictures import fit
from intake_app.letter.pictures import FILLS, Area, Dot, Label, Picture, Stroke, bounds, box, holds, texture

SQUARE = ((10.0, 10.0), (50.0, 10.0), (50.0, 50.0), (10.0, 50.0))
BAY = ((0.0, 0.0), (60.0, 0.0), (60.0, 60.0), (40.0, 60.0), (40.0, 20.0), (20.0, 20.0), (20.0, 60.0), (0.0, 60.0))


def places(mark):
    if isinstance(mark, Dot):
        return [
            (mark.x + dx * mark.radius, mark.y + dy * mark.radius)
            for dx, dy in ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1))
        ]
    (x1, y1), (x2, y2) = mark.points
    return [(x1 + (x2 - x1) * part, y1 + (y2 - y1) * part) for part in (0.01, 0.5, 0.99)]


@pytest.mark.parametrize("fill", FILLS)
@pytest.mark.parametrize("points", [SQUARE, BAY])
def test_a_fill_stays_inside_its_area_also_where_that_has_a_bay(fill, points):
    marks = texture(points, fill)
    assert len(marks) > 10
    assert all(holds(points, x, y) for mark in marks for x, y in places(mark))


def test_an_ink_has_no_texture():
    assert texture(SQUARE, "ink") == texture(SQUARE, "") == ()


def test_every_fill_is_told_from_the_others_and_from_ink_and_paper_on_a_fax():
    shares = {}
    for fill in ("paper", "ink", *FILLS):
        image = render(Picture(60, 60, (Area(SQUARE, fill, ""),), ""))
        shares[fill] = ink_in(image, 12, 12, 48, 48)
    assert shares["paper"] == 0
    assert shares["ink"] == 1
    assert all(0.05 < shares[fill] < 0.6 for fill in FILLS)


def rows_of(image):
    """Return how many of a picture's rows, of its columns, and of its diagonals have the same value all along."""
    bits = image.point(lambda value: 255 if value > 127 else 0)
    size = min(bits.size)
    level = sum(len(set(bits.crop((0, y, size, y + 1)).tobytes())) == 1 for y in range(size))
    falling = [bits.getpixel((at, at)) for at in range(size)]
    rising = [bits.getpixel((at, size - 1 - at)) for at in range(size)]
    return (
        level / size,
        max(falling.count(0), falling.count(255)) / size,
        max(rising.count(0), rising.count(255)) / size,
    )


def test_lines_run_the_way_their_name_says():
    def look(fill):
        image = render(Picture(60, 60, (Area(SQUARE, fill, ""),), ""))
        return rows_of(image.crop((40, 40, 130, 130)))

    level, hatch, back = look("level"), look("hatch"), look("back_hatch")
    assert level[0] > 0.9
    assert hatch[0] < 0.2
    assert hatch[2] > 0.9 > hatch[1]
    assert back[1] > 0.9 > back[2]


def test_shapes_are_where_they_say():
    picture = Picture(
        100,
        60,
        (box(10, 10, 30, 20, "ink"), Stroke(((60, 5), (60, 55)), weight=2), Dot(80, 30, 6), Dot(92, 30, 6, open=True)),
        "",
    )
    image = render(picture)
    assert ink_in(image, 11, 11, 39, 29) == 1
    assert ink_in(image, 0, 0, 9, 60) == 0
    assert ink_in(image, 59.5, 6, 60.5, 54) == 1
    assert ink_in(image, 78, 28, 82, 32) == 1
    assert ink_in(image, 91, 29, 93, 31) == 0


@pytest.mark.parametrize("anchor", ["start", "middle", "end"])
@given(
    st.text(st.characters(codec="ascii", categories=("L", "N", "P", "Zs")), max_size=80),
    st.floats(3, 12),
    st.floats(1, 200),
)
def test_a_label_never_leaves_its_room(anchor, text, size, room):
    label = Label(300, 20, text, size, room, anchor)
    line = fit(label)
    assert line is None or line.width <= room + 1e-6
    left, _, right, _ = bounds(label)
    assert right - left == pytest.approx(room)


def test_a_label_that_fits_stands_whole_and_one_that_does_not_ends_with_an_ellipsis():
    def words(room):
        line = fit(Label(0, 0, "Physical therapy: exercises", 7, room))
        return "".join(piece.text for piece in line.pieces)

    assert words(200) == "Physical therapy: exercises"
    assert words(40).endswith("…")
    assert "Physical therapy: exercises".startswith(words(40)[:-1].rstrip())


def test_names_in_other_scripts_are_drawn_in_a_label():
    image = render(Picture(80, 20, (Label(2, 14, "王小明 שלום", 10, 76),), ""))
    assert ink_in(image, 0, 0, 80, 20) > 0.02
