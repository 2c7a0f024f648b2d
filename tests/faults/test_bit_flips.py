"""Check 28: a single turned bit anywhere in the encrypted file is found before anything is shown."""

from faults.flips import KEY, find_turned, make_records

from db import open_store

FLIPS = 30  # the soak turns 150, also in a large file


def test_one_turned_bit_is_found(tmp_path):
    path = tmp_path / "clinic.db"
    make_records(path, 200_000)
    assert find_turned(path, FLIPS, 1) == {"opening": FLIPS}
    open_store(path, KEY).close()  # the file itself was sound all the time
