"""The body chart: where it hurts and how, on an outline from the front and from behind, and in words."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from math import ceil, dist
from typing import Any

from intake_app import paths
from intake_app.letter.pictures import Area, Label, Picture, Point, Points, Shape, Stroke, bounds, box, holds
from intake_app.questions import SIDE, split_mark

FILL_OF = {
    "pain": "hatch",
    "numbness": "rings",
    "pins_and_needles": "dots",
    "burning": "back_hatch",
    "weakness": "level",
}
VIEWS = {"front": "Front", "back": "Back"}
NOTE = (
    "C4, L5 and so on: dermatomes as they",
    "usually lie. They overlap and vary (Lee,",
    "McPhee and Stringer 2008).",
)
PIECE = 4.0  # units: how long the straight pieces of a curve are at most
SHORT = 4.4  # units: no border is shorter
GAP = 16.0  # units between the two figures
HEAD, FOOT = 9.0, 3.0  # points above and below a figure, for its title and for air
TEXT, SMALL = 6.6, 5.6  # points
LEGEND = 108.0  # points at the right for the fills and what they mean
LETTER = 9.2  # units: the height of a dermatome's name
SWATCH = (22.0, 11.0)  # points


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the body that can be marked: `places` are its outlines in units, from the middle of its figure."""

    id: str  # "right_calf"
    name: str  # "right calf"
    view: str  # of VIEWS
    points: Points
    dermatomes: tuple[str, ...]


@dataclass(frozen=True)
class Body:
    """The two figures: what can be marked, the outline, lines and letters that help the eye, by view."""

    height: float
    half_width: float
    regions: tuple[Region, ...]
    outline: Points
    lines: Mapping[str, tuple[Points, ...]]
    borders: Mapping[str, tuple[Points, ...]]  # where two regions meet
    letters: Mapping[str, tuple[tuple[str, float, float], ...]]  # a dermatome and where it is written
    qualities: Mapping[str, str]  # key to words

    @property
    def width(self) -> float:
        """The width of both figures together."""
        return 4 * self.half_width + GAP

    def middle(self, view: str) -> float:
        """Return where the midline of a figure lies, from the left edge of both."""
        return self.half_width if view == "front" else 3 * self.half_width + GAP


@cache
def body() -> Body:
    """Return the drawing behind every body chart."""
    data = tomllib.loads((paths.resources() / "body" / "body.toml").read_text("utf-8"))
    half = _smooth([(x, y) for x, y in data["outline"]])
    whole = _whole(half)
    start, end = (half.index((x, y)) for x, y in data["arm"])
    arm, rest = half[start : end + 1], half[: start + 1] + half[end:]
    regions = tuple(region for raw in data["region"] for region in _regions(raw, arm if raw.get("arm") else rest))
    borders = {view: tuple(_borders([r.points for r in regions if r.view == view], whole)) for view in VIEWS}
    lines = {view: tuple(_help_lines(data, view)) for view in VIEWS}
    letters = {view: tuple((name, x, y) for name, x, y in data["letters"][view]) for view in VIEWS}
    sizes = data["height"], data["half_width"]
    return Body(*sizes, regions, whole, lines, borders, letters, data["qualities"])


def draw_body_chart(marks: Iterable[str], height: float = 220.0) -> Picture | None:
    """Return the chart of answers such as "right_calf:numbness", so many points high; None where nothing is marked."""
    marks = tuple(marks)
    marked = group_marks(marks)
    if not marked:
        return None
    figures = draw_figures(marks, height)
    shapes = (*figures.shapes, *_legend(figures.width, marked))
    return replace(figures, width=figures.width + LEGEND, shapes=shapes)


def draw_figures(marks: Iterable[str], height: float) -> Picture:
    """Return both figures without the words beside them, also where nothing is marked."""
    marks = tuple(marks)
    scale = scale_of(height)
    return Picture(body().width * scale, height, tuple(_figures(scale, group_marks(marks))), say_marks(marks))


def scale_of(height: float) -> float:
    """Return how many points a unit has on figures so many points high."""
    return (height - HEAD - FOOT) / body().height


def find_region(x: float, y: float, height: float) -> Region | None:
    """Return the region at a place of figures so many points high; None beside them."""
    scale = scale_of(height)
    return next((region for region in body().regions if holds(outline_of(region, scale), x, y)), None)


