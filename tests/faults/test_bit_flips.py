"""Check 28: a single turned bit anywhere in the encrypted file is found before anything is shown."""

import pytest
from faults.flips import KEY, LEFT_BY_A_CUT, LEFT_BY_A_KILL, count_left, find_turned, make_crashed, make_records

from db import open_store

FLIPS = 30  # the soak turns 150, also in a large file


def test_one_turned_bit_is_found(tmp_path):
    path = tmp_path / "clinic.db"
    make_records(path, 200_000)
    assert find_turned(path, FLIPS, 1) == {"opening": FLIPS}
    open_store(path, KEY).close()  # the file itself was sound all the time


@pytest.mark.parametrize(("left_by", "untold"), [(LEFT_BY_A_KILL, set()), (LEFT_BY_A_CUT, {"last"})])
def test_no_turned_bit_in_the_journal_costs_answers_without_a_word(tmp_path, left_by, untold):
    """SQLite takes the journal up to the first broken page of it, and what stands behind it for never written.

    Without the index the very last answer looks as if the power had gone while it was saved.
    """
    path = tmp_path / "clinic.db"
    left = count_left(path, make_crashed(path, 20), FLIPS, 1, left_by)
    assert sum(left.values()) == FLIPS
    assert left.keys() <= {"told"} | untold


@pytest.mark.parametrize("left_by", [LEFT_BY_A_KILL, LEFT_BY_A_CUT])
def test_a_turned_bit_in_a_journal_that_is_in_the_file_already_costs_nothing(tmp_path, left_by):
    path = tmp_path / "clinic.db"
    assert count_left(path, make_crashed(path, 20, moved=True), FLIPS, 1, left_by) == {"all": FLIPS}
