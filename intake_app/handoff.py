"""The hand-off: answers that a clinician has to see now, who was told about which of them, and when that is settled."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from intake_app import dates
from intake_app.case import Case
from intake_app.factors import LEVELS, Finding, present, urgency
from intake_app.questions import YES, Answer, Question

URGENT = ("R0", "R1")  # levels at which a clinician is told before anything else
TOLD = ("handoff_to", "handoff_at", "handoff_by")  # to whom, when, by whom
WAIVED = ("handoff_waived_by", "handoff_waived_role", "handoff_waived_reason")
NOTE = "handoff_note"
ENTERED = (*TOLD, NOTE, *WAIVED)  # what a person gives
COVERS = "handoff_covers"  # what the flags said when it was recorded, a line for each; the program's own answer
EARLIER = "handoff_earlier"  # what was recorded before another one was needed; the program's own answer, too
WRITTEN = (COVERS, EARLIER)
NOTHING = "No answer that asks for it was recorded at that time."
FEWEST_LETTERS = 3  # of a name
FEWEST_REASON = 10  # characters
NOT_CLINICAL = "other"
NO_NAME = "Give the name of the clinician who decided this."
NO_ONE_TOLD = "Give the name of the clinician who was told: 3 letters or more. If nobody was told yet, leave it blank."
NO_TELLER = "Give the name of the person who told the clinician: 3 letters or more."
NO_CLINICIAN = "Only a clinician can decide that no hand-off is needed. Tell a clinician now, and record it above."
NO_REASON = "Give the clinician's reason in a few words: 10 letters or more."
TOO_EARLY = "The first of these answers is of {}. Give the day and time at which the clinician was told about it."
CHANGED = "{} (changed since then)"
A_DAY = timedelta(days=1)  # in which answers are typed after the hand-off, and a slip is put right
_NAMED = {TOLD[0]: NO_ONE_TOLD, TOLD[2]: NO_TELLER, WAIVED[0]: NO_NAME}
_LETTER = re.compile(r"[^\W\d_]")
_NOBODY = re.compile(r"\W*(?:nobody|no[ -]one|none|not|nil|unknown|pending|later|tb[acd])\b", re.IGNORECASE)
_MOMENT = re.compile(r"(.+?),?(?: at)? ((?:[01][0-9]|2[0-3]):[0-5][0-9])")
_DESK = re.compile(r"\b(?:front[ -]?desk|reception\w*|secretar\w*|admin\w*)\b", re.IGNORECASE)
_FACT = re.compile(r"(?:“[^”]*”|[^“;:.]|[;:.](?=\S))+")  # of a sentence, and its parts; quotations stay whole
_PART = re.compile(r"(?:“[^”]*”|[^“,]|,(?=\S))+")
Fact = tuple[str, ...]


def is_called_for(findings: tuple[Finding, ...]) -> bool:
    """Tell whether a red flag is there that a clinician has to see now."""
    return urgency(findings)[0] in URGENT


def is_recorded(case: Case, findings: tuple[Finding, ...]) -> bool:
    """Tell whether it is recorded to whom, when and by whom; or which clinician waived it, and why."""
    sound = {*case.answers} - {*list_faults(case, findings)}
    return sound.issuperset(TOLD) or sound.issuperset(WAIVED)


def is_open(case: Case, findings: tuple[Finding, ...]) -> bool:
    """Tell whether a clinician has still to be told."""
    return is_called_for(findings) and (not is_recorded(case, findings) or is_outrun(case, findings))


def is_outrun(case: Case, findings: tuple[Finding, ...]) -> bool:
    """Tell whether a hand-off is recorded, and a red flag says more or other now than it said then."""
    return is_recorded(case, findings) and bool(list_new(case, findings))


def list_new(case: Case, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return the urgent red flags that the hand-off is not about."""
    return tuple(flag for flag in _list_flags(findings) if not _is_covered(case, flag))


def list_faults(case: Case, findings: tuple[Finding, ...] = ()) -> dict[str, str]:
    """Return why a hand-off or a waiver does not hold: question id to sentence. Its time is judged by the findings."""
    given = ((field, case.answers.get(field)) for field in _NAMED)
    found = {field: _NAMED[field] for field, name in given if name and not _is_name(name)}
    if first := _find_later_answer(case, findings):
        found[TOLD[1]] = TOO_EARLY.format(f"{dates.say_day(first.date())}, {first:%H:%M}")
    return {**_list_waiver_faults(case.answers), **found}


