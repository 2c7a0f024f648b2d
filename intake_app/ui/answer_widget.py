"""What every widget for an answer has in common, and the plain label they are built with."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

if TYPE_CHECKING:  # the first picture needs labels and no questions
    from intake_app.questions import Answer, Question


class AnswerWidget(QWidget):
    """A widget for one question. It knows the answer and not where answers go.

    `value` is the last answer that can be saved, None when blank. While `problem` is not "", what stands in the
    widget is something else that cannot be saved, and the sentence says why.
    """

    changed = Signal()  # value or problem are new; typing counts after a short pause or on leaving
    advanced = Signal()  # the person is done here and goes on by keyboard

    def __init__(self, question: "Question") -> None:
        super().__init__()
        self.question = question

    def value(self) -> "Answer":
        """Return the answer as the store keeps it, or None."""
        raise NotImplementedError

    def set_value(self, value: "Answer") -> None:
        """Show an answer, or none, without telling anybody."""
        raise NotImplementedError

    def problem(self) -> str:
        """Return why what was typed cannot be saved; "" if it can."""
        return ""

    def is_unsaved(self) -> bool:
        """Tell whether something stands here that cannot be saved and would be gone with the widget."""
        return bool(self.problem())

    def is_typing(self) -> bool:
        """Tell whether something was typed that has not been told yet."""
        return False

    def focus_first(self) -> None:
        """Put the keyboard where the answer begins."""
        raise NotImplementedError

    def flush(self) -> None:
        """Tell at once what a pause would have told."""


def make_label(text: str = "", role: str = "", *, wrap: bool = True) -> QLabel:
    """Return a label that shows its text as it is written, never as HTML; `role` is its look in style.qss."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    # Absolute: an Arabic name stands where a Latin one would, and not at the far side of its column.
    label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute)
    label.setWordWrap(wrap)
    if role:
        label.setProperty("role", role)
    if wrap:
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    return label


def set_look(widget: QWidget, **properties: object) -> None:
    """Set properties that style.qss looks at, and let the style look again if one is new; one never set is off."""
    if all((widget.property(name) or False) == (value or False) for name, value in properties.items()):
        return
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def set_shown(widget: QWidget, *, shown: bool) -> None:
    """Show or hide a widget; asking first is much quicker than doing it again."""
    # A new widget is hidden, too, but the layout it is put into shows it soon unless it was told to hide.
    was_told = widget.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide)
    if widget.isHidden() == shown or not was_told:
        widget.setVisible(shown)


def lead_tab(before: QWidget, rows: Iterable[QWidget]) -> None:
    """Have Tab go from a widget to what is in these rows: left to Qt, what was made last comes last in the window."""
    for row in rows:
        for widget in row.findChildren(QWidget):
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                QWidget.setTabOrder(before, widget)
                before = widget


def escape_mnemonic(text: str) -> str:
    """Return a text for a button on which & is just a character."""
    return text.replace("&", "&&")


def escape_tip(text: str) -> str:
    """Return a text for a tool tip, where Qt takes for HTML what looks like it: a blank of no width parts a tag."""
    return text.replace("<", "<\u200b")
