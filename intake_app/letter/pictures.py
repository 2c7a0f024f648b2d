"""What a picture is made of: plain values in points, from the top left corner, y downwards.

A picture has few inks, and fills of its own that a fax keeps apart: nothing in it is told by colour or grey alone.
Whoever draws one needs lines, filled circles and text: `texture` turns a fill into those.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from math import ceil, cos, floor, radians, sin
from typing import Literal

Point = tuple[float, float]
Points = tuple[Point, ...]
Ink = Literal["ink", "grey", "paper"]
Bounds = tuple[float, float, float, float]  # left, top, right, bottom
INKS: tuple[Ink, ...] = ("ink", "grey", "paper")
ASCENT, DESCENT = 0.95, 0.3  # of a label's size: how far it reaches above and below its baseline


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through points. `dash` is on, off, on ... in points."""

    points: Points
    ink: Ink = "ink"
    weight: float = 0.6
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Dot:
    """A filled circle, or a ring when it is open."""

    x: float
    y: float
    radius: float
    ink: Ink = "ink"
    open: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """A closed polygon. `fill` is an ink or a name of FILLS, `line` the ink of its edge; either is "" for none."""

    points: Points
    fill: str = ""
    line: Ink | Literal[""] = "ink"
    weight: float = 0.6
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Label:
    """A line of text with its baseline at y; what is wider than `room` is cut and ends with an ellipsis.

    `anchor` tells whether x is where it starts, its middle or where it ends.
    """

    x: float
    y: float
    text: str
    size: float
    room: float
    anchor: Literal["start", "middle", "end"] = "start"
    bold: bool = False
    ink: Ink = "ink"


Shape = Stroke | Dot | Area | Label


@dataclass(frozen=True, slots=True)
class Picture:
    """Shapes in the order they are drawn, and the sentence that says the same."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    says: str


@dataclass(frozen=True, slots=True)
class Fill:
    """Lines at an angle (degrees, from the horizontal), or dots or rings on a grid, so many points apart."""

    gap: float
    angle: float = 0.0
    weight: float = 0.7
    radius: float = 0.0
    open: bool = False


FILLS = {
    "hatch": Fill(3.0, angle=45, weight=0.9),
    "back_hatch": Fill(3.0, angle=-45, weight=0.9),
    "level": Fill(2.6, weight=0.8),
    "dots": Fill(3.0, radius=0.62),
    "rings": Fill(3.7, radius=1.1, weight=0.6, open=True),
    "cross": Fill(3.2, angle=45, weight=0.6),  # with its mirror image
}


def box(x: float, y: float, width: float, height: float, fill: str = "") -> Area:
    """Return a box with no edge when it is filled with an ink, with an edge otherwise."""
    corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
    return Area(corners, fill, "" if fill in INKS else "ink")


def bounds(shape: Shape) -> Bounds:
    """Return the box around everything that a shape can cover, without the width of its line."""
    if isinstance(shape, Label):
        left = {"start": shape.x, "middle": shape.x - shape.room / 2, "end": shape.x - shape.room}[shape.anchor]
        return left, shape.y - ASCENT * shape.size, left + shape.room, shape.y + DESCENT * shape.size
    if isinstance(shape, Dot):
        return shape.x - shape.radius, shape.y - shape.radius, shape.x + shape.radius, shape.y + shape.radius
    xs, ys = zip(*shape.points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


@lru_cache(maxsize=1024)
def texture(points: Points, fill: str) -> tuple[Stroke | Dot, ...]:
    """Return what a fill draws inside a polygon; nothing for an ink, which is simply filled."""
    if fill not in FILLS:
        return ()
    of = FILLS[fill]
    if of.radius:
        return tuple(_dots(points, of))
    lines = list(_lines(points, of))
    if fill == "cross":
        lines += _lines(points, replace(of, angle=-of.angle))
    return tuple(lines)


def holds(points: Points, x: float, y: float) -> bool:
    """Tell whether a place lies inside a polygon."""
    inside = False
    for (x1, y1), (x2, y2) in pairwise((*points, points[0])):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
            inside = not inside
    return inside


def _lines(points: Points, of: Fill) -> Iterator[Stroke]:
    """Yield the stretches of evenly spaced lines that lie inside; the lines of all areas fall on one grid."""
    turned = _turn(points, of.angle)
    ys = [y for _, y in turned]
    for number in range(ceil(min(ys) / of.gap), floor(max(ys) / of.gap) + 1):
        y = number * of.gap + 1e-7  # never through a corner
        for left, right in _crossings(turned, y):
            yield Stroke(_turn(((left, y), (right, y)), -of.angle), weight=of.weight)


def _dots(points: Points, of: Fill) -> Iterator[Dot]:
    """Yield dots on a grid, every other row moved by half, each wholly inside."""
    xs, ys = zip(*points, strict=True)
    reach = of.radius + of.weight / 2
    for row in range(ceil(min(ys) / of.gap), floor(max(ys) / of.gap) + 1):
        y, shift = row * of.gap, of.gap / 2 * (row % 2)
        for column in range(floor(min(xs) / of.gap) - 1, floor(max(xs) / of.gap) + 1):
            x = column * of.gap + shift
            around = ((x, y), (x - reach, y), (x + reach, y), (x, y - reach), (x, y + reach))
            if all(holds(points, *place) for place in around):
                yield Dot(x, y, of.radius, open=of.open)


def _crossings(points: Points, y: float) -> Iterator[Point]:
    """Yield where a level line enters and leaves a polygon."""
    xs = sorted(
        x1 + (y - y1) / (y2 - y1) * (x2 - x1)
        for (x1, y1), (x2, y2) in pairwise((*points, points[0]))
        if (y1 > y) != (y2 > y)
    )
    return zip(xs[::2], xs[1::2], strict=True)


def _turn(points: Points, degrees: float) -> Points:
    c, s = cos(radians(degrees)), sin(radians(degrees))
    return tuple((x * c - y * s, x * s + y * c) for x, y in points)
