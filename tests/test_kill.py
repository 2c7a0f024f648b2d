"""Nothing that the screen said was saved is lost when the program is killed at any moment."""

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from db import open_store
from intake_app import paths
from intake_app.ui.main_window import MainWindow

HERE = Path(__file__).parent
KILLS = 4
FEWEST = 8  # answers acknowledged before the kill can come


def answer_until_killed(folder, seed, seconds):
    """Run the receptionist for a while, kill the program, and return what it had acknowledged."""
    env = {**os.environ, "PYTHONPATH": f"{HERE.parent}{os.pathsep}{HERE}", "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, str(HERE / "keep_answering.py"), str(folder), str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=env) as process:
        first = b"".join(process.stdout.readline() for _ in range(FEWEST))
        time.sleep(seconds)
        process.kill()
        rest = process.stdout.read()
    lines = (first + rest).split(b"\n")[:-1]
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize("seed", range(KILLS))
def test_what_was_saved_is_there_and_the_draft_is_offered_at_its_page(tmp_path, qtbot, questionnaire, now, seed):
    folder = tmp_path / "data"
    acknowledged = answer_until_killed(folder, seed, random.Random(seed).uniform(0.2, 1.0))
    assert len(acknowledged) >= FEWEST, "the program never got going"
    intake_id = acknowledged[-1][0]
    with open_store(folder / "clinic.db") as store:
        stored = store.answers(intake_id)
        last_one = {question: value for _, _, question, value in acknowledged}
        # The answer after the last acknowledged one may have been saved, too: it may be to any question.
        lost = {name for name, value in last_one.items() if stored.get(name) != value}
        assert len(lost) <= 1
        for name in lost:
            assert [row["old_value"] for row in store.journal(intake_id)][-1] == last_one[name]
        page = store.intake(intake_id)["page"]
    window = MainWindow(lambda: open_store(folder / "clinic.db"), lambda: questionnaire, now)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: "You were in the middle of" in window.worklist.interrupted.text)
    window.worklist.interrupted.button.click()
    assert window.intake.draft.intake_id == intake_id
    assert window.intake.wizard.page.page.id == page
    window.close()


def test_the_place_of_the_records_is_the_folder_that_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("INTAKE_DATA", str(tmp_path))
    assert paths.data_folder() == tmp_path
