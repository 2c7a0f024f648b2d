"""Where each sentence comes from: its rule, its sources, and the answers it rests on, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from intake_app.case import Case
from intake_app.factors import GROUPS, Finding
from intake_app.letter.planning import head_of, name_entry
from intake_app.letter.sources import References, number_sources
from intake_app.letter.words import answer_words, end_sentence, inline_words, join_listed, shorten
from intake_app.questions import Question

WORDS = 45  # characters of one answer
ENTRIES = 3  # of a list that are told; the details hold them all
ANSWERS = 5  # that are told of one sentence
MORE = " …"


@dataclass(frozen=True, slots=True)
class Trace:
    """One sentence and what it rests on.

    `number` is its own in the letter, `rule` the rule's id and `label` its name; `numbers` are those of its sources
    in this letter, `sources` the same in words. `answers` are the answers it was made from, shortened.
    """

    number: int
    sentence: str
    rule: str
    label: str
    numbers: tuple[int, ...]
    sources: tuple[str, ...]
    answers: tuple[str, ...]


def list_told(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return the findings that have something to say, in the order in which the letter numbers them."""
    order = list(GROUPS)
    return tuple(sorted((f for f in findings if f.sentence), key=lambda f: order.index(f.rule.group)))


def trace(findings: tuple[Finding, ...], case: Case) -> tuple[Trace, ...]:
    """Return for each sentence of the letter, by its number there, where it comes from."""
    references = number_sources(findings)
    said = references.list_sources()
    return tuple(
        _trace(number, finding, references, said, case) for number, finding in enumerate(list_told(findings), 1)
    )


def say_trace(of: Trace, mark: str) -> str:
    """Return a trace as the letter prints it; `mark` holds the numbers of its sources in brackets."""
    rests = f"from {end_sentence(join_listed(of.answers))}" if of.answers else "from no answer: nobody gave one."
    return f"{of.label} ({of.rule}){mark}: {rests}"


def _trace(number: int, finding: Finding, references: References, said: tuple[str, ...], case: Case) -> Trace:
    rule = finding.rule
    numbers = tuple(references.numbers[name] for name in rule.cites)
    sources = tuple(said[one - 1] for one in numbers)
    return Trace(
        number, end_sentence(finding.sentence), rule.id, rule.label, numbers, sources, tuple(_say_read(finding, case))
    )


def _say_read(finding: Finding, case: Case) -> Iterator[str]:
    """Yield the answers that a finding read, in its order, each list in one piece."""
    told = [words for _, paths in groupby(sorted_by_head(finding.read), head_of) if (words := _say(case, tuple(paths)))]
    yield from told[:ANSWERS]
    if len(told) > ANSWERS:
        yield f"and {len(told) - ANSWERS} more"


def sorted_by_head(paths: tuple[str, ...]) -> list[str]:
    """Return paths with those of one list together, otherwise in their order."""
    order: dict[str, int] = {}
    for path in paths:
        order.setdefault(head_of(path), len(order))
    return sorted(paths, key=lambda path: order[head_of(path)])


def _say(case: Case, paths: tuple[str, ...]) -> str:
    """Return the answers at the paths below one head; "" where nobody has answered."""
    head = head_of(paths[0])
    if head == "patient":
        fields = {question.id: question for question in case.questionnaire.patient.questions}
        names = [path.partition(".")[2] for path in paths]
        return join_listed(_say_one(fields[name], case.patient[name]) for name in names if case.patient.get(name))
    question = case.questionnaire.by_id[head]
    if head not in case.answers:
        return ""
    if question.type != "entries":
        return _say_one(question, case.answers[head])
    return _say_list(question, case, paths)


def _say_one(question: Question, value: object) -> str:
    return f"{question.label}: {shorten(answer_words(question, value), WORDS, MORE)}"


def _say_list(question: Question, case: Case, paths: tuple[str, ...]) -> str:
    """Return of a list the fields that were read, entry by entry; a list that is empty says so."""
    entries = case.entries(question.id)
    read: dict[int, list[str]] = {}
    for path in paths:
        entry, _, name = path.partition(".")
        if name:
            read.setdefault(int(entry[len(question.id) + 1 : -1]), []).append(name)
    if not read:
        return f"{question.label}: {answer_words(question, case.answers[question.id])}"
    said = [_say_entry(question, dict(entries[at]), names) for at, names in list(read.items())[:ENTRIES]]
    more = [f"and {len(read) - ENTRIES} more"] if len(read) > ENTRIES else []
    return f"{question.label}: {'; '.join((*said, *more))}"


def _say_entry(question: Question, entry: dict[str, object], names: list[str]) -> str:
    """Return an entry by its name, and in brackets what else was read of it."""
    fields = {field.id: field for field in question.fields}
    named = next((field.id for field in question.fields if field.id in entry), "")
    words = [inline_words(fields[name], entry[name]) for name in names if name in entry and name != named]
    said = name_entry(question, entry)
    return f"{said} ({shorten(', '.join(words), WORDS, MORE)})" if words else said
