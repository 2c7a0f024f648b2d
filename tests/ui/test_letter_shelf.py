import pytest

from intake_app.outgoing.enclosures import Enclosure
from intake_app.ui import letter_shelf
from intake_app.ui.letter_request import LetterRequest, Listed, save_request

CONTENT = bytes(range(256)) * 2_000  # more than two pieces


@pytest.fixture
def keep(store, intake_id, now):
    def keep(content=CONTENT):
        found = []
        enclosure = Enclosure("MRI", "PDF", 2, content, ("A note.",))
        assert sum(1 for _ in letter_shelf.keep(store, intake_id, enclosure, now(), found.append)) == 6
        return Listed(found[0], "MRI", "PDF", 2, ("A note.",))

    return keep


def do(work):
    told = []
    for _ in letter_shelf.tell_trouble(work, told.append):
        pass
    return [str(error) for error in told]


def test_what_is_kept_comes_back_to_the_byte(store, keep):
    kept, found = keep(), []
    assert do(letter_shelf.fetch(store, (kept, kept), found.append)) == []
    assert found == [(CONTENT, CONTENT)]


def test_nothing_enclosed_is_nothing_fetched(store):
    found = []
    assert list(letter_shelf.fetch(store, (), found.append)) == []
    assert found == [()]


def test_what_was_taken_off_or_cut_off_is_cleared_up_and_the_rest_stays(store, intake_id, keep, now):
    listed, spared, off = keep(), keep(), keep()
    cut_off = letter_shelf.keep(store, intake_id, Enclosure("", "PDF", 2, CONTENT), now(), print)
    for _ in range(4):
        next(cut_off)
    save_request(store, intake_id, LetterRequest(enclosures=(listed,)))
    assert len(store.unlisted_enclosures(intake_id)) == 3
    assert do(letter_shelf.clear_up(store, intake_id, [spared.id], now())) == []
    assert store.unlisted_enclosures(intake_id) == [spared.id]
    found = []
    assert do(letter_shelf.fetch(store, (listed, spared), found.append)) == []
    assert [len(pages) for pages in found] == [2]
    assert "not in the records" in do(letter_shelf.fetch(store, (off,), found.append))[0]


def test_pages_that_are_not_whole_are_told_and_not_used(store, keep):
    kept, found = keep(), []
    store._db.execute("update enclosure_pieces set content = x'00' where number = 1")
    [told] = do(letter_shelf.fetch(store, (kept,), found.append))
    assert "not as they were added" in told
    assert found == []
