"""The ledger counts days exactly, bounds what partial dates leave open, and counts no day twice."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake_app.rules import ledger as books
from intake_app.rules.ledger import by_modality, clip, ledger, merge, overlaps, say_weeks, tally, weeks

AS_OF = date(2026, 6, 30)
days = st.dates(date(2024, 1, 1), AS_OF)
spans = st.lists(st.tuples(days, days).map(lambda pair: tuple(sorted(pair))), max_size=12)


def d(text):
    return date.fromisoformat(text)


@pytest.fixture
def courses(case_of):
    return lambda treatments: ledger(case_of({"treatments": treatments}))


def test_a_course_lasts_from_its_start_to_its_end(courses):
    (course,) = courses("category=physical_therapy sessions=12 start=2025-01-06 ongoing=no end=2025-02-28")
    assert (course.days_certain, course.days_possible) == (53, 53)
    assert weeks(course.days_certain) == "7.6"
    assert course.what == "Supervised physical therapy"
    assert course.sessions == 12
    assert course.modality == "physical_therapy"


def test_a_course_that_goes_on_counts_up_to_today(courses):
    (course,) = courses("category=nsaid start=2026-06-01 ongoing=yes response=none evidence=record_seen")
    assert course.days_certain == 29
    assert (course.goes_on, course.result, course.evidence) == (True, "No benefit", "Record seen")
    assert course.missing == ()


@pytest.mark.parametrize(
    ("fields", "certain", "possible"),
    [
        (
            "start=2026-03 ongoing=no end=2026-05",
            (d("2026-03-31"), d("2026-05-01")),
            (d("2026-03-01"), d("2026-05-31")),
        ),
        ("start=2026-05 ongoing=no end=2026-05", None, (d("2026-05-01"), d("2026-05-31"))),
        ("start=2025 ongoing=yes", (d("2025-12-31"), AS_OF), (d("2025-01-01"), AS_OF)),
        ("start=2026 ongoing=yes", None, (d("2026-01-01"), AS_OF)),
        ("start=2026-06-01 ongoing=no end=2026", None, (d("2026-06-01"), AS_OF)),
        ("start=2026-06-01 ongoing=no", None, (d("2026-06-01"), AS_OF)),
        ("start=2026-06-01", None, (d("2026-06-01"), AS_OF)),
        (
            "start=2026-05-01 ongoing=no end=2026-05-01",
            (d("2026-05-01"), d("2026-05-01")),
            (d("2026-05-01"), d("2026-05-01")),
        ),
        ("ongoing=yes", None, None),
        ("ongoing=no end=2026-06-01", None, None),
        ("stopped_because=cannot_have start=2026-06-01", None, (d("2026-06-01"), AS_OF)),
        ("stopped_because=cannot_have start=2026-06-01 ongoing=yes", None, (d("2026-06-01"), AS_OF)),
    ],
)
def test_partial_dates_give_bounds(courses, fields, certain, possible):
    (course,) = courses(f"category=nsaid {fields}")
    assert (course.certain, course.possible) == (certain, possible)


@pytest.mark.parametrize(
    ("fields", "missing", "vague"),
    [
        ("category=nsaid", ("response", "start", "end"), ()),
        ("category=nsaid start=2026-05 ongoing=no end=2026-06-01 response=none", (), ("start",)),
        ("category=nsaid start=2026-05-01 ongoing=no end=2026 response=worse", (), ("end",)),
        ("category=nsaid start=2026-05-01 ongoing=unsure response=unsure", ("end",), ()),
        ("category=esi_interlaminar start=2026-05-01 response=none", (), ()),
        ("category=esi_interlaminar", ("response", "start"), ()),
        ("category=nsaid stopped_because=cannot_have", (), ()),
        ("agent=x start=2026-05-01 response=none", ("category", "end"), ()),
    ],
)
def test_what_is_missing_or_vague_is_said(courses, fields, missing, vague):
    (course,) = courses(fields)
    assert (course.missing, course.vague) == (missing, vague)


def test_an_injection_is_an_event_without_length(courses):
    (course,) = courses("category=esi_transforaminal start=2026-05-01 sessions=2")
    assert course.is_event
    assert course.days_certain == 0
    (injections,) = by_modality([course], AS_OF)
    assert (injections.sessions, injections.least.total) == (2, 0)


def test_what_was_not_tolerated_has_no_weeks(courses):
    taken = courses("category=nsaid start=2026-05-01 ongoing=no end=2026-06-01 stopped_because=side_effects")
    (medication,) = by_modality(taken, AS_OF)
    assert taken[0].intolerance
    assert medication.least.total == 0
    assert len(medication.courses) == 1


def test_overlapping_days_count_once_and_gaps_are_known(courses):
    (medication,) = by_modality(
        courses(
            "category=nsaid start=2026-01-01 ongoing=no end=2026-02-01;"
            "category=opioid start=2026-01-20 ongoing=no end=2026-02-10;"
            "category=neuropathic start=2026-03-01 ongoing=no end=2026-03-11"
        ),
        AS_OF,
    )
    assert (medication.least.total, medication.least.longest) == (50, 40)
    assert medication.least == medication.most
    assert medication.gaps == ((d("2026-02-10"), d("2026-03-01")),)


def test_a_missing_start_leaves_no_upper_limit(courses):
    (medication,) = by_modality(
        courses("category=nsaid ongoing=yes;category=opioid start=2026-06-01 ongoing=yes"), AS_OF
    )
    assert medication.least.total == 29
    assert (medication.most, medication.gaps) == (None, ())


def test_overlaps_between_modalities(courses):
    both = courses(
        "category=nsaid start=2026-04-01 ongoing=yes;"
        "category=physical_therapy start=2026-05-01 ongoing=no end=2026-05-29;"
        "category=esi_interlaminar start=2026-05-10"
    )
    assert overlaps(both) == (("medication", "physical_therapy", 28),)


@pytest.mark.parametrize(
    ("start", "in_182", "in_365"),
    [("2025-12-30", 182, 182), ("2025-12-29", 182, 183), ("2025-06-30", 182, 365), ("2025-06-29", 182, 365)],
)
def test_the_windows_end_today(start, in_182, in_365):
    counted = tally([(d(start), AS_OF)], AS_OF)
    assert (counted.last_182, counted.last_365) == (in_182, in_365)


@pytest.mark.parametrize(
    ("least", "most", "words"),
    [
        (41, 41, "5.9 weeks"),
        (42, 42, "6.0 weeks"),
        (43, 43, "6.1 weeks"),
        (42, 49, "between 6.0 and 7.0 weeks"),
        (42, None, "at least 6.0 weeks"),
        (0, None, "length not known"),
    ],
)
def test_lengths_in_words(least, most, words):
    assert say_weeks(least, most) == words


def test_every_kind_of_treatment_has_a_modality(questionnaire):
    asked = {key for key, _ in questionnaire.find("treatments.category").options}
    assert set(books.CATEGORIES) == asked


@given(spans)
def test_the_union_never_exceeds_the_span_and_the_windows_nest(given_spans):
    counted = tally(given_spans, AS_OF)
    span = (max(s[1] for s in given_spans) - min(s[0] for s in given_spans)).days if given_spans else 0
    assert counted.longest <= counted.total <= span
    assert counted.last_182 <= counted.last_365 <= counted.total
    assert counted.last_182 <= 182
    assert counted.last_365 <= 365


@given(spans)
def test_the_union_is_the_same_in_any_order_and_when_told_twice(given_spans):
    runs = merge(given_spans)
    assert runs == merge(reversed(given_spans)) == merge([*given_spans, *given_spans, None])
    assert all(later[0] > earlier[1] + timedelta(1) for earlier, later in pairwise(runs))


def test_a_run_that_ends_on_the_day_has_no_day_after_it():
    run = (d("2026-01-01"), d("2026-02-01"))
    assert clip([run], d("2026-02-01")) == ()
    assert clip([run], d("2026-01-31")) == ((d("2026-01-31"), d("2026-02-01")),)


@given(spans, days)
def test_clipping_keeps_the_days_from_then_on(given_spans, since):
    for start, end in clip(merge(given_spans), since):
        assert since <= start <= end


@given(spans, spans)
def test_more_courses_are_never_fewer_days(some, others):
    fewer, more = tally(some, AS_OF), tally([*some, *others], AS_OF)
    assert fewer.longest <= more.longest
    assert fewer.total <= more.total


def test_nothing_is_no_days():
    assert tally([None], AS_OF) == books.Tally(0, 0, 0, 0)


def test_runs_are_told_apart_one_after_the_other():
    january, march, may = [(date(2026, month, 1), date(2026, month, 20)) for month in (1, 3, 5)]
    longer = (date(2026, 5, 10), date(2026, 5, 30))
    within = (date(2026, 5, 2), date(2026, 5, 3))
    assert merge([may, january, longer, within, march]) == (january, march, (may[0], longer[1]))
