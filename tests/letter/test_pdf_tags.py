"""What the validator does not see: that the tree says what the page says, in its order, with nothing left out."""

from itertools import combinations, pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake_app.factors import evaluate_all
from intake_app.letter import compose, fonts, make_letter, render
from intake_app.letter.blocks import (
    Addressee,
    Answers,
    Bullets,
    Column,
    Figure,
    Heading,
    Letter,
    Letterhead,
    PageBreak,
    Paragraph,
    Run,
    Signature,
    Subheading,
    Table,
    Urgency,
    Zone,
)
from intake_app.letter.pdf_tags import Artifact, Element, Structure
from intake_app.letter.pictures import Area, Label, Picture
from tests.letter.conftest import ABOUT, ISSUED, squeeze
from tests.letter.pdf_reader import Reading
from tests.letter.test_letter import expected_words
from tests.strategies import cases

SETTINGS = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
IDENTITY = "SAMPLE, Maria · born 3 May 1958 · record 4711"
HEBREW, ARABIC = "המטופל מתלונן על כאב גב חזק מאוד", "يعاني المريض من ألم شديد في أسفل الظهر"


def letter(*blocks, **more):
    return Letter("Referral letter", IDENTITY, "version 1", ISSUED, blocks, **more)


def read(*blocks, **more):
    reading = Reading(render(letter(*blocks, **more)))
    check_tree(reading)
    return reading


def check_tree(reading):
    """Both ways between page and tree are complete, and each page is drawn in the order in which it is read."""
    marks = [mark for node in reading.root.walk() for mark in node.marks]
    for number, page in enumerate(reading.pages):
        read_here = [mark for page_number, mark in marks if page_number == number]
        drawn = [stretch.mark for stretch in page if stretch.mark is not None]
        assert read_here == sorted(set(read_here))
        assert drawn == sorted(drawn)
        assert set(drawn) <= set(read_here)
        check_way_back(reading, number, read_here)
    check_headings(reading)
    check_tables(reading)


def check_way_back(reading, number, read_here):
    page = reading.pdf.pages[number]
    numbers = list(reading.pdf.Root.StructTreeRoot.ParentTree.Nums)
    owners = numbers[numbers.index(page.StructParents) + 1]
    assert len(owners) == len(read_here)
    found = {node.source.objgen: node for node in reading.root.walk()}
    assert all((number, mark) in found[owner.objgen].marks for mark, owner in enumerate(owners))


def check_headings(reading):
    levels = [level for level, _ in reading.headings()]
    assert all(below <= above + 1 for above, below in pairwise([0, *levels]))


def check_tables(reading):
    for table in reading.root.all("Table"):
        widths = {len(row.kids) for row in table.kids}
        assert len(widths) == 1
        assert {row.role for row in table.kids} == {"TR"}
        assert all(cell.source.A.Scope in {"/Column", "/Row"} for cell in table.all("TH"))
        assert table.all("TH")


def test_headings_paragraphs_and_zones_are_what_they_are():
    blocks = (
        Letterhead("Harbour Clinic", ("Quay 1",), "Referral letter", ("today",)),
        Addressee(("Dr Ortega", "Mercy"), ("Sample, Maria",)),
        Urgency("See within 30 days", ("Because of this.",)),
        Zone("Problem", (Paragraph("Back pain."), Subheading("Leg"), Paragraph("Leg pain."))),
        PageBreak(),
        Heading("Details"),
        Zone("Patient", (Subheading("Numbers"), Signature(("Dr A", "not signed")))),
    )
    reading = read(*blocks)
    assert reading.headings() == [
        (1, "Referral letter"), (2, "To"), (2, "Re"), (2, "See within 30 days"), (2, "Problem"), (3, "Leg"),
        (2, "Details"), (3, "Patient"), (4, "Numbers"),
    ]  # fmt: skip
    assert [node.text for node in reading.root.all("P")] == [
        "Harbour Clinic", "Quay 1", "today", "Dr Ortega", "Mercy", "Sample, Maria", "Because of this.", "Back pain.",
        "Leg pain.", "Dr A", "not signed",
    ]  # fmt: skip


def test_no_heading_is_skipped_where_the_higher_ones_are_missing():
    assert read(Subheading("a"), Zone("b", (Subheading("c"),)), Heading("d")).headings() == [
        (1, "a"), (1, "b"), (2, "c"), (1, "d"),
    ]  # fmt: skip


def test_a_table_over_many_pages_is_one_table_with_one_header():
    rows = tuple((f"row {number}", "long words " * 900 if number == 7 else "") for number in range(120))
    reading = read(Zone("Tried", (Table((Column("What", 1), Column("Note", 3)), rows),)))
    [table] = reading.root.all("Table")
    assert len(reading.pages) > 4
    assert [cell.text for cell in table.all("TH")] == ["What", "Note"]
    assert [[cell.text for cell in row.kids] for row in table.kids[1:]] == [[a, b.strip()] for a, b in rows]
    broken = table.kids[8].kids[1]
    assert len({page for page, _ in broken.marks}) > 1
    later = [reading.furniture(number, "Pagination") for number in range(1, len(reading.pages))]
    assert set(later) == {"Tried, continuedWhatNote"}


