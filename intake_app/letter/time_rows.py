"""Rows against time: names at the left, bars and marks in the middle, words at the right, months and years below."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from intake_app import dates
from intake_app.letter.pictures import Area, Dot, Label, Shape, Stroke, box
from intake_app.letter.words import say_short
from intake_app.rules.phrases import capital

YEAR = 365.25  # days
WINDOWS = tuple(round(years * YEAR) for years in (0.25, 0.5, 1, 1.5, 2, 3, 5, 10, 20, 40, 80, 130))  # days
SHOWN = 0.75  # of the beginnings have to lie in the window
STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600)  # months from one mark of the axis to the next
TICK_ROOM = 23.0  # points from one mark to the next, at least
LEAST_WORD = 15.0  # points: the room of a month's or a year's name
EDGE = 4.0  # points beyond the day of the letter: for the arrow of what goes on
GLYPH = 2.6  # points: half of a mark
KEY_LETTER = 0.53  # of the size of type: how wide a letter is
LEAST = 2.4  # points: what is shorter could not be seen
SIGNS = {
    "as needed": "broken bar: as needed",
    "symptoms": "hatched: symptoms",
    "pain": "dot: pain score",
    "imaging": "diamond: imaging",
    "operation": "triangle: operation",
}
OPEN = "dashed: the dates leave it open"
GOES_ON = "right arrow: still going on"
EARLIER = "left arrow: earlier than drawn"


@dataclass(frozen=True, slots=True)
class Moment:
    """When something was, as far as it is known: the days between which it certainly lasted, and those it may have."""

    first: date | None  # the earliest day on which it can have begun; None where no beginning is given
    start: date | None  # the latest such day
    end: date | None  # the earliest day on which it can have ended; None where no end is given
    last: date | None  # the latest such day


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the picture. `mark` is a key of SIGNS, "bar" or "event"."""

    name: str
    mark: str
    moments: tuple[Moment, ...]
    words: str  # beside it
    says: str  # in the sentence
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """Sizes in points. A small picture has no words beside the rows."""

    width: float
    row: float
    text: float
    names: float
    words: float
    gap: float = 7.0

    @property
    def left(self) -> float:
        """Where time begins."""
        return self.names + self.gap

    @property
    def right(self) -> float:
        """Where the day of the letter is."""
        return self.width - (self.words + self.gap if self.words else 0) - EDGE


@dataclass(frozen=True, slots=True)
class Scale:
    """Days to points."""

    since: date
    until: date
    left: float
    right: float

    def x(self, day: date) -> float:
        """Return where a day is; what lies outside is at the edge."""
        share = (day - self.since).days / max(1, (self.until - self.since).days)
        return self.left + min(1.0, max(0.0, share)) * (self.right - self.left)


def make_scale(rows: Sequence[Row], as_of: date, look: Look) -> Scale:
    """Return the shortest window that holds most beginnings; what began before it starts at the edge."""
    starts = sorted((m.first or m.end or as_of for row in rows for m in row.moments if m.first or m.end), reverse=True)
    needed = starts[ceil(len(starts) * SHOWN) - 1] if starts else as_of
    window = next((days for days in WINDOWS if as_of - timedelta(days) <= needed), WINDOWS[-1])
    earliest = max(as_of - timedelta(window), min([*starts, as_of - timedelta(WINDOWS[0])]))
    return Scale(earliest.replace(day=1), as_of, look.left, look.right)


def lay_out(rows: Sequence[Row], above: int, scale: Scale, look: Look, left_out: int) -> tuple[list[Shape], float]:
    """Return the shapes of every row and the axis, and the height they need."""
    head = look.text + 3
    bottom = head + look.row * len(rows) + (3 if above else 0)
    shapes: list[Shape] = [*_axis(scale, look, head, bottom)]
    for at, row in enumerate(rows):
        y = head + look.row * (at + 0.5) + (3 if above and at >= above else 0)
        shapes += _draw_row(row, y, scale, look)
    if 0 < above < len(rows):
        y = head + look.row * above + 1.5
        shapes.append(Stroke(((0, y), (look.width, y)), "grey", 0.3))
    height = bottom + 2 * look.text + 5
    if left_out:
        words = f"{left_out} more in the table"
        shapes.append(Label(0, height - 0.4 * look.text, words, look.text, look.names))
    if look.words:
        for line in _break(_key(rows, scale), look):
            height += look.text + 1
            shapes.append(Label(0, height - 0.4 * look.text, line, look.text - 1, look.width))
    return shapes, height


