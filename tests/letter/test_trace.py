"""Every sentence of the summary leads to its rule, its sources and the answers it was made from."""

import re
from dataclasses import replace

import pytest

from intake_app.case import make_case
from intake_app.factors import evaluate_all
from intake_app.letter import compose, render
from intake_app.letter.blocks import Zone
from intake_app.letter.trace import trace
from tests.letter.conftest import ABOUT, TODAY, read_pages


@pytest.fixture(scope="module")
def traced(full_case):
    return trace(evaluate_all(full_case), full_case)


def test_there_is_one_trace_for_each_sentence(full_case, traced):
    findings = [finding for finding in evaluate_all(full_case) if finding.sentence]
    assert sorted(one.rule for one in traced) == sorted(finding.rule.id for finding in findings)
    assert [one.number for one in traced] == list(range(1, len(findings) + 1))


def test_a_trace_names_the_answers_with_their_values(traced):
    one = next(one for one in traced if one.rule == "walking_limit_reported")
    assert any(re.fullmatch(r"Walks before stopping: \d+ minutes", answer) for answer in one.answers)


def test_the_numbers_are_those_of_the_letters_sources(full_case, traced):
    letter = compose(full_case, evaluate_all(full_case), **ABOUT)
    (sources,) = [block for block in letter.blocks if isinstance(block, Zone) and block.label == "Sources"]
    for one in traced:
        assert one.sources == tuple(sources.blocks[1].items[number - 1] for number in one.numbers)


def test_the_list_at_the_end_has_the_numbers_of_the_sentences(full_case, traced):
    letter = compose(full_case, evaluate_all(full_case), **ABOUT)
    zones = {block.label: block for block in letter.blocks if isinstance(block, Zone)}
    assert letter.blocks[-1] is zones["Where each sentence comes from"]
    said = [item for block in zones["What the answers add up to"].blocks[1::2] for item in block.items]
    firsts = [block.first for block in zones["What the answers add up to"].blocks[1::2]]
    assert firsts == [
        1 + sum(len(b.items) for b in zones["What the answers add up to"].blocks[1 : 2 * n + 1 : 2])
        for n in range(len(firsts))
    ]
    listed = zones["Where each sentence comes from"].blocks[1].items
    for one, sentence, item in zip(traced, said, listed, strict=True):
        earlier = next(other.number for other in traced if other.sentence == one.sentence)
        assert sentence.startswith(one.sentence if earlier == one.number else f"{one.label}: as {earlier}.")
        assert f"({one.rule})" in item
        assert all(answer in item for answer in one.answers)
    text = " ".join("".join(read_pages(render(letter))).split())
    assert f"{len(traced)}. {traced[-1].label} ({traced[-1].rule})" in text


def test_long_lists_and_long_answers_are_shortened(full_case):
    first, *_ = full_case.answers["treatments"]
    many = tuple({**first, "agent": f"{'word ' * 50}{number}"} for number in range(60))
    case = replace(full_case, answers={**full_case.answers, "treatments": many, "complaint": "long " * 500})
    for one in trace(evaluate_all(case), case):
        assert len(one.answers) <= 6
        assert sum(map(len, one.answers)) < 1500


def test_no_answer_is_told_where_there_is_none(questionnaire):
    case = make_case(questionnaire, {}, {}, TODAY)
    assert all(not one.answers for one in trace(evaluate_all(case), case))
