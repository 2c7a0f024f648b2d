"""Letters of many intakes in tests: invented patients in the list, the page that issues them, and what it did."""

from intake_app import demo
from intake_app.app import fill_store
from intake_app.ui.batch_page import BatchPage
from intake_app.ui.letter_request import LetterRequest, save_request

SURGEON = LetterRequest({"name": "Dr Lindgren"})
READY_ONES = ("chronic_back_pain", "stenosis", "herniated_disc")


def fill(store, questionnaire, now, names=None):
    """Keep invented patients and return their intakes by the demo's name."""
    cases = demo.cases(questionnaire, now().date())
    found = {}
    with store.at_once():  # one wait for the disk instead of hundreds
        fill_store(store, [cases[name] for name in names or cases], now())
        for name in names or cases:
            [row] = store.worklist(cases[name].patient["family_name"])
            found[name] = row["intake_id"]
            save_request(store, row["intake_id"], LetterRequest() if name == "just_begun" else SURGEON)
    return found


def batch_of(window):
    pages = [window.stack.widget(number) for number in range(window.stack.count())]
    return next((page for page in pages if isinstance(page, BatchPage)), None)


def open_batch(window, ids, qtbot):
    window.worklist.choose(ids)
    window.worklist.issue_button.click()
    page = batch_of(window)
    qtbot.waitUntil(lambda: not page.looking.is_running, timeout=20_000)
    return page


def run(page, qtbot):
    with qtbot.waitSignal(page.ended, timeout=60_000):
        page.issue_button.click()


def count_letters(store, ids):
    return [len(store.letters(intake_id)) for intake_id in ids]
