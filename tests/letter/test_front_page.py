"""What the first page says, zone by zone."""

# ruff: noqa: RUF001  spans take an en dash

from dataclasses import replace
from datetime import datetime

import pytest

from intake_app.factors import evaluate_all
from intake_app.letter import compose
from intake_app.letter.blocks import (
    Addressee,
    Answers,
    Bullets,
    Letterhead,
    Paragraph,
    Run,
    Signature,
    Table,
    Urgency,
    Zone,
)
from tests.letter.conftest import ABOUT

SLIP = {"alignment_reported": "yes"}
SAFE = {  # every red-flag question answered with no
    "yes_no": "no",
    "choices": ["none"],
}


def say(text):
    return text if isinstance(text, str) else "".join(part.text if isinstance(part, Run) else part for part in text)


def read(block):
    match block:
        case Paragraph(text):
            return say(text)
        case Bullets(items):
            return "\n".join(map(say, items))
        case Signature(lines):
            return "\n".join(map(say, lines))
        case Table(_, rows):
            return "\n".join(" | ".join(map(say, row)) for row in rows)
        case Answers(pairs):
            return "\n".join(f"{asked}: {say(answer)}" for asked, answer in pairs)
    return ""


def zone(letter, label):
    found = next(block for block in letter.blocks if isinstance(block, Zone) and block.label == label)
    return "\n".join(map(read, found.blocks))


def find(letter, kind):
    return next(block for block in letter.blocks if isinstance(block, kind))


@pytest.fixture
def all_no(questionnaire):
    page = questionnaire.pages[0]
    return {q.id: SAFE[q.type] for q in page.questions if q.type in SAFE}


@pytest.mark.parametrize(
    ("answers", "words", "reasons"),
    [
        ({}, "Urgency not stated by the referrer", []),
        ({"requested_urgency": "R4"}, "Routine", ["The referrer says: Routine; no reason given."]),
        ({"requested_urgency": "R2", "urgency_reason": "Foot drop"}, "See within 30 days", ["The referrer says: See within 30 days, because: “Foot drop”."]),
        ({"weakness_4_weeks": "yes", "requested_urgency": "R4"}, "See within 30 days", ["Because: Weakness that began within 4 weeks", "The referrer says: Routine"]),
        ({"saddle_numbness": "yes"}, "EMERGENCY NOW", ["Because: New numbness", "Urgency not stated by the referrer.", "Hand-off to a clinician: not recorded."]),
        (
            {"saddle_numbness": "yes", "handoff_to": "Dr Hale", "handoff_at": "22 Nov 09:50", "handoff_by": "Ann"},
            "EMERGENCY NOW",
            ["Because:", "Urgency not stated", "Handed to Dr Hale, 22 Nov 09:50, by Ann."],
        ),
        ({"saddle_numbness": "yes", "handoff_to": "Dr Hale"}, "EMERGENCY NOW", ["Because:", "Urgency", "Handed to Dr Hale, time not recorded, by a person not recorded."]),
    ],
)  # fmt: skip
def test_the_more_urgent_of_red_flags_and_request_counts(build, answers, words, reasons):
    found = find(build(answers), Urgency)
    assert found.words == words
    assert found.emergency == (words == "EMERGENCY NOW")
    assert len(found.reasons) == len(reasons)
    for said, expected in zip(map(say, found.reasons), reasons, strict=True):
        assert expected in said


def reasons(letter):
    return [say(reason) for reason in find(letter, Urgency).reasons]


def test_unsure_about_an_emergency_stands_where_the_urgency_does(build):
    (said,) = reasons(build({"saddle_numbness": "unsure", "new_deformity": "unsure", "bladder_leak": "no"}))
    assert said == (
        "Unsure: 2 urgent questions (new numbness between the legs (saddle area), new spinal deformity or step)."
    )
    assert reasons(build({"aneurysm": "unsure"})) == [
        "Unsure: 1 urgent question (known aortic aneurysm or pulsating abdomen)."
    ]


@pytest.mark.parametrize(
    ("answers", "named"),
    [
        ({"weakness_4_weeks": "unsure"}, ""),  # a yes would be 30 days
        ({"weight_loss": "unsure"}, ""),  # one sign alone would be 30 days
        ({"weight_loss": "unsure", "night_pain": "yes"}, "unexplained weight loss"),
        (
            {"weight_loss": "unsure", "night_pain": "unsure"},
            "unexplained weight loss, night pain not eased by position",
        ),
        ({"infection_risks": ["unsure"]}, ""),
        ({"infection_risks": ["unsure"], "new_severe_pain": "yes"}, "infection risks"),
    ],
)
def test_unsure_counts_as_an_emergency_only_where_a_yes_would_be_one(build, answers, named):
    unsure = [reason for reason in reasons(build(answers)) if reason.startswith("Unsure")]
    assert [reason.partition("(")[2] for reason in unsure] == ([f"{named})."] if named else [])


