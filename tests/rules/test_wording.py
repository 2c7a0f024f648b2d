"""No sentence, label or note of the rules judges, chooses or reassures."""

import re
import tomllib

from intake_app import factors, paths

BANNED = tomllib.loads((paths.resources() / "banned_words.toml").read_text("utf-8"))["banned"]
QUOTED = re.compile(r"“[^”]*”")


def banned_in(text):
    return [word for word in BANNED if word in QUOTED.sub("", text).lower()]


def test_a_banned_word_is_found_and_a_quoted_one_is_not():
    assert banned_in("A good Candidate for it.") == ["candidate"]
    assert banned_in("The note says “good candidate”.") == []


def test_labels(rule):
    assert banned_in(rule.label) == []


def test_sentences_of_every_table(tabled_rule, sentences_of):
    for sentence in sentences_of(tabled_rule):
        assert banned_in(sentence) == []
        assert sentence.strip() == sentence
        assert not sentence[:2].islower()  # a capital, or a name such as mJOA
        assert sentence.endswith(".")
        assert not re.search(r"\.\.|,,|  |\bNone\b|\(\)| ,|: \.|, \.|;\.", sentence), sentence


def test_benchmarks_and_sources():
    files = [*(paths.resources() / "benchmarks").glob("*.toml"), paths.resources() / "citations.toml"]
    for path in files:
        for name, table in tomllib.loads(path.read_text("utf-8")).items():
            ours = [table.get(key, "") for key in ("name", "note", "supports")] if isinstance(table, dict) else []
            assert banned_in(" ".join(ours)) == [], f"{path.name} {name}"


def test_groups_and_levels():
    assert banned_in(" ".join([*factors.GROUPS.values(), *factors.LEVELS.values()])) == []
