"""Red flags from what a clinician examined: muscle grades, perianal sensation and cord signs.

Grades are never derived from the patient's words. A grade of 4- counts as below 4, the more urgent reading. For a
loss of a whole grade + and - are a third of a grade: from 5 to 4+ or from 4+ to 4- less than one is lost.
"""

from collections import defaultdict
from datetime import date

from intake_app import dates
from intake_app.factors import Absent, Entry, Reader, rule
from intake_app.questions import NONE, YES
from intake_app.rules import spans
from intake_app.rules.phrases import list_words, say_grade

BELOW_4 = ("0", "1", "2", "3", "4-")
AT_MOST_3 = ("0", "1", "2", "3")
AT_MOST_2 = ("0", "1", "2")
ACUTE = 3  # days: 72 hours [C], counted as in spans.within
RECENT = 28  # days: 4 weeks [C]
PROGRESSIVE_LIMITS = {"L3": AT_MOST_3, "L4": AT_MOST_3, "L5": AT_MOST_2, "S1": AT_MOST_2}  # [C] CAM 161
WHOLE_GRADE = 3  # thirds of a grade
CORD_REFLEXES = ("plantar", "hoffmann", "clonus")


@rule("red_flags", "sa_health_cpc", level="R1")
def weak_grade_within_72_hours(a: Reader) -> str | None:
    """Grade below 4/5 that began within 72 hours."""
    return _weak_since(a, ACUTE)


@rule("red_flags", "sa_health_cpc", level="R2")
def weak_grade_within_4_weeks(a: Reader) -> str | None:
    """Grade below 4/5 that began within 4 weeks."""
    return _weak_since(a, RECENT)


@rule("red_flags", "nhs_lothian", level="R2")
def foot_drop_graded(a: Reader) -> str | None:
    """Ankle dorsiflexion of 3/5 or less."""
    found = [entry for entry in graded(a) if entry["myotome"] == "L4" and entry["grade"] in AT_MOST_3]
    return _documented(found, "")


@rule("red_flags", "qld_cpc", "nsw_src", level="R1", tag="D")
def grade_lost(a: Reader) -> str | None:
    """Loss of a whole grade between two dated examinations."""
    found: list[str] = []
    less: list[str] = []
    for exams in _by_muscle(a).values():
        for (_, day, before), (next_day, _, after) in _pairs(exams):
            lost = find_thirds(before["grade"]) - find_thirds(after["grade"])
            said = f"{say_grade(after)}, earlier {before['grade']}/5"
            if day < next_day and lost > 0:
                (found if lost >= WHOLE_GRADE else less).append(said)
            elif lost >= WHOLE_GRADE:
                after.leave_open("graded_on")
    if found:
        return f"Grade lower than at an earlier examination, documented: {'; '.join(found)}."
    return Absent(f"Lower by less than a whole grade: {'; '.join(less)}.") if less else None


@rule("red_flags", "qld_cpc", "nsw_src", level="R1", tag="D")
def weak_grade_getting_worse(a: Reader) -> str | None:
    """Grade below 4/5 recorded as getting worse."""
    found = [entry for entry in graded(a) if entry["grade"] in BELOW_4 and entry["progressive"] == YES]
    return _documented(found, ", recorded as getting worse")


@rule("red_flags", "bass_2018", "sa_health_cpc", "nhs_lothian", level="R0")
def perianal_sensation_changed(a: Reader) -> str | None:
    """Perianal sensation reduced or absent on examination."""
    finding = a["saddle_sensation"]
    if finding == "not_tested":
        a.leave_open("saddle_sensation")
    if finding in ("reduced", "absent"):
        return f"Perianal sensation {finding}, documented by a clinician."
    return None


@rule("red_flags", "nsw_src", "sa_health_cpc", level="R2")
def cord_signs_documented(a: Reader) -> str | None:
    """Hoffmann, Babinski or clonus positive on examination."""
    found = [
        list_words((entry.words("reflex"), entry.words("side").lower()))
        for entry in a.entries("reflexes") or ()
        if entry["reflex"] in CORD_REFLEXES and entry["finding"] == "positive"
    ]
    return f"Positive, documented by a clinician: {'; '.join(found)}." if found else None


@rule("neurology", "cam_161")
def progressive_weakness_graded(a: Reader) -> str | None:
    """L3 or L4 of 0 to 3, or L5 or S1 of 0 to 2, and getting worse."""
    found = [
        entry
        for entry in graded(a)
        if entry["grade"] in PROGRESSIVE_LIMITS.get(entry["myotome"], ()) and entry["progressive"] == YES
    ]
    return _documented(found, ", recorded as getting worse")


def find_thirds(grade: str) -> int:
    """Return a grade of 0 to 5 in thirds: 4- is 11, 4 is 12, 4+ is 13."""
    return 3 * int(grade[0]) + {"-": -1, "+": 1}.get(grade[1:], 0)


def graded(a: Reader) -> tuple[Entry, ...]:
    """Return the muscle grades; none when a clinician found strength full and wrote no grade down."""
    if a.peek("strength") == "full" and a.peek("motor_grades") in (None, NONE):
        return ()
    return a.entries("motor_grades") or ()


def _weak_since(a: Reader, days: int) -> str | None:
    found = [entry for entry in graded(a) if entry["grade"] in BELOW_4 and spans.within(a, entry, "weak_since", days)]
    since = ", ".join(sorted({entry.words("weak_since") for entry in found}))
    return _documented(found, f", since {since}")


def _documented(found: list[Entry], tail: str) -> str | None:
    return f"{'; '.join(map(say_grade, found))}{tail}; documented by a clinician." if found else None


Exam = tuple[date, date, Entry]  # the first and the last day that the grade can be of


def _by_muscle(a: Reader) -> dict[tuple[str, str], list[Exam]]:
    """Return the dated grades of each muscle and side; a grade without a date is of the examination's day."""
    exams = defaultdict(list)
    examined_on = a.peek("examined_on")
    for entry in graded(a):
        grade, day = entry["grade"], entry.peek("graded_on") or examined_on
        named = entry.peek("side")
        for side in (("left", "right") if named == "both" else (named,)) if grade else ():
            first, last = dates.span(day) if day else (date.min, date.max)
            exams[entry["myotome"], side].append((first, last, entry))
    return exams


def _pairs(exams: list[Exam]) -> list[tuple[Exam, Exam]]:
    """Return every two grades of one muscle with the one that may be earlier first."""
    return [(one, two) for one in exams for two in exams if one is not two and one[0] <= two[1]]


# What the rule book lists of each rule: its numbers in words.
NUMBERS = {
    "weak_grade_within_72_hours": (f"below 4/5, {ACUTE} days (72 hours)",),
    "weak_grade_within_4_weeks": (f"below 4/5, {RECENT} days (4 weeks)",),
    "foot_drop_graded": ("3/5 or less",),
    "weak_grade_getting_worse": ("below 4/5",),
    "grade_lost": (f"{WHOLE_GRADE} thirds of a grade, with + and - as a third",),
    "progressive_weakness_graded": tuple(
        f"{root}: {limits[-1]}/5 or less" for root, limits in PROGRESSIVE_LIMITS.items()
    ),
}
