"""The patient's sheet: one page, plain words, nothing promised, every claim with its source, readable aloud."""

import io
import re
import tomllib
from dataclasses import replace
from datetime import datetime

import page
import pypdf
import pypdfium2
import pytest

from intake_app import paths
from intake_app.errors import UserError
from intake_app.letter import render
from intake_app.letter.blocks import Letterhead, Paragraph, Urgency
from intake_app.letter.patient_sheet import compose_sheet, make_sheet, name_sheet, sheets, sources
from intake_app.letter.safety_net import choose_card, compose_card
from tests.letter.pdf_reader import Reading

ISSUED = datetime(2026, 11, 22, 9, 40)  # noqa: DTZ001  the clock on the clinic's wall
CLINIC = {"name": "Harbour Spine Clinic", "address": "12 Quay Street\nPortland, ME 04101", "phone": "207 555 0100"}
BANNED = tomllib.loads((paths.resources() / "banned_words.toml").read_text("utf-8"))["banned"]
BANNED_IN_SPANISH = [
    "candidat",
    "idóne",
    "apto",
    "apta",
    "elegible",
    "aprobad",
    "garantiz",
    "sin riesgo",
    "contraindicad",
]
PROFILES = (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_3A)
LANGUAGES = ("English", "Español")


def texts(words):
    """Return every sentence of a sheet's own."""
    for part in words["part"]:
        yield from (said for said in (part.get("title"), part.get("text")) if said)
        yield from (point["text"] for point in part.get("points", ()))


def own(language):
    return sheets()[choose_card(language).code]


def read(letter):
    with pypdfium2.PdfDocument(render(letter)) as document:
        return [page.get_textpage().get_text_range() for page in document]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_it_is_one_page_that_holds_every_word(language, paper):
    letter = compose_sheet(language, CLINIC, ISSUED, paper=paper)
    [text] = read(letter)
    plain = re.sub(r"[\s\ufffe-]+", "", text)
    for said in (*texts(own(language)), *choose_card(language).words["now_signs"], CLINIC["name"], CLINIC["phone"]):
        assert re.sub(r"[\s-]+", "", said) in plain, said


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_patient_reads_is_set_large(language):
    """All but the sources and the foot: at least 10.5 points, on the sheet and on the safety card."""
    card = compose_card(choose_card(language), clinic=CLINIC, issued=ISSUED)
    for letter in (compose_sheet(language, CLINIC, ISSUED), card):
        reading = Reading(render(letter))
        assert len(reading.pages) == 1
        small = {stretch.text for stretch in reading.pages[0] if not stretch.kind and stretch.size < 10.5}
        read = "".join(text for block in letter.blocks for text in small_print(block))
        assert all("".join(text.split()) in "".join(read.split()) for text in small), small


def small_print(block):
    """Yield the texts that may be small: reach and date in the head, and the sources."""
    if isinstance(block, Letterhead):
        yield from (*block.lines, *block.facts)
    if isinstance(block, Paragraph) and block.small:
        yield block.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_can_be_read_aloud_and_archived(language, tmp_path):
    path = tmp_path / "sheet.pdf"
    path.write_bytes(render(compose_sheet(language, CLINIC, ISSUED)))
    assert [f.rule_id for profile in PROFILES for f in page.validate_pdf(str(path), profile=profile).failures] == []
    reader = pypdf.PdfReader(path)
    assert reader.metadata.title == own(language)["title"]
    assert reader.root_object["/Lang"] == choose_card(language).code


@pytest.mark.parametrize(
    ("language", "begins"),
    [
        ("English", "Minimally invasive spine surgery is"),
        ("español", "La cirugía mínimamente invasiva"),
        ("Spanish, some English", "La cirugía mínimamente invasiva"),
        ("Tigrinya", "Minimally invasive spine surgery is"),
        ("", "Minimally invasive spine surgery is"),
    ],
)
def test_it_comes_in_the_patients_language_where_there_is_one(language, begins):
    letter = compose_sheet(language, CLINIC, ISSUED)
    assert letter.blocks[1].text.startswith(begins)


def test_both_languages_say_the_same_and_cite_the_same():
    english, spanish = (own(language)["part"] for language in LANGUAGES)
    shape = [(part.get("cites"), "title" in part, [p.get("cites") for p in part.get("points", ())]) for part in english]
    assert shape == [
        (part.get("cites"), "title" in part, [p.get("cites") for p in part.get("points", ())]) for part in spanish
    ]
    assert own("English").keys() == own("Español").keys()


