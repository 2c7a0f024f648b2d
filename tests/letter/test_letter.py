"""Any answers make a letter, and the letter holds every answer."""

import io
import re
import unicodedata
from collections import Counter
from dataclasses import replace
from itertools import pairwise, takewhile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from intake_app import demo
from intake_app.case import read_case_file
from intake_app.errors import UserError
from intake_app.factors import evaluate_all
from intake_app.letter import compose, fonts, make_letter, render
from intake_app.letter.blocks import Bullets, PageBreak, Zone
from intake_app.letter.sections import say_identity
from intake_app.letter.words import answer_words
from intake_app.outgoing.fax import fax_pages
from tests.letter.conftest import ABOUT, TODAY, read_pages, read_stream, squeeze
from tests.strategies import cases

GOLDEN = Path(__file__).parent / "golden"
CASES = Path(__file__).parents[1] / "cases"
PUBLISHED = ("cauda_equina", "disc_herniation", "stenosis_revision")
SETTINGS = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def expected_words(case):
    """Yield every answer as it should be read in the letter."""
    for question in case.questionnaire.patient.questions:
        if case.patient.get(question.id):
            yield answer_words(question, case.patient[question.id])
    for name, value in case.answers.items():
        question = case.questionnaire.by_id[name]
        yield answer_words(question, value)
        for entry in case.entries(name) if question.type == "entries" else ():
            for field in question.fields:
                if field.id in entry:
                    yield answer_words(field, entry[field.id])


def is_moved(text):
    """Tell whether a reader of the page may find the signs in another order: right-to-left script, loose marks."""
    rightward = any("\u0590" <= char <= "\u08ff" or "\ufb1d" <= char <= "\ufefc" for char in text)
    return rightward or any(unicodedata.combining(char) for char in text)


def check(case, pdf):
    """Both readers stumble around right-to-left words, each elsewhere: what either has read was printed."""
    letter = compose(case, evaluate_all(case), **ABOUT)
    readings = [[squeeze(page) for page in read(pdf)] for read in (read_stream, read_pages)]
    identity = squeeze(say_identity(case))
    for number, pages in enumerate(zip(*readings, strict=True), 1):
        holds(identity, pages)
        assert f"page{number}of{len(readings[0])}" in pages[0]
    bodies = ["".join(strip_furniture(pages, letter)) for pages in readings]
    for words in expected_words(case):
        holds(squeeze(words), bodies)


def strip_furniture(pages, letter):
    """Take the running head and the foot away, so that what goes on over the page stands together again."""
    foot = squeeze(f"{letter.edition} · {letter.digest[:8]} · page")
    texts = [page.rpartition(foot)[0] for page in pages]
    endings = zip(*(reversed(text) for text in texts), strict=False)
    identity = sum(1 for _ in takewhile(lambda chars: len(set(chars)) == 1, endings))  # it may be read turned around
    for text in texts:
        body = text.removeprefix(squeeze(letter.title))[:-identity]
        yield re.sub(r"^.{1,60}?,continued", "", body)


def holds(words, readings):
    if any(words in reading for reading in readings):
        return
    assert is_moved(words), words
    assert not Counter(words) - Counter(readings[0])


@SETTINGS
@given(data=st.data())
def test_any_answers_make_a_letter_that_holds_every_answer(questionnaire, data):
    case = data.draw(cases(questionnaire))
    check(case, make_letter(case, evaluate_all(case), **ABOUT))


@SETTINGS
@given(data=st.data())
def test_any_text_is_printed_or_refused_by_the_name_of_its_field(questionnaire, data):
    case = data.draw(cases(questionnaire, printable=False))
    texts = [words for words in expected_words(case) if fonts.missing(words)]
    if not texts:
        check(case, make_letter(case, evaluate_all(case), **ABOUT))
        return
    with pytest.raises(UserError, match="cannot be printed"):
        make_letter(case, evaluate_all(case), **ABOUT)


