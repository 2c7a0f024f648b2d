"""How long the window stands still while a letter is made, and how long that takes; and the list with many intakes."""

import statistics
import time
from itertools import pairwise

import pytest
from PySide6.QtCore import QTimer

from intake_app import demo
from intake_app.app import fill_store
from intake_app.ui import theme
from intake_app.ui.background import Background
from intake_app.ui.draft import Draft
from intake_app.ui.letter_page import LetterPage
from intake_app.ui.review_page import ReviewPage
from intake_app.ui.worklist import Worklist

LONGEST_STANDSTILL = 50  # ms
LONGEST_SEARCH = 50  # ms
INTAKES = 10_000


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
