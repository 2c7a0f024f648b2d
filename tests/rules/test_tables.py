"""Every rule finds what its table says: present, absent and not assessed, and the values at each boundary."""

import importlib
import pkgutil
import re

import pytest

from intake_app import factors, rules

# What is only ever stated: there is no answer that says it is absent.
NEVER_ABSENT = {
    "symptom_duration",
    "substances_recorded",
    "bmi_recorded",
    "asa_class_recorded",
    "red_flag_assessment",  # the item is the asking, so it is there or still to be done
}

# What a row must hold for each published boundary: the value just below it, at it and above it.
DAYS_6_WEEKS = ("start=D-41 ", "start=D-42 ", "start=D-43 ")
BOUNDARIES = {
    "herniated_disc_benchmark": DAYS_6_WEEKS,
    "weak_grade_within_72_hours": ("weak_since=D-1 ", "weak_since=D-2 ", "weak_since=D-3 ", "weak_since=D-4 "),
    "hba1c_7_5_or_more": (
        *("| 7.4 ", "| 7.5 ", "| 7.9 ", "| 8.0 "),  # per cent
        *("| 57 ", "| 58 ", "| 63 ", "| 64 "),  # the same in mmol/mol
    ),
    "low_bone_density": ("-2.4 ", "-2.5 ", "-2.6 "),
    "score_phq2": ("PHQ-2 2 of 6", "below the cut-off of 3", "phq2_item_1=1 phq2_item_2=2 "),
    "opioids_50_mme_or_more": ("opioid_mg=49 doses_a_day=1 ", "opioid_mg=50 doses_a_day=1 "),
    "score_odi": ("odi_percent=20 ", "odi_percent=21 "),
    "high_grade_slip": ("| 25 ", "| 26 ", "| 50 ", "| 51 "),
    "epidurals_over_common_limits": ("3 for each region", "region=lumbar start=D-90 |", "start=D-182 |"),
}


def test_a_rule_finds_what_its_table_says(tabled_rule, tables, check_rule):
    check_rule(tabled_rule, tables[tabled_rule])


def test_every_rule_has_a_table_with_each_status(rule, tables):
    header, *_ = tables[rule.id].strip().splitlines()
    column = [name.strip() for name in header.split("|")].index("status")
    found = {line.split("|")[column].strip() for line in tables[rule.id].strip().splitlines()[2:]}
    wanted = {status.value for status in factors.Status}
    assert found == (wanted - {"absent"} if rule.id in NEVER_ABSENT else wanted)


def test_every_table_is_of_a_rule(tables):
    assert tables.keys() <= factors.RULES.keys()


def test_no_module_of_rules_is_left_out():
    registered = set(factors.RULES)
    for module in pkgutil.iter_modules(rules.__path__, f"{rules.__name__}."):
        importlib.import_module(module.name)
    assert set(factors.RULES) == registered


@pytest.mark.parametrize(("rule_id", "row"), [(rule_id, row) for rule_id, rows in BOUNDARIES.items() for row in rows])
def test_every_published_boundary_has_its_row(tables, rule_id, row):
    assert any(row in line for line in tables[rule_id].splitlines()[2:])


def test_red_flags_have_the_published_levels(levels):
    assert levels == {r.id: r.level for r in factors.RULES.values() if r.group == "red_flags"}


def test_only_red_flags_have_a_level():
    assert not [r.id for r in factors.RULES.values() if r.level and r.group != "red_flags"]


def test_no_two_rules_share_a_label():
    labels = [rule.label for rule in factors.RULES.values()]
    assert len(set(labels)) == len(labels)


def test_ids_and_labels_read_well(rule):
    assert re.fullmatch(r"[a-z][a-z0-9_]+", rule.id)
    assert rule.label[:2] != rule.label[:2].lower()  # a capital, or a name such as mFI-5
    assert not rule.label.endswith(".")