def test_all_no_is_told_as_no_answers_recorded_and_never_as_their_absence(build, all_no, full_case):
    said = zone(build(all_no), "Red flags")
    assert "No red-flag answers recorded; all 25 asked." in said
    assert "no red flags" not in said.lower()
    times = {"saddle_numbness": datetime(2026, 11, 22, 9, 30), "fever": datetime(2026, 11, 22, 9, 40)}  # noqa: DTZ001
    case = replace(full_case, answers={**all_no, "safety_asked_by": "Ann Reed"}, answered_at=times)
    said = zone(compose(case, evaluate_all(case), **ABOUT), "Red flags")
    assert said.startswith(
        "Asked 22 November 2026 at 09:40 by Ann Reed. No red-flag answers recorded at 22 November 2026 at 09:40; all 25 asked."
    )


@pytest.mark.parametrize(
    ("times", "said"),
    [
        ({}, "between 1 October 2026 and 22 November 2026"),
        ({"safety_asked_again": 22}, "22 November 2026 at 09:40"),
        ({"safety_asked_again": 22, "fever": 23}, "22 November 2026 at 09:40"),  # a clock that was ahead
    ],
)
def test_safety_questions_asked_on_several_days_are_told_with_the_first_and_the_last(full_case, all_no, times, said):
    days = dict.fromkeys(all_no, 1) | {"fever": 22} | times
    answered_at = {n: datetime(2026, 10 if day == 1 else 11, day, 9, 40) for n, day in days.items()}  # noqa: DTZ001
    case = replace(full_case, answers={**all_no, "safety_asked_by": "Ann Reed"}, answered_at=answered_at)
    flags = zone(compose(case, evaluate_all(case), **ABOUT), "Red flags")
    assert flags.startswith(f"Asked {said} by Ann Reed. No red-flag answers recorded ")
    assert f"recorded {'at ' if ' at ' in said else ''}{said}" in flags


def test_an_emergency_gives_at_most_four_reasons_and_says_once_who_reported_them(crowded_case, about):
    first, *_ = reasons(compose(crowded_case, evaluate_all(crowded_case), **about))
    assert first.count("reported by the patient") == 1
    assert first.count(";") == 3
    assert "And 9 more, see Red flags and in the details." not in first
    assert "And 9 more, see Red flags and the details." in first
    assert len(first) < 350


def test_one_reason_of_many_facts_names_the_first(build):
    answers = {"cancer_history": "yes", "changed_spinal_pain": "no", "clumsy_hands": "yes", "unsteady_walking": "yes"}
    answers |= {
        "weakness_72h": "yes",
        "weakness_4_weeks": "yes",
        "new_both_legs_weakness": "yes",
        "bladder_leak": "yes",
    }
    said = " ".join(reasons(build(answers)))
    assert "more)" in said
    assert said.count("reported by the patient") <= 2


def test_some_no_are_not_told_as_no_red_flag_answers(build):
    said = zone(build({"fever": "no", "new_severe_pain": "no"}), "Red flags")
    assert "No red-flag answers recorded" not in said
    assert "No: 2 asked." in said
    assert "Not asked: " in said


def test_yes_unsure_and_not_asked_are_told_apart(build, all_no):
    answers = all_no | {
        "fever": "yes",
        "weight_loss": "unsure",
        "infection_risks": ["dialysis_or_line"],
        "fracture_risks": ["unsure"],
    }
    del answers["aneurysm"]
    said = zone(build(answers), "Red flags")
    assert (
        "Yes: fever, chills or sweats with back pain; infection risks: dialysis or a long-term line into a vein."
        in said
    )
    assert "Patient unsure: unexplained weight loss, fracture risks." in said
    assert "Not asked: known aortic aneurysm or pulsating abdomen." in said
    assert "No: the other" in said


