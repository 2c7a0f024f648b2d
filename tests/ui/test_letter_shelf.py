import pytest

from intake_app.ui import letter_shelf
from intake_app.ui.letter_request import Listed

CONTENT = bytes(range(256)) * 2_000  # more than two pieces


@pytest.fixture
def kept(store):
    found = []
    assert sum(1 for _ in letter_shelf.keep(store, CONTENT, found.append)) == 3
    return Listed(found[0], "MRI", "PDF", 2)


def test_what_is_kept_comes_back_to_the_byte(store, kept):
    found = []
    for _ in letter_shelf.fetch(store, (kept, kept), found.append):
        pass
    assert found == [(CONTENT, CONTENT)]


def test_nothing_enclosed_is_nothing_fetched(store):
    found = []
    assert list(letter_shelf.fetch(store, (), found.append)) == []
    assert found == [()]


def test_what_is_discarded_is_gone_and_it_is_told(store, kept):
    for _ in letter_shelf.discard(store, kept.id):
        pass
    told, found = [], []
    for _ in letter_shelf.tell_trouble(letter_shelf.fetch(store, (kept,), found.append), told.append):
        pass
    assert told == [letter_shelf.GONE]
    assert found == []
