"""What can be settled before a letter is issued: to whom, copies, enclosures, what is left out, the signature."""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from intake_app.ui.draft import Draft
from intake_app.ui.letter_busy import BusyLine
from intake_app.ui.letter_dialogs import Dialogs
from intake_app.ui.letter_enclosures import EnclosurePanel, say_enclosures
from intake_app.ui.letter_fold import Fold
from intake_app.ui.letter_left_out import LeftOutPanel
from intake_app.ui.letter_recipient import CopiesPanel, RecipientPanel
from intake_app.ui.letter_request import LetterRequest, Listed, say_person
from intake_app.ui.letter_sign import SignPanel

NOBODY = "nobody"


class LetterParts(QWidget):
    """A line for each of them; one opens to be changed and closes the others, so that the page stays calm."""

    changed = Signal(object)  # LetterRequest
    keep_asked = Signal()

    def __init__(self, draft: Draft, busy: BusyLine, dialogs: Dialogs) -> None:
        super().__init__()
        self._request = LetterRequest()
        self.recipient = RecipientPanel(draft.store, draft.today)
        self.copies = CopiesPanel(draft.store)
        self.enclosures = EnclosurePanel(draft, busy, dialogs.choose_files)
        self.left_out = LeftOutPanel()
        self.sign = SignPanel(dialogs.choose_certificate)
        self.folds = {
            "recipient": Fold("To", self.recipient),
            "copies": Fold("Copies to", self.copies),
            "enclosures": Fold("Enclosures", self.enclosures),
            "left_out": Fold("Left out", self.left_out),
            "sign": Fold("Signature", self.sign),
        }
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        for fold in self.folds.values():
            layout.addWidget(fold)
            fold.head.clicked.connect(lambda is_open, f=fold: self._close_others(f) if is_open else None)
        self._connect()

    def show_request(self, request: LetterRequest) -> None:
        """Show what is settled so far."""
        self._request = request
        self.recipient.show_recipient(request.recipient)
        self.copies.show_copies(request.copies)
        self.enclosures.show_enclosures(request.enclosures)
        self.left_out.show_left_out(request.left_out)
        self._say()

    def flush(self) -> None:
        """Take what is still being typed, also who is to be sent a copy and was not added yet."""
        self.recipient.form.flush()
        self.copies.add()
        self.enclosures.flush()

    def _connect(self) -> None:
        self.recipient.changed.connect(self._on_recipient)
        self.recipient.keep_asked.connect(self.keep_asked)
        self.copies.changed.connect(self._on_copies)
        self.enclosures.changed.connect(self._on_enclosures)
        self.left_out.changed.connect(self._on_left_out)
        self.sign.changed.connect(self._say)

    def _close_others(self, opened: Fold) -> None:
        for fold in self.folds.values():
            if fold is not opened:
                fold.head.setChecked(False)

    def _say(self) -> None:
        request = self._request
        words = {
            "recipient": say_person(request.recipient) or NOBODY,
            "copies": "; ".join(request.copies) or NOBODY,
            "enclosures": say_enclosures(request.enclosures),
            "left_out": self.left_out.say(request.left_out),
            "sign": self.sign.say(),
        }
        for name, fold in self.folds.items():
            fold.say(words[name])

    def _on_recipient(self, recipient: Mapping[str, str]) -> None:
        self._tell(replace(self._request, recipient=recipient))

    def _on_copies(self, copies: tuple[str, ...]) -> None:
        self._tell(replace(self._request, copies=copies))

    def _on_enclosures(self, enclosures: tuple[Listed, ...]) -> None:
        self._tell(replace(self._request, enclosures=enclosures))

    def _on_left_out(self, left_out: tuple[str, ...]) -> None:
        self._tell(replace(self._request, left_out=left_out))

    def _tell(self, request: LetterRequest) -> None:
        if request != self._request:
            self._request = request
            self._say()
            self.recipient.show_kept(request.recipient)
            self.changed.emit(request)
