"""Opens a stranger's file in a process of its own, with limits, and hands back harmless pages of it.

Run as `python -m` this module: the request is a line of JSON and the file, the answer a line of JSON and a PDF
that has nothing but what can be printed (for a logo: a PNG). What takes too long or too much memory ends there,
and a crash of a library is one refused file.
"""

import io
import json
import sys
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from intake_app.outgoing.child import TookTooLongError, limit_this_process, limit_unpacking, run_child

MEGABYTE = 1024 * 1024
KEPT = {"/Type", "/MediaBox", "/CropBox", "/Rotate", "/Resources", "/Contents", "/UserUnit", "/Group"}  # of a page
DROPPED = ("/AA", "/AF", "/Alternates", "/Metadata", "/OPI", "/PieceInfo", "/Ref", "/StructParent", "/StructParents")
LEFT_OUT = {  # what an object is, and how the note about it is called
    ("/S", "/JavaScript"): "script",
    ("/S", "/Launch"): "launch",
    ("/Type", "/EmbeddedFile"): "files",
    ("/Subtype", "/RichMedia"): "media",
    ("/Subtype", "/Movie"): "media",
    ("/Subtype", "/Sound"): "media",
    ("/Subtype", "/Screen"): "media",
}
BROKEN = (OSError, ValueError, TypeError, AttributeError, LookupError, ArithmeticError, EOFError)
WIDEST = 14_400  # points: what the format allows for a page's side
GREY_16 = ("I", "I;16", "I;16B", "I;16L")
SHRINKABLE = ("L", "RGB", "RGBA")
LONG_SIDE = 11.7  # inches of the paper


class RefusedError(Exception):
    """Says in one word why a file was refused; `enclosures` has the sentence."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What came out: a PDF (for a logo: a PNG), its pages, its size, and notes on what was left out."""

    content: bytes
    pages: int
    width: float
    height: float
    notes: tuple[str, ...]


def open_apart(kind: str, content: bytes, limits: Mapping[str, int]) -> Opened:
    """Return what a "pdf", "picture" or "logo" holds; RefusedError with one word if it is not taken."""
    request = json.dumps({"kind": kind, "limits": dict(limits)}).encode() + b"\n" + content
    try:
        code, written = run_child("intake_app.outgoing.quarantine", [], request, limits["seconds"])
    except TookTooLongError as error:
        raise RefusedError("slow") from error
    line, _, result = written.partition(b"\n")
    if code or not line:
        raise RefusedError("crash")
    answer: dict[str, Any] = json.loads(line)
    if "refused" in answer:
        raise RefusedError(answer["refused"])
    return Opened(result, answer["pages"], answer["width"], answer["height"], tuple(answer["notes"]))


def main() -> None:
    """Answer one request, from standard input to standard output."""
    line, _, content = sys.stdin.buffer.read().partition(b"\n")
    request = json.loads(line)
    warnings.simplefilter("ignore")  # nothing about a file is printed
    limits = request["limits"]
    limit_this_process(limits["memory_megabytes"] * MEGABYTE, limits["seconds"] + 1)
    read = {"pdf": _read_pdf, "picture": _read_picture, "logo": _read_logo}[request["kind"]]
    result = b""
    try:
        opened = read(content, limits)
        size = {"pages": opened.pages, "width": opened.width, "height": opened.height}
        answer, result = {**size, "notes": sorted(set(opened.notes))}, opened.content
    except RefusedError as error:
        answer = {"refused": str(error)}
    except MemoryError:
        answer = {"refused": "bomb"}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + result)


def _read_pdf(content: bytes, limits: Mapping[str, int]) -> Opened:
    import pikepdf  # noqa: PLC0415  only this process needs it

    limit_unpacking(limits["unpacked_megabytes"] * MEGABYTE)
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            _refuse_pdf(pdf, limits)
            notes = _find_left_out(pdf, limits)
            _flatten(pdf)
            pages = _copy_pages(pdf, limits)
    except pikepdf.PasswordError as error:
        raise RefusedError("locked") from error
    except (pikepdf.PikepdfError, pikepdf.QpdfRuntimeError, *BROKEN) as error:
        # a damaged file breaks wherever it is touched
        raise RefusedError("bomb" if "memory limit" in str(error) else "damaged") from error
    return _draw(pages, notes)


