"""Whether a letter is signed when it is issued: with a clinician's certificate file and its passphrase."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from intake_app.ui import file_dialogs, outgoing_work
from intake_app.ui.answer_widget import make_label, set_shown
from intake_app.ui.messages import make_button
from intake_app.ui.typed_field import ShortLine

ChooseFile = Callable[[QWidget], Path | None]
LONGEST = 1024  # characters of a passphrase
HELP = (
    "The clinician types the passphrase; it is forgotten as soon as the letter is issued. The preview says “not"
    " signed”: only the issued letter is."
)
NOT_INSTALLED = (
    "Signing needs a part of the program that is not installed here. Ask who looks after this computer to install the"
    ' extra “sign” of Spine intake: pip install "intake-app[sign]".'
)
NO_FILE = "Choose the certificate file first, or untick the box."


def ask_certificate(parent: QWidget) -> Path | None:
    """Ask for a certificate file."""
    return file_dialogs.ask_open(parent, "The clinician's certificate", "Certificates (*.p12 *.pfx);;All files (*)")


class SignPanel(QWidget):
    """A box to tick; then the file and the passphrase."""

    changed = Signal()

    def __init__(self, choose_file: ChooseFile) -> None:
        super().__init__()
        self._choose_file = choose_file
        self._path: Path | None = None
        self.box = QCheckBox("Sign the letter when it is issued")
        self.file_button = make_button("Choose the certificate file…")
        self.passphrase = ShortLine(LONGEST)
        self._file = make_label(role="muted")
        self._problem = make_label(role="problem")
        self._details = QWidget()
        self._lay_out()
        self.box.clicked.connect(self._on_ticked)
        self.file_button.clicked.connect(self.choose)

    @property
    def is_on(self) -> bool:
        """Tell whether the letter is to be signed."""
        return self.box.isChecked()

    def read(self) -> tuple[Path, str] | None:
        """Return certificate file and passphrase; None when something is missing, and then it is said here."""
        self.tell("" if self._path else NO_FILE)
        if self._path is None:
            self.file_button.setFocus()
            return None
        return self._path, self.passphrase.text()

    def tell(self, problem: str) -> None:
        """Say what is wrong; "" when nothing is."""
        self._problem.setText(problem)
        set_shown(self._problem, shown=bool(problem))

    def refuse(self, problem: str) -> None:
        """Say why it could not be signed, and have the passphrase typed again."""
        self.tell(problem)
        self.passphrase.clear()
        self.passphrase.setFocus()

    def forget(self) -> None:
        """Forget the passphrase, and do not sign the next letter unasked."""
        self.passphrase.clear()
        self.box.setChecked(False)
        self._on_ticked()

    def say(self) -> str:
        """Return in a few words whether the letter will be signed."""
        return "certificate, when issued" if self.is_on else "not signed"

    def choose(self) -> None:
        """Ask for the file."""
        if path := self._choose_file(self):
            self._path = path
            self._file.setText(path.name)
            set_shown(self._file, shown=True)
            self.tell("")
            self.passphrase.setFocus()

    def _on_ticked(self) -> None:
        set_shown(self._details, shown=self.is_on)
        self.tell("")
        self.changed.emit()

    def _lay_out(self) -> None:
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.setAccessibleName("Passphrase of the certificate")
        self.passphrase.setPlaceholderText("Passphrase")
        details = QVBoxLayout(self._details)
        details.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        row.addWidget(self.file_button)
        row.addStretch()
        details.addLayout(row)
        details.addWidget(self._file)
        self._file.hide()
        details.addWidget(self.passphrase)
        details.addWidget(self._problem)
        details.addWidget(make_label(HELP, "help"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.box)
        layout.addWidget(self._details)
        for widget in (self._details, self._problem):
            widget.hide()
        if not outgoing_work.can_sign():
            self.box.setEnabled(False)
            layout.addWidget(make_label(NOT_INSTALLED, "help"))