def _list_waiver_faults(answers: Mapping[str, Any]) -> dict[str, str]:
    name, role, reason = (answers.get(field) for field in WAIVED)
    if not name:
        return {}
    found = {}
    if _DESK.search(name):
        found[WAIVED[0]] = NO_CLINICIAN
    if role == NOT_CLINICAL:
        found[WAIVED[1]] = NO_CLINICIAN
    if reason and (len(reason.strip()) < FEWEST_REASON or not _LETTER.search(reason)):
        found[WAIVED[2]] = NO_REASON
    return found


def first_gap(case: Case, findings: tuple[Finding, ...] = ()) -> str:
    """Return the question at which the hand-off goes on: the first one open of what was begun."""
    begun = next((names for names in (TOLD, WAIVED) if case.answers.get(names[0])), TOLD)
    faults = list_faults(case, findings)
    return next((name for name in begun if name in faults or not case.answers.get(name)), begun[0])


def follow_up(case: Case, findings: tuple[Finding, ...]) -> dict[str, Answer]:
    """Return what the program adds to the answers: which flags a hand-off just completed is about.

    It stays as it is while anything of the hand-off is there: a name mended later covers no later flag.
    """
    given = {**case.hidden, **case.answers}
    if is_recorded(case, findings) and COVERS not in given:
        return {COVERS: "\n".join(map(_name_flag, _list_flags(findings))) or NOTHING}
    if COVERS in given and not any(name in given for name in ENTERED):
        return {COVERS: None}
    return {}


def start_over(case: Case) -> dict[str, Answer]:
    """Return the answers that put what is recorded aside, and make room for the next hand-off."""
    note = case.answers.get(NOTE)
    about = " ".join(case.answers.get(COVERS, "").splitlines())
    parts = (say(case), note and f"Clinician's answer: {note}", about and f"About: {about}")
    earlier = " ".join(part for part in parts if part)
    kept = "\n".join(filter(None, (case.answers.get(EARLIER), earlier)))
    return {EARLIER: kept, **{name: None for name in reversed(ENTERED) if name in {**case.hidden, **case.answers}}}


def say(case: Case, findings: tuple[Finding, ...] = ()) -> str:
    """Return who was told, when and by whom, or who waived it and why; "" while nothing is recorded.

    With the findings it says of which flags a clinician is not recorded to have been told.
    """
    return " ".join(filter(None, (_say_recorded(case, findings), _say_new(case, findings))))


def find_reasons(case: Case, finding: Finding) -> list[str]:
    """Return the questions a finding rests on: those answered yes, or else all it read that have an answer."""
    answered = [name for name in finding.read if name in case.answers]
    positive = [n for n in answered if is_positive(case.questionnaire.by_id[n], case.answers[n])]
    return positive or answered


def is_positive(question: Question, value: Answer) -> bool:
    """Tell whether an answer says that something is there."""
    if question.type == "yes_no":
        return bool(value == YES)
    if isinstance(value, tuple | list):
        return bool(set(map(str, value)) - {*question.alone, *question.unsure})
    return False


def _list_flags(findings: tuple[Finding, ...]) -> Iterator[Finding]:
    return (finding for finding in present(findings, "red_flags") if finding.rule.level in URGENT)


def _is_covered(case: Case, flag: Finding) -> bool:
    """Tell whether the hand-off is about all that a flag says; one that does not say is about what was answered before.

    Where an earlier version has kept the name of the rule alone, the hand-off is about the flag, whatever it said.
    """
    if COVERS not in case.answers:
        told = max((case.answered_at[name] for name in ENTERED if name in case.answered_at), default=None)
        return not told or all(case.answered_at.get(name, told) <= told for name in find_reasons(case, flag))
    head, lines = _name_rule(flag), case.answers[COVERS].split("\n")
    by_name = any(line.endswith(f"(rule {flag.rule.id})") for line in lines)
    said = [fact for line in lines if line.startswith(head) for fact in _list_facts(line.removeprefix(head))]
    is_told = by_name or all(_is_among(fact, said) for fact in _list_facts(flag.sentence))
    return is_told and not _is_said_anew(case, flag)


