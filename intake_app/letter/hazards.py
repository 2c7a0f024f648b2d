"""What makes an operation harder: earlier surgery, bone, heart and lungs, illnesses, medicines; a short line each."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import reduce

from intake_app.case import Case
from intake_app.factors import Finding, Rule, Status
from intake_app.letter.blocks import Bullets, Run, Text, say_rest
from intake_app.letter.planning import say_not_asked
from intake_app.letter.sources import References
from intake_app.letter.words import end_sentence, inline_words, join_listed, lower_first, say_short, shorten
from intake_app.questions import NONE
from intake_app.rules.phrases import quote

PLANNING = "Listed for planning; not used to decide whether this letter is sent."
SPINE, BONE, HEART, REST, MEDICINES = (
    "Spine",
    "Bone",
    "Heart, lungs, clotting, anaesthesia",
    "Metabolic, nicotine, other",
    "Medicines",
)
_LINES = {
    SPINE: ("abdominal_surgery_recorded",),
    BONE: ("low_bone_density", "low_ct_density", "bone_evaluation_age", "osteoporosis_recorded"),
    HEART: ("asa_class_recorded", "stairs_not_climbed", "blood_thinners_taken"),
    REST: (),  # and every other rule on health
    MEDICINES: (
        "immune_medicines_taken",
        "opioids_taken",
        "opioids_over_3_months",
        "opioids_50_mme_or_more",
        "allergies_recorded",
        "implants_recorded",
        "pregnancy_possible",
    ),
}
# Illnesses in the order in which an anaesthetist asks; what is in neither list stands behind the second.
_HEART = (
    "anaesthesia", "bleeding", "clot", "heart_failure", "heart_attack", "valve", "arrhythmia", "stroke",
    "hypertension_untreated", "hypertension", "copd", "pneumonia", "sleep_apnoea",
)  # fmt: skip
_OTHERS = ("kidney", "liver", "mrsa", "immune")
_OWN_SENTENCE = ("osteoporosis", NONE)  # told by a rule of their own
_FROM_ANSWERS = "illnesses_recorded"  # told here, illness by illness
_ELSEWHERE = (_FROM_ANSWERS, "blood_pressure_treated")
# Values that do not reach their mark stand in the details; HbA1c and bone are told either way.
_IN_DETAILS = ("albumin_low", "prealbumin_low", "haemoglobin_low", "vitamin_d_low", "cotinine_above_10")
_ALARMING = ("Blood thinners", "Allergies", "Implants")  # set in bold inside a line
_QUOTED = re.compile(r", “[^”]*”")
NOTE_LENGTH, BRIEF_NOTE = 240, 0
ALL = "What the answers add up to"  # the part of the details that has every sentence
# What gives way on a page that is too full, first and then: never an illness, a blood thinner, an allergy, an implant
# or an operation.
_MINOR = (
    "srs_schwab_modifiers", "bmi_30_or_more", "frailty_index_items", "opioids_over_3_months", "bone_evaluation_age",
    "prealbumin_low", "vitamin_d_low", "cotinine_above_10", "substances_recorded",
)  # fmt: skip
_CAN_GO = (
    *_MINOR, "three_or_more_levels", "several_levels_in_words", "same_level_surgery", "next_to_earlier_fusion",
    "alignment_at_misdef_cut_offs", "opioids_50_mme_or_more", "high_grade_slip", "abdominal_surgery_recorded",
)  # fmt: skip
_GIVING_WAY = ((), _MINOR, _CAN_GO)
NAME_LENGTH = 60
LONG_LIST = 8  # medicines that the first page names; the details hold them all


def list_hazards(
    case: Case,
    findings: tuple[Finding, ...],
    references: References,
    left_out: Collection[str] = (),
    *,
    brief: int = 0,
) -> Bullets:
    """Return a line for each part of the body, then what nobody has asked and which values are lacking.

    A brief one (1, briefer 2) leaves to the details what no operation turns on, and says how much that is.
    """
    told = [finding for finding in findings if _matters(case, finding)]
    left = [finding for finding in told if finding.rule.id in _GIVING_WAY[brief]]
    told = sorted((finding for finding in told if finding not in left), key=_place)
    lines: list[Text] = []
    for line in _LINES:
        mine = _quote_once(case, {end_sentence(f.sentence): f.rule for f in told if _line_of(f.rule) == line})
        first, last = _say_first(case, line, told), _say_last(case, line, told, brief=brief)
        if said := (*first, *mine, *last):
            cites = [*mine.values(), *_cited(line, (*first, *last), findings)]
            lines.append((Run(f"{line}: ", bold=True), *_set_leads(said), references.mark(*cites).strip()))
    more = say_rest(len(left), ALL) if left else ()
    return Bullets((*lines, (*more, *say_not_asked(case, left_out), Run(PLANNING, italic=True))))


def _place(finding: Finding) -> int:
    """Return where a sentence stands in its line: earlier surgery first, what is listed above in its order."""
    listed = _LINES[_line_of(finding.rule)]
    if finding.rule.id in listed:
        return listed.index(finding.rule.id) + 1
    return -1 if finding.rule.id == "earlier_spine_surgery" else 0


def _line_of(rule: Rule) -> str:
    if rule.group == "complexity":
        return SPINE
    return next((line for line, rules in _LINES.items() if rule.id in rules), REST)


def _matters(case: Case, finding: Finding) -> bool:
    """Tell whether a sentence is for planning: what is there, of overall health also what is not.

    A slip of a low grade is no complexity and yet a fact; where the report grades it, it stands under Imaging.
    """
    if finding.rule.group not in ("complexity", "health") or not finding.sentence or finding.rule.id in _ELSEWHERE:
        return False
    if finding.rule.id == "high_grade_slip" and finding.status is Status.ABSENT:
        return "slip_grade" not in case.answers
    told = finding.rule.group == "health" and finding.rule.id not in _IN_DETAILS
    return told or finding.status is Status.PRESENT


def _cited(line: str, plain: tuple[str | Run, ...], findings: tuple[Finding, ...]) -> list[Rule]:
    """Return the rule on illnesses where this line names some of them."""
    named = line in (HEART, REST) and any("reported by the patient" in str(part) for part in plain)
    return [f.rule for f in findings if f.rule.id == _FROM_ANSWERS and f.sentence] if named else []


def _set_leads(said: Iterable[str | Run]) -> Iterator[str | Run]:
    """Yield sentences, in bold what nobody may overlook: "Allergies: ..."."""
    for place, sentence in enumerate(said):
        if isinstance(sentence, Run):
            yield sentence
            continue
        lead, colon, rest = sentence.partition(": ")
        if colon and lead in _ALARMING and place:  # the first follows the line's own name in bold
            yield Run(f"{lead}: ", bold=True)
            yield f"{rest} "
        else:
            yield f"{sentence} "


def _quote_once(case: Case, told: Mapping[str, Rule]) -> dict[str, Rule]:
    """Return sentences that quote a record once, and no report that stands in full under Imaging."""
    reports = [quote(" ".join(str(entry.get("finding", "")).split())) for entry in case.entries("imaging")]
    seen: set[str] = set()
    said = {}
    for sentence, rule in told.items():
        quoted = set(_QUOTED.findall(sentence))
        again = dict.fromkeys(quoted & seen, "") | {words: "as quoted under Imaging" for words in reports if words}
        said[reduce(lambda text, words: text.replace(words, again[words]), again, sentence)] = rule
        seen |= quoted
    return said


def _say_first(case: Case, line: str, told: list[Finding]) -> tuple[str | Run, ...]:
    """Return what opens a line: no earlier operation, how fit the patient is, and illnesses from the kidneys on."""
    spoken = {finding.rule.id for finding in told}
    found: Mapping[str, Iterable[str | Run]] = {
        SPINE: _say_no_operation(case),
        HEART: (*_say_fitness(case, spoken), *_say_illnesses(case, _HEART)),
        REST: _say_illnesses(case, _rest_of(case)),
        MEDICINES: _say_medicines(case, " ".join(finding.sentence for finding in told)),
    }
    return tuple(found.get(line, ()))


def _say_last(case: Case, line: str, told: list[Finding], *, brief: int) -> tuple[str | Run, ...]:
    """Return what no rule has told: the record's words on operations, illnesses, habits, and the other medicines."""
    words = " ".join(finding.sentence for finding in told)
    found: Mapping[str, Iterable[str | Run]] = {
        SPINE: _say_operations(case, words),
        REST: (*_say_habits(case), *_say_remarks(case, BRIEF_NOTE if brief > 1 else NOTE_LENGTH)),
        MEDICINES: _say_no_implants(case),
    }
    return tuple(found.get(line, ()))


