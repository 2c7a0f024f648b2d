"""What an earlier release kept in the settings is moved to its tables whole, or stays where it is to the byte."""

import json
from base64 import b64decode, b64encode
from contextlib import closing
from hashlib import sha256

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlcipher3 import dbapi2
from sqlite_utils import Database

from db import open_store
from db.connection import APPLICATION_ID
from db.migrations import known_steps, list_steps, take_steps

BEFORE = sorted(known_steps())[5]  # the first of the steps that make the tables
PAGES = b"%PDF-1.7 invented"
PIECE = json.dumps(b64encode(PAGES).decode())
LISTED = {"id": "e1", "title": "A report", "kind": "PDF", "pages": 1, "notes": []}
CHOICES = {"recipient": {"name": "Dr A"}, "why_again": "", "copies": ["Dr B"], "enclosures": [LISTED], "left_out": []}
DEEP = 100_000


def make_old(connection, settings):
    """Fill a database with an intake `i`, discarded or not, another, a letter `L` of the first, and these settings."""
    list_steps().apply(Database(connection), stop_before=[BEFORE])
    connection.execute("insert into clinic (id) values ('c')")
    connection.execute("insert into patients (id, created_at, changed_at) values ('p', 't', 't')")
    for intake_id in ("i", "j"):
        connection.execute("insert into intakes values (?, 'p', 't', 't', '', null, null)", [intake_id])
    connection.execute("insert into letters values ('L', 'i', 1, 't', 'me', '{}', '', 'r', 's', 'c', '{}', x'00')")
    connection.executemany("insert into settings values (?, cast(? as text))", settings.items())


def move(settings):
    """Return what is in the settings and in the tables after the steps that this release takes."""
    with closing(dbapi2.connect(":memory:", isolation_level=None)) as connection:
        make_old(connection, settings)
        connection.execute("pragma foreign_keys = on")
        take_steps(connection)
        assert connection.execute("pragma foreign_key_check").fetchall() == []
        query = lambda sql: connection.execute(sql).fetchall()  # noqa: E731
        left = {key: value.encode() if isinstance(value, str) else value for key, value in query(LEFT)}
        return left, query("select * from enclosures"), query("select * from enclosure_pieces"), query(CHOSEN)


