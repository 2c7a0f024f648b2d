"""What the sender leaves out of a letter: whole pages of the questionnaire, and never what a patient's safety rests on.

    case, findings = leave_out(case, findings, ("medicines",))

What is left out is in neither the letter nor the data inside it; the letter says that something was left out.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace

from intake_app.case import Case, make_case
from intake_app.errors import UserError
from intake_app.factors import Finding, Status, evaluate_all, present
from intake_app.letter.blocks import Block, Paragraph, Zone
from intake_app.letter.planning import SAFETY, head_of
from intake_app.letter.words import join_and
from intake_app.questions import Page

# They stand on a page that can be left out, and stay: what is asked, how urgent it is, and who asks.
ALWAYS = frozenset(
    ("referral_question", "requested_urgency", "urgency_reason", "referrer_name", "referrer_role", "prepared_by")
)
SAID = "Left out on request of the sender"
# The page that a zone of the first page is about; a zone of several pages is empty when all of them are left out.
_ZONES = {
    "Problem": {"symptoms"},
    "Neurology": {"neurology"},
    "Diagnosis": {"diagnoses"},
    "Tried": {"treatments"},
    "Imaging": {"imaging"},
    "Planning": {"operations", "health", "medicines"},
    "Goals": {"goals"},
}


def list_optional(case: Case) -> tuple[Page, ...]:
    """Return the pages that have answers which can be left out."""
    pages = case.questionnaire.pages
    return tuple(page for page in pages if page.id != SAFETY and _questions_of(case, (page.id,)) & set(case.answers))


def leave_out(case: Case, findings: tuple[Finding, ...], pages: Collection[str]) -> tuple[Case, tuple[Finding, ...]]:
    """Return a case without the answers of some pages (ids), and what can be found in the rest.

    UserError if a red flag rests on them, or if they are no pages that can be left out. The same again gives the same.
    """
    if not pages:
        return case, findings
    if unknown := set(pages) - {page.id for page in case.questionnaire.pages if page.id != SAFETY}:
        raise UserError(f"“{', '.join(sorted(unknown))}” cannot be left out of a letter.", "Leave it in.")
    gone = _questions_of(case, pages)
    kept = _drop(case, gone)
    found = evaluate_all(kept)
    if lost := set(_flags(findings)) ^ set(_flags(found)):
        _refuse(case, pages, [f for f in (*findings, *found) if (f.rule.id, f.sentence) in lost])
    return kept, tuple(_mute(one, gone) for one in found if _may_tell(one, gone))


def say_left_out(case: Case, pages: Collection[str]) -> Iterator[Block]:
    """Yield the zone that names what was left out."""
    titles = [page.title for page in case.questionnaire.pages if page.id in pages]
    if titles:
        yield Zone("Left out", (Paragraph(f"{SAID}: {join_and(titles)}."),))


def blank_zone(block: Block, pages: Collection[str]) -> Block:
    """Return a zone of the first page as it is when what it is about was left out: it must not say "not asked"."""
    if not isinstance(block, Zone) or not _ZONES.get(block.label, {""}) <= set(pages):
        return block
    return replace(block, blocks=(Paragraph(f"{SAID}."),), shorter=None)


def _questions_of(case: Case, pages: Collection[str]) -> frozenset[str]:
    asked = (question.id for page in case.questionnaire.pages if page.id in pages for question in page.questions)
    return frozenset(asked) - ALWAYS


def _drop(case: Case, gone: Collection[str]) -> Case:
    """Return the case without some answers, as it is read back from a file: with nothing that they alone showed."""
    answers = {name: value for name, value in case.answers.items() if name not in gone}
    bare = make_case(case.questionnaire, case.patient, answers, case.as_of, profile=case.profile, signed=case.signed)
    times = {name: moment for name, moment in case.answered_at.items() if name in bare.answers}
    return replace(bare, answered_at=times, hidden={})


def _flags(findings: tuple[Finding, ...]) -> Iterator[tuple[str, str]]:
    return ((finding.rule.id, finding.sentence) for finding in present(findings, "red_flags"))


def _refuse(case: Case, pages: Collection[str], changed: list[Finding]) -> None:
    """Raise the UserError that names the pages on which red flags rest."""
    read = {case.questionnaire.page_of(head).id for f in changed for path in f.read if (head := _asked(case, path))}
    titles = [page.title for page in case.questionnaire.pages if page.id in read & set(pages)]
    labels = ", ".join(dict.fromkeys(finding.rule.label for finding in changed))
    raise UserError(
        f"A red flag ({labels}) rests on answers under {join_and(titles) or 'what was left out'}.", "Leave these in."
    )


def _asked(case: Case, path: str) -> str:
    head = head_of(path)
    return head if head in case.questionnaire.by_id else ""


def _may_tell(finding: Finding, gone: Collection[str]) -> bool:
    """Tell whether a finding is told: not one that looked for what was left out, for it would call that missing."""
    return finding.rule.group in ("red_flags", "completeness") or not any(head_of(p) in gone for p in finding.read)


def _mute(finding: Finding, gone: Collection[str]) -> Finding:
    """Return an item that specialists ask for without what it says of an answer that was left out."""
    touched = finding.rule.group == "completeness" and any(head_of(path) in gone for path in finding.missing)
    return replace(finding, sentence="") if touched and finding.status is not Status.PRESENT else finding
