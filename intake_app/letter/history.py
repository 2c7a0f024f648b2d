"""What is on record: examination, diagnoses, treatments tried and imaging, short enough for the first page."""

from collections.abc import Iterator, Mapping
from typing import Any

from intake_app import codes, dates
from intake_app.case import Case
from intake_app.letter.blocks import Block, Bullets, Column, Paragraph, Run, Table, Text
from intake_app.letter.timeline import KINDS
from intake_app.letter.words import (
    end_sentence,
    field_words,
    inline_words,
    join_and,
    join_listed,
    lower_first,
    quote_whole,
    say_short,
    shorten,
)
from intake_app.questions import NO, YES, Question
from intake_app.rules.ledger import Course, is_as_needed, ledger, weeks
from intake_app.rules.phrases import capital, quote
from intake_app.validation import number_words

YEAR_LENGTH = 4  # characters
DAYS_IN_A_WEEK = 7
ROWS = 12  # of a table on the first page; the details hold them all
CELL_LENGTH = 130
FINDING_LENGTH = 320
DASH = "\N{EN DASH}"
_TREATMENTS = (
    Column("What", 13.2),
    Column(f"From {DASH} to", 8.4),
    Column("Weeks", 4),
    Column("Sessions", 3.7),
    Column("Result", 9.2),
    Column("Evidence", 6.6),
)


def say_examination(case: Case) -> tuple[Block, ...]:
    """Return what a clinician found, or that nobody of this clinic has looked."""
    examined = case.answers.get("examined")
    if examined is None:
        return (Paragraph("Examination by a clinician: not asked."),)
    if examined != YES:
        return (Paragraph("Not examined by this clinic."),)
    parts: list[str | Run] = [_say_examiner(case)]
    for lead, words in _examination(case):
        parts += [Run(f"{lead}: ", bold=True), f"{end_sentence(words)} "]
    if len(parts) == 1:
        parts.append("No finding written down.")
    return (Paragraph(tuple(parts)),)


def _say_examiner(case: Case) -> str:
    who, when = case.answers.get("examined_by"), case.answers.get("examined_on")
    if not who and not when:
        return "Examiner and date not recorded. "
    return f"{who or 'Examiner not recorded'}, {dates.say(when) if when else 'date not recorded'}. "


def _examination(case: Case) -> Iterator[tuple[str, str]]:
    """Yield the findings as lead and words, in the order of an examination."""
    grades = "; ".join(_entries(case, "motor_grades", "myotome", "side", "grade", "weak_since", "note"))
    strength = _say(case, "strength")
    if strength or grades:
        yield "Strength", "; ".join(filter(None, (strength, grades)))
    sensation = "; ".join(_entries(case, "sensation", "finding", "dermatomes", "area", "side", "tested"))
    sensation = sensation.removeprefix("sensation ")  # the lead has said it
    perianal = _say(case, "saddle_sensation")
    if sensation or perianal:
        yield "Sensation", "; ".join(filter(None, (sensation, perianal and f"perianal: {perianal}")))
    if reflexes := "; ".join(_entries(case, "reflexes", "reflex", "side", "finding")):
        yield "Reflexes", reflexes
    raises = [f"{side} {words}" for side in ("right", "left") if (words := _say_raise(case, side))]
    if raises:
        yield "Straight-leg raise", ", ".join(raises)
    for lead, name in (("Heel and toe walk", "heel_toe_walk"), ("Gait and posture", "gait_posture")):
        if words := _say(case, name):
            yield lead, shorten(words, FINDING_LENGTH)
    if words := _say(case, "examination_note"):
        yield "Also", shorten(words, FINDING_LENGTH)


def _say_raise(case: Case, side: str) -> str:
    words, at = _say(case, f"slr_{side}"), _say(case, f"slr_{side}_degrees")
    return words + (f" at {at}" if at else "")


def _entries(case: Case, name: str, *fields: str) -> Iterator[str]:
    """Yield each entry of a list as short words, or the words for an empty one."""
    question = case.questionnaire.by_id[name]
    if name in case.answers and not case.entries(name):
        yield lower_first(question.none_text)
    for entry in case.entries(name):
        yield shorten(", ".join(_say_fields(question, entry, fields)), CELL_LENGTH * 2)