def _say_no_operation(case: Case) -> Iterator[str]:
    if "operations" in case.answers and not case.entries("operations"):
        yield "Earlier spine surgery: none."


def _say_operations(case: Case, told: str) -> Iterator[str]:
    """Yield the record's own words on each operation where no rule has quoted them, and what went wrong."""
    for number, entry in enumerate(case.entries("operations"), 1):
        words = " ".join(str(entry.get("procedure", "")).split())
        facts = [quote(shorten(words, NOTE_LENGTH))] if words and quote(words) not in told else []
        if trouble := entry.get("complications"):
            facts.append(f"complications: {quote(shorten(trouble, NOTE_LENGTH))}")
        if facts:
            which = f"Operation {number}" if len(case.entries("operations")) > 1 else "The record"
            yield f"{which}: {'; '.join(facts)}."


def _say_fitness(case: Case, spoken: Collection[str]) -> Iterator[str]:
    if "asa_class" in case.answers and "asa_class_recorded" not in spoken:
        yield f"ASA class {_say(case, 'asa_class')}, as recorded."
    if "stairs" in case.answers and "stairs_not_climbed" not in spoken:
        yield f"Climbs a flight of stairs without stopping: {_say(case, 'stairs')}."


def _rest_of(case: Case) -> tuple[str, ...]:
    named = [one for one in case.answers.get("conditions", ()) if one not in (*_HEART, *_OTHERS)]
    return (*_OTHERS, *named)


