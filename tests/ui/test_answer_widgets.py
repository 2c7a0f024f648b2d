import unicodedata
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QPushButton, QWidget

from intake_app import codes, validation
from intake_app.questions import Question
from intake_app.ui.answer_widget import make_label
from intake_app.ui.answer_widgets import make_widget

TODAY = date(2026, 11, 22)
OPTIONS = (("a", "First"), ("b", "Second & last"), ("none", "None of these"))
LONG_OPTIONS = tuple((f"o{n}", f"A long option with the number {n}") for n in range(20))


def ask(type_, **more):
    given = {"id": "question", "type": type_, "text": "A question?", "label": "Question"}
    defaults = {
        "yes_no": {"options": (("yes", "Yes"), ("no", "No"), ("unsure", "Patient unsure")), "unsure": ("unsure",)},
        "choice": {"options": OPTIONS},
        "choices": {"options": OPTIONS, "alone": ("none",)},
        "scale": {"min": 0, "max": 10},
        "number": {"min": 0, "max": 500, "decimals": 1, "unit": "cm"},
        "text": {"max_length": 300},
        "long_text": {"max_length": 4000},
    }
    return Question(**{**given, **defaults.get(type_, {}), **more})


VALUES = {
    "yes_no": ["yes", "no", "unsure"],
    "choice": ["a", "b", "none"],
    "choices": [["a"], ["a", "b"], ["none"]],
    "scale": [0, 1, 10],
    "number": [0, 12, 37.5, 500],
    "text": ["leg", "«Ça brûle» & <b>more</b>", "王小明 пациент"],
    "long_text": ["one", "two\nlines", "no\u00a0break"],
    "date": ["2026", "2026-05", "1956-05-03"],
    "code": ["M51.26"],
}
CASES = [(type_, value) for type_, values in VALUES.items() for value in values]


@pytest.fixture
def make(qtbot):
    def make_shown(question):
        widget = make_widget(question, TODAY)
        qtbot.addWidget(widget)
        widget.show()
        widget.activateWindow()
        return widget

    return make_shown


@pytest.fixture
def told():
    """Return a function that listens to a widget and lists what it told."""

    def listen(widget):
        heard = []
        widget.changed.connect(lambda: heard.append((widget.value(), widget.problem())))
        return heard

    return listen


@pytest.mark.parametrize("type_", VALUES)
def test_a_new_widget_is_blank(make, type_):
    widget = make(ask(type_))
    assert (widget.value(), widget.problem()) == (None, "")


@pytest.mark.parametrize(("type_", "value"), CASES)
def test_every_type_shows_and_returns_an_answer_unchanged(make, told, type_, value):
    widget = make(ask(type_))
    heard = told(widget)
    widget.set_value(value)
    widget.flush()
    assert (widget.value(), widget.problem(), heard) == (value, "", [])
    widget.set_value(None)
    assert (widget.value(), heard) == (None, [])


@pytest.mark.parametrize("type_", VALUES)
def test_every_focusable_part_has_a_name(make, type_):
    widget = make(ask(type_))
    for part in [child for child in widget.findChildren(QWidget) if child.focusPolicy() != Qt.FocusPolicy.NoFocus]:
        if isinstance(part, QPushButton | QLineEdit | QPlainTextEdit):
            assert "uestion" in part.accessibleName()


@pytest.mark.parametrize("type_", VALUES)
def test_the_wheel_changes_nothing(make, told, type_):
    widget = make(ask(type_))
    widget.set_value(VALUES[type_][0])
    heard = told(widget)
    for part in [widget, *widget.findChildren(QWidget)]:
        event = QWheelEvent(
            QPointF(5, 5), QPointF(5, 5), QPoint(0, 0), QPoint(0, -120), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,  # noqa: FBT003  Qt's own
        )  # fmt: skip
        QApplication.sendEvent(part, event)
    assert (widget.value(), heard) == (VALUES[type_][0], [])


def test_a_choice_with_many_options_is_typed_and_not_tiled(make):
    assert make(ask("choice")).findChildren(QPushButton)
    assert not make(ask("choice", options=LONG_OPTIONS)).findChildren(QPushButton)


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=60)


def can_be_seen(text):
    return any(unicodedata.category(character)[0] not in "CZ" for character in text)


