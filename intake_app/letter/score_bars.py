"""Pain and scores as bars on their whole range: the latest beside earlier ones, with published limits marked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from intake_app.case import Case
from intake_app.factors import Entry, Reader
from intake_app.letter.pictures import Area, Label, Picture, Shape, Stroke, box
from intake_app.letter.words import join_and, say_short
from intake_app.questions import SCALE_TOP
from intake_app.rules.scores import band, instruments, score
from intake_app.validation import number_words

PAINS = ("back", "leg", "neck", "arm")
NRS = "nrs"  # the instrument of earlier pain scores
EARLIER = 2  # values drawn beside the latest
ROW, EARLIER_ROW = 14.0, 8.6  # points
TEXT, SMALL = 7.2, 6.0
NAMES, ENDS = 0.2, 11.0  # part of the width; points for the ends of the range
BARS = 0.32  # part of the width
GAP = 7.0


@dataclass(frozen=True, slots=True)
class Value:
    """One score: how much, when ("" when no date is given), and what its band is called."""

    value: float
    when: str
    band: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """What is measured on which range. `limits` are the published ones; the latest value comes first."""

    name: str
    low: float
    high: float
    unit: str
    limits: tuple[float, ...]
    values: tuple[Value, ...]


Found = dict[tuple[str, str], list[tuple[str, Value]]]  # by instrument and scale: the date as given, and the value


def draw_score_bars(case: Case, width: float = 480.0) -> Picture | None:
    """Return the bars of a case, so many points wide; None where there is no score to draw."""
    found = _read(case)
    measures = [*_pains(case, found), *_scores(case, found)]
    if not measures:
        return None
    shapes: list[Shape] = []
    y = 0.0
    for measure in measures:
        shapes += _draw(measure, y, width)
        y += _height(measure)
    return Picture(width, y, tuple(shapes), f"Scores: {'; '.join(map(_say, measures))}.")


def _read(case: Case) -> Found:
    """Return every score that can be read, the latest first; those without a date come last."""
    found: Found = {}
    for entry in Reader(case).entries("scores") or ():
        instrument = entry.peek("instrument")
        for name, of in instruments().items():
            is_this = instrument == of.get("instrument", name)
            value = score(of, entry) if is_this and is_scorable(of, entry) else None
            if value is not None:
                day, kind = entry.peek("date") or "", entry.peek(of["kind"]) or "" if "kind" in of else ""
                said = Value(value, say_short(day) if day else "", band(of, value).partition(";")[0])
                found.setdefault((name, kind), []).append((day, said))
    return {key: sorted(dated, key=lambda one: one[0], reverse=True) for key, dated in found.items()}


def _pains(case: Case, found: Found) -> Iterator[Measure]:
    """Yield the pain of this intake, with the day on which it was told if that is known, beside earlier ones."""
    for place in PAINS:
        name = f"{place}_pain_score"
        values = [value for _, value in found.get((NRS, place), ())]
        if name in case.answers:
            at = case.answered_at.get(name)
            values.insert(0, Value(case.answers[name], say_short(at.date().isoformat()) if at else "this intake"))
        if values:
            yield Measure(f"{place.capitalize()} pain", 0, SCALE_TOP, "", (), tuple(values))


def _scores(case: Case, found: Found) -> Iterator[Measure]:
    """Yield the scores of forms, each scale of an instrument on its own."""
    fields = {field.id: field for field in case.questionnaire.by_id["scores"].fields}
    for name, of in instruments().items():
        for (instrument, kind), dated in found.items():
            if instrument == name and (name != NRS or kind not in PAINS):
                scale = fields[of["kind"]].option_text(kind) if kind else ""
                yield _measure(case, of, scale, tuple(value for _, value in dated))


def is_scorable(of: Mapping[str, Any], entry: Entry) -> bool:
    """Tell whether enough items are said to be answered; nobody having counted them is enough."""
    answered = entry.peek("items_answered")
    return answered is None or answered >= of.get("least_items", 0)


def _measure(case: Case, of: Mapping[str, Any], kind: str, values: tuple[Value, ...]) -> Measure:
    low, high = _range(case, of)
    limits = tuple(float(upper) for upper, _ in of["bands"][:-1])
    unit = " %" if of["unit"] == " %" else ""
    return Measure(f"{of['name']} {kind}".strip(), low, high, unit, limits, values)


def _range(case: Case, of: Mapping[str, Any]) -> tuple[float, float]:
    """Return the whole range of a score: that of its question, or none to its top for a count or a sum."""
    fields = {field.id: field for field in case.questionnaire.by_id["scores"].fields}
    field = fields.get(of.get("field", ""))
    if field and field.min is not None and field.max is not None:
        return field.min, field.max
    return 0.0, float(of["top"])


def _height(measure: Measure) -> float:
    return ROW + EARLIER_ROW * len(_earlier(measure)) + (SMALL + 1 if measure.limits else 0)


def _earlier(measure: Measure) -> tuple[Value, ...]:
    return measure.values[1 : 1 + EARLIER]


def _draw(measure: Measure, top: float, width: float) -> Iterator[Shape]:
    left = width * NAMES + GAP + ENDS
    right = left + width * BARS
    yield Label(0, top + 9.6, measure.name, TEXT, width * NAMES, bold=True)
    yield Label(left - 3, top + 9.4, number_words(measure.low), SMALL, ENDS - 3, "end")
    yield Label(right + 3, top + 9.4, number_words(measure.high), SMALL, ENDS)
    bottom = top + ROW + EARLIER_ROW * len(_earlier(measure)) - 2.5
    yield from _draw_limits(measure, left, right, top, bottom)
    words = right + ENDS + GAP
    for at, value in enumerate((measure.values[0], *_earlier(measure))):
        y = top + (3 if at == 0 else ROW + EARLIER_ROW * (at - 1))
        height = 8.0 if at == 0 else 4.4
        yield from _draw_bar(measure, value, (left, right, y, height), is_latest=at == 0)
        size = TEXT if at == 0 else SMALL
        yield Label(words, y + height / 2 + 0.36 * size, _words(measure, value), size, width - words)


def _draw_bar(
    measure: Measure, value: Value, place: tuple[float, float, float, float], *, is_latest: bool
) -> Iterator[Shape]:
    """Yield the whole range as an empty box and the value in it: full for the latest, hatched for an earlier one."""
    left, right, y, height = place
    end = _x(measure, value.value, left, right)
    if end > left:
        yield box(left, y, end - left, height, "ink" if is_latest else "hatch")
    yield Area(box(left, y, right - left, height).points, "", "ink", 0.5 if is_latest else 0.3)


def _draw_limits(measure: Measure, left: float, right: float, top: float, bottom: float) -> Iterator[Shape]:
    """Yield a mark at each published limit, from above the bar to its number below."""
    last = left - GAP
    for limit in measure.limits:
        x = _x(measure, limit, left, right)
        yield Stroke(((x, top + 1), (x, top + 3)), "ink", 0.8)
        yield Stroke(((x, bottom - 0.5), (x, bottom + 1.5)), "ink", 0.8)
        if x - last > 2 * GAP:  # numbers that would touch are left to the words
            yield Label(x, bottom + SMALL + 1, number_words(limit), SMALL - 0.4, 2 * GAP - 1, "middle")
            last = x


def _x(measure: Measure, value: float, left: float, right: float) -> float:
    share = (value - measure.low) / (measure.high - measure.low)
    return left + min(1.0, max(0.0, share)) * (right - left)


def _words(measure: Measure, value: Value) -> str:
    """Return a value with its date and band; the last one drawn tells how many there are before it."""
    left = len(measure.values) - 1 - len(_earlier(measure))
    more = f"{left} earlier in the details" if left and value is measure.values[EARLIER] else ""
    first = f"{number_words(value.value)}{measure.unit}, {value.when or 'no date'}"
    return "; ".join(filter(None, (first, value.band if value is measure.values[0] else "", more)))


def _say(measure: Measure) -> str:
    scale = f"{measure.name} (from {number_words(measure.low)} to {number_words(measure.high)})"
    before = [_words(measure, value) for value in _earlier(measure)]
    return f"{scale} {_words(measure, measure.values[0])}" + (f", before that {join_and(before)}" if before else "")
