from datetime import date

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget

from intake_app import paths, questions, validation
from intake_app.letter.body_chart import body
from intake_app.ui import theme
from intake_app.ui.answer_widgets import make_widget

TODAY = date(2026, 11, 22)
QUESTION = questions.load(paths.resources()).by_id["pain_map"]


@pytest.fixture
def field(qtbot):
    field = make_widget(QUESTION, TODAY)
    qtbot.addWidget(field)
    field.resize(760, 600)
    field.show()
    field.activateWindow()
    qtbot.waitUntil(field.isActiveWindow)
    return field


@pytest.fixture
def heard(field):
    heard = []
    field.changed.connect(lambda: heard.append(field.value()))
    return heard


def press(qtbot, field, region):
    qtbot.mouseClick(field.figures, Qt.MouseButton.LeftButton, pos=place(field, region))


def place(field, region):
    return field.figures.place_of(region).toPoint()


def type_keys(qtbot, *keys):
    for key in keys:
        (qtbot.keyClicks if isinstance(key, str) else qtbot.keyClick)(QApplication.focusWidget(), key)


def test_nothing_is_marked_before_anybody_marks_it(field, heard):
    assert (field.value(), field.problem(), heard) == (None, "", [])


def test_a_press_on_any_part_marks_it_and_a_second_takes_it_back(field, heard, qtbot):
    for region in body().regions:
        press(qtbot, field, region.id)
        press(qtbot, field, region.id)
    assert heard == [told for region in body().regions for told in ([f"{region.id}:pain"], None)]


def test_the_quality_chosen_is_what_a_press_marks(field, qtbot):
    qtbot.mouseClick(field.tiles[1], Qt.MouseButton.LeftButton)
    press(qtbot, field, "right_calf")
    qtbot.mouseClick(field.tiles[3], Qt.MouseButton.LeftButton)
    press(qtbot, field, "right_calf")
    assert field.value() == ["right_calf:numbness", "right_calf:burning"]
    assert [tile.isChecked() for tile in field.tiles] == [False, False, False, True, False]


