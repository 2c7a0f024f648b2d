import io
import re
import tomllib
from datetime import datetime

import pypdf
import pytest

from intake_app import paths
from intake_app.errors import UserError
from intake_app.letter import safety_net
from intake_app.letter.blocks import Urgency
from intake_app.letter.sources import citations

ISSUED = datetime(2026, 11, 22, 9, 40)  # noqa: DTZ001  the clock on the clinic's wall
CLINIC = {"name": "Harbour Spine Clinic", "address": "12 Quay Street\nPortland", "phone": "207 555 0100"}
BANNED = tomllib.loads((paths.resources() / "banned_words.toml").read_text("utf-8"))["banned"]
# Words that reassure have no place on a card that says when to seek help.
REASSURING = ("usually", "harmless", "do not worry", "normally", "safe", "rare", "normalmente", "tranquil", "segur")


def read(language, **about):
    pdf = safety_net.make_card(language, clinic=CLINIC, issued=ISSUED, **about)
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    return reader, " ".join(" ".join(page.extract_text() for page in reader.pages).split())


@pytest.fixture(params=[card.language for card in safety_net.cards()])
def card(request):
    return safety_net.choose_card(request.param)


def test_there_is_a_card_in_english_and_in_spanish():
    assert [card.language for card in safety_net.cards()] == ["English", "Spanish"]


def test_the_card_is_one_page_that_says_everything(card):
    reader, text = read(card.language)
    assert len(reader.pages) == 1
    said = [*card.words["now_signs"], *card.words["same_day_signs"], *card.words["advice"], card.words["unreached"]]
    for words in [*said, card.words["title"], "Harbour Spine Clinic", "207 555 0100", "BASS and SBNS", "Cornwall"]:
        assert words in text


def test_a_pdf_reader_is_told_the_language(card):
    reader, _ = read(card.language)
    assert reader.trailer["/Root"]["/Lang"] == card.code


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("Spanish", "Spanish"), ("Español", "Spanish"), ("CASTELLANO", "Spanish"), ("es", "Spanish"),
        ("spanish (Mexico)", "Spanish"), ("Spanish, some English", "Spanish"), ("a little English, Spanish", "Spanish"),
        ("English", "English"), ("", "English"), ("Polish", "English"), ("王", "English"),
    ],
)  # fmt: skip
def test_the_card_is_in_the_patients_language_where_we_have_it(said, language):
    assert safety_net.choose_card(said).language == language


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Español", "In Spanish."),
        ("English", "In English."),
        (" Polish ", "In English: there is no card in the patient's language (Polish)."),
        ("", "In English: the patient's language is not recorded."),
    ],
)
def test_it_is_said_when_the_language_is_another_one(said, words):
    assert safety_net.say_language(said) == words


def test_the_day_is_written_as_the_language_writes_it():
    assert "22 November 2026" in read("English")[1]
    assert "22 de noviembre de 2026" in read("Spanish")[1]


def test_every_language_says_the_same_things():
    english, spanish = (card.words for card in safety_net.cards())
    assert english.keys() == spanish.keys()
    for name, value in english.items():
        assert isinstance(spanish[name], type(value))
        if name.endswith(("signs", "advice", "sources")):
            assert len(spanish[name]) == len(value)


def test_no_word_judges_or_reassures(card):
    words = " ".join(str(value) for value in card.words.values()).lower()
    assert [banned for banned in (*BANNED, *REASSURING) if re.search(rf"\b{re.escape(banned)}", words)] == []


def test_the_sources_are_known(card):
    assert set(card.words["sources"]) <= citations().keys()


def test_a_demo_card_says_that_it_is_not_real():
    assert "NOT REAL" in read("English", watermark="NOT REAL")[1]


def test_the_file_name_says_nothing_about_the_patient():
    assert safety_net.name_card("Español") == "safety-card-es.pdf"


def test_a_letterhead_that_no_font_can_draw_is_told():
    with pytest.raises(UserError, match="letterhead"):
        safety_net.make_card("", clinic={"name": "Clinic \U00013000"}, issued=ISSUED)


def test_the_same_card_is_the_same_bytes():
    one, other = (safety_net.make_card("es", clinic=CLINIC, issued=ISSUED) for _ in range(2))
    assert one == other


def test_the_signs_stand_with_what_to_do_and_nothing_is_said_twice(card):
    letter = safety_net.compose_card(card, clinic=CLINIC, issued=ISSUED)
    (urgent,) = [block for block in letter.blocks if isinstance(block, Urgency)]
    assert urgent.signs == tuple(card.words["now_signs"])
    texts = [getattr(block, "text", "") for block in letter.blocks]
    assert texts.count(card.words["same_day"]) == 1


def test_without_a_telephone_number_there_is_a_line_to_write_one_on(card):
    bare = safety_net.make_card(card.language, clinic={"name": "Harbour"}, issued=ISSUED)
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(bare)).pages)
    assert f"{card.words['phone']}: ____" in text
    assert "____" not in read(card.language)[1]