ANY_VALUE = st.one_of(
    st.tuples(st.just("yes_no"), st.sampled_from(VALUES["yes_no"])),
    st.tuples(st.just("choice"), st.sampled_from(VALUES["choice"])),
    st.tuples(st.just("choices"), st.sampled_from(VALUES["choices"])),
    st.tuples(st.just("scale"), st.integers(0, 10)),
    st.tuples(st.just("number"), st.integers(0, 5000).map(lambda n: n / 10 if n % 10 else n // 10)),
    st.tuples(st.just("text"), TEXTS.map(str.strip).filter(can_be_seen)),
    st.tuples(st.just("long_text"), st.lists(TEXTS, min_size=1).map("\n".join).map(str.strip).filter(can_be_seen)),
    st.tuples(st.just("date"), st.dates(date(1900, 1, 1), TODAY).map(date.isoformat)),
    st.tuples(st.just("date"), st.dates(date(1900, 1, 1), TODAY).map(lambda day: day.isoformat()[:7])),
    st.tuples(st.just("code"), st.sampled_from(sorted(codes.all_codes()))),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANY_VALUE)
@pytest.mark.usefixtures("qapp")
def test_showing_an_answer_again_changes_nothing(given_):
    type_, value = given_
    question = ask(type_)
    assert validation.problem(question, value, TODAY) is None
    widget = make_widget(question, TODAY)
    widget.set_value(value)
    widget.set_value(widget.value())
    widget.flush()
    assert (widget.value(), widget.problem()) == (value, "")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["number", "text", "date", "code"]), TEXTS)
@pytest.mark.usefixtures("qapp")
def test_whatever_is_typed_is_an_answer_or_told_and_never_destroys_the_one_before(type_, typed):
    question = ask(type_)
    widget = make_widget(question, TODAY)
    before = VALUES[type_][0]
    widget.set_value(before)
    widget.take_text(typed)
    if widget.problem():
        assert (widget.value(), widget.line.text()) == (before, typed)
    elif widget.value() is None:
        assert not typed.strip()
    else:
        assert validation.problem(question, widget.value(), TODAY) is None


def test_typing_is_told_after_a_pause(make, told, qtbot):
    widget = make(ask("text"))
    heard = told(widget)
    qtbot.keyClicks(widget.line, "leg")
    assert heard == []
    qtbot.waitUntil(lambda: heard == [("leg", "")])


def test_typing_is_no_answer_before_the_pause(make, qtbot):
    widget = make(ask("number"))
    qtbot.keyClicks(widget.line, "90")
    assert widget.value() is None
    widget.flush()
    assert widget.value() == 90


@pytest.mark.parametrize(
    ("type_", "before", "prefix", "rest"),
    [("date", "1970-01-01", "1956-05-3", "2"), ("number", None, "50", "0000"), ("number", 12, "50", "0000")],
)
def test_the_beginning_of_what_cannot_be_is_never_the_answer_however_slowly_it_is_typed(
    make, told, qtbot, type_, before, prefix, rest
):
    widget = make(ask(type_))
    widget.set_value(before)
    heard = told(widget)
    widget.line.selectAll()
    qtbot.keyClicks(widget.line, prefix)
    widget.flush()
    assert heard.pop() != (before, "")
    qtbot.keyClicks(widget.line, rest)
    widget.flush()
    assert widget.value() == before
    assert widget.problem()
    assert widget.line.text() == prefix + rest
    assert heard == [(before, widget.problem())]


def test_what_a_visit_ended_with_is_kept_in_the_next(make, qtbot):
    widget = make(ask("number"))
    widget.take_text("50")
    qtbot.keyClicks(widget.line, "0000")
    widget.flush()
    assert (widget.value(), widget.line.text()) == (50, "500000")


def test_typing_is_told_on_leaving(make, told, qtbot):
    widget = make(ask("text"))
    heard = told(widget)
    qtbot.keyClicks(widget.line, "leg")
    widget.hide()
    assert heard == [("leg", "")]


def test_enter_tells_and_goes_on(make, told, qtbot):
    widget = make(ask("text"))
    heard = told(widget)
    qtbot.keyClicks(widget.line, "leg")
    with qtbot.waitSignal(widget.advanced):
        qtbot.keyClick(widget.line, Qt.Key.Key_Return)
    assert heard == [("leg", "")]


