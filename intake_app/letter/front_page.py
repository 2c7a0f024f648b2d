"""The first page: zones in falling order of need; one with nothing to say says so in one line."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from intake_app import dates
from intake_app.case import Case
from intake_app.factors import Finding, Status
from intake_app.letter import figures, hazards, history, planning, problem, urgency, yardsticks
from intake_app.letter.blocks import Block, Bullets, Paragraph, Run, Signature, Zone, say_rest
from intake_app.letter.left_out import blank_zone, say_left_out
from intake_app.letter.score_lines import say_scores
from intake_app.letter.sources import References
from intake_app.letter.treatment_table import list_treatments
from intake_app.letter.words import (
    answer_words,
    end_sentence,
    inline_words,
    join_listed,
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
)
_OF_IMAGING = ("imaging_older_than_6_months",)  # stands with the pictures, not with the treatments
_MEASURED = ("slip_recorded", "motion_on_films")
_DIFFERING = ("sides_differ", "levels_differ")  # first under Imaging, in bold, never shortened
_WILLING = {
    "considers_surgery": "Would consider surgery",
    "consent_referral": "Agrees to the referral",
    "consent_sharing": "Agrees to sharing this",
}
# How much of something stands on the first page: with room, and the more briefly the less room there is.
QUESTION_LENGTHS = (600, 600, 350, 260, 260, 260, 200, 200, 85)
QUOTE_LENGTHS = (260, 260, 200, 140, 140, 120, 100, 100, 70)
ITEM_LENGTHS = (None, None, None, 230, 160, 120, 110, 110, 80)
TABLE_ROWS = (8, 8, 7, 6, 6, 6, 5, 4, 4)
STUDIES = ((5, 320), (4, 320), (3, 260), (3, 200), (3, 180), (3, 160), (3, 120), (3, 120), (2, 90))  # with report
DIAGNOSES = (12, 8, 6, 5, 5, 5, 4, 4, 2)
SCORES = (8, 6, 4, 4, 3, 3, 3, 3, 2)
SENTENCE_LENGTHS = (340, 340, 240, 160, 120, 120, 120, 120, 70)
BRIEF = 1  # from here on the examination stands in one paragraph and benchmarks without what they have
COMPACT = 2  # and from here on all in the type of the table
BRIEFER = 4  # and from here on what agrees is left to the details, and daily life but for walking
BRIEFEST = 8  # and planning what no operation turns on
SMALLEST = 8  # and from here on all in small type
FEW = 3  # things to obtain that stand in a line there
LAST = len(TABLE_ROWS) - 1  # the fullest page


def compose_front(
    case: Case, findings: tuple[Finding, ...], references: References, left_out: Collection[str] = ()
) -> tuple[Block, ...]:
    """Return the zones between the addressee and the signature; `left_out` names pages that the sender left out."""

    def plan(room: int) -> tuple[Block, ...]:
        brief = (room >= BRIEFER) + (room >= BRIEFEST)
        return (hazards.list_hazards(case, findings, references, left_out, brief=brief),)

    zones: tuple[Block, ...] = (
        urgency.say_urgency(case, findings, references),
        _fit("Question", lambda room: _ask(case, room), ruled=False),
        _fit("Problem", lambda room: (*_say_problem(case, room), *_say_scores(findings, references, room))),
        _fit("Red flags", lambda room: _say_red_flags(case, brief=room >= BRIEFEST)),
        _fit("Neurology", lambda room: history.say_examination(case, STUDIES[room][1], as_list=room < BRIEF)),
        _fit("Diagnosis", lambda room: (*history.say_diagnoses(case, DIAGNOSES[room]), *_warn(findings))),
        _fit("Tried", lambda room: _say_tried(case, findings, references, room)),
        _fit("Imaging", lambda room: _say_pictures(case, findings, references, room)),
        _fit("Planning", plan),
        _fit("Goals", lambda room: _say_goals(case, room)),
        _fit("To obtain", lambda room: _say_missing(case, findings, left_out, room), stays=True),
        *say_left_out(case, left_out),
        Zone("Checklist", yardsticks.say_checklist(case, findings, left_out)),
    )
    return tuple(blank_zone(zone, left_out) for zone in zones)


def _fit(label: str, say: Callable[[int], tuple[Block, ...]], *, ruled: bool = True, stays: bool = False) -> Zone:
    """Return a zone with what it says the more briefly the less room there is; 0 is room enough."""

    def shorten(room: int) -> tuple[Block, ...]:
        return tuple(_set_type(block, min(room, LAST)) for block in say(min(room, LAST)))

    return Zone(label, say(0), ruled=ruled, shorter=shorten, stays=stays)


def _set_type(block: Block, room: int) -> Block:
    """Return a block in smaller type where there is little room."""
    match block:
        case Paragraph():
            return replace(block, compact=room >= COMPACT, small=block.small or room >= SMALLEST)
        case Bullets():
            return replace(block, small=block.small or room >= COMPACT, fine=room >= SMALLEST)
    return block


def _ask(case: Case, room: int) -> tuple[Block, ...]:
    question = case.answers.get("referral_question")
    said = quote_whole(question, QUESTION_LENGTHS[room]) if question else "Not stated by the referrer."
    return (Paragraph(said),)


def _say_problem(case: Case, room: int) -> tuple[Block, ...]:
    complaint = case.answers.get("complaint")
    said = [Paragraph(("Patient: ", quote_whole(complaint, QUOTE_LENGTHS[room])))] if complaint else []
    return (Paragraph(problem.sum_up(case, brief=room >= BRIEFER)), *said)


def _say_red_flags(case: Case, *, brief: bool = False) -> tuple[Block, ...]:
    """Return which questions were answered how, and which not at all; a brief one has the first of many risks."""
    asked = planning.red_flag_questions(case)
    answered = [question for question in asked if question.id in case.answers]
    if not answered:
        return (Paragraph(f"Not asked: none of the {len(asked)} red-flag questions has an answer."),)
    yes = list(_say_yes(case, answered, brief=brief))
    unsure = [lower_first(q.label) for q in answered if planning.is_unsure(case, q)]
    parts: list[str | Run] = [_say_asked(case)]
    if yes:
        parts += [Run("Yes: ", bold=True), f"{join_listed(yes)}. "]
    if unsure:
        parts += [Run("Patient unsure: ", bold=True), f"{join_listed(unsure)}. "]
    rest = sum(_is_no(case, q) for q in answered)
    if rest == len(asked):
        when = say_span(list_asked(case).values(), "at ")
        parts.append(f"No red-flag answers recorded{when and f' {when}'}; all {rest} asked. ")
    elif rest:
        parts.append(f"No: {'the other ' if yes or unsure else ''}{rest} asked. ")
    if left := _say_not_asked(case, asked):
        parts += [Run("Not asked: ", bold=True), end_sentence(left)]
    return (Paragraph(tuple(parts)),)


def _say_yes(case: Case, answered: list[Question], *, brief: bool) -> Iterator[str]:
    for question in answered:
        value = case.answers[question.id]
        if value == YES:
            yield lower_first(question.label)
        elif question.type == "choices" and not set(value) & {*question.alone, *question.unsure}:
            named = inline_words(question, value)
            yield f"{lower_first(question.label)}: {urgency.say_some(named) if brief else named}"


def _is_no(case: Case, question: Question) -> bool:
    value = case.answers[question.id]
    told_none = question.type == "choices" and set(value) <= {*question.alone} - {*question.unsure}
    return value == NO or told_none


def _say_asked(case: Case) -> str:
    who, when = case.answers.get("safety_asked_by"), say_span(list_asked(case).values())
    if not who and not when:
        return "Asked; when and by whom not recorded. "
    return f"Asked {when or '(time not recorded)'} {f'by {who}' if who else '(by whom not recorded)'}. "


def list_asked(case: Case, latest: datetime | None = None) -> dict[str, datetime]:
    """Return when each answered red-flag question was last asked, as far as that is known.

    A time after `latest`, or else after the day of the case, is that of a wrong clock: it counts where it is alone.
    """
    again, found = case.answered_at.get(planning.ASKED_AGAIN), {}
    for question in planning.red_flag_questions(case):
        times = [moment for moment in (case.answered_at.get(question.id), again) if moment]
        come = [moment for moment in times if (moment <= latest if latest else moment.date() <= case.as_of)]
        if question.id in case.answers and times:
            found[question.id] = max(come or times)
    return found


def say_span(times: Collection[datetime], lead: str = "") -> str:
    """Return when something was: a moment after its lead, such as "at ", or the days between which; "" for no times."""
    if not times:
        return ""
    first, last = min(times), max(times)
    if first.date() == last.date():
        return f"{lead}{say_moment(last)}"
    return f"between {dates.say_day(first.date())} and {dates.say_day(last.date())}"


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


def _say_tried(case: Case, findings: tuple[Finding, ...], references: References, room: int) -> tuple[Block, ...]:
    told = (finding for finding in findings if finding.rule.id not in _OF_IMAGING)
    return (
        *list_treatments(case, TABLE_ROWS[room], as_table=room < SMALLEST),
        *(figures.draw_for_front(case) if room < BRIEFER else ()),
        *_say_findings(told, references, SENTENCE_LENGTHS[room], "conservative_care"),
        *yardsticks.say_benchmarks(case, findings, references, brief=room >= BRIEF),
    )


def _say_pictures(case: Case, findings: tuple[Finding, ...], references: References, room: int) -> tuple[Block, ...]:
    """Return what does not agree, the studies, what the reports measured, and what agrees."""
    differing = [f for f in findings if f.rule.id in _DIFFERING and f.sentence]
    warnings = (Paragraph((Run(end_sentence(f.sentence), bold=True), references.mark(f.rule))) for f in differing)
    measured = (f for f in findings if f.rule.id in _MEASURED and f.status is Status.PRESENT)
    agreed = (f for f in findings if f.rule.group == "concordance" and f.rule.id not in _DIFFERING and room < BRIEFER)
    late = (f for f in findings if f.rule.id in _OF_IMAGING)
    told = (*late, *measured, *agreed)
    return (
        *warnings,
        *history.list_imaging(case, *STUDIES[room]),
        *_say_findings(told, references, SENTENCE_LENGTHS[room], "indication", "concordance", "conservative_care"),
    )


def _warn(findings: tuple[Finding, ...]) -> tuple[Block, ...]:
    """Return which of sides and levels do not agree, to stand beside the diagnosis."""
    labels = [
        {"sides_differ": "Sides", "levels_differ": "Levels or roots"}[f.rule.id]
        for f in findings
        if f.rule.id in _DIFFERING and f.sentence
    ]
    said = f"{' and '.join((*labels[:1], *map(lower_first, labels[1:])))} do not agree, see Imaging."
    return (Paragraph((Run(said, bold=True),)),) if labels else ()


def _say_findings(findings: Iterable[Finding], references: References, length: int, *groups: str) -> tuple[Block, ...]:
    """Return what the rules of some groups have to say, also where they say why something is not there."""
    told = {f.sentence: f.rule for f in findings if f.rule.group in groups and f.sentence and not _in_table(f)}
    said = " ".join(end_sentence(shorten(sentence, length, " …")) for sentence in told)
    return (Paragraph(said + references.mark(*told.values())),) if said else ()


def _say_scores(findings: tuple[Finding, ...], references: References, room: int) -> tuple[Block, ...]:
    return say_scores(findings, references, SCORES[room])


def _in_table(finding: Finding) -> bool:
    """Tell whether the first page says this already: in the table of treatments, as a benchmark or to obtain."""
    tried = finding.rule.id.endswith("_tried") or yardsticks.is_benchmark(finding)
    return tried or finding.rule.id in _ELSEWHERE


def _say_goals(case: Case, room: int) -> tuple[Block, ...]:
    """Return what the patient hopes and fears in the patient's words, and what the patient agrees to."""
    parts: list[str | Run] = []
    for name, lead in (("goals", "Hopes: "), ("concerns", "Worries: ")):
        if name in case.answers:
            parts += [Run(lead, bold=True), f"{quote_whole(case.answers[name], QUOTE_LENGTHS[room])} "]
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


def _say_missing(case: Case, findings: tuple[Finding, ...], left_out: Collection[str], room: int) -> tuple[Block, ...]:
    """Return what is missing as a list; on the fullest page as one line, with how much more of it there is."""
    length = ITEM_LENGTHS[room]
    items = planning.list_missing(case, findings, left_out)
    said = tuple(shorten(item, length, " …") if length else item for item in items)
    if not said:
        return (Paragraph("Nothing: every answer that the rules look for is there."),)
    if room < BRIEFEST:
        return (Bullets(said, small=True, whole_in="To obtain"),)
    rest = say_rest(len(said) - FEW, "To obtain") if len(said) > FEW else ()
    return (Paragraph((f"{' '.join(said[:FEW])} ", *rest)),)


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
