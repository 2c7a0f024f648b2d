"""The table of what was tried: short enough for a first page, whatever was tried."""

# ruff: noqa: RUF001  spans take an en dash

from intake_app.letter.blocks import Paragraph, Table, Zone
from intake_app.letter.treatment_table import list_treatments
from tests.letter.test_front_page import read, say

INJECTION = {"category": "esi_transforaminal", "agent": "L5-S1", "side": "right"}


def tried(letter):
    return next(block for block in letter.blocks if isinstance(block, Zone) and block.label == "Tried").blocks


def rows(letter):
    (table,) = [block for block in tried(letter) if isinstance(block, Table)]
    return [list(map(say, row)) for row in table.rows]


def test_injections_of_one_kind_stand_on_one_line_in_the_order_of_their_dates(build):
    given = [
        {
            **INJECTION,
            "start": "2026-09-14",
            "response": "temporary",
            "temporary_weeks": 3,
            "evidence": "note_attached",
        },
        {**INJECTION, "start": "2026-07-10", "response": "none", "evidence": "record_seen"},
    ]
    (row,) = rows(build({"treatments": given}))
    assert row == [
        "Epidural, transforaminal: L5-S1, right", "10 Jul, 14 Sep 2026", "no benefit; then better for 3 weeks", "record; note",
    ]  # fmt: skip


def test_many_injections_are_counted_by_result(build):
    given = [{**INJECTION, "start": f"2026-0{month}-01", "sessions": 1, "response": "none"} for month in range(1, 7)]
    (row,) = rows(build({"treatments": given}))
    assert row[1:] == ["1 Jan 2026 – 1 Jun 2026", "6", "no benefit (each)", "not given"]
    given[0]["response"] = "worse"
    assert rows(build({"treatments": given}))[0][3] == "1 × made it worse; 5 × no benefit"


def test_injections_without_dates_say_so(build):
    (row,) = rows(build({"treatments": [INJECTION, INJECTION]}))
    assert row[1] == "no dates"
    (row,) = rows(build({"treatments": [{**INJECTION, "start": "2026"}, INJECTION]}))
    assert row[1] == "2026, no date"


def test_a_name_that_only_says_the_kind_again_is_left_out(build):
    words = {
        "physical_therapy": "Physical therapy", "nsaid": "NSAIDs", "brace": "Bracing",
        "esi_unspecified": "Epidural steroid injections", "acetaminophen": "Paracetamol",
    }  # fmt: skip
    entries = [{"category": category, "agent": agent} for category, agent in words.items()]
    assert [row[0] for row in rows(build({"treatments": entries}))] == [
        "Physical therapy", "NSAID", "Brace", "Epidural, kind not stated", "Acetaminophen",
    ]  # fmt: skip


def test_columns_of_numbers_that_are_empty_go_and_leave_their_room_to_the_names(build):
    (bare,) = [b for b in tried(build({"treatments": [{"category": "brace"}]})) if isinstance(b, Table)]
    assert [column.title for column in bare.columns] == ["What", "From – to", "Result", "Evidence"]
    whole = build({"treatments": [{"category": "brace", "start": "2026-01-01", "ongoing": "yes", "sessions": 2}]})
    (full,) = [b for b in tried(whole) if isinstance(b, Table)]
    assert [column.title for column in full.columns][2:4] == ["Weeks", "Sessions"]
    assert sum(column.share for column in bare.columns) == sum(column.share for column in full.columns)
    assert bare.columns[0].share > full.columns[0].share


def test_what_is_left_out_is_counted_by_kind_and_the_first_of_each_kind_stays(build, full_case):
    entries = [{"category": "nsaid", "agent": f"Pill {n}"} for n in range(20)] + [{"category": "opioid"}, INJECTION]
    letter = build({"treatments": entries})
    assert [row[0] for row in rows(letter)][-2:] == ["Opioid", "Epidural, transforaminal: L5-S1, right"]
    assert "And 14 more (NSAID), in the details." in "\n".join(map(read, tried(letter)))
    table, more = list_treatments(full_case, 2)
    assert len(table.rows) == 2
    assert read(more) == "And 2 more (nerve pain medicine; epidural, transforaminal), in the details. "


def test_on_the_fullest_page_the_table_is_a_sentence(full_case):
    (said,) = list_treatments(full_case, 9, as_table=False)
    assert isinstance(said, Paragraph)
    assert "NSAID: Naproxen, 500 mg twice a day, since Mar 2026 (33–38 weeks), less than 30 % better; " in said.text


def test_what_was_tried_before_the_complaint_says_so(build):
    entries = [
        {"category": "brace", "start": "2019-01-01", "ongoing": "no", "end": "2019-03-01", "response": "none"},
        {"category": "nsaid", "start": "2026-03", "ongoing": "yes", "response": "none"},
        {"category": "facet", "start": "2026-11-01", "response": "none"},
    ]
    said = [row[-2] for row in rows(build({"treatments": entries, "onset": "2026-10"}))]
    assert said == ["no benefit; before onset", "no benefit; begun before onset", "no benefit"]
