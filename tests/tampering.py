"""A finished letter changed, by a single byte or by somebody who knows how: nobody must ever hear that all is well."""

import io
import json
import random
import re

import pikepdf
from sample_certificate import AT, PASSPHRASE

from intake_app.letter.pdf_sums import hash_pages
from intake_app.outgoing import document, proof, signing
from intake_app.outgoing.document import BUNDLE, CASE_FILE, MANIFEST

PACKED = re.compile(rb"/Type /ObjStm\b(?:(?!endobj).)*?stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
LAST_TABLE = re.compile(rb"\d+ 0 obj\s*<<(?:(?!endobj).)*?/Type\s*/XRef", re.DOTALL)
SIGNATURE = re.compile(rb"/Contents <([0-9A-Fa-f]+)>")


def find_regions(pdf):
    """Return the parts of a letter's file by what they hold, each a list of ranges of bytes."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        streams = {
            "pages": [page.obj.Contents for page in opened.pages],
            "metadata": [opened.Root.Metadata],
            **{name: [opened.attachments[name].obj.EF.F] for name in opened.attachments},
        }
        found = {name: [_place(pdf, one.read_raw_bytes()) for one in held] for name, held in streams.items()}
    found["tags"] = [range(*match.span(1)) for match in PACKED.finditer(pdf)]
    *_, table = LAST_TABLE.finditer(pdf)
    found["cross-references"] = [range(table.start(), len(pdf))]
    if match := SIGNATURE.search(pdf):
        found["signature"] = [range(*match.span(1))]
    return found | {"anywhere": [range(len(pdf))]}


def _place(pdf, held):
    start = pdf.index(held)
    return range(start, start + len(held))


def spoil(pdf, place, bit):
    """Return a file in which one bit of one byte is another."""
    return pdf[:place] + bytes([pdf[place] ^ 1 << bit]) + pdf[place + 1 :]


def choose_places(regions, count, seed):
    """Yield so many places of each region, each with its name and a bit: the same ones for the same seed."""
    chance = random.Random(seed)
    for name, ranges in regions.items():
        for _ in range(count):
            yield name, chance.choice(chance.choice(ranges)), chance.randrange(8)


def seems_as_issued(pdf, questionnaire):
    """Tell whether everything that is looked at is said to be as it was."""
    try:
        return all(check.passed for check in proof.verify(pdf, questionnaire))
    except proof.ProofError:
        return False


def change(pdf, work):
    """Return a PDF after `work` had it open."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        work(opened)
        out = io.BytesIO()
        opened.save(out)
    return out.getvalue()


def change_file(pdf, name, work):
    """Return a PDF in which one of its files is what `work` makes of it."""

    def put(opened):
        content = work(opened.attachments[name].get_file().read_bytes())
        opened.attachments[name].obj.EF.F.write(content)

    return change(pdf, put)


def seal(pdf, **said_too):
    """Return a PDF whose manifest fits what is in it now, and says `said_too`: as somebody writes it who knows how."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        pages = hash_pages(opened)
        files = {name: opened.attachments[name].get_file().read_bytes() for name in (BUNDLE, CASE_FILE)}

    def write(content):
        said = json.loads(content)
        sums = {name: document.hash_bytes(data) for name, data in files.items()}
        said |= {"pages": list(pages), "files": sums, **said_too}
        return (json.dumps(said | {"sum": document.sum_manifest(said)}, indent=1) + "\n").encode()

    return change_file(pdf, MANIFEST, write)


def sign_as(certificate, pdf):
    """Return a letter signed with a certificate made here."""
    return signing.sign(pdf, certificate, PASSPHRASE, signed_at=AT)
