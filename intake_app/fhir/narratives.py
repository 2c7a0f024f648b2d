"""The letter's blocks as the XHTML of a section: what a person reads when a system cannot take the data."""

from collections.abc import Callable, Iterable
from typing import Any

from intake_app.fhir.elements import paragraph, say_xhtml
from intake_app.letter import blocks
from intake_app.letter.blocks import Answers, Bullets, Heading, Paragraph, Signature, Subheading, Table, Text, Urgency


def say_blocks(shown: Iterable[Any]) -> str:
    """Return blocks as XHTML; of a picture the sentence that says the same."""
    return "".join(_SAID.get(type(block), _say_other)(block) for block in shown)


def plain(text: Text) -> str:
    """Return a text without its weights."""
    return text if isinstance(text, str) else "".join(run if isinstance(run, str) else run.text for run in text)


def _say_paragraph(block: Paragraph) -> str:
    return paragraph(plain(block.text))


def _say_bullets(block: Bullets) -> str:
    tag = "ol" if block.numbered else "ul"
    items = "".join(f"<li>{say_xhtml(plain(item))}</li>" for item in block.items)
    return f"<{tag}>{items}</{tag}>" if items else ""


def _say_table(block: Table) -> str:
    head = "".join(f"<th>{say_xhtml(column.title)}</th>" for column in block.columns)
    rows = "".join("<tr>" + "".join(f"<td>{say_xhtml(plain(c))}</td>" for c in row) + "</tr>" for row in block.rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>" if rows else ""


def _say_answers(block: Answers) -> str:
    rows = "".join(f"<tr><th>{say_xhtml(q)}</th><td>{say_xhtml(plain(a))}</td></tr>" for q, a in block.pairs)
    return f"<table><tbody>{rows}</tbody></table>" if rows else ""


def _say_signature(block: Signature) -> str:
    return "".join(paragraph(plain(line)) for line in block.lines)


def _say_urgency(block: Urgency) -> str:
    return paragraph(block.words) + "".join(paragraph(plain(reason)) for reason in block.reasons)


def _say_heading(block: Heading | Subheading) -> str:
    return f"<p><b>{say_xhtml(block.text)}</b></p>"


def _say_other(block: object) -> str:
    """Return the sentence of a picture; of what only moves things about on a page, nothing."""
    says = getattr(getattr(block, "picture", None), "says", "")
    return paragraph(says) if says else ""


_SAID: dict[type, Callable[[Any], str]] = {
    blocks.Paragraph: _say_paragraph,
    blocks.Bullets: _say_bullets,
    blocks.Table: _say_table,
    blocks.Answers: _say_answers,
    blocks.Signature: _say_signature,
    blocks.Urgency: _say_urgency,
    blocks.Heading: _say_heading,
    blocks.Subheading: _say_heading,
}
