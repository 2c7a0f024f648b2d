"""The wizard with a filled intake: opening it, answering, turning pages, long lists and big pastes."""

import statistics
import time

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from intake_app.ui import theme
from intake_app.ui.draft import Draft
from intake_app.ui.wizard import Wizard

BAR = 16  # ms: one frame
BLOCK = 50  # ms: no key and no click waits longer
TREATMENTS = 12


@pytest.fixture
def draft(qapp, store, questionnaire, now):
    theme.apply_theme(qapp, "light")
    patient = store.add_patient({"family_name": "Example", "birth_date": "1956-05-03"}, now())
    draft = Draft(store, questionnaire, store.start_intake(patient, now()), now)
    for question in questionnaire.questions:
        if question.type in ("yes_no", "choice"):
            draft.save(question.id, question.options[0][0])
    for number in range(TREATMENTS):
        entry = draft.add_entry("treatments")
        for name, value in {"category": "nsaid", "start": f"2026-0{number % 9 + 1}", "ongoing": "yes"}.items():
            draft.save(name, value, entry)
    yield draft
    qapp.setStyleSheet("")


@pytest.fixture
def wizard(qtbot, draft):
    wizard = Wizard(draft)
    qtbot.addWidget(wizard)
    wizard.resize(1280, 800)
    wizard.show()
    qtbot.waitUntil(lambda: not wizard._unbuilt)
    QApplication.processEvents()
    return wizard


def measure(act):
    """Return how long something took until the window is drawn, in ms."""
    started = time.perf_counter()
    act()
    QApplication.processEvents()
    return (time.perf_counter() - started) * 1000


def longest_block(act, wizard):
    """Return the longest time in ms in which no key is heard, from something done until all that follows it is done."""
    started = time.perf_counter()
    act()
    blocks = [(time.perf_counter() - started) * 1000, measure(lambda: None)]
    while wizard._waiting.isActive():
        blocks.append(measure(lambda: None))
    return max(blocks)


def tell(what, times):
    print(f"\n{what}: median {statistics.median(times):.1f} ms, longest {max(times):.1f} ms of {len(times)}")
    return statistics.median(times)


def test_opening_an_intake(draft, qtbot):
    times = []
    for _ in range(5):
        started = time.perf_counter()
        wizard = Wizard(draft)
        wizard.resize(1280, 800)
        wizard.show()
        times.append((time.perf_counter() - started) * 1000)
        qtbot.waitUntil(lambda wizard=wizard: not wizard._unbuilt)
        wizard.close()
    assert tell("opening an intake, until it is handed to the screen", times) <= BLOCK


def test_building_pages_ahead_never_blocks_for_50_ms(draft, qtbot):
    wizard = Wizard(draft)
    qtbot.addWidget(wizard)
    wizard.resize(1280, 800)
    wizard.show()
    QApplication.processEvents()
    times = []
    while wizard._unbuilt:
        times.append(measure(lambda: None))
    tell("building pages ahead, one moment", times)
    assert max(times) <= 50


def test_an_answer_is_saved_judged_and_shown_within_a_frame(wizard):
    wizard.show_page("safety")
    values = ("yes", "no")
    times = [measure(lambda n=n: wizard.draft.save("bladder_start", values[n % 2])) for n in range(100)]
    tell("one answer that raises or lowers the banner: saved, all rules, whole window drawn", times)
    times = [longest_block(lambda n=n: wizard.draft.save("bladder_start", values[n % 2]), wizard) for n in range(100)]
    assert tell("one answer that raises or lowers the banner: longest block", times) <= BLOCK
    times = [measure(lambda n=n: wizard.draft.save("consent_sharing", values[n % 2])) for n in range(100)]
    assert tell("one answer: saved, all rules, window drawn", times) <= BAR
    alone = []
    for n in range(100):
        started = time.perf_counter()
        wizard.draft.save("bladder_start", values[n % 2])
        alone.append((time.perf_counter() - started) * 1000)
    assert tell("one answer: saved, all rules, every label set", alone) <= BAR


def test_a_page_turns_within_a_frame(wizard):
    first = [measure(lambda p=page: wizard.show_page(p)) for page in wizard.pages]
    tell("first turn to a page", first)
    times = [measure(lambda p=page: wizard.show_page(p)) for _ in range(5) for page in wizard.pages]
    assert tell("turning a page", times) <= BAR


def test_two_hundred_treatments(draft, wizard):
    def add():
        entry = draft.add_entry("treatments")
        draft.save("category", "nsaid", entry)

    wizard.show_page("treatments")
    times = [longest_block(add, wizard) for _ in range(200 - TREATMENTS)]
    assert tell("adding a treatment, from 12 up to 200: longest block", times) <= BLOCK
    cards = list(wizard.page.column.rows["treatments"].widget.cards.values())
    tell("opening one of 200 treatments", [measure(card.open) for card in cards[::20]])
    entry_id = cards[180].entry_id
    words = ("one", "two")
    answers = [longest_block(lambda n=n: draft.save("agent", words[n % 2], entry_id), wizard) for n in range(20)]
    assert tell("answering in one of 200 treatments: longest block", answers) <= BLOCK


def test_a_paste_of_a_million_characters(wizard):
    QGuiApplication.clipboard().setText("x" * 1_000_000)
    wizard.show_question("complaint")
    long_text = wizard.page.column.rows["complaint"].widget.edit
    assert tell("a million characters into a long text", [measure(long_text.paste) for _ in range(5)]) <= 200
    wizard.show_question("walking_distance")
    line = wizard.page.column.rows["walking_distance"].widget.line
    assert tell("a million characters into a line", [measure(line.paste) for _ in range(5)]) <= 200


def test_a_paste_up_to_the_room_of_a_long_text(wizard):
    QGuiApplication.clipboard().setText("x" * 5_000)
    wizard.show_question("complaint")
    edit = wizard.page.column.rows["complaint"].widget.edit

    def paste():
        edit.clear()
        edit.paste()

    assert tell("5,000 characters without a space into a long text", [measure(paste) for _ in range(5)]) <= 200
