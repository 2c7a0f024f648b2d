from datetime import UTC, date, datetime
from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import make_value

from intake_app import paths, questions
from intake_app.case import make_case
from intake_app.letter.pictures import Area, Dot, Label, Stroke, bounds
from intake_app.letter.timeline import MOST, draw_timeline

QUESTIONS = questions.load(paths.resources())
TODAY = date(2026, 11, 22)
THERAPY = {
    "category": "physical_therapy",
    "start": "2026-08-24",
    "ongoing": "no",
    "end": "2026-11-06",
    "response": "under_30",
}
LONG = "Exercises " * 29


@pytest.fixture
def draw(questionnaire):
    def draw(*treatments, small=False, width=480.0, as_of=TODAY, **answers):
        given = {"treatments": list(treatments), **answers} if treatments else answers
        at = dict.fromkeys(answers, datetime(2026, 11, 20, 9, tzinfo=UTC))
        return draw_timeline(make_case(questionnaire, {"family_name": "Example"}, given, as_of, at), width, small=small)

    return draw


def labels(picture):
    return [shape.text for shape in picture.shapes if isinstance(shape, Label)]


def fills(picture):
    return [shape.fill for shape in picture.shapes if isinstance(shape, Area)]


def dashed(picture):
    return [shape for shape in picture.shapes if isinstance(shape, Area) and shape.dash]


def assert_nothing_touches(picture):
    words = [bounds(shape) for shape in picture.shapes if isinstance(shape, Label)]
    for one, other in combinations(words, 2):
        assert (
            one[2] <= other[0] + 0.01
            or other[2] <= one[0] + 0.01
            or one[3] <= other[1] + 0.5
            or other[3] <= one[1] + 0.5
        )
    marks = [bounds(shape) for shape in picture.shapes if isinstance(shape, Area | Dot)]
    for one in marks:
        for other in words:
            assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] + 1 or other[3] <= one[1] + 1


def assert_inside(picture):
    for shape in picture.shapes:
        left, top, right, bottom = bounds(shape)
        assert left >= -0.01
        assert top >= -0.01
        assert right <= picture.width + 0.01
        assert bottom <= picture.height + 0.01


def test_without_treatments_there_is_no_picture(draw):
    assert draw() is None
    assert draw(treatments="none") is None
    assert draw({"category": "brace"}, onset="2026-08-03") is None  # nothing that was tried has a place in time


def test_a_bar_lies_where_its_dates_say(draw):
    picture = draw(THERAPY)
    [bar] = [bounds(s) for s in picture.shapes if isinstance(s, Area) and s.fill == "ink"]
    [axis] = [bounds(s) for s in picture.shapes if isinstance(s, Stroke) and s.points[0][1] == s.points[1][1]]
    days = (TODAY - date(2026, 8, 1)).days
    width = axis[2] - axis[0]
    assert bar[0] - axis[0] == pytest.approx(width * 23 / days)
    assert bar[2] - axis[0] == pytest.approx(width * 97 / days)


def test_the_sentence_and_the_row_say_what_it_was_when_and_how_much_it_helped(draw):
    picture = draw(THERAPY | {"agent": "Directional exercises"})
    assert picture.says == (
        "Timeline up to 22 November 2026: Physical therapy: Directional exercises, 24 Aug 2026 to 6 Nov 2026,"
        " less than 30 % better."
    )
    assert "less than 30 % better" in labels(picture)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "no dates, result not recorded"),
        ({"start": "2026-05"}, "May 2026 to not recorded, result not recorded"),
        ({"start": "2026-05", "ongoing": "yes"}, "since May 2026, result not recorded"),
        ({"ongoing": "yes"}, "still going on, start not recorded, result not recorded"),
        ({"ongoing": "no", "end": "2026"}, "not recorded to 2026, result not recorded"),
        ({"start": "2026-05-01", "ongoing": "unsure"}, "1 May 2026 to not recorded, result not recorded"),
        ({"start": "2026-05-01", "response": "unsure"}, "patient unsure"),
        ({"response": "temporary", "temporary_weeks": 5}, "better for 5 weeks only"),
        ({"stopped_because": "side_effects"}, "stopped: side effects"),
    ],
)
def test_a_blank_is_said_to_be_one_and_never_filled_in(draw, given, words):
    picture = draw({"category": "brace", **given}, THERAPY)
    assert words in picture.says
    assert_inside(picture)


