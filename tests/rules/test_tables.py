"""Every rule finds what its table says: present, absent and not assessed, and the values at each boundary."""

import re

from intake_app import factors

# What is only ever stated: there is no answer that says it is absent.
NEVER_ABSENT = {
    "symptom_duration",
    "substances_recorded",
    "bmi_recorded",
    "red_flag_assessment",  # the item is the asking, so it is there or still to be done
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