def test_wrong_typing_is_told_stays_and_keeps_the_earlier_answer(make, told):
    widget = make(ask("date"))
    widget.set_value("2026-05")
    heard = told(widget)
    widget.take_text("30 February 2026")
    assert heard == [("2026-05", "Give a date as 2026-05-03, 2026-05 or 2026.")]
    assert widget.line.text() == "30 February 2026"
    assert widget.line.property("state") == "problem"


def test_escape_puts_the_saved_answer_back(make, qtbot):
    widget = make(ask("date"))
    widget.set_value("2026-05")
    widget.take_text("nonsense")
    qtbot.keyClick(widget.line, Qt.Key.Key_Escape)
    assert (widget.value(), widget.problem(), widget.line.text()) == ("2026-05", "", "May 2026")


def test_emptying_a_field_takes_the_answer_back(make, told):
    widget = make(ask("number"))
    widget.set_value(12)
    heard = told(widget)
    widget.take_text("")
    assert heard == [(None, "")]


@pytest.mark.parametrize("type_", ["text", "number", "date", "code"])
def test_a_huge_paste_into_a_line_is_refused_aloud_and_keeps_what_was_there(make, type_):
    widget = make(ask(type_))
    widget.set_value(VALUES[type_][0])
    before = widget.line.text()
    QGuiApplication.clipboard().setText("x" * 1_000_000)
    widget.line.selectAll()
    widget.line.paste()
    widget.flush()
    assert (widget.line.text(), widget.value()) == (before, VALUES[type_][0])
    assert "kept" in widget.problem()


def test_a_huge_paste_into_a_long_text_is_refused_aloud_and_keeps_what_was_there(make):
    widget = make(ask("long_text"))
    widget.set_value("The leg.")
    QGuiApplication.clipboard().setText("x" * 1_000_000)
    widget.edit.paste()
    widget.flush()
    assert (widget.edit.toPlainText(), widget.value()) == ("The leg.", "The leg.")
    assert "1,000,000 characters" in widget.problem()
    widget.edit.insertPlainText("Both. ")
    widget.flush()
    assert (widget.value(), widget.problem()) == ("Both. The leg.", "")


@pytest.mark.parametrize("type_", ["text", "long_text"])
def test_a_text_above_the_limit_stays_whole_and_is_told(make, type_):
    question = ask(type_)
    widget = make(question)
    text = "x" * (question.max_length + 1)
    QGuiApplication.clipboard().setText(text)
    part = widget.findChild(QLineEdit) or widget.findChild(QPlainTextEdit)
    part.paste()
    widget.flush()
    assert (part.text() if type_ == "text" else part.toPlainText()) == text
    assert f"{question.max_length + 1:,} characters" in widget.problem()
    assert widget.value() is None


def test_lines_pasted_into_a_line_become_one(make):
    widget = make(ask("text"))
    QGuiApplication.clipboard().setText("first\nsecond\tthird")
    widget.line.paste()
    widget.flush()
    assert (widget.value(), widget.problem()) == ("first second third", "")


def test_tab_leaves_a_long_text(make):
    widget = make(ask("long_text"))
    assert widget.edit.tabChangesFocus()


def test_a_long_text_grows_with_its_words(make):
    widget = make(ask("long_text"))
    before = widget.edit.height()
    widget.set_value("line\n" * 9)
    assert widget.edit.height() > before


def test_a_long_text_is_told_on_leaving(make, told, qtbot):
    widget = make(ask("long_text"))
    heard = told(widget)
    qtbot.keyClicks(widget.edit, "leg")
    widget.hide()
    assert heard == [("leg", "")]


def test_control_enter_leaves_a_long_text(make, told, qtbot):
    widget = make(ask("long_text"))
    heard = told(widget)
    qtbot.keyClicks(widget.edit, "leg")
    with qtbot.waitSignal(widget.advanced):
        qtbot.keyClick(widget.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert heard == [("leg", "")]


def test_an_arabic_name_stands_where_a_latin_one_would(qtbot):
    def left_edge(text):
        label = make_label(text)
        qtbot.addWidget(label)
        label.resize(600, 30)
        picture = label.grab().toImage()
        ink = picture.pixelColor(599, 0)
        return next(x for x in range(600) if any(picture.pixelColor(x, y) != ink for y in range(30)))

    assert left_edge("محمد عبد الله") <= left_edge("Anna") + 4
