"""The hand-off: answers that a clinician has to see now, who was told about which of them, and when that is settled."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from intake_app.case import Case
from intake_app.factors import LEVELS, Finding, present, urgency
from intake_app.questions import YES, Answer, Question

URGENT = ("R0", "R1")  # levels at which a clinician is told before anything else
TOLD = ("handoff_to", "handoff_at", "handoff_by")  # to whom, when, by whom
WAIVED = ("handoff_waived_by", "handoff_waived_role", "handoff_waived_reason")
NOTE = "handoff_note"
ENTERED = (*TOLD, NOTE, *WAIVED)  # what a person gives
COVERS = "handoff_covers"  # the flags that were there when it was recorded, a line for each; the program's own answer
EARLIER = "handoff_earlier"  # what was recorded before another one was needed; the program's own answer, too
WRITTEN = (COVERS, EARLIER)
NOTHING = "No answer that asks for it was recorded at that time."
FEWEST_LETTERS = 3  # of a name
FEWEST_REASON = 10  # characters
NOT_CLINICAL = "other"
NO_NAME = "Give the name of the clinician who decided this."
NO_CLINICIAN = "Only a clinician can decide that no hand-off is needed. Tell a clinician now, and record it above."
NO_REASON = "Give the clinician's reason in a few words: 10 letters or more."
_LETTER = re.compile(r"[^\W\d_]")
_DESK = re.compile(r"\b(?:front[ -]?desk|reception\w*|secretar\w*|admin\w*)\b", re.IGNORECASE)
_RULE = re.compile(r"\(rule (\w+)\)$", re.MULTILINE)


def is_called_for(findings: tuple[Finding, ...]) -> bool:
    """Tell whether a red flag is there that a clinician has to see now."""
    return urgency(findings)[0] in URGENT


def is_recorded(case: Case) -> bool:
    """Tell whether it is recorded to whom, when and by whom; or which clinician waived it, and why."""
    told, waived = (all(case.answers.get(name) for name in names) for names in (TOLD, WAIVED))
    return told or (waived and not list_faults(case.answers))


def is_open(case: Case, findings: tuple[Finding, ...]) -> bool:
    """Tell whether a clinician has still to be told."""
    return is_called_for(findings) and (not is_recorded(case) or is_outrun(case, findings))


def is_outrun(case: Case, findings: tuple[Finding, ...]) -> bool:
    """Tell whether a hand-off is recorded, and a red flag is there now that was not there then."""
    return is_recorded(case) and bool(list_new(case, findings))


def list_new(case: Case, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return the urgent red flags that the hand-off is not about."""
    return tuple(flag for flag in _list_flags(findings) if not _is_covered(case, flag))


def list_faults(answers: Mapping[str, Any]) -> dict[str, str]:
    """Return why a waiver does not hold: question id to sentence."""
    name, role, reason = (answers.get(field) for field in WAIVED)
    if not name:
        return {}
    found = {}
    if len(_LETTER.findall(name)) < FEWEST_LETTERS:
        found[WAIVED[0]] = NO_NAME
    elif _DESK.search(name):
        found[WAIVED[0]] = NO_CLINICIAN
    if role == NOT_CLINICAL:
        found[WAIVED[1]] = NO_CLINICIAN
    if reason and (len(reason.strip()) < FEWEST_REASON or not _LETTER.search(reason)):
        found[WAIVED[2]] = NO_REASON
    return found


def first_gap(case: Case) -> str:
    """Return the question at which the hand-off goes on: the first one open of what was begun."""
    begun = next((names for names in (TOLD, WAIVED) if case.answers.get(names[0])), TOLD)
    faults = list_faults(case.answers)
    return next((name for name in begun if name in faults or not case.answers.get(name)), begun[0])


def follow_up(case: Case, findings: tuple[Finding, ...]) -> dict[str, Answer]:
    """Return what the program adds to the answers: which flags a hand-off just completed is about.

    It stays as it is while anything of the hand-off is there: a name mended later covers no later flag.
    """
    given = {**case.hidden, **case.answers}
    if is_recorded(case) and COVERS not in given:
        return {COVERS: "\n".join(_name_flag(case, flag) for flag in _list_flags(findings)) or NOTHING}
    if COVERS in given and not any(name in given for name in ENTERED):
        return {COVERS: None}
    return {}


def start_over(case: Case) -> dict[str, Answer]:
    """Return the answers that put what is recorded aside, and make room for the next hand-off."""
    note = case.answers.get(NOTE)
    about = "; ".join(case.answers.get(COVERS, "").splitlines())
    parts = (say(case), note and f"Clinician's answer: {note}", about and f"About: {about}")
    earlier = " ".join(part for part in parts if part)
    kept = "\n".join(filter(None, (case.answers.get(EARLIER), earlier)))
    return {EARLIER: kept, **{name: None for name in reversed(ENTERED) if name in {**case.hidden, **case.answers}}}


def say(case: Case, findings: tuple[Finding, ...] = ()) -> str:
    """Return who was told, when and by whom, or who waived it and why; "" while nothing is recorded.

    With the findings it says of which flags a clinician is not recorded to have been told.
    """
    return " ".join(filter(None, (_say_recorded(case), _say_new(case, findings))))


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
    """Tell whether the hand-off is about a flag; one recorded without saying so is about what was answered before."""
    if COVERS in case.answers:
        return flag.rule.id in _RULE.findall(case.answers[COVERS])
    told = max((case.answered_at[name] for name in ENTERED if name in case.answered_at), default=None)
    return not told or all(case.answered_at.get(name, told) <= told for name in find_reasons(case, flag))


def _name_flag(case: Case, flag: Finding) -> str:
    return f"{LEVELS[flag.rule.level]}: {_say_flag(case, flag)} (rule {flag.rule.id})"


def _say_flag(case: Case, flag: Finding) -> str:
    """Return the answers that raise a flag, in the words of the questions."""
    return "; ".join(case.questionnaire.by_id[name].label for name in find_reasons(case, flag)) or flag.rule.label


def _say_recorded(case: Case) -> str:
    told, when, teller = (case.answers.get(name, "") for name in TOLD)
    if told:
        return f"Handed to {told}, {when or 'time not recorded'}, by {teller or 'a person not recorded'}."
    waived, role, reason = (case.answers.get(name, "") for name in WAIVED)
    if not waived:
        return ""
    who = f"{waived} ({case.questionnaire.by_id[WAIVED[1]].option_text(role)})" if role else waived
    faults = "".join(f" This does not hold: {fault}" for fault in list(list_faults(case.answers).values())[:1])
    return f"Hand-off waived by {who}: {reason.rstrip('.') or 'reason not recorded'}.{faults}"


def _say_new(case: Case, findings: tuple[Finding, ...]) -> str:
    if not is_outrun(case, findings):
        return ""
    new = dict.fromkeys(_say_flag(case, flag) for flag in list_new(case, findings))
    return f"A clinician is not recorded to have been told about: {'; '.join(new)}."
