import pytest
from PySide6.QtCore import Qt

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
    assert code.echo.text() == f"{codes.words('M51.26')} ({codes.release()})"


def test_a_code_that_is_not_on_the_list_is_told(code):
    code.take_text("M99.999")
    assert code.value() is None
    assert codes.release() in code.problem()


@pytest.mark.parametrize("typed", ["m51.26", "m5126", "slipped disc lumbar"])
def test_codes_are_found_by_code_and_by_words(code, typed):
    assert f"M51.26  {codes.words('M51.26')}" in code.list_found(typed)


def test_choosing_a_group_of_codes_shows_what_it_divides_into(code, qtbot):
    qtbot.keyClicks(code.line, "m51.2")
    qtbot.keyClick(code.popup, Qt.Key.Key_Return)
    assert code.value() is None
    assert suggestions(code) == [f"{match.code}  {match.words}" for match in codes.narrower("M51.2")]
    qtbot.keyClick(code.popup, Qt.Key.Key_Return)
    assert code.value() == codes.narrower("M51.2")[0].code


def test_nothing_found_shows_nothing(code, qtbot):
    qtbot.keyClicks(code.line, "zzzz")
    assert suggestions(code) == []


def test_choosing_a_code_keeps_the_code(code, qtbot):
    qtbot.keyClicks(code.line, "m51.26")
    qtbot.keyClick(code.popup, Qt.Key.Key_Return)
    assert code.value() == "M51.26"


def test_folding_forgets_accents_and_marks():
    assert fold("  Ménière's (L4-L5)  ") == "meniere s l4 l5"