LEFT = "select key, cast(value as blob) from settings"
CHOSEN = """
select coalesce(letter_id, intake_id), recipient, why_again, copies, left_out, (
    select json_group_array(json_array(enclosure_id, title)) from listed_enclosures where choices_id = letter_choices.id
) from letter_choices order by 1
"""
ODD = {
    "why again null": {"why_again": None},
    "no such field": {"colour": "red"},
    "recipient a list": {"recipient": ["Dr A"]},
    "recipient without texts": {"recipient": {"name": 7}},
    "half of a character": {"recipient": {"name": "\ud800"}},
    "copies null": {"copies": None},
    "left out a text": {"left_out": "goals"},
    "enclosures null": {"enclosures": None},
    "enclosures are texts": {"enclosures": ["e1"]},
    "an enclosure without a title": {"enclosures": [{"id": "e1"}]},
    "pages a text": {"enclosures": [LISTED | {"pages": "one"}]},
    "pages a truth": {"enclosures": [LISTED | {"pages": True}]},
    "pages beyond all numbers": {"enclosures": [LISTED | {"pages": 2**70}]},
    "the same enclosure told in two ways": {"enclosures": [LISTED, LISTED | {"pages": 2}]},
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
@pytest.mark.parametrize("place", ["letter:i", "letter:L"])
def test_odd_choices_and_their_pages_stay_as_they_are(odd, place):
    settings = {place: json.dumps(CHOICES | odd), "enclosure:e1:0": PIECE}
    left, *tables = move(settings)
    assert left == {key: value.encode() for key, value in settings.items()}
    assert tables == [[], [], []]


@pytest.mark.parametrize("text", ['{"rec', "null", "{}", "7", "[" * DEEP, b"\xff\xfe", ""])
def test_what_is_no_choices_at_all_stays_with_its_pages(text):
    settings = {"letter:L": text, "enclosure:e1:0": PIECE, "enclosure:e1:1": text}
    left, *tables = move(settings)
    assert left == {key: value if isinstance(value, bytes) else value.encode() for key, value in settings.items()}
    assert tables == [[], [], []]


@pytest.mark.parametrize("text", ["null", "7", '"***"', '""', '{"', "[" * DEEP, b"\xff", None])
def test_pages_that_are_not_whole_stay_together_and_the_letter_still_lists_them(text):
    settings = {f"enclosure:e1:{number}": PIECE for number in range(3)} | {"enclosure:e1:1": text}
    settings = {key: value for key, value in settings.items() if value is not None}
    left, enclosures, pieces, chosen = move(settings | {"letter:L": json.dumps(CHOICES)})
    assert left == {key: value if isinstance(value, bytes) else value.encode() for key, value in settings.items()}
    assert enclosures == [("e1", "i", "PDF", 1, "[]", 0, "", "t")]  # which whoever fetches it is told
    assert pieces == []
    assert chosen == [("L", '{"name": "Dr A"}', "", '["Dr B"]', "[]", '[["e1","A report"]]')]


def test_pages_that_nobody_lists_stay():
    settings = {"enclosure:e2:0": PIECE, "letter:elsewhere": json.dumps(CHOICES), "enclosure:e1:0": PIECE}
    left, *tables = move(settings)
    assert left == {key: value.encode() for key, value in settings.items()}
    assert tables == [[], [], []]


def test_an_enclosure_listed_twice_and_by_two_letters_is_moved_once():
    twice = CHOICES | {"enclosures": [LISTED, LISTED | {"title": "again"}]}
    settings = {"letter:i": json.dumps(twice), "letter:L": json.dumps(CHOICES), "enclosure:e1:0": PIECE}
    left, enclosures, pieces, chosen = move(settings)
    assert left == {}
    assert enclosures == [("e1", "i", "PDF", 1, "[]", len(PAGES), sha256(PAGES).hexdigest(), "t")]
    assert pieces == [("e1", 0, PAGES)]
    assert [json.loads(row[-1]) for row in chosen] == [[["e1", "A report"]], [["e1", "A report"], ["e1", "again"]]]


def test_choices_that_list_what_is_another_intakes_stay():
    settings = {"letter:i": json.dumps(CHOICES), "letter:j": json.dumps(CHOICES), "enclosure:e1:0": PIECE}
    left, enclosures, pieces, chosen = move(settings)
    assert left == {"letter:j": settings["letter:j"].encode()}
    assert (len(enclosures), pieces, [row[0] for row in chosen]) == (1, [("e1", 0, PAGES)], ["i"])


@pytest.mark.parametrize("text", ["null", "7", '["a"]', '{"a": 1, "patients": 2, "x\\"y": 3}', "{"])
def test_an_odd_list_of_views_does_not_keep_the_records_from_opening(path, text):
    path.parent.mkdir()
    with closing(dbapi2.connect(str(path), isolation_level=None)) as connection:
        connection.execute(f"pragma application_id = {APPLICATION_ID}")
        make_old(connection, {"views": text})
        for name in ("a", 'x""y'):
            connection.execute(f'create view "{name}" as select 1')
    with open_store(path) as store:
        store.make_views({"a": {"entries": False, "question": "", "columns": ["fever"]}})
        assert len(store._rows("select * from a")) == 2


texts = st.text(max_size=5)
leaves = st.none() | st.booleans() | st.integers() | st.floats() | texts | st.just("\ud800")
anything = st.recursive(leaves, lambda each: st.lists(each, max_size=3) | st.dictionaries(texts, each, max_size=3))
ids = st.sampled_from(["e1", "e2", "e1:0", ""])
listings = st.builds(lambda name, more: LISTED | {"id": name} | more, ids, st.just({}) | st.just({"pages": 2}))
honest = st.builds(lambda listed: CHOICES | {"enclosures": listed}, st.lists(listings, max_size=3))
spoilt = st.builds(lambda one, name, value: one | {name: value}, honest, st.sampled_from([*CHOICES, "new"]), anything)
contents = st.binary(max_size=9).map(lambda content: b64encode(content).decode())
pieces = contents | contents | anything
names = st.builds("enclosure:{}:{}".format, ids, st.integers(0, 3) | st.sampled_from(["00", "x", ""]))
kept = st.dictionaries(names, pieces.map(json.dumps), max_size=8)
letters = (honest | spoilt | anything).map(json.dumps) | st.sampled_from(["", "{", '"', "nul"])
chosen_ = st.dictionaries(
    st.sampled_from(["letter:i", "letter:j", "letter:L", "letter:", "letter:zz", "views"]), letters
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault
@given(kept, chosen_)
def test_whatever_was_in_the_settings_is_there_still_or_in_the_tables(pieces, choices):
    left, enclosures, moved, chosen = move(pieces | choices)
    contents = {f"enclosure:{name}:{number}": content for name, number, content in moved}
    for key, value in pieces.items():
        assert left[key] == value.encode() if key in left else contents[key] == b64decode(json.loads(value))
    told = {f"letter:{row[0]}": [row[2], *map(json.loads, [row[1], *row[3:]])] for row in chosen}
    for key, value in choices.items():
        if key in left:
            assert left[key] == value.encode()
        elif key != "views":
            one = json.loads(value)
            listed = [[each["id"], each["title"]] for each in one["enclosures"]]
            assert told[key] == [one["why_again"], one["recipient"], one["copies"], one["left_out"], listed]
    assert {row[0] for row in moved} <= {row[0] for row in enclosures}
