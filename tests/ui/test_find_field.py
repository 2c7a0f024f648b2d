import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from intake_app import codes
from intake_app.questions import Question
from intake_app.ui.find_field import CodeField, OptionField, fold

OPTIONS = (
    ("nsaid", "Anti-inflammatory medicine (NSAID)"),
    ("esi", "Epidural steroid injection"),
    ("facet", "Facet injection"),
    ("other", "Other"),
)


@pytest.fixture
def options(qtbot):
    return shown(qtbot, OptionField(Question(id="q", type="choice", text="What?", label="Kind", options=OPTIONS)))


@pytest.fixture
def code(qtbot):
    return shown(qtbot, CodeField(Question(id="q", type="code", text="Code?", label="Code", max_length=12)))


def shown(qtbot, widget):
    qtbot.addWidget(widget)
    widget.show()
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow)
    widget.focus_first()
    return widget


def suggestions(widget):
    return widget._model.stringList() if widget.popup.isVisible() else []


def test_the_beginnings_of_words_find_an_option_and_enter_takes_it(options, qtbot):
    qtbot.keyClicks(options.line, "inj")
    assert suggestions(options) == ["Epidural steroid injection", "Facet injection"]
    with qtbot.waitSignals([options.changed, options.advanced]):
        qtbot.keyClick(options.popup, Qt.Key.Key_Down)
        qtbot.keyClick(options.popup, Qt.Key.Key_Return)
    assert (options.value(), options.line.text()) == ("facet", "Facet injection")


def test_the_arrow_down_shows_everything(options, qtbot):
    qtbot.keyClick(options.line, Qt.Key.Key_Down)
    assert suggestions(options) == [words for _, words in OPTIONS]


def test_the_arrow_down_shows_everything_also_beside_an_answer(options, qtbot):
    options.set_value("facet")
    qtbot.keyClick(options.line, Qt.Key.Key_Down)
    assert len(suggestions(options)) == len(OPTIONS)


def test_the_list_goes_with_the_field(options, qtbot):
    qtbot.keyClick(options.line, Qt.Key.Key_Down)
    options.hide()
    assert not options.popup.isVisible()


def test_words_that_are_no_option_are_told(options):
    options.set_value("other")
    options.take_text("magnets")
    assert (options.value(), options.line.text()) == ("other", "magnets")
    assert "not on the list" in options.problem()


def test_capitals_and_marks_do_not_matter(options):
    options.take_text("anti inflammatory medicine nsaid")
    assert options.value() == "nsaid"


def test_an_option_that_is_no_longer_offered_is_kept_and_shown(options):
    options.set_value("leeches")
    assert (options.value(), options.line.text()) == ("leeches", "leeches")


@pytest.mark.parametrize("typed", ["m51.26", "M5126", "M51.26  anything after it"])
def test_a_code_is_known_with_and_without_its_point(code, typed):
    code.take_text(typed)
    assert (code.value(), code.problem()) == ("M51.26", "")
    assert code.echo.text() == codes.words("M51.26")


def test_a_code_that_is_not_on_the_list_is_told(code):
    code.take_text("M99.999")
    assert code.value() is None
    assert codes.release() in code.problem()


@pytest.mark.parametrize("typed", ["m51.26", "m5126", "slipped disc lumbar"])
def test_codes_are_found_by_code_and_by_words(code, typed):
    assert f"M51.26  {codes.words('M51.26')}" in code.list_found(typed)


def test_the_release_stands_beside_the_picker(code):
    assert any(codes.release() in label.text() and label.isVisible() for label in code.findChildren(QLabel))


def test_a_group_is_kept_as_a_draft_and_asks_for_what_it_lacks(code, qtbot):
    qtbot.keyClicks(code.line, "m48.06")
    qtbot.keyClick(code.popup, Qt.Key.Key_Return)
    assert (code.value(), code.problem()) == ("M48.06", "")
    assert "with or without neurogenic claudication" in code.lacking()
    assert code.choices.tiles[0].words == "Without neurogenic claudication"
    assert code.choices.tiles[0].hasFocus()


def test_the_choices_complete_a_code_by_keyboard(code, qtbot):
    code.take_line("M48")
    for key in ("s", " "):  # Spinal stenosis
        qtbot.keyClicks(QApplication.focusWidget(), key)
    assert code.value() == "M48.0"
    for key in ("lower", " "):
        qtbot.keyClicks(QApplication.focusWidget(), key)
    assert code.value() == "M48.06"
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
    with qtbot.waitSignal(code.advanced):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    assert (code.value(), code.lacking(), code.choices) == ("M48.062", "", None)


def test_an_incomplete_code_holds_nobody_back(code, qtbot):
    code.take_line("M54.4")
    with qtbot.waitSignal(code.advanced):
        qtbot.keyClick(code.choices.tiles[0], Qt.Key.Key_Return)
    assert code.value() == "M54.4"


def test_a_draft_code_asks_again_when_it_is_shown(code):
    code.set_value("M54.4")
    assert "the side" in code.lacking()
    code.set_value("M54.41")
    assert code.lacking() == ""
    code.set_value(None)
    assert (code.lacking(), code.line.text()) == ("", "")


def test_typing_over_a_group_takes_its_choices_away(code):
    code.take_line("M54.4")
    code.take_text("M54.4x")
    assert (code.choices, bool(code.problem())) == (None, True)


def test_codes_used_lately_come_first(code, qtbot):
    code.recent = lambda: ("M54.2", "M51.27")
    qtbot.keyClick(code.line, Qt.Key.Key_Down)
    assert [line.split()[0] for line in suggestions(code)] == ["M54.2", "M51.27"]
    qtbot.keyClicks(code.line, "m51.2")
    assert suggestions(code)[0].startswith("M51.27")


def test_nothing_found_shows_nothing(code, qtbot):
    qtbot.keyClicks(code.line, "zzzz")
    assert suggestions(code) == []


def test_choosing_a_code_keeps_the_code(code, qtbot):
    qtbot.keyClicks(code.line, "m51.26")
    qtbot.keyClick(code.popup, Qt.Key.Key_Return)
    assert code.value() == "M51.26"


def test_folding_forgets_accents_and_marks():
    assert fold("  Ménière's (L4-L5)  ") == "meniere s l4 l5"
