"""Enclosures: what is taken, what is left out and said, what is refused; nothing hangs and nothing is cropped."""

import io
import zlib
from dataclasses import replace

import pikepdf
import pypdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from intake_app.errors import UserError
from intake_app.outgoing.enclosures import REFUSALS, limits, list_enclosures, read_enclosure, read_logo

WORDS = b"BT /F1 24 Tf 72 700 Td (Lumbar MRI report) Tj ET"
FEW = dict(limits()) | {"unpacked_megabytes": 8}


def make_pdf(change=None, content=WORDS, pages=1, **saved):
    """Return a PDF of so many pages with words on them, after `change` has had its way with it."""
    with pikepdf.new() as pdf:
        font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        drawn = pdf.make_stream(content)
        for _ in range(pages):
            page = pdf.add_blank_page(page_size=(612, 792))
            page.Resources = Dictionary(Font=Dictionary(F1=font))
            page.Contents = drawn
        if change:
            change(pdf)
        out = io.BytesIO()
        pdf.save(out, **saved)
        return out.getvalue()


def make_picture(kind="PNG", size=(60, 40), mode="RGB", colour="white", **saved):
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, kind, **saved)
    return out.getvalue()


def text_of(pdf):
    return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def draw(pdf, page=0, scale=1.0):
    with pypdfium2.PdfDocument(pdf) as document:
        return document[page].render(scale=scale).to_pil().convert("RGB")


def add_script(pdf):
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    pdf.pages[0].AA = Dictionary(O=Dictionary(S=Name.JavaScript, JS=String("app.alert(2)")))


def add_launch(pdf):
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 600, 700])
    link.A = Dictionary(S=Name.Launch, F=String("calc.exe"))
    pdf.pages[0].Annots = Array([link])


def add_file(pdf):
    pdf.attachments["tool.exe"] = pikepdf.AttachedFileSpec(pdf, b"MZ tool")


def add_film(pdf):
    pdf.pages[0].Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Movie, Rect=[0, 0, 10, 10])])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (add_script, "script"),
        (add_launch, "starts a program"),
        (add_file, "attached inside"),
        (add_film, "Sound or film"),
    ],
)
def test_what_could_act_is_left_out_and_said(change, says):
    enclosure = read_enclosure("report.pdf", make_pdf(change))
    assert [note for note in enclosure.notes if says in note] == list(enclosure.notes)
    assert "Lumbar MRI report" in text_of(enclosure.content)
    with pikepdf.open(io.BytesIO(enclosure.content)) as pdf:
        held = b"".join(repr(found).encode() for found in pdf.objects)
        assert set(pdf.Root.keys()) == {"/Type", "/Pages"}
    for trace in (b"alert", b"calc.exe", b"tool", b"Movie", b"/Annots", b"/AA"):
        assert trace not in held


def test_a_plain_pdf_is_taken_whole_and_nothing_is_said():
    enclosure = read_enclosure("report.pdf", make_pdf(pages=3))
    assert (enclosure.title, enclosure.kind, enclosure.pages, enclosure.notes) == ("", "PDF", 3, ())
    assert text_of(enclosure.content).count("Lumbar MRI report") == 3


def test_what_was_filled_into_a_form_is_printed():
    def fill(pdf):
        field = pdf.make_indirect(
            Dictionary(
                Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("level"), V=String("L5/S1"), F=4,
                Rect=[72, 500, 300, 530], DA=String("/F1 12 Tf 0 g"), P=pdf.pages[0].obj,
            )
        )  # fmt: skip
        pdf.pages[0].Annots = Array([field])
        fonts = Dictionary(Font=pdf.pages[0].Resources.Font)
        pdf.Root.AcroForm = Dictionary(
            Fields=Array([field]), NeedAppearances=True, DR=fonts, DA=String("/F1 12 Tf 0 g")
        )

    assert "L5/S1" in text_of(read_enclosure("form.pdf", make_pdf(fill)).content)


def deep_bomb(pdf):
    """One page that unpacks to more than it may."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * 1024 * 1024) for _ in range(64)) + packer.flush()
    pdf.pages[0].Contents = pikepdf.Stream(pdf, packed, Filter=Name.FlateDecode)


def nested_bomb(pdf):
    """Packed twice, so that it is very small."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * 1024 * 1024) for _ in range(64)) + packer.flush()
    twice = zlib.compress(packed, 9)
    pdf.pages[0].Contents = pikepdf.Stream(pdf, twice, Filter=Array([Name.FlateDecode, Name.FlateDecode]))


def laughing_bomb(pdf):
    """Drawings that draw drawings: ten thousand million lines to draw."""
    inner = pdf.make_stream(b"0 0 m 9 9 l S", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 600, 700])
    for _ in range(10):
        drawn = Dictionary(XObject=Dictionary(X=inner))
        inner = pdf.make_stream(
            b"/X Do " * 10, Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 600, 700], Resources=drawn
        )
    pdf.pages[0].Resources = Dictionary(XObject=Dictionary(X=inner))
    pdf.pages[0].Contents = pdf.make_stream(b"/X Do")


