from datetime import date

import pytest

from intake_app import rules
from intake_app.case import make_case
from intake_app.ui.checks import list_checks

TODAY = date(2026, 11, 22)
PATIENT = {"family_name": "Example", "birth_date": "1956-05-03", "record_number": "4711"}
GOOD = {
    "dominant_pain": "back", "onset": "2026", "leg_pain": "no", "treatments": "none", "referral_question": "What now?",
    "requested_urgency": "R4", "consent_referral": "yes", "consent_sharing": "yes",
}  # fmt: skip


@pytest.fixture
def check(questionnaire):
    assert rules
    safety = {
        q.id: "no" if q.type == "yes_no" else ["none"]
        for q in questionnaire.pages[0].questions
        if q.type in ("yes_no", "choices") and not q.shown_when
    }

    def run(patient=None, **answers):
        given = {name: value for name, value in ({**safety, **GOOD} | answers).items() if value is not None}
        case = make_case(questionnaire, PATIENT if patient is None else patient, given, TODAY)
        return {c.path: c.text for c in list_checks(case)}

    return run


def test_a_complete_intake_has_nothing_to_look_at(check):
    assert check() == {}


@pytest.mark.parametrize(
    ("answers", "path", "words"),
    [
        ({"dominant_pain": None}, "dominant_pain", "worst"),
        ({"onset": None}, "onset", "How long"),
        ({"leg_pain": "yes"}, "leg_side", "no side"),
        ({"fever": None}, "fever", "One safety question"),
        ({"treatments": None}, "treatments", "not asked"),
        ({"treatments": [{"category": "nsaid"}]}, "treatments[0].start", "No treatment has a date"),
        ({"imaging": [{"modality": "mri", "date": "2026"}, {"modality": "ct"}]}, "imaging[1].date", "no date"),
        ({"diagnoses": [{"words": "Stenosis", "side": "left"}]}, "diagnoses[0].levels", "“Stenosis” has no level."),
        ({"referral_question": None}, "referral_question", "no question"),
        ({"requested_urgency": None}, "requested_urgency", "no urgency"),
        ({"consent_sharing": None}, "consent_sharing", "not recorded"),
        ({"consent_sharing": "no"}, "consent_sharing", "does not agree"),
        ({"consent_referral": "unsure"}, "consent_referral", "unsure"),
        ({"complaint": "He needs a fusion"}, "complaint", "which operation"),
        (
            {"diagnoses": [{"words": "Disc, suited for surgery", "levels": ["L4-L5"], "side": "left"}]},
            "diagnoses[0].words", "which operation",
        ),
    ],
)  # fmt: skip
def test_what_is_missing_is_told_with_its_place(check, answers, path, words):
    found = check(**answers)
    assert list(found) == [path]
    assert words in found[path]


def test_what_the_patient_is_known_by_is_asked_for(check):
    assert list(check(patient={"family_name": "Example"})) == ["patient.birth_date", "patient.record_number"]


def test_answers_that_will_not_be_printed_are_named(check):
    found = check(leg_side="left")
    assert found == {"": "Kept but not printed, because a later answer hides it: Leg pain side."}


def diagnosis(words, code=None):
    given = {"words": words, "levels": ["L4-L5"], "side": "left"}
    return given | ({"code": code} if code else {})


def test_codes_that_exclude_each_other_are_told(check):
    found = check(diagnoses=[diagnosis("Sciatica", "M54.16"), diagnosis("Disc", "M51.16")])
    assert list(found) == ["diagnoses[1].code"]
    for part in ("M54.16", "M51.16", "Excludes1 at M5"):
        assert part in found["diagnoses[1].code"]
    assert check(diagnoses=[diagnosis("Neck", "M50.121"), diagnosis("Disc", "M51.16")]) == {}


def test_a_code_that_is_not_complete_is_told(check):
    told = check(diagnoses=[{"code": "M48.06", "levels": ["l4_l5"], "side": "both"}])
    assert told["diagnoses[0].code"] == (
        "The code M48.06 is not complete: with or without neurogenic claudication is missing."
    )


def test_a_diagnosis_given_twice_is_told(check):
    found = check(diagnoses=[diagnosis("Stenosis", "M48.061"), diagnosis("Narrow canal", "M48.061")])
    assert found == {"diagnoses[1].words": "Diagnosis 2 stands there already."}
    assert "diagnoses[1].words" in check(diagnoses=[diagnosis("Stenosis"), diagnosis("stenosis")])
