"""The last step of a letter: its structure, its metadata and its attachments make it PDF/UA-1 and PDF/A-3a."""

import io
from collections.abc import Callable, Sequence
from functools import cache

from pikepdf import Array, AttachedFileSpec, Dictionary, Name, Object, ObjectStreamMode, Pdf, String, settings

from intake_app.letter.blocks import Attachment, Letter
from intake_app.letter.pdf_metadata import pdf_date, write_metadata
from intake_app.letter.pdf_sums import hash_pages
from intake_app.letter.pdf_tags import Element, Mark, Structure

settings.set_flate_compression_level(4)  # a twentieth larger than the usual 6, and a third faster
Attachments = Sequence[Attachment] | Callable[[tuple[str, ...]], Sequence[Attachment]]


def archive(drawn: bytes, structure: Structure, letter: Letter, attachments: Attachments) -> bytes:
    """Return the drawn pages as a file that can be read aloud and archived, with its attachments inside.

    Attachments that name the pages are a function from the pages' sums, which are known only here.
    """
    with Pdf.open(io.BytesIO(drawn)) as pdf:
        pages = [page.obj for page in pdf.pages]
        write_metadata(pdf, letter)
        _write_structure(pdf, structure, pages)
        _write_outline(pdf, structure, pages)
        for attachment in attachments(hash_pages(pdf)) if callable(attachments) else attachments:
            _attach(pdf, attachment, pdf_date(letter))
        out = io.BytesIO()
        pdf.save(out, min_version="1.7", object_stream_mode=ObjectStreamMode.generate, deterministic_id=True)
    return end_streams(out.getvalue())


def end_streams(written: bytes) -> bytes:
    """Return a saved file as PDF/A asks for it, of the same length.

    A stream's last byte may be a carriage return, which the line feed behind it would make part of the line's end.
    """
    return written.replace(b"\r\nendstream", b"\r\rendstream")


def _write_structure(pdf: Pdf, structure: Structure, pages: Sequence[Object]) -> None:
    """Write the tree, and from every mark of every page the way back to its element."""
    tree = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    writer = _TreeWriter(pdf, pages)
    tree.K = Array([writer.write(structure.root, tree)])
    numbers: list[int | Object] = []
    for number, (page, elements) in enumerate(zip(pages, structure.pages, strict=True)):
        page.StructParents = number
        page.Tabs = Name.S
        numbers += [number, pdf.make_indirect(Array([writer.written[element] for element in elements]))]
    tree.ParentTree = pdf.make_indirect(Dictionary(Nums=Array(numbers)))
    tree.ParentTreeNextKey = len(pages)
    pdf.Root.StructTreeRoot = tree
    pdf.Root.MarkInfo = Dictionary(Marked=True)


class _TreeWriter:
    """Writes elements, and knows where it has written them."""

    def __init__(self, pdf: Pdf, pages: Sequence[Object]) -> None:
        self.written: dict[Element, Object] = {}
        self._pdf = pdf
        self._pages = pages
        self._attributes: dict[tuple[str, str], Object] = {}

    def write(self, element: Element, parent: Object) -> Object:
        """Return the element as an object of the file, with all that is below it."""
        made = self._pdf.make_indirect(Dictionary({"/S": _name(element.role), "/P": parent}))
        self.written[element] = made
        page = next((kid.page for kid in element.kids if isinstance(kid, Mark)), None)
        if page is not None:
            made.Pg = self._pages[page]
        kids = [self._write_kid(kid, made, page) for kid in element.kids]
        made.K = kids[0] if len(kids) == 1 else Array(kids)
        self._describe(element, made)
        return made

    def _write_kid(self, kid: Element | Mark, made: Object, page: int | None) -> Object | int:
        if isinstance(kid, Element):
            return self.write(kid, made)
        if kid.page == page:
            return kid.number
        return Dictionary(Type=Name.MCR, Pg=self._pages[kid.page], MCID=kid.number)

    def _describe(self, element: Element, made: Object) -> None:
        if element.says:
            made.Alt = String(element.says)
        if element.scope:
            made.A = self._attribute("Table", "Scope", element.scope)
        if element.numbering:
            made.A = self._attribute("List", "ListNumbering", element.numbering)
        if element.box:
            box = Array([round(side, 2) for side in element.box])
            made.A = Dictionary(O=Name.Layout, Placement=Name.Block, BBox=box)

    def _attribute(self, owner: str, name: str, value: str) -> Object:
        """Return an attribute, one for all elements that have it."""
        if (name, value) not in self._attributes:
            attribute = Dictionary({"/O": Name(f"/{owner}"), f"/{name}": Name(f"/{value}")})
            self._attributes[name, value] = self._pdf.make_indirect(attribute)
        return self._attributes[name, value]


@cache
def _name(text: str) -> Name:
    return Name(f"/{text}")


def _write_outline(pdf: Pdf, structure: Structure, pages: Sequence[Object]) -> None:
    """Write the headings as bookmarks, each below the heading it belongs to."""
    root = pdf.make_indirect(Dictionary(Type=Name.Outlines))
    path: list[Object] = [root]
    for level, heading in structure.headings:
        mark = next(kid for kid in heading.kids if isinstance(kid, Mark))
        del path[level:]
        parent = path[-1]
        place = Array([pages[mark.page], Name.XYZ, None, round(mark.top, 2), None])
        item = pdf.make_indirect(Dictionary(Title=String(heading.title), Parent=parent, Dest=place))
        if "/Last" in parent:
            parent.Last.Next, item.Prev = item, parent.Last
        else:
            parent.First = item
        parent.Last = item
        for above in path:  # all of them open
            above.Count = int(above.get("/Count", 0)) + 1
        path.append(item)
    if structure.headings:
        pdf.Root.Outlines = root


def _attach(pdf: Pdf, attachment: Attachment, date: str) -> None:
    """Put a file into the PDF, as one that belongs to the whole letter."""
    file = AttachedFileSpec(  # type: ignore[call-arg]  # its types do not know the relationship yet
        pdf,
        attachment.content,
        filename=attachment.name,
        mime_type=attachment.mime,
        description=attachment.description,
        relationship=Name(f"/{attachment.relationship}"),
        creation_date=date,
        mod_date=date,
    )
    pdf.attachments[attachment.name] = file