def group_marks(marks: Iterable[str]) -> dict[str, list[str]]:
    """Return the qualities of each region, in the order of the drawing; what it does not know is left out."""
    given = {split_mark(mark) for mark in marks}
    found = {r.id: [q for q in body().qualities if (r.id, q) in given] for r in body().regions}
    return {region: qualities for region, qualities in found.items() if qualities}


def say_marks(marks: Iterable[str]) -> str:
    """Return the sentence of a chart: "Body chart: right calf: numbness, burning; left low back: pain."."""
    marked = group_marks(marks)
    names = {region.id: region.name for region in body().regions}
    said = (f"{names[r]}: {', '.join(body().qualities[q] for q in found)}" for r, found in marked.items())
    return f"Body chart: {'; '.join(said)}." if marked else "Body chart: nothing marked."


def outline_of(region: Region, scale: float) -> Points:
    """Return a region's outline where it lies on both figures together, in points."""
    return _place(region.points, body().middle(region.view), scale)


def _figures(scale: float, marked: Mapping[str, list[str]]) -> Iterator[Shape]:
    """Yield both figures: what is marked, then every edge over it, then the words."""
    whole = body()
    yield from _marked_areas(scale, marked)
    for view, title in VIEWS.items():
        middle = whole.middle(view)
        yield Label(middle * scale, 0.72 * HEAD, title, TEXT, 60 * scale, "middle", bold=True)
        for line in (*whole.lines[view], *whole.borders[view]):
            yield Stroke(_place(line, middle, scale), "grey", 0.4)
        yield Area(_place(whole.outline, middle, scale), weight=0.8)
        yield from _sides(view, scale)
    yield from _dermatomes(scale, marked)


def _marked_areas(scale: float, marked: Mapping[str, list[str]]) -> Iterator[Shape]:
    for region in body().regions:
        for quality in marked.get(region.id, ()):
            yield Area(outline_of(region, scale), FILL_OF[quality], weight=0.7)


def _sides(view: str, scale: float) -> Iterator[Label]:
    """Yield R and L: from the front the patient's right is at the left."""
    names = ("R", "L") if view == "front" else ("L", "R")
    for name, side in zip(names, (-1, 1), strict=True):
        x = (body().middle(view) + side * 62) * scale
        yield Label(x, HEAD + 60 * scale, name, TEXT, 20 * scale, "middle", bold=True)


def _dermatomes(scale: float, marked: Mapping[str, list[str]]) -> Iterator[Shape]:
    """Yield the names of the dermatomes, on paper where the region is filled."""
    size = LETTER * scale
    for view, letters in body().letters.items():
        for name, x, y in letters:
            place = ((x + body().middle(view)) * scale, y * scale + HEAD + 0.36 * size)
            label = Label(*place, name, size, 0.64 * size * len(name), "middle")
            if any(r.id in marked and r.view == view and holds(r.points, x, y) for r in body().regions):
                left, top, right, bottom = bounds(label)
                yield box(left - 0.5, top + 0.1 * size, right - left + 1, bottom - top - 0.25 * size, "paper")
            yield label


def _legend(left: float, marked: Mapping[str, list[str]]) -> Iterator[Shape]:
    """Yield the fills in use with their words, one under the other."""
    width, height = SWATCH
    used = {quality for found in marked.values() for quality in found}
    y = 6.0
    for quality, words in body().qualities.items():
        if quality in used:
            yield Area(box(left + 4, y, width, height).points, FILL_OF[quality], "ink", 0.5)
            yield Label(left + width + 9, y + 7.8, words, TEXT, LEGEND - width - 10)
            y += height + 5
    for line in NOTE:
        yield Label(left + 4, y + 6, line, SMALL, LEGEND - 5)
        y += 7


def _place(points: Points, middle: float, scale: float) -> Points:
    return tuple(((x + middle) * scale, y * scale + HEAD) for x, y in points)


