"""The questions as a Questionnaire, and every answer given as its QuestionnaireResponse.

A question's linkId is its id; a field of a list is `treatments.start`, and a list said to be empty `treatments.none`.
What nobody has answered has no item; "unsure" is an answer like any other.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from intake_app import codes
from intake_app.case import Case
from intake_app.fhir.elements import (
    Resource,
    Subject,
    code,
    fill,
    make_seed,
    moment,
    narrative,
    paragraph,
    quantity,
    read_mapping,
    say,
    system,
    tidy,
)
from intake_app.flow import ANY
from intake_app.questions import NONE, Answer, Page, Question, Questionnaire

_CODED = ("yes_no", "choice", "choices")
_SEVERAL = ("choices", "body_map", "entries")
_TYPES = {
    **dict.fromkeys(_CODED, "choice"),
    "code": "open-choice",
    "body_map": "open-choice",
    "scale": "integer",
    "date": "date",
    "text": "string",
    "long_text": "text",
    "entries": "group",
}


_made: list[tuple[Questionnaire, Resource]] = []  # the last one: the questions stay the same from letter to letter


def make_questionnaire(asked: Questionnaire) -> Resource:
    """Return the Questionnaire; its version follows from its content. The same one each time, so do not change it."""
    for before, made in tuple(_made):
        if before is asked:
            return made
    made = _make_questionnaire(asked)
    _made[:] = [(asked, made)]
    return made


def _make_questionnaire(asked: Questionnaire) -> Resource:
    pages = (asked.patient, *asked.pages)
    items = [
        {"linkId": f"page.{page.id}", "type": "group", "text": tidy(page.title), "item": list(_ask_page(page))}
        for page in pages
        if page.questions
    ]
    version = make_seed(items)
    return {
        "resourceType": "Questionnaire",
        "id": version,
        "text": narrative(paragraph("The questions of the intake, page by page.")),
        "url": system("questionnaire"),
        "version": version,
        "title": "Spine intake",
        "status": "active",
        "subjectType": ["Patient"],
        "copyright": " ".join(read_mapping("systems")["notices"].values()),
        "item": items,
    }


def make_response(subject: Subject, version: str, author: Resource | None) -> Resource:
    """Return the QuestionnaireResponse to a version of the Questionnaire; `author` wrote the answers down."""
    case = subject.case
    items = [_answer_page(case.questionnaire.patient, case.patient)]
    items += [_answer_page(page, case.answers) for page in case.questionnaire.pages]
    answered = [item for item in items if item]
    count = sum(len(item["item"]) for item in answered)
    when = max(case.answered_at.values(), default=None)
    return fill(
        subject.start("QuestionnaireResponse", "answers"),
        text=narrative(paragraph(f"{count} questions answered.")),
        questionnaire=f"{system('questionnaire')}|{version}",
        status="completed",
        subject=subject.patient,
        authored=moment(when) if when else "",
        author=author,
        source=subject.patient,
        item=answered,
    )


def _ask_page(page: Page) -> Iterator[Resource]:
    by_id = {question.id: question for question in page.questions}
    for question in page.questions:
        yield _ask(question, "", by_id)
        if question.type == "entries":
            yield fill(
                {"linkId": f"{question.id}.{NONE}", "type": "choice"},
                text=tidy(question.none_text or f"No {question.item}"),
                answerOption=[{"valueCoding": _option(NONE, question.none_text)}],
            )


def _ask(question: Question, prefix: str, siblings: Mapping[str, Question]) -> Resource:
    conditions = [
        condition
        for name, want in question.shown_when.items()
        if name != question.id
        for condition in _say_condition(siblings.get(name), prefix + name, want)
    ]
    fields = {field.id: field for field in question.fields}
    return fill(
        {"linkId": prefix + question.id, "type": _type_of(question)},
        text=tidy(question.text),
        enableWhen=conditions,
        enableBehavior="any" if len(conditions) > 1 else "",
        readOnly=True if question.id in question.shown_when else None,  # the program itself answers it
        repeats=True if question.type in _SEVERAL or question.type not in (*_TYPES, "number") else None,
        maxLength=question.max_length if question.type in ("text", "long_text") else None,
        # the hundreds of marks of a body chart are not listed: each stands with its words where it was made
        answerOption=[{"valueCoding": _option(*one)} for one in question.options if question.type != "body_map"],
        item=[_ask(field, f"{question.id}.", fields) for field in question.fields],
    )


def _type_of(question: Question) -> str:
    if question.type == "number":
        return "quantity" if question.unit else "decimal"
    return _TYPES.get(question.type, "open-choice" if question.options else "text")


def _say_condition(on: Question | None, link: str, want: Iterable[str]) -> Iterator[Resource]:
    for answer in want if on else ():
        if answer == ANY:
            yield {"question": link, "operator": "exists", "answerBoolean": True}
        elif on and on.options:
            yield {"question": link, "operator": "=", "answerCoding": _option(answer, on.option_text(answer))}


@lru_cache(maxsize=4096)
def _option(value: str, words: str) -> Resource:
    """Return an option as a Coding; the same one each time, so it must not be changed."""
    return code("answer", value, words)


def _answer_page(page: Page, answers: Mapping[str, Any]) -> Resource:
    items = [item for q in page.questions if q.id in answers for item in _answer(q, "", answers[q.id])]
    return {"linkId": f"page.{page.id}", "item": items} if items else {}


def _answer(question: Question, prefix: str, value: Answer) -> Iterator[Resource]:
    link = prefix + question.id
    if question.type != "entries":
        yield {"linkId": link, "answer": list(_ANSWERS.get(question.type, _answer_other)(question, value))}
    elif value == NONE:
        yield {"linkId": f"{link}.{NONE}", "answer": [{"valueCoding": _option(NONE, question.none_text)}]}
    else:
        for entry in value:
            given = [item for f in question.fields if f.id in entry for item in _answer(f, f"{link}.", entry[f.id])]
            yield {"linkId": link, "item": given}


def _answer_option(question: Question, value: Answer) -> Iterator[Resource]:
    for one in value if isinstance(value, list | tuple) else (value,):
        yield {"valueCoding": _option(one, question.option_text(one))}


def _answer_number(question: Question, value: Answer) -> Iterator[Resource]:
    yield {"valueQuantity": quantity(value, question.unit)} if question.unit else {"valueDecimal": value}


def _answer_scale(_question: Question, value: Answer) -> Iterator[Resource]:
    yield {"valueInteger": int(value)}


def _answer_date(_question: Question, value: Answer) -> Iterator[Resource]:
    yield {"valueDate": value}


def _answer_text(_question: Question, value: Answer) -> Iterator[Resource]:
    yield {"valueString": tidy(value)}


def _answer_code(_question: Question, value: Answer) -> Iterator[Resource]:
    known = codes.is_known(value)
    yield {"valueCoding": code("icd10cm", value, codes.words(value))} if known else {"valueString": tidy(value)}


def _answer_other(question: Question, value: Answer) -> Iterator[Resource]:
    """Yield the answer to a type that came after this file: its options where it has some, else its words."""
    options = dict(question.options)
    for one in value if isinstance(value, list | tuple) else (value,):
        if isinstance(one, str) and one in options:
            yield {"valueCoding": _option(one, options[one])}
        else:
            yield {"valueString": tidy(one if isinstance(one, str) else say(question, value))}


_ANSWERS: dict[str, Callable[[Question, Answer], Iterator[Resource]]] = {
    **dict.fromkeys((*_CODED, "body_map"), _answer_option),
    "number": _answer_number,
    "scale": _answer_scale,
    "date": _answer_date,
    "text": _answer_text,
    "long_text": _answer_text,
    "code": _answer_code,
}


def answered_paths(case: Case) -> frozenset[str]:
    """Return the paths of every answer given, as a finding's `read` names them."""
    found = {f"patient.{name}" for name in case.patient} | set(case.answers)
    for name in case.answers:
        if case.questionnaire.by_id[name].type == "entries":
            for number, entry in enumerate(case.entries(name)):
                found |= {f"{name}[{number}].{field}" for field in entry}
    return frozenset(found)
