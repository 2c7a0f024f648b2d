"""Every score and conversion gives what a published worked example says, or what the published formula gives."""

from datetime import date

import pytest

from intake_app import validation
from intake_app.rules import opioids, scores
from intake_app.rules.health import to_percent

AS_OF = date(2026, 6, 30)


@pytest.fixture
def say_score(find):
    return lambda rule_id, *forms: find(f"score_{rule_id}", {"scores": ";".join(forms)}).sentence


@pytest.mark.parametrize(
    ("points", "answered", "published"),
    [
        (16, 10, 32),  # the example printed on the form: 16 of 50 possible points
        (16, 9, 35.5),  # and with one section missed: 16 of 45; printed cut off, 35.56 is 35.6 here
        (22, 10, 44),  # a second published example
    ],
)
def test_odi_from_points_is_that_of_the_examples_on_the_form(say_score, points, answered, published):
    said = say_score("odi", f"instrument=odi odi_points={points} items_answered={answered}")
    assert float(said.split()[1]) == pytest.approx(published, abs=0.15)


def test_rmdq_from_12_to_2_is_83_per_cent_better(say_score):
    """The example of the scoring note that goes with the questionnaire: 10 of 12 points."""
    first = "instrument=rmdq date=2026-01-10 rmdq_items=" + ",".join(map(str, range(1, 13)))
    said = say_score("rmdq", first, "instrument=rmdq date=2026-03-10 rmdq_items=3,17")
    assert said.startswith("RMDQ-24 2 of 24")
    assert "-10 points (-83 %), important change of 5 points or 30 % reached" in said


def test_peg_of_5_5_and_5_is_5(say_score):
    """The published example adds 5, 5 and 5 and divides by 3; the mean is what the clinic enters."""
    assert say_score("peg", f"instrument=peg peg_mean={(5 + 5 + 5) / 3}").startswith("PEG 5 of 10")


@pytest.mark.parametrize(
    ("total", "distress", "group"), [(3, 3, "low"), (4, 3, "medium"), (9, 3, "medium"), (4, 4, "high"), (5, 5, "high")]
)
def test_start_back_has_the_groups_of_the_published_scoring_chart(say_score, total, distress, group):
    said = say_score("start_back", f"instrument=start_back start_total={total} start_distress={distress}")
    assert f"published group {group}." in said


def test_ndi_in_per_cent_is_twice_the_points(say_score):
    """Derived from the author's note: the points can be multiplied by 2; 15 to 24 points are moderate."""
    assert say_score("ndi", "instrument=ndi ndi_percent=34").startswith("NDI 17 of 50")
    assert "15 to 24, moderate" in say_score("ndi", "instrument=ndi ndi_percent=34")


def test_phq_2_is_the_sum_of_its_items(say_score):
    """Derived from the formula, the sum of two items from 0 to 3; the published cut-off is 3."""
    assert say_score("phq2", "instrument=phq2 phq2_item_1=3 phq2_item_2=3").startswith("PHQ-2 6 of 6")
    assert say_score("phq2", "instrument=phq2 phq2_item_1=0 phq2_item_2=0").startswith("PHQ-2 0 of 6")


def test_zcq_takes_the_means_of_its_two_parts(say_score):
    """Derived from the formula: 4, 4, 3, 3, 4, 3, 3 have the mean 3.43, and 3, 3, 2, 3, 2 the mean 2.6."""
    severity, function = round((4 + 4 + 3 + 3 + 4 + 3 + 3) / 7, 2), (3 + 3 + 2 + 3 + 2) / 5
    form = f"instrument=zcq zcq_severity={severity} zcq_function={function}"
    assert say_score("zcq", form).startswith("ZCQ symptom severity 3.43 of 5")
    assert say_score("zcq_function", form).startswith("ZCQ physical function 2.6 of 4")


def test_mjoa_is_the_18_point_sum_and_its_bands(say_score):
    """Derived from the parts 5, 7, 3 and 3, which make 18; one grade lost in each is 14, moderate."""
    assert "18, no deficit" in say_score("mjoa", f"instrument=mjoa mjoa_total={5 + 7 + 3 + 3}")
    assert "moderate" in say_score("mjoa", f"instrument=mjoa mjoa_total={4 + 6 + 2 + 2}")


def test_promis_is_told_as_the_owner_s_tables_give_it(say_score):
    """There is nothing to work out: 50 is the mean of the reference population."""
    said = say_score("promis", "instrument=promis promis_scale=pain_interference promis_t=50")
    assert said.startswith("PROMIS pain interference 50, T-score (mean 50, standard deviation 10)")


def test_a_pain_scale_from_8_to_6_reaches_2_points(say_score):
    """Derived from the published change: 2 points or 30 %."""
    said = say_score(
        "nrs",
        "instrument=nrs nrs_site=back nrs_value=8 date=2026-01",
        "instrument=nrs nrs_site=back nrs_value=6 date=2026-03",
    )
    assert "-2 points (-25 %), important change of 2 points or 30 % reached" in said


@pytest.mark.parametrize(
    ("medicine", "published"),
    [("opioid=hydrocodone opioid_mg=5 doses_a_day=4", 20), ("opioid=oxycodone opioid_mg=10 doses_a_day=2", 30)],
)
def test_mme_are_those_of_the_two_examples_of_the_cdc(find, medicine, published):
    found = find("opioids_50_mme_or_more", {"medicines": f"kind=opioid {medicine}"})
    assert f"Opioids, {published} MME a day" in found.sentence


@pytest.mark.parametrize(
    ("mmol", "percent"), [(20, 4.0), (31, 5.0), (42, 6.0), (48, 6.5), (53, 7.0), (64, 8.0), (75, 9.0)]
)
def test_hba1c_pairs_are_those_that_laboratories_print(mmol, percent):
    assert to_percent(mmol) == percent


@pytest.mark.parametrize(
    ("field", "low", "high", "step"),
    [
        ("odi_percent", 0, 100, 0.1),
        ("odi_points", 0, 50, 1),
        ("ndi_points", 0, 50, 0.1),
        ("ndi_percent", 0, 100, 0.1),
        ("peg_mean", 0, 10, 0.1),
        ("start_total", 0, 9, 1),
        ("start_distress", 0, 5, 1),
        ("mjoa_total", 0, 18, 1),
        ("zcq_severity", 1, 5, 0.01),
        ("zcq_function", 1, 4, 0.01),
        ("nrs_value", 0, 10, 1),
    ],
)
def test_a_score_outside_its_range_is_refused(questionnaire, field, low, high, step):
    question = questionnaire.find(f"scores[0].{field}")
    assert validation.problem(question, low, AS_OF) is None
    assert validation.problem(question, high, AS_OF) is None
    assert validation.problem(question, round(low - step, 2), AS_OF)
    assert validation.problem(question, round(high + step, 2), AS_OF)


def test_every_instrument_is_asked_for_and_known(questionnaire):
    asked = {key for key, _ in questionnaire.find("scores[0].instrument").options}
    assert {of.get("instrument", name) for name, of in scores.instruments().items()} == asked


def test_every_opioid_of_the_list_is_asked_for(questionnaire):
    asked = {key for key, _ in questionnaire.find("medicines[0].opioid").options}
    assert asked == {*opioids.factors(), "other"}
    by_mg = set(questionnaire.find("medicines[0].opioid_mg").shown_when["opioid"])
    assert by_mg == {name for name, of in opioids.factors().items() if "factor" in of} - {"fentanyl_patch"}
