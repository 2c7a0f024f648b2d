"""A letter, tagged, archivable and with its attachments, against the same text drawn by plain untagged reportlab.

Bars: at most 1.5 times plain reportlab, no more than linear growth with the treatments, and a quarter of what
WeasyPrint and fpdf2 take for the same text. Typst stands beside it. A competitor that is not installed is left out.
"""

import importlib.util
import io
import json
import time
from dataclasses import replace
from datetime import date, datetime
from functools import cache, partial
from html import escape
from pathlib import Path

import pypdfium2
import pytest
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate

from intake_app import paths, questions, rules  # noqa: F401  registers every rule
from intake_app.case import read_case_file
from intake_app.factors import evaluate_all
from intake_app.letter import fonts
from intake_app.letter.pdf_faces import load
from intake_app.outgoing.document import make_document

ROOT = Path(__file__).resolve().parents[2]
BAR = 1.5
AHEAD = 4.0
GROWTH = 1.1  # of the lines: what a hundred treatments may cost against ten, line by line
ROUNDS, ROUNDS_OF_RIVALS = 11, 5
TODAY = date(2026, 11, 22)
CLINIC = {"name": "Harbour Spine Clinic", "address": "12 Quay Street\nPortland"}


@cache
def read_case():
    questionnaire = questions.load(paths.resources())
    return read_case_file((ROOT / "tests/letter/full_case.json").read_text("utf-8"), questionnaire, TODAY)


def with_treatments(count):
    case = read_case()
    first, *_ = case.answers["treatments"]
    entries = [{**first, "agent": f"Agent {number}"} for number in range(count)]
    return replace(case, answers={**case.answers, "treatments": entries})


def make_ours(case, findings):
    about = {"clinic": CLINIC, "recipient": {}, "issued": datetime(2026, 11, 22, 9, 40), "ruleset": "bench"}  # noqa: DTZ001
    return make_document(case, findings, about)


def read_lines(pdf):
    with pypdfium2.PdfDocument(pdf) as document:
        return [line for page in document for line in page.get_textpage().get_text_range().splitlines() if line.strip()]


def make_plain(lines):
    style = ParagraphStyle("plain", fontName="Plain", fontSize=9, leading=12)
    out = io.BytesIO()
    SimpleDocTemplate(out, invariant=1).build([Paragraph(escape(line), style) for line in lines])
    return out.getvalue()


def make_weasyprint(lines):
    import weasyprint

    style = f"@font-face {{font-family: Plain; src: url(file://{fonts.file_of('sans')})}} body {{font: 9pt/12pt Plain}} p {{margin: 0}}"
    body = "".join(f"<p>{escape(line)}</p>" for line in lines)
    page = f"<html lang=en><head><title>Letter</title><style>{style}</style></head><body>{body}</body></html>"
    return weasyprint.HTML(string=page).write_pdf(pdf_variant="pdf/ua-1")


def make_fpdf2(lines):
    import fpdf

    pdf = fpdf.FPDF(format="letter")
    pdf.add_font("Plain", fname=str(fonts.file_of("sans")))
    pdf.set_font("Plain", size=9)
    pdf.add_page()
    for line in lines:
        pdf.multi_cell(0, 4.2, line, new_x="LMARGIN", new_y="NEXT")
    return bytes(pdf.output())


def make_typst(lines):
    import typst

    text = "\n\n".join(f"#{json.dumps(line, ensure_ascii=False)}" for line in lines)
    source = f'#set document(title: "Letter", date: datetime(year: 2026, month: 11, day: 22))\n#set text(font: "Noto Sans", size: 9pt)\n{text}'
    folder = [str(fonts.folder())]
    return typst.compile(source.encode(), font_paths=folder, pdf_standards=["ua-1", "a-3a"])


pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:weasyprint")
RIVALS = {"weasyprint": make_weasyprint, "fpdf": make_fpdf2, "typst": make_typst}


def measure(rounds, **work):
    """Return the least processor time of each in ms, in turns: a busy machine only ever adds to it."""
    times = {name: [] for name in work}
    for number in range(rounds + 1):
        for name, make in work.items():
            start = time.process_time()
            make()
            if number:
                times[name].append((time.process_time() - start) * 1000)
    return {name: min(taken) for name, taken in times.items()}


@pytest.fixture(scope="module")
def figures():
    """Map 1, 10 and 100 treatments to the number of lines and the times."""
    load("sans")  # first: reportlab takes the same font under a later name for the one it has
    pdfmetrics.registerFont(TTFont("Plain", str(fonts.file_of("sans"))))
    found = {}
    for count in (1, 10, 100):
        case = with_treatments(count)
        findings = evaluate_all(case)
        ours = partial(make_ours, case, findings)
        lines = read_lines(ours())
        rivals = {name: partial(make, lines) for name, make in RIVALS.items() if importlib.util.find_spec(name)}
        times = measure(ROUNDS, ours=ours, plain=partial(make_plain, lines))
        beside = measure(ROUNDS_OF_RIVALS, again=ours, **rivals)
        found[count] = len(lines), times | beside
    report(found)
    return found


def report(found):
    print()
    for count, (lines, times) in found.items():
        told = ", ".join(f"{name} {taken:.1f} ms ({taken / times['again']:.1f}x)" for name, taken in times.items())
        print(f"{count} treatments, {lines} lines: {told}; ratio {times['ours'] / times['plain']:.2f} (bar {BAR})")
    print("not installed: " + (", ".join(name for name in RIVALS if not importlib.util.find_spec(name)) or "none"))


@pytest.mark.parametrize("count", [1, 10, 100])
def test_a_tagged_letter_takes_at_most_half_as_long_again_as_plain_reportlab(figures, count):
    _, times = figures[count]
    assert times["ours"] / times["plain"] <= BAR


def test_the_time_grows_no_faster_than_the_letter(figures):
    (few_lines, few), (many_lines, many) = figures[10], figures[100]
    assert many["ours"] / few["ours"] <= GROWTH * many_lines / few_lines


@pytest.mark.parametrize("rival", ["weasyprint", "fpdf"])
@pytest.mark.parametrize("count", [1, 10, 100])
def test_the_letter_is_far_ahead_of_its_rivals(figures, count, rival):
    _, times = figures[count]
    if rival not in times:
        pytest.skip(f"{rival} is not installed: see tests/benchmarks/requirements.txt")
    assert times[rival] / times["again"] >= AHEAD