def _list_facts(sentence: str) -> list[Fact]:
    """Return the facts of a sentence, each with what is said besides: ("l5 big toe extension", "left", "2/5")."""
    words = " ".join(sentence.lower().split())
    facts = (tuple(part.strip() for part in _PART.findall(fact)) for fact in _FACT.findall(words))
    return [fact for fact in facts if any(fact)]


def _is_among(fact: Fact, said: list[Fact]) -> bool:
    """Tell whether a fact was said, be it with a day or a side more or less; the order does not matter."""
    return any(fact[0] == one[0] and (set(fact) <= set(one) or set(fact) >= set(one)) for one in said)


def _is_said_anew(case: Case, flag: Finding) -> bool:
    """Tell whether a yes was given long after the hand-off: it had been taken back, so this is another event."""
    told = case.answered_at.get(COVERS)
    yes = (name for name in find_reasons(case, flag) if case.answers[name] == YES)
    return told is not None and any(case.answered_at.get(name, told) > told + A_DAY for name in yes)


def _find_later_answer(case: Case, findings: tuple[Finding, ...]) -> datetime | None:
    """Return when the first of the answers was given that the hand-off is about, if that was after the hand-off."""
    told = _read_moment(case.answers.get(TOLD[1], ""))
    flags = (flag for flag in _list_flags(findings) if told and _is_covered(case, flag))
    reasons = {name for flag in flags for name in find_reasons(case, flag)}
    given = [case.answered_at[name] for name in reasons if name in case.answered_at]
    if not told or not given:
        return None
    first = min(*given, case.answered_at.get(COVERS, given[0]))  # an answer may have been given again since then
    return first if told.replace(tzinfo=first.tzinfo) < first - A_DAY else None


def _read_moment(words: str) -> datetime | None:
    """Return the moment that the field has put into words, None where somebody has given it in other words."""
    found = _MOMENT.fullmatch(words)
    day = dates.read_typed(found[1], month_first=False) if found else None
    return datetime.fromisoformat(f"{dates.span(day)[1]}T{found[2]}") if found and day else None


def _is_name(words: str) -> bool:
    return len(_LETTER.findall(words)) >= FEWEST_LETTERS and not _NOBODY.match(words)


def _name_rule(flag: Finding) -> str:
    return f"{LEVELS[flag.rule.level]} (rule {flag.rule.id}):"


def _name_flag(flag: Finding) -> str:
    return f"{_name_rule(flag)} {' '.join(flag.sentence.split())}"


def _say_flag(case: Case, flag: Finding) -> str:
    """Return the answers that raise a flag, in the words of the questions."""
    return "; ".join(case.questionnaire.by_id[name].label for name in find_reasons(case, flag)) or flag.rule.label


def _say_recorded(case: Case, findings: tuple[Finding, ...]) -> str:
    faults = list_faults(case, findings)
    told, when, teller = (case.answers.get(name, "") for name in TOLD)
    if told:
        said = f"Handed to {told}, {when or 'time not recorded'}, by {teller or 'a person not recorded'}."
        return said + _say_first(faults, TOLD)
    waived, role, reason = (case.answers.get(name, "") for name in WAIVED)
    if not waived:
        return ""
    who = f"{waived} ({case.questionnaire.by_id[WAIVED[1]].option_text(role)})" if role else waived
    said = f"Hand-off waived by {who}: {reason.rstrip('.') or 'reason not recorded'}."
    return said + _say_first(faults, WAIVED)


def _say_first(faults: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((f" This does not hold: {faults[name]}" for name in names if name in faults), "")


def _say_new(case: Case, findings: tuple[Finding, ...]) -> str:
    if not is_outrun(case, findings):
        return ""
    about = case.answers.get(COVERS, "")
    new = dict.fromkeys(
        CHANGED.format(_say_flag(case, flag)) if f"(rule {flag.rule.id})" in about else _say_flag(case, flag)
        for flag in list_new(case, findings)
    )
    return f"A clinician is not recorded to have been told about: {'; '.join(new)}."