def _regions(raw: Mapping[str, Any], half: Points) -> Iterator[Region]:
    """Yield the region of the file: one on the midline, or one for each side."""
    dermatomes = tuple(raw["dermatomes"])
    if raw.get("middle"):
        yield Region(raw["id"], raw["name"], raw["view"], _clip(_whole(half), raw["cell"]), dermatomes)
        return
    points = _clip(half, raw["cell"])
    sides = ("left", "right") if raw["view"] == "front" else ("right", "left")
    for side, way in zip(sides, (1, -1), strict=True):
        shape = tuple((way * x, y) for x, y in points)
        yield Region(f"{side}_{raw['id']}", raw["name"].replace(SIDE, side), raw["view"], shape, dermatomes)


def _help_lines(data: Mapping[str, Any], view: str) -> Iterator[Points]:
    """Yield the lines of a view, those of the half on both sides."""
    for line in data["lines"][view]:
        smooth = _smooth(line)
        yield smooth
        yield tuple((-x, y) for x, y in smooth)
    for line in data["middle_lines"][view]:
        yield _smooth(line)


def _borders(areas: Iterable[Points], outline: Points) -> Iterator[Points]:
    """Yield the edges of areas that do not lie on the outline: to both sides of them is body.

    Each is looked at once; the half with x below 0 is the mirror image.
    """
    seen = set()
    for points in areas:
        for one, other in pairwise((*points, points[0])):
            (x1, y1), (x2, y2) = sorted((one, other))
            key = tuple(round(value, 2) for value in (x1, y1, x2, y2))
            length = dist(one, other)
            if length < SHORT or key in seen or x1 + x2 < 0:
                continue
            across, along = 0.3 * (y2 - y1) / length, 0.3 * (x2 - x1) / length
            x, y = (x1 + x2) / 2, (y1 + y2) / 2
            if holds(outline, x + across, y - along) and holds(outline, x - across, y + along):
                seen.add(key)
                yield one, other
                yield (-x1, y1), (-x2, y2)


def _whole(half: Points) -> Points:
    return (*half, *reversed([(-x, y) for x, y in half if x > 0]))


def _smooth(given: Iterable[Iterable[float]]) -> Points:
    """Return a smooth curve through points (Catmull-Rom, as a spline of tangents); a point given twice is a corner."""
    nodes = [(float(x), float(y)) for x, y in given]
    curve: list[Point] = [nodes[0]]
    for at, (start, end) in enumerate(pairwise(nodes)):
        if start == end:
            continue
        before = nodes[at - 1] if at else start
        after = nodes[at + 2] if at + 2 < len(nodes) else end
        leave, arrive = _tangent(before, start, end), _tangent(start, end, after)
        steps = ceil(dist(start, end) / PIECE) + 1
        curve += (_hermite(start, leave, end, arrive, step / steps) for step in range(1, steps + 1))
    return tuple(curve)


def _tangent(before: Point, here: Point, after: Point) -> Point:
    """Return the direction at a point of a curve, as long as the shorter of the two stretches around it asks."""
    one, two = dist(before, here), dist(here, after)
    if not one or not two:
        return 0.0, 0.0
    size = min(one, two) / (one + two)
    return (after[0] - before[0]) * size, (after[1] - before[1]) * size


def _hermite(start: Point, leave: Point, end: Point, arrive: Point, t: float) -> Point:
    a, b = 2 * t**3 - 3 * t**2 + 1, t**3 - 2 * t**2 + t
    c, d = -2 * t**3 + 3 * t**2, t**3 - t**2
    x = a * start[0] + b * leave[0] + c * end[0] + d * arrive[0]
    y = a * start[1] + b * leave[1] + c * end[1] + d * arrive[1]
    return x, y


def _clip(points: Points, cell: Iterable[Iterable[float]]) -> Points:
    """Return what of a polygon lies inside a convex one (Sutherland and Hodgman)."""
    corners = [(float(x), float(y)) for x, y in cell]
    pairs = list(zip(corners, [*corners[1:], corners[0]], strict=True))
    turn = 1 if sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs) > 0 else -1
    for (x1, y1), (x2, y2) in pairs:
        sides = [turn * ((x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)) for x, y in points]
        kept: list[Point] = []
        for at, (here, side) in enumerate(zip(points, sides, strict=True)):
            last, before = points[at - 1], sides[at - 1]
            if (before >= 0) != (side >= 0):
                part = before / (before - side)
                kept.append((last[0] + part * (here[0] - last[0]), last[1] + part * (here[1] - last[1])))
            if side >= 0:
                kept.append(here)
        points = tuple(kept)
    return points
