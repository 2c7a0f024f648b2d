from datetime import date, datetime

import pytest

from intake_app.letter import words


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("saddle_numbness", "yes", "Yes"),
        ("saddle_numbness", "unsure", "Patient unsure"),
        ("dominant_pain", "leg_left", "Left leg"),
        ("leg_areas", ("buttock", "calf"), "Buttock, Calf"),
        ("conditions", ("hypertension", "stroke"), "High blood pressure, treated; Stroke"),
        ("walking_minutes", 12, "12 minutes"),
        ("hba1c", 7.5, "7.5 %"),
        ("duration", 8.0, "8"),
        ("back_pain_score", 7, "7 out of 10"),
        ("complaint", "It  shoots <b>", "It  shoots <b>"),
        ("onset", "2026-03", "March 2026"),
        ("diagnoses.code", "M51.26", "M51.26 (Other intervertebral disc displacement, lumbar region)"),
        ("diagnoses.code", "X99", "X99"),
        ("treatments", "none", "No treatment tried"),
        ("treatments", ({}, {}), "2 recorded"),
    ],
)
def test_a_value_in_words(questionnaire, path, value, expected):
    assert words.answer_words(questionnaire.find(path), value) == expected


def test_inside_a_sentence_our_words_begin_small_and_a_persons_stay(questionnaire):
    find = questionnaire.find
    assert words.inline_words(find("leg_areas"), ("buttock", "calf")) == "buttock, calf"
    assert words.inline_words(find("treatments.category"), "nsaid") == "anti-inflammatory medicine (NSAID)"
    assert words.inline_words(find("imaging.modality"), "mri") == "MRI"
    assert words.inline_words(find("complaint"), "My back") == "My back"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Low back", "low back"),
        ("MRI of it", "MRI of it"),
        ("L5 root", "L5 root"),
        ("X-ray", "X-ray"),
        ("A pain", "a pain"),
        ("HbA1c", "HbA1c"),
        ("Hoffmann", "Hoffmann"),
        ("Cobb angle", "Cobb angle"),
    ],
)
def test_names_and_abbreviations_keep_their_capitals(text, expected):
    assert words.lower_first(text) == expected


@pytest.mark.parametrize(
    ("items", "expected"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_items_join_as_in_a_sentence(items, expected):
    assert words.join_and(items) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", ""), ("done", "done."), ("done.", "done."), ("really?", "really?"), ("he said “go.”", "he said “go.”")],
)
def test_a_sentence_has_one_full_stop(text, expected):
    assert words.end_sentence(text) == expected


def test_a_shortened_text_says_so_and_ends_at_a_word():
    assert words.shorten("one two three", 13) == "one two three"
    assert words.shorten("one two three, four", 15) == "one two three …"
    assert words.shorten("word " * 99, 101) == f"{('word ' * 20).strip()} … (in full in the details)"
    assert words.shorten("one two three", 9, " …") == "one two …"
    assert words.quote_whole("I  can\nnot", 20) == "“I can not”."
    assert words.quote_whole("I cannot.", 20) == "“I cannot.”"


def test_moments_and_short_dates():
    assert words.say_moment(datetime(2026, 11, 22, 9, 4)) == "22 November 2026 at 09:04"  # noqa: DTZ001
    assert [words.say_short(day) for day in ("2026", "2026-11", date(2026, 5, 3).isoformat())] == [
        "2026",
        "Nov 2026",
        "3 May 2026",
    ]
