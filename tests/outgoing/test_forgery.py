"""Letters that look different from what was issued, made by somebody who renews every sum: no way of it goes unseen."""

import base64
import hashlib
import io
from functools import partial

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream, StreamDecodeLevel, String
from sample_cases import read_samples, say_about
from sample_certificate import make_certificate
from tampering import change, change_file, seal, sign_as

from intake_app.factors import evaluate_all
from intake_app.outgoing import document, proof, signing
from intake_app.outgoing.document import BUNDLE, CASE_FILE, MANIFEST
from intake_app.outgoing.proof import CODES

pytestmark = pytest.mark.filterwarnings("ignore:This document has 1 form widget")  # a forgery is allowed to

WHITE = b" q 1 1 1 rg 40 400 520 300 re f Q "
SAYS_ALL_IS_WELL = ("same on every page", "to the byte what its data make", "as it was", "as they were")
DRAWN = "Page 1: the words are the same, and it is drawn differently."
COVERED = "Something was put over the letter after it was made: "


def paint(opened):
    opened.pages[0].contents_add(Stream(opened, WHITE))


def write(opened):
    words = b" BT /Added 20 Tf 60 700 Td (ROUTINE. No red flags.) Tj ET "
    opened.pages[0].obj.Resources.Font.Added = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    opened.pages[0].contents_add(Stream(opened, words))


def add_note(opened, **more):
    form = Stream(opened, WHITE, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 600, 800]))
    said = {"Type": Name.Annot, "Rect": Array([40, 400, 560, 700]), "F": 4, "AP": Dictionary(N=form)}
    note = opened.make_indirect(Dictionary(**said, **more))
    page = opened.pages[0].obj
    page.Annots = Array([*page.get("/Annots", ()), note])
    return note


def add_link(opened):
    add_note(opened, Subtype=Name.Link)


def add_signature_field(opened):
    add_note(opened, Subtype=Name.Widget, FT=Name.Sig, T=String("x"))


def add_named_signature_field(opened):
    note = add_note(opened, Subtype=Name.Widget, FT=Name.Sig, T=String("x"))
    opened.Root.AcroForm = Dictionary(Fields=Array([note]))


def hide_as_layer(opened):
    layer = opened.make_indirect(Dictionary(Type=Name.OCG, Name=String("x")))
    opened.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
    opened.pages[0].obj.Resources.Properties = Dictionary(Hidden=layer)
    opened.pages[0].contents_add(Stream(opened, b"/OC /Hidden BDC"), prepend=True)
    opened.pages[0].contents_add(Stream(opened, b"EMC"))


def turn(opened):
    opened.pages[0].obj.Rotate = 180


def cut(opened):
    opened.pages[0].obj.CropBox = Array([0, 0, 600, 400])


def cut_all_pages(opened):
    opened.Root.Pages.CropBox = Array([0, 0, 600, 400])


def enlarge(opened):
    opened.pages[0].obj.UserUnit = 20


def find_programs(opened):
    return [one for one in opened.objects if isinstance(one, Dictionary) and "/FontFile2" in one]


def swap_fonts(opened):
    one, other, *_ = find_programs(opened)
    one.FontFile2, other.FontFile2 = other.FontFile2, one.FontFile2


def spoil_fonts(opened):
    """Move what a font's dictionary says into its program: a sum of both together stays as it was."""
    for font in find_programs(opened):
        program = font.FontFile2
        moved = b"/Length1" + hashlib.sha256(repr(program.Length1).encode()).digest()
        content = program.read_bytes()
        del program["/Length1"]
        program.write(moved + content)


def add_page(opened):
    opened.pages.append(opened.pages[0])


def remove_page(opened):
    del opened.pages[-1]


def rename(opened):
    opened.Root.Lang = String("xx")
    with opened.open_metadata() as meta:
        meta["dc:title"] = "Routine referral"


