"""Single bits turned all over a small and a large encrypted file."""

import pytest
from faults.flips import find_turned, make_records

FLIPS = 150


@pytest.mark.parametrize(("size", "letter"), [("small", 300_000), ("large", 9_000_000)])
def test_every_turned_bit_is_found_before_anything_is_shown(tmp_path, size, letter):
    path = tmp_path / "clinic.db"
    make_records(path, letter)
    found = find_turned(path, FLIPS, 7)
    print(f"\n  {size} file, {path.stat().st_size:,} bytes: of {FLIPS} turned bits found when {found}")
    assert found == {"opening": FLIPS}
