"""The clinic's logo: chosen once, checked in a process of its own, kept in the records, printed in the letterhead."""

from base64 import b64decode, b64encode
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from db import Store
from intake_app.letter import Logo
from intake_app.ui import file_dialogs, outgoing_work
from intake_app.ui.answer_widget import make_label, set_shown
from intake_app.ui.background import Background
from intake_app.ui.letter_busy import BusyLine
from intake_app.ui.messages import FOR_PEOPLE, MessageLine, make_button

if TYPE_CHECKING:
    from intake_app.outgoing import enclosures

SETTING = "letter_logo"
HELP = "A PNG or JPEG. It stands at the head of every letter issued from now on."
SHOWN = (220, 72)  # pixels: at most so wide and high
ChoosePicture = Callable[[QWidget], Path | None]


def ask_picture(parent: QWidget) -> Path | None:
    """Ask for the logo."""
    return file_dialogs.ask_open(parent, "The clinic's logo", "Pictures (*.png *.jpg *.jpeg)")


def read_kept(store: Store) -> Logo | None:
    """Return the logo for a letter; None if the clinic has none."""
    kept = store.setting(SETTING)
    if not kept:
        return None
    says = f"Logo of {(store.clinic() or {}).get('name') or 'the clinic'}"
    return Logo(b64decode(kept["content"]), kept["width"], kept["height"], says)


class LogoPanel(QWidget):
    """The logo as it is, and the buttons to choose another or none."""

    def __init__(self, store: Store, background: Background, choose_picture: ChoosePicture = ask_picture) -> None:
        super().__init__()
        self._store, self._choose_picture = store, choose_picture
        self.message = MessageLine()
        self.busy = BusyLine(background, self.message)
        self.picture = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignLeft)
        self.choose_button = make_button("Choose a &logo…")
        self.remove_button = make_button("&Remove the logo", "quiet")
        buttons = QHBoxLayout()
        buttons.addWidget(self.choose_button)
        buttons.addWidget(self.remove_button)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (make_label("Logo", "strong"), self.picture, self.busy, self.message):
            layout.addWidget(widget)
        layout.addLayout(buttons)
        layout.addWidget(make_label(HELP, "help"))
        self.choose_button.clicked.connect(self.choose)
        self.remove_button.clicked.connect(self.remove)
        self.refresh()

    def refresh(self) -> None:
        """Show the logo there is."""
        logo = read_kept(self._store)
        picture = QPixmap()
        if logo:
            picture.loadFromData(logo.content)
            picture = picture.scaled(
                *SHOWN, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            self.picture.setAccessibleName(logo.says)
        self.picture.setPixmap(picture)
        set_shown(self.picture, shown=logo is not None)
        set_shown(self.remove_button, shown=logo is not None)

    def choose(self) -> None:
        """Ask for a picture and have it checked."""
        self.message.clear()
        if path := self._choose_picture(self):
            work = partial(_read, path)
            given_up = outgoing_work.end_reading
            self.busy.run(self, "Reading the logo", lambda _: work(), self._on_read, given_up=given_up)

    def remove(self) -> None:
        """Take the logo off, with a way back."""
        kept = self._store.setting(SETTING)
        self._keep(None)
        self.message.say("The logo is removed.", "Undo", lambda: self._keep(kept))
        self.choose_button.setFocus()

    def _on_read(self, logo: "enclosures.Logo") -> None:
        self._keep({"content": b64encode(logo.content).decode(), "width": logo.width, "height": logo.height})

    def _keep(self, kept: object) -> None:
        try:
            self._store.save_setting(SETTING, kept)
        except FOR_PEOPLE as error:
            self.message.warn(str(error))
        self.refresh()


def _read(path: Path) -> "enclosures.Logo":
    from intake_app.outgoing import enclosures  # noqa: PLC0415  loaded on the worker

    return enclosures.read_logo(path.name, outgoing_work.read_file(path), "Logo")
