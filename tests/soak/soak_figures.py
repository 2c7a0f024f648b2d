"""How long unlocking, saving under a key and a backup take: figures of this machine, measured when it is quiet."""

import random
import statistics
import time
from datetime import datetime

import pytest

from db import back_up, open_store
from intake_app import vault

KEY = bytes(range(32))
NOW = datetime(2026, 11, 22, 10, 0).astimezone()
SAVES, ROUNDS = 300, 6
LETTERS, LETTER_BYTES = 10, 5_000_000
PASSWORD = "the figures of this machine"  # noqa: S105 nobody's


@pytest.mark.gate("unlocking", "0.3 to 1.5 s")
def test_unlocking_takes_as_long_as_it_should(tmp_path, record_property):
    path = tmp_path / "clinic.db"
    vault.create_vault(path, "clinic", "Kim", PASSWORD)
    spent = [measure(lambda: vault.unlock(path, "Kim", PASSWORD)) for _ in range(5)]
    record_property("figure", f"median {statistics.median(spent):.2f} s")
    assert 0.3 <= statistics.median(spent) <= 1.5


@pytest.mark.gate("saving", "at most 1.3 times as long under a key")
def test_a_save_under_a_key_is_nearly_as_quick(tmp_path, record_property):
    spent = {None: [], KEY: []}
    for number in range(ROUNDS):  # in turns, so that a busy moment slows both
        for key in spent:
            with open_store(tmp_path / f"{bool(key)}{number}" / "clinic.db", key) as store:
                spent[key] += measure_saves(store)
    plain, encrypted = (statistics.median(times) * 1000 for times in spent.values())
    p99 = statistics.quantiles(spent[KEY], n=100)[98] * 1000
    figure = f"{plain:.3f} ms plain, {encrypted:.3f} ms encrypted, ratio {encrypted / plain:.2f}, p99 {p99:.1f} ms"
    record_property("figure", figure)
    assert encrypted / plain <= 1.3


@pytest.mark.gate("verified backup", "under 5 s for 50 MB")
def test_a_backup_of_50_megabytes_is_quick(tmp_path, record_property):
    path = tmp_path / "clinic.db"
    with open_store(path, KEY) as store:
        intake_id = store.start_intake(store.add_patient({"family_name": "Invented"}, NOW), NOW)
        for number in range(LETTERS):
            pdf = random.Random(number).randbytes(LETTER_BYTES)
            store.issue_letter(intake_id, pdf, "{}", "1", {}, "Kim", NOW, "again" if number else "")
        assert path.stat().st_size + path.with_name("clinic.db-wal").stat().st_size >= LETTERS * LETTER_BYTES
        seconds = measure(lambda: back_up(path, KEY, NOW))
    record_property("figure", f"{seconds:.2f} s for {path.stat().st_size / 1e6:.0f} MB")
    assert seconds < 5


def measure_saves(store):
    intake_id = store.start_intake(store.add_patient({"family_name": "Invented"}, NOW), NOW)
    return [measure(lambda n=n: store.save_answer(intake_id, f"q{n % 50}", n, NOW)) for n in range(SAVES)]


def measure(work):
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
