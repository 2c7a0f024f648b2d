"""What every test may lean on: the real questionnaire, a real store in a temporary folder, a fixed clock."""

import os
from datetime import UTC, datetime

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from intake_app import paths, questions

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


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