def huge_picture(pdf):
    image = pdf.make_stream(b"x", Type=Name.XObject, Subtype=Name.Image, Width=100_000, Height=100_000)
    image.BitsPerComponent, image.ColorSpace = 8, Name.DeviceRGB
    pdf.pages[0].Resources.XObject = Dictionary(X=image)


def hidden_layer(pdf):
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("draft")))
    pdf.Root.OCProperties = Dictionary(OCGs=[layer], D=Dictionary(OFF=[layer]))


def outside(pdf):
    pdf.pages[0].Contents.F = String("/etc/passwd")


def portfolio(pdf):
    pdf.Root.Collection = Dictionary(Type=Name.Collection)


def rendered_form(pdf):
    pdf.Root.NeedsRendering = True


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (deep_bomb, "bomb"),
        (nested_bomb, "bomb"),
        (laughing_bomb, "slow"),
        (huge_picture, "pixels"),
        (hidden_layer, "layers"),
        (outside, "elsewhere"),
        (portfolio, "portfolio"),
        (rendered_form, "form"),
    ],
)
def test_a_hostile_or_unfit_pdf_is_refused_with_its_own_sentence(change, why):
    content = make_pdf(change)
    with pytest.raises(UserError) as refused:
        read_enclosure("report.pdf", content, within=FEW | {"seconds": 3 if why == "slow" else FEW["seconds"]})
    assert refused.value.what == f"“report.pdf” {REFUSALS[why][0].format(**FEW)}"
    assert refused.value.hint == REFUSALS[why][1]


def test_a_bomb_in_the_files_own_directory_is_refused():
    packed = zlib.compress(b" " * 64 * 1024 * 1024, 9)
    body = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    start = len(body)
    body += b"3 0 obj\n<</Type/XRef/Size 9/Root 1 0 R/W[1 2 1]/Filter/FlateDecode/Length %d>>\nstream\n" % len(packed)
    body += packed + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % start
    with pytest.raises(UserError, match=r"unpacks to far more|damaged"):
        read_enclosure("report.pdf", body, within=FEW)


@pytest.mark.parametrize(
    ("password", "why"), [({"user": "secret", "owner": "secret"}, "locked"), ({"user": "", "owner": "o"}, "locked")]
)
def test_a_locked_pdf_is_refused(password, why):
    allow = pikepdf.Permissions(print_lowres=False, print_highres=False)
    content = make_pdf(encryption=pikepdf.Encryption(R=6, allow=allow, **password))
    with pytest.raises(UserError, match="locked"):
        read_enclosure("report.pdf", content)
    assert why in REFUSALS


def test_a_pdf_that_only_forbids_changes_is_taken():
    allow = pikepdf.Permissions(modify_other=False)
    content = make_pdf(encryption=pikepdf.Encryption(user="", owner="o", R=6, allow=allow))
    enclosure = read_enclosure("report.pdf", content)
    assert "Lumbar MRI report" in text_of(enclosure.content)
    assert not pypdf.PdfReader(io.BytesIO(enclosure.content)).is_encrypted


def make_tree(pages, told):
    """Return a PDF of so many pages that tells another number of them."""
    kids = b" ".join(b"%d 0 R" % number for number in range(3, 3 + pages))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<<>>>>"
    held = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count %d/Kids[%s]>>" % (told, kids), *[page] * pages]
    body, places = [b"%PDF-1.7\n"], []
    at = len(body[0])
    for number, one in enumerate(held, 1):
        places.append(b"%010d 00000 n \n" % at)
        body.append(b"%d 0 obj\n%s\nendobj\n" % (number, one))
        at += len(body[-1])
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(held) + 1, b"".join(places))
    return b"".join(body) + table + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(held) + 1, at)


@pytest.mark.parametrize(("pages", "told"), [(100_000, 100_000), (2_000, 1)])
def test_a_hundred_thousand_pages_are_refused_whatever_the_file_tells(pages, told):
    with pytest.raises(UserError, match="more than 150 pages"):
        read_enclosure("report.pdf", make_tree(pages, told))


def test_a_page_tree_that_bites_its_tail_is_refused():
    with pytest.raises(UserError, match="damaged"):
        read_enclosure("report.pdf", make_tree(3, 3).replace(b"/Kids[3 0 R", b"/Kids[2 0 R"))


@pytest.mark.parametrize("kept", [0.3, 0.9])
def test_a_cut_off_file_is_refused(kept):
    whole = make_pdf(pages=4)
    picture = make_picture(size=(400, 400), mode="L")
    jpeg = make_picture("JPEG", size=(400, 400))
    for name, content in (("r.pdf", whole), ("r.png", picture), ("r.jpg", jpeg)):
        with pytest.raises(UserError, match="damaged"):
            read_enclosure(name, content[: int(len(content) * kept)])


