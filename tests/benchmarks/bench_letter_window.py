"""How long the window stands still while a letter is made, and how long that takes; and the list with many intakes."""

import statistics
import time
from itertools import pairwise

import pytest
from PySide6.QtCore import QTimer

from intake_app import demo
from intake_app.app import fill_store
from intake_app.ui import letter_issue, theme
from intake_app.ui.background import Background
from intake_app.ui.draft import Draft
from intake_app.ui.letter_batch import BatchDialog
from intake_app.ui.letter_page import LetterPage
from intake_app.ui.letter_request import LetterRequest, save_request
from intake_app.ui.review_page import ReviewPage
from intake_app.ui.worklist import Worklist

LONGEST_STANDSTILL = 50  # ms
LONGEST_SEARCH = 50  # ms
INTAKES = 10_000
LETTERS = 100


@pytest.fixture
def draft(qapp, store, questionnaire, now):
    theme.apply_theme(qapp, "light")
    fill_store(store, [demo.cases(questionnaire, now().date())["stenosis"]], now())
    yield Draft(store, questionnaire, store.worklist()[0]["intake_id"], now)
    qapp.setStyleSheet("")


class Pulse:
    """A timer that beats as often as it can and remembers when."""

    def __init__(self):
        self.beats = [time.perf_counter()]
        self.timer = QTimer(interval=0)
        self.timer.timeout.connect(lambda: self.beats.append(time.perf_counter()))
        self.timer.start()

    def longest(self):
        return max(after - before for before, after in pairwise(self.beats)) * 1000


def test_the_window_never_stands_still_for_a_letter(qtbot, draft):
    background = Background()
    draft.findings()
    page = LetterPage(draft, background)
    qtbot.addWidget(page)
    page.resize(1180, 780)
    page.show()
    qtbot.wait(50)
    longest, whole = [], []
    for _ in range(5):
        pulse, started = Pulse(), time.perf_counter()
        page.preview(again=True)
        qtbot.waitUntil(lambda: page.shown is not None and all(page.view.pages.texts or [""]), timeout=30_000)
        qtbot.wait(20)
        whole.append((time.perf_counter() - started) * 1000)
        longest.append(pulse.longest())
        pulse.timer.stop()
    print(f"\nletter on the screen after {statistics.median(whole):.0f} ms; longest standstill {max(longest):.0f} ms")
    background.close()
    assert statistics.median(longest) <= LONGEST_STANDSTILL  # a single one may be another program's doing


def test_the_review_opens_without_a_standstill(qtbot, draft):
    draft.findings()
    page = ReviewPage(draft)
    qtbot.addWidget(page)
    page.resize(1180, 780)
    page.show()
    qtbot.wait(50)
    pulse = Pulse()
    page.refresh()
    qtbot.waitUntil(lambda: not page.answers._timer.isActive(), timeout=10_000)
    qtbot.wait(20)
    print(f"\nreview: longest standstill {pulse.longest():.0f} ms")
    assert pulse.longest() <= LONGEST_STANDSTILL


@pytest.fixture
def disk(monkeypatch):
    """Return the moments at which a letter was being written to the disk, as (begin, end)."""
    keep, times = letter_issue.keep_letter, []

    def keep_timed(*given):
        begin = time.perf_counter()
        row = keep(*given)
        times.append((begin, time.perf_counter()))
        return row

    monkeypatch.setattr(letter_issue, "keep_letter", keep_timed)
    return times


@pytest.fixture
def ready(store, questionnaire, now):
    """Keep intakes whose letters can be issued and return their ids."""
    cases = demo.cases(questionnaire, now().date())
    names = [name for name in cases if not name.endswith("_questions")]  # the others wait for a clinician
    for number in range(LETTERS):
        fill_store(store, [cases[names[number % len(names)]]], now())
    ids = [row["intake_id"] for row in store.worklist(limit=LETTERS)]
    for intake_id in ids:
        save_request(store, intake_id, LetterRequest({"name": "Dr Lindgren"}))
    return ids


def test_a_hundred_letters_in_one_go_leave_the_window_free(qtbot, qapp, store, questionnaire, now, ready, disk):
    theme.apply_theme(qapp, "light")
    background = Background()
    background.run(background, store.warm, lambda _: None, lambda _: None)  # as the program does when it starts
    dialog = BatchDialog(store, questionnaire, ready, now, background)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.wait(100)
    pulse = Pulse()
    with qtbot.waitSignal(dialog.batch.ended, timeout=300_000):
        dialog.start()
    waits = [
        (after - before - sum(end - begin for begin, end in disk if before <= begin < after)) * 1000
        for before, after in pairwise(pulse.beats)
    ]
    waits.sort(reverse=True)
    print(
        f"\n{dialog.batch.issued} letters issued in {pulse.beats[-1] - pulse.beats[0]:.1f} s; longest standstills"
        f" {', '.join(f'{wait:.0f}' for wait in waits[:3])} ms, besides writing to the disk: median"
        f" {statistics.median(end - begin for begin, end in disk) * 1000:.0f},"
        f" longest {max(end - begin for begin, end in disk) * 1000:.0f} ms"
    )
    background.close()
    qapp.setStyleSheet("")
    assert dialog.batch.issued == LETTERS
    assert waits[2] <= LONGEST_STANDSTILL  # one or two may be another program's doing


def test_finding_a_patient_among_many(qtbot, store, now):
    with store._saving() as db:
        moment = now().isoformat()
        for number in range(INTAKES):
            patient = {
                "id": f"{number:032}", "family_name": f"Name{number % 977}", "given_names": f"Given{number % 31}",
                "birth_date": f"19{number % 90 + 10}-05-03", "sex": "", "record_number": str(number), "phone": "",
                "address": "", "language": "", "interpreter": "", "is_demo": 0, "created_at": moment,
                "changed_at": moment, "search_key": f" name{number % 977} given{number % 31} {number}",
            }  # fmt: skip
            db.table("patients").insert(patient)
            intake = {"id": f"{number:032}", "patient_id": f"{number:032}", "started_at": moment, "changed_at": moment}
            db.table("intakes").insert(intake)
    worklist = Worklist(store, now)
    qtbot.addWidget(worklist)
    worklist.show()
    times = []
    for text in ("", "n", "na", "name7", "name7 given3", "9999", "3 May 1956", "nobody"):
        started = time.perf_counter()
        worklist.search.setText(text)
        worklist.refresh()
        worklist.grab()
        times.append((time.perf_counter() - started) * 1000)
    print(f"\nfinding among {INTAKES:,} intakes: median {statistics.median(times):.0f} ms, longest {max(times):.0f} ms")
    assert max(times) <= LONGEST_SEARCH