FORGERIES = [
    (paint, "agreement", DRAWN),
    (write, "agreement", "Page 1: it says “ROUTINE"),
    (add_note, "drawn over", f"{COVERED}a note or drawing on page 1."),
    (add_link, "drawn over", f"{COVERED}a note or drawing on page 1."),
    (add_signature_field, "drawn over", f"{COVERED}a note or drawing on page 1."),
    (add_named_signature_field, "drawn over", f"{COVERED}a note or drawing on page 1."),
    (hide_as_layer, "drawn over", f"{COVERED}layers that can be switched off."),
    (turn, "agreement", "made again from its data, the letter differs. Page 1: "),
    (cut, "drawn over", f"{COVERED}a cut that hides a part of page 1."),
    (cut_all_pages, "drawn over", f"{COVERED}a cut that hides a part of page 1, "),
    (enlarge, "agreement", DRAWN),
    (swap_fonts, "agreement", DRAWN),
    (spoil_fonts, "agreement", DRAWN),
    (add_page, "agreement", "It has 4 pages; the data make 3."),
    (remove_page, "agreement", "It has 2 pages; the data make 3."),
    (rename, "unseen", "What is not seen on the pages has been changed: tags that are read aloud, title"),
]


@pytest.fixture(scope="module")
def make(questionnaire):
    """Return a function from what a letter says besides its case to the letter before it is signed."""
    case = read_samples(questionnaire)["just_begun"]
    findings = evaluate_all(case)
    return lambda **about: document.make_unsigned(case, findings, say_about(**about))


@pytest.fixture(scope="module")
def plain(make):
    return make()


@pytest.fixture(scope="module")
def to_sign(make):
    """Return a letter that says who signed it, and is not signed yet."""
    pytest.importorskip("pyhanko", reason="pyHanko is not installed: nothing can be signed")
    return make(signed_by="Dr Ada Lind")


@pytest.fixture(scope="module")
def sign():
    return partial(sign_as, make_certificate())


@pytest.fixture
def look(questionnaire):
    """Return a function from a PDF to its checks by name, and the exit code."""

    def look(pdf):
        checks = proof.verify(pdf, questionnaire)
        return {check.name: check for check in checks}, proof.exit_code(checks)

    return look


def expect(told, name, sentence):
    checks, code = told
    assert checks[name].passed is False
    assert sentence in checks[name].says
    assert code == CODES[name]


@pytest.mark.parametrize(("forge", "name", "sentence"), FORGERIES)
def test_a_forged_letter_is_told_from_what_its_data_make(plain, look, forge, name, sentence):
    expect(look(seal(change(plain, forge))), name, sentence)


@pytest.mark.parametrize(("forge", "name", "sentence"), FORGERIES)
def test_a_signature_of_the_same_name_makes_no_forged_letter_good(to_sign, sign, look, forge, name, sentence):
    forged = seal(change(to_sign, forge))
    if forge is add_named_signature_field:
        with pytest.raises(signing.UserError, match="signed already"):
            sign(forged)
        return
    expect(look(sign(forged)), name, sentence)


@pytest.mark.parametrize("forge", [forgery[0] for forgery in FORGERIES if forgery[0] is not rename])
def test_no_sentence_says_that_a_letter_which_looks_different_is_as_it_was(plain, look, forge):
    for forged in (seal(change(plain, forge)), seal(change(plain, forge), program="0.0.9")):
        checks, code = look(forged)
        well = [check.says for check in checks.values() if check.passed]
        assert [says for says in well for claim in SAYS_ALL_IS_WELL if claim in says] == []
        assert code


@pytest.mark.parametrize("forge", [paint, write, turn, swap_fonts, spoil_fonts])
def test_what_another_version_made_is_neither_good_nor_bad(plain, to_sign, sign, look, forge):
    for forged in (seal(change(plain, forge), program="0.0.9"), sign(seal(change(to_sign, forge), program="0.0.9"))):
        checks, code = look(forged)
        assert code == CODES["unproven"] == 20
        assert checks["agreement"].passed is None
        assert "whether its pages look as they were issued cannot be told here" in checks["agreement"].says
        assert checks["text"].says == "Every page agrees with the manifest."


