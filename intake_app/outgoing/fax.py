"""How a letter comes out of a fax: each page in black and white at the fine resolution of fax machines."""

import io
from collections.abc import Iterator

ACROSS, DOWN = 204, 196  # dots per inch
POINTS_PER_INCH = 72
THRESHOLD = 160  # of 255: what is darker is black
LONGEST_SIDE = 1500.0  # points: no letter's page is longer, and a picture of a longer one may not fit into memory
MOST_PAGES = 300


def fax_pages(pdf: bytes) -> Iterator[bytes]:
    """Yield every page as a PNG of one bit per dot; ValueError for a PDF that is damaged or of no letter's size."""
    import pypdfium2  # type: ignore[import-untyped]  # noqa: PLC0415  loaded where it is used

    try:
        with pypdfium2.PdfDocument(pdf) as document:
            if len(document) > MOST_PAGES:
                message = "too many pages"
                raise ValueError(message)
            for page in document:
                yield _draw(page)
    except pypdfium2.PdfiumError as error:
        raise ValueError(str(error)) from error


def _draw(page: object) -> bytes:
    from PIL import Image  # noqa: PLC0415

    width, height = page.get_size()  # type: ignore[attr-defined]
    if max(width, height) > LONGEST_SIDE:
        message = "a page is too large"
        raise ValueError(message)
    drawn = page.render(scale=ACROSS / POINTS_PER_INCH, grayscale=True, may_draw_forms=False).to_pil()  # type: ignore[attr-defined]
    size = (drawn.width, max(1, round(height * DOWN / POINTS_PER_INCH)))
    grey = drawn.resize(size, Image.Resampling.LANCZOS)
    black = grey.point(lambda shade: 255 if shade > THRESHOLD else 0, mode="1")
    out = io.BytesIO()
    black.save(out, "PNG", dpi=(ACROSS, DOWN))
    return out.getvalue()
