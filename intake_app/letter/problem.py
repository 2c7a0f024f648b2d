"""The problem in one sentence: who, which pain, since when, how it goes, and what it keeps the patient from."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from intake_app import dates
from intake_app.case import Case
from intake_app.factors import Reader
from intake_app.letter.words import inline_words, join_and, lower_first
from intake_app.questions import NO, YES
from intake_app.rules import spans
from intake_app.rules.phrases import capital
from intake_app.validation import number_words

ADULT = 18  # years
ROUNDING = 1 / 3  # "3 months" for anything from 2 to 4
SOME_DAYS = 7  # a first week is "a week"
_WORST = {
    "back": "mainly back pain",
    "leg_left": "mainly left leg pain",
    "leg_right": "mainly right leg pain",
    "both_legs": "pain mainly in {side}",
    "neck": "mainly neck pain",
    "arm_left": "mainly left arm pain",
    "arm_right": "mainly right arm pain",
    "equal": "spinal and limb pain alike",
}
_SIDES = {
    "left": "left {limb}",
    "right": "right {limb}",
    "both_equal": "both {limb}s",
    "both_left_worse": "both {limb}s, the left worse",
    "both_right_worse": "both {limb}s, the right worse",
}
BOTH = ("both_equal", "both_left_worse", "both_right_worse")
_TRENDS = {
    "better": "getting better",
    "same": "unchanged",
    "worse": "getting worse",
    "fluctuating": "up and down",
    "unsure": "patient unsure whether it changes",
}
_SLEEP = {
    "undisturbed": "sleep not disturbed",
    "sometimes": "sleep sometimes disturbed",
    "most_nights": "sleep disturbed most nights",
    "every_night": "sleep disturbed every night",
}
_WORK = {
    "working": "working as usual",
    "reduced": "working less or on lighter duties",
    "off_sick": "off work because of this",
    "unemployed": "not in work",
    "retired": "retired",
    "student": "student",
    "home": "looking after home or family",
}
# What comes before any pain, as short as a sentence needs it; the safety questions have it in full.
_BLADDER_AND_BOWEL = {
    "saddle_numbness": "new numbness between the legs",
    "bladder_start": "new difficulty passing urine",
    "bladder_leak": "new leaking of urine or loss of the urge",
    "bowel_control": "new loss of bowel control or feeling",
    "sexual_function": "new change in sexual function",
}
_WEAK = {
    "new_both_legs_weakness": "new or worsening weakness of both legs",
    "weakness_72h": "weakness new or worse within 3 days, foot drop or a knee giving way",
}
_HANDS_AND_GAIT = {
    "clumsy_hands": "clumsy hands",
    "unsteady_walking": "unsteady walking, stiff or heavy legs or falls",
    "neck_shocks": "electric shocks on bending the neck",
}


def sum_up(case: Case, *, brief: bool = False) -> str:
    """Return the problem as one sentence on the complaint and one on daily life, from whatever was answered.

    A brief one leaves to the details which parts of a limb hurt and how daily life goes but for walking.
    """
    alarms, pain = list(_alarms(case, brief=brief)), list(_pain(case, brief=brief))
    who = _say_person(case)
    said = [_join_time(case, pain[0]), *pain[1:]] if pain else []
    if not pain:
        first = "; ".join([f"{who} with {join_and(alarms)}" if alarms else who, "pain and its duration not recorded."])
    else:
        first = f"{who} with {'; '.join((*alarms, *said))}."
    daily = "; ".join(list(_daily_life(case))[: 1 if brief else None])
    return f"{first} {capital(daily)}." if daily else first


def find_ages(case: Case) -> tuple[int, ...]:
    """Return the ages in whole years that the birth date leaves on the day of the letter: one, two or none."""
    born = case.patient.get("birth_date")
    if not born or not dates.is_date(born):
        return ()
    return tuple(sorted({*spans.ages(born, case.as_of, case.as_of)}))


def _say_person(case: Case) -> str:
    ages, sex = find_ages(case), case.patient.get("sex")
    if not ages:
        return f"{sex.capitalize()} patient of unknown age" if sex in ("female", "male") else "Patient of unknown age"
    grown = {age >= ADULT for age in ages}
    nouns = {"female": ("girl", "woman"), "male": ("boy", "man")}.get(sex or "")
    noun = nouns[grown.pop()] if nouns and len(grown) == 1 else "patient"
    return f"{'- or '.join(map(str, ages))}-year-old {noun}"


def _join_time(case: Case, pain: str) -> str:
    """Return the pain with its duration and trend."""
    duration = _say_duration(case)
    parts = [pain, duration] if "," in pain or "(" in pain or " not " in duration else [f"{pain} {duration}"]
    if case.answers.get("trend") in _TRENDS:
        parts.append(_TRENDS[case.answers["trend"]])
    return ", ".join(parts)


def _say_duration(case: Case) -> str:
    length, unit = case.answers.get("duration"), case.answers.get("duration_unit")
    onset = case.answers.get("onset")
    words = "" if length is None else f"{number_words(length)} {unit or '(unit not recorded)'}"
    words = words.removesuffix("s") if length == 1 and unit else words
    words = f"less than one {unit.removesuffix('s')}" if length == 0 and unit else words
    if onset:
        also = f"; patient also says {words}" if _contradicts(case, onset) else ""
        return f"since {dates.say(onset)} ({_say_length(case, onset)}{also})"
    return f"for {words}" if words else "duration not recorded"


def _say_length(case: Case, onset: str) -> str:
    """Return how long ago a date is: exactly for a day, else as its middle has it."""
    fewest, most = spans.days_since(onset, case.as_of)
    middle = (fewest + most) // 2
    return ("" if fewest == most else "about ") + spans.say_length(middle, middle) if middle else "today"


def _contradicts(case: Case, onset: str) -> bool:
    """Tell whether the length that the patient gives is not that of the onset, give or take a part in three."""
    others = {name: value for name, value in case.answers.items() if name != "onset"}
    told = spans.onset(Reader(replace(case, answers=others)))
    if told is None:
        return False
    length = (case.as_of - told[0]).days
    fewest, most = spans.days_since(onset, case.as_of)
    return not fewest * (1 - ROUNDING) <= length <= most * (1 + ROUNDING) + SOME_DAYS


def _alarms(case: Case, *, brief: bool) -> Iterator[str]:
    """Yield what the patient says of bladder, bowel and saddle, of new weakness, and of hands and gait.

    In brief it is named together where there is much of it: the red flags have each.
    """
    onset = case.answers.get("bladder_bowel_onset")
    since = f" since {dates.say(onset)}" if onset else ""
    worse = " (sudden or getting worse)" if case.answers.get("hands_walking_worsening") == YES else ""
    for together, words, tail in (
        ("new change of bladder, bowel, saddle feeling or sexual function", _BLADDER_AND_BOWEL, since),
        ("new weakness of both legs, within 3 days", _WEAK, ""),
        ("trouble with hands and walking", _HANDS_AND_GAIT, worse),
    ):
        told = [said for name, said in words.items() if case.answers.get(name) == YES]
        if told:
            yield (together if brief and len(told) == len(words) else join_and(told)) + tail


def _pain(case: Case, *, brief: bool) -> Iterator[str]:
    """Yield the dominant pain with its companions, then what else belongs to the picture."""
    if brief:
        areas = ("leg_areas", "arm_areas")
        case = replace(case, answers={name: value for name, value in case.answers.items() if name not in areas})
    if where := _say_where(case):
        yield where
    if scores := _say_scores(case):
        yield scores
    if case.answers.get("numbness") == YES:
        yield "numbness" + _say_side(case, "numbness_side")
    if case.answers.get("weakness") == YES:
        trend = _TRENDS.get(str(case.answers.get("weakness_trend")), "")
        yield "weakness as the patient feels it" + (f", {trend}" if trend else "")
    if case.answers.get("walking_brings_leg_symptoms") == YES:
        eased = case.answers.get("eased_by_sitting")
        tail = {YES: ", eased by sitting or leaning forward", NO: ", not eased by sitting"}.get(str(eased), "")
        yield f"leg symptoms on standing or walking{tail}"
    if "dermatomes" in case.answers:
        yield f"dermatome named by a clinician: {_say(case, 'dermatomes')}"


def _say_where(case: Case) -> str:
    worst = case.answers.get("dominant_pain", "")
    places = list(_other_places(case, worst))
    if worst not in _WORST:
        return f"{join_and(places)} (dominant pain: {_say_unknown(case)})" if places else ""
    limb = "leg" if "leg" in worst else "arm" if "arm" in worst else ""
    main = _say_worst(case, worst) + (_say_areas(case, limb) if limb and _same_side(case, worst, limb) else "")
    return f"{main}, with {join_and(places)}" if places else main


def _say_worst(case: Case, worst: str) -> str:
    if worst == "back" and "low_back" in case.answers.get("spine_sites", ()):
        return "mainly low back pain"
    worse = case.answers.get("leg_side", "")
    return _WORST[worst].format(side=_SIDES[worse if worse in BOTH else "both_equal"].format(limb="leg"))


def _other_places(case: Case, worst: str) -> Iterator[str]:
    """Yield where else it hurts, without what the dominant pain has said already."""
    question = case.questionnaire.by_id["spine_sites"]
    told = ("none", "low_back" if worst == "back" else worst)
    sites = [site for site in case.answers.get("spine_sites", ()) if site not in told]
    if sites:
        yield f"{join_and(lower_first(question.option_text(site)) for site in sites)} pain"
    for limb in ("leg", "arm"):
        if case.answers.get(f"{limb}_pain") != YES or _same_side(case, worst, limb):
            continue
        side = _SIDES.get(case.answers.get(f"{limb}_side", ""), "{limb} (side not recorded)").format(limb=limb)
        article = "" if side.startswith("both") else "a " if "not recorded" in side else "the "
        yield f"pain in {article}{side}{_say_areas(case, limb)}"


def _same_side(case: Case, worst: str, limb: str) -> bool:
    """Tell whether the dominant pain is this limb's pain, on the same side."""
    side = case.answers.get(f"{limb}_side")
    told = {f"{limb}_left": ("left",), f"{limb}_right": ("right",), f"both_{limb}s": BOTH}.get(worst)
    return told is not None and side in (*told, None)


