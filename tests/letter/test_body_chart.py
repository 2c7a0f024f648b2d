from itertools import combinations

import pytest
from fax import ink_in, render
from hypothesis import given, settings
from hypothesis import strategies as st

from intake_app import paths, questions
from intake_app.letter.body_chart import (
    FILL_OF,
    VIEWS,
    body,
    draw_body_chart,
    draw_figures,
    find_region,
    group_marks,
    outline_of,
    say_marks,
    scale_of,
)
from intake_app.letter.pictures import Area, Label, bounds, holds
from intake_app.letter.words import answer_words

QUESTION = questions.load(paths.resources()).by_id["pain_map"]
REGIONS = {region.id: region for region in body().regions}
MARKS = [key for key, _ in QUESTION.options]
PLACES = [(x, y) for x in range(-89, 91, 9) for y in range(1, 400, 7)]


def middle_of(points):
    """Return a place well inside a polygon."""
    left, top, right, bottom = (
        min(x for x, _ in points),
        min(y for _, y in points),
        max(x for x, _ in points),
        max(y for _, y in points),
    )
    spots = [(left + (right - left) * a / 9, top + (bottom - top) * b / 9) for a in range(1, 9) for b in range(1, 9)]
    return max((spot for spot in spots if holds(points, *spot)), key=lambda spot: distance_to_edge(points, spot))


def distance_to_edge(points, spot):
    return min(abs(spot[0] - x) + abs(spot[1] - y) for x, y in points)


def test_the_question_asks_for_the_regions_and_qualities_of_the_drawing():
    assert {questions.split_mark(mark)[0] for mark in MARKS} == set(REGIONS)
    assert {questions.split_mark(mark)[1] for mark in MARKS} == set(body().qualities) == set(FILL_OF)
    names = {questions.split_mark(key)[0]: words.partition(": ")[0] for key, words in QUESTION.options}
    assert names == {region.id: region.name for region in body().regions}


@pytest.mark.parametrize(
    "part", ["neck", "shoulder", "arm", "hand", "back", "low", "sacroiliac", "buttock", "thigh", "knee", "calf", "foot"]
)
def test_every_part_that_a_spine_clinic_asks_about_is_there(part):
    assert any(part in region.name for region in body().regions)


def test_every_region_lies_within_the_outline():
    for region in body().regions:
        x, y = middle_of(region.points)
        assert holds(body().outline, x, y), region.id
        assert all(abs(px) <= body().half_width and 0 <= py <= body().height for px, py in region.points)


@pytest.mark.parametrize("view", VIEWS)
def test_regions_cover_the_body_and_no_place_is_in_two(view):
    areas = [region.points for region in body().regions if region.view == view]
    counts = {True: [], False: []}
    for x, y in PLACES:
        near = [points for points in areas if is_near(points, x, y)]
        counts[holds(body().outline, x, y)].append(sum(holds(points, x, y) for points in near))
    assert max(counts[True]) == 1
    assert counts[True].count(0) <= 0.01 * len(counts[True])
    assert max(counts[False]) == 0


def is_near(points, x, y):
    left, top, right, bottom = bounds(Area(points))
    return left <= x <= right and top <= y <= bottom


def test_left_and_right_are_mirror_images_on_the_side_where_the_patient_has_them():
    for name, region in REGIONS.items():
        if name.startswith("right_"):
            other = REGIONS[name.replace("right_", "left_")]
            assert other.points == tuple((-x, y) for x, y in region.points)
            assert (min(x for x, _ in region.points) < -1) == (region.view == "front")
            assert region.dermatomes == other.dermatomes


def test_a_press_finds_the_region_and_beside_the_body_there_is_none():
    for region in body().regions:
        x, y = middle_of(outline_of(region, scale_of(300)))
        assert find_region(x, y, 300) is region
    assert find_region(1, 1, 300) is None


@pytest.mark.parametrize(
    ("region", "dermatome"),
    [
        ("left_shin_inner", "L4"),
        ("left_shin_outer", "L5"),
        ("left_heel", "S1"),
        ("left_thigh_back", "S2"),
        ("left_shoulder_front", "C4"),
    ],
)
def test_usual_dermatomes(region, dermatome):
    assert dermatome in REGIONS[region].dermatomes


def test_nothing_marked_is_no_chart_but_figures_to_press_on():
    assert draw_body_chart(()) is None
    assert draw_body_chart(["nowhere:pain"]) is None
    assert draw_figures((), 300).says == "Body chart: nothing marked."


def test_the_sentence_names_every_part_and_what_is_felt_there():
    said = say_marks(["right_calf:burning", "right_calf:numbness", "left_buttock:pain"])
    assert said == "Body chart: left buttock: pain; right calf: numbness, burning."


def test_the_answer_in_words_is_by_part():
    words = answer_words(QUESTION, ("left_buttock:pain", "right_calf:numbness", "right_calf:burning"))
    assert words == "left buttock: pain; right calf: numbness, burning"
    assert answer_words(QUESTION, ("old_part:pain",)) == "old_part:pain"


@pytest.mark.parametrize("quality", FILL_OF)
def test_a_marked_part_is_seen_in_one_bit_and_its_mirror_image_stays_empty(quality):
    height = 220
    image = render(draw_body_chart([f"right_thigh_back:{quality}"], height))
    share = {}
    for side in ("right", "left"):
        x, y = middle_of(outline_of(REGIONS[f"{side}_thigh_back"], scale_of(height)))
        share[side] = ink_in(image, x - 4, y - 4, x + 4, y + 4)
    assert share["right"] > 0.08
    assert share["left"] < 0.05


def test_the_key_holds_the_qualities_in_use_and_no_others():
    picture = draw_body_chart(["right_calf:burning", "left_calf:pain"])
    words = {shape.text for shape in picture.shapes if isinstance(shape, Label)}
    assert {"burning", "pain"} <= words
    assert not {"numbness", "weakness"} & words


@settings(max_examples=60, deadline=None)
@given(st.sets(st.sampled_from(MARKS), min_size=1, max_size=40), st.sampled_from((160.0, 220.0, 300.0)))
def test_nothing_leaves_the_picture_and_no_words_touch_whatever_is_marked(marks, height):
    picture = draw_body_chart(marks, height)
    for shape in picture.shapes:
        left, top, right, bottom = bounds(shape)
        assert -0.01 <= left <= right <= picture.width + 0.01
        assert -0.01 <= top <= bottom <= height + 0.01
    words = [bounds(shape) for shape in picture.shapes if isinstance(shape, Label)]
    for one, other in combinations(words, 2):
        assert (
            one[2] <= other[0] + 0.01
            or other[2] <= one[0] + 0.01
            or one[3] <= other[1] + 0.01
            or other[3] <= one[1] + 0.01
        )
    filled = [shape for shape in picture.shapes if isinstance(shape, Area) and shape.fill in FILL_OF.values()]
    qualities = {questions.split_mark(mark)[1] for mark in marks}
    assert len(filled) == len(marks) + len(qualities)
    assert sum(len(found) for found in group_marks(marks).values()) == len(marks)
