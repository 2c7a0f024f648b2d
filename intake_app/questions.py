"""What we ask: loaded from resources/questions, then never changed.

A page is a TOML file. A question has a permanent id, a type, the words to read aloud and a short label.
Whoever adds a question touches that one file: screen, saving, letter and export follow.
"""

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from intake_app import paths
from intake_app.errors import UserError

TYPES = ("yes_no", "choice", "choices", "number", "scale", "text", "long_text", "date", "code", "body_map", "entries")
RESERVED = ("id", "intake_id", "entry_id", "patient_id", "position")
YES, NO, UNSURE, NONE = "yes", "no", "unsure", "none"
YES_NO = ((YES, "Yes"), (NO, "No"), (UNSURE, "Patient unsure"))
MAX_LENGTH = {"text": 300, "long_text": 4000, "code": 12}
SCALE_TOP = 10
OF = ":"  # parts the region from the quality in an answer of a body map: "right_calf:numbness"
SIDE = "{side}"
_ID = re.compile(r"[a-z][a-z0-9_]*")

Answer = Any  # what a file, the store or a widget may hold for a question: validation decides


@dataclass(frozen=True, slots=True)
class Question:
    """One thing we ask. `fields` are the questions of each entry of a list; lengths are in characters."""

    id: str
    type: str
    text: str
    label: str
    section: str = ""
    help: str = ""
    options: tuple[tuple[str, str], ...] = ()
    alone: tuple[str, ...] = ()  # options that cannot stand beside others: "none of these"
    unsure: tuple[str, ...] = ()  # options that tell a rule as little as a blank
    unit: str = ""
    min: float | None = None
    max: float | None = None
    decimals: int = 0
    max_length: int = 0
    future: bool = False  # a date may lie ahead of today
    optional: bool = False  # a blank is no gap: it is neither counted nor listed as not asked
    now: bool = False  # a button fills in the present day and time
    not_before: str = ""  # the date that this one cannot precede
    shown_when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # any of these shows it; "*" is any answer
    fields: tuple["Question", ...] = ()
    item: str = ""  # what one entry is called: "treatment"
    none_text: str = ""  # the words for an empty list: "No treatments tried"

    def option_text(self, option: str) -> str:
        """Return the words of an option; an unknown one as it stands, so that old answers still print."""
        return dict(self.options).get(option, option)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the wizard."""

    id: str
    title: str
    step: str
    intro: str
    questions: tuple[Question, ...]
    picture: str = ""  # what is drawn below the questions: "timeline"


@dataclass(frozen=True)
class Questionnaire:
    """Every page in order, and what a patient is asked to be known by."""

    patient: Page
    pages: tuple[Page, ...]

    @property
    def questions(self) -> Iterator[Question]:
        """Yield every question of the intake in the order it is asked, without the fields of lists."""
        for page in self.pages:
            yield from page.questions

    @cached_property
    def by_id(self) -> Mapping[str, Question]:
        """Map ids to questions, without the fields of lists."""
        return {question.id: question for question in self.questions}

    @cached_property
    def version(self) -> str:
        """Return a SHA-256 of all that is asked: it changes when one of the questions does."""
        return hashlib.sha256(repr((self.patient, self.pages)).encode()).hexdigest()

    def page_of(self, question_id: str) -> Page:
        """Return the page on which a question stands."""
        return next(page for page in self.pages if any(q.id == question_id for q in page.questions))

    def find(self, path: str) -> Question:
        """Return the question of a path such as `treatments[2].end_date` or `leg_pain`; KeyError if none."""
        head, _, name = path.partition(".")
        question = self.by_id[head.partition("[")[0]]
        if not name:
            return question
        return {f.id: f for f in question.fields}[name]


def load(folder: Path, extra: Path | None = None) -> Questionnaire:
    """Read the questionnaire from a resources folder, and a clinic's own pages from `extra` if it exists.

    A mistake in a file is a UserError that names the file and the question.
    """
    vocabularies = _read(folder / "options.toml")
    patient = _page(folder / "patient.toml", vocabularies)
    own = sorted(extra.glob("*.toml")) if extra and extra.is_dir() else []
    files = sorted((folder / "questions").glob("*.toml")) + own
    pages = tuple(_page(path, vocabularies) for path in files)
    seen: dict[str, str] = {}
    for page, path in zip(pages, files, strict=True):
        for question in page.questions:
            if question.id in seen:
                raise _mistake(path, question.id, f"is already used in {seen[question.id]}")
            seen[question.id] = path.name
        for name in {name for q in page.questions for name in q.shown_when} - seen.keys():
            raise _mistake(path, name, "is asked about in shown_when, but no question before it has this id")
    return Questionnaire(patient, pages)


def split_mark(mark: str) -> tuple[str, str]:
    """Return the region and the quality of one mark on a body map."""
    region, _, quality = mark.partition(OF)
    return region, quality


def _mistake(path: Path, what: str, why: str) -> UserError:
    return UserError(f"{path.name}: {what} {why}.", "Mend the file or take it out of the folder.")


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _mistake(path, "this page", f"cannot be read ({error})") from error


def _page(path: Path, vocabularies: Mapping[str, Any]) -> Page:
    data = _read(path)
    section, questions = "", []
    for raw in data.get("question", ()):
        section = raw.get("section", section)
        questions.append(_question(path, {**raw, "section": section}, vocabularies))
    title = data.get("title", path.stem)
    page_id = data.get("id", path.stem)
    step, intro = data.get("step", title), data.get("intro", "")
    return Page(page_id, title, step, intro, tuple(questions), data.get("picture", ""))


def _question(path: Path, raw: dict[str, Any], vocabularies: Mapping[str, Any]) -> Question:
    name = raw.get("id", "a question without an id")
    if not _ID.fullmatch(raw.get("id", "")):
        raise _mistake(path, name, "needs an id of small letters, digits and _")
    if name in RESERVED:
        raise _mistake(path, name, "is a name that the database keeps for itself")
    if raw.get("type") not in TYPES:
        raise _mistake(path, name, f"needs a type: {', '.join(TYPES)}")
    given = dict(raw)
    options = given.pop("options", ())
    try:
        if given["type"] == "body_map":
            options = _body_marks(paths.resources() / "body" / "body.toml")
        elif isinstance(options, str):
            options = vocabularies[options]
        fields = tuple(_question(path, f, vocabularies) for f in given.pop("field", ()))
        question = Question(
            **{"label": given.get("text"), **given, "fields": fields},
            options=YES_NO if given["type"] == "yes_no" else tuple((key, words) for key, words in options),
        )
    except (TypeError, KeyError, ValueError) as error:
        raise _mistake(path, name, f"has a key that is missing or unknown ({error})") from error
    return _settled(question)


@cache
def _body_marks(path: Path) -> tuple[tuple[str, str], ...]:
    """Return every mark that can be made on the body chart, with its words: "right calf: numbness"."""
    data = _read(path)
    regions: list[tuple[str, str]] = []
    for region in data["region"]:
        name = region["name"]
        sides = ("right", "left") if SIDE in name else ("",)
        regions += [(f"{side}_{region['id']}".lstrip("_"), name.replace(SIDE, side)) for side in sides]
    return tuple(
        (f"{key}{OF}{quality}", f"{name}: {words}")
        for key, name in regions
        for quality, words in data["qualities"].items()
    )


def _settled(question: Question) -> Question:
    """Fill in what a type implies: limits, lengths, tuples for lists."""
    return replace(
        question,
        alone=tuple(question.alone),
        unsure=(UNSURE,) if question.type == "yes_no" else tuple(question.unsure),
        shown_when={name: tuple(answers) for name, answers in question.shown_when.items()},
        max_length=question.max_length or MAX_LENGTH.get(question.type, 0),
        min=0 if question.type == "scale" else question.min,
        max=SCALE_TOP if question.type == "scale" else question.max,
    )
