"""A picture as a fax machine sees it: drawn on a page of a PDF, then dots that are black or white."""

import io

import pypdfium2
from reportlab.pdfgen.canvas import Canvas

from intake_app.letter.pdf_pictures import draw_picture


def render(picture, dots_an_inch=204):
    """Return the picture's page as rows of grey values, 0 for black."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(picture.width, picture.height))
    draw_picture(canvas, picture, 0, picture.height)
    canvas.save()
    page = pypdfium2.PdfDocument(out.getvalue())[0]
    return page.render(scale=dots_an_inch / 72, grayscale=True).to_pil()


def ink_in(image, left, top, right, bottom, dots_an_inch=204):
    """Return the share of a part of a page, in points, that is black when it has one bit."""
    scale = dots_an_inch / 72
    part = image.crop((round(left * scale), round(top * scale), round(right * scale), round(bottom * scale)))
    values = part.tobytes()
    return sum(value < 128 for value in values) / len(values)