def test_questions_head_the_rows_in_which_their_answers_stand():
    long = "so much to say " * 60
    reading = read(Answers((("Pain?", "yes"), ("Where?", long))))
    [table] = reading.root.all("Table")
    assert [[(cell.role, cell.text.strip()) for cell in row.kids] for row in table.kids] == [
        [("TH", "Pain?"), ("TD", "yes")], [("TH", "Where?"), ("TD", long.strip())],
    ]  # fmt: skip
    assert {str(cell.source.A.Scope) for cell in table.all("TH")} == {"/Row"}


def test_lists_are_lists_and_say_whether_they_are_numbered():
    reading = read(Bullets(("one", "two")), Bullets(("first", "second"), numbered=True))
    plain, numbered = reading.root.all("L")
    assert [[kid.role for kid in item.kids] for item in plain.kids] == [["LBody"]] * 2
    assert [[kid.text for kid in item.kids] for item in numbered.kids] == [["1.", "first"], ["2.", "second"]]
    assert [str(one.source.A.ListNumbering) for one in (plain, numbered)] == ["/None", "/Decimal"]


@pytest.mark.parametrize(
    "text",
    [
        "Walks ten minutes before stopping and then sits down for a while. " * 20,
        HEBREW + " " + HEBREW * 4,
        ARABIC + " " + ARABIC * 4,
        f"The patient said {HEBREW} and {ARABIC}, twice. " * 5,
        "see " + "W" * 300 + " there",
        "患者は三か月前から腰痛を訴えている。" * 20,
        "허리가 아프다고 합니다 " * 40,
        "Nguyễn Thị Hương đau lưng " * 30 + "e\u0301 q\u0303 " * 90,
        "王小明 😀 Müller Ελένη Дмитрий " * 20,
        "one\ntwo\n\nfour",
    ],
)
def test_what_is_read_is_what_was_written_with_words_apart_at_line_ends(text):
    [node] = read(Zone("Problem", (Paragraph(text),))).root.all("P")
    assert node.text == " ".join(fonts.normalise(text).split()) or node.text == fonts.normalise(text).strip()


def test_runs_of_another_weight_stay_in_their_sentence():
    text = ("He said ", Run("no", bold=True), ", then ", Run("yes", italic=True), ".")
    assert [node.text for node in read(Paragraph(text)).root.all("P")] == ["He said no, then yes."]


def test_what_stands_on_every_page_is_read_by_nobody_twice():
    reading = read(*[Paragraph(f"paragraph {number}") for number in range(200)], watermark="DRAFT")
    assert len(reading.pages) > 2
    for number in range(len(reading.pages)):
        foot = reading.furniture(number, "Footer")
        assert IDENTITY in foot
        assert f"page {number + 1} of {len(reading.pages)}" in foot
    assert reading.furniture(1, "Header") == "DRAFT · Referral letter"
    assert reading.furniture(1, "Watermark") == "DRAFT"
    assert reading.root.words == "".join(f"paragraph {number}" for number in range(200))


def picture(width=200.0, height=100.0):
    shapes = (Area(((0, 0), (width, 0), (width, height)), fill="grey"), Label(5, 20, "Pain", 8, 100))
    return Picture(width, height, shapes, "Pain fell from 8 to 3.")


def test_a_figure_says_what_it_shows_and_where_it_stands():
    reading = read(Zone("Tried", (Paragraph("before"), Figure(picture()), Paragraph("after"))))
    [figure] = reading.root.all("Figure")
    left, bottom, right, top = map(float, figure.source.A.BBox)
    assert str(figure.source.Alt) == "Pain fell from 8 to 3."
    assert (round(right - left, 1), round(top - bottom, 1)) == (200, 100)
    [label] = [stretch for stretch in reading.pages[0] if stretch.text.startswith("Pain")]
    assert (0, *figure.marks[0])[1:] == (0, label.mark)
    assert [node.role for node in reading.root.kids] == ["H1", "P", "Figure", "P"]


@pytest.mark.parametrize("size", [(200.0, 3000.0), (3000.0, 100.0), (5000.0, 5000.0), (500.0, 600.0)])
@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_a_figure_is_never_parted_nor_larger_than_a_page(size, paper):
    lines = [Paragraph("text")] * 20
    reading = read(*lines, Heading("Course"), Figure(picture(*size)), *lines, paper=paper)
    [figure] = reading.root.all("Figure")
    left, bottom, right, top = map(float, figure.source.A.BBox)
    page = reading.pdf.pages[figure.marks[0][0]].mediabox
    assert 30 < left < right < float(page[2]) - 30
    assert 50 < bottom < top < float(page[3]) - 30
    assert (right - left) / (top - bottom) == pytest.approx(size[0] / size[1], rel=1e-3)
    [heading] = [node for node in reading.root.walk() if node.text == "Course"]
    assert heading.marks[0][0] == figure.marks[0][0]


