"""What makes an operation harder, on the first page: a line each, and nothing that an anaesthetist needs is cut."""

import pytest

from intake_app.letter.blocks import Bullets, Run, Zone
from tests.letter.test_front_page import say

ILLNESSES = [
    "hypertension", "cholesterol", "heart_attack", "arrhythmia", "stroke", "copd", "sleep_apnoea", "kidney",
    "osteoporosis", "clot", "bleeding", "rheumatoid", "depression", "mrsa", "immune", "anaesthesia",
]  # fmt: skip


def bullets(letter):
    zone = next(block for block in letter.blocks if isinstance(block, Zone) and block.label == "Planning")
    (found,) = zone.blocks
    assert isinstance(found, Bullets)
    return found


def lines(letter):
    return [say(item) for item in bullets(letter).items]


def line(letter, lead):
    return next((one.removeprefix(f"{lead}: ") for one in lines(letter) if one.startswith(f"{lead}: ")), "")


HEART, REST = "Heart, lungs, clotting, anaesthesia", "Metabolic, nicotine, other"


def test_every_line_opens_in_bold_with_what_it_is_about(build):
    items = bullets(build({"operations": "none", "t_score": -3, "conditions": ["clot"], "nicotine": "never"})).items
    leads = [item[0] for item in items[:-1]]
    assert leads == [Run(f"{lead}: ", bold=True) for lead in ("Spine", "Bone", HEART, REST)]


def test_no_illness_is_ever_cut_and_the_anaesthetists_come_first(build):
    letter = build({"conditions": ILLNESSES, "conditions_note": "Word " * 200})
    heart, rest = line(letter, HEART), line(letter, REST)
    assert heart.startswith(
        "Trouble with an anaesthetic; bleeding disorder; clot in a leg or lung; heart attack or stent;"
    )
    assert rest.startswith("Kidney disease, resistant germs (MRSA), weakened immune system, ")
    assert "rheumatoid or other inflammatory disease" in rest
    assert "Osteoporosis" in line(letter, "Bone")
    assert "In full: in the details" in rest


def test_that_there_is_no_illness_is_an_answer(build):
    assert line(build({"conditions": ["none"]}), HEART) == "No illness among those asked about. "
    assert "illnesses" in lines(build())[-1]


def test_how_fit_the_patient_is_stands_there_as_recorded(build):
    said = line(build({"asa_class": "4", "stairs": "no"}), HEART)
    assert said.startswith("ASA class IV, as recorded. Climbs a flight of stairs without stopping: no.")


def test_heart_failure_within_30_days_is_told(build):
    said = line(build({"conditions": ["heart_failure"], "heart_failure_30_days": "unsure"}), HEART)
    assert "heart failure new or worse within 30 days: patient unsure" in said


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"nicotine": "never", "diabetes": "no"}, "Diabetes: no. Nicotine: never. "),
        ({"nicotine": "no_now"}, "Nicotine: not now; earlier use not known. "),
        ({"nicotine": "unsure", "diabetes": "unsure"}, "Diabetes: patient unsure. Nicotine: patient unsure. "),
        (
            {"nicotine": "former", "nicotine_products": ["cigarettes"], "nicotine_quit": "2015", "pack_years": 12},
            "Nicotine: formerly (cigarettes), stopped 2015, 12 pack-years. ",
        ),
        ({"alcohol": "daily"}, "Alcohol: every day. "),
    ],
)
def test_habits_are_told_also_where_no_rule_speaks(build, answers, expected):
    assert expected in line(build(answers), REST)


def test_an_operation_is_told_in_the_records_words_and_none_is_an_answer(build):
    assert line(build({"operations": "none"}), "Spine") == "Earlier spine surgery: none. "
    said = line(build({"operations": [{"procedure": "Fusion abroad", "complications": "Dural tear"}]}), "Spine")
    assert said.count("“Fusion abroad”") == 1
    assert "complications: “Dural tear”" in said


def test_a_report_that_stands_under_imaging_is_not_quoted_again(build):
    report = "Multilevel disc disease from L1 to S1 with loss of lordosis."
    said = line(build({"imaging": [{"modality": "ct", "finding": report}]}), "Spine")
    assert "as quoted under Imaging" in said
    assert "Multilevel disc disease" not in said


def test_medicines_allergies_and_implants_stand_in_one_line(build):
    medicines = [{"name": "Warfarin", "kind": "anticoagulant"}, *({"name": f"Pill {n}"} for n in range(11))]
    letter = build({"medicines": medicines, "allergies": [{"substance": "Latex"}], "implants": ["none"]})
    said = line(letter, "Medicines")
    assert said.startswith("Pill 0, ")
    assert "Pill 7. And 3 more, in the details. " in said
    assert "Allergies: Latex. Implants: none of those asked about." in said
    assert "Blood thinners: Warfarin" in line(letter, HEART)
    (mine,) = [item for item in bullets(letter).items if item[0] == Run("Medicines: ", bold=True)]
    assert Run("Allergies: ", bold=True) in mine
    assert line(build({"medicines": "none"}), "Medicines") == "None taken. "


def test_what_gives_way_on_a_full_page_is_counted_and_nothing_else_goes(build):
    letter = build(
        {
            "conditions": ILLNESSES, "allergies": [{"substance": "Latex"}], "implants": ["pacemaker"], "vitamin_d": 5,
            "operations": [{"kind": ["fusion"], "levels": ["L4-L5"]}], "hba1c": 9, "diabetes": "type_1",
        }
    )  # fmt: skip
    zone = next(block for block in letter.blocks if isinstance(block, Zone) and block.label == "Planning")
    (full,), (briefest,) = zone.blocks, zone.shorter(8)
    whole, brief = (" ".join(map(say, one.items)) for one in (full, briefest))
    assert "Vitamin D" in whole
    assert "Vitamin D 5" not in brief
    assert "more, in the details" in brief
    for kept in ("Trouble with an anaesthetic", "weakened immune", "Latex", "pacemaker", "fusion, L4-L5", "HbA1c 9"):
        assert kept in brief, kept
