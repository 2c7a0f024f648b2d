import pytest

from intake_app.case import make_case
from intake_app.errors import UserError
from intake_app.letter import make_letter, unprintable
from tests.letter.conftest import ABOUT, TODAY


def test_every_field_that_cannot_be_printed_is_named(questionnaire):
    answers = {"complaint": "🤖", "allergies": [{"substance": "Latex"}, {"reaction": "नम"}], "goals": "fine"}
    case = make_case(questionnaire, {"family_name": "नम", "birth_date": None}, answers, TODAY)
    found = unprintable(case, clinic={"name": "Clinic \ue000", "phone": ""}, recipient={"name": "Dr 王"})
    assert found == [
        ("Family name", "नम"),
        ("In the patient's own words", "🤖"),
        ("Allergies 2, Reaction", "नम"),
        ("Clinic, name", "\ue000"),
    ]


def test_a_letter_that_cannot_be_printed_is_refused_before_it_is_drawn(questionnaire):
    case = make_case(questionnaire, {"family_name": "Sample"}, {"complaint": "🤖"}, TODAY)
    with pytest.raises(UserError) as caught:
        make_letter(case, (), **ABOUT)
    assert (
        caught.value.what
        == "“In the patient's own words” (U+1F916) cannot be printed: our fonts lack these characters."
    )
    assert caught.value.hint


def test_what_is_printable_is_not_refused(full_case):
    assert unprintable(full_case, **{name: ABOUT[name] for name in ("clinic", "recipient")}) == []