def test_every_aim_has_a_source_and_every_source_is_used():
    [aims] = [part for part in own("English")["part"] if "aims for:" in part.get("text", "")]
    assert len(aims["points"]) == 6
    assert all(point["cites"] for point in aims["points"])
    cited = {
        name
        for part in own("English")["part"]
        for name in (*part.get("cites", ()), *(c for p in part.get("points", ()) for c in p.get("cites", ())))
    }
    assert cited == set(sources())


def test_every_source_says_what_it_is_and_what_it_stands_for():
    for name, source in sources().items():
        assert {"title", "by", "year", "link", "tag", "supports", "checked_by", "checked_on"} == set(source), name
        assert source["link"].startswith("https://")
        assert source["tag"] in {"C", "P"}


def test_the_numbers_lead_to_the_sources():
    [text] = read(compose_sheet("English", CLINIC, ISSUED))
    plain = " ".join(text.split())
    assert "fewer infections [4]" in plain
    assert "[4] Yonsei Med J 59:524-538 (2018), doi.org/10.3349/ymj.2018.59.4.524" in plain.replace("- ", "-")


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_neither_judges_nor_promises(language):
    said = " ".join((*texts(own(language)), own(language)["title"], own(language)["foot"])).lower()
    for word in (*BANNED, *BANNED_IN_SPANISH):
        assert word not in said


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("English", ["medicine, physical therapy and injections have not helped", "not promises", "Your condition", "Your health as a whole", "How complex", "specialist", "does not say if an operation is right for you"]),
        ("Español", ["las medicinas, la fisioterapia y las inyecciones no han ayudado", "no promesas", "Su enfermedad", "Su salud en general", "Lo difícil que sería", "especialista", "No dice si una operación"]),
    ],
)  # fmt: skip
def test_it_says_when_why_not_and_who_decides(language, words):
    said = " ".join(texts(own(language)))
    for word in words:
        assert word in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_signs_that_cannot_wait_are_those_of_the_safety_card(language):
    letter = compose_sheet(language, CLINIC, ISSUED)
    assert (
        tuple(choose_card(language).words["now_signs"])
        == next(block for block in letter.blocks if isinstance(block, Urgency)).signs
    )


def test_a_twelve_year_old_can_read_the_english():
    """Flesch-Kincaid grade of at most 6, which is age 11 to 12."""
    sentences, words = split(texts(own("English")))
    syllables = sum(count_syllables(word, "aeiouy") for word in words)
    assert 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59 <= 6.0


def test_the_spanish_is_fairly_easy():
    """Szigriszt-Pazos of at least 65: fairly easy on the INFLESZ scale."""
    sentences, words = split(texts(own("Español")))
    syllables = sum(count_syllables(word, "aeiouáéíóúü") for word in words)
    assert 206.835 - 62.3 * syllables / len(words) - len(words) / sentences >= 65


def split(said):
    text = " ".join(one if one[-1] in ".?!:" else f"{one}." for one in said)
    return len(re.findall(r"[.?!:]+(?:\s|$)", text)), re.findall(r"[^\W\d_]+", text)


def count_syllables(word, vowels):
    groups = re.findall(f"[{vowels}]+", word.lower())
    silent = vowels.endswith("y") and word.lower().endswith("e") and not word.lower().endswith("le") and len(groups) > 1
    return max(1, len(groups) - silent)


def test_it_names_nobody_but_the_clinic():
    reader = pypdf.PdfReader(io.BytesIO(render(compose_sheet("English", CLINIC, ISSUED))))
    assert reader.metadata.author in {None, ""}
    assert compose_sheet("English", {}, ISSUED).identity == own("English")["foot"]


def test_a_draft_is_marked():
    assert "SAMPLE" in read(compose_sheet("English", CLINIC, ISSUED, watermark="SAMPLE"))[0]


def test_the_file_is_named_for_its_language_only():
    assert (name_sheet("Español"), name_sheet("Tigrinya")) == (
        "patient-information-es.pdf",
        "patient-information-en.pdf",
    )


def test_it_is_made_ready_to_print_or_the_letterhead_is_refused():
    assert make_sheet("English", CLINIC, ISSUED) == render(compose_sheet("English", CLINIC, ISSUED))
    with pytest.raises(UserError, match="letterhead"):
        make_sheet("English", CLINIC | {"name": "Clinic \U00012000"}, ISSUED)


def test_a_card_in_a_language_without_a_sheet_brings_the_english_sheet_and_signs(monkeypatch):
    card = replace(choose_card("Español"), code="fr-CA")
    monkeypatch.setattr("intake_app.letter.patient_sheet.choose_card", lambda _: card)
    letter = compose_sheet("français", CLINIC, ISSUED)
    assert letter.language == "en-US"
    assert (
        tuple(choose_card("English").words["now_signs"])
        == next(block for block in letter.blocks if isinstance(block, Urgency)).signs
    )
