"""What the answers are held against, on the first page."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake_app import demo
from intake_app.factors import evaluate_all
from intake_app.letter import compose, yardsticks
from tests.letter.conftest import ABOUT, TODAY
from tests.letter.test_front_page import SAFE, zone
from tests.strategies import cases

BENCHMARK = "Documentation benchmark"


@pytest.fixture
def all_no(questionnaire):
    return {q.id: SAFE[q.type] for q in questionnaire.pages[0].questions if q.type in SAFE}


@pytest.mark.parametrize("unsure", [{}, {"fever": "unsure"}])
def test_red_flags_that_were_all_asked_are_an_assessment(build, all_no, unsure):
    said = zone(build(all_no | unsure), "Checklist")
    present = said.partition("present: ")[2].partition(";")[0]
    assert "red-flag assessment (25 of 25)" in present


def test_red_flags_that_were_partly_asked_are_counted(build):
    said = zone(build({"fever": "no", "aneurysm": "unsure", "weight_loss": "yes"}), "Checklist")
    assert "asked in part: red-flag assessment (3 of 25)" in said


def test_red_flags_that_nobody_asked_are_not_asked(build):
    assert "red-flag assessment" in zone(build(), "Checklist").partition("not asked: ")[2]


def test_red_flags_are_never_called_absent(questionnaire):
    for case in demo.cases(questionnaire, TODAY).values():
        said = zone(compose(case, evaluate_all(case), **ABOUT), "Checklist")
        assert "red-flag" not in said.partition("absent: ")[2].partition(";")[0]


ITEMS = (
    "pain location",
    "referred limb pain",
    "limb weakness",
    "red-flag assessment",
    "prior spinal surgery",
    "spinal imaging",
    "symptom duration",
    "altered limb sensation",
)
STATED = re.compile(r"(present|absent|asked in part|not asked): ([^;]*)(?:; |\.$)")


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_each_of_the_8_items_is_stated_once_whatever_is_answered(questionnaire, data):
    case = data.draw(cases(questionnaire))
    (said,) = yardsticks.say_checklist(case, evaluate_all(case))
    words = "".join(part if isinstance(part, str) else part.text for part in said.text)
    assert words.startswith("Of 8 items that specialists ask for in a referral, ")
    stated = [item.partition(" (")[0] for _, items in STATED.findall(words) for item in items.split(", ")]
    assert sorted(stated) == sorted(ITEMS)


def of_disc(**treatment):
    diagnosis = {"condition": "herniated_disc", "levels": ["L4-L5"], "said_by": "surgeon"}
    return {"diagnoses": [diagnosis], "treatments": [{"category": "physical_therapy", **treatment}]}


def benchmarks(letter):
    return [line for line in zone(letter, "Tried").splitlines() if line.startswith(BENCHMARK)]


def test_a_benchmark_that_is_not_met_says_in_short_what_is_missing(build):
    (said,) = benchmarks(build(of_disc(ongoing="yes")))
    assert "Lumbar disc herniation with radiculopathy (longest run that the dates show: none" in said
    assert "met: " in said or "not shown: " in said
    assert "prescribed home exercise" not in said


def test_benchmarks_stand_in_two_lines_whatever_their_number(questionnaire):
    case = demo.cases(questionnaire, TODAY)["stenosis"]
    letter = compose(case, evaluate_all(case), **ABOUT)
    (said,) = benchmarks(letter)
    assert "met: Lumbar stenosis with neurogenic claudication (" in said
    assert "Degenerative spondylolisthesis (" in said
    assert len(said) < 235
    assert "Documented care meets the documentation benchmark “Lumbar stenosis" in zone(
        letter, "What the answers add up to"
    )


def test_a_benchmark_that_is_not_compared_stands_behind_those_that_are(build):
    answers = of_disc(ongoing="yes")
    answers["diagnoses"] += [{"condition": "spinal_stenosis", "levels": ["L4-L5"], "said_by": "surgeon"}]
    (said,) = benchmarks(build(answers))
    assert "Lumbar disc herniation with radiculopathy" in said
    assert "Lumbar stenosis with neurogenic claudication" in said
    assert said.count("Documentation benchmark") == 1
    assert len(said) < 250


def test_why_no_benchmark_is_applied_is_said_once(full_case):
    said = zone(compose(full_case, evaluate_all(full_case), **ABOUT), "Tried")
    assert said.count("Time-based benchmarks not applied: weakness that began within 4 weeks.") == 1
