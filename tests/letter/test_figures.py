import io

import pypdf
import pypdfium2
import pytest

from intake_app import demo
from intake_app.factors import evaluate_all
from intake_app.letter import compose, render
from intake_app.letter.blocks import Figure, Zone
from tests.letter.conftest import ABOUT, TODAY

THERAPY = {
    "category": "physical_therapy",
    "start": "2026-08-24",
    "ongoing": "no",
    "end": "2026-11-06",
    "response": "under_30",
}
LATER = {"category": "nsaid", "start": "2026-11-10", "ongoing": "yes"}
LONG = "word " * 700
NAMES = (
    "herniated_disc", "stenosis", "cauda_equina_questions", "scoliosis_revision", "chronic_back_pain",
    "myelopathy_questions", "just_begun",
)  # fmt: skip


def figures(letter):
    """Return the zones' names with the pictures in them."""
    return [
        (zone.label, block)
        for zone in letter.blocks
        if isinstance(zone, Zone)
        for block in zone.blocks
        if isinstance(block, Figure)
    ]


def pages(pdf):
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def alternatives(pdf):
    """Return what a PDF says in place of each of its figures, in reading order."""
    found, left = [], [pypdf.PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"]["/K"]]
    while left:
        node = left.pop(0).get_object()
        if isinstance(node, list):
            left = [*node, *left]
        elif isinstance(node, dict):
            if node.get("/S") == "/Figure":
                found.append(str(node["/Alt"]))
            if "/K" in node:
                left.insert(0, node["/K"])
    return found


def test_a_letter_without_such_answers_has_no_pictures(build):
    assert figures(build()) == []
    assert figures(build({"treatments": "none", "scores": "none"})) == []


@pytest.mark.parametrize(
    ("answers", "where"),
    [
        ({"treatments": [THERAPY, THERAPY]}, ["Tried", "Treatments tried so far"]),
        ({"treatments": [THERAPY]}, ["Treatments tried so far"]),
        ({"back_pain_score": 4}, ["Questionnaires and scores"]),
        ({"pain_map": ["right_calf:numbness"]}, ["Symptoms"]),
    ],
)
def test_each_picture_stands_with_the_answers_it_shows(build, answers, where):
    assert [zone for zone, _ in figures(build(answers))] == where


def test_every_picture_is_in_the_pdf_with_its_sentence(build):
    letter = build({"treatments": [THERAPY], "back_pain_score": 4, "pain_map": ["right_calf:numbness"]})
    assert alternatives(render(letter)) == [figure.picture.says for _, figure in figures(letter)]


def test_the_body_chart_is_said_in_words_in_the_details(build):
    text = " ".join(" ".join(pages(render(build({"pain_map": ["right_calf:numbness", "right_calf:burning"]})))).split())
    assert "right calf: numbness, burning" in text


def test_the_small_timeline_gives_way_on_a_full_first_page(build):
    many = {"treatments": [THERAPY | {"agent": f"course {n} {'x' * 60}"} for n in range(12)]}
    texts = ("complaint", "referral_question", "goals", "concerns", "examination_note", "gait_posture")
    room = render(build({"treatments": [THERAPY, THERAPY]}))
    full = render(build({**many, **dict.fromkeys(texts, LONG), "examined": "yes"}))
    assert [said.startswith("Timeline") for said in alternatives(room)] == [True, True]
    assert [said.startswith("Timeline") for said in alternatives(full)] == [True]


@pytest.mark.parametrize("paper", ["letter", "a4"])
@pytest.mark.parametrize("name", NAMES)
def test_the_first_page_of_every_demo_patient_stays_one_page(questionnaire, name, paper):
    case = demo.cases(questionnaire, TODAY)[name]
    found = pages(render(compose(case, evaluate_all(case), **ABOUT, paper=paper)))
    assert "not signed" in found[0]
    assert "Details" in found[1][:200]


def test_the_timeline_of_a_letter_is_seen_where_it_stands(build):
    """The bar of one course is the longest run of black on the first page that is no rule."""
    page = pypdfium2.PdfDocument(render(build({"treatments": [THERAPY, LATER]})))[0]
    image = page.render(scale=204 / 72, grayscale=True).to_pil()
    black = [image.crop((0, y, image.width, y + 1)).tobytes().count(bytes(300)) for y in range(image.height)]
    tall = [y for y in range(2, image.height - 2) if all(black[y + step] for step in (-2, -1, 0, 1, 2))]
    assert tall