def test_what_goes_on_has_an_arrow_to_the_right_and_what_has_no_end_a_line_into_the_open(draw):
    on = draw({"category": "brace", "start": "2026-06-01", "ongoing": "yes"})
    open_ended = draw({"category": "brace", "start": "2026-06-01"})
    ended = draw({"category": "brace", "start": "2026-06-01", "ongoing": "no", "end": "2026-11-22"})
    arrows = [[s for s in p.shapes if isinstance(s, Area) and len(s.points) == 3] for p in (on, open_ended, ended)]
    assert [len(found) for found in arrows] == [1, 0, 0]
    today = max(bounds(s)[2] for s in ended.shapes if isinstance(s, Area))
    assert bounds(arrows[0][0])[2] > today
    assert [s for s in open_ended.shapes if isinstance(s, Stroke) and s.dash and s.ink == "ink"]
    assert "end not recorded, result not recorded" in labels(open_ended)


def test_a_month_or_a_year_ends_in_a_dashed_box_and_a_day_does_not(draw):
    exact = draw(THERAPY)
    vague = draw(THERAPY | {"start": "2026-08", "end": "2026"})
    assert not dashed(exact)
    assert len(dashed(vague)) == 2
    assert any("dashed" in text.lower() for text in labels(vague))


def test_an_injection_is_a_mark_on_its_day_and_a_box_over_its_month(draw):
    day = draw({"category": "esi_transforaminal", "start": "2026-10-12"}, THERAPY)
    month = draw({"category": "esi_transforaminal", "start": "2026-10"}, THERAPY)
    assert fills(day).count("ink") == 2
    assert not dashed(day)
    assert fills(month).count("ink") == 1
    assert len(dashed(month)) == 1
    assert "no date" in labels(draw({"category": "facet"}, THERAPY))
    assert "3 given" in draw({"category": "facet", "sessions": 3}, THERAPY).says


def test_what_is_taken_as_needed_is_a_broken_bar(draw):
    picture = draw({"category": "nsaid", "dose": "400 mg as needed", "start": "2026-08-01", "ongoing": "yes"})
    assert [s for s in picture.shapes if isinstance(s, Stroke) and s.dash and s.weight > 2]
    assert "Broken bar: as needed; right arrow: still going on." in labels(picture)


def test_symptoms_pain_imaging_and_operations_stand_above_with_their_dates(draw):
    picture = draw(
        THERAPY, onset="2026-08-03", back_pain_score=4, leg_pain_score=8,
        imaging=[{"modality": "mri", "date": "2026-10-01"}, {"modality": "ct"}],
        operations=[{"kind": ["fusion"], "date": "2011-05"}],
    )  # fmt: skip
    assert "since 3 Aug 2026" in labels(picture)
    assert "back 4, leg 8 (20 Nov 2026)" in labels(picture)
    assert "MRI 1 Oct 2026" in labels(picture)
    assert "Fusion May 2011" in labels(picture)
    for words in (
        "symptoms since 3 Aug 2026",
        "pain from 0 to 10: back 4, leg 8 (20 Nov 2026)",
        "operations: Fusion May 2011",
    ):
        assert words in picture.says
    assert_inside(picture)
    assert_nothing_touches(picture)


