"""Every key that does something, on F1."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from intake_app.ui.answer_widget import make_label
from intake_app.ui.messages import make_button

BESIDE_LIST, SCROLL_BAR = 120, 16  # pixels
KEYS = (
    (
        "Everywhere",
        (
            ("Ctrl+F", "Find a patient"),
            ("Ctrl+N", "New patient"),
            ("Ctrl+L", "Lock"),
            ("Tab, Shift+Tab", "Next field, field before"),
            ("Esc", "Cancel, or back"),
            ("F1", "This list"),
        ),
    ),
    (
        "Patients",
        (
            ("Down, Up", "From the search box into the list, and back"),
            ("Enter", "Open; with nobody found, begin a new patient"),
            ("Shift+Down, Ctrl+A", "Select several, to issue their letters in one go"),
            ("Ctrl+Down, Space", "Go on without selecting, select or not"),
            ("Delete", "Take a draft off the list; it can be undone"),
        ),
    ),
    (
        "Intake",
        (
            ("Y, N, U", "Yes, no, patient unsure"),
            ("0 to 9", "A figure on a scale; 1 then 0 is ten"),
            ("Enter", "Next field, next page"),
            ("Alt+Left, Alt+Right", "Page before, next page"),
            ("Backspace, Delete", "Take an answer back"),
            ("Ctrl+Z", "Undo the last answer"),
            ("Ctrl+I, Ctrl+R, Ctrl+P", "Intake, review, letter"),
        ),
    ),
    (
        "Letter",
        (
            ("Page Down, Page Up", "Through the pages"),
            ("Ctrl++, Ctrl+-, Ctrl+0", "Larger, smaller, whole page width"),
        ),
    ),
)


def show_keys(parent: QWidget) -> QDialog:
    """Open the list beside the window's work and return it."""
    dialog = QDialog(parent)
    dialog.setWindowTitle("Keys")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    close = make_button("&Close")
    close.clicked.connect(dialog.close)
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(28, 24, 12, 20)
    layout.addWidget(_make_list(most=parent.height() - BESIDE_LIST))
    layout.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
    dialog.show()
    return dialog


def _make_list(most: int) -> QScrollArea:
    """Return all keys in one table, which scrolls where it is higher than `most` pixels."""
    page = QWidget()
    grid = QGridLayout(page)
    grid.setContentsMargins(0, 0, 16, 0)
    grid.setHorizontalSpacing(28)
    grid.setVerticalSpacing(7)
    for title, keys in KEYS:
        head = make_label(title, "section-title", wrap=False)
        head.setContentsMargins(0, 8, 0, 0)
        grid.addWidget(head, grid.rowCount(), 0, 1, 2)
        for key, words in keys:
            row = grid.rowCount()
            grid.addWidget(make_label(key, "strong", wrap=False), row, 0)
            grid.addWidget(make_label(words, wrap=False), row, 1)
    area = QScrollArea()
    area.setWidget(page)
    area.setAccessibleName("Keys")
    area.setMinimumSize(page.sizeHint().width() + SCROLL_BAR, min(page.sizeHint().height(), most))
    return area
