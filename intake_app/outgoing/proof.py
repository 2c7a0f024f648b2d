"""Whether a letter is what it was when it was made: reads the PDF back and compares pages, files and footer.

    parts = read_parts(pdf)            UserError for a PDF that is damaged, locked or not ours
    checks = verify(pdf, questionnaire)

Only a letter made again from its own data, here and with the same version, is proven to look as it did. Whoever paints
over a page can renew the manifest's sums with it: alone they say that the file agrees with itself, and no more.

The file may come from anybody: what it unpacks to is limited, and nothing in it is run. `apart` gives it a process of
its own besides.
"""

import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

import intake_app.rules  # noqa: F401  registers the rules
from intake_app import __version__, factors, rulebook
from intake_app.case import Case
from intake_app.errors import UserError
from intake_app.letter.pdf_sums import hash_behind, hash_pages
from intake_app.outgoing import document
from intake_app.outgoing.child import limit_unpacking
from intake_app.outgoing.document import BUNDLE, CASE_FILE, MANIFEST
from intake_app.questions import Questionnaire

UNPACKED = 64 * 1024 * 1024  # bytes that one stream may unpack to
LARGEST = 64 * 1024 * 1024  # bytes of a file that is looked at
WORDS = 20_000  # of a page that are compared one by one
SHOWN = 8  # words of a difference that are told
SIGNATURE = b"/ByteRange"  # what every signature has in plain sight, a broken one too
# What is checked, in the order of the exit codes: a failure's code is that of the first one. "unproven" is no failure:
# nothing speaks against the letter, and it could not be made again to compare.
CODES = {
    "unreadable": 10,
    "foreign": 11,
    "manifest": 12,
    "data": 13,
    "text": 14,
    "drawn over": 15,
    "agreement": 16,
    "footer": 17,
    "signature": 18,
    "unseen": 19,
    "unproven": 20,
}
_DAMAGED = (
    "This PDF is damaged, locked or too large to look into.",
    "Ask whoever sent it for the file as it was made.",
)
_FOREIGN = (
    (
        "This PDF holds no manifest: it was not made by this program, was made before letters had one,"
        " or somebody has taken its files out."
    ),
    "Check that it is the letter itself and not a print, a scan or a copy with a password.",
)
_OTHER_FILES = {
    BUNDLE: f"{BUNDLE} says something else than {CASE_FILE}.",
    CASE_FILE: f"{CASE_FILE} is not as this program writes it.",
    MANIFEST: f"{MANIFEST} is not what the data make.",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. `passed` is None where it could not be told; `says` is a sentence for people."""

    name: str
    passed: bool | None
    says: str


@dataclass(frozen=True, slots=True)
class Parts:
    """What a letter's PDF holds: its files by name, its pages' sums and texts, and what does not belong there.

    `behind` is the sum of all else: what is read aloud, title, dates, the field of a signature without what fills it.
    """

    files: Mapping[str, bytes]
    manifest: Mapping[str, Any]
    pages: tuple[str, ...]
    texts: tuple[str, ...]
    behind: str
    covers: tuple[str, ...]
    is_signed: bool


class ProofError(UserError):
    """A PDF in which nothing can be checked; `code` is the exit code."""

    def __init__(self, name: str, what: str, hint: str) -> None:
        super().__init__(what, hint)
        self.code = CODES[name]


def read_files(pdf: bytes) -> dict[str, bytes]:
    """Return the files inside a letter by name, the manifest among them; ProofError if it is no letter of ours."""
    return dict(read_parts(pdf).files)


def read_parts(pdf: bytes) -> Parts:
    """Return what a letter's PDF holds; ProofError if it cannot be read or is no letter of ours."""
    import pikepdf  # noqa: PLC0415  only what reads a PDF needs it

    if len(pdf) > LARGEST:
        raise ProofError("unreadable", *_DAMAGED)
    limit_unpacking(UNPACKED)
    try:
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            if SIGNATURE in pdf:
                from intake_app.outgoing import signing  # noqa: PLC0415  only a signed letter needs it

                signing.empty_field(opened)
            files = _read_attached(opened)
            pages = hash_pages(opened)
            behind = hash_behind(opened, (opened.attachments[name].obj.EF.F for name in files))
            covers = tuple(_find_covers(opened))
        texts = _read_texts(pdf)
    except Exception as error:  # a hostile file breaks wherever it is touched, and in as many ways
        raise ProofError("unreadable", *_DAMAGED) from error
    if MANIFEST not in files:
        raise ProofError("foreign", *_FOREIGN)
    return Parts(files, _read_manifest(files[MANIFEST]), pages, texts, behind, covers, SIGNATURE in pdf)


def verify(pdf: bytes, questionnaire: Questionnaire) -> list[Check]:
    """Return what was checked and what came of it; ProofError if nothing could be."""
    parts = read_parts(pdf)
    checks = [_check_manifest(parts)]
    if checks[0].passed:
        checks += [_check_data(parts), _check_text(parts), _check_covers(parts)]
        checks += [*_check_made_again(parts, pdf, questionnaire), _check_footer(parts)]
    if parts.is_signed or _says_signed(parts):
        checks.append(_check_signature(pdf, parts))
    return checks


def exit_code(checks: list[Check]) -> int:
    """Return the code of the first failure; without one, "unproven" if the letter was not made again, else 0."""
    made_again = all(check.passed is not None for check in checks if check.name == "agreement")
    return min(
        (CODES[check.name] for check in checks if check.passed is False),
        default=0 if made_again else CODES["unproven"],
    )


def _read_attached(pdf: Any) -> dict[str, bytes]:  # noqa: ANN401  a pikepdf.Pdf
    """Return those of our files that are there; others are left alone. ValueError if one has two contents."""
    files = {}
    for name in (BUNDLE, CASE_FILE, MANIFEST):
        if name in pdf.attachments:
            kept = {stream.read_bytes() for _, stream in pdf.attachments[name].obj.EF.items()}
            (files[name],) = kept  # one reader would take this, another that
    return files


def _read_texts(pdf: bytes) -> tuple[str, ...]:
    """Return the words of every page, parted by single spaces."""
    import pypdfium2  # type: ignore[import-untyped]  # noqa: PLC0415

    with pypdfium2.PdfDocument(pdf) as opened:
        return tuple(" ".join(page.get_textpage().get_text_range().split()) for page in opened)


def _read_manifest(content: bytes) -> Mapping[str, Any]:
    """Return what the manifest says; {} when it is none any more."""
    try:
        said = json.loads(content)
        sound = said["sum"] == document.sum_manifest(said)
        return (
            said if sound and {"program", "ruleset", "questionnaire", "letter", "pages", "files"} <= set(said) else {}
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        return {}


def _find_covers(pdf: Any) -> Iterator[str]:  # noqa: ANN401
    """Yield what can hide or change what a page shows without being part of it: a letter of ours has none."""
    if "/OCProperties" in pdf.Root:
        yield "layers that can be switched off"
    fields = {field.objgen for field in pdf.Root.get("/AcroForm", {}).get("/Fields", ())}
    for number, page in enumerate(pdf.pages, 1):
        if list(page.cropbox) != list(page.mediabox):  # a whole tree of pages can be cut in one place
            yield f"a cut that hides a part of page {number}"
        for note in page.obj.get("/Annots", ()):
            if note.objgen not in fields or not _is_blank_signature(note):
                yield f"a note or drawing on page {number}"


def _is_blank_signature(note: Any) -> bool:  # noqa: ANN401
    """Tell whether an annotation is a signature that takes no room on the page and draws nothing."""
    return str(note.get("/FT")) == "/Sig" and "/AP" not in note and not any(float(side) for side in note.Rect)


def _check_manifest(parts: Parts) -> Check:
    if parts.manifest:
        return Check("manifest", passed=True, says="The manifest agrees with its own sum.")
    says = "The manifest has been changed since it was written: nothing in this file can be relied on."
    return Check("manifest", passed=False, says=says)


def _check_data(parts: Parts) -> Check:
    sums = parts.manifest["files"]
    changed = [name for name in sums if document.hash_bytes(parts.files.get(name, b"")) != sums[name]]
    if changed:
        says = f"The data have been changed since the letter was made: {', '.join(changed)}."
        return Check("data", passed=False, says=says)
    return Check("data", passed=True, says="The data agree with the manifest.")


def _check_text(parts: Parts) -> Check:
    made = parts.manifest["pages"]
    if len(made) != len(parts.pages):
        says = f"The letter has {len(parts.pages)} pages instead of {len(made)}."
        return Check("text", passed=False, says=says)
    changed = [str(number) for number, pair in enumerate(zip(made, parts.pages, strict=True), 1) if pair[0] != pair[1]]
    if changed:
        where = f"page {changed[0]}" if len(changed) == 1 else f"pages {', '.join(changed)}"
        return Check("text", passed=False, says=f"The text has been changed since the letter was made: {where}.")
    return Check("text", passed=True, says="Every page agrees with the manifest.")


def _check_covers(parts: Parts) -> Check:
    if parts.covers:
        says = f"Something was put over the letter after it was made: {', '.join(dict.fromkeys(parts.covers))}."
        return Check("drawn over", passed=False, says=says)
    return Check("drawn over", passed=True, says="No note, drawing or layer lies over the pages.")


def _check_made_again(parts: Parts, pdf: bytes, questionnaire: Questionnaire) -> Iterator[Check]:
    """Yield whether the letter that its data make is the same, on its pages and behind them."""
    made_with = tuple(parts.manifest[name] for name in ("program", "ruleset", "questionnaire"))
    if made_with != (__version__, rulebook.edition(), questionnaire.version):
        says = (
            f"The letter was made with version {made_with[0]} and rules {made_with[1]}, or other questions than here;"
            f" this is version {__version__} with rules {rulebook.edition()}. It was not made again to compare:"
            " whether its pages look as they were issued cannot be told here."
        )
        yield Check("agreement", passed=None, says=says)
        return
    try:
        case, about = document.read_letter_case(parts.files[CASE_FILE], questionnaire)
        again = _make_again(case, about, is_signed=parts.is_signed)
        other = parts if pdf == again else read_parts(again)
        agreement = _check_agreement(list(_compare(parts, other)) or list(_compare_looks(pdf, again)))
    except Exception:  # noqa: BLE001  data that somebody else wrote can fail anywhere in a letter
        says = "The letter could not be made again from its data: they are no case of this program."
        yield Check("agreement", passed=False, says=says)
        return
    yield agreement
    if agreement.passed:
        yield _check_unseen(parts, other, to_the_byte=pdf == again)


def _make_again(case: Case, about: Mapping[str, Any], *, is_signed: bool) -> bytes:
    """Return the letter that its data make; of a signed one, all but what fills the field of the signature."""
    again = document.make_unsigned(case, factors.evaluate_all(case), about)
    if not is_signed:
        return again
    from intake_app.outgoing import signing  # noqa: PLC0415  only a signed letter needs it

    return signing.add_field(again)


def _compare_looks(pdf: bytes, again: bytes) -> Iterator[str]:
    """Yield what differs to the eye; the sums are those of what one library reads, and this is what another shows."""
    if pdf != again and _draw_pages(pdf) != _draw_pages(again):
        yield "The words are the same, and the pages look different."


def _draw_pages(pdf: bytes) -> list[str]:
    """Return the SHA-256 of a picture of every page, one dot to the point."""
    import pypdfium2  # noqa: PLC0415

    with pypdfium2.PdfDocument(pdf) as opened:
        opened.init_forms()
        return [document.hash_bytes(bytes(page.render().buffer)) for page in opened]


def _check_agreement(differences: list[str]) -> Check:
    if differences:
        says = "Text and data do not agree: made again from its data, the letter differs. " + " ".join(differences)
        return Check("agreement", passed=False, says=says)
    says = "Made again from its data, the letter is the same on every page."
    return Check("agreement", passed=True, says=says)


def _compare(parts: Parts, other: Parts) -> Iterator[str]:
    """Yield what differs between the letter and the one that its data make."""
    if len(parts.texts) != len(other.texts):
        yield f"It has {len(parts.texts)} pages; the data make {len(other.texts)}."
    drawn = zip(parts.texts, other.texts, parts.pages, other.pages, strict=False)
    for number, (found, expected, sum_found, sum_expected) in enumerate(drawn, 1):
        if found != expected:
            yield f"Page {number}: {_say_difference(found, expected)}"
        elif sum_found != sum_expected:
            yield f"Page {number}: the words are the same, and it is drawn differently."
    if parts.covers:
        yield "What lies over the pages does not come from the data."
    yield from (says for name, says in _OTHER_FILES.items() if parts.files.get(name) != other.files[name])


def _check_unseen(parts: Parts, other: Parts, *, to_the_byte: bool) -> Check:
    if to_the_byte:
        return Check("unseen", passed=True, says="The file is to the byte what its data make.")
    if parts.behind != other.behind:
        says = "What is not seen on the pages has been changed: tags that are read aloud, title, dates or bookmarks."
        return Check("unseen", passed=False, says=says)
    if parts.is_signed:
        return Check("unseen", passed=True, says="What is not seen on the pages is what the data make.")
    says = "The file was packed anew: it is not to the byte what its data make. What is not seen on the pages is."
    return Check("unseen", passed=None, says=says)


def _say_difference(found: str, expected: str) -> str:
    """Return the first words that differ between two texts that do."""
    one, other = found.split()[:WORDS], expected.split()[:WORDS]
    start = next((n for n, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), len(other))
    start = min(start, len(one), len(other))
    matcher = SequenceMatcher(None, one[start : start + 200], other[start : start + 200], autojunk=False)
    _, a, b, c, d = next((code for code in matcher.get_opcodes() if code[0] != "equal"), ("", 0, 0, 0, 0))
    stands = " ".join(one[start + a : start + min(b, a + SHOWN)])
    data = " ".join(other[start + c : start + min(d, c + SHOWN)])
    return f"it says “{stands}” where the data say “{data}”."


def _check_footer(parts: Parts) -> Check:
    mark = parts.manifest["letter"][:8]
    missing = [str(number) for number, text in enumerate(parts.texts, 1) if mark not in text]
    if missing:
        says = f"The foot of page {', '.join(missing)} does not show this letter's mark, {mark}."
        return Check("footer", passed=False, says=says)
    return Check("footer", passed=True, says=f"Every page shows this letter's mark, {mark}.")


def _says_signed(parts: Parts) -> str:
    """Return by whom the letter says that it is signed; "" where it says so of nobody, or its data are unreadable."""
    try:
        return str(json.loads(parts.files[CASE_FILE])["letter"].get("signed_by") or "")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return ""


def _check_signature(pdf: bytes, parts: Parts) -> Check:
    if not parts.is_signed:
        says = f"The letter says that {_says_signed(parts)} signed it, and it carries no signature."
        return Check("signature", passed=False, says=says)
    from intake_app.outgoing import signing  # noqa: PLC0415  only a signed letter needs it

    try:
        report = signing.check_signature(pdf)
    except UserError as error:  # the part that checks signatures is not installed
        return Check("signature", passed=None, says=f"The letter is signed, and the signature was not checked. {error}")
    if report.intact and report.by != _says_signed(parts):
        named = _says_signed(parts) or "nobody"
        says = f"The letter says that {named} signed it, and the signature is that of {report.by}. Do not rely on it."
        return Check("signature", passed=False, says=says)
    return Check("signature", passed=report.intact, says=report.sentence)
