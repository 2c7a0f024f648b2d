"""At 16 point text in the small window nothing of the wizard is cut."""

import pytest
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from intake_app.ui import theme
from intake_app.ui.flow_box import break_in_two
from intake_app.ui.patient_bar import PatientBar
from intake_app.ui.wizard import Wizard


@pytest.fixture
def wizard(qtbot, qapp, draft):
    usual = QFont(qapp.font())
    large = QFont(usual)
    large.setPointSizeF(16)
    qapp.setFont(large)
    theme.apply_theme(qapp, "light")
    wizard = Wizard(draft)
    qtbot.addWidget(wizard)
    wizard.resize(1024, 600)
    wizard.show()
    qtbot.waitExposed(wizard)
    while wizard._unbuilt:
        QApplication.processEvents()
    yield wizard
    qapp.setStyleSheet("")
    qapp.setFont(usual)


def test_the_buttons_of_the_foot_are_whole_on_every_page(wizard, qtbot):
    for page_id in wizard.pages:
        wizard.show_page(page_id)
        qtbot.wait(1)
        for button in (wizard.back_button, wizard.undo_button, wizard.next_button):
            assert button.width() >= button.sizeHint().width(), (page_id, button.text())
        line = wizard.saved_label
        assert line.height() >= line.heightForWidth(line.width())


def test_a_step_is_as_high_as_its_two_lines(wizard):
    for button in wizard.steps.buttons.values():
        labels = button.findChildren(QLabel)
        assert all(label.height() >= label.fontMetrics().height() for label in labels), button.page.id


def test_what_does_not_fit_of_a_step_is_told_by_dots_and_whole_to_a_screen_reader(wizard, draft):
    draft.save("leg_pain", "yes")
    button = wizard.steps.buttons["symptoms"]
    assert "answered" in button.accessibleName()
    words = [label.text() for label in button.findChildren(QLabel) if label.text().endswith("…")]
    assert words
    assert "answered" in button.toolTip()


def test_a_record_number_that_does_not_fit_ends_in_dots(wizard, qtbot, draft):
    bar = PatientBar()
    qtbot.addWidget(bar)
    bar.show_patient(draft.patient | {"record_number": "0" * 60}, draft.today)
    bar.resize(1024, 80)
    bar.show()
    qtbot.waitExposed(bar)
    assert bar._details.text().endswith("…")
    assert bar.text.endswith("0" * 60)
    assert bar._details.toolTip().endswith("0" * 60)
    assert wizard.isVisible()  # the text is large


def test_no_page_is_wider_than_its_place(wizard, qtbot):
    for page_id, page in wizard.pages.items():
        wizard.show_page(page_id)
        qtbot.wait(1)
        wide = [
            (button.text(), button.sizeHint().width())
            for button in page.findChildren(QPushButton)
            if button.isVisible() and button.sizeHint().width() > page.viewport().width()
        ]
        assert page.widget().width() <= page.viewport().width(), (page_id, wide)


@pytest.mark.parametrize(
    ("words", "broken"),
    [("one two three", "one two\nthree"), ("one", "one"), ("one\ntwo three", "one\ntwo three"), ("", "")],
)
def test_words_are_broken_in_two_lines(words, broken):
    assert break_in_two(words) == broken
