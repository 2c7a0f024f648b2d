"""The first page: zones in falling order of need; one with nothing to say says so in one line."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from intake_app import dates
from intake_app.case import Case
from intake_app.factors import Finding, Rule, Status
from intake_app.letter import figures, history, planning, problem, urgency, yardsticks
from intake_app.letter.blocks import Block, Bullets, Paragraph, Run, Signature, Zone
from intake_app.letter.left_out import blank_zone, say_left_out
from intake_app.letter.sources import References
from intake_app.letter.words import (
    answer_words,
    end_sentence,
    inline_words,
    join_listed,
    keep_sentences,
    lower_first,
    quote_whole,
    say_moment,
    say_short,
    shorten,
)
from intake_app.questions import NO, YES, Question

_ELSEWHERE = (
    "treatments_at_the_same_time",
    "treatment_not_tolerated",
    "treatment_details_missing",
    "blood_pressure_treated",  # stands among the illnesses
)
# Values that do not reach their mark stand in the details; HbA1c and bone are told either way.
_IN_DETAILS = ("albumin_low", "prealbumin_low", "haemoglobin_low", "vitamin_d_low", "cotinine_above_10")
_MEASURED = ("slip_recorded", "motion_on_films")
_WILLING = {
    "considers_surgery": "Would consider surgery",
    "consent_referral": "Agrees to the referral",
    "consent_sharing": "Agrees to sharing this",
}
QUESTION_LENGTH = 600
QUOTE_LENGTH = 260
EXCERPT_LENGTH = 170
ITEM_LENGTH = 190
SENTENCE_LENGTH = 340
SCORE_LENGTH = 175
LEAD_LENGTH = 26
PLANNING = "Listed for planning; not used to decide whether this letter is sent."


def compose_front(
    case: Case, findings: tuple[Finding, ...], references: References, left_out: Collection[str] = ()
) -> tuple[Block, ...]:
    """Return the zones between the addressee and the signature; `left_out` names pages that the sender left out."""
    zones: tuple[Block, ...] = (
        urgency.say_urgency(case, findings, references),
        Zone("Question", _ask(case), ruled=False),
        Zone("Problem", (*_say_problem(case), *_say_scores(findings, references))),
        Zone("Red flags", _say_red_flags(case)),
        Zone("Neurology", history.say_examination(case)),
        Zone("Diagnosis", history.say_diagnoses(case)),
        Zone("Tried", _say_tried(case, findings, references)),
        Zone("Imaging", (*history.list_imaging(case), *_say_pictures(findings, references))),
        Zone("Planning", _plan(case, findings, references, left_out)),
        Zone("Goals", _say_goals(case)),
        Zone("To obtain", _say_missing(case, findings, left_out)),
        *say_left_out(case, left_out),
        Zone("Checklist", yardsticks.say_checklist(case, findings, left_out)),
    )
    return tuple(blank_zone(zone, left_out) for zone in zones)


def _ask(case: Case) -> tuple[Block, ...]:
    question = case.answers.get("referral_question")
    return (Paragraph(shorten(question, QUESTION_LENGTH) if question else "Not stated by the referrer."),)


def _say_problem(case: Case) -> tuple[Block, ...]:
    complaint = case.answers.get("complaint")
    said = [Paragraph(("Patient: ", quote_whole(complaint, QUOTE_LENGTH)))] if complaint else []
    return (Paragraph(problem.sum_up(case)), *said)


def _say_red_flags(case: Case) -> tuple[Block, ...]:
    asked = planning.red_flag_questions(case)
    answered = [question for question in asked if question.id in case.answers]
    if not answered:
        return (Paragraph(f"Not asked: none of the {len(asked)} red-flag questions has an answer."),)
    yes = list(_say_yes(case, answered))
    unsure = [lower_first(q.label) for q in answered if planning.is_unsure(case, q)]
    parts: list[str | Run] = [_say_asked(case, answered)]
    if yes:
        parts += [Run("Yes: ", bold=True), f"{join_listed(yes)}. "]
    if unsure:
        parts += [Run("Patient unsure: ", bold=True), f"{join_listed(unsure)}. "]
    if not yes and not unsure and len(answered) == len(asked):
        when = _say_when(case, answered)
        parts.append(f"No red-flag answers recorded{f' at {when}' if when else '; time not recorded'}. ")
    rest = len(answered) - sum(not _is_no(case, q) for q in answered)
    if rest:
        parts.append(f"No: {'the other ' if yes or unsure else ''}{rest} asked. ")
    if left := _say_not_asked(case, asked):
        parts += [Run("Not asked: ", bold=True), end_sentence(left)]
    return (Paragraph(tuple(parts)),)


def _say_yes(case: Case, answered: list[Question]) -> Iterator[str]:
    for question in answered:
        value = case.answers[question.id]
        if value == YES:
            yield lower_first(question.label)
        elif question.type == "choices" and not set(value) & {*question.alone, *question.unsure}:
            yield f"{lower_first(question.label)}: {inline_words(question, value)}"


def _is_no(case: Case, question: Question) -> bool:
    value = case.answers[question.id]
    told_none = question.type == "choices" and set(value) <= {*question.alone} - {*question.unsure}
    return value == NO or told_none


def _say_asked(case: Case, answered: list[Question]) -> str:
    who, when = case.answers.get("safety_asked_by"), _say_when(case, answered)
    if not who and not when:
        return "Asked; when and by whom not recorded. "
    return f"Asked {when or '(time not recorded)'} {f'by {who}' if who else '(by whom not recorded)'}. "


def _say_when(case: Case, answered: list[Question]) -> str:
    asked = (*(q.id for q in answered), planning.ASKED_AGAIN)
    times = [case.answered_at[name] for name in asked if name in case.answered_at]
    return say_moment(max(times)) if times else ""


def _say_not_asked(case: Case, asked: list[Question]) -> str:
    """Return the red-flag questions without an answer; a section with none is named as a whole."""
    sections: dict[str, list[Question]] = {}
    for question in asked:
        sections.setdefault(question.section, []).append(question)
    words = []
    for section, questions in sections.items():
        left = [question for question in questions if question.id not in case.answers]
        if len(left) == len(questions) > 1 and section:
            words.append(f"{lower_first(section)} (all {len(left)})")
        else:
            words += [lower_first(question.label) for question in left]
    return join_listed(words)


def _say_tried(case: Case, findings: tuple[Finding, ...], references: References) -> tuple[Block, ...]:
    return (
        *history.list_treatments(case),
        *figures.draw_for_front(case),
        *_say_findings(findings, references, "conservative_care"),
        *yardsticks.say_benchmarks(case, findings, references),
    )


def _say_pictures(findings: tuple[Finding, ...], references: References) -> tuple[Block, ...]:
    """Return what the reports measured of a slip, and whether sides and levels agree."""
    measured = (f for f in findings if f.rule.id in _MEASURED and f.status is Status.PRESENT)
    told = (*measured, *(f for f in findings if f.rule.group == "concordance"))
    return _say_findings(told, references, "indication", "concordance")


def _say_findings(findings: tuple[Finding, ...], references: References, *groups: str) -> tuple[Block, ...]:
    said = _join_sentences(findings, references, SENTENCE_LENGTH, *groups)
    return (Paragraph(said),) if said else ()


def _say_scores(findings: tuple[Finding, ...], references: References) -> tuple[Block, ...]:
    """Return each score with its date, band and change; who filled it in, and how, stands in the details."""
    scores = (replace(f, sentence=keep_sentences(f.sentence, SCORE_LENGTH)) for f in findings)
    said = _join_sentences(scores, references, SCORE_LENGTH, "scores")
    return (Paragraph(said),) if said else ()


def _join_sentences(findings: Iterable[Finding], references: References, length: int, *groups: str) -> str:
    """Return what the rules of some groups have to say, also where they say why something is not there."""
    told = _list_sentences(findings, length, *groups)
    return " ".join(told) + references.mark(*told.values())


def _list_sentences(findings: Iterable[Finding], length: int, *groups: str) -> dict[str, Rule]:
    """Return the sentences of some groups, shortened, each with the rule that says it."""
    told = {f.sentence: f.rule for f in findings if f.rule.group in groups and f.sentence and not _in_table(f)}
    return {end_sentence(shorten(sentence, length, " …")): rule for sentence, rule in told.items()}


def _set_leads(sentences: Iterable[str]) -> Iterator[str | Run]:
    """Yield sentences with what they are about in bold where they begin with it: "Blood thinners: ..."."""
    for sentence in sentences:
        lead, colon, rest = sentence.partition(": ")
        if colon and len(lead) <= LEAD_LENGTH:
            yield Run(f"{lead}: ", bold=True)
            yield f"{rest} "
        else:
            yield f"{sentence} "


def _in_table(finding: Finding) -> bool:
    """Tell whether the first page says this already: in the table of treatments, as a benchmark or to obtain."""
    tried = finding.rule.id.endswith("_tried") or yardsticks.is_benchmark(finding)
    return tried or finding.rule.id in _ELSEWHERE


def _plan(
    case: Case, findings: tuple[Finding, ...], references: References, left_out: Collection[str]
) -> tuple[Block, ...]:
    told = [finding for finding in findings if _matters(case, finding)]
    said = _list_sentences(told, EXCERPT_LENGTH, "complexity", "health")
    marks = references.mark(*said.values()).strip()
    rest = (*planning.say_plain(case, " ".join(said)), *planning.say_not_asked(case, left_out))
    return (Paragraph((*_set_leads(said), f"{marks} " if marks else "", *rest, Run(PLANNING, italic=True))),)


def _matters(case: Case, finding: Finding) -> bool:
    """Tell whether a sentence is for planning: what is there, of overall health also what is not.

    A slip of a low grade is no complexity and yet a fact; where the report grades it, it stands under Imaging.
    """
    if finding.rule.id == "high_grade_slip" and finding.status is Status.ABSENT:
        return "slip_grade" not in case.answers
    told = finding.rule.group == "health" and finding.rule.id not in _IN_DETAILS
    return told or finding.status is Status.PRESENT


def _say_goals(case: Case) -> tuple[Block, ...]:
    """Return what the patient hopes and fears in the patient's words, and what the patient agrees to."""
    parts: list[str | Run] = []
    for name, lead in (("goals", "Hopes: "), ("concerns", "Worries: ")):
        if name in case.answers:
            parts += [Run(lead, bold=True), f"{quote_whole(case.answers[name], QUOTE_LENGTH)} "]
    left = [] if "goals" in case.answers else ["goals"]
    for name, lead in _WILLING.items():
        if name in case.answers:
            words = answer_words(case.questionnaire.by_id[name], case.answers[name])
            parts += [Run(f"{lead}: ", bold=True), f"{lower_first(words)}. "]
        else:
            left.append(lower_first(lead))
    if "consent_date" in case.answers:
        parts.append(f"Agreed on {say_short(case.answers['consent_date'])}. ")
    if left:
        parts += [Run("Not asked: ", bold=True), f"{join_listed(left)}."]
    return (Paragraph(tuple(parts)),)


def _say_missing(case: Case, findings: tuple[Finding, ...], left_out: Collection[str]) -> tuple[Block, ...]:
    items = [shorten(item, ITEM_LENGTH, " …") for item in planning.list_missing(case, findings, left_out)]
    return (
        (Bullets(tuple(items), small=True, can_shorten=True),)
        if items
        else (Paragraph("Nothing that the rules have asked for."),)
    )


def sign(case: Case, signed_by: str, issued: datetime) -> Signature:
    """Return the sign-off: signed only when that is true."""
    prepared = case.answers.get("prepared_by")
    desk = f"front desk ({prepared})" if prepared else "front desk"
    referrer = case.answers.get("referrer_name")
    role = case.answers.get("referrer_role")
    named = (f"Referring clinician: {referrer}{f', {role}' if role else ''}. ",) if referrer else ()
    if not signed_by:
        return Signature(((*named, f"Prepared by {desk}, ", Run("not signed", bold=True), "."),))
    signed = (Run("Signed: ", bold=True), f"{signed_by}, {dates.say_day(issued.date())}.")
    return Signature((signed, (*named, f"Prepared by {desk}.")))
