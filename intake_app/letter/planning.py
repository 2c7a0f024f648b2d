"""What nobody has asked and what is still to obtain, page by page, as a list someone can act on."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from intake_app import flow
from intake_app.case import Case
from intake_app.factors import Finding, Status
from intake_app.letter.blocks import Run
from intake_app.letter.timeline import KINDS
from intake_app.letter.words import field_words, join_listed, lower_first, shorten
from intake_app.questions import UNSURE, Question

SAFETY = "safety"  # the page with the red-flag questions
ASKED_AGAIN = "safety_asked_again"  # the answer that says that all others were asked again and are unchanged
NAME_LENGTH = 60
# Where the label of a question does not say enough in a list of what to ask for.
_LABELS = {
    "onset": "day on which it began",
    "worse_with": "what makes it worse",
    "walking_minutes": "how long the patient walks before stopping",
    "claudication_documented": "whether a document names neurogenic claudication",
    "instability_named": "whether a document names instability or slipping",
    "motor_grades.progressive": "whether getting worse",
    "treatments.ongoing": "whether still going on",
    "imaging.shows": "what the report names",
    "operations.hardware": "whether hardware is in place",
    "medicines.since": "since when taken",
    "medicines.opioid": "which opioid",
}
# What the letter says was not asked when it was not; tests are not asked for.
_ASKED = {
    "operations": "earlier spine operations",
    "diabetes": "diabetes",
    "nicotine": "nicotine",
    "conditions": "illnesses",
}
_ASKED |= {"medicines": "medicines", "allergies": "allergies", "implants": "implants"}
# Rules on health do not ask for tests, so what they miss is not asked for; details of a medicine taken are no test.
_NO_REQUESTS = ("health", "scores")
_MEDICINE = "medicines["
# Values that the letter says are not available when no report has them; any of the answers will do.
_VALUES = {
    "BMI": ("bmi", "height"),
    "HbA1c": ("hba1c", "hba1c_mmol"),
    "T-score": ("t_score",),
    "CT bone density": ("ct_density",),
    "albumin": ("albumin",),
    "prealbumin": ("prealbumin",),
    "haemoglobin": ("haemoglobin",),
    "vitamin D": ("vitamin_d",),
}


def say_not_asked(case: Case, left_out: Collection[str] = ()) -> tuple[str | Run, ...]:
    """Return which of the subjects that matter for planning nobody has asked about, and which values are lacking.

    Of pages that are left out of the letter nothing is said.
    """
    gone = {question.id for page in case.questionnaire.pages if page.id in left_out for question in page.questions}
    left = [words for name, words in _ASKED.items() if name not in case.answers and name not in gone]
    asked = (Run("Not asked: ", bold=True), f"{', '.join(left)}. ") if left else ()
    lacking = [
        words for words, names in _VALUES.items() if not any(name in case.answers or name in gone for name in names)
    ]
    return (*asked, *((Run("Not available: ", bold=True), f"{', '.join(lacking)}. ") if lacking else ()))


def red_flag_questions(case: Case) -> list[Question]:
    """Return the red-flag questions that the answers so far call for."""
    page = next((page for page in case.questionnaire.pages if page.id == SAFETY), None)
    shown = flow.shown_on(page, case.answers) if page else []
    return [question for question in shown if question.type in ("yes_no", "choices")]


def is_unsure(case: Case, question: Question) -> bool:
    """Tell whether the patient was unsure about a red-flag question."""
    value = case.answers.get(question.id)
    return value == UNSURE or (question.type == "choices" and bool(set(value or ()) & {*question.unsure}))


def list_missing(case: Case, findings: tuple[Finding, ...], left_out: Collection[str] = ()) -> list[str]:
    """Return what rules looked for and did not find, page by page, as things someone can ask for.

    Pages that are left out of the letter hold nothing to ask for.
    """
    gone = {question.id for page in case.questionnaire.pages if page.id in left_out for question in page.questions}
    wanted: dict[str, dict[str, list[str]]] = {}
    for path in missing_paths(case, findings):
        if head_of(path) in gone:
            continue
        page, label, entry = _name(case, path)
        names = wanted.setdefault(page, {}).setdefault(label, [])
        if entry:
            names.append(entry)
    items = [_say_wanted(page, labels) for page, labels in wanted.items()]
    asked = red_flag_questions(case)
    unsure = sum(is_unsure(case, question) for question in asked)
    left = sum(question.id not in case.answers for question in asked)
    told = [
        f"{count if count > 1 else 'one'} {what}"
        for count, what in ((left, "not asked"), (unsure, "answered unsure"))
        if count
    ]
    return [f"Safety questions: {', '.join(told)}, see Red flags.", *items] if told else items


def _say_wanted(page: str, labels: dict[str, list[str]]) -> str:
    if len(labels) == 1 and page.lower().startswith(next(iter(labels)).lower()):
        return f"{page}."  # not "Treatments tried so far: treatments tried"
    said = [f"{label} ({'; '.join(_count(names))})" if names else label for label, names in labels.items()]
    return f"{page}: {join_listed(said)}."


def _count(names: list[str]) -> Iterator[str]:
    """Yield names once each, with how often there are several."""
    for name, count in Counter(names).items():
        yield name if count == 1 else f"{count} times {name}"


def missing_paths(case: Case, findings: tuple[Finding, ...]) -> Iterator[str]:
    """Yield the paths of answers still to obtain, in the order of the questionnaire, without the red flags' own."""
    missing = {
        path
        for finding in findings
        if finding.status is not Status.ABSENT
        for path in finding.missing
        if finding.rule.group not in _NO_REQUESTS or path.startswith(_MEDICINE)
    }
    order = {q.id: place for place, q in enumerate(flow.shown(case.questionnaire.questions, case.answers))}
    yield from sorted(path for path in missing if path.startswith("patient."))
    red_flags = {question.id for question in red_flag_questions(case)}  # their own zone says which were not asked
    rest = [path for path in missing if head_of(path) in order and head_of(path) not in red_flags]

    def place(path: str) -> tuple[int, int, int]:
        question, (entry, _, field) = case.questionnaire.by_id[head_of(path)], path.partition(".")
        fields = [one.id for one in question.fields]
        return order[question.id], int(entry[len(question.id) + 1 : -1] or -1), fields.index(field) if field else -1

    yield from sorted(rest, key=place)


