"""The dialogs of the letter's page, each a function, so that a test or a script can answer in their place."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QWidget

from intake_app.ui import file_dialogs
from intake_app.ui.letter_enclosures import ChooseFiles, ask_files
from intake_app.ui.letter_print import AskPrinter, ask_printer
from intake_app.ui.letter_sign import ChooseFile, ask_certificate

ChoosePath = Callable[[QWidget, str], Path | None]  # parent, suggested name -> where to save, or None
KINDS = {".pdf": "PDF (*.pdf)", ".eml": "E-mail draft (*.eml)"}


def ask_path(parent: QWidget, name: str) -> Path | None:
    """Ask where to save a file."""
    return file_dialogs.ask_save(parent, "Save", name, KINDS[Path(name).suffix])


@dataclass(frozen=True)
class Dialogs:
    """Every dialog that is not asked on the page itself."""

    choose_path: ChoosePath = ask_path
    choose_files: ChooseFiles = ask_files
    choose_certificate: ChooseFile = ask_certificate
    ask_printer: AskPrinter = ask_printer