def test_a_blank_intake_makes_a_letter_that_claims_nothing(build):
    pages = read_pages(render(build()))
    text = " ".join("".join(pages).split())
    assert "Urgency not stated by the referrer" in text
    assert "Not asked: none of the" in text
    assert "Treatments tried: not asked." in text
    assert "Imaging: not asked." in text
    assert "not signed" in text
    assert "No red-flag" not in text


def test_a_patient_without_a_name_is_told_to_have_none(build):
    assert "name not recorded" in "".join(read_pages(render(build(patient={}))))


def test_two_hundred_treatments_are_all_there(build):
    treatments = [
        {"category": "nsaid", "agent": f"Agent-{number:03}", "note": "Long words. " * 300 if number == 7 else "Short"}
        for number in range(200)
    ]
    pages = read_pages(render(build({"treatments": treatments})))
    text = squeeze("".join(pages))
    assert all(f"Agent-{number:03}" in text for number in range(200))
    assert "And192more(NSAID),page2." in text
    assert text.count("Longwords.") == 300


def test_a_page_of_the_clinics_own_appears_by_itself(questionnaire, full_case, about):
    asked = questionnaire.by_id["walking_minutes"]
    own = replace(
        asked, id="own_stairs", text="Stairs?", label="Stairs climbed at the clinic", unit="steps", section=""
    )
    page = replace(questionnaire.pages[0], id="own", title="Our own questions", questions=(own,))
    wider = replace(questionnaire, pages=(*questionnaire.pages, page))
    case = replace(full_case, questionnaire=wider, answers={**full_case.answers, "own_stairs": 14})
    text = "".join(read_pages(make_letter(case, evaluate_all(case), **about)))
    assert "Our own" in text
    assert "Stairs climbed at the clinic 14 steps" in " ".join(text.split())


def test_what_is_hidden_is_never_printed(build):
    letter = build({"leg_pain": "no", "leg_side": "left", "weakness": "no", "weakness_where": "HIDDENWORD"})
    assert "HIDDENWORD" not in "".join(read_pages(render(letter)))


@pytest.mark.parametrize("name", ["full_case", *PUBLISHED])
def test_the_letter_reads_as_agreed(name, questionnaire, request):
    """Run `pytest tests/letter --regenerate` after a change that is meant, and read the difference."""
    folder = CASES if name in PUBLISHED else GOLDEN.parent
    case = read_case_file((folder / f"{name}.json").read_text("utf-8"), questionnaire, TODAY)
    pages = read_pages(make_letter(case, evaluate_all(case), **ABOUT))
    marked = [
        f"--- page {n} of {len(pages)} ---\n{page.replace(chr(13), '').strip()}\n" for n, page in enumerate(pages, 1)
    ]
    golden, text = GOLDEN / f"{name}.txt", "\n".join(marked)
    if request.config.getoption("--regenerate", default=False):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, "utf-8")
    assert text == golden.read_text("utf-8")


@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_the_front_page_of_every_case_we_have_is_one_page(questionnaire, full_case, paper):
    cases = {
        name: read_case_file((CASES / f"{name}.json").read_text("utf-8"), questionnaire, TODAY) for name in PUBLISHED
    }
    cases |= {"full_case": full_case, **demo.cases(questionnaire, TODAY)}
    about = ABOUT | {"clinic": demo.CLINIC, "recipient": demo.RECIPIENT, "paper": paper}  # the longer letterhead
    for name, case in cases.items():
        first, second, *_ = read_pages(make_letter(case, evaluate_all(case), **about))
        assert "not signed" in first, name
        assert "To obtain" in first, name
        assert "Details" in second[:200], name


