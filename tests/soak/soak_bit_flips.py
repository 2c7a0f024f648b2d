"""Single bits turned all over a small and a large encrypted file, and over the journal of a killed program."""

import pytest
from faults.flips import count_left, find_turned, make_crashed, make_records

FLIPS = 150


@pytest.mark.parametrize(("size", "letter"), [("small", 300_000), ("large", 9_000_000)])
def test_every_turned_bit_is_found_before_anything_is_shown(tmp_path, size, letter):
    path = tmp_path / "clinic.db"
    make_records(path, letter)
    found = find_turned(path, FLIPS, 7)
    print(f"\n  {size} file, {path.stat().st_size:,} bytes: of {FLIPS} turned bits found when {found}")
    assert found == {"opening": FLIPS}


def test_no_turned_bit_of_the_journal_shows_anything_wrong(tmp_path):
    path = tmp_path / "clinic.db"
    intake_id = make_crashed(path, 80)
    size = path.with_name("clinic.db-wal").stat().st_size
    left = count_left(path, intake_id, FLIPS, 7)
    print(f"\n  journal after a kill, {size:,} bytes: of {FLIPS} turned bits, what was left: {left}")
    assert left.keys() <= {"all", "first", "refused"}
