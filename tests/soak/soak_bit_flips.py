"""Single bits turned all over a small and a large encrypted file, and over the journal of a killed program."""

import pytest
from faults.flips import LEFT_BY_A_CUT, LEFT_BY_A_KILL, count_left, find_turned, make_crashed, make_records

FLIPS = 150


@pytest.mark.gate("turned bits", f"{FLIPS} of {FLIPS} found before anything is shown")
@pytest.mark.parametrize("letter", [300_000, 9_000_000], ids=["small file", "large file"])
def test_every_turned_bit_is_found_before_anything_is_shown(tmp_path, letter, record_property):
    path = tmp_path / "clinic.db"
    make_records(path, letter)
    found = find_turned(path, FLIPS, 7)
    record_property("figure", f"{found} in {path.stat().st_size:,} bytes")
    assert found == {"opening": FLIPS}


@pytest.mark.gate(
    "turned bits of a journal", "no answer missing without a word, but the very last one after a power cut"
)
@pytest.mark.parametrize("moved", [False, True], ids=["alone", "and all of it in the file"])
@pytest.mark.parametrize("left_by", [LEFT_BY_A_KILL, LEFT_BY_A_CUT], ids=["after a kill", "after a power cut"])
def test_no_turned_bit_of_the_journal_costs_answers_without_a_word(tmp_path, left_by, moved, record_property):
    """Without the index the very last answer looks as if the power had gone while it was saved."""
    path = tmp_path / "clinic.db"
    intake_id = make_crashed(path, 80, moved=moved)
    size = path.with_name("clinic.db-wal").stat().st_size
    left = count_left(path, intake_id, FLIPS, 7, left_by)
    record_property("figure", f"{left} in {size:,} bytes")
    assert sum(left.values()) == FLIPS
    assert left.keys() <= ({"all"} if moved else {"told"} if left_by == LEFT_BY_A_KILL else {"told", "last"})
