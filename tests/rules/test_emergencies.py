"""The words of clinicians, radiologists and referrers: a present emergency is found, a plain denial is none."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from intake_app.rules import documented, emergencies

TODAY = date(2026, 11, 22)
NOW, PAST, NOTHING = "named", "told as history", "not named"
READ_AS = {
    "now": NOW,
    "despite_advice": NOW,
    "history": PAST,
    "denied": NOTHING,
    "advice": NOTHING,
    "elsewhere": NOTHING,
}
WORDS = [
    (path.stem, way, text)
    for path in sorted((Path(__file__).parent / "words").glob("*.toml"))
    for way, texts in tomllib.loads(path.read_text("utf-8")).items()
    for text in texts
]


@pytest.mark.parametrize(("name", "way", "text"), WORDS)
def test_words_are_read_as_of_now_as_history_or_as_nothing(name, way, text):
    condition = getattr(emergencies, name.upper())
    if documented._find(condition, text, TODAY):
        assert READ_AS[way] == NOW
    else:
        assert READ_AS[way] == (PAST if documented._find_past(condition, text, TODAY) else NOTHING)


def test_every_emergency_that_words_alone_name_has_its_words():
    told = {getattr(emergencies, name.upper()) for name, _way, _text in WORDS}
    assert told >= {*emergencies.HISTORY_APART, emergencies.CORD_COMPRESSION}