def test_bookmarks_are_the_headings_where_they_stand(full_pdf):
    reading = Reading(full_pdf)
    check_tree(reading)
    with reading.pdf.open_outline() as outline:
        found = [*_walk_outline(outline.root, 1)]
    assert [(level, item.title) for level, item in found] == reading.headings()
    pages = [page.obj.objgen for page in reading.pdf.pages]
    marked = [node.marks[0][0] for node in reading.root.walk() if node.role in {"H1", "H2", "H3", "H4"}]
    assert [pages.index(item.destination[0].objgen) for _, item in found] == marked


def _walk_outline(items, level):
    for item in items:
        yield level, item
        yield from _walk_outline(item.children, level + 1)


@SETTINGS
@given(data=st.data())
def test_who_reads_the_tags_alone_misses_no_answer(questionnaire, data):
    case = data.draw(cases(questionnaire))
    reading = Reading(make_letter(case, evaluate_all(case), **ABOUT))
    check_tree(reading)
    said = "".join(squeeze(node.text) for node in reading.root.walk())  # a mark composes with no letter before its cell
    assert all(squeeze(words) in said for words in expected_words(case))
    identity = squeeze(compose(case, (), **ABOUT).identity)
    for number in range(len(reading.pages)):
        foot = squeeze(reading.furniture(number, "Footer"))
        assert identity in foot
        assert foot.endswith(f"page{number + 1}of{len(reading.pages)}")


SIGNS = "abcdefgh ABC 0123 ()<>&\\ äöüß éñ ΑΒΓ абв ạồ שלום كيف 王小明 ひら 한글 😀 ﬁ e\u0301 \n\t\u200f\u00a0…"
TEXTS = st.text(SIGNS, max_size=60) | st.text(SIGNS, min_size=1, max_size=9).map(lambda text: text * 60)
LABELS = st.text(SIGNS, max_size=40)  # the name of a zone is ours, and stands beside it
RUNS = st.tuples(TEXTS, st.builds(Run, TEXTS, st.booleans(), st.booleans()))
SIMPLE = (
    st.builds(Paragraph, TEXTS | RUNS, st.booleans())
    | st.builds(Bullets, st.lists(TEXTS, max_size=4).map(tuple), st.booleans())
    | st.builds(Subheading, TEXTS)
    | st.builds(Signature, st.lists(TEXTS, max_size=3).map(tuple))
    | st.builds(Answers, st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=4).map(tuple), st.booleans())
    | st.builds(
        Table,
        st.just((Column("What", 2), Column("When", 1), Column("", 1))),
        st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=5).map(tuple),
    )
    | st.floats(10, 1500).map(lambda height: Figure(picture(300, height)))
)
BLOCKS = SIMPLE | st.builds(Heading, TEXTS) | st.builds(Zone, LABELS, st.lists(SIMPLE, max_size=4).map(tuple))
URGENT = st.builds(Urgency, TEXTS, st.lists(TEXTS, min_size=1, max_size=3).map(tuple), st.booleans())


@SETTINGS
@given(blocks=st.lists(BLOCKS | URGENT, max_size=8), watermark=st.sampled_from(["", "DRAFT"]))
def test_any_blocks_make_a_sound_tree_and_nothing_overlaps_or_is_cut(blocks, watermark):
    reading = read(*blocks, watermark=watermark)
    for page, drawn in zip(reading.pdf.pages, reading.pages, strict=True):
        straight = [one for one in drawn if one.size and one.kind != "/Watermark" and one.text.strip() and one.width]
        straight = [one for one in straight if one.text.strip() not in {"DRAFT", "Pain"}]  # they have axes of their own
        for one in straight:
            assert one.x > 40
            assert one.x + one.width - 0.3 * one.size < float(page.mediabox[2]) - 40  # the space that ends a line
            assert 25 < one.y < float(page.mediabox[3]) - 35
        assert not [pair for pair in combinations(straight, 2) if overlap(*pair)]


def overlap(one, other):
    """Tell whether two stretches stand on each other; the space that ends a line may reach under its neighbour."""
    beside = min(one.x + one.width, other.x + other.width) - max(one.x, other.x) < 0.3 * max(one.size, other.size)
    return not beside and abs(one.y - other.y) < 0.75 * min(one.size, other.size)


def test_a_line_without_a_tag_cannot_be_drawn(monkeypatch):
    monkeypatch.setattr("intake_app.letter.pdf.FOOT", None)
    with pytest.raises(TypeError):
        render(letter(Paragraph("x")))


def test_an_element_stands_in_the_tree_once_below_its_parents():
    structure = Structure()
    table = Element("Table")
    cell = Element("TD", Element("TR", table))
    structure.start_page()
    assert [structure.mark(cell, 10), structure.mark(cell, 5)] == [0, 1]
    structure.place(cell)
    assert structure.root.kids == [table]
    assert table.kids == [cell.parent]
    assert len(cell.kids) == 2
    assert structure.pages == [[cell, cell]]
    assert not isinstance(cell, Artifact)
