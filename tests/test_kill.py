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
KEY = bytes(range(32))


def answer_until_killed(folder, seed, seconds):
    """Run the receptionist for a while, kill the program, and return what it had acknowledged."""
    env = {**os.environ, "PYTHONPATH": f"{HERE.parent}{os.pathsep}{HERE}", "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, str(HERE / "keep_answering.py"), str(folder), str(seed), KEY.hex()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=env) as process:
        first = b"".join(process.stdout.readline() for _ in range(FEWEST))
        time.sleep(seconds)
        process.kill()
        rest = process.stdout.read()
    lines = (first + rest).split(b"\n")[:-1]
    return [json.loads(line) for line in lines]


def find_lost(store, acknowledged):
    """Return the acknowledged answers that the journal does not tell of in their order."""
    intake_id = acknowledged[-1][0]
    changes = iter([(row["question"], row["new_value"]) for row in store.journal(intake_id)])
    return [answer for answer in acknowledged if not any(change == (answer[2], answer[3]) for change in changes)]


def find_torn(store, intake_id):
    """Return the answers that are not what their last change in the journal says."""
    last = {row["question"]: row["new_value"] for row in store.journal(intake_id) if row["kind"] == "answered"}
    stored = store.answers(intake_id)
    return [name for name, value in last.items() if stored.get(name) != value]


@pytest.mark.parametrize("seed", range(KILLS))
def test_check_27_what_was_saved_is_there_and_the_draft_is_offered_at_its_page(
    tmp_path, qtbot, questionnaire, now, seed
):
    path = tmp_path / "data" / "clinic.db"
    acknowledged = answer_until_killed(path.parent, seed, random.Random(seed).uniform(0.2, 1.0))
    assert len(acknowledged) >= FEWEST, "the program never got going"
    intake_id = acknowledged[-1][0]
    with open_store(path, KEY) as store:
        assert find_lost(store, acknowledged) == []
        assert find_torn(store, intake_id) == []
        assert store._db.execute("pragma integrity_check").fetchall() == [("ok",)]
        page = store.intake(intake_id)["page"]
    window = MainWindow(lambda: open_store(path, KEY), lambda: questionnaire, now)
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
