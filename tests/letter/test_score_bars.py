from datetime import UTC, date, datetime
from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import make_value

from intake_app import paths, questions
from intake_app.case import make_case
from intake_app.letter.pictures import Area, Label, bounds
from intake_app.letter.score_bars import draw_score_bars
from intake_app.rules.scores import instruments

QUESTIONS = questions.load(paths.resources())
TODAY = date(2026, 11, 22)
PAINS = ("back_pain_score", "leg_pain_score", "neck_pain_score", "arm_pain_score")


def draw(*scores, days=None, **answers):
    given = {**answers, **({"scores": list(scores)} if scores else {})}
    return draw_score_bars(make_case(QUESTIONS, {"family_name": "Example"}, given, TODAY, days))


def odi(percent, day="2026-11-20", **more):
    return {"instrument": "odi", "odi_percent": percent, **({"date": day} if day else {}), **more}


def labels(picture):
    return [shape.text for shape in picture.shapes if isinstance(shape, Label)]


def shares(picture, fill="ink"):
    """Return how much of its range each bar fills."""
    frame = next(bounds(s) for s in picture.shapes if isinstance(s, Area) and not s.fill)
    bars = [bounds(s) for s in picture.shapes if isinstance(s, Area) and s.fill == fill]
    return [(bar[2] - bar[0]) / (frame[2] - frame[0]) for bar in bars]


def test_without_a_score_there_is_no_picture():
    assert draw() is None
    assert draw(scores="none") is None
    assert draw({"instrument": "odi"}) is None


@pytest.mark.parametrize("place", ["back", "leg", "neck", "arm"])
def test_each_pain_score_is_a_bar_from_0_to_10_with_its_day(place):
    name = f"{place}_pain_score"
    picture = draw(**{name: 8}, days={name: datetime(2026, 11, 20, 9, tzinfo=UTC)})
    assert shares(picture) == [pytest.approx(0.8)]
    assert picture.says == f"Scores: {place.capitalize()} pain (from 0 to 10) 8, 20 Nov 2026."


def test_a_score_of_zero_is_an_empty_bar_and_a_blank_is_none():
    picture = draw(back_pain_score=0)
    assert shares(picture) == []
    assert "0, this intake" in labels(picture)
    assert "Leg pain" not in labels(picture)


def test_the_latest_is_full_and_earlier_ones_are_hatched_beside_it():
    picture = draw(odi(58, "2026-05"), odi(46), odi(70, ""), odi(62, "2025"))
    assert shares(picture) == [pytest.approx(0.46)]
    assert shares(picture, "hatch") == [pytest.approx(0.58), pytest.approx(0.62)]
    assert picture.says == (
        "Scores: ODI (from 0 to 100) 46 %, 20 Nov 2026; 41 to 60 %, severe,"
        " before that 58 %, May 2026 and 62 %, 2025; 1 earlier in the details."
    )


def test_earlier_pain_stands_beside_the_pain_of_this_intake():
    earlier = {"instrument": "nrs", "nrs_site": "leg", "nrs_value": 9, "date": "2026-05-04"}
    picture = draw(earlier, leg_pain_score=6)
    assert shares(picture) == [pytest.approx(0.6)]
    assert shares(picture, "hatch") == [pytest.approx(0.9)]
    assert picture.says == "Scores: Leg pain (from 0 to 10) 6, this intake, before that 9, 4 May 2026."
    assert shares(draw(earlier)) == [pytest.approx(0.9)]


def test_points_and_per_cent_that_the_rules_turn_into_a_score_are_drawn():
    assert shares(draw({"instrument": "odi", "odi_points": 20, "items_answered": 10})) == [pytest.approx(0.4)]
    assert shares(draw({"instrument": "ndi", "ndi_percent": 50})) == [pytest.approx(0.5)]


def test_published_limits_are_marked_at_their_place():
    picture = draw(odi(46))
    frame = next(bounds(s) for s in picture.shapes if isinstance(s, Area) and not s.fill)
    middles = {s.text: s.x for s in picture.shapes if isinstance(s, Label) and s.anchor == "middle"}
    for limit in (20, 40, 60, 80):
        assert middles[str(limit)] == pytest.approx(frame[0] + (frame[2] - frame[0]) * limit / 100)
    assert "100" not in middles


def test_the_range_is_that_of_the_question():
    picture = draw({"instrument": "zcq", "zcq_severity": 3, "date": "2026-11-20"})
    assert shares(picture) == [pytest.approx(0.5)]
    assert "(from 1 to 5)" in picture.says


def test_a_count_of_ticks_goes_from_none_to_all():
    assert shares(draw({"instrument": "rmdq", "rmdq_items": ["1", "2", "3", "4", "5", "6"]})) == [pytest.approx(6 / 24)]


def test_too_few_items_give_no_bar():
    assert draw(odi(46, items_answered=7)) is None
    assert draw(odi(46, items_answered=8)) is not None


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**9), st.integers(0, 12), st.sampled_from((300.0, 480.0)))
def test_nothing_overlaps_or_leaves_the_picture_whatever_was_scored(seed, count, width):
    rng = Random(seed)
    lists = [make_value(QUESTIONS.by_id["scores"], rng) for _ in range(count)]
    entries = [entry for one in lists if one != "none" for entry in one]
    given = {name: rng.randint(0, 10) for name in PAINS if rng.random() < 0.5}
    case = make_case(QUESTIONS, {"family_name": "E"}, {**given, **({"scores": entries} if entries else {})}, TODAY)
    picture = draw_score_bars(case, width)
    if picture is None:
        assert not given
        return
    for shape in picture.shapes:
        left, top, right, bottom = bounds(shape)
        assert -0.01 <= left <= right <= width + 0.01
        assert -0.01 <= top <= bottom <= picture.height + 0.01
    words = [bounds(shape) for shape in picture.shapes if isinstance(shape, Label)]
    for one, other in combinations(words, 2):
        assert (
            one[2] <= other[0] + 0.01
            or other[2] <= one[0] + 0.01
            or one[3] <= other[1] + 0.7
            or other[3] <= one[1] + 0.7
        )
    bars = [bounds(shape) for shape in picture.shapes if isinstance(shape, Area)]
    for bar in bars:
        for label in words:
            assert bar[2] <= label[0] or label[2] <= bar[0] or bar[3] <= label[1] + 1 or label[3] <= bar[1] + 1


def test_every_instrument_of_the_resource_can_be_drawn():
    for name, of in instruments().items():
        fields = {field.id: field for field in QUESTIONS.by_id["scores"].fields}
        given = {of["count"]: ["1"]} if "count" in of else dict.fromkeys(of.get("sum", ()), "1")
        if "field" in of:
            given = {of["field"]: fields[of["field"]].max}
        assert draw({"instrument": of.get("instrument", name), **given}) is not None, name