def _break(words: str, look: Look) -> Iterator[str]:
    """Yield words in lines that fit; their width is guessed, since only who draws them can measure."""
    line = ""
    for part in words.split("; "):
        longer = f"{line}; {part}" if line else part
        if line and len(longer) * KEY_LETTER * (look.text - 1) > look.width:
            yield f"{line};"
            longer = part
        line = longer
    yield line


def _key(rows: Sequence[Row], scale: Scale) -> str:
    """Return what the signs in use mean."""
    moments = [moment for row in rows for moment in row.moments if moment.first or moment.end]
    used = [words for mark, words in SIGNS.items() if any(row.mark == mark for row in rows)]
    used += [OPEN] * any(m.first != m.start or m.end != m.last or not (m.first and m.end) for m in moments)
    used += [GOES_ON] * any(row.goes_on for row in rows)
    used += [EARLIER] * any((moment.first or scale.since) < scale.since for moment in moments)
    return capital("; ".join(used)) + "." if used else "Bars: how long; short bars: one day."


def _axis(scale: Scale, look: Look, top: float, bottom: float) -> Iterator[Shape]:
    """Yield months and years below, a fine line at each mark, and the day of the letter above its own line."""
    days = max(1, (scale.until - scale.since).days)
    fits = (scale.right - scale.left) / TICK_ROOM
    step = next((step for step in STEPS if days / 30.4 / step <= fits), STEPS[-1])
    yield Stroke(((scale.left, bottom), (scale.right, bottom)), "ink", 0.5)
    last_year, y = 0, bottom + look.text + 1.5
    for month in _months(scale, step):
        x = scale.x(month)
        yield Stroke(((x, top), (x, bottom)), "grey", 0.25, (0.8, 2.0))
        yield Stroke(((x, bottom), (x, bottom + 2)), "ink", 0.5)
        room = min(TICK_ROOM - 3, scale.right + EDGE - x)
        if room < LEAST_WORD:
            continue
        if step < 12:  # noqa: PLR2004  months of a year
            yield Label(x, y, dates.MONTHS[month.month - 1][:3], look.text - 0.6, room)
        if month.year != last_year:
            below = look.text + 1.2 if step < 12 else 0  # noqa: PLR2004
            yield Label(x, y + below, str(month.year), look.text - 0.6, room, bold=step < 12)  # noqa: PLR2004
            last_year = month.year
    yield Stroke(((scale.right, top), (scale.right, bottom)), "ink", 0.7)
    today = say_short(scale.until.isoformat())
    yield Label(scale.right, top - 2.2, today, look.text - 0.6, scale.right - scale.left, "end")


