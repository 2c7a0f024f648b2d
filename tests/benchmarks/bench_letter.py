"""A letter against the same text drawn by plain reportlab: the bar is twice its time."""

import io
import time
from datetime import date, datetime
from pathlib import Path
from statistics import median
from xml.sax.saxutils import escape

import pypdfium2
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate

from intake_app import paths, questions, rules  # noqa: F401  registers every rule
from intake_app.case import read_case_file
from intake_app.factors import evaluate_all
from intake_app.letter import compose, fonts, render

ROOT = Path(__file__).resolve().parents[2]
BAR = 2.0
ROUNDS = 15
TODAY = date(2026, 11, 22)


def read_case():
    questionnaire = questions.load(paths.resources())
    return read_case_file((ROOT / "tests/letter/full_case.json").read_text("utf-8"), questionnaire, TODAY)


def make_ours(case, findings):
    clinic = {"name": "Harbour Spine Clinic", "address": "12 Quay Street\nPortland"}
    return render(compose(case, findings, clinic=clinic, recipient={}, issued=datetime(2026, 11, 22, 9, 40)))  # noqa: DTZ001


def read_lines(pdf):
    with pypdfium2.PdfDocument(pdf) as document:
        return [line for page in document for line in page.get_textpage().get_text_range().splitlines() if line.strip()]


def make_plain(lines):
    style = ParagraphStyle("plain", fontName="Plain", fontSize=9, leading=12)
    out = io.BytesIO()
    SimpleDocTemplate(out, invariant=1).build([Paragraph(escape(line), style) for line in lines])
    return out.getvalue()


def measure(work):
    work()
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return median(times)


def test_a_letter_takes_at_most_twice_as_long_as_plain_reportlab():
    case = read_case()
    findings = evaluate_all(case)
    lines = read_lines(make_ours(case, findings))
    pdfmetrics.registerFont(TTFont("Plain", str(fonts.file_of("sans"))))
    ours, plain = measure(lambda: make_ours(case, findings)), measure(lambda: make_plain(lines))
    print(f"\nletter: {ours * 1000:.1f} ms; the same {len(lines)} lines by plain reportlab: {plain * 1000:.1f} ms,")
    print(f"ratio {ours / plain:.2f} (bar {BAR})")
    assert ours / plain <= BAR