def test_a_section_nobody_asked_is_named_as_a_whole(build):
    assert "cancer (all " in zone(build({"fever": "no"}), "Red flags")


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"category": "nsaid", "agent": "Naproxen"}, "NSAID: Naproxen | no dates | not recorded | not given"),
        ({"agent": "Something"}, "Kind not recorded: Something | no dates"),
        ({"category": "brace", "start": "2026-01", "ongoing": "yes"}, "Brace | since Jan 2026 | 42–47"),
        ({"category": "brace", "ongoing": "yes"}, "Brace | still going on, start not recorded | not recorded"),
        ({"category": "physical_therapy", "start": "2026-06-01", "ongoing": "no", "end": "2026-07-24", "sessions": 12}, "1 Jun – 24 Jul 2026 | 7.6 | 12"),
        ({"category": "physical_therapy", "start": "2025-12-01", "ongoing": "no", "end": "2026-01-12"}, "1 Dec 2025 – 12 Jan 2026 | 6.0"),
        ({"category": "physical_therapy", "start": "2026", "ongoing": "no", "end": "2026"}, "2026 – 2026 |"),
        ({"category": "physical_therapy", "start": "2026-01"}, "Jan 2026 – not recorded"),
        ({"category": "physical_therapy", "ongoing": "no", "end": "2026-01-12"}, "not recorded – 12 Jan 2026"),
        ({"category": "facet", "start": "2026-09-14", "sessions": 2}, "Facet procedure | 14 Sep 2026 | 2"),
        ({"category": "facet"}, "Facet procedure | no date | not recorded"),
        ({"category": "facet", "response": "temporary", "temporary_weeks": 3}, "| better for 3 weeks |"),
        ({"category": "brace", "response": "none", "stopped_because": "ineffective"}, "| no benefit |"),
        ({"category": "brace", "response": "none", "stopped_because": "side_effects"}, "no benefit; stopped: side effects"),
        ({"category": "brace", "evidence": "patient_report"}, "| patient"),
        ({"category": "nsaid", "dose": "as needed", "start": "2024", "ongoing": "yes"}, "NSAID: as needed | since 2024 | not recorded"),
        ({"category": "nsaid", "dose": "As needed", "ongoing": "yes"}, "NSAID: as needed | still going on, start not recorded | not recorded"),
        ({"category": "facet", "agent": "Joints", "region": "lumbar", "side": "left"}, "Facet procedure: Joints, low back, left |"),
    ],
)  # fmt: skip
def test_a_treatment_in_one_row(build, entry, expected):
    assert expected in zone(build({"treatments": [entry]}), "Tried")


def test_an_empty_list_is_an_answer_and_a_blank_one_is_not(build):
    assert zone(build({"treatments": "none"}), "Tried").startswith("No treatment tried.")
    assert zone(build(), "Tried").startswith("Treatments tried: not asked.")
    assert zone(build({"diagnoses": "none"}), "Diagnosis") == "No diagnosis documented."
    assert zone(build(), "Diagnosis") == "Documented diagnoses: not asked."


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (
            {"words": "Disc", "code": "M51.26", "said_by": "surgeon", "date": "2026-11"},
            "“Disc”; M51.26 (surgeon, Nov 2026).",
        ),
        ({"code": "M51.26"}, "Other intervertebral disc displacement, lumbar region (M51.26) (source not recorded)."),
        (
            {"condition": "scoliosis", "levels": ["L4-L5"], "side": "left"},
            "scoliosis; L4-L5, left (source not recorded).",
        ),
    ],
)
def test_a_diagnosis_is_quoted_with_its_source(build, entry, expected):
    assert zone(build({"diagnoses": [entry]}), "Diagnosis") == expected


def test_somebodys_words_stand_in_quotation_marks(build):
    letter = build(
        {"referral_question": "Needs fusion L4-5", "requested_urgency": "R4", "urgency_reason": "Suitable for it"}
    )
    assert zone(letter, "Question") == "“Needs fusion L4-5”."
    assert reasons(letter) == ["The referrer says: Routine, because: “Suitable for it”."]


def test_planning_says_what_it_is_for_and_what_nobody_asked(build):
    said = zone(build(), "Planning")
    assert "Not asked: earlier spine operations, diabetes, nicotine, illnesses, medicines, allergies, implants." in said
    assert said.endswith("Listed for planning; not used to decide whether this letter is sent.")


def test_a_grade_that_the_report_gives_is_said_once(build):
    letter = build({**SLIP, "slip_grade": "2", "slip_percent": 30})
    assert "Meyerding" in zone(letter, "Imaging")
    assert "Meyerding" not in zone(letter, "Planning")
    assert "Meyerding III" in zone(build({**SLIP, "slip_grade": "3"}), "Planning")


def test_goals_are_quoted(build):
    said = zone(build({"goals": "Walk the dog.", "concerns": "Anaesthetic", "considers_surgery": "unsure"}), "Goals")
    assert "Hopes: “Walk the dog.” Worries: “Anaesthetic”. Would consider surgery: patient unsure." in said
    assert said.endswith("Not asked: agrees to the referral; agrees to sharing this.".replace(";", ","))


VALUES = "HbA1c, T-score, CT bone density, albumin, prealbumin, haemoglobin, vitamin D."


def test_values_that_no_report_gives_are_said_to_be_lacking(build):
    assert f"Not available: BMI, {VALUES}" in zone(build(), "Planning")
    assert f"Not available: {VALUES}" in zone(build({"height": 170, "weight": 70}), "Planning")
    given = {"bmi": 24, "hba1c_mmol": 40, "t_score": -1, "albumin": 4, "haemoglobin": 14, "vitamin_d": 30}
    assert "Not available: CT bone density, prealbumin. " in zone(build(given), "Planning")
    given |= {"ct_density": 150, "prealbumin": 25}
    assert "Not available" not in zone(build(given), "Planning")


