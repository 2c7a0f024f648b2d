"""The slow work around a letter, for the background: making it, drawing its pages, writing it to a file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from intake_app import letter
from intake_app.case import Case
from intake_app.errors import UserError
from intake_app.factors import Finding
from intake_app.vault.private_file import write_private

_POINTS_PER_INCH = 72


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page as 32-bit pixels, BGRx, `stride` bytes for each line; its text for those who do not see it."""

    width: int
    height: int
    stride: int
    pixels: bytes
    text: str


@dataclass(frozen=True, slots=True)
class Unprintable:
    """Why a letter cannot be drawn, and the path of the first field to mend ("" if it is none of the intake)."""

    error: UserError
    path: str


def make_letter(case: Case, findings: tuple[Finding, ...], about: Mapping[str, Any]) -> bytes | Unprintable:
    """Return the whole document of a case, with its files inside; `about` is what `letter.compose` takes."""
    try:
        from intake_app.outgoing import document  # noqa: PLC0415 loaded where it is used: on the worker

        return document.make_document(case, findings, about)
    except UserError as error:
        found = letter.unprintable(case, clinic=about["clinic"], recipient=about["recipient"])
        return Unprintable(error, find_path(case, found[0][0]) if found else "")


def find_path(case: Case, words: str) -> str:
    """Return the path of a field as `letter.unprintable` names it: "Treatments tried 2, Remarks"; "" if unknown."""
    for path, named in _name_fields(case):
        if named == words:
            return path
    return ""


def draw_page(pdf: bytes, number: int, dots_per_inch: float) -> PageImage:
    """Draw one page, counted from 0."""
    import pypdfium2  # type: ignore[import-untyped]  # noqa: PLC0415 loaded where it is used: on the worker

    with pypdfium2.PdfDocument(pdf) as document:
        page = document[number]
        scale = dots_per_inch / _POINTS_PER_INCH
        bitmap = page.render(scale=scale, prefer_bgrx=True, maybe_alpha=False)
        text = page.get_textpage().get_text_range()
        return PageImage(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer), text)


def measure_pages(pdf: bytes) -> list[tuple[float, float]]:
    """Return width and height of every page, in points."""
    import pypdfium2  # noqa: PLC0415 as above

    with pypdfium2.PdfDocument(pdf) as document:
        return [document.get_page_size(number) for number in range(len(document))]


def name_file(intake_id: str, version: int, issued: datetime) -> str:
    """Return a file name that says nothing about the patient."""
    return f"letter-{issued:%Y%m%d}-{intake_id[:6]}-v{version}.pdf"


def save_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, readable by this account only; UserError if that cannot be done."""
    try:
        write_private(path, content)
    except UserError as error:
        raise UserError(
            f"The letter could not be saved there ({getattr(error.__cause__, 'strerror', '')}).",
            "Choose another folder. The letter itself is kept in the records.",
        ) from None


def _name_fields(case: Case) -> Iterator[tuple[str, str]]:
    for question in case.questionnaire.patient.questions:
        yield f"patient.{question.id}", question.label
    for name in case.answers:
        question = case.questionnaire.by_id[name]
        yield name, question.label
        for number in range(len(case.entries(name)) if question.type == "entries" else 0):
            for field in question.fields:
                yield f"{name}[{number}].{field.id}", f"{question.label} {number + 1}, {field.label}"
