"""What the sender leaves out is nowhere, is said to be left out, and never takes a red flag with it."""

import pytest

from intake_app.case import make_case
from intake_app.errors import UserError
from intake_app.factors import evaluate_all
from intake_app.letter import compose, make_letter
from intake_app.letter.left_out import leave_out, list_optional
from tests.letter.conftest import ABOUT, TODAY, read_pages

MEDICINES = {"medicines": [{"name": "Warfarin SECRETWORD", "kind": ["blood_thinner"]}], "allergies": "none"}


def make(case, *pages):
    text = " ".join("".join(read_pages(make_letter(case, evaluate_all(case), **ABOUT, left_out=pages))).split())
    return text.replace("- ", "-")


def labels(letter):
    return {getattr(block, "label", ""): block for block in reversed(letter.blocks)}


@pytest.fixture(scope="module")
def flagged(questionnaire):
    answers = {
        "complaint": "It hurts",
        "saddle_numbness": "no",
        "weakness_4_weeks": "yes",
        "safety_asked_by": "D. Morrow",
    }
    return make_case(questionnaire, {"family_name": "Sample"}, answers | MEDICINES, TODAY)


def test_what_is_left_out_is_not_printed_and_said_to_be_left_out(flagged):
    assert "SECRETWORD" in make(flagged)
    text = make(flagged, "medicines")
    assert "SECRETWORD" not in text
    assert "Warfarin" not in text
    assert text.count("Left out on request of the sender: Medicines and allergies.") == 2
    assert "No known allergies" not in text


def test_what_is_left_out_is_neither_called_missing_nor_not_asked(full_case):
    for pages in (
        ("medicines",),
        ("imaging", "treatments"),
        ("operations", "health", "medicines"),
        ("symptoms", "goals"),
    ):
        case, findings = leave_out(full_case, evaluate_all(full_case), pages)
        letter = compose(case, findings, **ABOUT, left_out=pages)
        zones = labels(letter)
        for page in (page for page in case.questionnaire.pages if page.id in pages):
            assert f"{page.title}:" not in str(zones["To obtain"]) + str(zones.get("Not asked", ""))
        assert "medicines" not in str(zones["Planning"]) or "medicines" not in pages
    said = make(full_case, "imaging", "operations")
    assert "Imaging: not asked" not in said
    assert "left out: prior spinal surgery, spinal imaging" in said


def test_a_red_flag_cannot_be_left_out(flagged, questionnaire):
    for page in ("safety", "patient", "nothing"):
        with pytest.raises(UserError, match="cannot be left out"):
            make(flagged, page)
    told = make_case(questionnaire, {}, {"examined": "yes", "saddle_sensation": "reduced"}, TODAY)
    assert any(f.rule.group == "red_flags" and f.sentence for f in evaluate_all(told))
    with pytest.raises(UserError, match=r"red flag .* rests on answers under Neurology"):
        make(told, "neurology")


def test_urgency_question_and_people_stay(full_case):
    kept, _ = leave_out(full_case, evaluate_all(full_case), ("goals",))
    stay = {"referral_question", "requested_urgency", "urgency_reason", "referrer_name", "referrer_role", "prepared_by"}
    on_page = {q.id for page in full_case.questionnaire.pages if page.id == "goals" for q in page.questions}
    assert set(kept.answers) & on_page == stay & set(full_case.answers)


def test_leaving_out_again_changes_nothing(full_case):
    for page in list_optional(full_case):
        try:
            once = leave_out(full_case, evaluate_all(full_case), (page.id,))
        except UserError:
            continue
        assert leave_out(once[0], evaluate_all(once[0]), (page.id,)) == once
        assert not once[0].hidden
        assert set(once[0].answered_at) <= set(once[0].answers)


def test_only_pages_with_answers_are_offered_and_never_the_safety_questions(flagged, full_case):
    assert [page.id for page in list_optional(flagged)] == ["symptoms", "medicines"]
    assert "safety" not in [page.id for page in list_optional(full_case)]
