"""Draws a picture on a page of the PDF."""

from collections.abc import Iterator
from typing import Any

from intake_app.letter.pdf_text import Line, Style, break_lines
from intake_app.letter.pictures import Area, Dot, Ink, Label, Picture, Points, Stroke, texture

SHADES: dict[Ink, float] = {"ink": 0.0, "grey": 0.35, "paper": 1.0}
BROAD = 100_000.0  # points: nothing breaks here
ELLIPSIS = "…"
RING = 0.6  # points: the line of a ring
CIRCLE = 0.5523  # of the radius: where the curves of a circle have their handles


def draw_picture(canvas: Any, picture: Picture, x: float, top: float) -> None:  # noqa: ANN401  reportlab has no types
    """Draw a picture with its top left corner at x and top, in points as the canvas counts them: y upwards.

    Operators are written as they are: reportlab's own path takes ten times as long for an outline of many points.
    """
    canvas.saveState()
    canvas.translate(x, top)
    canvas.addLiteral("0 J 1 j")
    for shape in picture.shapes:
        if isinstance(shape, Label):
            _draw_label(canvas, shape)
        else:
            canvas.addLiteral(" ".join(_operators(shape)))
    canvas.restoreState()


def _operators(shape: Stroke | Dot | Area) -> Iterator[str]:
    """Yield what draws a shape: the pen, then a path, then what is done with it."""
    if isinstance(shape, Stroke):
        yield from (_pen(shape.ink, shape.weight, shape.dash), _path(shape.points), "S")
    elif isinstance(shape, Dot):
        yield from _dots((shape,))
    else:
        if ink := next((ink for ink in SHADES if ink == shape.fill), None):
            yield from (f"{SHADES[ink]:g} g", _path(shape.points), "f")
        yield from _texture(shape)
        if shape.line:
            yield from (_pen(shape.line, shape.weight, shape.dash), _path(shape.points), "s")


def _texture(area: Area) -> Iterator[str]:
    """Yield what fills an area, all of it with one pen."""
    marks = texture(area.points, area.fill)
    strokes = [mark for mark in marks if isinstance(mark, Stroke)]
    if strokes:
        yield from (_pen(strokes[0].ink, strokes[0].weight, ()), *(_path(stroke.points) for stroke in strokes), "S")
    yield from _dots(tuple(mark for mark in marks if isinstance(mark, Dot)))


def _dots(dots: tuple[Dot, ...]) -> Iterator[str]:
    """Yield filled circles, as the round ends of lines without length, and rings."""
    if filled := [dot for dot in dots if not dot.open]:
        yield f"1 J {_pen(filled[0].ink, 2 * filled[0].radius, ())}"
        yield from (f"{dot.x:.2f} {-dot.y:.2f} m {dot.x:.2f} {-dot.y:.2f} l" for dot in filled)
        yield "S 0 J"
    if rings := [dot for dot in dots if dot.open]:
        yield from (_pen(rings[0].ink, RING, ()), *map(_circle, rings), "S")


def _circle(dot: Dot) -> str:
    """Return a circle as the usual four curves."""
    x, y, r, k = dot.x, -dot.y, dot.radius, dot.radius * CIRCLE
    return (
        f"{x + r:.2f} {y:.2f} m {x + r:.2f} {y + k:.2f} {x + k:.2f} {y + r:.2f} {x:.2f} {y + r:.2f} c"
        f" {x - k:.2f} {y + r:.2f} {x - r:.2f} {y + k:.2f} {x - r:.2f} {y:.2f} c"
        f" {x - r:.2f} {y - k:.2f} {x - k:.2f} {y - r:.2f} {x:.2f} {y - r:.2f} c"
        f" {x + k:.2f} {y - r:.2f} {x + r:.2f} {y - k:.2f} {x + r:.2f} {y:.2f} c h"
    )


def _draw_label(canvas: Any, label: Label) -> None:  # noqa: ANN401
    line = fit(label)
    if line is None:
        return
    left = label.x - {"start": 0.0, "middle": line.width / 2, "end": line.width}[label.anchor]
    canvas.setFillGray(SHADES[label.ink])
    text = canvas.beginText()
    for piece in line.pieces:
        text.setFont(piece.face, label.size)
        text.setTextOrigin(left + piece.x, -label.y)
        text.textLine(piece.text)
    canvas.drawText(text)


def fit(label: Label) -> Line | None:
    """Return a label's line, cut at its room with an ellipsis; None where not even that fits."""
    style = Style(label.size, label.size, bold=label.bold)
    words = " ".join(label.text.split())
    whole = _line(words, style)
    if whole.width <= label.room:
        return whole
    least, most = 0, len(words)  # characters that fit
    while least < most:
        middle = (least + most + 1) // 2
        fits = _line(words[:middle].rstrip() + ELLIPSIS, style).width <= label.room
        least, most = (middle, most) if fits else (least, middle - 1)
    return _line(words[:least].rstrip() + ELLIPSIS, style) if least else None


def _line(words: str, style: Style) -> Line:
    return next(iter(break_lines(words, style, BROAD)), Line((), 0.0, style))


def _pen(ink: Ink, weight: float, dash: tuple[float, ...]) -> str:
    parts = " ".join(f"{part:g}" for part in dash)
    return f"{SHADES[ink]:g} G {weight:.2f} w [{parts}] 0 d"


def _path(points: Points) -> str:
    return " l ".join(f"{x:.2f} {-y:.2f}" for x, y in points).replace(" l ", " m ", 1) + " l"
