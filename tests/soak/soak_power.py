"""A thousand power cuts in recorded days at the desk."""

import random
from collections import Counter

import pytest
from faults import power, preload
from quick_folder import quick_folder

DAYS, CUTS = 4, 250


@pytest.mark.gate("power cuts", f"{DAYS * CUTS:,} cuts, 0 lost, torn or unreadable, no false alarm")
def test_a_thousand_power_cuts_lose_nothing(record_property):
    wrong, entries = [], 0
    for number in range(DAYS):
        with quick_folder() as folder:
            recorded = power.record_day(preload.build("recorder", folder), folder / "data", number, preload.run)
            entries += len(recorded)
            wrong += power.cut_often(recorded, folder / "data", CUTS, random.Random(number))
    figure = f"{DAYS * CUTS:,} cuts in {entries:,} recorded steps, {len(wrong)} lost, torn, unreadable or false alarms"
    record_property("figure", figure)
    for what, count in Counter(each.split(": ", 1)[1] for each in wrong).items():
        print(f"  {count} times: {what}")
    assert wrong == []