def _refuse_pdf(pdf: Any, limits: Mapping[str, int]) -> None:  # noqa: ANN401  pikepdf is loaded late
    if any("damaged" in warning or "reconstruct" in warning for warning in map(str, pdf.get_warnings())):
        raise RefusedError("damaged")
    if not pdf.allow.print_lowres:
        raise RefusedError("locked")
    root = pdf.Root
    if int(root.Pages.get("/Count", 0)) > limits["pages"] or len(pdf.pages) > limits["pages"]:
        raise RefusedError("pages")
    if not len(pdf.pages):
        raise RefusedError("empty")
    if "/Collection" in root:
        raise RefusedError("portfolio")
    if root.get("/NeedsRendering"):
        raise RefusedError("form")
    layers = root.get("/OCProperties", {}).get("/D", {})
    if len(layers.get("/OFF", ())) or str(layers.get("/BaseState", "/ON")) == "/OFF":
        raise RefusedError("layers")


def _find_left_out(pdf: Any, limits: Mapping[str, int]) -> tuple[str, ...]:  # noqa: ANN401
    """Return notes on what will not come along; RefusedError for what a page would miss, or a picture too large."""
    notes = set()
    for found in _dictionaries(pdf):
        if "/F" in found and "/Length" in found:
            raise RefusedError("elsewhere")
        if str(found.get("/Subtype", "")) == "/Image":
            pixels = int(found.get("/Width", 0)) * int(found.get("/Height", 0))
            if pixels > limits["pixels"]:
                raise RefusedError("pixels")
        if str(found.get("/FT", "")) == "/Sig" and "/V" in found:
            notes.add("signature")
        notes |= {note for (key, value), note in LEFT_OUT.items() if key in found and str(found[key]) == value}
    return tuple(notes)


def _dictionaries(pdf: Any) -> Iterator[Any]:  # noqa: ANN401
    """Yield every dictionary of a file once, and every stream's."""
    import pikepdf  # noqa: PLC0415

    waiting = list(pdf.objects)
    while waiting:
        found = waiting.pop()
        if isinstance(found, pikepdf.Array):
            inside = list(found.as_list())
        elif isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
            yield found
            inside = [value for _, value in found.items()]
        else:
            continue
        waiting += [value for value in inside if isinstance(value, pikepdf.Object) and not value.is_indirect]


def _flatten(pdf: Any) -> None:  # noqa: ANN401
    """Draw what a filled form or a comment shows into the pages."""
    form = pdf.Root.get("/AcroForm")
    if form is not None and form.get("/NeedAppearances"):
        pdf.generate_appearance_streams()
    pdf.flatten_annotations("print")


def _copy_pages(pdf: Any, limits: Mapping[str, int]) -> Any:  # noqa: ANN401
    """Return a new file that holds the pages and nothing else."""
    import pikepdf  # noqa: PLC0415

    unpacked = 0
    for page in pdf.pages:
        for key in set(page.obj.keys()) - KEPT:
            del page.obj[key]
        if not all(0 < side <= WIDEST for side in _size(page)):
            raise RefusedError("damaged")
        drawn = page.obj.get("/Contents", pikepdf.Array())
        for stream in drawn if isinstance(drawn, pikepdf.Array) else [drawn]:
            unpacked += len(stream.read_bytes())
            if unpacked > limits["unpacked_megabytes"] * MEGABYTE:
                raise RefusedError("bomb")
    pages = pikepdf.new()
    pages.pages.extend(pdf.pages)
    for found in _dictionaries(pages):
        for key in DROPPED:
            if key in found:
                del found[key]
    return pages


def _size(page: Any) -> tuple[float, float]:  # noqa: ANN401
    left, bottom, right, top = (float(number) for number in page.trimbox)
    return abs(right - left), abs(top - bottom)


def _draw(pages: Any, notes: tuple[str, ...]) -> Opened:  # noqa: ANN401
    """Return the pages after each was drawn once: what hangs or crashes here does so on nobody's screen."""
    import pypdfium2  # type: ignore[import-untyped]  # noqa: PLC0415

    width, height = _size(pages.pages[0])
    out = io.BytesIO()
    pages.save(out, deterministic_id=True)
    pages.close()
    try:
        with pypdfium2.PdfDocument(out.getvalue()) as document:
            for page in document:
                page.render(scale=200 / max(page.get_size()))
            count = len(document)
    except pypdfium2.PdfiumError as error:
        raise RefusedError("damaged") from error
    return Opened(out.getvalue(), count, width, height, notes)


