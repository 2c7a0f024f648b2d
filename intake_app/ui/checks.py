"""What is worth a look before a letter is issued: warnings that hold nothing back."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from intake_app import codes, rulebook
from intake_app.case import Case
from intake_app.letter.planning import head_of, red_flag_questions
from intake_app.plausibility import contradictions, doubts
from intake_app.questions import NO, YES

# Free text that says which operation is wanted: it is printed as it stands, and it is for the surgeon to say.
_CONCLUDES = re.compile(
    r"\b(?:suit\w+ for|needs? (?:an? )?(?:fusion|decompression|operation|surgery))\b", re.IGNORECASE
)
_SIDED = ("leg", "arm")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at; `path` is the question where it can be mended, "" if there is none."""

    text: str
    path: str = ""


def list_checks(case: Case) -> tuple[Check, ...]:
    """Return every warning, in the order of the questions; none of them holds a letter back."""
    known = case.questionnaire.by_id
    found = [check for find in _CHECKS for check in find(case)]
    return tuple(c for c in found if not c.path or c.path.startswith("patient.") or head_of(c.path) in known)


def list_problems(case: Case, problems: Mapping[str, str]) -> tuple[Check, ...]:
    """Return a warning for each field in which something is wrong: path to sentence, as the wizard tells them."""
    return tuple(Check(f"{case.questionnaire.find(path).label}: {words}", path) for path, words in problems.items())


def _check_patient(case: Case) -> Iterator[Check]:
    for field, words in (("birth_date", "birth date"), ("record_number", "record number")):
        if not case.patient.get(field):
            yield Check(f"The patient has no {words}.", f"patient.{field}")


def _check_red_flags(case: Case) -> Iterator[Check]:
    left = [question.id for question in red_flag_questions(case) if question.id not in case.answers]
    if left:
        count = "One safety question was" if len(left) == 1 else f"{len(left)} safety questions were"
        yield Check(f"{count} not asked.", left[0])


def _check_signatures(case: Case) -> Iterator[Check]:
    if words := rulebook.say_waiting(case):
        yield Check(words)


def _check_contradictions(case: Case) -> Iterator[Check]:
    yield from (Check(sentence, path) for path, sentence in (contradictions(case) | doubts(case)).items())


def _check_symptoms(case: Case) -> Iterator[Check]:
    answers = case.answers
    if "dominant_pain" not in answers:
        yield Check("Which pain is the worst is not recorded.", "dominant_pain")
    for limb in _SIDED:
        if answers.get(f"{limb}_pain") == YES and f"{limb}_side" not in answers:
            yield Check(f"The {limb} pain has no side.", f"{limb}_side")
    if "onset" not in answers and "duration" not in answers:
        yield Check("How long it has lasted is not recorded.", "onset")


def _check_diagnoses(case: Case) -> Iterator[Check]:
    for at, entry in enumerate(case.entries("diagnoses")):
        lacking = [words for name, words in (("levels", "level"), ("side", "side")) if name not in entry]
        if lacking:
            name = entry.get("words") or f"Diagnosis {at + 1}"
            yield Check(f"“{name}” has no {' and no '.join(lacking)}.", f"diagnoses[{at}].levels")


def _check_codes(case: Case) -> Iterator[Check]:
    entries = case.entries("diagnoses")
    for at, entry in enumerate(entries):
        if lacking := codes.missing(entry.get("code", "")):
            yield Check(f"The code {entry['code']} is not complete: {lacking} is missing.", f"diagnoses[{at}].code")
    places = {entry["code"]: at for at, entry in enumerate(entries) if "code" in entry}
    for one, other, note in codes.conflicts(places):
        words = f"The codes {one} and {other} are not meant to stand together ({note}). A coder can tell which fits."
        yield Check(words, f"diagnoses[{max(places[one], places[other])}].code")
    seen: dict[str, int] = {}
    for at, entry in enumerate(entries):
        names = {str(entry[name]).casefold() for name in ("code", "words") if name in entry}
        if names & seen.keys():
            yield Check(f"Diagnosis {at + 1} stands there already.", f"diagnoses[{at}].words")
        seen |= dict.fromkeys(names, at)


def _check_treatments(case: Case) -> Iterator[Check]:
    entries = case.entries("treatments")
    if "treatments" not in case.answers:
        yield Check("Treatments tried were not asked.", "treatments")
    elif entries and not any("start" in entry for entry in entries):
        yield Check("No treatment has a date.", "treatments[0].start")


def _check_imaging(case: Case) -> Iterator[Check]:
    undated = [at for at, entry in enumerate(case.entries("imaging")) if "date" not in entry]
    if undated:
        count = "One imaging study has" if len(undated) == 1 else f"{len(undated)} imaging studies have"
        yield Check(f"{count} no date.", f"imaging[{undated[0]}].date")


def _check_goals(case: Case) -> Iterator[Check]:
    answers = case.answers
    if "referral_question" not in answers:
        yield Check("The letter asks no question: the reason for the referral is blank.", "referral_question")
    if "requested_urgency" not in answers:
        yield Check("The referrer states no urgency.", "requested_urgency")
    for name, words in (
        ("consent_referral", "the referral"),
        ("consent_sharing", "sharing this information"),
    ):
        if name not in answers:
            yield Check(f"Consent to {words} is not recorded.", name)
        elif answers[name] == NO:
            yield Check(f"The patient does not agree to {words}.", name)
        elif answers[name] != YES:
            yield Check(f"The patient is unsure about {words}.", name)


def _check_words(case: Case) -> Iterator[Check]:
    for path, text in _texts(case):
        if _CONCLUDES.search(text):
            label = case.questionnaire.find(path).label
            yield Check(f"“{label}” speaks of which operation is needed. It is printed as it stands.", path)


def _check_hidden(case: Case) -> Iterator[Check]:
    labels = [case.questionnaire.by_id[name].label for name in case.hidden if name in case.questionnaire.by_id]
    if labels:
        yield Check(f"Kept but not printed, because a later answer hides it: {'; '.join(labels)}.")


def _texts(case: Case) -> Iterator[tuple[str, str]]:
    for name, value in case.answers.items():
        if isinstance(value, str):
            yield name, value
        for at, entry in enumerate(case.entries(name) if isinstance(value, tuple) else ()):
            yield from ((f"{name}[{at}].{field}", text) for field, text in _fields(entry))


def _fields(entry: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 an entry, or one option of several
    if isinstance(entry, dict):
        yield from ((field, value) for field, value in entry.items() if isinstance(value, str))


_CHECKS: tuple[Callable[[Case], Iterator[Check]], ...] = (
    _check_patient,
    _check_red_flags,
    _check_signatures,
    _check_contradictions,
    _check_symptoms,
    _check_diagnoses,
    _check_codes,
    _check_treatments,
    _check_imaging,
    _check_goals,
    _check_words,
    _check_hidden,
)