def _months(scale: Scale, step: int) -> Iterator[date]:
    """Yield the first days of months, so many months apart; full years for steps of a year and more."""
    number = -(-(scale.since.year * 12 + scale.since.month - 1) // step) * step
    while (day := date(number // 12, number % 12 + 1, 1)) <= scale.until:
        yield day
        number += step


def _draw_row(row: Row, y: float, scale: Scale, look: Look) -> Iterator[Shape]:
    base = y + 0.36 * look.text
    yield Label(0, base, row.name, look.text, look.names)
    if look.words:
        yield Label(look.width - look.words, base, row.words, look.text, look.words)
    dated = [moment for moment in row.moments if moment.first or moment.end]
    if not dated:
        yield Label(scale.left + 2, base, "no date" if row.mark == "event" else "no dates", look.text - 0.4, 60)
    for moment in dated:
        yield from _MARKS.get(row.mark, _draw_bar)(row, moment, y, scale, look)


def _draw_bar(row: Row, moment: Moment, y: float, scale: Scale, look: Look) -> Iterator[Shape]:
    """Yield a bar: full where it is certain, dashed boxes where dates leave it open, an arrow where it goes on."""
    half = look.row * 0.27
    left, start = (scale.x(day) if day else scale.left for day in (moment.first, moment.start))
    end, right = (scale.x(day) if day else scale.right for day in (moment.end, moment.last))
    if row.goes_on:
        yield _arrow(scale.right, y, half, 1)
    if not (moment.start and moment.end):
        yield from _draw_half_known(moment, y, scale, half)
        return
    if end - start < LEAST and moment.first == moment.start and moment.end == moment.last:
        start = min(start, scale.right - LEAST)
        left, end = start, start + LEAST
        right = end
    if start < end:
        yield from _full(row, start, end, y, half)
    for one, other in ((left, min(start, right)), (max(end, left), right)):
        if other - one > 0.2:  # noqa: PLR2004  a day or so cannot be drawn
            yield _open_box(one, other, y, half)
    if moment.first and moment.first < scale.since:
        yield _arrow(scale.left, y, half, -1)


def _full(row: Row, start: float, end: float, y: float, half: float) -> Iterator[Shape]:
    if row.mark == "as needed":
        yield Stroke(((start, y), (end, y)), "ink", half * 1.2, (3.0, 2.4))
    else:
        yield box(start, y - half, end - start, 2 * half, "hatch" if row.mark == "symptoms" else "ink")


def _draw_half_known(moment: Moment, y: float, scale: Scale, half: float) -> Iterator[Shape]:
    """Yield a beginning with no end, or an end with no beginning: one edge, and a dashed line into the open."""
    first, latest = (moment.first, moment.start) if moment.start else (moment.end, moment.last)
    one, other = (scale.x(day or scale.until) for day in (first, latest))
    if other - one > LEAST:
        yield _open_box(one, other, y, half)
    else:
        edge = min(one, scale.right - LEAST)
        yield box(edge, y - half, LEAST, 2 * half, "ink")
        one, other = edge, edge + LEAST
    begins = moment.start is not None
    line = (other + 1, scale.right) if begins else (scale.left, one - 1)
    if line[1] - line[0] > LEAST:
        yield Stroke(((line[0], y), (line[1], y)), "ink", 0.7, (1.4, 2.2))


def _draw_event(row: Row, moment: Moment, y: float, scale: Scale, look: Look) -> Iterator[Shape]:
    """Yield the mark of one day; a dashed box over the days that it may have been."""
    half = look.row * 0.3
    one, other = (scale.x(day or scale.since) for day in (moment.first, moment.last))
    if moment.last and moment.last < scale.since:
        yield _arrow(scale.left, y, half, -1)
        return
    if other - one > 2 * GLYPH:
        yield _open_box(one, other, y, half)
    x = min(max((one + other) / 2, scale.left + GLYPH), scale.right - GLYPH)
    if other - one <= 2 * GLYPH or row.mark != "event":
        yield from _glyph(row.mark, x, y, half)


def _glyph(mark: str, x: float, y: float, half: float) -> Iterator[Shape]:
    if mark == "event":
        yield box(x - LEAST / 2, y - half, LEAST, 2 * half, "ink")
    elif mark == "pain":
        yield Dot(x, y, min(GLYPH, half) * 0.9)
    elif mark == "imaging":
        yield Area(((x, y - half), (x + GLYPH, y), (x, y + half), (x - GLYPH, y)), "paper", "ink", 0.9)
    else:
        yield Area(((x, y - half), (x + GLYPH, y + half), (x - GLYPH, y + half)), "ink", "ink", 0.5)


_MARKS = dict.fromkeys(("event", "imaging", "operation", "pain"), _draw_event)


def _open_box(left: float, right: float, y: float, half: float) -> Area:
    corners = ((left, y - half), (right, y - half), (right, y + half), (left, y + half))
    return Area(corners, "paper", "ink", 0.6, (1.6, 1.4))


def _arrow(x: float, y: float, half: float, way: int) -> Area:
    """Return an arrow head that points out of the picture of time."""
    return Area(((x, y - half * 1.5), (x + way * 3.6, y), (x, y + half * 1.5)), "ink", "ink", 0.3)
