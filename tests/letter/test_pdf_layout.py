from dataclasses import replace
from itertools import chain

from intake_app.letter.pdf_layout import Cell, Row, fit_front, hold_on_front, paginate, split
from intake_app.letter.pdf_tags import REPEATED
from intake_app.letter.pdf_text import Line, Style
from intake_app.letter.pictures import Picture

STYLE = Style(9, 10)


def row(name, lines=1, **more):
    return Row((Cell(0, tuple(Line((name, number), 0, STYLE) for number in range(lines))),), **more)


def names(pages):
    return [[placed.row.cells[0].lines[0].pieces[0] for placed in page] for page in pages]


def lines(pages):
    return [[line.pieces for placed in page for line in placed.row.cells[0].lines] for page in pages]


def test_rows_follow_each_other_and_nothing_is_lost():
    pages = paginate([row(name) for name in range(25)], 100, 80)
    assert [len(page) for page in pages] == [10, 8, 7]
    assert [*chain(*names(pages))] == list(range(25))
    assert [placed.top for placed in pages[0]] == [10 * n for n in range(10)]


def test_a_heading_stays_with_what_follows():
    pages = paginate([row("text", 3), row("text", 3), row("heading", keep=True), row("more", 3)], 80, 80)
    assert names(pages) == [["text", "text"], ["heading", "more"]]


def test_a_long_row_goes_on_with_at_least_two_lines_on_either_page():
    pages = paginate([row("a", 3), row("b", 3), row("long", 10)], 80, 80)
    assert [len(page) for page in lines(pages)] == [8, 8]
    pages = paginate([row("a", 3), row("b", 4), row("long", 6)], 80, 80)
    assert [len(page) for page in lines(pages)] == [7, 6]
    pages = paginate([row("a", 3), row("long", 6)], 80, 80)
    assert [len(page) for page in lines(pages)] == [7, 2]


def test_a_row_longer_than_any_page_is_parted_as_often_as_needed():
    pages = paginate([row("x"), row("long", 1000)], 100, 80)
    flat = [*chain(*lines(pages))]
    assert flat == [("x", 0), *(("long", number) for number in range(1000))]
    assert all(sum(placed.row.height for placed in page) <= 100 for page in pages)


def test_the_header_of_a_table_is_repeated():
    header = row("header", keep=True)
    rows = [header, *(row(number, header=(header,)) for number in range(15))]
    pages = paginate(rows, 100, 80)
    assert names(pages) == [["header", *range(9)], ["header", *range(9, 15)]]
    tags = [page[0].row.cells[0].lines[0].tag for page in pages]
    assert tags == [None, REPEATED]


def test_a_header_is_never_parted_from_a_long_first_row():
    header = row("header", keep=True)
    rows = [row("a", 5), header, row("long", 30, keep=True, header=(header,)), row("b", header=(header,))]
    assert names(paginate(rows, 100, 80))[:2] == [["a", "header", "long"], ["header", "long"]]
    assert names(paginate([row("a", 8), *rows[1:]], 100, 80))[:2] == [["a"], ["header", "long"]]


def test_a_zone_that_goes_on_says_its_name_again():
    again = Cell(0, (Line(("again", 0), 0, STYLE),))
    pages = paginate([row(number, again=again) for number in range(12)], 100, 80)
    assert [placed.row.side for placed in pages[1]] == [again, None]
    assert pages[0][0].row.side is None


def test_the_details_leave_the_first_page_only():
    pages = paginate([row("front"), row("details", new_page=True)], 100, 80)
    assert names(pages) == [["front"], ["details"]]
    pages = paginate([*(row(n) for n in range(12)), row("details", new_page=True)], 100, 80)
    assert names(pages)[1] == [10, 11, "details"]


def test_space_before_is_dropped_at_the_head_of_a_page():
    pages = paginate([row("a", before=50), row("b", 9, before=20)], 100, 80)
    assert [page[0].top for page in pages] == [0, 0]


def test_a_short_row_is_not_parted():
    pages = paginate([row("a", 6), row("short", 3)], 80, 80)
    assert names(pages) == [["a"], ["short"]]


def test_a_line_higher_than_the_page_is_still_placed():
    assert names(paginate([row("high", 2)], 5, 5)) == [["high"], ["high"]]


def test_space_after_may_reach_into_the_margin():
    spaced = row("last", 4, after=30)
    assert split(spaced, 45) == (spaced, None)


def test_ties_end_with_the_letter():
    assert names(paginate([row("a", 5), row("b", 4, keep=True)], 80, 80)) == [["a"], ["b"]]


def test_the_first_page_is_set_closer_when_that_keeps_it_one_page():
    rows = [*(row(n, before=1) for n in range(9)), row("details", new_page=True, before=7)]
    fitted = fit_front(rows, 95)
    assert sum(one.before + one.height for one in fitted[:-1]) <= 95
    assert fitted[-1] == rows[-1]
    assert fit_front(rows, 99) == rows
    assert fit_front(rows, 50) == rows


def test_a_picture_is_not_set_closer():
    picture = Picture(10, 10, (), "")
    drawn = Row((Cell(0, (Line((), 10, Style(9, 50), None, "", picture),)),))
    [fitted, text] = fit_front([drawn, row("text", 5)], 98)
    assert fitted.height == 50
    assert text.height < 50


def test_cells_of_different_length_are_parted_at_the_same_height():
    both = Row((row("short", 1).cells[0], row("long", 6).cells[0]))
    first, last = split(both, 30)
    assert [len(cell.lines) for cell in first.cells] == [1, 3]
    assert [len(cell.lines) for cell in last.cells] == [0, 3]


def test_no_letter_has_no_page():
    assert paginate([], 100, 80) == [[]]


def zones(*rows):
    return [replace(one, side=Cell(0, ()), before=5) for one in rows]


def test_what_stays_goes_up_only_as_far_as_the_first_page_asks_for_and_whole_zones_only():
    rows = [row("head", 2), *zones(row("a", 3)), row("a goes on"), *zones(row("b", 3), row("stays", stays=True))]
    shown = ["head", "a", "a goes on", "b", "stays"]
    for room, names in (
        (115, shown),
        (114, ["head", "a", "a goes on", "stays", "b"]),
        (80, ["head", "a", "a goes on", "stays", "b"]),
        (79, ["head", "stays", "a", "a goes on", "b"]),
        (34, shown),
    ):
        held = hold_on_front(rows, room)
        assert [one.cells[0].lines[0].pieces[0] for one in held] == names, room
    behind = [*rows, *zones(row("c", 9))]
    assert hold_on_front(behind, 115) == behind
    assert hold_on_front(rows[:-1], 50) == rows[:-1]


def test_the_name_of_a_zone_that_goes_on_never_reaches_into_the_next():
    again = Cell(0, tuple(Line(("again", number), 0, STYLE) for number in range(3)))
    rows = [row(number, again=again) for number in range(11)]
    [_, [first, second]] = paginate([*rows, *zones(row("next"))], 100, 80)
    assert first.row.side == again
    assert second.top == 30 + 5
    [_, [_, *others]] = paginate([*rows, *(row(number, again=again) for number in "bcd"), *zones(row("next"))], 100, 80)
    assert others[-1].top == 40 + 5
