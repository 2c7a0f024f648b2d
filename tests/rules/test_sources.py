"""Every rule and every number stands on a source, and what is only general knowledge ships off."""

import tomllib

import pytest

from intake_app import factors, paths
from intake_app.rules import benchmarks

SOURCES = tomllib.loads((paths.resources() / "citations.toml").read_text("utf-8"))
KEYS = {"title", "by", "year", "link", "tag", "supports", "checked_by", "checked_on"}
FAMILIES = (
    "herniated_disc",
    "cervical_radiculopathy",
    "spinal_stenosis",
    "spondylolisthesis",
    "degenerative_disc",
)


def test_every_rule_has_a_source(rule):
    assert rule.cites
    assert set(rule.cites) <= SOURCES.keys()


def test_a_rule_on_general_knowledge_alone_ships_off(rule):
    tags = {SOURCES[key]["tag"] for key in rule.cites}
    assert rule.needs_sign_off == (tags == {"GK"} and rule.tag != "F")  # a fact that is recorded needs no threshold


def test_a_tag_of_its_own_says_no_more_than_the_sources(rule):
    assert rule.tag in ("", "D", "F")


@pytest.mark.parametrize("key", SOURCES)
def test_every_source_says_what_it_is_and_what_for(key):
    source = SOURCES[key]
    assert source.keys() == KEYS
    assert source["tag"] in ("C", "P", "GK")
    assert all(source[name] for name in ("title", "by", "year", "link", "supports"))


def test_every_source_is_used():
    used = {key for rule in factors.RULES.values() for key in rule.cites}
    assert SOURCES.keys() == used


@pytest.mark.parametrize("name", benchmarks.PROFILES)
def test_a_profile_has_a_source_and_a_tag_for_each_number(name):
    data = benchmarks.profile(name)
    assert data["id"] == name
    assert data["version"]
    for family in set(data) - {"id", "title", "version", "groups", "with_prescriber"}:
        assert family in FAMILIES
        for key in set(benchmarks.NUMBERED) & data[family].keys():
            number = data[family][key]
            assert number["cite"] in factors.RULES[f"{family}_benchmark"].cites
            assert number["tag"] in ("C", "P"), "general knowledge drives no benchmark"
            assert number["value"] > 0


@pytest.mark.parametrize("name", benchmarks.PROFILES)
def test_the_groups_of_a_profile_are_kinds_of_treatment(name, questionnaire):
    data = benchmarks.profile(name)
    known = {key for key, _ in questionnaire.find("treatments.category").options}
    assert {kind for kinds in data["groups"].values() for kind in kinds} <= known
    assert set(data.get("with_prescriber", ())) <= data["groups"].keys()


@pytest.mark.parametrize(
    ("profile", "family", "days"),
    [
        ("US-payer-generic", "herniated_disc", 42),
        ("US-payer-generic", "cervical_radiculopathy", 42),
        ("US-payer-generic", "spinal_stenosis", 42),
        ("US-payer-generic", "spondylolisthesis", 91),
        ("US-payer-generic", "degenerative_disc", 182),
        ("AU-VIC", "herniated_disc", 91),
        ("AU-VIC", "spinal_stenosis", 91),
        ("UK-12wk", "herniated_disc", 84),
        ("UK-12wk", "spinal_stenosis", 84),
        ("UK-12wk", "spondylolisthesis", 84),
        ("UK-12wk", "degenerative_disc", 84),
    ],
)
def test_the_published_lengths(profile, family, days):
    assert benchmarks.benchmark(profile, family).days == days


def test_the_own_profile_ships_empty():
    assert all(benchmarks.benchmark("own", family) is None for family in FAMILIES)
