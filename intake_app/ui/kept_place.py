"""Where somebody was when the window locked, and what was half typed there and could not be saved as an answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from intake_app.ui.typed_field import LineEdit, TypedField

if TYPE_CHECKING:
    from db import Store
    from intake_app.ui.batch_way import Batch
    from intake_app.ui.clinic_form import ClinicForm
    from intake_app.ui.intake_screen import IntakeScreen
    from intake_app.ui.patient_form import PatientForm

HALF_TYPED = "half_typed"  # the setting, behind it the user: nobody else gets it
Typed = dict[str, str]


@dataclass(frozen=True)
class Place:
    """Whose place it is, and what was shown: ids only."""

    user_id: str
    intake_id: str = ""
    part: str = ""
    question: str = ""
    form: bool = False  # the patient's particulars were in front
    patient_id: str = ""
    page: str = ""  # the name of another page that was in front
    batch: "Batch | None" = None  # the letters that were being issued


def find_place(
    user_id: str, intake: "IntakeScreen | None", form: "PatientForm | None", page: str, batch: "Batch | None"
) -> Place:
    """Return where the user is; `form` and `page` only if in front."""
    at = (intake.draft.intake_id, intake.part, _find_question(intake)) if intake else ("", "", "")
    return Place(user_id, *at, form is not None, form.patient_id if form else "", page, batch)


def go_back(place: Place, intake: "IntakeScreen") -> None:
    """Show what was shown of an intake that is opened again."""
    if place.part and place.part != intake.part:
        intake.show_part(place.part)
    if place.question:
        intake.wizard.show_question(place.question)


def collect_typed(
    intake: "IntakeScreen | None", form: "PatientForm | None", clinic: "ClinicForm | None"
) -> dict[str, Any]:
    """Return what is typed and cannot be saved as an answer; empty when there is nothing."""
    found: dict[str, Any] = {}
    if intake and (fields := _collect_intake(intake)):
        found["intake"] = {"id": intake.draft.intake_id, "fields": fields}
    if form and (fields := _collect_form(form)):
        found["form"] = {"id": form.patient_id, "fields": fields}
    if clinic and (fields := clinic.typed()):
        found["clinic"] = fields
    return found


def keep_typed(store: "Store", typed: Mapping[str, Any]) -> None:
    """Keep what was half typed, for the user who is signed in."""
    setting = f"{HALF_TYPED}/{store.user_id}"
    if typed or store.setting(setting):
        store.save_setting(setting, dict(typed))


def put_back(
    store: "Store", intake: "IntakeScreen | None", form: "PatientForm | None", clinic: "ClinicForm | None" = None
) -> None:
    """Put what was half typed where it was, if that is on the screen, and forget it."""
    kept = store.setting(f"{HALF_TYPED}/{store.user_id}") or {}
    if intake and kept.get("intake", {}).get("id") == intake.draft.intake_id:
        for path, text in kept.pop("intake")["fields"].items():
            if intake.wizard.show_question(path):
                _type(intake.wizard.page.focusWidget(), text)
    if form and kept.get("form", {}).get("id") == form.patient_id:
        for name, text in kept.pop("form")["fields"].items():
            if name in form.form.fields:
                _type(form.form.fields[name].widget.findChild(LineEdit), text)
    if clinic and "clinic" in kept:
        clinic.show_typed(kept.pop("clinic"))
    keep_typed(store, kept)


def _find_question(intake: "IntakeScreen") -> str:
    focus = QApplication.focusWidget() or intake.wizard.page.focusWidget()
    rows = intake.wizard.page.column.rows
    return next((name for name, row in rows.items() if focus and row.isAncestorOf(focus)), "")


def _collect_intake(intake: "IntakeScreen") -> Typed:
    found = {}
    if intake.wizard.is_unsaved():
        for path in intake.wizard.problems():
            if intake.wizard.show_question(path) and (text := _read(intake.wizard.page.focusWidget())):
                found[path] = text
    return found


def _collect_form(form: "PatientForm") -> Typed:
    wrong = {name: field.widget for name, field in form.form.fields.items() if field.widget.problem()}
    lines = {name: widget.findChild(LineEdit) for name, widget in wrong.items()}
    return {name: line.text() for name, line in lines.items() if line}


def _read(widget: QWidget | None) -> str:
    if isinstance(widget, QPlainTextEdit):
        return widget.toPlainText()
    return widget.text() if isinstance(widget, QLineEdit) else ""


def _type(widget: QWidget | None, text: str) -> None:
    field = widget
    while field and not isinstance(field, TypedField):
        field = field.parentWidget()
    if isinstance(field, TypedField):
        field.take_text(text)
    elif isinstance(widget, QPlainTextEdit):
        widget.setPlainText(text)
