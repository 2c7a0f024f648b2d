"""Every key that does something, on F1."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QVBoxLayout, QWidget

from intake_app.ui.answer_widget import make_label
from intake_app.ui.messages import make_button

KEY_WIDTH = 190
KEYS = (
    (
        "Everywhere",
        (
            ("Ctrl+F", "Find a patient"),
            ("Ctrl+N", "New patient"),
            ("Ctrl+L", "Lock"),
            ("Tab, Shift+Tab", "Next field, field before"),
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
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(28, 24, 28, 20)
    layout.setSpacing(10)
    for title, keys in KEYS:
        layout.addWidget(make_label(title, "section-title", wrap=False))
        grid = QGridLayout()
        grid.setHorizontalSpacing(28)
        grid.setColumnStretch(1, 1)
        for row, (key, words) in enumerate(keys):
            label = make_label(key, "strong", wrap=False)
            label.setFixedWidth(KEY_WIDTH)
            grid.addWidget(label, row, 0)
            grid.addWidget(make_label(words, wrap=False), row, 1)
        layout.addLayout(grid)
        layout.addSpacing(6)
    close = make_button("&Close")
    close.clicked.connect(dialog.close)
    layout.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
    dialog.show()
    return dialog
