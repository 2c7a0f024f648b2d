"""What goes with letters: kept in pieces, whole or known not to be, and removed only where no letter has it."""

from hashlib import sha256

import pytest

from db import StoreError, open_store

CONTENT = b"%PDF-1.7 \x00\xff" + bytes(range(256)) * 4
PIECE = 300  # bytes


def about(content=CONTENT):
    return {
        "kind": "PDF",
        "pages": 2,
        "notes": ["A script in it is left out."],
        "size": len(content),
        "sha256": sha256(content).hexdigest(),
    }


def choose(*listed):
    enclosures = [{"id": each, "title": title} for each, title in listed]
    return {"recipient": {}, "why_again": "", "copies": [], "left_out": [], "enclosures": enclosures}


@pytest.fixture
def add(store, intake_id, now):
    def add(content=CONTENT, to=None):
        enclosure_id = store.add_enclosure(to or intake_id, about(content), now())
        for start in range(0, len(content), PIECE):
            store.add_piece(enclosure_id, content[start : start + PIECE])
        return enclosure_id

    return add


def read_whole(store, enclosure_id):
    pieces = []
    while piece := store.enclosure_piece(enclosure_id, len(pieces)):
        pieces.append(piece)
    return b"".join(pieces)


def test_an_enclosure_comes_back_to_the_byte_also_tomorrow(path, store, add, intake_id):
    enclosure_id = add()
    store.close()
    with open_store(path) as again:
        kept = again.enclosure(enclosure_id)
        assert read_whole(again, enclosure_id) == CONTENT
    assert {name: kept[name] for name in about()} == about()
    assert kept["intake_id"] == intake_id


def test_one_that_was_cut_off_is_known_and_no_more_than_was_said_is_kept(store, add, intake_id, now):
    cut_off = store.add_enclosure(intake_id, about(), now())
    store.add_piece(cut_off, CONTENT[:PIECE])
    assert store.unlisted_enclosures(intake_id) == [cut_off]
    with pytest.raises(ValueError, match="not so large"):
        store.add_piece(add(), b"more")


def test_an_enclosure_belongs_to_an_intake_that_is_there(store, now):
    with pytest.raises(Exception, match="FOREIGN KEY"):
        store.add_enclosure("nowhere", about(), now())
    assert store.audit() == []


@pytest.mark.parametrize("call", ["enclosure", "add_piece", "remove_enclosure"])
def test_one_that_is_not_there_is_told(store, now, call):
    more = {"enclosure": (), "add_piece": (b"x",), "remove_enclosure": (now(),)}[call]
    with pytest.raises(StoreError, match="not in the records") as caught:
        getattr(store, call)("nowhere", *more)
    assert "add the file again" in caught.value.hint
    assert store.enclosure_piece("nowhere", 0) == b""


def test_what_no_letter_has_is_removed_for_good(store, add, intake_id, now, read):
    kept, off = add(), add(CONTENT * 3)
    store.save_letter_choices(intake_id, choose((kept, "MRI")), now())
    assert store.unlisted_enclosures(intake_id) == [off]
    calls = 1
    while store.remove_enclosure(off, now()):
        calls += 1
    assert calls > 1, "a large one goes in steps"
    assert store.unlisted_enclosures(intake_id) == []
    assert read(store, "select distinct enclosure_id from enclosure_pieces") == [(kept,)]


def test_what_the_next_letter_or_an_issued_one_has_stays(store, add, intake_id, now):
    enclosure_id = add()
    store.save_letter_choices(intake_id, choose((enclosure_id, "MRI")), now())
    for _ in range(2):
        with pytest.raises(StoreError, match="A letter has this enclosure"):
            store.remove_enclosure(enclosure_id, now())
        store.issue_letter(intake_id, b"%PDF", "{}", "1", {}, "Ann", now(), "again")
    store.save_letter_choices(intake_id, choose(), now())
    with pytest.raises(StoreError, match="A letter has this enclosure"):
        store.remove_enclosure(enclosure_id, now())
    store.discard_intake(intake_id, now())
    assert read_whole(store, enclosure_id) == CONTENT


def test_what_was_added_and_removed_is_in_the_trail_with_its_hash_and_not_its_words(store, add, now):
    enclosure_id = add()
    while store.remove_enclosure(enclosure_id, now()):
        pass
    removed, added = store.audit(2)
    assert (added["action"], removed["action"]) == ("enclosure added", "enclosure removed")
    assert added["record"] == removed["record"] == f"enclosure/{enclosure_id}"
    assert added["new_hash"] == removed["old_hash"] != about()["sha256"]
    store.audit_verify()