def _say_fields(question: Question, entry: Mapping[str, Any], names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        for words in field_words(question, entry, name):
            yield {"grade": f"{words}/5", "weak_since": f"since {words}", "note": quote(words)}.get(name, words)


def _say(case: Case, name: str) -> str:
    value = case.answers.get(name)
    return "" if value is None else inline_words(case.questionnaire.by_id[name], value)


def say_diagnoses(case: Case) -> tuple[Block, ...]:
    """Return the diagnoses as documents have them, each with who says so."""
    question = case.questionnaire.by_id["diagnoses"]
    entries = case.entries("diagnoses")
    if not entries:
        return (Paragraph(_say_none(case, question, "Documented diagnoses")),)
    same: dict[tuple[str, str], list[Mapping[str, Any]]] = {}  # one code of one side stands once
    for number, entry in enumerate(entries[:ROWS]):
        same.setdefault((entry.get("code") or str(number), entry.get("side") or ""), []).append(entry)
    said = [_say_diagnosis(question, group) for group in same.values()]
    more = (*said, *_say_more(len(entries)))
    return (Bullets(more),) if len(more) > 1 else (Paragraph(said[0]),)


def _say_diagnosis(question: Question, entries: list[Mapping[str, Any]]) -> Text:
    """Return the entries of one code and side as one line: each one's words and source, once each."""
    code = entries[0].get("code") or ""
    heads = dict.fromkeys(_say_head(question, entry) for entry in entries)
    official = codes.words(code) if codes.is_listed(code) else ""
    bare = not any(entry.get("words") for entry in entries)  # the official ones stand for them
    known = f"{official} ({code})" if official and bare else code
    facts = [known if not official or codes.is_known(code) else f"{official} ({code}, code not complete)"]
    levels = tuple(dict.fromkeys(level for entry in entries for level in entry.get("levels", ())))
    placed = {**entries[0], "levels": levels} if levels else entries[0]
    facts.append(join_listed(field_words(question, placed, "levels", "side")))
    said = "; ".join(filter(None, (*heads, *facts)))
    return f"{said} ({'; '.join(dict.fromkeys(_say_source(question, entry) for entry in entries))})."


def _say_head(question: Question, entry: Mapping[str, Any]) -> str:
    """Return the words of a diagnosis in quotation marks, else its kind."""
    words = entry.get("words")
    return quote(shorten(words, FINDING_LENGTH)) if words else ", ".join(field_words(question, entry, "condition"))


def _say_source(question: Question, entry: Mapping[str, Any]) -> str:
    source = field_words(question, entry, "said_by")
    source += [say_short(entry["date"])] if "date" in entry else []
    return ", ".join(source) or "source not recorded"


def list_treatments(case: Case) -> tuple[Block, ...]:
    """Return the table of what was tried."""
    question = case.questionnaire.by_id["treatments"]
    entries = case.entries("treatments")
    if not entries:
        return (Paragraph(_say_none(case, question, "Treatments tried")),)
    courses = ledger(case)
    rows = tuple(
        _treatment_row(course, question, entry) for course, entry in zip(courses, entries[:ROWS], strict=False)
    )
    return (Table(_TREATMENTS, rows), *map(Paragraph, _say_more(len(entries))))


def _treatment_row(course: Course, question: Question, entry: Mapping[str, Any]) -> tuple[Text, ...]:
    kind = KINDS.get(course.category) or ", ".join(field_words(question, entry, "category")) or "kind not recorded"
    name = ", ".join(field_words(question, entry, "agent", "region", "side", "dose"))
    result = ", ".join(field_words(question, entry, "response"))
    if "temporary_weeks" in entry:
        result = f"better for {number_words(entry['temporary_weeks'])} weeks only"
    told = entry.get("stopped_because") in ("ineffective", "completed") and result
    stopped = () if told else field_words(question, entry, "stopped_because")
    return (
        shorten(capital(f"{kind}: {name}" if name else kind), CELL_LENGTH, " …"),
        _say_span(course, entry),
        _say_weeks(course),
        number_words(entry["sessions"]) if "sessions" in entry else DASH,
        "; ".join(filter(None, (result or "not recorded", *(f"stopped: {word}" for word in stopped)))),
        ", ".join(field_words(question, entry, "evidence")).removesuffix(" only") or "not recorded",
    )


def _say_span(course: Course, entry: Mapping[str, Any]) -> str:
    start, end = entry.get("start"), entry.get("end")
    if course.is_event:
        return say_short(start) if start else "no date"
    if entry.get("ongoing") == YES:
        return f"since {say_short(start)}" if start else "still going on, start not recorded"
    if not start and not end:
        return "no dates"
    first, last = (say_short(day) if day else "not recorded" for day in (start, end))
    if start and end and start != end and len(start) == len(end) and len(start) > YEAR_LENGTH:
        first = first.removesuffix(f" {end[:YEAR_LENGTH]}")  # 1 Jun to 24 Jul 2026
    return f"{first} {DASH} {last}"


def _say_weeks(course: Course) -> str:
    """Return the weeks of a course to a tenth, two bounds for partial dates, a dash where nothing is known."""
    least, most = course.days_certain, course.days_possible
    if course.is_event or most is None:
        return DASH
    if is_as_needed(course.entry):
        return "as needed"
    return weeks(most) if least == most else f"{least // DAYS_IN_A_WEEK}{DASH}{-(-most // DAYS_IN_A_WEEK)}"


def list_imaging(case: Case) -> tuple[Block, ...]:
    """Return each study with its date, age, level and side, and what its report says in its own words."""
    question = case.questionnaire.by_id["imaging"]
    entries = case.entries("imaging")
    if not entries:
        return (Paragraph(_say_none(case, question, "Imaging")), *_say_tests(case))
    said: dict[str, list[str | Run]] = {}  # studies whose reports say the same stand together
    for entry in entries[:ROWS]:
        said.setdefault(_say_report(question, entry), []).extend(_say_study(case, question, entry))
    reports = [(*studies[:-1], f"{str(studies[-1]).rstrip('. ')}: {words}") for words, studies in said.items()]
    return (*map(Paragraph, reports), *map(Paragraph, _say_more(len(entries))), *_say_tests(case))


def _say_report(question: Question, entry: Mapping[str, Any]) -> str:
    if "finding" in entry:
        return quote_whole(entry["finding"], FINDING_LENGTH)
    named = "; ".join(field_words(question, entry, "shows", "severity"))
    return end_sentence(f"report names {named}" if named else "no finding copied")


def _say_study(case: Case, question: Question, entry: Mapping[str, Any]) -> tuple[Run, str]:
    regions = next((field for field in question.fields if field.id == "region"), None)
    where = join_and(inline_words(regions, (one,)) for one in entry.get("region", ())) if regions else ""
    name = capital(", ".join(filter(None, (*field_words(question, entry, "modality"), where)))) or "Study not named"
    day = entry.get("date")
    enclosed = {YES: "report enclosed", NO: "report not enclosed"}.get(entry.get("report_enclosed", ""))
    facts = (
        f"{dates.say(day)} ({_say_age(case, day)})" if day else "date not recorded",
        ", ".join(field_words(question, entry, "levels", "side")),
        enclosed or "report enclosed: not recorded",
    )
    return Run(name, bold=True), f", {'; '.join(filter(None, facts))}. "


def _say_age(case: Case, day: str) -> str:
    """Return how old a study is on the day of the letter: in weeks up to three months, then in months."""
    first, last = dates.span(day)
    days = (case.as_of - last).days if dates.is_exact(day) else (case.as_of - first).days
    if days < 0:
        return "after this letter's date"
    about = "" if dates.is_exact(day) else "up to "
    count, unit = (days // 7, "week") if days < 92 else (int(days / 30.44), "month")  # noqa: PLR2004
    return f"{about}{count} {unit}{'' if count == 1 else 's'}"


def _say_tests(case: Case) -> Iterator[Block]:
    question = case.questionnaire.by_id["tests"]
    said = [
        shorten(", ".join(field_words(question, entry, "name", "date", "result", "source")), CELL_LENGTH * 2)
        for entry in case.entries("tests")
    ]
    if said:
        yield Paragraph(
            (Run("Other tests: ", bold=True), end_sentence("; ".join((*said[:ROWS], *_say_more(len(said))))))
        )


def _say_none(case: Case, question: Question, what: str) -> str:
    return f"{question.none_text}." if question.id in case.answers else f"{what}: not asked."


def _say_more(count: int) -> tuple[str, ...]:
    return (f"And {count - ROWS} more, in the details.",) if count > ROWS else ()
