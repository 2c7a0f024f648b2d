import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from intake_app.errors import UserError
from intake_app.ui.entry_list import EntryList
from intake_app.ui.item_texts import find_texts

LINES = [f"Invented statement {number}, <b>as the clinic has it</b>" for number in range(1, 25)]


@pytest.fixture
def items(tmp_path, monkeypatch):
    """Return the folder for the clinic's own item texts."""
    monkeypatch.setenv("INTAKE_DATA", str(tmp_path))
    folder = tmp_path / "items"
    folder.mkdir()
    return folder


@pytest.fixture
def open_score(qtbot, questionnaire, draft, items):
    """Return a function that adds a score of an instrument and returns the rows of its fields."""
    assert items

    def add(instrument):
        scores = EntryList(questionnaire.by_id["scores"], draft)
        qtbot.addWidget(scores)
        scores.resize(620, 900)
        scores.show()
        scores.add()
        [card] = scores.cards.values()
        draft.save("instrument", instrument, card.entry_id)
        card.column.build()
        return card.column.rows

    return add


def labels(row):
    return [label.text() for label in row.findChildren(QLabel)]


def test_the_words_of_the_clinics_file_stand_beside_the_numbers(open_score, items, qtbot, draft):
    (items / "rmdq.txt").write_text("\n\n".join(LINES), "utf-8")
    row = open_score("rmdq")["rmdq_items"]
    assert [text for text in labels(row) if text in LINES] == LINES
    tile = row.widget.tiles[6]
    assert (tile.words, tile.accessibleName()) == ("7", f"7: {LINES[6]}")
    words = next(label for label in row.findChildren(QLabel) if label.text() == LINES[6])
    qtbot.mouseClick(words, Qt.MouseButton.LeftButton)
    assert draft.entries("scores")[0]["rmdq_items"] == ["7"]


def test_long_words_wrap_beside_their_number(open_score, items, qtbot):
    (items / "rmdq.txt").write_text("\n".join(["word " * 60] * 24), "utf-8")
    row = open_score("rmdq")["rmdq_items"]
    qtbot.wait(50)
    widths = [label.width() for label in row.findChildren(QLabel) if "word" in label.text()]
    assert len(widths) == 24
    assert max(widths) < 620


def test_each_item_of_a_short_form_has_its_words(open_score, items):
    (items / "phq2.toml").write_text('items = ["Invented one", "Invented two"]', "utf-8")
    rows = open_score("phq2")
    assert "Invented one" in labels(rows["phq2_item_1"])
    assert "Invented two" in labels(rows["phq2_item_2"])


def test_without_a_file_there_are_the_numbers(open_score):
    row = open_score("rmdq")["rmdq_items"]
    assert [tile.words for tile in row.widget.tiles][:3] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("rmdq.txt", b"one\ntwo\n", "has 2 items, and 24 are needed"),
        ("rmdq.txt", b"\xff\xfe\x00", "is not a text in UTF-8"),
        ("rmdq.txt", b"x" * 200_000, "is too large"),
        ("rmdq.toml", b"items = [", "cannot be read"),
        ("rmdq.toml", b"items = 3", "has no list of texts"),
        ("rmdq.toml", b'items = ["", "two"]', "has no list of texts"),
        ("rmdq.toml", b"", "has no list of texts"),
    ],
)
def test_a_damaged_file_is_told_and_the_numbers_still_work(open_score, items, draft, name, content, why):
    (items / name).write_bytes(content)
    row = open_score("rmdq")["rmdq_items"]
    [sentence] = [text for text in labels(row) if f"items/{name}" in text]
    assert why in sentence
    assert "numbers can be used" in sentence
    row.widget.tiles[2].click()
    assert draft.entries("scores")[0]["rmdq_items"] == ["3"]


def test_a_file_that_cannot_be_opened_is_told(questionnaire, items):
    scores = questionnaire.by_id["scores"]
    field = next(f for f in scores.fields if f.id == "rmdq_items")
    (items / "rmdq.txt").symlink_to(items / "gone")
    assert find_texts(scores, field, items) == {}
    (items / "rmdq.txt").unlink()
    (items / "rmdq.txt").write_text("one", "utf-8")
    with pytest.raises(UserError, match="has 1 item, and 24 are needed"):
        find_texts(scores, field, items)
