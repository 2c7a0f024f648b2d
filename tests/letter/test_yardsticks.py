"""What the answers are held against, on the first page."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake_app import demo
from intake_app.case import make_case, read_case_file
from intake_app.factors import evaluate_all
from intake_app.letter import compose, make_letter, yardsticks
from intake_app.letter.sources import References
from tests.letter.conftest import ABOUT, TODAY, read_pages
from tests.letter.test_front_page import SAFE, zone
from tests.rules.test_wording import banned_in
from tests.strategies import cases

BENCHMARK = "Documentation benchmark"


@pytest.fixture
def all_no(questionnaire):
    return {q.id: SAFE[q.type] for q in questionnaire.pages[0].questions if q.type in SAFE}


@pytest.mark.parametrize("unsure", [{}, {"fever": "unsure"}])
def test_red_flags_that_were_all_asked_are_an_assessment(build, all_no, unsure):
    said = zone(build(all_no | unsure), "Checklist")
    present = said.partition("answered: ")[2].partition(";")[0]
    assert "red-flag assessment (25 of 25)" in present


def test_red_flags_that_were_partly_asked_are_counted(build):
    said = zone(build({"fever": "no", "aneurysm": "unsure", "weight_loss": "yes"}), "Checklist")
    assert "asked in part: red-flag assessment (3 of 25)" in said


def test_red_flags_that_nobody_asked_are_not_asked(build):
    assert "red-flag assessment" in zone(build(), "Checklist").partition("not asked: ")[2]


def test_red_flags_are_never_called_absent(questionnaire):
    for case in demo.cases(questionnaire, TODAY).values():
        said = zone(compose(case, evaluate_all(case), **ABOUT), "Checklist")
        assert "red-flag" not in said.partition("answered none: ")[2].partition(";")[0]


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
STATED = re.compile(r"(answered|answered none|asked in part|not asked): ([^;]*)(?:; |\.$)")


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_each_of_the_8_items_is_stated_once_whatever_is_answered(questionnaire, data):
    case = data.draw(cases(questionnaire))
    (said,) = yardsticks.say_checklist(case, evaluate_all(case))
    words = "".join(part if isinstance(part, str) else part.text for part in said.text)
    assert words.startswith("Of 8 items that specialists ask for in a referral, ")
    stated = [item.partition(" (")[0] for _, items in STATED.findall(words) for item in items.split(", ")]
    assert sorted(stated) == sorted(ITEMS)


def test_no_letter_we_have_concludes_anything_and_each_states_the_8_items(
    questionnaire, full_case, crowded_case, heavy_case
):
    ready = {"full": full_case, "crowded": crowded_case, "heavy": heavy_case, **demo.cases(questionnaire, TODAY)}
    for file in (Path(__file__).parents[1] / "cases").glob("*.json"):
        ready[file.stem] = read_case_file(file.read_text("utf-8"), questionnaire, TODAY)
    for name, case in ready.items():
        text = " ".join(" ".join(read_pages(make_letter(case, evaluate_all(case), **ABOUT))).split())
        assert banned_in(text) == [], name
        (checklist,) = re.findall(r"Checklist (Of 8 items .+?\.) Signature", text)
        assert sorted(item for item in ITEMS if item in checklist) == sorted(ITEMS), name


def of_disc(**treatment):
    diagnosis = {"condition": "herniated_disc", "levels": ["L4-L5"], "said_by": "surgeon"}
    return {"diagnoses": [diagnosis], "treatments": [{"category": "physical_therapy", **treatment}]}


def benchmarks(letter):
    return [line for line in zone(letter, "Tried").splitlines() if line.startswith(BENCHMARK)]


def test_a_benchmark_that_is_not_met_says_what_is_missing(build):
    (said,) = benchmarks(build(of_disc(ongoing="yes")))
    assert said.startswith(
        "Documentation benchmark (US-payer-generic 2026.2): lumbar disc herniation with radiculopathy (6 consecutive weeks,"
        " 2 kinds): cannot be shown (longest run that the dates show: none;"
    )
    assert "Missing: start of supervised physical therapy." in said
    assert "prescribed home exercise" not in said


def test_what_a_benchmark_misses_is_never_cut(build, questionnaire):
    answers = of_disc(ongoing="yes")
    names = [f"Exercise {number}" for number in range(9)]
    answers["treatments"] = [{"category": "physical_therapy", "agent": name} for name in names]
    (said,) = benchmarks(build(answers))
    assert all(f"start and whether still going on of {name.lower()}" in said for name in names)
    case = make_case(questionnaire, {}, answers, TODAY)
    (brief,) = yardsticks.say_benchmarks(case, evaluate_all(case), References({}), brief=True)
    text = "".join(part if isinstance(part, str) else part.text for part in brief.text)
    assert all(name.lower() in text for name in names)
    assert "…" not in text


def test_benchmarks_stand_in_two_lines_whatever_their_number(questionnaire):
    case = demo.cases(questionnaire, TODAY)["stenosis"]
    letter = compose(case, evaluate_all(case), **ABOUT)
    (said,) = benchmarks(letter)
    assert "lumbar stenosis with neurogenic claudication (6 weeks, 2 kinds" in said
    assert "degenerative spondylolisthesis (3 months, 1 kind): met by the dates recorded." in said
    assert len(said) < 235
    assert "Documented care meets the documentation benchmark “Lumbar stenosis" in zone(
        letter, "What the answers add up to"
    )


def test_a_benchmark_that_is_not_compared_stands_behind_those_that_are(build):
    answers = of_disc(ongoing="yes")
    answers["diagnoses"] += [{"condition": "spinal_stenosis", "levels": ["L4-L5"], "said_by": "surgeon"}]
    (said,) = benchmarks(build(answers))
    assert "lumbar disc herniation with radiculopathy" in said
    assert "“Lumbar stenosis with neurogenic claudication” not compared. " in said
    assert said.count("Documentation benchmark") == 1


def test_why_no_benchmark_is_applied_is_said_once(full_case):
    said = zone(compose(full_case, evaluate_all(full_case), **ABOUT), "Tried")
    assert said.count("Time-based benchmarks not applied: weakness that began within 4 weeks.") == 1


def test_exact_dates_that_fall_short_are_told_and_nothing_is_called_missing(build):
    (said,) = benchmarks(build(of_disc(start="2026-10-01", end="2026-10-10", ongoing="no", response="none")))
    assert "longest run that the dates show: 1.3 weeks of physical therapy; 1 of 2 kinds of treatment shown" in said
    assert "Missing" not in said
