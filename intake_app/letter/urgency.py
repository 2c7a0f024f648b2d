"""How urgent: what the red flags found, what the referrer asks for, and what might turn out to be urgent."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from intake_app import factors, handoff
from intake_app.case import Case
from intake_app.factors import LEVELS, RULES, Finding, Status, urgency
from intake_app.letter import planning
from intake_app.letter.blocks import Run, Text, Urgency
from intake_app.letter.sources import References
from intake_app.letter.words import end_sentence, join_listed, lower_first, quote_whole
from intake_app.questions import YES, Answer, Question
from intake_app.rules.phrases import capital

REASON_LENGTH = 130  # of the words in which the referrer says why
REASONS, FACTS = 4, 3  # that are named here, and how many facts of one reason
REPORTED = re.compile(r"[,;] reported by the patient")
ALL = "What the answers add up to"  # the part of the details that has all reasons
NAMED = 4  # unsure answers that are named here; of more, Red flags does it
EMERGENCY = ("R0", "R1")  # now, or by a clinician on the same day


def say_urgency(case: Case, findings: tuple[Finding, ...], references: References) -> Urgency:
    """Return the more urgent of what the red flags found and the referrer asks for, and why."""
    flagged, flags = urgency(findings)
    asked = case.answers.get("requested_urgency", "")
    level = min(filter(None, (flagged, asked)), default="")
    reasons: list[Text] = []
    if flagged and flagged == level:
        reasons.append(_say_because(flags, references))
    reasons += _say_unsure(case, findings)
    if asked:
        because = case.answers.get("urgency_reason", "")
        reason = f", because: {quote_whole(because, REASON_LENGTH)}" if because else "; no reason given."
        reasons.append((Run("The referrer says: ", bold=True), f"{LEVELS[asked]}{reason}"))
    elif flagged:
        reasons.append("Urgency not stated by the referrer.")
    if handoff.is_called_for(findings):
        reasons.append(_say_handoff(case, findings))
    words = LEVELS.get(level, "Urgency not stated by the referrer")
    return Urgency(words.upper() if level == "R0" else words, tuple(reasons), emergency=level == "R0")


def _say_because(flags: Iterable[Finding], references: References) -> Text:
    """Return the first reasons, those that the patient has reported together, and how many more there are."""
    told = list(flags)
    said = [one.sentence.rstrip(".") for one in told[:REASONS]]
    reported = [say_some(REPORTED.sub("", words)) for words in said if _is_reported(words)]
    others = [end_sentence(capital(say_some(words))) for words in said if not _is_reported(words)]
    parts: list[str | Run] = [Run("Because: ", bold=True)]
    if reported:
        first, *more = reported
        parts.append(f"{'; '.join((capital(first), *map(lower_first, more)))} (reported by the patient). ")
    parts += [f"{words} " for words in others]
    if len(told) > REASONS:
        parts += [f"And {len(told) - REASONS} more, see Red flags and ", Run("the details", page_of=ALL), ". "]
    return (*parts, references.mark(*(f.rule for f in told)).strip())


def _is_reported(words: str) -> bool:
    """Tell whether the patient alone says all of it."""
    found = REPORTED.search(words)
    return found is not None and found.end() == len(words)


def say_some(words: str) -> str:
    """Return the first facts of a reason that lists many, "reported by the patient" once at most."""
    facts = words.split("; ")
    if len(facts) > FACTS:
        words = f"{'; '.join(facts[:FACTS])} (and {len(facts) - FACTS} more)"
    found = REPORTED.search(words)
    return words if found is None else words[: found.end()] + REPORTED.sub("", words[found.end() :])


def _say_unsure(case: Case, findings: tuple[Finding, ...]) -> Iterator[Text]:
    """Yield which questions with an unsure answer would be an emergency or a same-day call if it were yes."""
    unsure = [question for question in planning.red_flag_questions(case) if planning.is_unsure(case, question)]
    as_yes = replace(case, answers={**case.answers, **{question.id: _read_as_yes(question) for question in unsure}})
    known = {finding.rule.id for finding in findings if finding.status is not Status.PRESENT}
    would = [factors.evaluate(rule, as_yes) for rule in RULES.values() if rule.level in EMERGENCY and rule.id in known]
    read = {path for finding in would if finding.status is Status.PRESENT for path in finding.read}
    labels = [lower_first(question.label) for question in unsure if question.id in read]
    if labels:
        count = f"{len(labels)} urgent question{'' if len(labels) == 1 else 's'}"
        which = f" ({join_listed(labels)})." if len(labels) <= NAMED else ", see Red flags."
        yield Run("Unsure: ", bold=True), count + which


def _read_as_yes(question: Question) -> Answer:
    """Return the answer that names everything a question asks about."""
    if question.type != "choices":
        return YES
    return tuple(one for one, _ in question.options if one not in (*question.alone, *question.unsure))


def _say_handoff(case: Case, findings: tuple[Finding, ...]) -> Text:
    """Return who was told about which of the answers, or that nobody is recorded to have been."""
    return (Run(handoff.say(case, findings) or "Hand-off to a clinician: not recorded.", bold=True),)