def test_a_press_beside_the_body_or_with_another_button_marks_nothing(field, heard, qtbot):
    qtbot.mouseClick(field.figures, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    qtbot.mouseClick(field.figures, Qt.MouseButton.RightButton, pos=place(field, "right_calf"))
    assert heard == []


def test_everything_can_be_done_by_keyboard_alone(field, heard, qtbot):
    field.focus_first()
    qtbot.keyClicks(field.parts, "left b")
    assert field.parts.current() == "left_buttock"
    type_keys(qtbot, "1", "2", "1")
    type_keys(qtbot, Qt.Key.Key_Down, Qt.Key.Key_Space)
    assert heard[:3] == [
        ["left_buttock:pain"],
        ["left_buttock:pain", "left_buttock:numbness"],
        ["left_buttock:numbness"],
    ]
    assert field.value() == ["left_buttock:numbness", "right_thigh_back:pain"]
    type_keys(qtbot, Qt.Key.Key_Backspace)
    assert field.value() == ["left_buttock:numbness"]
    with qtbot.waitSignal(field.advanced):
        type_keys(qtbot, Qt.Key.Key_Return)


def test_a_space_inside_a_name_that_is_being_typed_marks_nothing(field, heard, qtbot):
    field.focus_first()
    qtbot.keyClicks(field.parts, "right calf")
    assert heard == []
    assert field.parts.current() == "right_calf"


def test_the_list_says_what_is_marked_and_goes_to_what_is_pressed(field, qtbot):
    press(qtbot, field, "right_heel")
    assert field.parts.currentItem().text() == "Right heel or sole: pain"
    field.set_value(["right_calf:numbness", "right_calf:weakness"])
    texts = [field.parts.item(row).text() for row in range(field.parts.count())]
    assert "Right calf: numbness, weakness" in texts
    assert "Right heel or sole" in texts


def test_every_part_of_the_drawing_is_on_the_list(field):
    keys = [field.parts.item(row).data(Qt.ItemDataRole.UserRole) for row in range(field.parts.count())]
    assert keys == [region.id for region in body().regions]


@pytest.mark.parametrize("value", [["right_calf:numbness"], ["left_buttock:pain", "right_calf:burning"]])
def test_an_answer_is_shown_and_returned_unchanged_and_told_to_nobody(field, heard, value):
    assert validation.problem(QUESTION, value, TODAY) is None
    field.set_value(value)
    assert (field.value(), heard) == (value, [])
    field.set_value(None)
    assert (field.value(), heard) == (None, [])


def test_whatever_is_marked_can_be_saved(field, qtbot):
    for number, region in enumerate(body().regions):
        field.parts.show_part(region.id)
        qtbot.keyClicks(field.parts, str(number % 5 + 1))
    assert validation.problem(QUESTION, field.value(), TODAY) is None
    assert len(field.value()) == len(body().regions)


def test_the_screen_reader_hears_names_and_the_sentence(field):
    for part in [child for child in field.findChildren(QWidget) if child.focusPolicy() & Qt.FocusPolicy.TabFocus]:
        assert part.accessibleName() or QAccessible.queryAccessibleInterface(part).text(QAccessible.Text.Name), part
    field.set_value(["right_calf:numbness"])
    assert field.figures.accessibleDescription() == "Body chart: right calf: numbness."
    assert QUESTION.label in field.parts.accessibleName()


def test_the_part_below_the_pointer_is_named_with_its_usual_dermatomes(field, qtbot):
    qtbot.mouseMove(field.figures, place(field, "right_shin_outer"))
    qtbot.waitUntil(lambda: field.words.text().startswith("Right shin, outer side · usual dermatomes: L5\n"))
    qtbot.mouseMove(field.figures, QPoint(2, 2))
    qtbot.waitUntil(lambda: "L5" not in field.words.text())


def test_what_each_key_marks_stands_beneath_the_list(field):
    field.focus_first()
    keys = "Keys here: 1 pain, 2 numbness, 3 pins and needles, 4 burning, 5 weakness; Backspace clears."
    assert field.words.text() == f"Head\n{keys}"


def ink_around(field, region):
    """Return the share of pixels around the middle of a part that stand out from the ground."""
    image = field.figures.grab().toImage()
    middle = QPointF(place(field, region)) * image.devicePixelRatio()
    ground = image.pixelColor(0, 0).lightness()
    spots = [(int(middle.x()) + dx, int(middle.y()) + dy) for dx in range(-6, 7) for dy in range(-6, 7)]
    return sum(abs(image.pixelColor(*spot).lightness() - ground) > 90 for spot in spots) / len(spots)


@pytest.fixture
def dress(qapp):
    yield lambda look: theme.apply_theme(qapp, look)
    theme.apply_theme(qapp, "light")


@pytest.mark.parametrize("quality", body().qualities)
@pytest.mark.parametrize("look", ["light", "dark"])
def test_a_mark_is_seen_in_both_themes(dress, field, look, quality):
    dress(look)
    field.set_value(None)
    assert ink_around(field, "left_thigh_back") < 0.02
    field.set_value([f"left_thigh_back:{quality}"])
    assert ink_around(field, "left_thigh_back") > 0.05


def test_the_part_that_the_list_is_at_is_lit_up(field):
    before = field.figures.grab().toImage()
    field.parts.show_part("left_calf")
    assert field.figures.grab().toImage() != before


def test_the_list_stands_beside_the_figures_only_where_there_is_room(field, qtbot):
    assert field.parts.x() > field.figures.geometry().right()
    field.resize(480, 900)
    qtbot.waitUntil(lambda: field.parts.y() > field.figures.geometry().bottom())


def test_undo_takes_a_mark_back(wizard, qtbot):
    wizard.show_question("pain_map")
    field = wizard.page.column.rows["pain_map"].widget
    qtbot.mouseClick(field.figures, Qt.MouseButton.LeftButton, pos=place(field, "right_calf"))
    assert wizard.draft.answers["pain_map"] == ["right_calf:pain"]
    assert wizard.draft.store.answers(wizard.draft.intake_id)["pain_map"] == ["right_calf:pain"]
    assert wizard.draft.undo() == "pain_map"
    assert field.value() is None
