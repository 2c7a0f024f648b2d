"""Check 27: whenever the power goes, what was told to be kept is kept, and the records open."""

import random

import pytest
from faults import power, preload
from faults.power import Disk, Entry
from quick_folder import quick_folder

CUTS = 60  # the soak makes 1,000


@pytest.fixture(scope="module")
def recorded():
    with quick_folder() as folder:
        library = preload.build("recorder", folder)
        yield power.record_day(library, folder / "data", 1, preload.run), folder / "data"


def test_a_power_cut_loses_nothing_that_was_told(recorded):
    entries, folder = recorded
    kinds = {entry.what for entry in entries}
    assert kinds >= set("WSCRUA")
    assert power.cut_often(entries, folder, CUTS, random.Random(1)) == []


def test_what_is_told_too_early_is_found(recorded):
    """Without the syncs of the files the same day loses saves: the model sees what it is there to see."""
    entries, folder = recorded
    careless = [e for e in entries if e.what != "S"]
    assert power.cut_often(careless, folder, CUTS, random.Random(1))


def test_of_a_file_only_what_was_synced_is_certain():
    disk = Disk("", 1)
    for entry in (
        Entry("C", 7, 0, "a", b""),
        Entry("W", 7, 0, "", b"first"),
        Entry("S", 7, 0, "", b""),
        Entry("S", 1, 0, "", b""),
        Entry("W", 7, 0, "", b"SECOND"),
        Entry("C", 8, 0, "b", b""),
    ):
        disk.take(entry)
    states = {tuple(sorted((n, bytes(c)) for n, c in disk.cut(random.Random(seed)).items())) for seed in range(60)}
    assert states == {
        (("a", b"first"),),
        (("a", b"SECOND"),),
        (("a", b"first"), ("b", b"")),
        (("a", b"SECOND"), ("b", b"")),
    }


def test_a_rename_comes_whole_or_not_at_all():
    disk = Disk("", 1, certain={"old": 7, "new": 8}, current={"old": 7, "new": 8})
    disk.take(Entry("R", 0, 0, "old", b"new"))
    states = {tuple(disk.cut(random.Random(seed))) for seed in range(60)}
    assert states == {("old", "new"), ("new",)}