def test_rubbish_after_the_right_beginning_is_refused():
    for start in (b"%PDF-1.7\n", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n"):
        with pytest.raises(UserError, match="damaged"):
            read_enclosure("report", start + bytes(range(256)) * 40)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"PK\x03\x04 a text document", "neither a PDF nor a JPEG or PNG"),
        (b"MZ\x90 a program", "neither a PDF nor a JPEG or PNG"),
        (b"GIF89a", "neither a PDF nor a JPEG or PNG"),
        (b"%PDF" + b" " * 26 * 1024 * 1024, "larger than 25 MB"),
    ],
)
def test_other_files_are_refused_by_what_they_hold(content, says):
    with pytest.raises(UserError, match=says):
        read_enclosure("report.pdf", content)


def test_the_content_counts_and_not_the_name():
    assert read_enclosure("scan.pdf", make_picture()).kind == "PNG"
    assert read_enclosure("scan.png", make_pdf()).kind == "PDF"


def test_a_huge_picture_is_refused_before_it_is_unpacked():
    head = make_picture()
    huge = head[:16] + (60_000).to_bytes(4, "big") + (60_000).to_bytes(4, "big") + head[24:29]
    huge += zlib.crc32(huge[12:29]).to_bytes(4, "big") + head[33:]
    with pytest.raises(UserError, match="more than 120,000,000 dots"):
        read_enclosure("scan.png", huge)


@pytest.mark.parametrize("turned", [1, 3, 6, 8])
def test_a_photograph_stands_upright(turned):
    upright = Image.new("RGB", (300, 200), "white")
    upright.paste("red", (0, 0, 300, 60))  # red is up
    turn = {1: None, 3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}[turned]
    stored = upright.transpose(turn) if turn is not None else upright
    exif = Image.Exif()
    exif[0x0112] = turned
    exif[0x010E] = "taken of Maria Sample"
    out = io.BytesIO()
    stored.save(out, "JPEG", exif=exif)
    enclosure = read_enclosure("photo.jpg", out.getvalue())
    shown = draw(enclosure.content)
    assert shown.size == (300, 200)
    red, green, _ = shown.getpixel((150, 20))
    assert red > 200
    assert green < 80
    assert min(shown.getpixel((150, 180))) > 200
    assert b"Maria" not in enclosure.content


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "I;16"])
def test_every_kind_of_png_shows_what_it_holds(mode):
    grey = Image.new("L", (40, 20), 255)
    grey.paste(0, (0, 0, 20, 20))  # black at the left
    if mode == "I;16":
        image = Image.new("I;16", (40, 20), 65535)
        image.paste(0, (0, 0, 20, 20))
    else:
        image = grey.convert(mode)
    out = io.BytesIO()
    image.save(out, "PNG")
    shown = draw(read_enclosure("scan.png", out.getvalue()).content)
    assert max(shown.getpixel((8, 10))) < 20
    assert min(shown.getpixel((32, 10))) > 235


def test_what_is_see_through_is_white():
    shown = draw(read_enclosure("scan.png", make_picture(mode="RGBA", colour=(0, 0, 0, 0))).content)
    assert min(shown.getpixel((30, 20))) > 250


def test_a_large_scan_keeps_the_dots_of_a_fine_fax_and_no_more():
    enclosure = read_enclosure("scan.png", make_picture(size=(5000, 7000), mode="1", colour=1))
    image = pypdf.PdfReader(io.BytesIO(enclosure.content)).pages[0].images[0].image
    assert max(image.size) == round(11.7 * limits()["dots_per_inch"])
    assert image.width / image.height == pytest.approx(5 / 7, abs=0.001)


def test_a_logo_is_a_checked_picture_with_words():
    logo = read_logo(
        "logo.png", make_picture(size=(3000, 1000), mode="RGBA", colour=(0, 0, 0, 0)), "Harbour Spine Clinic"
    )
    with Image.open(io.BytesIO(logo.content)) as image:
        assert (image.format, image.mode, image.size) == ("PNG", "RGB", (logo.width, logo.height))
        assert image.getpixel((5, 5)) == (255, 255, 255)
    assert (logo.width, logo.height, logo.says) == (1200, 400, "Harbour Spine Clinic")


@pytest.mark.parametrize(
    ("content", "says", "sentence"),
    [
        (make_pdf(), "Clinic", "is a PDF"),
        (make_picture(), " ", "no words"),
        (b"<svg/>", "Clinic", "neither"),
        (make_picture()[:50], "Clinic", "damaged"),
    ],
)
def test_what_is_no_logo_is_refused(content, says, sentence):
    with pytest.raises(UserError, match=sentence):
        read_logo("logo", content, says)


def test_enclosures_are_listed_without_their_file_names():
    report = replace(read_enclosure("Sample Maria.pdf", make_pdf(pages=2)), title="MRI report")
    photo = read_enclosure("Sample Maria.png", make_picture())
    assert list_enclosures((report, photo)) == ("MRI report (PDF, 2 pages)", "Enclosure 2 (PNG, 1 page)")