def test_values_that_do_not_reach_their_mark_stand_in_the_details(build):
    letter = build({"albumin": 4.2, "prealbumin": 15})
    said = zone(letter, "Planning")
    assert "Prealbumin 15 mg/dL; below 20." in said
    assert "Albumin 4.2" not in said
    assert "Albumin 4.2 g/dL" in zone(letter, "What the answers add up to")


def test_a_score_is_told_with_its_date_band_and_change(build):
    forms = [
        {"instrument": "odi", "date": "2026-08-24", "odi_percent": 52, "mode": "self", "items_answered": 10},
        {"instrument": "odi", "date": "2026-11-20", "odi_percent": 46, "mode": "self", "items_answered": 10},
    ]
    letter = build({"scores": forms})
    assert "ODI 46 % (20 Nov 2026), severe; change for the better by 6 points, below the published minimum." in zone(
        letter, "Problem"
    )
    assert "By the patient alone, 10 of 10 items answered." in zone(letter, "What the answers add up to")


def test_details_of_a_medicine_are_asked_for_and_tests_are_not(build):
    medicines = [{"name": "Tramadol", "kind": "opioid"}, {"name": "Ramipril"}]
    said = zone(build({"medicines": medicines, "diabetes": "type_2"}), "To obtain")
    assert "Medicines and allergies: which opioid (Tramadol), since when taken (Tramadol), kind (Ramipril)." in said
    assert "HbA1c" not in said


def test_what_is_missing_can_be_asked_for(build):
    answers = {"treatments": [{"category": "nsaid", "agent": "Naproxen", "ongoing": "no"}]}
    said = zone(build(answers), "To obtain")
    assert said.startswith("Safety questions: ")
    assert "start date (NSAID)" in said


def test_nothing_missing_is_said_in_one_line(full_case, about):
    assert zone(compose(full_case, (), **about), "To obtain").startswith("Safety questions: one not asked")
    sure = {name: "no" for name, value in full_case.answers.items() if value == "unsure"}
    told = replace(full_case, answers={**full_case.answers, **sure, "aneurysm": "no"})
    assert zone(compose(told, (), **about), "To obtain") == "Nothing: every answer that the rules look for is there."


def test_every_yardstick_item_is_present_absent_or_not_asked(build, full_case, about):
    said = zone(build({"leg_pain": "no", "arm_pain": "no", "fever": "no"}), "Checklist")
    assert said.startswith("Of 8 items that specialists ask for in a referral, ")
    assert "answered none: referred limb pain" in said
    assert "not asked: " in said
    assert "asked in part: red-flag assessment" in said
    assert zone(compose(full_case, (), **about), "Checklist") == "The items that specialists ask for were not checked."


def test_signed_is_said_only_when_it_is_true(build):
    assert zone(build(), "Signature") == "Prepared by front desk, not signed."
    answers = {"prepared_by": "Ann Reed", "referrer_name": "Dr Hale", "referrer_role": "Surgeon"}
    assert (
        zone(build(answers), "Signature")
        == "Referring clinician: Dr Hale, Surgeon. Prepared by front desk (Ann Reed), not signed."
    )
    signed = zone(build(answers, signed_by="Dr Hale"), "Signature")
    assert signed.startswith("Signed: Dr Hale, 22 November 2026.\n")
    assert "not signed" not in signed


def test_long_answers_are_cut_on_the_first_page_and_say_so(build):
    said = zone(build({"complaint": "word " * 300}), "Problem")
    assert len(said) < 700
    assert "(in full in the details)" in said


def test_a_new_version_says_why_and_what_changed(build):
    letter = build(version=2, reason="MRI report arrived", changes=("Imaging: MRI added",))
    assert zone(letter, "Changed") == "Version 2: MRI report arrived.\nImaging: MRI added"
    assert "Changed" not in [getattr(block, "label", "") for block in build().blocks]
    assert zone(build(version=2), "Changed") == "Version 2: reason not recorded."


def test_letterhead_and_addressee_take_what_there_is(build):
    letter = build(clinic={"name": "A", "address": "One\nTwo", "email": "a@b.example"}, recipient={})
    assert find(letter, Letterhead).lines == ("One, Two · a@b.example",)
    assert find(letter, Addressee).to == ("Not chosen yet",)
    letter = build(
        clinic={"address": "Long street " * 12, "phone": "1"}, recipient={"clinic": "B", "phone": "2", "fax": "3"}
    )
    assert find(letter, Letterhead).name == "Clinic name not entered"
    assert len(find(letter, Letterhead).lines) == 2
    assert find(letter, Addressee).to == ("B", "phone 2 · fax 3")