def test_what_is_to_obtain_gives_way_where_the_front_page_is_full_and_says_so(full_letter):
    items = tuple(f"Item {number:02} to obtain." for number in range(40))
    crowded = Zone("To obtain", (Bullets(items, small=True, whole_in="Treatments tried so far"),))
    blocks = [crowded if getattr(block, "label", "") == "To obtain" else block for block in full_letter.blocks]
    first, *_ = read_pages(render(replace(full_letter, blocks=tuple(blocks))))
    assert "not signed" in first
    shown = first.count(" to obtain.")
    assert 3 <= shown < 40
    assert f"And {40 - shown} more, page 4." in " ".join(first.split())


@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_the_front_page_of_a_heavy_patient_is_one_page_and_names_the_pages_behind(heavy_case, paper):
    pages = read_pages(make_letter(heavy_case, evaluate_all(heavy_case), **(ABOUT | {"paper": paper})))
    first, second, *_ = pages
    assert "not signed" in first
    assert "Details" in second[:200]
    (named,) = re.findall(r"And \d+ more \([^)]*\),\s+page\s+(\d+)", first)
    assert "Treatments tried" in pages[int(named) - 1]
    for words in ("Apixaban", "Penicillin", "L3-L4", "Kidney", "Irregular heartbeat", "sleep apnoea", "ASA class III"):
        assert words in first, words


@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_imaging_and_planning_stand_on_the_first_page_however_crowded(crowded_case, paper):
    first, second, *_ = read_pages(make_letter(crowded_case, evaluate_all(crowded_case), **(ABOUT | {"paper": paper})))
    text = " ".join(first.split())
    for words in (
        "MRI, low back, 2 October 2026", "Cord compression", "Earlier spine surgery: discectomy", "Trouble with an anaesthetic",
        "bleeding disorder", "Kidney disease", "Apixaban", "Aspirin", "Penicillin", "Nickel", "Latex", "Iodine contrast",
        "pacemaker", "hearing implant", "vessel clips",
    ):  # fmt: skip
        assert words in text, words
    assert "Planning" not in second[:400]
    assert text.index("Planning") < text.index("To obtain") < text.index("Sample, Maria Johanna · born")


@pytest.mark.parametrize("words", [1, 40, 90, 140])
def test_what_is_missing_stands_on_the_first_page_however_little_room_there_is(crowded_case, words):
    changes = tuple(f"Change {number}: {'word ' * words}" for number in range(9))
    about = ABOUT | {"version": 2, "reason": "word " * words, "changes": changes}
    pages = [
        " ".join(page.split()) for page in read_pages(make_letter(crowded_case, evaluate_all(crowded_case), **about))
    ]
    assert " To obtain Neurology, as found by a clinician: weak since" in pages[0]
    assert "".join(pages[:3]).count("Checklist") == 1
    for count, number in re.findall(r"And (\d+) more, page (\d+)\.", pages[0]):
        assert {"6": "Changed", "4": "Diagnoses as documented"}.get(count, "What the answers add up to") in pages[
            int(number) - 1
        ]


@pytest.mark.parametrize("name", ["full_case", "heavy_case", "crowded_case"])
def test_no_rule_between_zones_is_lost_on_a_fax(name, request):
    case = request.getfixturevalue(name)
    letter = compose(case, evaluate_all(case), **ABOUT)
    with Image.open(io.BytesIO(next(fax_pages(render(letter))))) as picture:
        shades = picture.convert("L").reduce((picture.width, 1)).tobytes()
    ruled = [shade < 60 for shade in shades]  # most of the row of dots is black
    lines = sum(one and not above for above, one in pairwise([False, *ruled]))
    zones = [block for block in letter.blocks[: letter.blocks.index(PageBreak())] if isinstance(block, Zone)]
    over = 3 if name == "crowded_case" else 0  # zones that stand on the second page
    assert lines == sum(zone.ruled for zone in zones) - over + len(("letterhead", "urgency", "its end", "foot"))


def test_a_page_that_is_not_full_cuts_nothing_of_what_is_to_obtain(build):
    first, *_ = read_pages(render(build({"bladder_leak": "no"})))
    assert "eased by sitting or leaning forward" in " ".join(first.split()) or "what makes it worse" in first
    assert "…" not in first
