"""What the answers are held against: documentation benchmarks, and the items that specialists ask for."""

from collections.abc import Collection, Iterator

from intake_app.case import Case
from intake_app.factors import Finding, Status
from intake_app.letter import planning
from intake_app.letter.blocks import Block, Paragraph, Run
from intake_app.letter.sources import References
from intake_app.letter.words import end_sentence, join_and, join_listed, lower_first
from intake_app.rules.benchmarks import Benchmark, benchmark

SUFFIX = "_benchmark"  # what the ids of the rules end with; before it stands the family of conditions
_VERDICTS = {
    Status.PRESENT: "met by the dates recorded",
    Status.ABSENT: "not met",
    Status.NOT_ASSESSED: "cannot be shown",
}
_STATED = {"present": "answered", "absent": "answered none"}  # as a reader understands the status of an item
_WANTED = {
    "start": "start",
    "end": "end",
    "ongoing": "whether still going on",
    "dose": "regular dose",
    "provider": "prescriber",
}
_MISSING = ("no ",)  # how a rule's reason begins that names what is not written down


def is_benchmark(finding: Finding) -> bool:
    """Tell whether a finding holds the treatments against a documentation benchmark."""
    return finding.rule.id.endswith(SUFFIX)


def say_benchmarks(
    case: Case, findings: tuple[Finding, ...], references: References, *, brief: bool = False
) -> tuple[Block, ...]:
    """Return which documentation benchmarks the dates meet and what the others lack; what is missing is never cut."""
    told = [finding for finding in findings if is_benchmark(finding) and finding.sentence]
    compared = [(found, one) for one in told if (found := _find(case, one))]
    named = {one.rule.id for _, one in compared}
    elsewhere = {finding.sentence for finding in findings if not is_benchmark(finding)}
    others = dict.fromkeys(one.sentence for one in told if one.rule.id not in named and one.sentence not in elsewhere)
    said: list[str | Run] = []
    if compared:
        said.append(f"Documentation benchmark{'s' if len(compared) > 1 else ''} ({compared[0][0].profile}): ")
        said += _list_met([found for found, one in compared if one.status is Status.PRESENT])
        lacking = [(found, one) for found, one in compared if one.status is not Status.PRESENT]
        said += [part for found, one in lacking for part in _compare(case, found, one, brief=brief)]
    if not brief or not compared:
        said += [f"{end_sentence(sentence)} " for sentence in others]
    marks = references.mark(*(one.rule for one in told)).strip()
    return (Paragraph((*said, marks)),) if said else ()


def _find(case: Case, finding: Finding) -> Benchmark | None:
    """Return the benchmark that a finding compares with, or None where it says why it does not."""
    found = benchmark(case.profile, finding.rule.id.removesuffix(SUFFIX))
    return found if found and _head(found) in finding.sentence else None


def _head(of: Benchmark) -> str:
    return f"(profile {of.profile}): "


def _list_met(met: list[Benchmark]) -> Iterator[str | Run]:
    if met:
        yield from (f"{join_listed(map(_say_asked, met))}: ", Run(_VERDICTS[Status.PRESENT], bold=True), ". ")


def _say_asked(of: Benchmark) -> str:
    each = f", {of.each_words} each" if of.each_words else ""
    return f"{lower_first(of.name)} ({of.words}, {of.groups_needed} kind{'' if of.groups_needed == 1 else 's'}{each})"


def _compare(case: Case, of: Benchmark, finding: Finding, *, brief: bool) -> Iterator[str | Run]:
    """Yield a benchmark with what it asks for, how the dates stand to it, and what is missing."""
    yield f"{_say_asked(of)}: "
    yield Run(_VERDICTS[finding.status], bold=True)
    reasons = finding.sentence.partition(_head(of))[2].removesuffix(of.note).rstrip(". ").split("; ")
    shown = [] if brief else [reason for reason in reasons if not reason.startswith(_MISSING)]
    if shown:
        yield f" ({'; '.join(shown)})"
    yield ". "
    if missing := _say_wanted(case, finding):
        yield f"Missing: {missing}. "


def _say_wanted(case: Case, finding: Finding) -> str:
    """Return what the benchmark looked for and did not find, treatment by treatment: "start, end of naproxen"."""
    question, wanted = case.questionnaire.by_id["treatments"], dict[str, list[str]]()
    for path in finding.missing:
        head, _, field = path.partition(".")
        if planning.head_of(path) == question.id and field in _WANTED:
            entry = case.entries(question.id)[int(head[head.index("[") + 1 : -1])]
            name = str(entry.get("agent") or planning.name_entry(question, entry))
            words = f"exact {_WANTED[field]}" if field in entry and field in ("start", "end") else _WANTED[field]
            wanted.setdefault(name, []).append(words)
    return "; ".join(f"{join_and(dict.fromkeys(fields))} of {lower_first(name)}" for name, fields in wanted.items())


def say_checklist(case: Case, findings: tuple[Finding, ...], left_out: Collection[str] = ()) -> tuple[Block, ...]:
    """Return the items that specialists ask for, each as answered, none, in part, not asked or left out."""
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
            parts += [Run(f"{_STATED.get(status, status)}: ", bold=True), f"{', '.join(stated[status])}; "]
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
