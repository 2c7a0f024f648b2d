"""Check 28: a single turned bit anywhere in the encrypted file is found before anything is shown."""

from faults.flips import KEY, count_left, find_turned, make_crashed, make_records

from db import open_store

FLIPS = 30  # the soak turns 150, also in a large file


def test_one_turned_bit_is_found(tmp_path):
    path = tmp_path / "clinic.db"
    make_records(path, 200_000)
    assert find_turned(path, FLIPS, 1) == {"opening": FLIPS}
    open_store(path, KEY).close()  # the file itself was sound all the time


def test_one_turned_bit_in_the_journal_of_a_killed_program_shows_nothing_wrong(tmp_path):
    """SQLite takes the journal up to the first broken page of it: what it leaves is what there was at that moment."""
    path = tmp_path / "clinic.db"
    left = count_left(path, make_crashed(path, 20), FLIPS, 1)
    assert sum(left.values()) == FLIPS
    assert left.keys() <= {"all", "first", "refused"}
