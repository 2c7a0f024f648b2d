"""A thousand power cuts in recorded days at the desk."""

import random
from collections import Counter

from faults import power, preload
from quick_folder import quick_folder

DAYS, CUTS = 4, 250


def test_a_thousand_power_cuts_lose_nothing():
    wrong, entries = [], 0
    for number in range(DAYS):
        with quick_folder() as folder:
            recorded = power.record_day(preload.build("recorder", folder), folder / "data", number, preload.run)
            entries += len(recorded)
            wrong += power.cut_often(recorded, folder / "data", CUTS, random.Random(number))
    print(f"\n  {DAYS * CUTS} power cuts in {entries} recorded steps: {len(wrong)} things lost, torn or unreadable")
    for what, count in Counter(each.split(": ", 1)[1] for each in wrong).items():
        print(f"  {count} times: {what}")
    assert wrong == []