def test_honest_letters_are_as_the_data_make_them(plain, to_sign, sign, look):
    letters = {"plain": plain, "signed": sign(to_sign), "packed anew": change(plain, str)}
    assert {name: look(pdf)[1] for name, pdf in letters.items()} == dict.fromkeys(letters, 0)
    assert look(seal(plain, program="0.0.9"))[1] == CODES["unproven"]


def add_update(pdf, forge):
    """Return a signed letter with its own bytes untouched and a forgery added behind them."""
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    forge(writer, generic)
    out = io.BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(pdf)
    return out.getvalue()


def paint_later(writer, generic):
    page, _ = writer.find_page_for_modification(0)
    held = page.get_object()["/Contents"]
    parts = held if isinstance(held, list) else [page.get_object().raw_get("/Contents")]
    more = writer.add_object(generic.StreamObject(stream_data=WHITE))
    page.get_object()["/Contents"] = generic.ArrayObject([*parts, more])
    writer.update_container(page.get_object())


def draw_signature_later(writer, generic):
    field = writer.root["/AcroForm"]["/Fields"][0].get_object()
    field["/Rect"] = generic.ArrayObject(map(generic.NumberObject, (40, 400, 560, 700)))
    writer.update_container(field)


@pytest.mark.parametrize(("forge", "name"), [(paint_later, "text"), (draw_signature_later, "drawn over")])
def test_what_is_added_after_signing_is_told(to_sign, sign, look, forge, name):
    checks, code = look(add_update(sign(to_sign), forge))
    assert checks[name].passed is False
    assert code == CODES[name]
    assert checks["signature"].says.startswith("Something was added to the file after Dr Ada Lind signed it.")


@pytest.mark.parametrize("named", ["", "Dr Jane Ortega"])
def test_a_signature_in_another_name_than_the_letter_says_is_told(make, sign, look, named):
    told = look(sign(make(**({"signed_by": named} if named else {}))))
    expect(told, "signature", f"says that {named or 'nobody'} signed it, and the signature is that of Dr Ada Lind.")


def starve_fonts(pdf):
    """Return a letter whose fonts one library reads whole and another as far as the form feed, which is no sum's matter.

    qpdf passes over it in base 85, PDFium takes it for the end.
    """
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for font in find_programs(opened):
            program = font.FontFile2.read_bytes()
            parts = map(base64.a85encode, (program[:4000], program[4000:]))
            font.FontFile2.write(b"\f".join(parts) + b"~>", filter=Name.ASCII85Decode)
        out = io.BytesIO()
        opened.save(out, stream_decode_level=StreamDecodeLevel.none, compress_streams=False)
        return out.getvalue()


def test_a_letter_that_two_libraries_read_differently_is_told(plain, look):
    forged = starve_fonts(plain)
    assert proof.read_parts(forged).pages == proof.read_parts(plain).pages
    expect(look(forged), "agreement", "The words are the same, and the pages look different.")


def add_remark(content):
    return content.replace(b'{\n"format": 1,', b'{\n"format": 1,\n"remark": "No red flags",')


@pytest.mark.parametrize(
    ("file", "work", "sentence"),
    [
        (CASE_FILE, add_remark, "case.json is not as this program writes it."),
        (BUNDLE, lambda content: content.replace(b'"referral', b'"Referral'), "says something else than case.json."),
        (MANIFEST, lambda content: content, "manifest.json is not what the data make."),
    ],
)
def test_a_file_inside_replaced_with_its_sums_renewed_is_told(plain, look, file, work, sentence):
    said_too = {"remark": "checked"} if file == MANIFEST else {}
    expect(look(seal(change_file(plain, file, work), **said_too)), "agreement", sentence)


def test_a_file_added_beside_ours_is_told(plain, look):
    def attach(opened):
        opened.attachments["result.txt"] = pikepdf.AttachedFileSpec(opened, b"No red flags")

    expect(look(change(plain, attach)), "unseen", "What is not seen on the pages has been changed")