def _say_areas(case: Case, limb: str) -> str:
    areas = case.answers.get(f"{limb}_areas", ())
    question = case.questionnaire.by_id[f"{limb}_areas"]
    return f" ({', '.join(lower_first(question.option_text(area)) for area in areas)})" if areas else ""


def _say_unknown(case: Case) -> str:
    return "patient unsure" if case.answers.get("dominant_pain") == "unsure" else "not asked"


def _say_side(case: Case, name: str) -> str:
    side = case.answers.get(name)
    words = {"left": "left", "right": "right", "both_equal": "both sides"}
    words |= {"both_left_worse": "both sides, the left worse", "both_right_worse": "both sides, the right worse"}
    return f" ({words[side]})" if side in words else ""


def _say_scores(case: Case) -> str:
    scores = [
        f"{place} {number_words(case.answers[name])}"
        for place in ("back", "leg", "neck", "arm")
        if (name := f"{place}_pain_score") in case.answers
    ]
    return f"pain {join_and(scores)} out of 10" if scores else ""


def _daily_life(case: Case) -> Iterator[str]:
    answers = case.answers
    if "walking_minutes" in answers:
        yield f"walks {number_words(answers['walking_minutes'])} minutes before stopping"
    if "walking_distance" in answers:
        yield f"walking distance {lower_first(answers['walking_distance'])}"
    for name, verb in (("sitting_minutes", "sits"), ("standing_minutes", "stands")):
        if name in answers:
            yield f"{verb} for {number_words(answers[name])} minutes"
    yield from _chosen(answers, "sleep", _SLEEP)
    yield from _chosen(answers, "work_status", _WORK)
    aids = [aid for aid in answers.get("walking_aids", ()) if aid != "none"]
    if aids:
        yield f"walks with: {_say(case, 'walking_aids')}"
    if answers.get("independence") in ("partly", "fully"):
        yield _say(case, "independence")


def _chosen(answers: Any, name: str, words: dict[str, str]) -> Iterator[str]:  # noqa: ANN401  a mapping of answers
    if answers.get(name) in words:
        yield words[answers[name]]


def _say(case: Case, name: str) -> str:
    return inline_words(case.questionnaire.by_id[name], case.answers[name])