def head_of(path: str) -> str:
    """Return the question outside lists that a path begins with."""
    return path.partition(".")[0].partition("[")[0]


def _name(case: Case, path: str) -> tuple[str, str, str]:
    """Return the page of a path, what to ask for, and of which entry of a list, in words."""
    head, _, field = path.partition(".")
    if head == "patient":
        labels = {question.id: question.label for question in case.questionnaire.patient.questions}
        return case.questionnaire.patient.title, lower_first(labels.get(field, field)), ""
    question = case.questionnaire.by_id[head_of(path)]
    page = case.questionnaire.page_of(question.id).title
    if not field:
        unsure = " (patient unsure)" if case.answers.get(question.id) == UNSURE else ""
        return page, _say_asked_for(question, question.id, case.answers) + unsure, ""
    entry = case.entries(question.id)[int(head[head.index("[") + 1 : -1])]
    asked = next(one for one in question.fields if one.id == field)
    kind = lower_first(KINDS.get(entry.get("category", ""), ""))
    return page, _say_asked_for(asked, f"{question.id}.{field}", entry), kind or name_entry(question, entry)


def _say_asked_for(question: Question, name: str, answers: Mapping[str, Any]) -> str:
    """Return what to ask for; of a date that was given by its month or year the exact one."""
    label = _LABELS.get(name) or lower_first(question.label)
    return f"exact {label}" if question.type == "date" and question.id in answers else label


def name_entry(question: Question, entry: Any) -> str:  # noqa: ANN401  a mapping of answers
    """Return what one entry of a list is called: its first answered field in words."""
    words = field_words(question, entry, *(field.id for field in question.fields))
    return shorten(words[0], NAME_LENGTH, " …") if words else f"a {question.item} without answers"