def test_earlier_pain_stands_at_its_own_date(draw):
    score = {"instrument": "nrs", "nrs_site": "leg", "nrs_value": 9, "date": "2026-09-01"}
    picture = draw(
        THERAPY, scores=[score, score | {"date": "2026-10"}, {"instrument": "nrs", "nrs_value": 3}], leg_pain_score=6
    )
    assert len([s for s in picture.shapes if isinstance(s, Dot)]) == 3
    assert "pain from 0 to 10: leg 6 (20 Nov 2026); leg 9 (Oct 2026); leg 9 (1 Sep 2026)" in picture.says


def test_a_pain_score_of_an_unknown_day_is_not_placed_in_time(questionnaire):
    case = make_case(questionnaire, {"family_name": "E"}, {"treatments": [THERAPY], "back_pain_score": 4}, TODAY)
    assert "pain" not in draw_timeline(case).says


def test_what_began_long_before_does_not_squeeze_the_rest(draw):
    recent = [THERAPY | {"start": f"2026-0{month}-01"} for month in range(3, 9)]
    picture = draw({"category": "brace", "start": "1995", "ongoing": "no", "end": "1996"}, *recent)
    bars = [bounds(s) for s in picture.shapes if isinstance(s, Area) and s.fill == "ink" and len(s.points) == 4]
    assert sum(right - left > 40 for left, _, right, _ in bars) == 6
    assert any("left arrow: earlier than drawn" in text for text in labels(picture))
    assert "1995 to 1996" in picture.says


def test_two_hundred_treatments_are_twelve_rows_and_a_number(draw):
    many = [THERAPY | {"start": f"20{10 + n // 15}-{n % 12 + 1:02}-01", "agent": f"course {n}"} for n in range(200)]
    picture = draw(*many)
    assert sum(text.startswith("Physical therapy: course") for text in labels(picture)) == MOST
    assert "188 more in the table" in labels(picture)
    assert picture.says.endswith("188 more in the table.")
    assert picture.height < 250
    assert any("course 199" in text for text in labels(picture))
    assert any("course 0" in text for text in labels(picture))
    assert_nothing_touches(picture)


def test_a_long_name_keeps_to_its_room(draw):
    picture = draw(THERAPY | {"agent": LONG})
    assert_nothing_touches(picture)
    assert LONG.strip() in picture.says


def test_a_small_one_is_low_and_has_the_names_only(draw):
    picture = draw(*[THERAPY | {"agent": f"course {n}"} for n in range(9)], small=True, onset="2026-08-03")
    assert 50 <= picture.height <= 64
    assert "4 more in the table" in labels(picture)
    assert "less than 30 % better" not in labels(picture)
    assert_inside(picture)
    assert_nothing_touches(picture)


def test_a_letter_of_an_earlier_day_draws_nothing_beyond_it(draw):
    assert_inside(draw(THERAPY, as_of=date(2026, 9, 1)))
    assert_inside(draw(THERAPY, as_of=date(2026, 1, 1)))


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 40), st.integers(0, 10**9), st.booleans(), st.sampled_from((300.0, 480.0, 520.0)))
def test_nothing_overlaps_or_leaves_the_picture_whatever_was_tried(count, seed, small, width):
    rng = Random(seed)
    question = QUESTIONS.by_id["treatments"]
    entries = [e for _ in range(count // 2) for e in _as_list(make_value(question, rng))]
    others = {
        name: value
        for name in ("onset", "imaging", "operations", "back_pain_score")
        if rng.random() < 0.6 and (value := make_value(QUESTIONS.by_id[name], rng))
    }
    at = {"back_pain_score": datetime(2026, 11, 20, tzinfo=UTC)}
    answers = {**others, **({"treatments": entries} if entries else {})}
    case = make_case(QUESTIONS, {"family_name": "E"}, answers, TODAY, at)
    picture = draw_timeline(case, width, small=small)
    assert (picture is None) == (not any({"start", "end"} & entry.keys() for entry in entries))
    if picture:
        assert_inside(picture)
        assert_nothing_touches(picture)
        assert "None" not in picture.says


def _as_list(value):
    return [] if value == "none" else value
