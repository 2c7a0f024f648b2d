"""No answer reaches a log, a crash report, a file name, a window's title or what the PDF says about itself."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader
from receptionist import give

from db import open_store
from intake_app import rules  # noqa: F401  registers the rules
from intake_app.ui.main_window import MainWindow
from intake_app.ui.messages import LOG_NAME, CrashReport

ROOT = Path(__file__).parents[1]
CANARY = "Xyzzyquux"


@pytest.fixture
def window(qtbot, tmp_path, questionnaire, now):
    saved = tmp_path / "out"
    saved.mkdir()
    window = MainWindow(
        lambda: open_store(tmp_path / "clinic" / "clinic.db"),
        lambda: questionnaire,
        now,
        choose_path=lambda _parent, name: saved / name,
    )
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    yield window
    window.close()


def fill_with_canary(window, now):
    """Give the canary in every text of an intake, through its widgets."""
    window.store.save_clinic({"name": "Clinic", "address": ""}, now())
    patient = {"family_name": CANARY, "given_names": CANARY, "record_number": CANARY, "birth_date": "1956-05-03"}
    window.begin_intake(window.store.add_patient(patient, now()))
    wizard = window.intake.wizard
    for page in wizard.draft.questionnaire.pages:
        for question in page.questions:
            if question.type in ("text", "long_text") and wizard.show_question(question.id):
                give(wizard.page.column.rows[question.id].widget, CANARY)
    return wizard


def test_check_15_the_whole_flow_leaves_answers_only_where_they_belong(window, qtbot, tmp_path, now, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    log = tmp_path / LOG_NAME
    report = CrashReport(log, lambda _log: None, now)
    wizard = fill_with_canary(window, now)
    assert wizard.draft.answers["complaint"] == CANARY
    with qtbot.waitSignal(window.intake.letter.previewed, timeout=20_000):
        wizard.finished.emit()
        window.intake.review.letter_asked.emit()
    window.intake.letter.issue()
    window.intake.letter.save()
    with pytest.raises(ValueError, match=CANARY) as bug:
        int(CANARY)
    report.report(bug.type, bug.value, bug.tb)
    assert log.read_text("utf-8")
    titles = [window.windowTitle(), *(w.windowTitle() for w in window.findChildren(type(window)))]
    shown = capfd.readouterr()
    for text in (log.read_text("utf-8"), caplog.text, shown.out, shown.err, *titles):
        assert CANARY not in text
    names = [p.name for p in tmp_path.rglob("*")]
    assert any(name.endswith(".pdf") for name in names)
    assert not [name for name in names if CANARY in name]
    pdf = PdfReader(next(tmp_path.rglob("*.pdf")))
    assert CANARY in pdf.pages[0].extract_text()
    assert CANARY not in f"{pdf.metadata}{pdf.xmp_metadata}{pdf.attachments}"


def test_check_15_the_command_line_says_nothing_of_answers(tmp_path):
    case = tmp_path / "case.json"
    case.write_text(f'{{"patient": {{"family_name": "{CANARY}", "birth_date": "{CANARY}"}}, "answers": {{}}}}')
    env = {**os.environ, "PYTHONPATH": str(ROOT), "INTAKE_DATA": str(tmp_path / "data")}
    command = [sys.executable, "-m", "intake_app", "check", "case.json"]
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert CANARY not in done.stdout + done.stderr
