import pytest

from intake_app.case import make_case
from intake_app.letter.problem import sum_up
from tests.letter.conftest import TODAY

WOMAN = {"family_name": "Sample", "birth_date": "1958-05-03", "sex": "female"}


@pytest.mark.parametrize(
    ("patient", "answers", "expected"),
    [
        ({}, {}, "Patient of unknown age; pain and its duration not recorded."),
        (WOMAN, {}, "68-year-old woman; pain and its duration not recorded."),
        ({"sex": "male"}, {}, "Male patient of unknown age;"),
        ({"birth_date": "1961"}, {}, "64- or 65-year-old patient"),
        ({"birth_date": "1961", "sex": "female"}, {}, "64- or 65-year-old woman"),
        ({"birth_date": "2014", "sex": "male"}, {}, "11- or 12-year-old boy"),
        ({"birth_date": "2008", "sex": "male"}, {}, "17- or 18-year-old patient"),
        ({"birth_date": "1961-05", "sex": "male"}, {}, "65-year-old man"),
        ({"birth_date": "2014-01-02", "sex": "male"}, {}, "12-year-old boy"),
        ({"birth_date": "2014-01-02", "sex": "female"}, {}, "12-year-old girl"),
        ({"birth_date": "1958-05-03", "sex": "other"}, {}, "68-year-old patient"),
        (WOMAN, {"dominant_pain": "back"}, "woman with mainly back pain, duration not recorded."),
        (WOMAN, {"dominant_pain": "back", "duration": 1, "duration_unit": "weeks"}, "with mainly back pain for 1 week."),
        (WOMAN, {"dominant_pain": "back", "duration": 8}, "mainly back pain, for 8 (unit not recorded)."),
        (WOMAN, {"dominant_pain": "neck", "onset": "2026-03", "trend": "worse"}, "mainly neck pain since March 2026 (about 8 months), getting worse."),
        (
            WOMAN,
            {"dominant_pain": "leg_right", "leg_pain": "yes", "leg_side": "right", "leg_areas": ["buttock", "calf"], "duration": 8,
             "duration_unit": "weeks"},
            "mainly right leg pain (buttock, calf), for 8 weeks.",
        ),
        (
            WOMAN,
            {"dominant_pain": "leg_right", "leg_pain": "yes", "leg_side": "both_right_worse", "spine_sites": ["low_back"]},
            "mainly right leg pain, with low back pain and pain in both legs, the right worse, duration not recorded.",
        ),
        (WOMAN, {"dominant_pain": "back", "spine_sites": ["low_back"]}, "with mainly low back pain, duration not"),
        (WOMAN, {"dominant_pain": "back", "spine_sites": ["low_back", "neck"]}, "with mainly low back pain, with neck pain, duration not"),
        (WOMAN, {"dominant_pain": "back", "spine_sites": ["upper_back"]}, "with mainly back pain, with upper back pain, duration not"),
        (
            WOMAN,
            {"dominant_pain": "both_legs", "leg_pain": "yes", "leg_side": "both_right_worse", "leg_areas": ["calf"], "spine_sites": ["low_back"]},
            "with pain mainly in both legs, the right worse (calf), with low back pain, duration not",
        ),
        (WOMAN, {"dominant_pain": "both_legs"}, "with pain mainly in both legs, duration not"),
        (WOMAN, {"dominant_pain": "back", "onset": "2024-01-05", "duration": 2, "duration_unit": "weeks"}, "since 5 January 2024 (2 years; patient also says 2 weeks)."),
        (WOMAN, {"dominant_pain": "back", "onset": "2026-11-15", "duration": 3, "duration_unit": "months"}, "since 15 November 2026 (7 days; patient also says 3 months)."),
        (WOMAN, {"dominant_pain": "back", "onset": "2026-03", "duration": 8, "duration_unit": "months"}, "since March 2026 (about 8 months)."),
        (WOMAN, {"dominant_pain": "back", "onset": "2024", "duration": 2, "duration_unit": "years"}, "since 2024 (about 2 years)."),
        (WOMAN, {"dominant_pain": "back", "onset": "2026-11-20", "duration": 1, "duration_unit": "weeks"}, "since 20 November 2026 (2 days)."),
        (WOMAN, {"leg_pain": "yes"}, "with pain in a leg (side not recorded) (dominant pain: not asked)"),
        (WOMAN, {"arm_pain": "yes", "arm_side": "left", "dominant_pain": "unsure"}, "pain in the left arm (dominant pain: patient unsure)"),
        (WOMAN, {"dominant_pain": "unsure"}, "pain and its duration not recorded"),
        (WOMAN, {"dominant_pain": "equal", "trend": "unsure"}, "spinal and limb pain alike, duration not recorded, patient unsure whether it changes."),
        (WOMAN, {"back_pain_score": 3, "leg_pain_score": 8}, "with pain back 3 and leg 8 out of 10"),
        (WOMAN, {"dominant_pain": "back", "numbness": "yes", "numbness_side": "both_equal"}, "; numbness (both sides)."),
        (WOMAN, {"dominant_pain": "back", "weakness": "yes", "weakness_trend": "better"}, "; weakness as the patient feels it, getting better."),
        (
            WOMAN,
            {"dominant_pain": "back", "walking_brings_leg_symptoms": "yes", "eased_by_sitting": "yes"},
            "; leg symptoms on standing or walking, eased by sitting or leaning forward.",
        ),
        (WOMAN, {"dominant_pain": "back", "dermatomes": ["L5", "S1"]}, "; dermatome named by a clinician: L5, S1."),
        (
            WOMAN,
            {"walking_distance": "Half a block", "standing_minutes": 5, "walking_aids": ["stick"], "independence": "partly"},
            "Walking distance half a block; stands for 5 minutes; walks with: stick; some help needed.",
        ),
        (WOMAN, {"saddle_numbness": "yes", "bladder_bowel_onset": "2026-11-20"}, "woman with new numbness between the legs since 20 November 2026; pain and"),
        (
            WOMAN,
            {"clumsy_hands": "yes", "unsteady_walking": "yes", "hands_walking_worsening": "yes", "dominant_pain": "neck"},
            "woman with clumsy hands and unsteady walking, stiff or heavy legs or falls (sudden or getting worse); mainly neck pain",
        ),
        (WOMAN, {"onset": "2026-08-03", "dominant_pain": "back"}, "since 3 August 2026 (15 weeks)."),
        (WOMAN, {"sleep": "every_night", "work_status": "retired", "walking_aids": ["none"]}, "Sleep disturbed every night; retired."),
    ],
)  # fmt: skip
def test_the_problem_reads_as_english(questionnaire, patient, answers, expected):
    case = make_case(questionnaire, {"family_name": "Sample", **patient}, answers, TODAY)
    assert expected in sum_up(case)


def test_in_brief_areas_and_daily_life_are_left_to_the_details(questionnaire):
    answers = {
        "saddle_numbness": "yes", "bladder_start": "yes", "bladder_leak": "yes", "bowel_control": "yes",
        "sexual_function": "yes", "dominant_pain": "leg_right", "leg_pain": "yes", "leg_side": "right",
        "leg_areas": ["calf"], "walking_minutes": 5, "sleep": "every_night",
    }  # fmt: skip
    case = make_case(questionnaire, WOMAN, answers, TODAY)
    assert "(calf)" in sum_up(case)
    brief = sum_up(case, brief=True)
    assert "(calf)" not in brief
    assert "with new change of bladder, bowel, saddle feeling or sexual function; mainly right leg pain" in brief
    assert brief.endswith("Walks 5 minutes before stopping.")
