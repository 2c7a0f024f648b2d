"""What is on record: examination, diagnoses and imaging, short enough for the first page."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from intake_app import codes, dates
from intake_app.case import Case
from intake_app.letter.blocks import Block, Bullets, Paragraph, Run, Text, say_rest
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
from intake_app.rules import spans
from intake_app.rules.phrases import capital, quote

ROWS = 12  # of a list on the first page; the details hold them all
STUDIES = 5  # imaging studies that the first page tells where there is room
SECTIONAL = ("mri", "ct", "ct_myelogram")  # studies that show nerves and cord
CELL_LENGTH = 260
FINDING_LENGTH = 320
DAYS_IN_A_WEEK, MONTHS_IN_A_YEAR = 7, 12
_AGE_IN_WEEKS, _AGE_IN_MONTHS = 92, 730  # days: older than that is told in months, and in years


def say_examination(case: Case, length: int = FINDING_LENGTH, *, as_list: bool = True) -> tuple[Block, ...]:
    """Return what a clinician found, a line each or in one paragraph, or that nobody of this clinic has looked.

    Of the clinician's own words so many characters stand there.
    """
    examined = case.answers.get("examined")
    if examined is None:
        return (Paragraph("Examination by a clinician: not asked."),)
    if examined != YES:
        return (Paragraph("Not examined by this clinic."),)
    found = [(Run(f"{lead}: ", bold=True), end_sentence(words)) for lead, words in _examination(case, length)]
    if not found:
        return (Paragraph(f"{_say_examiner(case)} No finding written down."),)
    if as_list and len(found) > 1:
        return (Paragraph(_say_examiner(case)), Bullets(tuple(found), small=True))
    parts = [part for lead, words in found for part in (" ", lead, words)]
    return (Paragraph((_say_examiner(case), *parts)),)


def _say_examiner(case: Case) -> str:
    who, when = case.answers.get("examined_by"), case.answers.get("examined_on")
    if not who and not when:
        return "Examiner and date not recorded."
    day = f"{dates.say(when)} ({_say_age(case, when)})" if when else "date not recorded"
    return f"{who or 'Examiner not recorded'}, {day}."


def _examination(case: Case, length: int) -> Iterator[tuple[str, str]]:
    """Yield the findings as lead and words, in the order of an examination."""
    grades = "; ".join(_entries(case, "motor_grades", _say_grade))
    strength = _say(case, "strength")
    if strength or grades:
        yield "Strength", "; ".join(filter(None, (strength, grades)))
    sensation = "; ".join(_entries(case, "sensation", _say_sensation)).removeprefix("sensation ")  # the lead says it
    perianal = _say(case, "saddle_sensation")
    if sensation or perianal:
        yield "Sensation", "; ".join(filter(None, (sensation, perianal and f"perianal: {perianal}")))
    if reflexes := "; ".join(_entries(case, "reflexes", _say_reflex)):
        yield "Reflexes", reflexes
    raises = [f"{side} {words}" for side in ("right", "left") if (words := _say_raise(case, side))]
    if raises:
        yield "Straight-leg raise", ", ".join(raises)
    if words := _say(case, "heel_toe_walk"):
        yield "Heel and toe walk", words
    for lead, name in (("Gait and posture", "gait_posture"), ("Clinician's words", "examination_note")):
        if words := _say(case, name):
            yield lead, quote(shorten(words, length))


def _say_grade(question: Question, entry: Mapping[str, Any]) -> str:
    """Return a muscle grade: S1 ankle plantar flexion, right, 4/5, since June 2026, getting worse."""
    parts = field_words(question, entry, "myotome", "side")
    parts += [f"{entry['grade']}/5"] if "grade" in entry else []
    parts += [f"since {words}" for words in field_words(question, entry, "weak_since")]
    parts += ["recorded as getting worse"] if entry.get("progressive") == YES else []
    parts += [f"graded on {words}" for words in field_words(question, entry, "graded_on")]
    return ", ".join((*parts, *map(quote, field_words(question, entry, "note"))))


def _say_sensation(question: Question, entry: Mapping[str, Any]) -> str:
    """Return a finding: reduced light touch and pin prick, right posterior thigh."""
    tests = next(field for field in question.fields if field.id == "tested")
    tested = join_and(inline_words(tests, (one,)) for one in entry.get("tested", ()))
    found = " ".join(filter(None, (*field_words(question, entry, "finding"), tested)))
    where = ", ".join(map(lower_first, field_words(question, entry, "dermatomes", "area")))
    side = ", ".join(field_words(question, entry, "side"))
    if where and entry.get("side") in ("left", "right"):
        where, side = f"{side} {where}", ""
    return ", ".join(filter(None, (found or "finding not recorded", where, side)))


def _say_reflex(question: Question, entry: Mapping[str, Any]) -> str:
    return ", ".join(field_words(question, entry, "reflex", "side", "finding"))


def _say_raise(case: Case, side: str) -> str:
    words, at = _say(case, f"slr_{side}"), _say(case, f"slr_{side}_degrees")
    return words + (f" at {at}" if at else "")


def _entries(case: Case, name: str, say: Callable[[Question, Mapping[str, Any]], str]) -> Iterator[str]:
    """Yield each entry of a list as short words, or the words for an empty one."""
    question = case.questionnaire.by_id[name]
    if name in case.answers and not case.entries(name):
        yield lower_first(question.none_text)
    yield from (shorten(say(question, entry), CELL_LENGTH) for entry in case.entries(name))


def _say(case: Case, name: str) -> str:
    value = case.answers.get(name)
    return "" if value is None else inline_words(case.questionnaire.by_id[name], value)


def say_diagnoses(case: Case, rows: int = ROWS) -> tuple[Block, ...]:
    """Return the diagnoses as documents have them, at most so many, each with who says so."""
    question = case.questionnaire.by_id["diagnoses"]
    entries = case.entries("diagnoses")
    if not entries:
        return (Paragraph(_say_none(case, question, "Documented diagnoses")),)
    same: dict[tuple[str, str], list[Mapping[str, Any]]] = {}  # one code of one side stands once
    for number, entry in enumerate(entries[:rows]):
        same.setdefault((entry.get("code") or str(number), entry.get("side") or ""), []).append(entry)
    said = [_say_diagnosis(question, group) for group in same.values()]
    more = (*said, *say_more(entries[rows:], "", "Diagnoses as documented"))
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


def list_imaging(case: Case, studies: int = STUDIES, length: int = FINDING_LENGTH) -> tuple[Block, ...]:
    """Return so many studies, newest first, with date, age, level and side, and so much of what their reports say.

    Where there are more, those that show nerves and cord stay.
    """
    question = case.questionnaire.by_id["imaging"]
    entries = case.entries("imaging")
    if not entries:
        return (Paragraph(_say_none(case, question, "Imaging")), *_say_tests(case))
    newest = sorted(entries, key=lambda entry: entry.get("date", ""), reverse=True)
    ranked = sorted(newest, key=lambda entry: entry.get("modality") not in SECTIONAL)
    shown = [entry for entry in newest if any(entry is one for one in ranked[:studies])]
    said: dict[str, list[str | Run]] = {}  # studies whose reports say the same stand together
    for entry in shown:
        said.setdefault(_say_report(question, entry, length), []).extend(_say_study(case, question, entry))
    reports = [Paragraph((*facts, words)) for words, facts in said.items()]
    kinds = dict.fromkeys(", ".join(field_words(question, e, "modality")) or "not named" for e in ranked[studies:])
    more = say_more(ranked[studies:], join_listed(kinds), "Imaging and tests")
    return (*reports, *map(Paragraph, more), *_say_tests(case))


def _say_report(question: Question, entry: Mapping[str, Any], length: int) -> str:
    if "finding" in entry:
        return quote_whole(entry["finding"], length)
    named = "; ".join(field_words(question, entry, "shows", "severity"))
    return end_sentence(f"Report names {named}" if named else "No finding copied")


def _say_study(case: Case, question: Question, entry: Mapping[str, Any]) -> tuple[Run, str]:
    regions = next((field for field in question.fields if field.id == "region"), None)
    where = join_and(inline_words(regions, (one,)) for one in entry.get("region", ())) if regions else ""
    name = capital(", ".join(filter(None, (*field_words(question, entry, "modality"), where)))) or "Study not named"
    day = entry.get("date")
    enclosed = {YES: "report enclosed", NO: "report not enclosed"}.get(entry.get("report_enclosed", ""))
    facts = (
        f"{dates.say(day)} ({_say_age(case, day)})" if day else "date not recorded",
        ", ".join(field_words(question, entry, "levels", "side")),
        enclosed or "not recorded whether the report is enclosed",
    )
    return Run(name, bold=True), f", {'; '.join(filter(None, facts))}. "


def _say_age(case: Case, day: str) -> str:
    """Return how old something is on the day of the letter, and that it is older than the symptoms where it is."""
    first, last = dates.span(day)
    days = (case.as_of - last).days if dates.is_exact(day) else (case.as_of - first).days
    if days < 0:
        return "after this letter's date"
    about = "" if dates.is_exact(day) else "up to "
    if days < DAYS_IN_A_WEEK:
        count, unit = days, "day"
    elif days < _AGE_IN_WEEKS:
        count, unit = days // DAYS_IN_A_WEEK, "week"
    else:
        months = int(days / spans.MONTH)
        count, unit = (months, "month") if days < _AGE_IN_MONTHS else (months // MONTHS_IN_A_YEAR, "year")
    age = f"{about}{count} {unit}{'' if count == 1 else 's'}" if count else "the day of this letter"
    return age + (", before onset" if is_before_onset(case, day) else "")


def is_before_onset(case: Case, day: str) -> bool:
    """Tell whether a date certainly lies before the day on which the symptoms began."""
    began = case.answers.get("onset")
    return began is not None and dates.span(day)[1] < dates.span(began)[0]


def _say_tests(case: Case) -> Iterator[Block]:
    question = case.questionnaire.by_id["tests"]
    said = [
        shorten(", ".join(field_words(question, entry, "name", "date", "result", "source")), CELL_LENGTH)
        for entry in case.entries("tests")
    ]
    if said:
        more = say_more(said[STUDIES:], "", "Imaging and tests")
        parts = [part for text in more for part in text]
        yield Paragraph((Run("Other tests: ", bold=True), end_sentence("; ".join(said[:STUDIES])), " ", *parts))


def _say_none(case: Case, question: Question, what: str) -> str:
    return f"{question.none_text}." if question.id in case.answers else f"{what}: not asked."


def say_more(left: Sequence[Any], kinds: str, zone: str) -> tuple[tuple[str | Run, ...], ...]:
    """Return in a text how many more there are, of which kinds, and where; nothing for none."""
    return (say_rest(len(left), zone, kinds),) if left else ()
