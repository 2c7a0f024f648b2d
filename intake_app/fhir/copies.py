"""What goes out with the letter: who else is to get it, and the enclosures that it lists."""

from collections.abc import Iterable, Iterator, Mapping

from intake_app.fhir.elements import Resource, Subject, fill, tidy
from intake_app.fhir.measures import Grouped
from intake_app.letter.sections import say_copy


def make_copies(subject: Subject, copies: Iterable[Mapping[str, str]], sender: Resource | None) -> Iterator[Grouped]:
    """Yield the request that the letter be sent to others, too, who are known by a line each, as the letter has it."""
    named = [{"display": tidy(words)} for words in map(say_copy, copies) if tidy(words)]
    if named:
        yield (
            "copy",
            fill(
                subject.start("CommunicationRequest", "copies"),
                status="active",  # asked for: whether it was sent, nobody has said
                subject=subject.patient,
                payload=[{"contentReference": {"reference": subject.name("letter")}}],
                recipient=named,
                sender=sender,
            ),
        )


def list_enclosures(subject: Subject, enclosures: Iterable[str]) -> Iterator[Grouped]:
    """Yield a DocumentReference for each enclosure: its title only, since its pages go beside the letter."""
    for number, title in enumerate(map(tidy, enclosures)):
        yield (
            "enclosure",
            subject.start("DocumentReference", f"enclosures[{number}]")
            | {
                "status": "current",
                "subject": subject.patient,
                "description": title,
                "content": [{"attachment": {"title": title}}],
            },
        )
