"""What the answers are held against: documentation benchmarks, and the items that specialists ask for."""

from collections.abc import Collection, Iterator

from intake_app.case import Case
from intake_app.factors import Finding, Status
from intake_app.letter import planning
from intake_app.letter.blocks import Block, Paragraph, Run
from intake_app.letter.sources import References
from intake_app.letter.words import end_sentence, join_listed, lower_first, shorten
from intake_app.rules.benchmarks import Benchmark, benchmark

SUFFIX = "_benchmark"  # what the ids of the rules end with; before it stands the family of conditions
TWO_LINES = 215  # characters, sources included
ONE_LINE = 115
_VERDICTS = {Status.PRESENT: "met", Status.ABSENT: "not met", Status.NOT_ASSESSED: "not shown"}


def is_benchmark(finding: Finding) -> bool:
    """Tell whether a finding holds the treatments against a documentation benchmark."""
    return finding.rule.id.endswith(SUFFIX)


def say_benchmarks(case: Case, findings: tuple[Finding, ...], references: References) -> tuple[Block, ...]:
    """Return in two lines which benchmarks are met and what the others lack; the details have the full sentences."""
    told = [finding for finding in findings if is_benchmark(finding) and finding.sentence]
    compared = [(found, one) for one in told if (found := _find(case, one))]
    named = {one.rule.id for _, one in compared}
    elsewhere = {finding.sentence for finding in findings if not is_benchmark(finding)}
    others = dict.fromkeys(one.sentence for one in told if one.rule.id not in named and one.sentence not in elsewhere)
    rest = shorten(" ".join(map(end_sentence, others)), ONE_LINE if compared else TWO_LINES, " …")
    parts = list(_compare(compared, TWO_LINES - len(rest))) if compared else []
    if rest:
        parts.append(f" {rest}" if parts else rest)
    marks = references.mark(*(one.rule for one in told))
    return (Paragraph((*parts, marks)),) if parts else ()


def _find(case: Case, finding: Finding) -> Benchmark | None:
    """Return the benchmark that a finding compares with, or None where it says why it does not."""
    found = benchmark(case.profile, finding.rule.id.removesuffix(SUFFIX))
    return found if found and _head(found) in finding.sentence else None


def _head(of: Benchmark) -> str:
    return f"(profile {of.profile}): "


def _compare(compared: list[tuple[Benchmark, Finding]], length: int) -> Iterator[str | Run]:
    """Yield the benchmarks by verdict, each with as many of its reasons as so many characters hold."""
    head = f"Documentation benchmark{'s' if len(compared) > 1 else ''} ({compared[0][0].profile}), "
    verdicts = {one.status: _VERDICTS[one.status] for _, one in compared}
    taken = len(head) + sum(map(len, verdicts.values())) + sum(len(found.name) for found, _ in compared)
    room = (length - taken) // len(compared)
    yield head
    for number, (status, verdict) in enumerate(verdicts.items(), 1):
        said = [found.name + _say_reasons(found, one, room) for found, one in compared if one.status is status]
        yield Run(f"{verdict}: ", bold=True)
        yield join_listed(said) + ("." if number == len(verdicts) else "; ")


def _say_reasons(of: Benchmark, finding: Finding, room: int) -> str:
    """Return the first reasons of a sentence that stand in so many characters, in brackets."""
    reasons = finding.sentence.partition(_head(of))[2].removesuffix(of.note).rstrip(". ").split("; ")
    kept: list[str] = []
    for reason in reasons:
        if len("; ".join((*kept, reason))) + 6 > room:  # brackets, a space and the sign that more follows
            break
        kept.append(reason)
    return f" ({'; '.join(kept)}{'; …' if len(kept) < len(reasons) else ''})" if kept else ""


def say_checklist(case: Case, findings: tuple[Finding, ...], left_out: Collection[str] = ()) -> tuple[Block, ...]:
    """Return the items that specialists ask for, each as present, absent, asked in part, not asked or left out."""
    stated: dict[str, list[str]] = {}
    for finding in findings:
        if finding.rule.group == "completeness":
            status, item = _say_item(case, finding)
            if status == "not asked" and _is_left_out(case, finding, left_out):
                status = "left out"
            stated.setdefault(status, []).append(item)
    if not stated:
        return (Paragraph("The items that specialists ask for were not checked."),)
    parts: list[str | Run] = [f"Of {sum(map(len, stated.values()))} items that specialists ask for in a referral, "]
    for status in ("present", "absent", "asked in part", "not asked", "left out"):
        if status in stated:
            parts += [Run(f"{status}: ", bold=True), f"{', '.join(stated[status])}; "]
    parts[-1] = str(parts[-1]).replace("; ", ".")
    return (Paragraph(tuple(parts), small=True),)


def _is_left_out(case: Case, finding: Finding, left_out: Collection[str]) -> bool:
    gone = {question.id for page in case.questionnaire.pages if page.id in left_out for question in page.questions}
    return any(planning.head_of(path) in gone for path in finding.missing)


def _say_item(case: Case, finding: Finding) -> tuple[str, str]:
    """Return an item's status and its name; of the red flags what counts is whether they were asked."""
    label = lower_first(finding.rule.label)
    if finding.rule.id == "red_flag_assessment":
        return _count_red_flags(case, label)
    if finding.status is Status.NOT_ASSESSED:
        return "asked in part" if finding.sentence else "not asked", label
    return str(finding.status.value), label


def _count_red_flags(case: Case, label: str) -> tuple[str, str]:
    asked = planning.red_flag_questions(case)
    answered = sum(question.id in case.answers for question in asked)
    if not answered:
        return "not asked", label
    return "present" if answered == len(asked) else "asked in part", f"{label} ({answered} of {len(asked)})"
