"""What every test may lean on: the real questionnaire, a real store in a temporary folder, a fixed clock.

And a gate: every letter that any test makes or leaves behind is PDF/UA-1 and PDF/A-3a, or the test fails.
"""

import gc
import os
from datetime import UTC, datetime
from functools import wraps

import page
import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from intake_app import paths, questions
from intake_app.letter import pdf

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
CLAIM = b"<pdfaid:part>3</pdfaid:part>"  # in the metadata, which is never packed
SPOILT = ("other.pdf", "broken.pdf")  # how tests call what they have made of a letter
PROFILES = (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_3A)


def faults(made: bytes) -> list[str]:
    """Return what keeps a PDF from being PDF/UA-1 and PDF/A-3a."""
    reports = {profile: page.validate_pdf_bytes(made, profile=profile) for profile in PROFILES}
    found = [f"{fault.rule_id}: {fault.message}" for report in reports.values() for fault in report.failures]
    return found or [f"not {profile}" for profile, report in reports.items() if not report.is_compliant]


@pytest.fixture(autouse=True)
def collecting():
    """Let Python collect by itself again after a test that left a window, and so its worker, unclosed."""
    yield
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def letters_keep_both_standards(tmp_path_factory):
    """Check every letter as it is made, whoever asks for it; only the benchmarks are spared.

    Those that another process has made, or that were signed, are found at the end where the tests have left them.
    """
    render = pdf.render
    checked = set()

    @wraps(render)
    def render_checked(*args, **options):
        made = render(*args, **options)
        if "benchmarks/" not in os.environ.get("PYTEST_CURRENT_TEST", ""):
            found = faults(made)
            assert not found, found
            checked.add(made)
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf, "render", render_checked)
        yield
    left = {
        path: path.read_bytes() for path in tmp_path_factory.getbasetemp().rglob("*.pdf") if path.name not in SPOILT
    }
    claiming = {content: path for path, content in left.items() if CLAIM in content and content not in checked}
    found = {path: said for content, path in claiming.items() if (said := faults(content))}
    assert not found, found


@pytest.fixture(scope="session")
def questionnaire():
    return questions.load(paths.resources())


@pytest.fixture
def now():
    return lambda: NOW


@pytest.fixture
def store(tmp_path):
    from db import open_store

    store = open_store(tmp_path / "clinic" / "clinic.db")
    yield store
    store.close()
