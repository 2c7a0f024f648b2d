"""The published cases: what a reader of each must find, and what nobody may claim."""

from datetime import date
from pathlib import Path

import pytest

from intake_app import factors
from intake_app.case import read_case_file
from intake_app.factors import Status

CASES = Path(__file__).parents[1] / "cases"
AS_OF = date(2026, 11, 22)


@pytest.fixture
def findings(questionnaire):
    def read(name):
        case = read_case_file((CASES / f"{name}.json").read_text("utf-8"), questionnaire, AS_OF)
        return {f.rule.id: f for f in factors.evaluate_all(case)}

    return read


def present(found):
    return {rule_id for rule_id, finding in found.items() if finding.status is Status.PRESENT}


@pytest.mark.parametrize("name", ["disc_herniation", "cauda_equina", "stenosis_revision"])
def test_every_item_of_the_yardstick_is_told(findings, name):
    found = findings(name)
    told = [f for f in found.values() if f.rule.group == "completeness"]
    assert len(told) == 8
    assert all(f.sentence or f.status is Status.NOT_ASSESSED for f in told)


@pytest.mark.parametrize("name", ["disc_herniation", "cauda_equina", "stenosis_revision"])
def test_no_benchmark_is_claimed_met(findings, name):
    assert not {rule_id for rule_id in present(findings(name)) if rule_id.endswith("_benchmark")}


def test_disc_herniation_is_leg_dominant_with_one_side_and_level(findings):
    found = findings("disc_herniation")
    assert found["limb_dominant_pain"].sentence == "Leg-dominant pain, right, reported by the patient."
    assert "(right)" in found["sides_agree"].sentence
    assert {"leg pain", "straight-leg raise", "sensation on examination", "imaging"} <= set(
        found["sides_agree"].sentence.removeprefix("The same side in: ").removesuffix(" (right).").split(", ")
    )
    assert "L5-S1" in found["herniated_disc_documented"].sentence
    assert not {"sides_differ", "levels_differ"} & present(found)
    assert "levels_agree" not in present(found)  # the diagnosis only restates the imaging report


def test_disc_herniation_lists_the_dates_still_to_obtain(findings):
    found = findings("disc_herniation")
    assert {"injections_tried", "home_exercise_tried", "medication_tried"} <= present(found)
    assert found["treatment_details_missing"].sentence.count("no start date") == 3
    assert found["herniated_disc_benchmark"].status is Status.NOT_ASSESSED
    assert "no start date" in found["herniated_disc_benchmark"].sentence


def test_disc_herniation_in_one_leg_asks_for_no_walk_and_no_films(findings):
    found = findings("disc_herniation")
    names = (
        "walking_limit_reported",
        "claudication_pattern_reported",
        "claudication_documented_words",
        "motion_on_films",
    )
    assert [found[name].missing for name in names] == [(), (), (), ()]


def test_disc_herniation_has_no_flag_because_nobody_asked(findings):
    found = findings("disc_herniation")
    assert factors.urgency(tuple(found.values())) == ("", ())
    assert found["red_flag_assessment"].status is Status.NOT_ASSESSED
    assert found["saddle_numbness_reported"].status is Status.NOT_ASSESSED


def test_cauda_equina_is_an_emergency_whatever_the_strength(findings):
    found = findings("cauda_equina")
    level, flags = factors.urgency(tuple(found.values()))
    assert level == "R0"
    assert {"saddle_numbness_reported", "bladder_leak_reported", "bowel_control_reported"} <= {f.rule.id for f in flags}


def test_cauda_equina_waives_the_benchmarks_and_says_why(findings):
    found = findings("cauda_equina")
    assert "new numbness" in found["time_benchmarks_not_applied"].sentence
    assert found["herniated_disc_benchmark"].sentence.startswith("Time-based benchmarks not applied")


def test_cauda_equina_tells_diabetes_and_substances(findings):
    found = findings("cauda_equina")
    assert "800 mg/dL" in found["diabetes_recorded"].sentence
    assert "Cocaine" in found["substances_recorded"].sentence


def test_stenosis_has_claudication_surgery_and_several_levels(findings):
    found = findings("stenosis_revision")
    assert {
        "spinal_stenosis_documented",
        "claudication_documented_words",
        "earlier_spine_surgery",
        "several_levels_in_words",
        "blood_pressure_treated",
    } <= present(found)
    assert "fusion, L1-L2" in found["earlier_spine_surgery"].sentence


def test_stenosis_has_deformity_in_words_and_no_values(findings):
    found = findings("stenosis_revision")
    assert "no measured values" in found["deformity_without_values"].sentence
    assert found["alignment_at_misdef_cut_offs"].status is Status.NOT_ASSESSED
    assert {"sva", "cobb", "pelvic_tilt"} <= set(found["alignment_at_misdef_cut_offs"].missing)


def test_stenosis_is_long_standing_and_no_emergency(findings):
    found = findings("stenosis_revision")
    assert factors.urgency(tuple(found.values())) == ("", ())
    assert "8 years" in found["symptom_duration"].sentence
    assert found["foot_drop_graded"].status is Status.NOT_ASSESSED  # weak, and no grade written down