def _say_illnesses(case: Case, order: tuple[str, ...]) -> Iterator[str]:
    """Yield the illnesses of a line, each one; that there are none is said where the heart is."""
    if "conditions" not in case.answers:
        return
    question, named = case.questionnaire.by_id["conditions"], case.answers["conditions"]
    words = [lower_first(question.option_text(one)) for one in order if one in named and one not in _OWN_SENTENCE]
    if "heart_failure" in order and "heart_failure_30_days" in case.answers:
        words.append(f"heart failure new or worse within 30 days: {_say(case, 'heart_failure_30_days')}")
    if words:
        said = join_listed(words)
        yield f"{said[:1].upper()}{said[1:]} (reported by the patient)."
    elif order == _HEART and tuple(named) == (NONE,):
        yield "No illness among those asked about."


def _say_remarks(case: Case, length: int) -> Iterator[str | Run]:
    words = " ".join(case.answers.get("conditions_note", "").split())
    if words and not length:
        yield from refer("Remarks on illnesses", "Overall health")
        return
    if words:
        yield f"Remarks on illnesses: {end_sentence(quote(shorten(words, length, ' …')))}"
    if len(words) > length:
        yield from refer("In full", "Overall health")


def refer(what: str, zone: str) -> tuple[Run, ...]:
    """Return a sentence that says where in the details something stands: "In full: page 4. "."""
    return (Run(f"{what}: "), Run("in the details", page_of=zone), Run(". "))


def _say_habits(case: Case) -> Iterator[str]:
    if case.answers.get("diabetes") in ("no", "unsure"):
        yield f"Diabetes: {_say(case, 'diabetes')}."
    if case.answers.get("nicotine") not in (None, "current"):
        facts = [_say(case, "nicotine")]
        if "nicotine_products" in case.answers:
            facts[0] += f" ({_say(case, 'nicotine_products')})"
        facts += [f"stopped {say_short(case.answers['nicotine_quit'])}"] if "nicotine_quit" in case.answers else []
        facts += [f"{_say(case, 'pack_years')} pack-years"] if "pack_years" in case.answers else []
        yield f"Nicotine: {join_listed(facts)}."
    if case.answers.get("alcohol") in ("daily", "weekly"):
        yield f"Alcohol: {_say(case, 'alcohol')}."


def _say_medicines(case: Case, told: str) -> Iterator[str | Run]:
    """Yield the medicines that no rule has named, and that there are none, or no implants."""
    names = [
        shorten(str(entry["name"]), NAME_LENGTH, " …")
        for entry in case.entries("medicines")
        if entry.get("name") and str(entry["name"]).lower() not in told.lower()
    ]
    if names:
        yield f"{join_listed(names[:LONG_LIST])}."
        if (rest := len(names) - LONG_LIST) > 0:
            yield from say_rest(rest, "Medicines and allergies")
    elif "medicines" in case.answers and not case.entries("medicines"):
        yield "None taken."


def _say_no_implants(case: Case) -> Iterator[str]:
    if case.answers.get("implants") == (NONE,):
        yield "Implants: none of those asked about."


def _say(case: Case, name: str) -> str:
    return inline_words(case.questionnaire.by_id[name], case.answers[name])
