from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication

from intake_app.questions import Question
from intake_app.ui.answer_widgets import make_widget

OPTIONS = (("knee", "Knee"), ("ankle", "Ankle"), ("thumb", "Thumb"), ("none", "None of these"))


@pytest.fixture
def make(qtbot):
    def make_shown(type_, **more):
        question = Question(**{"id": "q", "type": type_, "text": "Which?", "label": "Part", **more})
        widget = make_widget(question, date(2026, 11, 22))
        qtbot.addWidget(widget)
        widget.show()
        widget.activateWindow()
        qtbot.waitUntil(widget.isActiveWindow)
        widget.focus_first()
        return widget

    return make_shown


def press(qtbot, *keys):
    for key in keys:
        qtbot.keyClick(QApplication.focusWidget(), key)


@pytest.mark.parametrize(("key", "answer"), [("y", "yes"), ("n", "no"), ("u", "unsure")])
def test_letters_answer_and_go_on(make, qtbot, key, answer):
    widget = make("yes_no")
    with qtbot.waitSignals([widget.changed, widget.advanced], order="strict"):
        press(qtbot, key)
    assert widget.value() == answer


def test_pressing_the_answer_again_takes_it_back(make, qtbot):
    widget = make("yes_no")
    qtbot.mouseClick(widget.tiles[0], Qt.MouseButton.LeftButton)
    assert (widget.value(), widget.tiles[0].isChecked()) == ("yes", True)
    qtbot.mouseClick(widget.tiles[0], Qt.MouseButton.LeftButton)
    assert (widget.value(), widget.tiles[0].isChecked()) == (None, False)


@pytest.mark.parametrize("key", [Qt.Key.Key_Backspace, Qt.Key.Key_Delete])
def test_backspace_and_delete_take_the_answer_back(make, qtbot, key):
    widget = make("yes_no")
    widget.set_value("no")
    press(qtbot, key)
    assert widget.value() is None


def test_arrows_move_and_only_space_answers(make, qtbot):
    widget = make("choice", options=OPTIONS)
    press(qtbot, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left)
    assert (widget.value(), QApplication.focusWidget()) == (None, widget.tiles[1])
    press(qtbot, Qt.Key.Key_Space)
    assert widget.value() == "ankle"


def test_enter_goes_on_and_answers_nothing(make, qtbot):
    widget = make("choice", options=OPTIONS)
    with qtbot.waitSignal(widget.advanced):
        press(qtbot, Qt.Key.Key_Return)
    assert widget.value() is None


def test_the_first_letters_find_an_option(make, qtbot):
    widget = make("choice", options=OPTIONS)
    press(qtbot, "t", "h")
    assert (QApplication.focusWidget(), widget.value()) == (widget.tiles[2], None)


def test_a_group_is_one_stop_for_tab(make, qtbot):
    widget = make("choices", options=OPTIONS)
    press(qtbot, Qt.Key.Key_Right)
    stops = [tile for tile in widget.tiles if tile.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert stops == [widget.tiles[1]]


def test_an_option_that_stands_alone_clears_the_others_and_is_cleared_by_them(make, qtbot):
    widget = make("choices", options=OPTIONS, alone=("none",))
    for at, expected in [(1, ["ankle"]), (0, ["knee", "ankle"]), (3, ["none"]), (2, ["thumb"]), (2, None)]:
        qtbot.mouseClick(widget.tiles[at], Qt.MouseButton.LeftButton)
        assert widget.value() == expected
        assert [tile.key for tile in widget.tiles if tile.isChecked()] == (expected or [])


@pytest.mark.parametrize(
    ("keys", "answer"), [("7", 7), ("0", 0), ("1", 1), ("10", 10), ("110", 10), ("12", 2), ("107", 7), ("x", None)]
)
def test_digits_answer_a_scale(make, qtbot, keys, answer):
    widget = make("scale", min=0, max=10)
    press(qtbot, *keys)
    assert widget.value() == answer


def test_a_screen_reader_hears_radio_buttons_and_check_boxes(make):
    one, many = make("choice", options=OPTIONS), make("choices", options=OPTIONS)
    roles = [QAccessible.queryAccessibleInterface(widget.tiles[0]).role() for widget in (one, many)]
    assert roles == [QAccessible.Role.RadioButton, QAccessible.Role.CheckBox]


def test_an_option_that_is_no_longer_offered_is_kept_until_another_is_chosen(make):
    widget = make("choice", options=OPTIONS)
    widget.set_value("elbow")
    assert (widget.value(), [tile.isChecked() for tile in widget.tiles]) == ("elbow", [False] * 4)


def test_an_ampersand_is_shown_as_it_is(make):
    widget = make("choice", options=(("a", "Cold & heat"),))
    assert widget.tiles[0].text() == "Cold && heat"
