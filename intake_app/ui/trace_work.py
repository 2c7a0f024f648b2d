"""Where each sentence of a letter comes from and where it stands on the pages, for the background."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from intake_app import factors
from intake_app.questions import Questionnaire

if TYPE_CHECKING:
    from intake_app.letter.trace import Trace

PAGES = 20  # that are searched: the sentences stand at the beginning


@dataclass(frozen=True, slots=True)
class Spot:
    """A stretch of a line on a page counted from 0, in points from the page's top left."""

    page: int
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Traced:
    """A sentence with its rule, sources and answers, and where it stands; nowhere in front if it has no spots."""

    trace: "Trace"
    spots: tuple[Spot, ...]


def trace_letter(pdf: bytes, questionnaire: Questionnaire) -> tuple[Traced, ...]:
    """Return for each sentence where it comes from, those in front first; UserError for a letter without its data."""
    from intake_app.letter.left_out import leave_out  # noqa: PLC0415  loaded on the worker
    from intake_app.letter.trace import trace  # noqa: PLC0415  loaded on the worker
    from intake_app.outgoing import document, proof  # noqa: PLC0415  loaded on the worker

    case, about = document.read_letter_case(proof.read_files(pdf)[document.CASE_FILE], questionnaire)
    case, findings = leave_out(case, factors.evaluate_all(case), about.get("left_out", ()))
    traces = trace(findings, case)
    spots = find_spots(pdf, [one.sentence for one in traces])
    traced = [Traced(one, found) for one, found in zip(traces, spots, strict=True)]
    return tuple(sorted(traced, key=lambda one: _place(one.spots)))


def say(trace: "Trace") -> str:
    """Return all that is known of a sentence, a paragraph for each part."""
    sources = "\n".join(f"[{number}] {words}" for number, words in zip(trace.numbers, trace.sources, strict=True))
    answers = "\n".join(f"• {words}" for words in trace.answers)
    return "\n".join(
        (
            f"Rule: {trace.label} ({trace.rule})",
            f"Sources:\n{sources}" if sources else "Sources: none named",
            f"Answers:\n{answers}" if answers else "Answers: nobody gave one",
        )
    )


def find_spots(pdf: bytes, sentences: list[str]) -> list[tuple[Spot, ...]]:
    """Return for each sentence where it first stands on the pages in front."""
    import pypdfium2  # type: ignore[import-untyped]  # noqa: PLC0415  loaded on the worker

    found: list[tuple[Spot, ...]] = [() for _ in sentences]
    with pypdfium2.PdfDocument(pdf) as document:
        for number in range(min(PAGES, len(document))):
            page = document[number]
            text = page.get_textpage()
            for at, sentence in enumerate(sentences):
                found[at] = found[at] or tuple(_find(text, number, page.get_height(), sentence))
    return found


def _find(text: Any, page: int, height: float, sentence: str) -> Iterator[Spot]:  # noqa: ANN401  untyped library
    words = sentence.rstrip(".")  # the numbers of its sources stand before the full stop
    place = text.search(words, match_case=False).get_next() if words else None
    if place:
        index, count = place
        for number in range(text.count_rects(index, count)):
            left, bottom, right, top = text.get_rect(number)
            yield Spot(page, left, height - top, right - left, top - bottom)


def _place(spots: tuple[Spot, ...]) -> tuple[float, ...]:
    return (spots[0].page, spots[0].top, spots[0].left) if spots else (PAGES,)
