"""The real program, killed while somebody answers, until it has acknowledged thousands of answers."""

import random

import pytest
from test_kill import KEY, answer_until_killed, find_lost, find_torn

from db import open_store

WANTED = 5_000  # acknowledged answers
SECONDS = (0.5, 20)  # between which a kill comes


@pytest.mark.gate("kill -9", f"{WANTED:,} acknowledged, 0 lost, 0 torn, 0 corrupt")
def test_no_acknowledged_answer_is_lost(tmp_path, record_property):
    chance, kills, told, lost, torn, corrupt = random.Random(1), 0, 0, [], [], 0
    path = tmp_path / "data" / "clinic.db"
    while told < WANTED:
        kills += 1
        acknowledged = answer_until_killed(path.parent, kills, chance.uniform(*SECONDS))
        assert acknowledged, "the program never got going"
        told += len(acknowledged)
        with open_store(path, KEY) as store:
            lost += find_lost(store, acknowledged)
            torn += find_torn(store, acknowledged[-1][0])
            corrupt += store._db.execute("pragma integrity_check").fetchall() != [("ok",)]
    figure = f"{kills} kills, {told:,} acknowledged, {len(lost)} lost, {len(torn)} torn, {corrupt} corrupt"
    record_property("figure", figure)
    assert (lost, torn, corrupt) == ([], [], 0)
