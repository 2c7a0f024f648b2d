"""Which page a reference of the first page means: known once what stands behind that page has been laid out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import dropwhile
from typing import TYPE_CHECKING

from intake_app.letter.blocks import Block, Bullets, Paragraph, Run, Table, Text, Urgency, Zone

if TYPE_CHECKING:
    from intake_app.letter.pdf_layout import Placed


def find_pages(pages: Iterable[Sequence["Placed"]], first: int) -> dict[str, int]:
    """Return on which page each zone of the details begins, by its label; `first` is the number of the first page."""
    found: dict[str, int] = {}
    behind = ((number, item) for number, placed in enumerate(pages, first) for item in placed)
    for number, item in dropwhile(lambda one: not one[1].row.new_page, behind):
        for cell in (item.row.side, *item.row.cells):
            title = getattr(cell.lines[0].tag, "title", "") if cell and cell.lines else ""
            if title:
                found.setdefault(title, number)
    return found


def name_pages(block: Block, pages: Callable[[], Mapping[str, int]]) -> Block:
    """Return a block with the page in place of what refers to a zone; `pages` is only asked where something does."""
    match block:
        case Zone():
            return replace(block, blocks=tuple(name_pages(one, pages) for one in block.blocks))
        case Paragraph():
            return replace(block, text=_name(block.text, pages))
        case Bullets():
            return replace(block, items=tuple(_name(item, pages) for item in block.items))
        case Table():
            return replace(block, rows=tuple(tuple(_name(cell, pages) for cell in row) for row in block.rows))
        case Urgency():
            return replace(block, reasons=tuple(_name(reason, pages) for reason in block.reasons))
    return block


def _name(text: Text, pages: Callable[[], Mapping[str, int]]) -> Text:
    if isinstance(text, str) or not any(isinstance(part, Run) and part.page_of for part in text):
        return text
    known = pages()
    return tuple(
        replace(part, text=f"page {known[part.page_of]}", page_of="")
        if isinstance(part, Run) and part.page_of in known
        else part
        for part in text
    )