def _read_picture(content: bytes, limits: Mapping[str, int]) -> Opened:
    """Return one page that is as large as the picture, upright, with the dots a fax or a print can show."""
    import pikepdf  # noqa: PLC0415

    side = round(LONG_SIDE * limits["dots_per_inch"])
    image, notes = _open_image(content, limits, side)
    is_photo = content[:1] == b"\xff"
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=image.size)
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=_embed(pdf, image, is_photo=is_photo)))
        page.Contents = pdf.make_stream(f"q {image.width} 0 0 {image.height} 0 0 cm /Im Do Q".encode())
        pdf.save(out, deterministic_id=True)
    return Opened(out.getvalue(), 1, image.width, image.height, notes)


def _embed(pdf: Any, image: Any, *, is_photo: bool) -> Any:  # noqa: ANN401
    """Return an image as a file keeps it: photographs as JPEG, all else to the dot."""
    from pikepdf import Name  # noqa: PLC0415

    if is_photo:
        packed = io.BytesIO()
        image.save(packed, "JPEG", quality=88)
        stream = pdf.make_stream(packed.getvalue(), Filter=Name.DCTDecode)
    else:
        stream = pdf.make_stream(image.tobytes())
    stream.Type, stream.Subtype = Name.XObject, Name.Image
    stream.Width, stream.Height = image.size
    stream.BitsPerComponent = 1 if image.mode == "1" else 8
    stream.ColorSpace = Name.DeviceRGB if image.mode == "RGB" else Name.DeviceGray
    return stream


def _read_logo(content: bytes, limits: Mapping[str, int]) -> Opened:
    image, notes = _open_image(content, limits, limits["logo_pixels"])
    out = io.BytesIO()
    image.convert("RGB").save(out, "PNG", optimize=True)
    return Opened(out.getvalue(), 1, image.width, image.height, notes)


def _open_image(content: bytes, limits: Mapping[str, int], side: int) -> tuple[Any, tuple[str, ...]]:
    """Return an upright image in black and white, grey or colour, at most `side` dots long, and notes on it."""
    from PIL import Image, ImageOps  # noqa: PLC0415

    Image.MAX_IMAGE_PIXELS = limits["pixels"]
    try:
        image = Image.open(io.BytesIO(content), formats=("JPEG", "PNG"))
        if image.width * image.height > limits["pixels"]:
            raise RefusedError("pixels")
        notes = ("moving",) if getattr(image, "n_frames", 1) > 1 else ()
        image.draft(None, (side, side))
        upright = ImageOps.exif_transpose(_shrink(image, side))
    except Image.DecompressionBombError as error:
        raise RefusedError("pixels") from error
    except (SyntaxError, *BROKEN) as error:
        raise RefusedError("damaged") from error
    plain = _plain(upright)
    if max(plain.size) > side:
        plain = plain.convert("L") if plain.mode == "1" else plain
        plain.thumbnail((side, side), Image.Resampling.LANCZOS)
    return plain, notes


def _shrink(image: Any, side: int) -> Any:  # noqa: ANN401
    """Return an image not far above `side` dots: what follows makes copies of it."""
    factor = max(image.size) // side
    return image.reduce(factor) if factor > 1 and image.mode in SHRINKABLE else image


def _plain(image: Any) -> Any:  # noqa: ANN401
    """Return an image as print knows it: what is see-through on white, sixteen bits as eight."""
    from PIL import Image  # noqa: PLC0415

    if image.mode in GREY_16:
        return image.convert("I").point(lambda grey: grey * (1 / 257)).convert("L")
    if image.has_transparency_data:
        above = image if image.mode == "RGBA" else image.convert("RGBA")
        paper = Image.new("RGB", above.size, "white")
        paper.paste(above, mask=above.getchannel("A"))
        return paper
    return image if image.mode in {"1", "L", "RGB"} else image.convert("RGB")


if __name__ == "__main__":
    main()
